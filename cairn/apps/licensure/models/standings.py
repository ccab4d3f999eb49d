"""Where a license stands on a route, as it was computed. Not here: computing it (pure.rules)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cairn.apps.licensure.models.licenses import EducatorLicense, OfLicenseQuerySet
from cairn.apps.licensure.states import STANDING_STATES
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class StandingQuerySet(OfLicenseQuerySet["Standing"]):
    """Seen by whoever sees the license."""


class Standing(models.Model):
    """A license on a route, by the version of that hash, on that day. What no longer holds is kept; the current one says so."""

    id = IdField()
    license = models.ForeignKey(EducatorLicense, on_delete=models.PROTECT, related_name="+")
    rules = models.CharField(max_length=160)  # the route: "us/mo/transition-administrator"
    hash = models.CharField(max_length=64)
    on = models.DateField()
    state = models.CharField(max_length=14, choices=list(STANDING_STATES.items()))
    met_on = models.DateField(null=True)
    result = models.JSONField()  # pure.rules: to_json of the standing
    marks = models.CharField(max_length=64, default="")  # of the states of its lines alone: what a look at the whole state compares
    digest = models.CharField(max_length=64)  # of all of it but the day: tells whether anything changed
    is_current = models.BooleanField(default=True)
    computed_at = models.DateTimeField(default=clock.now)

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["license", "rules"], condition=Q(is_current=True), name="one_current_standing"),
        ]
        indexes = [models.Index(fields=["rules", "state"], condition=Q(is_current=True), name="standings_by_route")]


class StandingRunQuerySet(VisibleQuerySet["StandingRun"]):
    def seen_by(self, viewer: Actor) -> Q:
        return everyone() if viewer.is_system or viewer.holds("operator") else nobody()


class StandingRun(models.Model):
    """One evaluation of everybody: how far it is, and what it changed."""

    id = IdField()
    on = models.DateField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    objects = StandingRunQuerySet.as_manager()
