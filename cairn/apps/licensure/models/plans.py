"""Growth plans with their goals, and micro-credentials that an educator plans for a license."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cairn.apps.licensure.models.licenses import EducatorLicense
from cairn.apps.licensure.states import BUCKETS, PLAN
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import M, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class GrowthPlanQuerySet(VisibleQuerySet["GrowthPlan"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Its educator; the supervisor that they named, once they have shared it."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(person_id=viewer.person_id) | (Q(supervisor_id=viewer.person_id) & ~Q(state="drafted"))


class GrowthPlan(models.Model):
    """What an educator wants to grow in, from when to when, and with whom they agreed on it."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    license = models.ForeignKey(EducatorLicense, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    supervisor = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=PLAN.choices, default=PLAN.initial)
    agreed_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(default=clock.now)

    objects = GrowthPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "growth plan"
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="plan_ends_after_start")]
        indexes = [models.Index(fields=["person"])]


class OfPlanQuerySet(VisibleQuerySet[M]):
    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(GrowthPlan.objects.visible_to(viewer).filter(pk=OuterRef("plan_id"))))


class Goal(models.Model):
    """One goal of a plan: whose goal it is (a bucket), and the standard that it is about."""

    id = IdField()
    plan = models.ForeignKey(GrowthPlan, on_delete=models.PROTECT, related_name="goals")
    place = models.PositiveSmallIntegerField()
    words = models.TextField()
    bucket = models.CharField(max_length=12, choices=list(BUCKETS.items()))
    standard = models.ForeignKey("catalog.FrameworkItem", on_delete=models.PROTECT, null=True, related_name="+")

    objects = OfPlanQuerySet["Goal"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "place"], name="one_goal_a_place")]


class PlannedQuerySet(VisibleQuerySet["Planned"]):
    def seen_by(self, viewer: Actor) -> Q:
        if viewer.is_system:
            return everyone()
        return Q(person_id=viewer.person_id) if viewer.person_id else nobody()


class Planned(models.Model):
    """A micro-credential that an educator means to earn for a license. Plans are for oneself: they count nowhere."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    license = models.ForeignKey(EducatorLicense, on_delete=models.PROTECT, related_name="+")
    microcredential = models.ForeignKey("catalog.Microcredential", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=clock.now)

    objects = PlannedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["license", "microcredential"], name="planned_once")]
