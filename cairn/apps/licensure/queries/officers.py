"""Rows of an office for programs that list them a page at a time. Not here: what pages of officers show (applications)."""

from __future__ import annotations

from django.db.models import QuerySet

from cairn.apps.licensure.models import Application, Determination
from cairn.frame.actor import Actor


def applications_at(viewer: Actor) -> QuerySet[Application]:
    """What others have asked the offices in which the viewer is a licensing officer."""
    held = viewer.scopes("licensing officer", "organization")
    found = Application.objects.visible_to(viewer).filter(authority__organization_id__in=held).exclude(person_id=viewer.person_id)
    return found.select_related("person")


def determinations_at(viewer: Actor) -> QuerySet[Determination]:
    """What was signed there."""
    found = Determination.objects.visible_to(viewer).filter(application__in=applications_at(viewer)).exclude(signed_at=None)
    return found.select_related("application__person", "snapshot__version", "first_by", "second_by")
