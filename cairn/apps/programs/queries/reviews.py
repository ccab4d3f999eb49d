"""Reading what participants told the developers, and whether a pilot is good enough to launch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from cairn.apps.catalog import queries as catalog
from cairn.apps.programs import policy
from cairn.apps.programs.models import BoardVote, DeveloperFeedback, Enrollment, LaunchReview, Offering
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.pure.surveys import Share


def sections_of(viewer: Actor, version_id: str) -> tuple[tuple[str, str], ...]:
    """The sections of a version that one may say something about: key and title."""
    content = catalog.content(viewer, version_id)
    parts = tuple((f"part-{part.key}", part.title) for part in content.parts)
    return (("overview", "What it is, and for whom"), ("outcomes", "Outcomes and their details"), ("method", "Key method"), *parts,
            ("rubric", "Rubric"), ("resources", "Research and resources"))  # fmt: skip


def my_feedback(viewer: Actor, enrollment_id: str) -> tuple[Enrollment, tuple[tuple[str, str], ...], DeveloperFeedback | None]:
    """The viewer's own enrollment, what they may speak of, and what they have said."""
    runs = Enrollment.objects.visible_to(viewer).filter(person_id=viewer.person_id).select_related("offering__program", "microcredential")
    run = runs.get_or_not_found(pk=enrollment_id)
    given = DeveloperFeedback.objects.visible_to(viewer).filter(enrollment=run).first()
    return run, sections_of(viewer, run.version_id), given


def _given() -> Exists:
    return Exists(DeveloperFeedback.objects.filter(enrollment=OuterRef("pk")))


def owes_feedback(viewer: Actor, enrollment: Enrollment) -> bool:
    """Whether the pilot is not complete for this learner before they have told the developers what they think."""
    return enrollment.offering.feedback_required and not Enrollment.objects.visible_to(viewer).filter(_given(), pk=enrollment.pk).exists()


def owing_feedback(viewer: Actor, offering: Offering) -> set[str]:
    """Ids of earned runs that are not complete before the learner has told the developers what they think."""
    runs = Enrollment.objects.visible_to(viewer).filter(~_given(), offering=offering, state="completed")
    return set(runs.values_list("pk", flat=True)) if offering.feedback_required else set()


def completed_runs(offering: Offering) -> QuerySet[Enrollment]:
    """Runs that count as complete: earned, and with feedback where the offering asks for it."""
    runs = Enrollment.objects.filter(offering=offering, state="completed")
    return runs.filter(_given()) if offering.feedback_required else runs


def completions_of(offering: Offering) -> int:
    return completed_runs(offering).count()


# --- What developers hear -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rating:
    """Ratings from 1 to 5: how many, and their mean, least and most where there are any."""

    n: int
    mean: float | None
    least: int | None
    most: int | None


@dataclass(frozen=True)
class SectionHeard:
    """A section as the developers read of it: `words` in an order that says nothing of who wrote them."""

    key: str
    title: str
    clarity: Rating
    rigor: Rating
    words: tuple[str, ...]


@dataclass(frozen=True)
class Heard:
    offering: Offering
    n: int
    sections: tuple[SectionHeard, ...]


def heard(viewer: Actor, offering_id: str) -> Heard:
    """What participants told, section by section and without names: for those who run the program, author the micro-credential, or sit on
    the board."""
    offering = _offering(viewer, offering_id)
    issuer = offering.microcredential.issuer_id
    is_author = viewer.holds("author", organization=issuer, microcredential=offering.microcredential_id)
    is_member = LaunchReview.objects.visible_to(viewer).filter(offering=offering).exists()
    if not (is_author or is_member or policy.RUN_PROGRAM.allows(viewer, offering.program)):
        raise NotFound("page")
    given = list(DeveloperFeedback.objects.filter(enrollment__offering=offering).select_related("enrollment"))
    titles = {key: title for version in {each.enrollment.version_id for each in given} for key, title in sections_of(viewer, version)}
    return Heard(offering, len(given), tuple(_heard(key, title, given) for key, title in titles.items()))


def _heard(key: str, title: str, given: Sequence[DeveloperFeedback]) -> SectionHeard:
    said = [each.sections[key] for each in given if key in each.sections]
    words = tuple(sorted(one["words"] for one in said if one["words"]))
    return SectionHeard(key, title, _rating([one["clarity"] for one in said]), _rating([one["rigor"] for one in said]), words)


def _rating(values: Sequence[int]) -> Rating:
    if not values:
        return Rating(0, None, None, None)
    return Rating(len(values), sum(values) / len(values), min(values), max(values))


def _offering(viewer: Actor, offering_id: str) -> Offering:
    offerings = Offering.objects.visible_to(viewer).select_related("program__organization", "microcredential")
    return offerings.get_or_not_found(pk=offering_id)


# --- The gate -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gate:
    """Whether a pilot may launch, and what stands in its way. `finished` is of all who began."""

    offering: Offering
    completions: int
    needed: int
    finished: Share
    feedback: int
    rigor: Rating
    clarity: Rating
    review: LaunchReview | None
    votes: tuple[BoardVote, ...]

    @property
    def is_met(self) -> bool:
        return self.completions >= self.needed

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.completions)

    @property
    def voted(self) -> int:
        return sum(bool(vote.vote) for vote in self.votes)


def gate(viewer: Actor, offering_id: str) -> Gate:
    """For those who run the program and the members of its board; the latest review counts."""
    offering = _offering(viewer, offering_id)
    reviews = LaunchReview.objects.visible_to(viewer).filter(offering=offering).order_by("-convened_at", "-pk")
    review = reviews.first()
    if review is None and not policy.RUN_PROGRAM.allows(viewer, offering.program):
        raise NotFound("page")
    votes = tuple(review.votes.select_related("person").order_by("person__name", "pk")) if review else ()
    cast = [vote for vote in votes if vote.vote]
    began, complete = Enrollment.objects.filter(offering=offering).count(), completions_of(offering)
    return Gate(
        offering, complete, offering.completions_needed, Share(complete, began),
        DeveloperFeedback.objects.filter(enrollment__offering=offering).count(),
        _rating([vote.rigor for vote in cast if vote.rigor]), _rating([vote.clarity for vote in cast if vote.clarity]), review, votes,
    )  # fmt: skip


def my_vote(viewer: Actor, review: LaunchReview) -> BoardVote | None:
    return BoardVote.objects.visible_to(viewer).filter(review=review, person_id=viewer.person_id).first()


def launch_state(viewer: Actor, offering: Offering) -> str:
    """Where a pilot stands on its way to launch, which anyone may know: "in pilot", "under review", "sent back", or "approved"."""
    asked = Offering.objects.visible_to(viewer).filter(pk=offering.pk)
    states = LaunchReview.objects.filter(offering__in=asked).order_by("-convened_at", "-pk").values_list("state", flat=True)
    latest = states.first()
    return {"open": "under review", None: "in pilot"}.get(latest, str(latest))
