"""What do I do next, by when, and what will it count for; and all that is mine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cairn.apps.assessment import queries as assessment
from cairn.apps.catalog import queries as catalog
from cairn.apps.communities import queries as communities
from cairn.apps.credentials import queries as credentials
from cairn.apps.ledger import queries as ledger
from cairn.apps.licensure import queries as licensure
from cairn.apps.people import queries as people
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import Submission, Workspace
from cairn.apps.programs import queries as programs
from cairn.apps.reports import queries as reports
from cairn.frame.actor import Actor
from cairn.interfaces.web import licensed, stones, wording
from cairn.interfaces.web.art import Stone
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import saying
from cairn.interfaces.web.views.learning.outlook import Outlook, Signed, outlook, signed_of
from cairn.interfaces.web.views.pilots.saying import place_words
from cairn.pure.clocks import long_date, long_moment

_URGENCY = ("revise", "write", "late", "waiting", "earned")


@login_required
def home(request: Request) -> HttpResponse:
    viewer = request.actor
    runs, signed, duties = portfolio.workspaces(viewer), _signed(viewer), _duties(viewer)
    if duties and not runs:
        return redirect(duties[0].url)
    coached = [_coached(viewer)] if viewer.holds("coach") and not duties and not runs else []
    first = None if duties else _first(runs)
    rest = [work for work in runs if work is not first and work.step != "left"]
    shown: dict[str, object] = {"name": people.me(viewer).name.partition(" ")[0], "duties": duties or coached, **_together(viewer)}
    shown["rows"] = [outlook(work, signed=signed.get(work.enrollment.pk)) for work in rest]
    if not duties and (first is None or first.step in ("earned", "waiting")):
        shown["open"] = stones.open_now(viewer)
    if first:
        shown |= {"next": _next(viewer, first, signed), "path": _path(viewer, first, runs, signed)}
    return render(request, "learning/home.html", shown)


def _together(viewer: Actor) -> dict[str, object]:
    """What is done with others: communities, places in pilots that are not begun, surveys that are open; and licenses."""
    zone = people.zone_of(viewer.person_id)
    places = [(place, place_words(place, zone)) for place in programs.my_places(viewer)]
    held = [licensed.brief(page) for page in licensure.my_pages(viewer) if not page.license.ended_on]
    return {"licenses": held, "communities": communities.communities(viewer), "seats": places, "surveys": programs.my_rounds(viewer)}


def _first(runs: Iterable[Workspace]) -> Workspace | None:
    """What waits for the educator before what waits for others; of the same kind what is due first."""
    live = [work for work in runs if work.step != "left"]
    return min(live, key=lambda work: (_URGENCY.index("late" if work.is_late else work.step), work.due_at), default=None)


def _signed(viewer: Actor) -> dict[str, Signed]:
    """Each credential that is signed, by enrollment."""
    return {credential.enrollment_id: signed_of(credential) for credential in credentials.mine(viewer)}


def _next(viewer: Actor, work: Workspace, signed: Mapping[str, Signed]) -> Outlook:
    case = assessment.case_state(viewer, work.submission.pk) if work.step == "waiting" and work.submission else None
    return outlook(work, case, signed.get(work.enrollment.pk))


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


def _path(viewer: Actor, first: Workspace, runs: Sequence[Workspace], signed: Mapping[str, Signed]) -> Path:
    page = catalog.stack(viewer, first.enrollment.microcredential.stack.slug)
    mine = {work.enrollment.microcredential_id: work for work in reversed(runs) if _counts(work, signed)}
    stones = [_stone(line, mine.get(line.id)) for line in page.lines]
    stones += [Stone(f"{page.stack.slug}-unnamed-{n}", "not named yet", "planned") for n in range(page.stack.unnamed)]
    stones.sort(key=lambda stone: ("earned", "progress", "planned").index(stone.state))
    earned = sum(stone.state == "earned" for stone in stones)
    return Path(page.stack.slug, page.stack.title, page.stack.family, tuple(stones), earned, wording.credit(first.content))


def _counts(work: Workspace, signed: Mapping[str, Signed]) -> bool:
    """What was left or taken back is no stone of the cairn."""
    credential = signed.get(work.enrollment.pk)
    return work.step != "left" and not (credential and credential.revoked_on)


def _stone(line: catalog.Line, work: Workspace | None) -> Stone:
    if work is None:
        return Stone(line.slug, line.title, "planned")
    return Stone(line.slug, line.title, "earned", 1.0) if work.step == "earned" else Stone(line.slug, line.title, "progress", work.share)


# --- First questions of other roles ------------------------------------------------------------------------------------


_KEEPERS = ("organization admin", "coordinator", "author")  # in the order in which they decide where home leads


@dataclass(frozen=True)
class Duty:
    """What waits for somebody with a role, and the one place to go."""

    title: str
    lead: str
    act: str
    url: str
    kind: str = "Waiting for you"


def _duties(viewer: Actor) -> list[Duty]:
    """What waits under each role held, the most pressing first; where nothing does, the first of them says so."""
    counted = _kept(viewer)
    if viewer.holds("lead assessor"):
        counted.append(_cases(viewer))
    if viewer.holds("assessor") or viewer.holds("lead assessor"):
        counted.append(_sheets(viewer))
    if viewer.holds("operator"):
        parked = sum(line.count for line in ledger.queue(viewer) if line.state == "parked")
        title = f"{_waits(parked, 'piece')} of work that could not be done" if parked else "Nothing is stuck"
        counted.append((parked, Duty(title, "Queues and what is parked in them stand on one page.", "See health", "/operations/")))
    if viewer.holds("operator") or viewer.holds("organization admin"):
        counted.append(_joinings(viewer))
    if viewer.holds("licensing officer"):
        counted.append(_applications(viewer))
    if viewer.holds("organization admin") or viewer.holds("licensing officer"):
        counted.append(_entries(viewer))
    return [duty for count, duty in counted if count] or [duty for _, duty in counted[:1]]


def _joinings(viewer: Actor) -> tuple[int, Duty]:
    """Organizations that ask to come in."""
    waiting = len(programs.joinings(viewer))
    title = f"{_waits(waiting, 'organization')} for you to let in"
    return waiting, Duty(title, "Nothing of them is public before you do.", "See who asks", reverse("joinings"))


def _applications(viewer: Actor) -> tuple[int, Duty]:
    """What educators ask a state's officer to decide."""
    if not licensure.offices(viewer):
        lead = "Bring a file, an address, or its text: you see who stands behind it, and each check by name."
        return 0, Duty("Check what educators bring you", lead, "Check a credential", "/verify/")
    waiting = licensure.number_waiting(viewer)
    title = f"{_waits(waiting, 'application')} for you to decide" if waiting else "No application waits"
    lead = "Each stands beside its rule, with the chain behind every award that counts."
    return waiting, Duty(title, lead, "See what waits", reverse("office"))


