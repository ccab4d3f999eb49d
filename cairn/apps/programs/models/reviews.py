"""What participants told the developers, and the board that says whether a pilot may launch. Not here: the gate itself (queries)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.programs.models.core import Enrollment, Offering, run_by
from cairn.apps.programs.states import BOARD_VOTES, LAUNCH_REVIEW
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class DeveloperFeedbackQuerySet(VisibleQuerySet["DeveloperFeedback"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever gave it; developers read it by section, without names, through a query of its own."""
        if viewer.is_system:
            return everyone()
        return Q(enrollment__person_id=viewer.person_id) if viewer.person_id else nobody()


class DeveloperFeedback(models.Model):
    """What a participant told the developers of a version, section by section."""

    id = IdField()
    enrollment = models.OneToOneField(Enrollment, on_delete=models.PROTECT, related_name="+")
    sections = models.JSONField()  # section -> {"clarity": 1-5, "rigor": 1-5, "words"}
    given_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    objects = DeveloperFeedbackQuerySet.as_manager()


class LaunchReviewQuerySet(VisibleQuerySet["LaunchReview"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Those who run the program, and the members of its board."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        seats = BoardVote.objects.filter(review=OuterRef("pk"), person_id=viewer.person_id)
        return Q(Exists(run_by(viewer).filter(pk=OuterRef("offering_id")))) | Q(Exists(seats))


class LaunchReview(models.Model):
    """A board looks at what a pilot showed and says whether it may launch. One at a time for each offering."""

    id = IdField()
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=LAUNCH_REVIEW.choices, default=LAUNCH_REVIEW.initial)
    convened_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    minutes = models.TextField(blank=True)
    override = models.TextField(blank=True)  # why it was decided below the minimum, in the board's own words
    completions = models.PositiveIntegerField(null=True)  # as they stood when it was decided
    needed = models.PositiveIntegerField(null=True)

    objects = LaunchReviewQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offering"], condition=Q(state="open"), name="one_review_at_a_time")]


class BoardVoteQuerySet(VisibleQuerySet["BoardVote"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever sees the review."""
        return Q(Exists(LaunchReview.objects.visible_to(viewer).filter(pk=OuterRef("review_id"))))


class BoardVote(models.Model):
    """A member of the board, and what they said once they have."""

    id = IdField()
    review = models.ForeignKey(LaunchReview, on_delete=models.PROTECT, related_name="votes")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    rigor = models.PositiveSmallIntegerField(null=True)
    clarity = models.PositiveSmallIntegerField(null=True)
    vote = models.CharField(max_length=8, choices=list(BOARD_VOTES.items()), blank=True)
    words = models.TextField(blank=True)
    voted_at = models.DateTimeField(null=True)

    objects = BoardVoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "person"], name="one_vote_each"),
            models.CheckConstraint(
                condition=Q(vote="") | Q(rigor__range=(1, 5), clarity__range=(1, 5), voted_at__isnull=False), name="a_vote_is_whole"
            ),
        ]
