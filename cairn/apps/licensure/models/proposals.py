"""Micro-credentials that educators design for themselves, and the council that says whether they may begin.

Not here: what a proposal must hold (pure.proposals), the micro-credential that it becomes (catalog).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.licensure.models.claims import OwnVoteQuerySet
from cairn.apps.licensure.models.recognizers import before_council
from cairn.apps.licensure.states import PROPOSAL, PROPOSAL_VOTES
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class ProposalQuerySet(VisibleQuerySet["Proposal"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever writes it; once it was sent, the council, while the educator works there where it is where they work."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(person_id=viewer.person_id) | (before_council(viewer) & ~Q(state="drafted") & ~Q(submitted_at=None))


class Proposal(models.Model):
    """A plan for a micro-credential of one's own. `content` is being written; what was sent stands in its rounds."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    template = models.CharField(max_length=80)  # which components are asked for (data/proposals)
    content = models.JSONField(default=dict)  # component -> text; "sources" -> [{"title", "url", "adds"}]
    revision = models.PositiveIntegerField(default=0)  # grows with each saving, so that no tab overwrites another unseen
    is_at_work = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=PROPOSAL.choices, default=PROPOSAL.initial)
    begun_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    microcredential = models.OneToOneField("catalog.Microcredential", on_delete=models.PROTECT, null=True, related_name="+")
    offering = models.OneToOneField("programs.Offering", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state="approved") | Q(microcredential__isnull=False), name="approved_can_be_earned"),
        ]
        indexes = [models.Index(fields=["organization", "state", "due_on"]), models.Index(fields=["person", "state"])]


class OfProposalQuerySet(VisibleQuerySet["ProposalRound"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever sees the proposal."""
        return Q(Exists(Proposal.objects.visible_to(viewer).filter(pk=OuterRef("proposal_id"))))


class ProposalRound(models.Model):
    """A proposal as it was sent, with what was found in it. Its words never change; findings are added to it."""

    id = IdField()
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    content = models.JSONField()
    findings = models.JSONField(default=list)  # [{"component", "words", "by": "check" | "council"}]
    outcome = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)
    sent_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)  # when its sources were last asked whether they answer
    silent = models.JSONField(default=dict)  # address of a source that did not answer -> the day

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="one_round_a_number")]


class ProposalVote(models.Model):
    """What one member of the council said to a proposal as it was sent."""

    id = IdField()
    round = models.ForeignKey(ProposalRound, on_delete=models.PROTECT, related_name="votes")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    vote = models.CharField(max_length=10, choices=list(PROPOSAL_VOTES.items()))
    words = models.TextField(blank=True)
    voted_at = models.DateTimeField(default=clock.now)

    objects = OwnVoteQuerySet["ProposalVote"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="one_vote_on_a_proposal")]