def _entries(viewer: Actor) -> tuple[int, Duty]:
    """What educators ask one's organization to confirm."""
    waiting = licensure.to_settle(viewer).count()
    title = f"{_waits(waiting, 'request')} for you to confirm something"
    lead = "Educators say what they did; you say whether your files agree."
    return waiting, Duty(title, lead, "See what waits", reverse("record-waiting"))


def _kept(viewer: Actor) -> list[tuple[int, Duty]]:
    """The organization that one keeps: who may do what in it, or what it has in the catalog."""
    role = next((role for role in _KEEPERS if viewer.holds(role)), "")
    held = people.roles_of(viewer, viewer.person_id).filter(role=role).first() if role and viewer.person_id else None
    if held is None:
        return []
    name, slug = held.organization.name, held.organization.slug
    if role == "organization admin":
        return [(0, Duty(f"You keep {name}", "Who may do what, and what was issued.", "Who may do what", reverse("who_may", args=[slug])))]
    if role == "coordinator":
        return [_pilots(viewer), _checks(viewer)]
    return [(0, Duty(name, "Its stacks, its programs, and their rubrics.", "Open its page", reverse("organization", args=[slug])))]


def _checks(viewer: Actor) -> tuple[int, Duty]:
    """Submissions of which one is to say whether they are whole."""
    waiting = assessment.checks_waiting(viewer)
    title = f"{_waits(waiting, 'submission')} for you to look through"
    return waiting, Duty(title, "Only whether it is whole; assessors say whether it is good.", "See which", reverse("checks"))


