"""Communities by their commands: who is in one, prompts, talk, moderating, taking part; S1's four answers of four."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cairn.apps.assessment.models import ScoreSheet
from cairn.apps.comms.models import Letter
from cairn.apps.communities import commands, queries
from cairn.apps.communities.models import Community, Facilitator, Mention, Post, Prompt, Report, Version
from cairn.apps.ledger.models import Fact
from cairn.apps.people import commands as people
from cairn.apps.people.models import GroupMember
from cairn.apps.people.queries import actor_of, roles_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.programs import commands as programs
from cairn.frame.actor import VISITOR
from cairn.interfaces.web.views.communities.leading import templates
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from cairn.kernel.ids import new_id
from cairn.site.jobs import JOBS
from cairn.site.worker import drain
from tests.communities_world import Cohort
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def one_cohort(standing) -> Cohort:
    return Cohort(World(), days_open=10)


@pytest.fixture
def cohort(one_cohort, db) -> Cohort:
    return deepcopy(one_cohort)


def reads(actor, community) -> bool:
    return Community.objects.visible_to(actor).filter(pk=community.pk).exists()


# --- Who is in it ----------------------------------------------------------------------------------------------------


def test_participants_facilitators_and_those_who_run_the_program_see_it_and_nobody_else(cohort):
    elsewhere = cohort.world.organization("Elsewhere")
    others = [cohort.stranger, VISITOR, cohort.world.person("Far", coordinator=elsewhere), cohort.world.person("Op", operator=elsewhere)]
    insiders = [cohort.dana, cohort.joel, cohort.imani, cohort.carla, cohort.world.person("Ada", organization_admin=cohort.world.issuer)]
    assert [reads(actor, cohort.community) for actor in insiders] == [True] * 5
    assert [reads(actor, cohort.community) for actor in others] == [False] * 4
    with pytest.raises(NotFound):
        queries.view(cohort.stranger, cohort.community.slug)


def test_whoever_begins_enters_and_whoever_leaves_loses_sight_at_once(cohort):
    late = cohort.participant("Late Comer")
    assert not reads(late, cohort.community)
    drain()
    assert reads(late, cohort.community)
    cohort.leaves(late)
    assert not reads(late, cohort.community)


def test_a_seat_counts_before_anything_is_begun_and_no_more_once_it_is_given_up(cohort):
    world = cohort.world
    rules = programs.OfferingRules(clock_event="kick-off", seats_min=1, seats_max=3)
    pilot = programs.offer(
        actor=SYSTEM, program_id=world.program.pk, microcredential_id=world.microcredential.pk, kind="pilot", opens_on=cohort.day(0),
        last_day=None, days=120, rules=rules,
    )  # fmt: skip
    community = cohort.found(offering_id=pilot.pk)
    place = programs.register(actor=cohort.stranger, offering_id=pilot.pk)
    drain()
    assert (place.state, reads(cohort.stranger, community)) == ("seated", True)
    programs.give_up_place(actor=cohort.stranger, registration_id=place.pk)
    drain()
    assert not reads(cohort.stranger, community)


def test_a_stacks_club_has_everybody_at_work_on_the_stack_within_the_program(cohort):
    stack = cohort.world.microcredential.stack_id
    club = cohort.found(stack_id=stack, program_id=cohort.world.program.pk)
    assert reads(cohort.dana, club)
    late = cohort.participant("Late Comer")
    drain()
    assert reads(late, club)
    assert reads(late, cohort.community)


def test_a_groups_community_follows_the_group(cohort):
    group = people.form_group(actor=SYSTEM, organization_id=cohort.world.issuer.pk, name="Tuesday", kind="plc")
    plc = cohort.found(group_id=group.pk)
    assert not reads(cohort.stranger, plc)
    people.join_group(actor=SYSTEM, group_id=group.pk, person_id=cohort.stranger.person_id, joined_on=date(2024, 1, 1))
    assert reads(cohort.stranger, plc)
    people.leave_group(actor=SYSTEM, group_id=group.pk, person_id=cohort.stranger.person_id, left_on=date(2024, 1, 1))
    assert not reads(cohort.stranger, plc)


def test_only_those_who_run_the_program_open_a_community(cohort):
    offering = cohort.world.offer(days=60)
    told = {"slug": "another", "title": "Another", "opens_at": clock.now(), "closes_at": None, "offering_id": offering.pk}
    for actor in (cohort.dana, cohort.imani, cohort.stranger, VISITOR):
        with pytest.raises(Forbidden):
            commands.found_community(actor=actor, **told)
    assert commands.found_community(actor=cohort.carla, **told).offering_id == offering.pk


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"slug": "Not A Slug"}, "lower-case"),
        ({"slug": "begin"}, "already"),
        ({"title": "  "}, "title"),
        ({"closes_at": clock.now() - timedelta(days=900)}, "closes after it opens"),
        ({"offering_id": ""}, "one offering, one stack, or one group"),
    ],
)
def test_a_community_that_makes_no_sense_is_refused(cohort, change, words):
    told = {"slug": "sound", "title": "Sound", "opens_at": clock.now(), "closes_at": None, "offering_id": cohort.world.offer(days=9).pk}
    with pytest.raises(Invalid, match=words):
        commands.found_community(actor=cohort.carla, **{**told, **change})


def test_there_is_one_community_for_an_offering_and_opening_it_twice_opens_it_once(cohort):
    with pytest.raises(Conflict, match="has a community already"):
        cohort.found()
    told = {"slug": "twice", "title": "Twice", "opens_at": clock.now(), "closes_at": None, "offering_id": cohort.world.offer(days=9).pk}
    carla = cohort.carla.with_key(new_id())
    assert commands.found_community(actor=carla, **told) == commands.found_community(actor=carla, **told)


def test_members_and_facilitators_never_score_one_another(cohort):
    """The coach is made an assessor afterward: the group that they share keeps the case away from them."""
    cohort.world.grant(cohort.imani.person_id, "assessor", cohort.world.issuer)
    readers = cohort.world.assessors(2)
    _, run = cohort.world.submitted(cohort.dana)
    assert {s.assessor_id for s in ScoreSheet.objects.filter(case__enrollment=run)} == {r.person_id for r in readers}


def test_whoever_may_score_members_can_neither_join_nor_facilitate(cohort):
    reader = cohort.world.person("Reader Stone", assessor=cohort.world.issuer, coach=cohort.world.issuer)
    with pytest.raises(Conflict, match="role of an assessor"):
        commands.name_facilitator(actor=cohort.carla, community_id=cohort.community.pk, person_id=reader.person_id)
    with pytest.raises(Conflict, match="role of an assessor"):
        people.join_group(actor=SYSTEM, group_id=cohort.community.group_id, person_id=reader.person_id, joined_on=date(2024, 1, 1))
    cohort.world.enrolled(reader)
    drain()
    assert not reads(actor_of(reader.person_id), cohort.community)


def test_coaches_and_coordinators_of_the_organization_facilitate_and_nobody_else(cohort):
    with pytest.raises(Invalid, match="Coaches and coordinators"):
        commands.name_facilitator(actor=cohort.carla, community_id=cohort.community.pk, person_id=cohort.joel.person_id)
    with pytest.raises(Forbidden):
        commands.name_facilitator(actor=cohort.imani, community_id=cohort.community.pk, person_id=cohort.imani.person_id)
    commands.end_facilitator(actor=cohort.carla, community_id=cohort.community.pk, person_id=cohort.imani.person_id)
    assert not reads(cohort.imani, cohort.community)
    assert Facilitator.objects.filter(person_id=cohort.imani.person_id, ended_at=None).count() == 0


def test_a_removed_member_loses_sight_hears_why_and_stays_out_until_allowed_back(cohort):
    told = {"community_id": cohort.community.pk, "person_id": cohort.joel.person_id}
    with pytest.raises(Forbidden):
        commands.remove_member(actor=cohort.dana, reason="No.", **told)
    with pytest.raises(Invalid, match="reason"):
        commands.remove_member(actor=cohort.imani, reason=" ", **told)
    first = commands.remove_member(actor=cohort.imani, reason="Names of students.", **told)
    assert commands.remove_member(actor=cohort.imani, reason="Names of students.", **told) == first
    assert not reads(cohort.joel, cohort.community)
    drain()
    assert "Names of students." in Letter.objects.get(kind="communities.member_removed").text
    cohort.leaves(cohort.joel)
    cohort.world.enrolled(cohort.joel)
    drain()
    assert not reads(cohort.joel, cohort.community)
    commands.allow_back(actor=cohort.imani, **told)
    assert reads(cohort.joel, cohort.community)


def test_the_reason_for_a_removal_stands_in_no_fact(cohort):
    commands.remove_member(actor=cohort.imani, community_id=cohort.community.pk, person_id=cohort.joel.person_id, reason="Zebrafinch.")
    assert not any("Zebrafinch" in fact.body for fact in Fact.objects.filter(kind__startswith="communities."))


def test_support_reads_no_talk_through_a_members_eyes(cohort):
    cohort.share(cohort.joel, "Between us.")
    for somebody in (cohort.dana, cohort.imani, cohort.carla):
        assert not reads(replace(somebody, only_looks=True, on_behalf=cohort.stranger.person_id), cohort.community)


def test_a_facilitator_whose_role_ends_leads_no_more(cohort):
    people.end_role(actor=SYSTEM, grant_id=roles_of(SYSTEM, cohort.imani.person_id).get().pk)
    cohort.imani = actor_of(cohort.imani.person_id)
    with pytest.raises(Forbidden):
        cohort.prompt()
    assert queries.taking_part(cohort.imani, cohort.community) == ()


def test_in_a_large_community_those_can_be_named_who_were_heard(cohort):
    cohort.share(cohort.joel)
    assert queries.heard_of_late(cohort.dana, cohort.community, 60) == {
        cohort.joel.person_id,
        cohort.imani.person_id,
        cohort.carla.person_id,
    }


# --- Prompts ---------------------------------------------------------------------------------------------------------


def test_a_prompt_is_seen_from_the_day_when_it_opens_and_by_those_who_lead_before(cohort):
    cohort.prompt("Now?", opens=0, due=20)
    cohort.prompt("Later?", opens=15, due=20)
    assert [p.prompt.title for p in cohort.seen(cohort.dana).prompts] == ["Now?"]
    assert [p.prompt.title for p in cohort.seen(cohort.imani).prompts] == ["Now?", "Later?"]
    later = Prompt.objects.get(title="Later?")
    with pytest.raises(NotFound):
        cohort.answer(cohort.dana, later)
    with clock.at(clock.now() + timedelta(days=6)):
        assert cohort.answer(cohort.dana, later).prompt_id == later.pk


def test_the_prompt_to_answer_now_is_required_and_due_first(cohort):
    cohort.prompt("Optional", due=11, required=False)
    cohort.prompt("Third", due=30)
    second = cohort.prompt("Second", due=12)
    first = cohort.prompt("First", due=5)
    for asked in (first, second):
        assert cohort.seen(cohort.dana).due.prompt == asked
        cohort.answer(cohort.dana, asked)
    assert cohort.seen(cohort.dana).due.prompt.title == "Third"
    assert cohort.seen(cohort.carla).is_member  # she opened it, so she facilitates
    assert queries.view(cohort.world.person("Ada", organization_admin=cohort.world.issuer), cohort.community.slug).due is None


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"title": " "}, "no question"),
        ({"title": "x" * 161}, "161 characters"),
        ({"opens": 5, "due": 4}, "due before it opens"),
        ({"opens": -3}, "Nobody could answer"),
    ],
)
def test_a_prompt_that_cannot_be_answered_is_refused(cohort, told, words):
    with pytest.raises(Invalid, match=words):
        cohort.prompt(**told)


def test_members_schedule_nothing_and_words_that_were_answered_stay(cohort):
    prompt = cohort.prompt(due=20)
    dates = {"opens_on": cohort.day(0), "due_on": cohort.day(25), "is_required": True}
    with pytest.raises(Forbidden):
        commands.schedule_prompt(actor=cohort.dana, community_id=cohort.community.pk, title="Mine?", text="", **dates)
    with pytest.raises(Forbidden):
        commands.change_prompt(actor=cohort.dana, prompt_id=prompt.pk, title="Mine?", text="", **dates)
    commands.change_prompt(actor=cohort.imani, prompt_id=prompt.pk, title="Better?", text="", **dates)
    cohort.answer(cohort.dana, prompt)
    with pytest.raises(Conflict, match="answered the question as it stands"):
        commands.change_prompt(actor=cohort.imani, prompt_id=prompt.pk, title="Worse?", text="", **dates)
    with pytest.raises(Conflict, match="answered it"):
        commands.withdraw_prompt(actor=cohort.imani, prompt_id=prompt.pk)
    moved = commands.change_prompt(actor=cohort.imani, prompt_id=prompt.pk, title="Better?", text="", **{**dates, "due_on": cohort.day(30)})
    assert moved.due_at > prompt.due_at


def test_prompts_are_copied_from_a_template_once(cohort):
    text = templates()["four-questions"][1]
    for _ in range(2):
        commands.copy_prompts(actor=cohort.imani, community_id=cohort.community.pk, template=text, first_day=cohort.day(0))
    assert Prompt.objects.filter(community=cohort.community, is_required=True).count() == 4
    with pytest.raises(Refused, match="missing"):
        commands.copy_prompts(actor=cohort.imani, community_id=cohort.community.pk, template="kind: prompts\n", first_day=cohort.day(0))


def test_the_timed_job_tells_each_member_once_that_a_prompt_has_opened(cohort):
    cohort.prompt("Open?", due=20)
    cohort.prompt("Later?", opens=15, due=20)
    for _ in range(2):
        JOBS["announce-prompts"][1](SYSTEM)
        drain()
    told = Letter.objects.filter(kind="communities.prompt_opened")
    assert {letter.person_id for letter in told} == {cohort.dana.person_id, cohort.joel.person_id}
    assert all("Open?" in letter.subject for letter in told)
    assert Fact.objects.filter(kind="communities.prompt_opened").count() == 1


# --- Talk ------------------------------------------------------------------------------------------------------------


def test_four_answers_of_four(cohort):
    """S1: the participant has answered each of the four prompts of the pilot's community."""
    prompts = cohort.prompts(4)
    for prompt in prompts:
        cohort.answer(cohort.dana, prompt)
    cohort.answer(cohort.joel, prompts[0])
    offering = cohort.world.offering.pk
    assert queries.answered(cohort.carla, offering, cohort.dana.person_id) == (4, 4)
    assert queries.answered(cohort.dana, offering, cohort.dana.person_id) == (4, 4)
    assert queries.answered(cohort.imani, offering, cohort.joel.person_id) == (1, 4)
    assert queries.answered(cohort.joel, offering, cohort.dana.person_id) == (0, 0)
    assert queries.answered(cohort.stranger, offering, cohort.dana.person_id) == (0, 0)
    assert queries.answered_by_all(cohort.carla, offering)[cohort.dana.person_id] == (4, 4)
    rows = queries.taking_part(cohort.imani, cohort.community)
    assert [(row.name, row.done, row.late) for row in rows] == [("Joel Pruitt", 1, 3), ("Dana Whitfield", 4, 0)]
    assert queries.taking_part(cohort.dana, cohort.community) == ()


