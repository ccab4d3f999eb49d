"""Bodies that give something for an award: who they are, by which dated schedules, and what they approved beforehand.

Not here: claims, and what follows from a schedule (pure.rules).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.licensure.states import BODIES, PRIOR_APPROVAL
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import PublicQuerySet, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


def decides_for(viewer: Actor) -> set[str]:
    """Organizations for which the viewer answers claims. Where one person decides, that person holds the same role."""
    return viewer.scopes("council member", "organization")


def before_council(viewer: Actor) -> Q:
    """Rows of educators who came before a council of the viewer's: of a place of work only while they work there."""
    own = decides_for(viewer)
    if not own:
        return nobody()
    at_work = people.at_work_in(own).filter(person=OuterRef("person_id"))
    return Q(organization_id__in=own) & (Q(is_at_work=False) | Q(Exists(at_work)))


class Recognizer(models.Model):
    """An organization that takes claims: a district's council, a registrar, a personnel office. Anyone may read how it decides."""

    id = IdField()
    organization = models.OneToOneField("people.Organization", on_delete=models.PROTECT, related_name="+")
    body = models.CharField(max_length=10, choices=list(BODIES.items()), default="council")
    called = models.CharField(max_length=120, default="Professional development council")
    votes_needed = models.PositiveSmallIntegerField(default=3)  # equal votes that settle a claim
    answer_days = models.PositiveSmallIntegerField(default=15)  # business days
    appeal = models.CharField(max_length=500, blank=True)  # where an educator may appeal, as they read it
    meets_at = models.DateTimeField(null=True)
    meets_where = models.CharField(max_length=120, blank=True)

    objects = PublicQuerySet["Recognizer"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(votes_needed__range=(1, 25)), name="a_claim_needs_votes"),
            models.CheckConstraint(condition=~Q(body="person") | Q(votes_needed=1), name="one_person_decides_alone"),
            models.CheckConstraint(condition=Q(answer_days__range=(1, 90)), name="claims_are_answered"),
        ]


class ScheduleVersion(models.Model):
    """What an organization gives for what, from a day on. Kept for ever, so that an answer can be recomputed as it was."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    slug = models.CharField(max_length=160)  # "us/ks/schedules/points", or an organization's own
    title = models.CharField(max_length=200)
    text = models.TextField()  # YAML, as pure.rules reads it
    hash = models.CharField(max_length=64)
    rule = models.CharField(max_length=160)  # the schedule that it rests on: elections are made once for each
    effective = models.DateField()
    adopted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(default=clock.now)
    ended_on = models.DateField(null=True)  # the last day on which claims were taken under it

    objects = PublicQuerySet["ScheduleVersion"].as_manager()

    class Meta:
        verbose_name = "schedule"
        constraints = [models.UniqueConstraint(fields=["organization", "slug", "effective", "hash"], name="one_schedule_text_a_day")]
        indexes = [models.Index(fields=["organization", "slug", "effective"])]


class PriorApprovalQuerySet(VisibleQuerySet["PriorApproval"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever asked, and those who answer for the recognizer: where it is where the asker works, while they work there."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(person_id=viewer.person_id) | before_council(viewer)


class PriorApproval(models.Model):
    """What a recognizer said beforehand about something that an educator means to earn or do."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    microcredential = models.ForeignKey("catalog.Microcredential", on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)  # of the micro-credential, or what the educator means to do
    why = models.TextField(blank=True)
    is_at_work = models.BooleanField(default=False)  # whether the recognizer is where they work
    state = models.CharField(max_length=10, choices=PRIOR_APPROVAL.choices, default=PRIOR_APPROVAL.initial)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)
    answered_on = models.DateField(null=True)  # on the site's calendar: what claims are measured against
    answered_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)

    objects = PriorApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = "prior approval"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization", "title"],
                condition=Q(state__in=["asked", "approved"], microcredential=None),
                name="asked_beforehand_once",
            ),
            models.UniqueConstraint(
                fields=["person", "organization", "microcredential"],
                condition=Q(state__in=["asked", "approved"]),
                name="asked_of_it_beforehand_once",
            ),
            models.CheckConstraint(condition=~Q(state="approved") | Q(answered_on__isnull=False), name="approved_on_a_day"),
        ]
