"""Authorities that decide on licenses, and what waits for their officers, a page at a time. Not here: one application (applications)."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from cairn.apps.licensure.models import Application, Authority, Determination, Snapshot
from cairn.apps.licensure.models.applications import ApplicationQuerySet
from cairn.apps.licensure.policy import SET_AUTHORITY
from cairn.apps.licensure.queries.licenses import today_in
from cairn.apps.licensure.queries.rules import jurisdiction, rule_set
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import NotFound

A_PAGE, LATELY = 25, 10


def authority_for(viewer: Actor, jurisdiction: str) -> Authority:
    found = Authority.objects.visible_to(viewer).select_related("organization").filter(jurisdiction=jurisdiction).first()
    if found is None:
        raise NotFound("office of this state here, so take your standing as a PDF to the state itself; an office")
    return found


def authorities(viewer: Actor) -> QuerySet[Authority]:
    return Authority.objects.visible_to(viewer).select_related("organization").order_by("jurisdiction")


def offices(viewer: Actor) -> tuple[Authority, ...]:
    """The authorities for which the viewer is a licensing officer."""
    held = viewer.scopes("licensing officer", "organization")
    return tuple(authorities(viewer).filter(organization_id__in=held)) if held else ()


def office_of(viewer: Actor, authority_id: str = "") -> Authority:
    """One of the viewer's, the first unless it is named; for everybody else there is no such page."""
    found = next((each for each in offices(viewer) if authority_id in ("", each.pk)), None)
    if found is None:
        raise NotFound("page")
    return found


# --- What waits -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    application: Application
    state: str  # of the rule, as it was when the educator asked or answered last
    title: str  # of the route
    days_left: int  # of the time to answer
    is_mine_to_sign: bool  # another officer has signed, and the viewer has not


@dataclass(frozen=True)
class Office:
    """`lines` are a page of what waits for the viewer or, where `is_elsewhere`, of what was returned or referred, or waits for another
    officer's signature."""

    authority: Authority
    lines: Page[Line]
    is_elsewhere: bool
    waiting: int
    elsewhere: int
    decided: int
    median_days: int | None  # from asking to the signature, this year
    recent: tuple[Determination, ...]
    may_set: bool


def office(viewer: Actor, authority_id: str = "", *, is_elsewhere: bool = False, page: str | int = 1) -> Office:
    """For licensing officers; for everybody else there is no such page."""
    authority = office_of(viewer, authority_id)
    waiting, elsewhere = _open(viewer, authority, is_elsewhere=False), _open(viewer, authority, is_elsewhere=True)
    shown: Page[Any] = Paginator(_in_order(elsewhere if is_elsewhere else waiting), A_PAGE).get_page(page)
    today = today_in(jurisdiction(authority.jurisdiction))
    lines = [
        Line(row, row.rule_state, rule_set(row.rules).title, (row.due_on - today).days, row.state == "proposed" and not is_elsewhere)
        for row in shown
    ]
    signed = signed_by(viewer, authority).order_by("-signed_at", "-pk")
    year = signed.filter(signed_at__year=clock.now().year).values_list("application__asked_at", "signed_at")
    days = [(signed_at - asked_at).days for asked_at, signed_at in year if signed_at]
    return Office(
        authority, Page(lines, shown.number, shown.paginator), is_elsewhere, waiting.count(), elsewhere.count(), signed.count(),
        round(statistics.median(days)) if days else None, tuple(signed.select_related("application__person")[:LATELY]),
        SET_AUTHORITY.allows(viewer, authority.organization_id),
    )  # fmt: skip


def number_waiting(viewer: Actor) -> int:
    """How many applications wait for the viewer, over all of their offices."""
    return _open(viewer, *offices(viewer), is_elsewhere=False).count()


def also_waiting(viewer: Actor, row: Application) -> QuerySet[Application]:
    """The next few that wait for the viewer in the same office."""
    found = _open(viewer, row.authority, is_elsewhere=False).exclude(pk=row.pk).select_related("person")
    return found.order_by("due_on", "asked_at", "pk")[:5]


def _open(viewer: Actor, *held: Authority, is_elsewhere: bool) -> ApplicationQuerySet:
    """Applications that are not decided: those that wait for the viewer, or those that wait for anybody else."""
    unsigned = Determination.objects.filter(application=OuterRef("pk"), signed_at=None, is_set_aside=False)
    mine = Q(state="waiting")
    for each in held:
        mine |= Q(authority=each, state="returned", until__lt=today_in(jurisdiction(each.jurisdiction)))
    mine |= Q(~Exists(unsigned.filter(first_by_id=viewer.person_id or "")), state="proposed")
    return Application.objects.visible_to(viewer).open().filter(~mine if is_elsewhere else mine, authority__in=held)


def _in_order(rows: ApplicationQuerySet) -> QuerySet[Application]:
    kept = Snapshot.objects.filter(application=OuterRef("pk")).order_by("-made_at", "-pk").annotate(said=KT("result__state"))
    return rows.annotate(rule_state=Subquery(kept.values("said")[:1])).select_related("person").order_by("due_on", "asked_at", "pk")


def signed_by(viewer: Actor, authority: Authority) -> QuerySet[Determination]:
    """What an authority's officers have signed, as far as the viewer sees it."""
    return Determination.objects.visible_to(viewer).filter(application__authority=authority).exclude(signed_at=None)