def test_a_deleted_or_hidden_answer_does_not_count(cohort):
    first, second = cohort.prompts(2)
    commands.delete_post(actor=cohort.dana, post_id=cohort.answer(cohort.dana, first).pk)
    commands.hide_post(actor=cohort.imani, post_id=cohort.answer(cohort.dana, second).pk, reason="Names a student.")
    assert queries.answered(cohort.carla, cohort.world.offering.pk, cohort.dana.person_id) == (0, 2)
    assert cohort.answer(cohort.dana, first).state == "shown"


def test_a_question_is_answered_once_by_each(cohort):
    prompt = cohort.prompt(due=20)
    key = cohort.dana.with_key(new_id())
    assert cohort.answer(key, prompt) == cohort.answer(key, prompt) == cohort.answer(cohort.dana, prompt)
    with pytest.raises(Conflict, match="answered this question"):
        cohort.answer(cohort.dana, prompt, "Something else.")
    assert Post.objects.count() == 1


@pytest.mark.parametrize("who", ["stranger", "carla's colleague"])
def test_nobody_writes_who_does_not_belong(cohort, who):
    actor = cohort.stranger if who == "stranger" else cohort.world.person("Cleo", coordinator=cohort.world.issuer)
    prompt, post = cohort.prompt(due=20), cohort.share(cohort.dana)
    for act in (lambda: cohort.answer(actor, prompt), lambda: cohort.share(actor), lambda: cohort.reply(actor, post)):
        with pytest.raises((NotFound, Forbidden)):
            act()


