"""Telling the developers, and a board that decides whether a pilot may launch. Not here: the gate's figures (queries)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cairn.apps.ledger.steps import record
from cairn.apps.programs import events, policy
from cairn.apps.programs.commands.core import check_window
from cairn.apps.programs.commands.seats import offer_free_seats
from cairn.apps.programs.models import BoardVote, DeveloperFeedback, Enrollment, LaunchReview, Offering, Registration
from cairn.apps.programs.queries.reviews import completions_of, sections_of
from cairn.apps.programs.states import BOARD_VOTES, LAUNCH_REVIEW
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.text import clean
from cairn.pure.clocks import long_date

WORDS, MINUTES, MEMBERS = 2_000, 20_000, 50


@command
def give_feedback(*, actor: Actor, enrollment_id: str, sections: Mapping[str, Mapping[str, Any]]) -> DeveloperFeedback:
    """Clarity and rigor from 1 to 5, and words, for each section of the version; may be changed until a board has decided on it.

    Where the board sends the pilot back, those who come after may speak as well, or the pilot could never be complete for them."""
    enrollment = Enrollment.objects.visible_to(actor).select_related("offering__program").locked(pk=enrollment_id)
    policy.GIVE_FEEDBACK.require(actor, enrollment)
    decided = LaunchReview.objects.filter(offering=enrollment.offering).exclude(state="open")
    before = DeveloperFeedback.objects.filter(enrollment=enrollment).first()
    if decided.filter(state="approved").exists() or (before and decided.filter(decided_at__gte=before.changed_at).exists()):
        raise Conflict("pilot-reviewed", "The board has decided on this pilot, so its feedback is closed.", "Write to the coordinator.")
    told = {key: _section(key, title, sections.get(key, {})) for key, title in sections_of(actor, enrollment.version_id)}
    feedback, is_new = DeveloperFeedback.objects.get_or_create(enrollment=enrollment, defaults={"sections": told})
    if is_new or feedback.sections != told:
        feedback.sections, feedback.changed_at = told, clock.now()
        feedback.save(update_fields=["sections", "changed_at"])
        record(events.FEEDBACK_GIVEN, actor=actor, subject=feedback, thread=enrollment.pk,
               organization=enrollment.offering.program.organization_id, sections=len(told))  # fmt: skip
    return feedback


def _section(key: str, title: str, said: Mapping[str, Any]) -> dict[str, Any]:
    rated = {name: _rating(f"{key}-{name}", title, said.get(name)) for name in ("clarity", "rigor")}
    return {**rated, "words": clean(str(said.get("words", "")), limit=WORDS, field=f"{key}-words", name=f"What you say of {title}").strip()}


def _rating(field: str, what: str, value: Any) -> int:
    if str(value) not in ("1", "2", "3", "4", "5"):
        words = "Choose from 1 to 5."
        raise Invalid("rating-missing", f"{what} is not rated yet.", words, {field: words})
    return int(value)


# --- The board ------------------------------------------------------------------------------------------------------------


@command
def convene(*, actor: Actor, offering_id: str, members: Sequence[str]) -> LaunchReview:
    """Ask these persons to read what the pilot showed, and to vote."""
    offering = Offering.objects.select_related("program").locked(pk=offering_id)
    policy.RUN_PROGRAM.require(actor, offering.program)
    if LaunchReview.objects.filter(offering=offering, state="open").exists():
        raise Conflict("review-open", "A board is at it already.", "Go on with that review.")
    persons = list(dict.fromkeys(members))
    if not 1 <= len(persons) <= MEMBERS:
        raise Invalid("board-empty", f"A board has from 1 to {MEMBERS} members.", "Name its members.", {"members": "Name its members."})
    if _take_part(offering.pk, persons):
        raise Conflict("own-pilot", "Somebody on this board takes part in the pilot.", "Name others.", {"members": "Name others."})
    review = LaunchReview.objects.create(offering=offering)
    BoardVote.objects.bulk_create(BoardVote(review=review, person_id=person) for person in persons)
    record(events.REVIEW_CONVENED, actor=actor, subject=review, organization=offering.program.organization_id, offering=offering.pk,
           members=persons)  # fmt: skip
    return review


def _take_part(offering_id: str, persons: Sequence[str]) -> bool:
    """Whether any of them is or was in the pilot, or asks to be."""
    runs = Enrollment.objects.filter(offering=offering_id, person_id__in=persons)
    return runs.exists() or Registration.objects.live().filter(offering=offering_id, person_id__in=persons).exists()


def _review(actor: Actor, review_id: str) -> LaunchReview:
    return LaunchReview.objects.visible_to(actor).select_related("offering__program").locked(pk=review_id)


@command
def cast_vote(*, actor: Actor, review_id: str, rigor: int, clarity: int, vote: str, words: str = "") -> BoardVote:
    """A member's two ratings and vote; may be changed until it is decided."""
    review = _review(actor, review_id)
    policy.VOTE.require(actor, review)
    if _take_part(review.offering_id, [str(actor.person_id)]):
        raise Conflict("own-pilot", "You take part in this pilot yourself, so you cannot vote on it.", "Leave the vote to the others.")
    ratings = {"rigor": _rating("rigor", "Rigor", rigor), "clarity": _rating("clarity", "Clarity", clarity)}
    if vote not in BOARD_VOTES:
        raise Invalid("vote-missing", "Say whether it may launch.", "Choose one of the two.", {"vote": "Choose one of the two."})
    own = review.votes.get(person_id=actor.person_id)
    own.rigor, own.clarity, own.vote, own.voted_at = ratings["rigor"], ratings["clarity"], vote, clock.now()
    own.words = clean(words, limit=WORDS, field="words", name="Your reasons").strip()
    own.save()
    record(events.VOTED, actor=actor, subject=own, organization=review.offering.program.organization_id, vote=vote, rigor=own.rigor,
           clarity=own.clarity)  # fmt: skip
    return own


