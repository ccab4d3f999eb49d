"""Standards of frameworks, for whoever maps something to them."""

from __future__ import annotations

from django.db.models import QuerySet

from cairn.apps.catalog.models import FrameworkItem
from cairn.frame.actor import Actor


def framework_items(viewer: Actor) -> QuerySet[FrameworkItem]:
    """All of them, framework by framework."""
    return FrameworkItem.objects.visible_to(viewer).select_related("framework").order_by("framework__title", "order", "code")


def framework_item(viewer: Actor, item_id: str) -> FrameworkItem:
    return FrameworkItem.objects.visible_to(viewer).select_related("framework").get_or_not_found(pk=item_id)