def test_nothing_is_written_before_a_community_opens_or_after_it_closes(cohort):
    post = cohort.share(cohort.dana)
    window = {"community_id": cohort.community.pk, "title": "T", "about": ""}
    now = clock.now()
    for opens, closes, words in ((now + timedelta(days=1), None, "opens"), (now - timedelta(days=9), now - timedelta(days=1), "closed")):
        commands.change_community(actor=cohort.carla, opens_at=opens, closes_at=closes, **window)
        with pytest.raises(Conflict, match=words):
            cohort.share(cohort.dana)
        with pytest.raises(Conflict, match=words):
            commands.edit_post(actor=cohort.dana, post_id=post.pk, text="Other.", revision=1)
    assert queries.post(cohort.dana, cohort.community, post.pk).text == "A form that worked."
    assert commands.delete_post(actor=cohort.dana, post_id=post.pk).state == "deleted"


@pytest.mark.parametrize(
    ("told", "words"),
    [({"text": "  "}, "nothing written"), ({"text": "x" * 8001}, "8,001"), ({"text": "A", "link": "javascript:alert(1)"}, "no address")],
)
def test_what_cannot_be_shared_is_refused(cohort, told, words):
    with pytest.raises(Invalid, match=words):
        commands.share(actor=cohort.dana, community_id=cohort.community.pk, **told)


