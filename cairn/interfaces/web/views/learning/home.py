"""What do I do next, by when, and what will it count for; and all that is mine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from cairn.apps.assessment import queries as assessment
from cairn.apps.catalog import queries as catalog
from cairn.apps.credentials import queries as credentials
from cairn.apps.ledger import queries as ledger
from cairn.apps.people import queries as people
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import Submission, Workspace
from cairn.frame.actor import Actor
from cairn.interfaces.web import wording
from cairn.interfaces.web.art import Stone
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import saying
from cairn.interfaces.web.views.learning.outlook import Outlook, outlook
from cairn.pure.clocks import long_date, long_moment

_URGENCY = ("revise", "write", "late", "waiting", "earned")


@login_required
def home(request: Request) -> HttpResponse:
    viewer = request.actor
    runs, signed, duties = portfolio.workspaces(viewer), _credential_urls(viewer), _duties(viewer)
    first = None if duties else _first(runs)
    rest = [work for work in runs if work is not first and work.step != "left"]
    shown: dict[str, object] = {"name": people.me(viewer).name.partition(" ")[0], "duties": duties}
    shown["rows"] = [outlook(work, credential_url=signed.get(work.enrollment.pk, "")) for work in rest]
    if first:
        shown |= {"next": _next(viewer, first, signed), "path": _path(viewer, first, runs)}
    return render(request, "learning/home.html", shown)


def _first(runs: Iterable[Workspace]) -> Workspace | None:
    """What waits for the educator before what waits for others; of the same kind what is due first."""
    live = [work for work in runs if work.step != "left"]
    return min(live, key=lambda work: (_URGENCY.index("late" if work.is_late else work.step), work.due_at), default=None)


def _credential_urls(viewer: Actor) -> dict[str, str]:
    """The address of each credential that is signed, by enrollment."""
    return {credential.enrollment_id: f"/credentials/{credential.pk}/" for credential in credentials.mine(viewer)}


def _next(viewer: Actor, work: Workspace, signed: Mapping[str, str]) -> Outlook:
    case = assessment.case_state(viewer, work.submission.pk) if work.step == "waiting" and work.submission else None
    return outlook(work, case, signed.get(work.enrollment.pk, ""))


# --- What it will count for --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Path:
    """The stack to which the next step belongs, as a cairn: earned, under way, planned."""

    slug: str
    title: str
    family: str
    stones: tuple[Stone, ...]
    earned: int
    credit: str


def _path(viewer: Actor, first: Workspace, runs: Sequence[Workspace]) -> Path:
    page = catalog.stack(viewer, first.enrollment.microcredential.stack.slug)
    mine = {work.enrollment.microcredential_id: work for work in reversed(runs) if work.step != "left"}
    stones = [_stone(line, mine.get(line.id)) for line in page.lines]
    stones += [Stone(f"{page.stack.slug}-unnamed-{n}", "not named yet", "planned") for n in range(page.stack.unnamed)]
    stones.sort(key=lambda stone: ("earned", "progress", "planned").index(stone.state))
    earned = sum(stone.state == "earned" for stone in stones)
    return Path(page.stack.slug, page.stack.title, page.stack.family, tuple(stones), earned, wording.credit(first.content))


def _stone(line: catalog.Line, work: Workspace | None) -> Stone:
    if work is None:
        return Stone(line.slug, line.title, "planned")
    return Stone(line.slug, line.title, "earned", 1.0) if work.step == "earned" else Stone(line.slug, line.title, "progress", work.share)


# --- First questions of other roles ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Duty:
    """What waits for somebody with a role, and the one place to go."""

    title: str
    lead: str
    act: str
    url: str


def _duties(viewer: Actor) -> list[Duty]:
    """What waits under each role held; where nothing does, the first of them says so."""
    counted = []
    if viewer.holds("assessor") or viewer.holds("lead assessor"):
        counted.append(_sheets(viewer))
    if viewer.holds("lead assessor"):
        waiting = len(assessment.desk(viewer).waiting)
        lead = "They wait for readers who are qualified and free of conflict; the desk says why."
        counted.append((waiting, Duty(f"{_waits(waiting, 'case')} for assessors", lead, "Open the desk", "/scoring/desk/")))
    if viewer.holds("operator"):
        parked = sum(line.count for line in ledger.queue(viewer) if line.state == "parked")
        title = f"{_waits(parked, 'piece')} of work that could not be done" if parked else "Nothing is stuck"
        counted.append((parked, Duty(title, "Queues and what is parked in them stand on one page.", "See health", "/operations/")))
    return [duty for count, duty in counted if count] or [duty for _, duty in counted[:1]]


def _sheets(viewer: Actor) -> tuple[int, Duty]:
    lines = [line for line in assessment.queue(viewer) if line.state == "open"]
    if not lines:
        return 0, Duty("Nothing waits for you to score", "You get a letter when something does.", "Open your queue", "/scoring/")
    due = long_moment(lines[0].due_at, people.zone_of(viewer.person_id))
    return len(lines), Duty(f"{_waits(len(lines), 'sheet')} for you", f"The first is due {due}.", "Open your queue", "/scoring/")


def _waits(number: int, noun: str) -> str:
    return saying.capital(f"{saying.spelled(number)} {noun}{'' if number == 1 else 's'} wait{'s' if number == 1 else ''}")


# --- All that is mine --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    outlook: Outlook
    attempts: tuple[str, ...]


@login_required
def mine(request: Request) -> HttpResponse:
    viewer = request.actor
    every, signed = portfolio.attempts_by_run(viewer), _credential_urls(viewer)
    runs = [Run(outlook(w, credential_url=signed.get(w.enrollment.pk, "")), _attempts(w, every)) for w in portfolio.workspaces(viewer)]
    earned = [run for run in runs if run.outlook.work.step == "earned"]
    left = [run for run in runs if run.outlook.work.step == "left"]
    running = [run for run in runs if run not in earned and run not in left]
    counts = [f"{saying.spelled(len(some))} {word}" for some, word in ((earned, "earned"), (running, "under way"), (left, "left")) if some]
    shown = {"earned": earned, "running": running, "left": left, "none": not runs, "title": saying.capital(", ".join(counts))}
    return render(request, "learning/portfolio.html", shown)


_SAID = {"draft": "open", "submitted": "with the assessors", "not_yet": "not yet", "earned": "earned"}


def _attempts(work: Workspace, every: Mapping[str, Sequence[Submission]]) -> tuple[str, ...]:
    """First attempt, sent November 2, 2026: not yet"""
    return tuple(_attempt(work, attempt) for attempt in every.get(work.enrollment.pk, ()) if len(every[work.enrollment.pk]) > 1)


def _attempt(work: Workspace, attempt: Submission) -> str:
    sent = f", sent {long_date(attempt.submitted_at.astimezone(work.zone).date())}" if attempt.submitted_at else ""
    return f"{saying.capital(saying.nth(attempt.attempt))} attempt{sent}: {_SAID[attempt.state]}"
