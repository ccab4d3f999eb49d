"""Who asks for a place in an offering, and who would like one some day. Not here: how many seats there are (core)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.programs.models.core import Enrollment, Offering, Program, run_by
from cairn.apps.programs.states import LEAVING_REASONS, REGISTRATION
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock

LIVE = ("applied", "waiting", "offered", "seated")


class RegistrationQuerySet(VisibleQuerySet["Registration"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The educator, and those who run the program."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(person_id=viewer.person_id) | Q(Exists(run_by(viewer).filter(pk=OuterRef("offering_id"))))

    def live(self) -> RegistrationQuerySet:
        return self.filter(state__in=LIVE)

    def in_line(self) -> RegistrationQuerySet:
        """Those who wait, the first to have asked first."""
        return self.filter(state="waiting").order_by("asked_at", "pk")


class Registration(models.Model):
    """A person's place in an offering: asked for, waited for, offered, held, given up."""

    id = IdField()
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=REGISTRATION.choices, default=REGISTRATION.initial)
    asked_at = models.DateTimeField(default=clock.now)
    offered_until = models.DateTimeField(null=True)
    seated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    acknowledged = models.CharField(max_length=300, blank=True)  # the warning that was gone past, as it was said; by whom, the fact knows
    reason = models.CharField(max_length=10, choices=list(LEAVING_REASONS.items()), blank=True)
    enrollment = models.OneToOneField(Enrollment, on_delete=models.PROTECT, null=True, related_name="+")

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offering", "person"], condition=Q(state__in=LIVE), name="one_place_each"),
            models.CheckConstraint(condition=~Q(state="offered") | ~Q(offered_until=None), name="an_offer_ends"),
            models.CheckConstraint(condition=~Q(state="seated") | ~Q(seated_at=None), name="a_seat_has_its_day"),
        ]
        indexes = [
            models.Index(fields=["offering", "state", "asked_at"], name="who_is_in_line"),
            models.Index(fields=["person", "state"], name="places_of_a_person"),
            models.Index(fields=["offered_until"], condition=Q(state="offered"), name="offers_that_end"),
        ]

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def offer_has_ended(self) -> bool:
        """Whether its seat is to go to the next in line, as it does within a minute."""
        return self.state == "offered" and self.offered_until is not None and clock.now() > self.offered_until


class InterestQuerySet(VisibleQuerySet["Interest"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever said it, and those who run the program."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(person_id=viewer.person_id) | Q(program__in=Program.objects.run_by(viewer))


class Interest(models.Model):
    """Somebody would like to hear of pilots: of one micro-credential, or of all that a program will have."""

    id = IdField()
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    microcredential = models.ForeignKey("catalog.Microcredential", on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "microcredential", "person"], condition=Q(ended_at=None), name="one_interest_each"),
            models.UniqueConstraint(
                fields=["program", "person"], condition=Q(ended_at=None, microcredential=None), name="one_interest_in_all"
            ),
        ]
