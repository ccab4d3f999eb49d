"""Meetings, the times to choose from, and who was there. Not here: what a meeting opens (policy)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cairn.apps.programs.models.core import Offering, Program
from cairn.apps.programs.states import ATTENDED_HOW, MEETING_KINDS
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import PublicQuerySet, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class Meeting(models.Model):
    """One occasion, held at one or several times; attending one of them is enough."""

    id = IdField()
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, null=True, related_name="+")  # none: for all that the program offers
    kind = models.CharField(max_length=12, choices=list(MEETING_KINDS.items()))
    title = models.CharField(max_length=160)
    about = models.TextField(blank=True)  # what will be said, and what to bring
    recording_url = models.URLField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = PublicQuerySet["Meeting"].as_manager()


class MeetingTime(models.Model):
    """One time of a meeting. How to join stands here and is shown to those who keep a place."""

    id = IdField()
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=60)
    join_url = models.URLField(max_length=300, blank=True)
    dial_in = models.CharField(max_length=40, blank=True)
    access_code = models.CharField(max_length=40, blank=True)
    help_url = models.URLField(max_length=300, blank=True)  # how to make one's device ready
    note = models.CharField(max_length=200, blank=True)  # "Live captions."
    places = models.PositiveIntegerField(null=True)
    sign_in_code = models.CharField(max_length=20, unique=True)  # in the link that is shown in the meeting itself
    revision = models.PositiveIntegerField(default=0)  # of the calendar entry
    is_canceled = models.BooleanField(default=False)

    objects = PublicQuerySet["MeetingTime"].as_manager()

    class Meta:
        verbose_name = "meeting"
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_meeting_ends_after_it_starts")]
        indexes = [models.Index(fields=["starts_at"])]


class AttendanceQuerySet(VisibleQuerySet["Attendance"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Oneself, and those who run the program."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(person_id=viewer.person_id) | Q(meeting__program__in=Program.objects.run_by(viewer))


class Attendance(models.Model):
    """A person and a meeting: the time they keep a place at, and that they were there."""

    id = IdField()
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    time = models.ForeignKey(MeetingTime, on_delete=models.PROTECT, null=True, related_name="+")  # none: the recording, or no time kept
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    phone_ending = models.CharField(max_length=4, blank=True)  # the last four digits, until the day after
    chosen_at = models.DateTimeField(default=clock.now)
    attended_at = models.DateTimeField(null=True)  # when the meeting began, or the recording was watched
    how = models.CharField(max_length=10, choices=list(ATTENDED_HOW.items()), blank=True)
    reminded_at = models.DateTimeField(null=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_time_of_a_meeting_each"),
            models.CheckConstraint(condition=Q(attended_at=None) | ~Q(how=""), name="how_it_is_known"),
        ]
        indexes = [models.Index(fields=["time"]), models.Index(fields=["person"])]


class CallerQuerySet(VisibleQuerySet["Caller"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Oneself, and those who run the program."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(person_id=viewer.person_id) | Q(offering__program__in=Program.objects.run_by(viewer))


class Caller(models.Model):
    """By which phone somebody on a roster is known when they dial in: its last four digits, until they are on it no more."""

    id = IdField()
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    ending = models.CharField(max_length=4)

    objects = CallerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offering", "person"], name="one_phone_on_a_roster")]
        indexes = [models.Index(fields=["person"])]
