"""How many were still at it after so many days, when some have left and some are not done yet. Not here: why anybody left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cairn.pure.surveys.suppression import FLOOR

WEEK = 7


@dataclass(frozen=True)
class Step:
    """From `day` on, `finished` people of n had finished, and `part` is the estimated share, from 0 to 1. `at_risk`: who could still finish
    on that day; 0 where that is kept back."""

    day: int
    finished: int
    at_risk: int
    part: float


def completion_curve(finished: Sequence[int], at_work: Sequence[int], left: int = 0) -> tuple[Step, ...]:
    """The share that has finished by each day since they began: 1 - Kaplan and Meier's estimate, a step at each day on which somebody
    finished.

    `finished` has the days that it took; `at_work` the days so far of those who still may (they leave the count when those days are over);
    `left` is how many went away: they never finish, so they stay in the count for ever (a competing end, not an unknown one; Kaplan, E. L.,
    & Meier, P. (1958), Journal of the American Statistical Association 53, 457-481). Without people still at work it is the plain share.
    """
    part_open, steps, done = 1.0, [], 0
    for day in sorted(set(finished)):
        at_risk = sum(d >= day for d in finished) + sum(d >= day for d in at_work) + left
        now = sum(d == day for d in finished)
        part_open *= 1 - now / at_risk
        done += now
        steps.append(Step(day, done, at_risk, 1 - part_open))
    return tuple(steps)


def shown_curve(steps: Sequence[Step], floor: int = FLOOR) -> tuple[Step, ...]:
    """The curve as it may be published: in steps of `floor` people or more, the last with all who are left over, each on the last day of
    its week, its share to a hundredth. Nothing where fewer than `floor` have finished."""
    kept: list[Step] = []
    for step in steps:
        if step.finished - (kept[-1].finished if kept else 0) >= floor:
            kept.append(step)
    if kept:
        kept[-1] = steps[-1]
    by_week = {-(-step.day // WEEK) * WEEK: step for step in kept}
    return tuple(Step(day, step.finished, 0, round(step.part, 2)) for day, step in by_week.items())
