"""Lists of approved micro-credentials. Not here: what being on one counts for (counting)."""

from __future__ import annotations

from django.db.models import QuerySet

from cairn.apps.catalog import queries as catalog
from cairn.apps.licensure.models import ApprovedListing
from cairn.frame.actor import Actor


def listings_of(viewer: Actor, organization_id: str) -> QuerySet[ApprovedListing]:
    """What an organization keeps on its lists, in the order of titles; what was taken off too."""
    found = ApprovedListing.objects.visible_to(viewer).filter(organization_id=organization_id)
    return found.select_related("microcredential__stack", "listed_by").order_by("body", "microcredential__title", "-approved_from")


def lists_with(viewer: Actor, microcredential_ids: list[str]) -> dict[str, tuple[str, ...]]:
    """By micro-credential, the lists that it is on now."""
    found: dict[str, tuple[str, ...]] = {}
    rows = ApprovedListing.objects.visible_to(viewer).filter(microcredential__in=microcredential_ids, approved_until=None).order_by("body")
    for microcredential_id, body in rows.values_list("microcredential_id", "body"):
        found[microcredential_id] = (*found.get(microcredential_id, ()), body)
    return found


def named_microcredential(viewer: Actor, slug: str) -> str:
    """The id of the micro-credential at an address of the catalog."""
    return catalog.microcredential(viewer, slug).line.id
