"""Growth plans as their educators and supervisors read them, and what is planned for a license."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from cairn.apps.licensure.models import GrowthPlan, Planned
from cairn.frame.actor import Actor


def plans_of(viewer: Actor) -> QuerySet[GrowthPlan]:
    """One's own, the latest first."""
    found = GrowthPlan.objects.visible_to(viewer).filter(person_id=viewer.person_id)
    return found.select_related("supervisor", "license").prefetch_related("goals__standard__framework").order_by("-starts_on", "pk")


def plans_to_agree(viewer: Actor) -> QuerySet[GrowthPlan]:
    """Those that somebody shared with the viewer as their supervisor; what waits first."""
    found = GrowthPlan.objects.visible_to(viewer).filter(supervisor_id=viewer.person_id).exclude(state="closed")
    return found.select_related("person").order_by("-state", "-starts_on", "pk")


def plan(viewer: Actor, plan_id: str) -> GrowthPlan:
    found = GrowthPlan.objects.visible_to(viewer).select_related("person", "supervisor", "license")
    return found.prefetch_related("goals__standard__framework").get_or_not_found(pk=plan_id)


def planned_for(viewer: Actor, license_ids: Iterable[str]) -> dict[str, list[str]]:
    """By license, ids of the micro-credentials that are planned for it."""
    found: dict[str, list[str]] = {}
    rows = Planned.objects.visible_to(viewer).filter(license__in=list(license_ids)).order_by("planned_at", "pk")
    for license_id, microcredential_id in rows.values_list("license_id", "microcredential_id"):
        found.setdefault(license_id, []).append(microcredential_id)
    return found
