"""More time than the clock gave, and the reminders of it. Not here: the date that counts (core.Enrollment)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.programs.models.core import Enrollment
from cairn.apps.programs.states import EXTENSION
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import InternalQuerySet, VisibleQuerySet
from cairn.kernel import clock


class ExtensionQuerySet(VisibleQuerySet["Extension"]):
    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(Enrollment.objects.visible_to(viewer).filter(pk=OuterRef("enrollment_id"))))


class Extension(models.Model):
    """Asked for by the educator, or given unasked. Both dates stay, so that the whole history can be read."""

    id = IdField()
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=EXTENSION.choices, default=EXTENSION.initial)
    until = models.DateField()  # the last day asked for, or granted
    why = models.CharField(max_length=500, blank=True)  # the educator's words
    asked_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)  # of whoever decided
    is_beyond_end = models.BooleanField(default=False)  # past the last day of the offering: the owner's to grant
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrollment"], condition=Q(state="asked"), name="one_question_for_time")]


class Reminder(models.Model):
    """That a person was reminded of a date, so that nobody is told twice."""

    id = IdField()
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(default=clock.now)

    objects = InternalQuerySet["Reminder"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrollment", "due_at", "days"], name="reminded_once")]
