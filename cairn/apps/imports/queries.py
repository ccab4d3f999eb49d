"""Reading imports and their reports."""

from __future__ import annotations

from django.db.models import QuerySet

from cairn.apps.imports import policy
from cairn.apps.imports.models import Import, ImportRow
from cairn.apps.imports.states import OUTCOMES
from cairn.frame.actor import Actor

__all__ = ["OUTCOMES", "Import", "import_", "imports_about", "may_drop", "may_stop", "may_take_in", "rows"]


def import_(viewer: Actor, import_id: str) -> Import:
    return Import.objects.visible_to(viewer).select_related("organization").get_or_not_found(pk=import_id)


def imports_about(viewer: Actor, about: str) -> QuerySet[Import]:
    """Those for one thing that were not dropped, the latest first."""
    return Import.objects.visible_to(viewer).filter(about=about).exclude(state="dropped").order_by("-read_at")


def may_take_in(viewer: Actor, source: Import) -> bool:
    return source.state == "read" and bool(source.writes) and policy.TAKE_IN.allows(viewer, source)


def may_stop(viewer: Actor, source: Import) -> bool:
    """Whether the viewer may stop it, or take it up again where it was stopped."""
    return source.state in ("applying", "stopped") and policy.TAKE_IN.allows(viewer, source)


def may_drop(viewer: Actor, source: Import) -> bool:
    """Whether the viewer may stop the reading of a long file."""
    return source.state == "reading" and policy.TAKE_IN.allows(viewer, source)


def rows(viewer: Actor, source: Import, outcome: str = "") -> QuerySet[ImportRow]:
    """The report in the order of the file, of one outcome or of all."""
    found = ImportRow.objects.visible_to(viewer).filter(source=source).order_by("line", "pk")
    return found.filter(outcome=outcome) if outcome else found
