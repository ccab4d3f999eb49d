"""Reading letters, and the shape in which other capabilities say whom to tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from cairn.apps.comms.models import Letter
from cairn.frame.actor import Actor
from cairn.kernel.ids import Id


@dataclass(frozen=True)
class Notice:
    """Whom to tell, and the words that the template `comms/<kind>.txt` needs."""

    kind: str
    person_id: str
    name: str
    address: str
    words: Mapping[str, Any] = field(default_factory=dict)


def letter(viewer: Actor, letter_id: Id) -> Letter:
    return Letter.objects.visible_to(viewer).get_or_not_found(pk=letter_id)


def letters(viewer: Actor) -> QuerySet[Letter]:
    """The latest first."""
    return Letter.objects.visible_to(viewer).order_by("-created_at", "-id")
