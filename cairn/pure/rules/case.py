"""One record, indexed for one evaluation: which entries stand on the day, which do not and why; windows, attributes, filters.

Not here: requirements (evaluate), amounts (tallies).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from cairn.pure.rules.calendar import Window, window
from cairn.pure.rules.model import ENGINE, Attribute, Entry, Record
from cairn.pure.rules.spec import Condition, Jurisdiction, Where, Within
from cairn.pure.rules.words import said_day

LeftOut = list[tuple[str, str]]
NUMBER = r"-?[0-9]{1,9}(\.[0-9]{1,6})?"  # in a field
_NOTHING: tuple[list[Entry], LeftOut] = ([], [])


class Case:
    """What one evaluation knows. `allotted` names, by requirement, the entries that it may count where none may count twice."""

    __slots__ = ("_kinds", "_windows", "allotted", "attributes", "engine", "jurisdiction", "on", "record")

    def __init__(self, jurisdiction: Jurisdiction, record: Record, on: date, engine: int = ENGINE) -> None:
        self.jurisdiction, self.record, self.on, self.engine = jurisdiction, record, on, engine
        self.allotted: dict[str, frozenset[str]] = {}
        self._windows: dict[Within, Window] = {}
        self.attributes: dict[str, list[Attribute]] = {}
        for attribute in record.attributes:
            if (attribute.since is None or attribute.since <= on) and (attribute.until is None or on <= attribute.until):
                self.attributes.setdefault(attribute.name, []).append(attribute)
        self._kinds: dict[str, tuple[list[Entry], LeftOut]] = {}
        for entry in record.entries:
            standing, left = self._kinds.get(entry.kind) or self._kinds.setdefault(entry.kind, ([], []))
            reason = why_not(entry, on)
            if reason:
                left.append((entry.id, reason))
            else:
                standing.append(entry)
        for standing, left in self._kinds.values():
            standing.sort(key=_by_day)
            left.sort()

    def of(self, kinds: tuple[str, ...]) -> tuple[list[Entry], LeftOut]:
        """The entries of these kinds that stand, by day and id, and those that do not, with the reason; the second is the caller's own."""
        if len(kinds) == 1:
            standing, left = self._kinds.get(kinds[0], _NOTHING)
            return standing, list(left)
        found = [self._kinds.get(kind, _NOTHING) for kind in kinds]
        together = sorted((entry for standing, _ in found for entry in standing), key=_by_day)
        return together, [reason for _, left in found for reason in left]

    def window(self, within: Within) -> Window:
        if within not in self._windows:
            self._windows[within] = window(within, self.record, self.on, self.jurisdiction)
        return self._windows[within]

    def has(self, when: Iterable[tuple[str, tuple[str, ...]]]) -> bool:
        """Whether every attribute has, on the day, one of its values."""
        return all(any(known.value in values for known in self.attributes.get(name, ())) for name, values in when)

    def filter(self, where: Where) -> Callable[[Entry], str]:
        """A test that gives the reason why an entry does not match, or nothing; values chosen by attributes are looked up now."""
        conditions = [self._chosen(condition) if condition.choices else condition for condition in where]

        def unmatched(entry: Entry) -> str:
            fields = entry.fields
            for condition in conditions:
                if not holds(condition, fields.get(condition.field)):
                    return condition.reason
            return ""

        return unmatched

    def _chosen(self, condition: Condition) -> Condition:
        for choice in condition.choices:
            if self.has(choice.when):
                return Condition(condition.field, choice.values, reason=choice.said)
        return Condition(condition.field, reason=f"who decides about “{condition.field}” is not known")


def _by_day(entry: Entry) -> tuple[date, str]:
    return entry.on, entry.id


def holds(condition: Condition, value: str | tuple[str, ...] | None) -> bool:
    """Whether a field's value, or any of its values, is what the condition asks for."""
    if value is None:
        return condition.negated
    if condition.least is not None:
        return any(_at_least(text, condition.least) for text in ([value] if isinstance(value, str) else value))
    hit = value in condition.values if isinstance(value, str) else not condition.values.isdisjoint(value)
    return hit is not condition.negated


def _at_least(text: str, least: Decimal) -> bool:
    number = decimal_of(text)
    return number is not None and number >= least


def decimal_of(text: object) -> Decimal | None:
    """The number that a field holds, up to nine digits and six behind the point; columns read the same."""
    return Decimal(str(text)) if re.fullmatch(NUMBER, str(text)) else None


def why_not(entry: Entry, on: date) -> str:
    """Why an entry does not stand on the day, whatever is asked of it; nothing where it does."""
    if entry.on > on:
        return f"dated {said_day(entry.on)}, after the day of this evaluation"
    if not entry.verified:
        return "nobody has confirmed it yet"
    if entry.withdrawn and entry.withdrawn <= on:
        return f"withdrawn on {said_day(entry.withdrawn)}"
    if entry.revoked and entry.revoked <= on:
        return f"revoked on {said_day(entry.revoked)}"
    for start, end in entry.suspended:
        if start <= on and (end is None or on < end):
            return f"suspended since {said_day(start)}"
    if entry.until and entry.until < on:
        return f"expired after {said_day(entry.until)}"
    return ""