def test_a_reply_to_a_reply_stands_beside_it(cohort):
    post = cohort.share(cohort.dana)
    first = cohort.reply(cohort.joel, post)
    second = cohort.reply(cohort.dana, first, "You are welcome.")
    assert second.parent_id == post.pk
    assert [r.text for r in queries.thread(cohort.joel, cohort.community, second.pk).replies] == ["Thank you.", "You are welcome."]


def test_a_change_keeps_what_was_said_for_those_who_lead(cohort):
    post = cohort.share(cohort.dana, "First.")
    commands.edit_post(actor=cohort.dana, post_id=post.pk, text="Second.", revision=1)
    assert queries.post(cohort.joel, cohort.community, post.pk).text == "Second."
    assert [v.text for v in queries.reported(cohort.imani, cohort.community, post.pk)[0].versions] == ["First."]
    assert list(Version.objects.visible_to(cohort.joel)) == list(Version.objects.visible_to(cohort.dana)) == []
    with pytest.raises(Conflict, match="another tab"):
        commands.edit_post(actor=cohort.dana, post_id=post.pk, text="Third.", revision=1)
    for actor in (cohort.joel, cohort.imani):
        with pytest.raises(Forbidden):
            commands.edit_post(actor=actor, post_id=post.pk, text="Mine.", revision=2)
        with pytest.raises(Forbidden):
            commands.delete_post(actor=actor, post_id=post.pk)


