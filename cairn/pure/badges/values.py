"""Lexical forms that credentials are made of: moments, IRIs, text. Not here: where each of them belongs (structure)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from cairn.kernel.errors import Invalid

# RFC 3987 without the relative forms: a scheme, then no white space, control or delimiter characters.
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f<>\"{}|\\^`\ud800-\udfff]+")
# xsd:dateTimeStamp: a time zone is required (VC Data Model 2.0, section 4.9).
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def is_iri(value: object) -> bool:
    """Whether `value` is an absolute IRI."""
    return isinstance(value, str) and IRI.fullmatch(value) is not None


def is_printable(text: str) -> bool:
    """Whether `text` is free of control characters (tab and line breaks are fine) and of half surrogate pairs."""
    return _CONTROL.search(text) is None


def stamp(moment: datetime) -> str:
    """`moment` as credentials write it: UTC, whole seconds, "2026-11-21T08:00:00Z". It must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def moment(value: object) -> datetime:
    """The moment that an xsd:dateTimeStamp names; Invalid when `value` is none."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise Invalid("bad-date", f"{value!r:.60} is not a date and time with its time zone.", "Write it like 2026-11-21T08:00:00Z.")


def parts(value: object) -> list[object]:
    """A value that JSON-LD lets stand alone or in a list, as a list; an absent one as an empty list."""
    return [] if value is None else value if isinstance(value, list) else [value]
