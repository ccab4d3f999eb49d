"""Whom an educator may ask to confirm an entry: where they work, what that belongs to, and who grants their licenses."""

from __future__ import annotations

from cairn.apps.licensure.models import Authority, EducatorLicense
from cairn.apps.people import queries as people
from cairn.apps.people.queries import Organization
from cairn.frame.actor import Actor


def askable(viewer: Actor) -> tuple[Organization, ...]:
    """By name."""
    if not viewer.person_id:
        return ()
    works = [each.organization for each in people.affiliations_of(viewer, viewer.person_id)]
    held = EducatorLicense.objects.visible_to(viewer).filter(person_id=viewer.person_id).values_list("jurisdiction", flat=True)
    offices = Authority.objects.filter(jurisdiction__in=set(held)).values_list("organization_id", flat=True)
    ids = {each.pk for each in works} | {each.parent_id for each in works if each.parent_id} | set(offices)
    return tuple(people.organizations(viewer, ids))
