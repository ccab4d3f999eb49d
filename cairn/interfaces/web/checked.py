"""A verification in words: the answer, and each check as a page shows it. Not here: making the checks (pure.badges, credentials)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cairn.pure.badges import Check, Verification
from cairn.pure.clocks import long_date, long_moment

_STATES = {"passed": "met", "failed": "stopped", "unknown": "officer"}
# What a passed check means to somebody who reads it alone, without what was expected.
_HOLDS = {
    "readable": "Every reader of the signed file reads the same.",
    "structure": "It has all the parts that Open Badges 3.0 asks for.",
    "subject": "It names one person.",
    "issuer": "The key is one that this site publishes for its issuers.",
    "signature": "Not a letter of it has changed.",
    "status": "The issuer's status list, read just now, does not hold it.",
    "period": "Today lies within it.",
}
# What a failed check comes to, where what was found is many words for experts.
_FAILS = {"structure": "It is not built as an Open Badge. What is missing stands below."}
MOST = 200  # characters of a text that a stranger's file brings along


@dataclass(frozen=True)
class ShownCheck:
    """`state` is a state of the template tag; `words` stand alone, `expected` and `got` side by side."""

    state: str
    name: str
    words: str
    expected: str
    got: str


@dataclass(frozen=True)
class Answer:
    """`verdict` is valid, revoked, invalid or unknown; `look` how parts/verdict.html draws it."""

    verdict: str
    look: str
    title: str
    words: str
    checks: tuple[ShownCheck, ...]


@dataclass(frozen=True)
class Claims:
    """What a file says of itself, none of it proven by this site."""

    title: str
    issuer: str
    issuer_id: str


def answer(told: Verification, revoked_on: date | None, now: datetime, zone: ZoneInfo) -> Answer:
    checks = tuple(_shown(check) for check in told.checks)
    passed = sum(check.result == "passed" for check in told.checks)
    counted = f"{passed} of {len(checks)} checks passed on {long_moment(now, zone)}."
    failed = next((_FAILS.get(check.key, check.got) for check in told.checks if check.result == "failed"), "")
    title, words = {
        "valid": ("Valid", counted),
        "revoked": (f"Revoked on {long_date(revoked_on)}" if revoked_on else "Revoked", "It was real once. The issuer has taken it back."),
        "invalid": ("Do not rely on it", failed),
        "unknown": ("We cannot tell", f"{counted} This is not a no."),
    }[told.verdict]
    look = "revoked" if told.verdict == "invalid" else told.verdict
    return Answer(told.verdict, look, title, words, checks)


def _shown(check: Check) -> ShownCheck:
    words = _HOLDS.get(check.key, check.got) if check.result == "passed" else check.got
    expected = f"{check.expected[:1].upper()}{check.expected[1:]}"
    return ShownCheck(_STATES[check.result], check.title, words, expected, check.got)


def claims(told: Verification) -> Claims:
    """Tolerant of any shape: the file is a stranger's."""
    credential = told.credential or {}
    achievement = _part(_part(credential, "credentialSubject"), "achievement")
    issuer = credential.get("issuer")
    issuer_id = issuer if isinstance(issuer, str) else _text(_part(credential, "issuer"), "id")
    return Claims(_text(achievement, "name") or _text(credential, "name"), _text(_part(credential, "issuer"), "name"), issuer_id[:MOST])


def _part(whole: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = whole.get(name)
    return part if isinstance(part, Mapping) else {}


def _text(whole: Mapping[str, object], name: str) -> str:
    text = whole.get(name)
    return text[:MOST] if isinstance(text, str) else ""
