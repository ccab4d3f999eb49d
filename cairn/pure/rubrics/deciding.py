"""From independent score sheets to a decision, or to an adjudicator. Not here: the rules it chooses from (policies)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cairn.kernel.errors import Invalid
from cairn.pure.rubrics.policies import POLICIES, TRIGGERS, Levels, Policy, total
from cairn.pure.rubrics.values import Scale, Sheet

EARNED = "earned"
NOT_YET = "not yet"

Trace = dict[str, object]


@dataclass(frozen=True)
class Decided:
    """`levels` holds the final level of each detail, carried ones included; `reopened` is empty when earned.

    `counted` names the sheets that made the decision; `trace` is JSON-able and says which sheets counted and why.
    """

    outcome: str
    levels: Levels
    reopened: tuple[str, ...]
    counted: tuple[str, ...]
    trace: Trace

    @property
    def carried(self) -> dict[str, str]:
        """What a next attempt carries forward, locked: the levels of every detail that does not reopen."""
        return {detail: level for detail, level in self.levels.items() if detail not in self.reopened}


@dataclass(frozen=True)
class Split:
    """The two sheets need an adjudicator; `reasons` are names in TRIGGERS, `details` those on which the sheets differ."""

    reasons: tuple[str, ...]
    details: tuple[str, ...]
    trace: Trace


def decide(
    sheets: Sequence[Sheet],
    *,
    details: Sequence[str],
    scale: Scale,
    policy: Policy,
    carried: Levels | None = None,
    adjudicated: Sheet | None = None,
) -> Decided | Split:
    """Decide an attempt from one or two independent sheets, or from the adjudicator's alone when there is one.

    `details` are open in this attempt, `carried` are levels locked by earlier ones; both count for the outcome. Where two sheets
    count, each detail takes the lower of the two levels and the outcome is earned only if both pass. The order
    of the sheets never matters. Raises Invalid when a counted sheet does not mark exactly the open details on this scale.
    """
    if adjudicated is None and not 1 <= len(sheets) <= 2:
        raise Invalid("sheets", f"A decision needs one or two score sheets, not {len(sheets)}.", "Wait until the assessors have finished.")
    if len({sheet.id for sheet in sheets}) != len(sheets):
        raise Invalid("sheets", "The same score sheet cannot count twice.", "Wait for the other assessor's sheet.")
    counted = [adjudicated] if adjudicated else sorted(sheets, key=lambda sheet: sheet.id)
    read = [_levels(sheet, details, scale, carried or {}) for sheet in counted]
    rule = POLICIES[policy.name]
    passing = [rule.is_passing(levels, scale, policy) for levels in read]
    trace = _trace(sheets, counted, read, passing, scale, policy, carried or {}, adjudicated is not None)
    if len(read) == 2:
        reasons = tuple(name for name in policy.adjudicate if TRIGGERS[name](read[0], read[1], scale, (passing[0], passing[1])))
        if reasons:
            differing = tuple(detail for detail in details if read[0][detail] != read[1][detail])
            return Split(reasons, differing, trace | {"result": "adjudicate", "reasons": list(reasons)})
    lowest = {detail: min((levels[detail] for levels in read), key=scale.points) for detail in read[0]}
    outcome = EARNED if all(passing) else NOT_YET
    reopened = () if outcome == EARNED else rule.reopens(lowest, scale)
    trace |= {"result": outcome, "levels": lowest, "reopened": list(reopened)}
    return Decided(outcome, lowest, reopened, tuple(sheet.id for sheet in counted), trace)


def _levels(sheet: Sheet, details: Sequence[str], scale: Scale, carried: Levels) -> dict[str, str]:
    """The level of each detail, carried ones first, as this sheet sees the attempt."""
    marked = {mark.detail: mark.level for mark in sheet.marks}
    if set(marked) != set(details) or len(sheet.marks) != len(details) or set(carried) & set(details):
        raise Invalid("sheet-incomplete", "This score sheet does not mark exactly the open details.", "Mark each open detail once.")
    levels = {**carried, **{detail: marked[detail] for detail in details}}
    if not levels:
        raise Invalid("sheet-incomplete", "There is nothing to decide: no detail is open.", "Open at least one detail.")
    for level in levels.values():
        scale.points(level)
    return levels


def _trace(
    sheets: Sequence[Sheet],
    counted: Sequence[Sheet],
    read: Sequence[Levels],
    passing: Sequence[bool],
    scale: Scale,
    policy: Policy,
    carried: Mapping[str, str],
    is_adjudicated: bool,
) -> Trace:
    if is_adjudicated:
        why = "An adjudicator's sheet replaces the others."
    elif len(counted) == 2:
        why = "Both independent sheets count; each detail takes the lower level."
    else:
        why = "One sheet is enough under this scoring plan."
    rows: list[Trace] = [
        {"sheet": sheet.id, "counted": True, "passing": is_passing, "points": total(levels, scale), "levels": dict(levels)}
        for sheet, levels, is_passing in zip(counted, read, passing, strict=True)
    ]
    if is_adjudicated:
        rows += [{"sheet": sheet.id, "counted": False} for sheet in sorted(sheets, key=lambda sheet: sheet.id)]
    return {
        "policy": {"name": policy.name, "adjudicate": list(policy.adjudicate), "cut": policy.cut},
        "rule": POLICIES[policy.name].in_words,
        "scale": {"levels": list(scale.levels), "bar": scale.bar},
        "carried": dict(carried),
        "sheets": rows,
        "why": why,
    }
