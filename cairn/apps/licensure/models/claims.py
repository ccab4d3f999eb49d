"""What educators ask recognizers to give, who voted how, and what was given. Not here: what a schedule says to it (pure.rules)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.licensure.models.papers import KeptPaper
from cairn.apps.licensure.models.recognizers import PriorApproval, ScheduleVersion, before_council
from cairn.apps.licensure.states import CLAIM, CLAIM_VOTES, PURPOSES
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import InternalQuerySet, M, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class ClaimQuerySet(VisibleQuerySet["Claim"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The claimant; once it is sent, the recognizer's members: where it is where the claimant works, while they work there."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(person_id=viewer.person_id) | (before_council(viewer) & ~Q(state__in=["drafted", "waiting"]) & ~Q(submitted_at=None))


CLAIMED = ["drafted", "waiting", "submitted", "returned", "approved", "granted"]  # while it is, nobody claims the same again


class Claim(models.Model):
    """One educator asks one recognizer to give what its schedule says for one award, or for something else that they did.

    `answer` holds what the schedule says to it, with its citations, as it was last asked (pure.rules): the recognizer decides beside it.
    """

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    schedule = models.ForeignKey(ScheduleVersion, on_delete=models.PROTECT, related_name="+")
    credential = models.ForeignKey("credentials.Credential", on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)  # of the micro-credential, or what the educator calls what they did
    done_on = models.DateField()  # the day of the award, or the last day of what was done
    kind = models.CharField(max_length=20, default="micro-credential")  # of what was done: "micro-credential", "hours", "credit"...
    hours = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    quantity = models.DecimalField(max_digits=7, decimal_places=2, default=1)  # semester hours of a course, say
    unit = models.CharField(max_length=40, blank=True)  # of the quantity, as the schedule takes it: "ceu", "quarter-hour"
    days = models.PositiveSmallIntegerField(default=1)  # on which it was done, for what a day may give
    evidence = models.TextField(blank=True)
    purpose = models.CharField(max_length=30, choices=list(PURPOSES.items()))
    level = models.CharField(max_length=30, blank=True)
    bucket = models.CharField(max_length=30, blank=True)
    elected = models.CharField(max_length=40, blank=True)
    asked = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    buys = models.BooleanField(default=False)  # the credit that the schedule offers for a fee
    note = models.TextField(blank=True)
    rests_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")  # the knowledge that was applied
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")  # they are answered together
    approval = models.ForeignKey(PriorApproval, on_delete=models.PROTECT, null=True, related_name="+")
    is_at_work = models.BooleanField(default=False)  # whether the recognizer is where they work
    state = models.CharField(max_length=10, choices=CLAIM.choices, default=CLAIM.initial)
    answer = models.JSONField(default=dict)
    begun_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True)
    claimed_on = models.DateField(null=True)  # when it was first sent, on the recognizer's calendar: what deadlines are measured by
    due_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # of the outcome, as the claimant reads it
    reference = models.CharField(max_length=80, blank=True)  # of a transcript
    order = models.ForeignKey("payments.Order", on_delete=models.PROTECT, null=True, related_name="+")  # of the fee
    waived = models.CharField(max_length=300, blank=True)  # why the fee is not asked for

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "credential", "level", "bucket"], name="claimed_once",
                condition=Q(credential__isnull=False, state__in=CLAIMED),
            ),
            models.CheckConstraint(condition=Q(state__in=["drafted", "withdrawn"]) | Q(claimed_on__isnull=False), name="sent_on_a_day"),
            models.CheckConstraint(condition=Q(asked=None) | Q(asked__gt=0), name="asks_for_something"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["organization", "state", "due_on"]), models.Index(fields=["person", "state"])]

    @property
    def is_fee_settled(self) -> bool:
        return bool(self.waived) or (self.order is not None and self.order.state == "paid")


class ClaimPaperQuerySet(VisibleQuerySet["ClaimPaper"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever sees the claim; whom a council asks about it, its query says (queries.claims)."""
        return Q(Exists(Claim.objects.visible_to(viewer).filter(pk=OuterRef("claim_id"))))


class ClaimPaper(KeptPaper):
    """A paper that shows what was done."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="papers")

    objects = ClaimPaperQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "sha256"], name="a_paper_shows_it_once")]


class Election(models.Model):
    """What an educator chose an award to count as, where a rule lets it count as one thing or another. It is made once."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    credential = models.ForeignKey("credentials.Credential", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=160)
    elected = models.CharField(max_length=40)
    elected_at = models.DateTimeField(default=clock.now)

    objects = InternalQuerySet["Election"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["credential", "rule"], name="elected_once")]


class OwnVoteQuerySet(VisibleQuerySet[M]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever cast it. Others see counts, the claimant sees the outcome."""
        if viewer.is_system:
            return everyone()
        return Q(person_id=viewer.person_id) if viewer.person_id else nobody()


class ClaimVote(models.Model):
    """What one member of a council said to a claim."""

    id = IdField()
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="votes")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    vote = models.CharField(max_length=10, choices=list(CLAIM_VOTES.items()))
    words = models.TextField(blank=True)
    voted_at = models.DateTimeField(default=clock.now)
    is_past = models.BooleanField(default=False)  # cast before the claim was returned and sent again

    objects = OwnVoteQuerySet["ClaimVote"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "person"], condition=Q(is_past=False), name="one_vote_on_a_claim")]


class CreditAwardQuerySet(VisibleQuerySet["CreditAward"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whose it is; and the recognizer that gave it, as of the claim."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(person_id=viewer.person_id) | before_council(viewer)


class CreditAward(models.Model):
    """What a recognizer gave: so many points, hours or credits, from which claim, in which bucket, and until when they last."""

    id = IdField()
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    is_at_work = models.BooleanField(default=False)
    amount = models.DecimalField(max_digits=9, decimal_places=2)
    unit = models.CharField(max_length=40)
    level = models.CharField(max_length=30, blank=True)
    bucket = models.CharField(max_length=30, blank=True)
    done_on = models.DateField()
    granted_at = models.DateTimeField(default=clock.now)
    granted_on = models.DateField()
    lasts_until = models.DateField(null=True)
    cite = models.TextField(blank=True)
    stopped_at = models.DateTimeField(null=True)  # its award was revoked
    is_again = models.BooleanField(default=False)  # it stands in another bucket already: it serves two goals, and counts in all once

    objects = CreditAwardQuerySet.as_manager()

    class Meta:
        verbose_name = "credit"
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="credit_is_something")]
        indexes = [models.Index(fields=["person", "done_on"])]
