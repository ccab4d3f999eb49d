"""A version's content as JSON, as canonical bytes and as a hash. Not here: YAML, which people write; this is what machines keep.

`from_json` is the exact inverse of `to_json`, so a version stored in a database can be read back into values. A field that has a default
is left out where it holds that, so what was stored before there was such a field can be read, and keeps its hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import rfc8785

from cairn.kernel.errors import Invalid
from cairn.pure.packs.model import DetailLevel, Level, Rubric, TypeRule, VersionContent
from cairn.pure.packs.words import FileType

FORMAT = 1


def to_json(content: VersionContent) -> dict[str, Any]:
    """Plain dicts, lists, strings, numbers, booleans and None, under a format number."""
    encoded: dict[str, Any] = _encode(content)
    return {"format": FORMAT, **encoded}


def from_json(data: Mapping[str, Any]) -> VersionContent:
    """The content that `to_json` gave. Raises Invalid if `data` is anything else."""
    try:
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']!r}")
        levels = {level.key: level for level in _decode(Rubric, data["rubric"], {}).levels}
        content: VersionContent = _decode(VersionContent, {k: v for k, v in data.items() if k != "format"}, levels)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(
            "version-unreadable", f"The stored content of this version cannot be read ({error}).", "Import its pack again."
        ) from error
    return content


def canonical(content: VersionContent) -> bytes:
    """Canonical JSON of the whole content (RFC 8785)."""
    return rfc8785.dumps(to_json(content))


def content_hash(content: VersionContent) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _encode(value: Any) -> Any:
    if isinstance(value, DetailLevel):
        return {"level": value.level.key, "text": value.text}
    if isinstance(value, TypeRule):
        return {"all_of" if value.needs_all else "any_of": [_encode(item) for item in value.items]}
    if is_dataclass(value):
        return {field.name: _encode(told) for field in fields(value) if (told := getattr(value, field.name)) != field.default}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value


def _decode(kind: Any, value: Any, levels: Mapping[str, Level]) -> Any:
    if kind is DetailLevel:
        return DetailLevel(levels[value["level"]], value["text"])
    if kind is TypeRule:
        return _type_rule(value)
    if is_dataclass(kind):
        return _dataclass(kind, value, levels)
    if get_origin(kind) is tuple:
        return tuple(_decode(get_args(kind)[0], item, levels) for item in value)
    if get_origin(kind) is UnionType:
        return None if value is None else _decode(get_args(kind)[0], value, levels)
    if kind is float or issubclass(kind, StrEnum):
        return kind(value)
    if type(value) is not kind:
        raise ValueError(f"{value!r} instead of {kind.__name__}")
    return value


def _dataclass(kind: Any, value: Mapping[str, Any], levels: Mapping[str, Level]) -> Any:
    hints = _hints(kind)
    asked = {field.name for field in fields(kind) if field.default is MISSING}
    if not asked <= value.keys() <= hints.keys():
        raise ValueError(f"{kind.__name__} with fields {sorted(value)}")
    return kind(**{name: _decode(hint, value[name], levels) for name, hint in hints.items() if name in value})


def _type_rule(value: Mapping[str, Any]) -> TypeRule:
    ((word, items),) = value.items()
    if word not in ("all_of", "any_of"):
        raise ValueError(f"type rule {word!r}")
    return TypeRule(word == "all_of", tuple(FileType(item) if isinstance(item, str) else _type_rule(item) for item in items))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
