"""Who recognizes awards, what was approved beforehand, and on whose calendar. Not here: schedules, and what they answer (answers)."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from cairn.apps.licensure.models import Claim, PriorApproval, Proposal, Recognizer
from cairn.apps.licensure.models.recognizers import decides_for
from cairn.apps.licensure.queries.rules import book
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor, system
from cairn.kernel import clock

_SYSTEM = system("licensure")


def recognizer(viewer: Actor, organization_id: str) -> Recognizer | None:
    return Recognizer.objects.visible_to(viewer).filter(organization_id=organization_id).select_related("organization").first()


def recognizers(viewer: Actor) -> QuerySet[Recognizer]:
    return Recognizer.objects.visible_to(viewer).select_related("organization").order_by("organization__name")


def zone_of(organization_id: str) -> ZoneInfo:
    """The calendar of a recognizer: its state's, as far as the rules know the state."""
    organization = people.organization_by_id(_SYSTEM, organization_id)
    state = book().jurisdictions.get(organization.jurisdiction.replace("-", "/", 1))
    return ZoneInfo(state.zone) if state and state.zone else people.zone_of(None)


def today_of(organization_id: str) -> date:
    return clock.today(zone_of(organization_id))


def works_for(person_id: str, organization_id: str) -> bool:
    return bool(people.at_work_in([organization_id]).filter(person_id=person_id).exists())


def left_there(waiting: QuerySet[Claim] | QuerySet[Proposal]) -> list[str]:
    """Of what waits where its educator worked when it was sent: ids of those whose work there has ended."""
    rows = waiting.filter(is_at_work=True)
    found: list[str] = []
    for one in rows.order_by().values_list("organization_id", flat=True).distinct():
        there = people.at_work_in([one]).filter(person=OuterRef("person_id"))
        found += rows.filter(~Exists(there), organization_id=one).values_list("pk", flat=True)
    return found


# --- Beforehand -----------------------------------------------------------------------------------------------------------


def approvals_of(viewer: Actor) -> QuerySet[PriorApproval]:
    """What the viewer asked beforehand, the latest first."""
    found = PriorApproval.objects.visible_to(viewer).filter(person_id=viewer.person_id)
    return found.select_related("organization", "microcredential").order_by("-asked_at")


def approvals_waiting(viewer: Actor) -> QuerySet[PriorApproval]:
    """What others asked of councils of the viewer's, the oldest first."""
    found = PriorApproval.objects.visible_to(viewer).filter(state="asked", organization_id__in=decides_for(viewer))
    return found.exclude(person_id=viewer.person_id).select_related("person", "organization", "microcredential").order_by("asked_at")


def approved_on(person_id: str, organization_id: str, microcredential: str, title: str) -> date | None:
    """On which day a recognizer said that a micro-credential (by its slug), or something else by its title, will count for somebody."""
    found = PriorApproval.objects.filter(person_id=person_id, organization_id=organization_id, state="approved")
    named = Q(microcredential__slug=microcredential) if microcredential else Q(microcredential=None, title=title)
    return found.filter(named).values_list("answered_on", flat=True).first()
