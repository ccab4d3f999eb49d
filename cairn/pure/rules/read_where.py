"""Filters, spans and values out of YAML, against the words that a jurisdiction and a rule set know.

Not here: which entries match (case), requirements (read_nodes).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from cairn.pure.rules.model import FIELDS, KINDS
from cairn.pure.rules.reading import NUMBER, Fields
from cairn.pure.rules.spec import UNITS, Choice, Condition, Jurisdiction, Span, Where
from cairn.pure.rules.words import listed, written

MAX_YEARS = 100
SPAN = re.compile(r"([0-9]{1,3}) (year|month|week|day)s?")


@dataclass(frozen=True)
class Vocabulary:
    """The jurisdiction's words, and the scales of the rule set: values from the lowest to the highest."""

    jurisdiction: Jurisdiction
    scales: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def units(self) -> tuple[str, ...]:
        return (*UNITS, *self.jurisdiction.units)

    def scale_of(self, name: str, value: str) -> tuple[str, ...]:
        """The scale that a field is on: the one of its name, or the only one that has the value."""
        holding = [scale for scale in self.scales.values() if value in scale]
        return self.scales.get(name, ()) or (holding[0] if len(holding) == 1 else ())


def read_span(fields: Fields, name: str) -> Span:
    """A time such as “3 years”, or a number where the field's own name is years, months or days."""
    value = fields.text(name)
    match = SPAN.fullmatch(f"{value} {name}" if name in ("years", "months", "days") else value)
    if not match or not int(match[1]) or (match[2] == "year" and int(match[1]) > MAX_YEARS):
        allowed = f"It must be a time above nothing, {MAX_YEARS} years at most, such as “3 years” or “90 days”."
        fields.problem(name, f"“{name}” is “{value}”.", allowed)
        return Span(days=1)
    count, unit = int(match[1]), match[2]
    return {"year": Span(years=count), "month": Span(months=count), "week": Span(days=7 * count)}.get(unit, Span(days=count))


def read_kinds(fields: Fields, name: str = "of") -> tuple[str, ...]:
    kinds = fields.names(name)
    for kind in kinds:
        if kind not in KINDS:
            fields.not_among(name, f"“{kind}” is no kind of entry.", kind, KINDS)
    return kinds


def read_unit(fields: Fields, name: str, words: Vocabulary) -> str:
    unit = fields.text(name)
    if unit not in words.units:
        fields.not_among(name, f"“{unit}” is no unit of {words.jurisdiction.name}.", unit, words.units)
    return unit


def read_where(fields: Fields, words: Vocabulary, name: str = "where", also: tuple[str, ...] = ()) -> Where:
    """The conditions of a filter; `also` names what may be asked for beside the fields of an entry."""
    below = fields.fields(name)
    if below is not None and not list(below):
        fields.problem(name, f"“{name}” holds nothing.", "Name a field with its value or values, or leave it out.")
    conditions = []
    for key in below or ():
        assert below is not None
        if key not in FIELDS and key not in also:
            below.asked[key] = None
            below.not_among(key, f"“{key}” is no field of an entry.", key, FIELDS)
            if below.is_mapping(key) and (inner := below.fields(key)):
                inner.ignore()
        else:
            conditions.append(read_value(below, key, words))
    return tuple(conditions)


def read_value(fields: Fields, name: str, words: Vocabulary) -> Condition:
    """A value, a list of which any will do, `at_least` on a scale or as a number, `not`, or `choose` by attributes."""
    if not fields.is_mapping(name):
        values = fields.names(name)
        return Condition(name, frozenset(values), reason=_reason(name, values))
    below = fields.fields(name, required=True)
    if below is None:
        return Condition(name)
    if below.has("not"):
        values = below.names("not")
        return Condition(name, frozenset(values), negated=True, reason=f"{_subject(name, '')}{_quoted(values)}, which does not count here")
    if below.has("at_least"):
        return _at_least(below, name, words)
    return Condition(name, choices=_choices(below, name))


def _at_least(below: Fields, name: str, words: Vocabulary) -> Condition:
    value = below.text("at_least")
    scale = words.scale_of(name, value)
    if value in scale:
        return Condition(name, frozenset(scale[scale.index(value) :]), reason=f"its {_label(name)} is below {value}")
    if not NUMBER.fullmatch(value):
        known = [word for values in words.scales.values() for word in values]
        below.not_among("at_least", f"“{value}” is on no one scale of this rule set, and no number.", value, known)
        return Condition(name)
    return Condition(name, least=Decimal(value), reason=f"its {_label(name)} is below {value}")


def _choices(below: Fields, name: str) -> tuple[Choice, ...]:
    choices = []
    for one in below.list_of_fields("choose", required=True):
        values = one.names("is")
        choices.append(Choice(read_when(one) if one.has("when") else (), frozenset(values), _reason(name, values)))
    if choices and choices[-1].when:
        below.problem("choose", "Every choice has a “when”.", "The last must stand without one, for everybody else.")
    if not all(choice.when for choice in choices[:-1]):
        below.problem("choose", "A choice without “when” stands before others.", "Only the last may stand without one, for everybody else.")
    return tuple(choices)


def read_when(fields: Fields, name: str = "when") -> tuple[tuple[str, tuple[str, ...]], ...]:
    below = fields.fields(name, required=True)
    if below is not None and not list(below):
        fields.problem(name, f"“{name}” holds nothing.", "Name an attribute with its value or values.")
    return tuple((key, below.names(key)) for key in below) if below else ()


def _reason(name: str, values: tuple[str, ...]) -> str:
    return f"not approved by {listed(values, 'or')}" if name == "approved_by" else f"{_subject(name, 'not ')}{_quoted(values)}"


def _subject(name: str, not_: str) -> str:
    """How a reason begins: "its category is not ", "it was not elected as "."""
    begins = {"name": f"it is {not_}", "key": f"it is {not_}", "elected": f"it was {not_}elected as "}
    return begins.get(name, f"its {_label(name)} is {not_}")


def _quoted(values: tuple[str, ...]) -> str:
    return listed((f"“{written(value)}”" for value in values), "or")


def _label(name: str) -> str:
    return name.replace("_", " ")