@command
def decide_launch(*, actor: Actor, review_id: str, minutes: str, override: str = "") -> LaunchReview:
    """Write down what the majority of the board's members said. Below the minimum of completions an approval needs `override`: why the
    board went past it, set down by an admin of an organization that owns the program."""
    review = _review(actor, review_id)
    policy.DECIDE_LAUNCH.require(actor, review)
    review.minutes = _said(minutes, "minutes", "The minutes")
    to = _majority(review)
    review.completions, review.needed = completions_of(review.offering), review.offering.completions_needed
    is_below = to == "approved" and review.completions < review.needed
    if is_below and not override.strip():
        raise Conflict(
            "too-few-completions", f"{review.completions} of the {review.needed} completions that this pilot needs are in.",
            "Extend recruitment, or have an admin of the program's organization record why the board goes past the minimum.",
            {"override": "Say why the board goes past the minimum."},
        )  # fmt: skip
    if is_below:
        policy.OVERRIDE_GATE.require(actor, review.offering.program)
        review.override = _said(override, "override", "The reason")
    LAUNCH_REVIEW.move(review, to=to)
    review.decided_at = clock.now()
    review.save()
    told = {"offering": review.offering_id, "completions": review.completions, "needed": review.needed, "minutes": review.minutes}
    organization = review.offering.program.organization_id
    if to == "approved":
        record(events.LAUNCH_APPROVED, actor=actor, subject=review, organization=organization, override=review.override, **told)
    else:
        record(events.LAUNCH_SENT_BACK, actor=actor, subject=review, organization=organization, **told)
    return review


def _said(text: str, field: str, name: str) -> str:
    said = clean(text, limit=MINUTES, field=field, name=name).strip()
    if not said:
        raise Invalid(f"{field}-missing", f"{name} of the board are missing." if field == "minutes" else f"{name} is missing.",
                      "Write what was said.", {field: "Write what was said."})  # fmt: skip
    return said


def _majority(review: LaunchReview) -> str:
    """More than half of all members carry it; a tie does not."""
    votes = [vote.vote for vote in review.votes.all()]
    yes, no = votes.count("launch"), votes.count("not yet")
    if 2 * yes > len(votes):
        return "approved"
    if 2 * no >= len(votes):
        return "sent back"
    message = f"{yes + no} of {len(votes)} members have voted, and neither side has the majority yet."
    raise Conflict("no-majority", message, "Wait for the other votes.")


@command
def extend_recruitment(*, actor: Actor, offering_id: str, last_day: date) -> Offering:
    """Keep a thin pilot open for longer, so that more may finish. Whoever has begun keeps the date they were given."""
    offering = Offering.objects.select_related("program").locked(pk=offering_id)
    policy.RUN_PROGRAM.require(actor, offering.program)
    before = offering.last_day
    if before is None or last_day <= before:
        ends = f"It runs to {long_date(before)} now." if before else "It has no last day, so it takes people already."
        raise Invalid("not-longer", "This would not give the pilot more time.", ends, {"last_day": ends})
    check_window(
        offering.program, offering.microcredential_id, offering.kind, offering.opens_on, last_day, itself=offering.pk
    )  # fmt: skip
    offering.last_day, offering.state = last_day, "open"
    offering.save(update_fields=["last_day", "state"])
    record(events.RECRUITMENT_EXTENDED, actor=actor, subject=offering, organization=offering.program.organization_id,
           last_day_before=before.isoformat(), last_day=last_day.isoformat())  # fmt: skip
    offer_free_seats(actor, offering)
    return offering
