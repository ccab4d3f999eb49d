"""Letters: every e-mail that Cairn writes, kept so that it is sent once and can be read in the product; and how people want them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cairn.apps.comms.states import CATEGORIES, LETTER
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


def own(viewer: Actor) -> Q:
    """Somebody's alone. Neither an operator's nor support's to read: sign-in links are among letters."""
    if viewer.is_system:
        return everyone()
    return Q(person_id=viewer.person_id) if viewer.person_id and not viewer.only_looks else nobody()


class LetterQuerySet(VisibleQuerySet["Letter"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Your own."""
        return own(viewer)


class Letter(models.Model):
    id = IdField()
    kind = models.CharField(max_length=80)  # the event that it tells of, or the sign-in message
    category = models.CharField(max_length=12, choices=[(key, each.title) for key, each in CATEGORIES.items()], default="account")
    cause = models.CharField(max_length=20, blank=True)  # uid of the fact that it tells of
    once = models.CharField(max_length=120, blank=True)  # what there is one letter for, where that is no fact
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, null=True, related_name="+")
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    path = models.CharField(max_length=400, blank=True)  # where it leads
    state = models.CharField(max_length=10, choices=LETTER.choices, default=LETTER.initial)
    waits_for = models.CharField(max_length=10, blank=True)  # "morning" (quiet hours), "daily" or "weekly"
    goes_at = models.DateTimeField(null=True)  # when the wait is over
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # here

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause", "kind", "address"], condition=~Q(cause=""), name="told_once"),
            models.UniqueConstraint(fields=["once"], condition=~Q(once=""), name="one_letter_for_it"),
        ]
        indexes = [
            models.Index(fields=["person", "created_at"]),
            models.Index(fields=["person"], condition=Q(read_at=None), name="letter_unread"),
            models.Index(fields=["goes_at"], condition=Q(state="waiting"), name="letter_waiting"),
        ]


class PreferencesQuerySet(VisibleQuerySet["Preferences"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Your own."""
        return own(viewer)


class Preferences(models.Model):
    """How a person wants letters, where they have said so; quiet hours are on their own clocks."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    hows = models.JSONField(default=dict)  # category -> how
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    changed_at = models.DateTimeField(default=clock.now)

    objects = PreferencesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "preferences"
        constraints = [
            models.UniqueConstraint(fields=["person"], name="preferences_of_a_person"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_end",
            ),
        ]


class WordingQuerySet(VisibleQuerySet["Wording"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Admins of the organization; coordinators too, whose letters go by them."""
        if viewer.is_system:
            return everyone()
        mine = viewer.scopes("organization admin", "organization") | viewer.scopes("coordinator", "organization")
        return Q(organization_id__in=mine) if mine else nobody()


class Wording(models.Model):
    """An organization's own words for a kind of letter, version after version; an empty one means: ours again."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    made_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = WordingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "kind", "number"], name="one_wording_a_number")]


class CalendarFeedQuerySet(VisibleQuerySet["CalendarFeed"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Your own."""
        return own(viewer)

    def live(self) -> CalendarFeedQuerySet:
        return self.filter(ended_at=None, person__account__is_active=True)


class CalendarFeed(models.Model):
    """That a person reads their dates in a calendar of theirs. Its address follows from the id and the site's secret."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="one_feed_at_a_time"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("made_at")), name="feed_ends_after_start"),
        ]


class NudgeQuerySet(VisibleQuerySet["Nudge"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever wrote it, admins and coordinators of the organization."""
        if viewer.is_system:
            return everyone()
        mine = viewer.scopes("organization admin", "organization") | viewer.scopes("coordinator", "organization")
        return Q(made_by=viewer.person_id) | Q(organization_id__in=mine) if viewer.person_id else nobody()


class Nudge(models.Model):
    """A coordinator's letter to several people at once: in which words, and how many of them had it."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    program = models.CharField(max_length=20, blank=True)  # id, of a capability above
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)  # with its placeholders, as they were
    text = models.TextField()
    told = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)  # had one of this kind that day
    made_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = NudgeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "made_at"])]
