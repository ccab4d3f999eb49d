"""A standing and a record as JSON, and back: canonical, so that equal standings are equal texts. Not here: what they mean (model)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from cairn.pure.rules.model import Record, Standing

T = TypeVar("T")


def to_json(value: Standing | Record) -> str:
    """Keys in order, no spaces; dates as 2024-06-30, amounts as text without needless zeros."""
    return json.dumps(_out(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> Standing:
    """The standing that `to_json` wrote. ValueError, KeyError or TypeError where it is none."""
    return _read(Standing, json.loads(text))


def record_from_json(text: str) -> Record:
    return _read(Record, json.loads(text))


def _out(value: object) -> Any:
    if is_dataclass(value):
        return {field.name: _out(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_out(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _out(one) for key, one in value.items()}
    return value


def _read(kind: type[T], value: Any) -> T:
    hints = get_type_hints(kind)
    return kind(**{name: _in(hints[name], one) for name, one in value.items()})


def _in(kind: Any, value: Any) -> Any:
    """The value that a type's JSON stands for."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        fitting = [one for one in inner if one is not type(None)]
        if value is None or len(fitting) > 1:
            return tuple(value) if isinstance(value, list) else value
        return _in(fitting[0], value)
    if origin is tuple:
        kinds = inner[:1] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_in(one, part) for one, part in zip(kinds, value, strict=True))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _in(inner[1], one) for key, one in value.items()}
    if is_dataclass(kind):
        assert isinstance(kind, type)
        return _read(kind, value)
    if kind is Decimal:
        return Decimal(value)
    return date.fromisoformat(value) if kind is date else value