def test_deleting_takes_the_words_from_everybody_and_leaves_the_place(cohort):
    post = cohort.share(cohort.dana, "Zebrafinch.", mentions=[cohort.joel.person_id])
    cohort.reply(cohort.joel, post)
    for _ in range(2):
        assert commands.delete_post(actor=cohort.dana, post_id=post.pk).text == ""
    for actor in (cohort.dana, cohort.joel, cohort.imani):
        seen = queries.thread(actor, cohort.community, post.pk)
        assert (seen.post.text, seen.post.said, seen.post.named) == ("", "Deleted by its author.", ())
        assert [r.text for r in seen.replies] == ["Thank you."]
    lonely = cohort.share(cohort.dana)
    commands.delete_post(actor=cohort.dana, post_id=lonely.pk)
    shown = queries.shown(cohort.joel, cohort.community, queries.talk(cohort.joel, cohort.community))
    assert [each.id for each in shown] == [post.pk]


def test_named_members_are_told_at_once_and_only_members_can_be_named(cohort):
    post = cohort.share(cohort.dana, "Zebrafinch.", mentions=[cohort.joel.person_id, cohort.dana.person_id])
    drain()
    letter = Letter.objects.get(kind="communities.posted")
    assert letter.person_id == cohort.joel.person_id
    assert letter.state != "waiting"
    assert "Dana Whitfield named you" in letter.subject
    assert "Zebrafinch" not in letter.text + letter.subject
    assert list(Mention.objects.values_list("person_id", flat=True)) == [cohort.joel.person_id]
    with pytest.raises(Invalid, match="Only members"):
        cohort.share(cohort.dana, mentions=[cohort.stranger.person_id])
    commands.edit_post(actor=cohort.dana, post_id=post.pk, text="Again.", revision=1, mentions=[cohort.joel.person_id])
    drain()
    assert not Letter.objects.filter(kind="communities.edited").exists()


