"""A program in figures: exact ones for those who run it, published ones for anybody, in which no small group can be made out.

Two kinds of sources are read as one: enrollments here, and lists of what was run before. A list that says when people began counts each of
its lines as a person who began; on one that tells a route and no beginning, nobody knows who of the others it is about. So the number who
earned at least one is a span wherever such lists are several. Not here: plots and tables (interfaces), statistics (pure.surveys).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import quantiles
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps

from cairn.apps.programs import queries as programs
from cairn.apps.programs.queries import Program, ScaleResult
from cairn.frame.actor import Actor, system
from cairn.kernel import clock
from cairn.pure.surveys import FLOOR, Share, Step, completion_curve, is_small, shown_curve, shown_share, suppressed

ROUTES = ("packaged", "self-created", "external")
_SCHOOL_YEAR = 7  # July, in which one begins


@dataclass(frozen=True)
class Days:
    """How long it took those who finished, in days: the middle one and the middle half."""

    n: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Line:
    """Of the people of a year or a group: how many finished. None: kept back."""

    label: str
    n: int | None
    finished: Share | None


@dataclass(frozen=True)
class Numbers:
    """None is "kept back" in published figures, and "nothing known" in exact ones.

    Three shares count micro-credentials: `first` those passed at the first attempt, of those submitted; `second` those passed at the
    second, of those resubmitted; `by_second` those passed by then, of those submitted.
    """

    program: Program
    initiated: int | None
    earned: tuple[int, int] | None
    routes: tuple[tuple[str, int | None], ...]
    finished: Share | None
    relicensed: int | None
    relicensed_unknown: int | None
    first: Share | None
    second: Share | None
    by_second: Share | None
    days: Days | None
    curve: tuple[Step, ...]
    reasons: tuple[tuple[str, int | None], ...]
    years: tuple[Line, ...]
    groups: tuple[Line, ...]
    scales: tuple[ScaleResult, ...]


def numbers(viewer: Actor, slug: str) -> Numbers:
    """Exact figures; NotFound to whoever does not run the program."""
    return _Counted(viewer, programs.program(viewer, slug)).numbers()


def published(viewer: Actor, slug: str) -> Numbers:
    """The same for anybody: counted by the system, and whatever fewer than ten people stand behind kept back, with what would tell it."""
    program = programs.program(viewer, slug)
    return _kept_back(_Counted(system("statistics"), program).numbers())


# --- Counting -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Person:
    """Somebody who began, here or on a list."""

    began: date
    earned: int
    group: str
    days: int | None  # it took to finish
    so_far: int | None  # days, while still at work
    relicensed: str


class _Counted:
    def __init__(self, viewer: Actor, program: Program) -> None:
        self.viewer, self.program = viewer, program
        self.records = list(programs.records_in(viewer, program))
        self.runs = list(programs.runs_in(viewer, program))
        self.began = [*self._here(), *self._on_lists()]

    def _here(self) -> Iterable[_Person]:
        """Each person once, however many micro-credentials they are at."""
        of: dict[str, list[Any]] = {}
        for run in self.runs:
            of.setdefault(run.person_id, []).append(run)
        for runs in of.values():
            first = min(runs, key=lambda run: run.started_at)
            start = first.started_at
            ends = sorted(run.ended_at for run in runs if run.state == "completed" and run.ended_at)
            last = ends[self.program.finish_at - 1] if len(ends) >= self.program.finish_at else None
            is_at_work = last is None and any(run.state == "active" for run in runs)
            days = (last - start).days if last else None
            so_far = (clock.now() - start).days if is_at_work else None
            yield _Person(start.astimezone(ZoneInfo(first.zone)).date(), len(ends), "", days, so_far, "")

    def _on_lists(self) -> Iterable[_Person]:
        for row in self.records:
            if row.initiated_on:
                took = (row.finished_on - row.initiated_on).days if row.finished_on and self._is_finished(row.earned) else None
                yield _Person(row.initiated_on, row.earned or 0, row.group, took, None, row.relicensed)

    def _is_finished(self, earned: int | None) -> bool:
        return (earned or 0) >= self.program.finish_at

    def numbers(self) -> Numbers:
        done = [person for person in self.began if self._is_finished(person.earned)]
        first, second, by_second = self._attempts()
        return Numbers(
            self.program, len(self.began), self._earned(), self._routes(), Share(len(done), len(self.began)),
            sum(person.relicensed == "yes" for person in self.began), sum(not person.relicensed for person in done),
            first, second, by_second, _days([person.days for person in done if person.days is not None]), self._curve(), self._reasons(),
            self._lines(lambda person: _school_year(person.began)), self._lines(lambda person: person.group), self._scales(),
        )  # fmt: skip

    def _earned(self) -> tuple[int, int]:
        """At least, and at most: lists that know nothing of one another may name the same people."""
        here = len({run.person_id for run in self.runs if run.state == "completed"})
        began = sum(person.earned > 0 for person in self._on_lists())
        apart = Counter(row.source for row in self.records if row.earned and not row.initiated_on)
        least = max([began, *apart.values()])
        most = max(least, sum(apart.values()))
        all_who_began = sum(row.initiated_on is not None for row in self.records)
        return here + least, here + (max(least, min(most, all_who_began)) if all_who_began else most)

    def _routes(self) -> tuple[tuple[str, int | None], ...]:
        found = {(run.route, run.person_id) for run in self.runs if run.state == "completed"}
        found |= {(row.route, f"{row.source} {row.code}") for row in self.records if row.route and row.earned}
        counts = Counter(route for route, _ in found)
        return tuple((route, counts[route]) for route in ROUTES if counts[route])

    def _attempts(self) -> tuple[Share | None, Share | None, Share | None]:
        outcomes = _outcomes([run.id for run in self.runs])
        decided = {enrollment for enrollment, _, _ in outcomes}
        passed = {n: {e for e, attempt, outcome in outcomes if attempt == n and outcome == "earned"} for n in (1, 2)}
        again = {enrollment for enrollment, attempt, _ in outcomes if attempt == 2}
        known = [row for row in self.records if row.submitted is not None]
        submitted = len(decided) + sum(row.submitted or 0 for row in known)
        first = len(passed[1]) + sum(row.passed_first or 0 for row in known)
        resubmitted = len(again) + sum(row.resubmitted or 0 for row in known)
        second = len(passed[2]) + sum(row.passed_second or 0 for row in known)
        if not submitted:
            return None, None, None
        return Share(first, submitted), Share(second, resubmitted) if resubmitted else None, Share(first + second, submitted)

    def _curve(self) -> tuple[Step, ...]:
        finished = [person.days for person in self.began if person.days is not None]
        at_work = [person.so_far for person in self.began if person.so_far is not None]
        gone = sum(person.days is None and person.so_far is None and not self._is_finished(person.earned) for person in self.began)
        return completion_curve(finished, at_work, gone)

    def _reasons(self) -> tuple[tuple[str, int | None], ...]:
        counts = Counter(dict(programs.reasons_in(self.viewer, self.program)))
        counts.update(row.left_because for row in self.records if row.left_because)
        return tuple(counts.most_common())

    def _lines(self, label: Any) -> tuple[Line, ...]:
        every = Counter(label(person) for person in self.began)
        done = Counter(label(person) for person in self.began if self._is_finished(person.earned))
        return tuple(Line(name, every[name], Share(done[name], every[name])) for name in sorted(every) if name)

    def _scales(self) -> tuple[ScaleResult, ...]:
        surveys = programs.surveys_in(self.viewer, self.program)
        told = (result for survey, _ in surveys for result in programs.results(self.viewer, survey.pk).scales)
        return tuple(result for result in told if result.before or result.after)


def _outcomes(enrollments: Sequence[str]) -> set[tuple[str, int, str]]:
    """Decisions as (enrollment, attempt, outcome), read by the system: counted here, and shown to nobody one by one."""
    decisions = apps.get_model("assessment.Decision")._default_manager.visible_to(system("statistics"))
    return set(decisions.filter(enrollment_id__in=enrollments).values_list("enrollment_id", "attempt", "outcome"))


def _days(took: Sequence[int]) -> Days | None:
    if len(took) < 2:
        return Days(1, took[0], took[0], took[0]) if took else None
    low, middle, high = quantiles(took, n=4, method="inclusive")
    return Days(len(took), low, middle, high)


def _school_year(day: date) -> str:
    first = day.year if day.month >= _SCHOOL_YEAR else day.year - 1
    return f"{first} to {first + 1}"


# --- Keeping back ---------------------------------------------------------------------------------------------------------


def _kept_back(exact: Numbers) -> Numbers:
    routes = _routes_shown(exact)
    first, second, by_second = _attempts_shown(exact)
    finished = shown_share(exact.finished) if exact.finished else None
    has_days = exact.days is not None and exact.days.n >= FLOOR and finished is not None
    return replace(
        exact, initiated=_shown(exact.initiated), earned=_earned_shown(exact, routes), routes=routes, finished=finished,
        relicensed=_relicensed_shown(exact), relicensed_unknown=None, first=first, second=second, by_second=by_second,
        days=exact.days if has_days else None, curve=shown_curve(exact.curve) if has_days else (),
        reasons=_cells(exact.reasons), years=_lines_shown(exact.years, exact.finished),
        groups=_lines_shown(exact.groups, exact.finished), scales=tuple(scale for scale in exact.scales if scale.change),
    )  # fmt: skip


def _shown(count: int | None) -> int | None:
    return None if count is None or is_small(count) else count


def _relicensed_shown(exact: Numbers) -> int | None:
    """Kept back too where it tells how few of those who finished, or of all, were not."""
    wholes = [exact.initiated or 0, exact.finished.count if exact.finished else 0]
    shares = [shown_share(Share(exact.relicensed or 0, whole)) for whole in wholes if whole >= (exact.relicensed or 0)]
    return None if None in shares else exact.relicensed


def _cells(counts: Sequence[tuple[str, int | None]]) -> tuple[tuple[str, int | None], ...]:
    shown = suppressed([count or 0 for _, count in counts]).counts
    return tuple((name, count) for (name, _), count in zip(counts, shown, strict=True))


def _without(exact: Numbers) -> int:
    """How many of those who began earned nothing, where that is told by how many did; else 0."""
    least, most = exact.earned or (0, 0)
    return max(0, (exact.initiated or 0) - least) if least == most else 0


def _unfinished(exact: Numbers) -> int:
    """How many earned something and did not finish, where that is told by how many did each; else 0."""
    least, most = exact.earned or (0, 0)
    return max(0, least - exact.finished.count) if exact.finished and least == most else 0


def _routes_shown(exact: Numbers) -> tuple[tuple[str, int | None], ...]:
    """Kept back too where they tell how few of those who began earned nothing, or nothing on one of them, or too little to finish."""
    counts = [count or 0 for _, count in exact.routes]
    if is_small(_unfinished(exact)):
        return tuple((name, None) for name, _ in exact.routes)
    *shown, _ = suppressed([*counts, _without(exact)]).counts
    few = [is_small((exact.initiated or 0) - count) for count in counts]
    return tuple((name, None if f else count) for (name, _), count, f in zip(exact.routes, shown, few, strict=True))


def _earned_shown(exact: Numbers, routes: Sequence[tuple[str, int | None]]) -> tuple[int, int] | None:
    """The span is made of the routes, so it goes where one of them does."""
    if exact.earned is None or any(count is None for _, count in routes):
        return None
    return None if any(is_small(count) for count in (*exact.earned, _without(exact), _unfinished(exact))) else exact.earned


def _attempts_shown(exact: Numbers) -> tuple[Share | None, Share | None, Share | None]:
    """Each of the three tells the third, so where one is kept back another one is; and the first two tell how few did not try again."""
    first, second, both = (shown_share(share) if share else None for share in (exact.first, exact.second, exact.by_second))
    left = exact.first.n - exact.first.count - exact.second.n if exact.first and exact.second else 0
    if exact.second and (None in (first, second, both) or is_small(left)):
        second = both = None
    return first, second, both


def _lines_shown(lines: Sequence[Line], every: Share | None) -> tuple[Line, ...]:
    """Years or groups: their people, those who finished and those who did not are each a table whose total is known. So is, from the other
    tables, how many belong to no line; that number hides nobody, while how few of those finished, or did not, may not be told by what the
    lines leave. No line at all where a total would have to be kept back with its counts: it stands elsewhere on the page."""
    cells = [(line.n or 0, line.finished.count if line.finished else 0) for line in lines]
    done, undone = [done for _, done in cells], [n - done for n, done in cells]
    columns = [suppressed([n for n, _ in cells]), suppressed(done), suppressed(undone)]
    if every is not None:
        columns += [suppressed([*done, every.count - sum(done)]), suppressed([*undone, every.n - every.count - sum(undone)])]
    if any(column.total is None for column in columns):
        return ()
    told = [(n, None not in (n, *others)) for n, *others in zip(*(column.counts[: len(cells)] for column in columns), strict=True)]
    return tuple(replace(line, n=n, finished=line.finished if whole else None) for line, (n, whole) in zip(lines, told, strict=True))


# --- Tables that leave ----------------------------------------------------------------------------------------------------

_ATTEMPTS = (("first", "Passed at the first attempt"), ("second", "Passed at the second, of those resubmitted"),
             ("by_second", "Passed by the second attempt"))  # fmt: skip


def table_of(told: Numbers) -> list[list[str | int | float | None]]:
    """Every count as a row: what, count, of how many; nothing where it is not known or kept back."""
    rows: list[list[str | int | float | None]] = [["figure", "count", "of"], ["Began", told.initiated, None]]
    least, most = told.earned or (None, None)
    rows += [["Earned at least one, at least", least, None], ["Earned at least one, at most", most, None]]
    rows += [[f"Route: {route}", count, None] for route, count in told.routes]
    rows += [_row("Finished", told.finished), ["Re-licensed", told.relicensed, None]]
    rows += [_row(title, getattr(told, name)) for name, title in _ATTEMPTS]
    rows += [[f"Left: {reason}", count, None] for reason, count in told.reasons]
    rows += [[f"{line.label}: finished", line.finished.count if line.finished else None, line.n] for line in (*told.years, *told.groups)]
    return rows


def _row(title: str, share: Share | None) -> list[str | int | float | None]:
    return [title, share.count if share else None, share.n if share else None]


# --- Agreement ------------------------------------------------------------------------------------------------------------


def agreement_in(viewer: Actor, offering_id: str) -> Share:
    """Of the details that two assessors have scored for this offering, those on which both chose the same level; for whoever sees its
    gate. Nobody's sheet is told."""
    offering = programs.gate(viewer, offering_id).offering
    scores = apps.get_model("assessment.Score")._default_manager.visible_to(system("statistics"))
    locked = scores.filter(sheet__case__enrollment__offering=offering, sheet__kind="reader", sheet__state="locked")
    by_detail: dict[tuple[str, str], list[str]] = {}
    for case, detail, level in locked.values_list("sheet__case_id", "detail", "level"):
        by_detail.setdefault((case, detail), []).append(level)
    double = [levels for levels in by_detail.values() if len(levels) == 2]
    return Share(sum(one == other for one, other in double), len(double))
