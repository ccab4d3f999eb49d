"""Querysets that begin with what the viewer may see, and rows locked for a change.

`visible_to` uses `Exists`, never `.distinct()` or outer joins: PostgreSQL refuses those under FOR UPDATE.
"""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q

from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound

M = TypeVar("M", bound=models.Model)


class VisibleQuerySet(models.QuerySet[M]):
    """Base of every app's querysets. Each model says in `seen_by` which rows a viewer may know of."""

    def visible_to(self, viewer: Actor) -> Self:
        return self.filter(self.seen_by(viewer))

    def seen_by(self, viewer: Actor) -> Q:
        raise NotImplementedError(f"{type(self).__name__} does not say who sees {self.model.__name__}")

    def get_or_not_found(self, **by: Any) -> M:
        if any(isinstance(value, str) and "\0" in value for value in by.values()):  # PostgreSQL has no such text
            raise NotFound(str(self.model._meta.verbose_name))
        try:
            return self.get(**by)
        except (ObjectDoesNotExist, ValueError):
            raise NotFound(str(self.model._meta.verbose_name)) from None

    def locked(self, **by: Any) -> M:
        """The row, locked until the command ends; NotFound where there is none among these."""
        return self.select_for_update(of=("self",)).get_or_not_found(**by)


def everyone() -> Q:
    return Q()


def nobody() -> Q:
    return Q(pk__in=[])


class PublicQuerySet(VisibleQuerySet[M]):
    """For what anyone may read without an account."""

    def seen_by(self, viewer: Actor) -> Q:
        return everyone()


class InternalQuerySet(VisibleQuerySet[M]):
    """For rows that no page shows by themselves: reached through the row that owns them, or by the system."""

    def seen_by(self, viewer: Actor) -> Q:
        return everyone() if viewer.is_system else nobody()
