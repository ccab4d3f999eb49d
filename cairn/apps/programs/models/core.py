"""Programs, what they offer, and who is enrolled with which clock. Not here: who asks for a seat, meetings, prices."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.programs.states import AT_ONCE_MODES, CLOCK_EVENTS, ENROLLMENT, OFFERING, OFFERING_KINDS, OWNER_ROLES
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import PublicQuerySet, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class ProgramQuerySet(PublicQuerySet["Program"]):
    def run_by(self, viewer: Actor) -> ProgramQuerySet:
        """Those whose offerings, participants and meetings the viewer manages."""
        organizations = viewer.scopes("coordinator", "organization") | viewer.scopes("organization admin", "organization")
        return self.filter(Q(pk__in=viewer.scopes("coordinator", "program")) | _owned_by(organizations))

    def owned_by(self, viewer: Actor) -> ProgramQuerySet:
        """Those that an organization owns whose admin the viewer is."""
        return self.filter(_owned_by(viewer.scopes("organization admin", "organization")))


def _owned_by(organizations: set[str]) -> Q:
    """Programs that one of the organizations leads, or owns together with others; hosts and partners own nothing."""
    with_others = Ownership.objects.filter(program=OuterRef("pk"), role="owner", left_on=None, organization_id__in=organizations)
    return Q(organization_id__in=organizations) | Q(Exists(with_others))


class Program(models.Model):
    """What an organization runs: its micro-credentials are offered through it."""

    id = IdField()
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    summary = models.TextField(blank=True)
    notice = models.CharField(max_length=300, blank=True)  # whose words these are, where they are not the program's own
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    finish_at = models.PositiveSmallIntegerField(default=1)  # micro-credentials after which a participant has finished, for its figures
    at_once = models.PositiveSmallIntegerField(default=2)  # pilots that one person should be in at the same time
    at_once_mode = models.CharField(max_length=10, choices=list(AT_ONCE_MODES.items()), default="soft")
    checks_first = models.BooleanField(default=False)  # whether somebody looks that a submission is whole before assessors are asked
    research_by_all = models.BooleanField(default=False)  # whether those who take part add to the research log too
    at_once_counts_decisions = models.BooleanField(default=True)  # whether one that waits for its decision still counts

    objects = ProgramQuerySet.as_manager()


class Ownership(models.Model):
    """What an organization is to a program beside the one that leads it: owner, host, co-author or partner."""

    id = IdField()
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=list(OWNER_ROLES.items()))
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    objects = PublicQuerySet["Ownership"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "organization", "role"], condition=Q(left_on=None), name="one_part_each"),
            models.CheckConstraint(condition=Q(left_on=None) | Q(left_on__gte=models.F("joined_on")), name="leaves_after_joining"),
        ]
        indexes = [models.Index(fields=["organization", "role"], condition=Q(left_on=None), name="who_owns_what")]


class Offering(models.Model):
    """A micro-credential that may be begun, openly or in a pilot, with the rule for its clock and its seats.

    `seats_taken` counts seats that are held and seats that are offered; only a conditional UPDATE raises it.
    """

    id = IdField()
    slug = models.SlugField(max_length=110, unique=True)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    microcredential = models.ForeignKey("catalog.Microcredential", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=list(OFFERING_KINDS.items()))
    state = models.CharField(max_length=10, choices=OFFERING.choices, default=OFFERING.initial)
    opens_on = models.DateField()
    last_day = models.DateField(null=True)
    days = models.PositiveIntegerField(null=True)
    terms = models.PositiveSmallIntegerField(null=True)  # academic ones, that each person has
    calendar = models.JSONField(default=dict, blank=True)  # whose terms, as they were when it was said
    begins_text = models.CharField(max_length=80, blank=True)  # "mid February", until a date is fixed
    clock_event = models.CharField(max_length=12, choices=list(CLOCK_EVENTS.items()), default="registration")
    asks_meeting = models.BooleanField(default=False)
    recording_satisfies = models.BooleanField(default=False)
    is_chosen = models.BooleanField(default=False)  # the coordinator chooses among those who apply
    seats_min = models.PositiveIntegerField(null=True)
    seats_max = models.PositiveIntegerField(null=True)
    seats_taken = models.PositiveIntegerField(default=0)
    shows_seats = models.BooleanField(default=True)
    offer_hours = models.PositiveIntegerField(default=72)
    completions_needed = models.PositiveIntegerField(default=8)
    feedback_required = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    objects = PublicQuerySet["Offering"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(last_day=None) | ~Q(days=None) | ~Q(terms=None), name="offering_has_a_clock"),
            models.CheckConstraint(condition=Q(last_day=None) | Q(last_day__gte=models.F("opens_on")), name="offering_ends_after_opening"),
            models.CheckConstraint(condition=Q(seats_max=None) | Q(seats_taken__lte=models.F("seats_max")), name="no_seat_given_twice"),
            models.CheckConstraint(
                condition=Q(seats_max=None) | Q(seats_min=None) | Q(seats_min__lte=models.F("seats_max")), name="seats_from_few_to_many"
            ),
        ]

    @property
    def is_by_registration(self) -> bool:
        """Whether one asks for a place first, and begins then."""
        return self.seats_max is not None or self.asks_meeting or self.is_chosen or self.clock_event != "registration"

    def is_over_on(self, day: date) -> bool:
        """Whether its last day has passed; one without a last day is never over."""
        return self.last_day is not None and day > self.last_day


def run_by(viewer: Actor) -> models.QuerySet[Offering]:
    """Offerings of programs that the viewer runs."""
    return Offering.objects.filter(program__in=Program.objects.run_by(viewer))


class EnrollmentQuerySet(VisibleQuerySet["Enrollment"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The learner; coordinators and admins of the program or its organization."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        run = run_by(viewer).filter(pk=OuterRef("offering_id"))
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
    awaits_decision = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "microcredential"], condition=Q(state="active"), name="one_run_at_a_time"),
        ]
        indexes = [models.Index(fields=["person", "state"])]
