"""Figures in words, each with its n: what the pages of surveys, reviews and programs show. Not here: computing them (pure, queries)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cairn.apps.licensure.queries import Figures
from cairn.apps.programs.queries import LEAVING_REASONS, RECORD_ROUTES, Rating, ScaleResult
from cairn.apps.reports.queries import Line, Numbers
from cairn.pure.surveys import FLOOR, Alpha, Change, Share

KEPT_BACK = f"Kept back: it could point at fewer than {FLOOR} people"


@dataclass(frozen=True)
class Figure:
    """A row of a table: what, how many in words, and what else must be known to read it."""

    label: str
    words: str
    note: str = ""


def percent(part: float) -> str:
    return f"{100 * part:.0f} %"


def share(told: Share | None) -> str:
    """21 of 50 (42 %)"""
    if told is None:
        return KEPT_BACK
    return f"{told.count:,} of {told.n:,} ({percent(told.count / told.n)})" if told.n else "nobody yet"


def certainty(told: Share | None) -> str:
    """95 % interval from 29 % to 56 %; with the words too few to judge where they are."""
    if told is None or told.interval is None:
        return ""
    low, high = told.interval
    few = "" if told.is_enough else "; too few to judge"
    return f"95 % interval from {percent(low)} to {percent(high)}{few}"


def rating(told: Rating) -> str:
    return "No rating yet" if told.mean is None else f"{told.mean:.1f} of 5 (n = {told.n}, from {told.least} to {told.most})"


def count(number: int | None) -> str:
    return KEPT_BACK if number is None else f"{number:,}"


def span(ends: tuple[int, int] | None) -> str:
    """30 to 42"""
    if ends is None:
        return KEPT_BACK
    return f"{ends[0]:,}" if ends[0] == ends[1] else f"{ends[0]:,} to {ends[1]:,}"


# --- Scales ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownScale:
    title: str
    source: str
    n: str
    rows: tuple[Figure, ...]


def scale(told: ScaleResult) -> ShownScale:
    n = f"{told.pairs:,} answered both times; {told.before:,} before, {told.after:,} after"
    if told.change is None:
        return ShownScale(told.scale.title, told.scale.source, n, ())
    rose = Figure("Rose by one step or more", share(told.rose), certainty(told.rose))
    return ShownScale(told.scale.title, told.scale.source, n, (*_change(told.change), rose, *_alphas(told)))


def _change(told: Change) -> tuple[Figure, ...]:
    mean = f"{told.before:.2f} before, {told.after:.2f} after"
    change = Figure("Mean change", f"{told.mean:+.2f} (n = {told.n})", f"95 % interval from {told.low:+.2f} to {told.high:+.2f}")
    sizes = [f"d_z {told.d_z:.2f}" if told.d_z is not None else "", f"d_av {told.d_av:.2f}" if told.d_av is not None else ""]
    effect = ", ".join(filter(None, sizes)) or "Not defined: everybody alike"
    size = Figure("Effect size", effect, "nobody to compare with, so no cause is shown")
    return Figure("Mean score", mean, "of those who answered both times"), change, size


def _alphas(told: ScaleResult) -> tuple[Figure, ...]:
    pairs = (("before", told.alpha_before), ("after", told.alpha_after))
    return tuple(Figure(f"Cronbach’s alpha, {when}", *_alpha(value)) for when, value in pairs if value)


def _alpha(told: Alpha) -> tuple[str, str]:
    if told.value is None or told.low is None or told.high is None:
        return "Not defined: no one differs", f"n = {told.n}"
    return f"{told.value:.2f} (n = {told.n})", f"95 % interval from {told.low:.2f} to {told.high:.2f}"


def changes(scales: Sequence[ScaleResult]) -> tuple[tuple[str, Change], ...]:
    return tuple((told.scale.title, told.change) for told in scales if told.change)


def bounds(scales: Sequence[ScaleResult]) -> tuple[int, int]:
    return min((told.scale.least for told in scales), default=1), max((told.scale.most for told in scales), default=5)


# --- A program ------------------------------------------------------------------------------------------------------------


def funnel(told: Numbers) -> tuple[tuple[str, int], ...]:
    """Bars for what is known exactly; a span is drawn at its lower end, and named so."""
    least = told.earned[0] if told.earned else None
    is_span = told.earned is not None and told.earned[0] != told.earned[1]
    finished = told.finished.count if told.finished else None
    steps = (("Began", told.initiated), ("Earned one, at least" if is_span else "Earned one", least), ("Finished", finished),
             ("Re-licensed", told.relicensed or None))  # fmt: skip
    return tuple((label, number) for label, number in steps if number is not None)


def program(told: Numbers) -> tuple[Figure, ...]:
    unit = "micro-credential" if told.program.finish_at == 1 else "micro-credentials"
    is_span = told.earned is not None and told.earned[0] != told.earned[1]
    rows = [
        Figure("Began", count(told.initiated)),
        Figure("Earned at least one", span(told.earned), "lists may name the same people" if is_span else ""),
        *(Figure(f"By route: {RECORD_ROUTES.get(route, route).lower()}", count(number)) for route, number in told.routes),
        Figure("Finished", share(told.finished), f"with {told.program.finish_at} {unit}; {certainty(told.finished)}"),
    ]  # fmt: skip
    if told.relicensed is None or told.relicensed:
        unknown = f"of {told.relicensed_unknown} more who finished nobody knows" if told.relicensed_unknown else ""
        rows.append(Figure("Re-licensed", count(told.relicensed), unknown))
    return tuple(rows)


def attempts(told: Numbers) -> tuple[Figure, ...]:
    """Both readings of "passed at the second attempt"."""
    rows = (
        ("Passed at the first attempt", told.first, "of those submitted"),
        ("Passed at the second", told.second, "of those resubmitted"),
        ("Passed by the second, in all", told.by_second, "of those submitted"),
    )
    return tuple(Figure(label, share(value), f"{of}; {certainty(value)}".rstrip("; ")) for label, value, of in rows)


def attempts_plot(told: Numbers) -> tuple[tuple[str, Share], ...]:
    rows = (("First attempt", told.first), ("Second, resubmitted", told.second), ("By the second, in all", told.by_second))
    return tuple((label, value) for label, value in rows if value is not None)


def reasons(told: Numbers) -> tuple[Figure, ...]:
    return tuple(Figure(LEAVING_REASONS.get(reason, reason), count(number)) for reason, number in told.reasons)


def lines(told: Sequence[Line]) -> tuple[Figure, ...]:
    return tuple(Figure(line.label, share(line.finished), f"n = {line.n:,}" if line.n is not None and line.finished is None else "")
                 for line in told)  # fmt: skip


def headline(told: Numbers) -> str:
    """The first sentence of the page."""
    if not told.initiated:
        return "There are no numbers yet."
    if told.finished is None:
        return f"{told.initiated:,} educators began."
    return f"{told.finished.count:,} of the {told.finished.n:,} who began have finished: {percent(told.finished.count / told.finished.n)}."


# --- What officers signed -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decided:
    """What an authority's officers signed: a sentence, and of each route how often it was met, on micro-credentials alone, and not."""

    office: str
    words: str
    routes: tuple[tuple[str, ...], ...]
    note: str


def decided(told: Figures | None) -> Decided | None:
    if told is None:
        return None
    routes = tuple((each.title, *(_few(n) for n in (each.met, each.solely, each.not_met))) for each in told.routes)
    words = f"Asked to decide: {_few(told.asked)}. Signed until now: {_few(told.signed)}."
    return Decided(told.authority.organization.name, words, routes, _NOTE)


_NOTE = (
    f"Nothing that fewer than {FLOOR} people stand behind is published, nor what would tell it. What waits for an answer is pending with "
    "the state."
)


def _few(count: int | None) -> str:
    return "kept back" if count is None else f"{count:,}"
