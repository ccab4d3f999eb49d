"""From a file to a credential: JSON or a PNG with one inside, read strictly and within limits.

Not here: whether it is a good credential (verify), SVG and VC-JWT (named when met, not read).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NoReturn

from cairn.kernel.errors import Invalid
from cairn.pure.badges.baking import is_png, unbake
from cairn.pure.badges.errors import CannotTell

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 32
MAX_VALUES = 5000
_TOKEN = re.compile(r"\s*[\w-]+\.[\w-]+\.[\w-]+\s*")
_REMEDY = "Upload the file as it was issued."


def read(file: bytes) -> str:
    """The text of the credential in a file's bytes: JSON itself, or a PNG that it was baked into. Invalid otherwise."""
    if is_png(file):
        return unbake(file)
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("not-a-badge", "The file is neither JSON nor a PNG picture.", "Upload a badge as a JSON or PNG file.") from error


def load(document: object) -> dict[str, object]:
    """A credential's JSON object from bytes, text or an object; Invalid when it is not one that every reader reads alike."""
    text = _text(document)
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise Invalid("too-big", f"The credential is larger than {MAX_BYTES // 1024 // 1024} MB.", _REMEDY)
    if _TOKEN.fullmatch(text):
        raise CannotTell("token", "The credential is a signed token (VC-JWT), which Cairn does not read.", "Use a verifier that does.")
    if text.lstrip().startswith("<"):
        raise CannotTell("svg", "The file is an SVG picture or a page, which Cairn does not read.", "Upload the badge as PNG or JSON.")
    try:
        loaded = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Invalid("not-json", "The text is not JSON.", _REMEDY) from error
    if not isinstance(loaded, dict):
        raise Invalid("not-json", "The text is JSON, but not a JSON object.", _REMEDY)
    _measure(loaded)
    return loaded


def _text(document: object) -> str:
    if isinstance(document, bytes):
        return read(document)
    if isinstance(document, str):
        return document
    try:
        return json.dumps(dict(document) if isinstance(document, Mapping) else document, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid("not-json", "The document is not JSON.", _REMEDY) from error


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Invalid(
            "duplicate-key", "The JSON names a field twice: readers disagree about what it says.", "Ask the issuer for a clean file."
        )
    return found


def _no_constant(name: str) -> NoReturn:
    raise Invalid("not-json", f"The JSON holds {name}, which JSON does not have.", "Ask the issuer for a clean file.")


def _measure(document: dict[str, object]) -> None:
    """Refuse what is nested too deep, holds too many values, or text that is not Unicode (half surrogate pairs)."""
    level: list[object] = [document]
    count = 0
    for _depth in range(MAX_DEPTH):
        count += len(level)
        if count > MAX_VALUES:
            break
        inner: list[object] = []
        for value in level:
            if isinstance(value, dict):
                inner += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                inner += value
            elif isinstance(value, str) and not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
                raise Invalid("not-unicode", "The text is not Unicode.", _REMEDY)
        if not inner:
            return
        level = inner
    raise Invalid("too-complex", "The credential holds more parts, or deeper ones, than a badge has.", _REMEDY)
