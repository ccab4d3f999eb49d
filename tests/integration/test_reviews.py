"""Telling the developers, and the board that decides on a launch."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cairn.apps.ledger.models import Fact
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.apps.programs.commands import OfferingRules
from cairn.apps.programs.models import BoardVote, DeveloperFeedback, Enrollment, LaunchReview
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from tests.surveys_world import SurveyWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return SurveyWorld()


def run_of(actor) -> Enrollment:
    return Enrollment.objects.select_related("offering").get(person_id=actor.person_id)


def said(actor, clarity=4, rigor=5, words="") -> dict:
    _, sections, _ = queries.my_feedback(actor, run_of(actor).pk)
    return {key: {"clarity": clarity, "rigor": rigor, "words": words} for key, _ in sections}


def give(actor, **more) -> DeveloperFeedback:
    return programs.give_feedback(actor=actor, enrollment_id=run_of(actor).pk, sections=said(actor, **more))


def board(world, count=3):
    members = [world.person(f"Member{n} Stone") for n in range(count)]
    review = programs.convene(actor=world.coordinator, offering_id=world.offering.pk, members=[member.person_id for member in members])
    return review, members


def vote(review, member, choice="launch", rigor=4, clarity=4):
    return programs.cast_vote(actor=member, review_id=review.pk, rigor=rigor, clarity=clarity, vote=choice, words="I read all of it.")


# --- Feedback -------------------------------------------------------------------------------------------------------------


def test_a_participant_tells_the_developers_of_every_section_and_may_change_it(world):
    (actor,) = world.participants(1)
    first = give(actor, words="Say it shorter.")
    changed = give(actor, clarity=2)
    assert (first.pk, changed.sections["overview"]) == (changed.pk, {"clarity": 2, "rigor": 5, "words": ""})
    assert Fact.objects.filter(kind="programs.feedback_given").count() == 2
    give(actor, clarity=2)
    assert Fact.objects.filter(kind="programs.feedback_given").count() == 2


@pytest.mark.parametrize("rating", ["", "0", "6", "x", None])
def test_a_section_without_a_rating_is_named_beside_its_field(world, rating):
    (actor,) = world.participants(1)
    sections = said(actor)
    sections["rubric"]["clarity"] = rating
    with pytest.raises(Invalid) as refusal:
        programs.give_feedback(actor=actor, enrollment_id=run_of(actor).pk, sections=sections)
    assert refusal.value.fields == {"rubric-clarity": "Choose from 1 to 5."}
    assert not DeveloperFeedback.objects.exists()


def test_nobody_tells_in_anothers_name(world):
    (actor,) = world.participants(1)
    for other, no in ((world.person("Sam Stranger"), NotFound), (world.coordinator, Forbidden)):
        with pytest.raises(no):
            programs.give_feedback(actor=other, enrollment_id=run_of(actor).pk, sections=said(actor))
    keyed = actor.with_key(new_id())
    given = {"actor": keyed, "enrollment_id": run_of(actor).pk, "sections": said(actor)}
    assert programs.give_feedback(**given) == programs.give_feedback(**given)


def test_who_has_left_or_comes_after_the_board_tells_no_more(world):
    leaver, late = world.participants(2)
    programs.withdraw(actor=leaver, enrollment_id=run_of(leaver).pk)
    with pytest.raises(Conflict, match="You have left"):
        give(leaver)
    review, members = board(world, 1)
    vote(review, members[0], "not yet")
    give(late)
    programs.decide_launch(actor=world.coordinator, review_id=review.pk, minutes="Sent back.")
    with pytest.raises(Conflict, match="feedback is closed"):
        give(late, clarity=1)


def test_developers_read_each_section_with_its_n_and_without_names(world):
    for n, actor in enumerate(world.participants(3)):
        give(actor, clarity=3 + n % 2, words=f"{'cab'[n]} is unclear")
    author = world.person("Ann Author", author=world.issuer)
    told = queries.heard(author, world.offering.pk)
    overview = told.sections[0]
    assert (told.n, overview.clarity.n, overview.clarity.least, overview.clarity.most) == (3, 3, 3, 4)
    assert overview.clarity.mean == pytest.approx(10 / 3)
    assert overview.words == ("a is unclear", "b is unclear", "c is unclear")
    assert "Participant" not in repr(overview)
    assert not DeveloperFeedback.objects.visible_to(author).exists()
    for viewer in (world.person("Sam Stranger"), world.person("Far Author", author=world.organization()), VISITOR):
        with pytest.raises(NotFound):
            queries.heard(viewer, world.offering.pk)


def test_a_pilot_that_asks_for_feedback_is_complete_only_with_it(world):
    world.offering = world.offer(days=120, kind="pilot")
    rules = OfferingRules(feedback_required=True, completions_needed=1)
    programs.change_offering(actor=world.coordinator, offering_id=world.offering.pk, opens_on=world.offering.opens_on, last_day=None,
                             days=120, rules=rules)  # fmt: skip
    (actor,) = world.completed(1)
    world.offering.refresh_from_db()
    assert queries.completions_of(world.offering) == 0
    assert queries.owes_feedback(actor, run_of(actor))
    give(actor)
    assert queries.completions_of(world.offering) == 1
    assert not queries.owes_feedback(actor, run_of(actor))


# --- The board ------------------------------------------------------------------------------------------------------------


def test_a_board_is_convened_once_at_a_time_and_never_of_participants(world):
    (learner,) = world.participants(1)
    given = {"actor": world.coordinator, "offering_id": world.offering.pk}
    with pytest.raises(Conflict, match="takes part in the pilot"):
        programs.convene(**given, members=[learner.person_id])
    with pytest.raises(Invalid):
        programs.convene(**given, members=[])
    with pytest.raises(Forbidden):
        programs.convene(actor=learner, offering_id=world.offering.pk, members=[world.admin.person_id])
    review, _ = board(world)
    with pytest.raises(Conflict, match="at it already"):
        board(world)
    assert queries.launch_state(VISITOR, world.offering) == "under review"
    assert BoardVote.objects.filter(review=review, vote="").count() == 3


def test_the_same_request_convenes_once(world):
    given = {"actor": world.coordinator.with_key(new_id()), "offering_id": world.offering.pk, "members": [world.admin.person_id]}
    assert programs.convene(**given) == programs.convene(**given)


def test_only_members_vote_and_a_vote_may_be_changed(world):
    review, (member, *_) = board(world)
    vote(review, member, "not yet", rigor=2)
    assert vote(review, member, "launch", rigor=3).rigor == 3
    assert BoardVote.objects.exclude(vote="").count() == 1
    keyed = member.with_key(new_id())
    assert vote(review, keyed) == vote(review, keyed)
    with pytest.raises(Forbidden, match="members of this board"):
        vote(review, world.coordinator)
    with pytest.raises(NotFound):
        vote(review, world.person("Sam Stranger"))
    for wrong in ({"choice": ""}, {"rigor": 6}, {"clarity": "x"}):
        with pytest.raises(Invalid):
            vote(review, member, **wrong)


@pytest.mark.parametrize(
    ("votes", "state"),
    [
        (["launch", "launch"], "approved"),
        (["not yet", "not yet"], "sent back"),
        (["launch", "not yet", "not yet"], "sent back"),
        (["not yet", "launch", "launch"], "approved"),
        (["launch", "launch", "not yet", "not yet"], "sent back"),
    ],
)
def test_the_majority_of_all_members_carries_it_and_a_tie_does_not(world, votes, state):
    world.completed(8)
    review, members = board(world, max(3, len(votes)))
    for member, choice in zip(members, votes, strict=False):
        vote(review, member, choice)
    decided = programs.decide_launch(actor=world.coordinator, review_id=review.pk, minutes="Read and discussed.")
    assert (decided.state, decided.completions, decided.needed) == (state, 8, 8)
    assert queries.launch_state(VISITOR, world.offering) == state
    with pytest.raises(Conflict, match="decided already"):
        vote(review, members[0])
    with pytest.raises(Conflict, match="decided already"):
        programs.decide_launch(actor=world.coordinator, review_id=review.pk, minutes="Again.")


def test_without_a_majority_or_minutes_nothing_is_decided(world):
    review, members = board(world, 4)
    vote(review, members[0])
    with pytest.raises(Conflict, match="1 of 4 members have voted"):
        programs.decide_launch(actor=world.coordinator, review_id=review.pk, minutes="Early.")
    with pytest.raises(Invalid, match="minutes"):
        programs.decide_launch(actor=world.coordinator, review_id=review.pk, minutes="  ")
    with pytest.raises(Forbidden):
        programs.decide_launch(actor=members[0], review_id=review.pk, minutes="Mine.")
    assert LaunchReview.objects.get().state == "open"


def test_after_a_pilot_was_sent_back_another_board_may_follow(world):
    review, (member,) = board(world, 1)
    vote(review, member, "not yet")
    keyed = world.coordinator.with_key(new_id())
    for _ in range(2):
        programs.decide_launch(actor=keyed, review_id=review.pk, minutes="Mend detail 3a.")
    assert Fact.objects.filter(kind="programs.launch_sent_back").count() == 1
    again, _ = board(world, 1)
    assert queries.gate(world.coordinator, world.offering.pk).review == again


def test_recruitment_is_extended_to_a_later_day_only(world):
    today = clock.now().date()
    world.offering = world.offer(kind="pilot", last_day=today + timedelta(days=3))
    programs.close_offering(actor=world.coordinator, offering_id=world.offering.pk)
    given = {"actor": world.coordinator, "offering_id": world.offering.pk}
    with pytest.raises(Invalid, match="not give the pilot more time"):
        programs.extend_recruitment(**given, last_day=today)
    with pytest.raises(Forbidden):
        programs.extend_recruitment(actor=world.person("Sam Stranger"), offering_id=world.offering.pk, last_day=today + timedelta(days=9))
    keyed = {**given, "actor": world.coordinator.with_key(new_id())}
    for _ in range(2):
        longer = programs.extend_recruitment(**keyed, last_day=today + timedelta(days=30))
    assert (longer.last_day, longer.state) == (today + timedelta(days=30), "open")
    with pytest.raises(Invalid, match="no last day"):
        programs.extend_recruitment(actor=world.coordinator, offering_id=world.offer(days=9).pk, last_day=today)