def test_who_is_named_in_a_post_whose_words_stay_is_told_once(cohort):
    post = cohort.share(cohort.dana, "Zebrafinch.")
    for _ in range(2):  # the second is a click too many
        commands.edit_post(actor=cohort.dana, post_id=post.pk, text="Zebrafinch.", revision=1, mentions=[cohort.joel.person_id])
    drain()
    assert [letter.person_id for letter in Letter.objects.filter(kind="communities.edited")] == [cohort.joel.person_id]


def test_an_author_hears_of_a_reply_and_nobody_of_their_own(cohort):
    post = cohort.share(cohort.dana)
    cohort.reply(cohort.dana, post)
    cohort.reply(cohort.joel, post)
    drain()
    letter = Letter.objects.get(kind="communities.replied")
    assert (letter.person_id, "Joel Pruitt replied to you" in letter.subject) == (cohort.dana.person_id, True)


def test_members_appear_as_they_chose_and_facilitators_see_whole_names(cohort):
    commands.choose_appearance(actor=cohort.dana, community_id=cohort.community.pk, appears="first")
    post = cohort.share(cohort.dana, mentions=[cohort.joel.person_id])
    assert queries.post(cohort.joel, cohort.community, post.pk).author == "Dana W."
    assert queries.post(cohort.imani, cohort.community, post.pk).author == "Dana Whitfield"
    drain()
    assert "Dana W. named you" in Letter.objects.get(kind="communities.posted").subject
    with pytest.raises(Invalid):
        commands.choose_appearance(actor=cohort.dana, community_id=cohort.community.pk, appears="Joel Pruitt")
    with pytest.raises(NotFound):
        commands.choose_appearance(actor=cohort.stranger, community_id=cohort.community.pk, appears="first")


# --- Moderating ------------------------------------------------------------------------------------------------------