def _pilots(viewer: Actor) -> tuple[int, Duty]:
    """Who is stuck in what one runs, and how many seats are taken."""
    desks = reports.desks(viewer)
    stuck, seats = sum(len(desk.stuck) for desk in desks), sum(desk.seats.taken for desk in desks)
    title = f"{saying.capital(saying.spelled(stuck))} {'person needs' if stuck == 1 else 'people need'} you" if stuck else "Nobody is stuck"
    lead = f"In {saying.counted(len(desks), 'open offering')}; {saying.counted(seats, 'seat')} taken."
    return stuck, Duty(title, lead, "See who", reverse("pilots"))


def _coached(viewer: Actor) -> Duty:
    """Whose drafts are open to one; without any, who is in one's coaching groups. What they write is theirs until they open it."""
    open_to = portfolio.drafts(viewer)
    if open_to:
        first = open_to[0].access
        due = long_moment(first.enrollment.due_at, people.zone_of(viewer.person_id))
        title = f"{saying.capital(saying.spelled(len(open_to)))} draft{'' if len(open_to) == 1 else 's'} to read"
        return Duty(title, f"{first.person.name} is due first, {due}.", "See who needs you", "/coach/", "You coach")
    lines = [people.group_in(viewer, g.organization_id, g.pk) for g in people.groups(viewer).filter(kind="coaching")]
    names = sorted({member.person.name for line in lines for member in line.members if member.person_id != viewer.person_id})
    if not names:
        lead = "An admin of the organization in which you coach says who is in it. The rubrics are open to everybody."
        return Duty("Nobody is in your group yet", lead, "Read the rubrics", "/catalog/", "You coach")
    title = f"{saying.capital(saying.spelled(len(names)))} {'person' if len(names) == 1 else 'people'} in your group"
    who = saying.listed([*names[:6], f"{len(names) - 6} more"] if len(names) > 7 else names)
    lead = f"{who}. What they write stays theirs; what it is scored by is open to you both, so read it together."
    return Duty(title, lead, "Read the rubrics", "/catalog/", "You coach")


def _cases(viewer: Actor) -> tuple[int, Duty]:
    desk = assessment.desk(viewer)
    count = len(desk.to_settle) + len(desk.waiting)
    lead = "Where readers disagree, or too few are qualified and free of conflict; the desk says why."
    return count, Duty(f"{_waits(count, 'case')} for you" if count else "Nobody disagrees", lead, "Open the desk", "/scoring/desk/")


def _sheets(viewer: Actor) -> tuple[int, Duty]:
    lines = [line for line in assessment.queue(viewer) if line.state == "open"]
    if not lines:
        return 0, Duty("Nothing waits for you to score", "You get a letter when something does.", "Open your queue", "/scoring/")
    due = long_moment(lines[0].due_at, people.zone_of(viewer.person_id))
    lead = f"The first was due {due}; it is late." if lines[0].is_late else f"The first is due {due}."
    return len(lines), Duty(f"{_waits(len(lines), 'sheet')} for you", lead, "Open your queue", "/scoring/")


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
    every, signed = portfolio.attempts_by_run(viewer), _signed(viewer)
    kept: dict[str, list[Run]] = {"earned": [], "under way": [], "revoked": [], "left": []}
    for work in portfolio.workspaces(viewer):
        credential = signed.get(work.enrollment.pk)
        kind = "revoked" if credential and credential.revoked_on else work.step if work.step in kept else "under way"
        kept[kind].append(Run(outlook(work, signed=credential), _attempts(work, every)))
    counts = [f"{saying.spelled(len(runs))} {kind}" for kind, runs in kept.items() if runs]
    shown = {"groups": [(saying.capital(kind), runs) for kind, runs in kept.items() if runs], "title": saying.capital(", ".join(counts))}
    return render(request, "learning/portfolio.html", shown)


_SAID = {"draft": "open", "submitted": "with the assessors", "not_yet": "not yet", "returned": "came back", "earned": "earned"}


def _attempts(work: Workspace, every: Mapping[str, Sequence[Submission]]) -> tuple[str, ...]:
    """First attempt, sent November 2, 2026: not yet"""
    return tuple(_attempt(work, attempt) for attempt in every.get(work.enrollment.pk, ()) if len(every[work.enrollment.pk]) > 1)


def _attempt(work: Workspace, attempt: Submission) -> str:
    sent = f", sent {long_date(attempt.submitted_at.astimezone(work.zone).date())}" if attempt.submitted_at else ""
    return f"{saying.capital(saying.nth(attempt.attempt))} attempt{sent}: {_SAID[attempt.state]}"
