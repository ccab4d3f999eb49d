"""Health: what is stuck, what waits, what was declined, timed jobs, and the machine underneath. For operators alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.apps.ledger import commands, policy
from cairn.apps.ledger import queries as ledger
from cairn.apps.licensure import queries as licensure
from cairn.apps.people.queries import zone_of
from cairn.apps.reports.queries import declared_events
from cairn.frame.actor import Actor
from cairn.frame.states import TABLES
from cairn.interfaces.web import machine
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.operating import SetAsideForm
from cairn.interfaces.web.views.frame import Request
from cairn.kernel import clock
from cairn.kernel.errors import NotFound

A_PAGE = 50
A_FEW = 10
OPEN = ("queued", "leased", "waiting", "parked")
STATES = {
    "queued": "Queued", "leased": "At work", "waiting": "Waiting", "parked": "Parked", "done": "Done", "declined": "Declined",
}  # fmt: skip
# What the consequences of site/wiring.py do, as an operator would say it.
WORDS = {
    "assign": "Find assessors",
    "assign-lead": "Find a lead assessor",
    "await-decision": "Note that a decision is awaited",
    "begin-program": "Begin the program",
    "call": "Call a webhook",
    "count-votes": "Count a council's votes again soon",
    "close-drafts": "Close drafts to a coach who is gone",
    "complete": "End the enrollment",
    "count": "Count a credential for licenses",
    "examine": "Look at a file",
    "follow": "Hand over what was still being written",
    "follow-credit": "Enter granted credit into a record",
    "follow-extension": "Give a draft its later date",
    "follow-participant": "Take a participant into the community, or out",
    "follow-revision": "Move a run's date along with a revision",
    "intend": "Prepare the credential",
    "leave-team": "Take somebody out of their team",
    "look-at-change": "Look at what a change of a rule would do",
    "look-at-everybody": "Look at everybody's licenses",
    "mail": "Send a letter",
    "open-case": "Open the case",
    "open-page": "Open a page to pay by card",
    "owe": "Note what an assessor is owed",
    "publish-status": "Sign the status list",
    "read": "Read a long list",
    "receive-return": "Open an attempt again that came back incomplete",
    "receive-decision": "Mark the attempt",
    "recount": "Look at a license anew",
    "release-sheets": "Hand on open sheets",
    "return-claims": "Look for claims of those who left",
    "resume": "Let the clock run again",
    "return-money": "Give money back to a card",
    "share-scores": "Carry what a team shows together",
    "sign": "Sign the credential",
    "take-in": "Take in a batch of rows",
    "tell": "Write a letter",
    "tell-recognizer": "Write to a recognizer",
    "wake-assignments": "Look again for assessors",
    "webhooks": "Find webhooks to call",
}
JOBS = {
    "count-votes": "Count votes of councils again",
    "count-everybody": "Look at everybody's licenses",
    "look-at-sources": "Ask whether sources of proposals answer",
    "return-claims": "Return claims of those who left",
    "remind-of-licenses": "Remind of licenses that end",
    "clear-calls": "Forget old calls of webhooks",
    "clear-sessions": "Clear old sessions",
    "clear-uploads": "End uploads that nobody goes on with",
    "drop-imports": "Erase files of rows that nobody took in",
    "erase-files": "Erase files that were taken out",
    "send-what-waited": "Send digests, and letters of quiet hours",
    "sign-status-lists": "Sign the status lists anew",
    "tell-late": "Tell educators of decisions that are late",
}
LATE = timedelta(minutes=1)  # an idle worker looks three times a second


@dataclass(frozen=True)
class Row:
    """One consequence: how many deliveries stand in each state, in the order of STATES, and since when the oldest is open."""

    name: str
    consequence: str
    counts: tuple[int, ...]
    oldest: datetime | None


@dataclass(frozen=True)
class Shown:
    """A delivery with what it follows from, in a sentence."""

    delivery: Any
    consequence: str
    follows: str


def _require_operator(viewer: Actor) -> None:
    """For everybody else there are no such pages."""
    if not policy.READ_OPERATIONS.allows(viewer, None):
        raise NotFound("page")


def _words(consequence: str) -> str:
    return WORDS.get(consequence, consequence.replace("-", " ").capitalize())


def _shown(deliveries: Iterable[Any]) -> list[Shown]:
    events = declared_events()
    told = [(d, events[d.fact.kind].about if d.fact.kind in events else d.fact.kind) for d in deliveries]
    return [Shown(delivery, _words(delivery.consequence), about) for delivery, about in told]


def _rows(lines: Iterable[ledger.QueueLine]) -> list[Row]:
    found: dict[str, dict[str, ledger.QueueLine]] = {}
    for line in lines:
        found.setdefault(line.consequence, {})[line.state] = line
    return [
        Row(
            name, _words(name), tuple(by_state[state].count if state in by_state else 0 for state in STATES),
            min((by_state[state].oldest for state in OPEN if state in by_state), default=None),
        )
        for name, by_state in sorted(found.items())
    ]  # fmt: skip


def _headline(totals: Mapping[str, int], late: Any, failed: list[Any]) -> tuple[str, str]:
    """Whether all is well, or what is not: the worst first."""
    parked = totals.get("parked", 0)
    if late:
        return "Work is standing still", "Deliveries have been due for more than a minute. See to it that a worker runs: cairn worker."
    if parked:
        title = "1 delivery is parked" if parked == 1 else f"{parked:,} deliveries are parked"
        return title, f"{'It' if parked == 1 else 'Each'} was tried six times without success, and now needs a person. Nothing is lost."
    if failed:
        return f"The timed job {failed[0].name} did not end well", "It is tried again when it is next due. What it said stands below."
    return "All is well", "Nothing is parked, and nothing that is due has been kept waiting."


@login_required
@require_safe
def operations(request: Request) -> HttpResponse:
    viewer = request.actor
    _require_operator(viewer)
    rows = _rows(ledger.queue(viewer))
    totals = dict(zip(STATES, (sum(counts) for counts in zip(*(row.counts for row in rows), strict=True)), strict=False))
    jobs = list(ledger.jobs(viewer))
    failed = [job for job in jobs if job.last_reason]
    late = ledger.deliveries(viewer, "queued").filter(run_after__lt=clock.now() - LATE).first()
    few = {state: _shown(ledger.deliveries(viewer, state)[:A_FEW]) for state in ("parked", "waiting", "declined")}
    shown: dict[str, Any] = {
        "rows": rows, "totals": totals, "states": STATES, **few, "headline": _headline(totals, late, failed),
        "jobs": [(job, JOBS.get(job.name, job.name)) for job in jobs],
        **machine.shown(), "now": clock.now(), "look": licensure.last_run(viewer),
    }  # fmt: skip
    return _page(request, "operations", **shown)


def _page(request: Request, template: str, *, status: int = 200, **shown: Any) -> HttpResponse:
    return render(request, f"operating/{template}.html", {"zone": zone_of(request.actor.person_id), **shown}, status=status)


@login_required
@require_safe
def deliveries(request: Request, state: str) -> HttpResponse:
    _require_operator(request.actor)
    if state not in STATES:
        raise NotFound("page")
    page = Paginator(ledger.deliveries(request.actor, state), A_PAGE).get_page(request.GET.get("page"))
    return _page(
        request, "deliveries", page=page, shown=_shown(page), state=state, title=STATES[state], means=TABLES["delivery"].means[state]
    )


@login_required
@require_POST
def try_again(request: Request, delivery_id: str) -> HttpResponse:
    delivery = commands.try_again(actor=request.actor, delivery_id=delivery_id)
    messages.success(request, f"{_words(delivery.consequence)}: it is in the queue again.")
    return redirect("operations")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request: Request, delivery_id: str) -> HttpResponse:
    _require_operator(request.actor)
    delivery = ledger.deliveries(request.actor, "parked").filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound("parked delivery")
    form = SetAsideForm(request.POST) if request.method == "POST" else SetAsideForm()
    if form.is_bound and form.is_valid():
        commands.set_aside(actor=request.actor, delivery_id=delivery_id, reason=form.cleaned_data["reason"])
        messages.success(request, f"{_words(delivery.consequence)}: set aside. It stays listed among what was declined.")
        return redirect("operations")
    (shown,) = _shown([delivery])
    return _page(request, "set_aside", status=422 if form.errors else 200, shown=shown, form=form)


urlpatterns = [
    path("operations/", operations, name="operations"),
    path("operations/deliveries/<str:state>/", deliveries, name="deliveries"),
    path("operations/deliveries/<id:delivery_id>/try-again/", try_again, name="try_again"),
    path("operations/deliveries/<id:delivery_id>/set-aside/", set_aside, name="set_aside"),
]