def test_a_hidden_post_is_read_by_its_author_and_those_who_lead_alone(cohort):
    post = cohort.share(cohort.dana, "Zebrafinch.")
    with pytest.raises(Forbidden):
        commands.hide_post(actor=cohort.joel, post_id=post.pk, reason="I do not like it.")
    with pytest.raises(Invalid):
        commands.hide_post(actor=cohort.imani, post_id=post.pk, reason="")
    for _ in range(2):
        commands.hide_post(actor=cohort.imani, post_id=post.pk, reason="Names a student.")
    texts = {who: queries.post(who, cohort.community, post.pk).text for who in (cohort.dana, cohort.imani, cohort.joel)}
    assert texts == {cohort.dana: "Zebrafinch.", cohort.imani: "Zebrafinch.", cohort.joel: ""}
    assert "Names a student." in queries.post(cohort.joel, cohort.community, post.pk).said
    with pytest.raises(Conflict, match="out of sight"):
        cohort.reply(cohort.joel, post)
    drain()
    assert Letter.objects.get(kind="communities.hidden").person_id == cohort.dana.person_id
    commands.show_post(actor=cohort.imani, post_id=post.pk)
    assert queries.post(cohort.joel, cohort.community, post.pk).text == "Zebrafinch."


def test_a_report_reaches_those_who_lead_and_is_settled_by_what_they_do(cohort):
    post, other = cohort.share(cohort.dana), cohort.share(cohort.dana, "Another.")
    for _ in range(2):
        commands.report_post(actor=cohort.joel, post_id=post.pk, reason="Names a student.")
    commands.report_post(actor=cohort.joel, post_id=other.pk, reason="It is an advertisement.")
    drain()
    assert {letter.person_id for letter in Letter.objects.filter(kind="communities.reported")} == {
        cohort.imani.person_id,
        cohort.carla.person_id,
    }
    assert list(Report.objects.visible_to(cohort.dana)) == list(Report.objects.visible_to(cohort.joel)) == []
    with pytest.raises(NotFound):
        queries.reported(cohort.dana, cohort.community)
    assert len(queries.reported(cohort.imani, cohort.community)) == 2
    commands.hide_post(actor=cohort.imani, post_id=post.pk, reason="Names a student.")
    commands.keep_post(actor=cohort.imani, post_id=other.pk)
    assert sorted(Report.objects.values_list("outcome", flat=True)) == ["hidden", "kept"]
    assert queries.reported(cohort.imani, cohort.community) == ()


def test_a_closed_thread_takes_no_replies_until_it_is_opened_again(cohort):
    post = cohort.share(cohort.dana)
    with pytest.raises(Forbidden):
        commands.close_thread(actor=cohort.dana, post_id=post.pk)
    commands.close_thread(actor=cohort.imani, post_id=post.pk)
    with pytest.raises(Conflict, match="no more replies"):
        cohort.reply(cohort.joel, post)
    commands.reopen_thread(actor=cohort.imani, post_id=post.pk)
    assert cohort.reply(cohort.joel, post).parent_id == post.pk


def test_the_words_of_posts_stand_in_no_fact(cohort):
    post = cohort.share(cohort.dana, "Zebrafinch.")
    cohort.reply(cohort.joel, post, "Zebrafinch.")
    commands.edit_post(actor=cohort.dana, post_id=post.pk, text="Zebrafinches.", revision=1)
    commands.report_post(actor=cohort.joel, post_id=post.pk, reason="Zebrafinch.")
    assert not any("Zebrafinch" in fact.body for fact in Fact.objects.all())


def test_a_facilitator_may_be_asked_to_read_a_draft(cohort):
    from cairn.apps.programs.models import Enrollment

    run = Enrollment.objects.get(person_id=cohort.dana.person_id)
    portfolio.open_draft(actor=cohort.dana, enrollment_id=run.pk, coach_id=cohort.imani.person_id)
    assert GroupMember.objects.filter(person_id=cohort.imani.person_id, left_on=None).count() == 1
