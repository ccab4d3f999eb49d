"""Programs, what they offer, and who is enrolled with which clock. Not here: seats, meetings and prices."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.programs.states import ENROLLMENT, OFFERING, OFFERING_KINDS
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import PublicQuerySet, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class Program(models.Model):
    """What an organization runs: its micro-credentials are offered through it."""

    id = IdField()
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    summary = models.TextField(blank=True)
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")

    objects = PublicQuerySet["Program"].as_manager()


class Offering(models.Model):
    """A micro-credential that may be begun, openly or in a pilot, with the rule for its clock."""

    id = IdField()
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    microcredential = models.ForeignKey("catalog.Microcredential", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=list(OFFERING_KINDS.items()))
    state = models.CharField(max_length=10, choices=OFFERING.choices, default=OFFERING.initial)
    opens_on = models.DateField()
    last_day = models.DateField(null=True)
    days = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = PublicQuerySet["Offering"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(last_day=None) | ~Q(days=None), name="offering_has_a_clock"),
            models.CheckConstraint(condition=Q(last_day=None) | Q(last_day__gte=models.F("opens_on")), name="offering_ends_after_opening"),
        ]


class EnrollmentQuerySet(VisibleQuerySet["Enrollment"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The learner; coordinators and admins of the program or its organization."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        organizations = viewer.scopes("coordinator", "organization") | viewer.scopes("organization admin", "organization")
        run = Offering.objects.filter(
            Q(program_id__in=viewer.scopes("coordinator", "program")) | Q(program__organization_id__in=organizations),
            pk=OuterRef("offering_id"),
        )
        return Q(person_id=viewer.person_id) | Q(Exists(run))


class Enrollment(models.Model):
    """A learner's run at one version of a micro-credential. It owns the clock; zone and due date are frozen when it begins."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("catalog.MicrocredentialVersion", on_delete=models.PROTECT, related_name="+")
    microcredential = models.ForeignKey("catalog.Microcredential", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ENROLLMENT.choices, default=ENROLLMENT.initial)
    started_at = models.DateTimeField()
    zone = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    due_reason = models.CharField(max_length=20)
    due_sentence = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "microcredential"], condition=Q(state="active"), name="one_run_at_a_time"),
        ]
        indexes = [models.Index(fields=["person", "state"])]
