"""A group of four in two districts shows some of its work together: scored once, decided for each (scenario S10)."""

from __future__ import annotations

import itertools
import json

import pytest

from cairn.apps.assessment.models import Case, Decision, Score, TeamScore
from cairn.apps.assessment.queries import feedback
from cairn.apps.assessment.queries import scoring as scoring_page
from cairn.apps.credentials.models import Credential
from cairn.apps.ledger.models import Fact
from cairn.apps.people import commands as people
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Citation, Inclusion, SetAside, Submission, TeamSaving, Writing
from cairn.apps.portfolio.queries import names_told, set_aside, workspace, written_by
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.apps.programs.models import Team, TeamInvitation
from cairn.apps.reports.queries import integrity
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.teams_world import ALONE, TOGETHER, ShortTeams, Teams, address_of, names_in
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return Teams()


@pytest.fixture
def short():
    return ShortTeams()


def decision_of(who, attempt=1):
    return Decision.objects.get(enrollment=who[1], attempt=attempt)


def amiss():
    return [finding.failures for finding in integrity(SYSTEM) if finding.failures]


def case_of(who, attempt=1):
    return Case.objects.get(enrollment=who[1], attempt=attempt)


# --- The scenario ----------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_three_of_four_earn_omar_tries_again_alone_and_his_leaving_alters_nothing(world):
    world.assessors(2)
    team, (ana, ben, cleo, omar) = world.team("Ana Ortiz", "Ben Hale", "Cleo Park", "Omar Aziz")
    assert team.mode == "small group"
    assert len(names_in(team)) == 4
    world.write(ana, "first-source", " ".join(["Ana"] * 60))
    for who in (ana, ben, cleo, omar):
        world.send(who)
    assert set(case_of(ana).open_details) == TOGETHER | ALONE
    assert all(set(case_of(who).open_details) == ALONE for who in (ben, cleo, omar))

    for who in (ana, ben, cleo, omar):
        for sheet in world.sheets(who[1]):
            world.score(sheet, {"3a": "developing"} if who is omar else {"2a": "advanced"} if who is ana else None)
    drain()
    assert [decision_of(who).outcome for who in (ana, ben, cleo, omar)] == ["earned", "earned", "earned", "not_yet"]
    assert {decision_of(who).levels["2a"] for who in (ana, ben, cleo, omar)} == {"advanced"}
    assert decision_of(omar).reopened == ["3a"]
    assert set(Credential.objects.values_list("person_id", flat=True)) == {who[0].person_id for who in (ana, ben, cleo)}
    scored = Score.objects.filter(detail__in=TOGETHER).values_list("sheet__case__enrollment", flat=True)
    assert set(scored) == {ana[1].pk}

    before = {who[1].pk: Decision.objects.filter(enrollment=who[1]).values().get() for who in (ana, ben, cleo)}
    programs.leave_team(actor=ana[0], team_id=team.pk, person_id=omar[0].person_id, reason="By his own wish")
    drain()
    assert before == {who[1].pk: Decision.objects.filter(enrollment=who[1]).values().get() for who in (ana, ben, cleo)}
    assert Credential.objects.count() == 3

    world.write(omar, "voices", " ".join(["reflection"] * 130))
    portfolio.submit(actor=omar[0], enrollment_id=omar[1].pk)
    drain()
    assert case_of(omar, 2).open_details == ["3a"]
    for sheet in world.sheets(omar[1]):
        world.score(sheet)
    drain()
    assert decision_of(omar, 2).outcome == "earned"
    assert decision_of(omar, 2).levels["2a"] == "advanced"
    assert Credential.objects.count() == 4
    assert not amiss()


def test_a_mate_reads_what_was_said_of_the_shared_work_and_nothing_of_another_member(world):
    world.assessors(2)
    _, (ana, ben) = world.team("Ana Ortiz", "Ben Hale")
    world.send(ana)
    world.send(ben)
    for who in (ana, ben):
        for sheet in world.sheets(who[1]):
            world.score(sheet, {"1b": "developing"} if who is ana else None)
    drain()
    told = {line.detail.key: line for line in feedback(ben[0], ben[1].pk)[0].details}
    assert told["1b"].is_together
    assert not told["1b"].is_shown
    assert [voice.rationale for voice in told["1b"].voices] == ["Page 1 shows 1b."] * 2
    assert not told["3a"].is_together
    sheets = set(Score.objects.filter(sheet__case=case_of(ben)).values_list("detail", flat=True))
    assert sheets == ALONE


def test_assessors_see_which_details_are_scored_elsewhere_and_no_level_or_name(world):
    world.assessors(2)
    _, (ana, ben) = world.team("Ana Ortiz", "Ben Hale")
    world.send(ana)
    for sheet in world.sheets(ana[1]):
        world.score(sheet)
    world.send(ben)
    sheet = world.sheets(ben[1])[0]
    page = scoring_page(actor_of(sheet.assessor_id), sheet.pk)
    assert {detail.key for detail in page.elsewhere} == TOGETHER
    assert page.carried == {}
    assert not {"Ana", "Ortiz", "Ben", "Hale"} & set(str(page).replace("'", " ").replace(",", " ").split())


def test_a_mates_decision_waits_until_the_shared_work_is_decided(short):
    short.assessors(2)
    _, (ana, ben) = short.team("Ana Ortiz", "Ben Hale")
    short.write(ana, "together", "We did it")
    for who in (ana, ben):
        short.write(who, "alone", "I learned it")
        portfolio.submit(actor=who[0], enrollment_id=who[1].pk)
    drain()
    for sheet in short.sheets(ben[1]):
        short.score(sheet)
    assert case_of(ben).state == "scoring"
    assert not Decision.objects.exists()
    for sheet in short.sheets(ana[1]):
        short.score(sheet, {"1a": "developing"})
    drain()
    assert case_of(ben).state == "decided"
    assert {decision_of(who).outcome for who in (ana, ben)} == {"not_yet"}
    assert {tuple(decision_of(who).reopened) for who in (ana, ben)} == {("1a",)}


def test_a_second_try_of_the_shared_work_is_scored_once_more_for_all_even_with_nothing_else_open(short):
    short.assessors(2)
    _, (ana, ben) = short.team("Ana Ortiz", "Ben Hale")
    short.write(ana, "together", "We did it")
    for who in (ana, ben):
        short.write(who, "alone", "I learned it")
        portfolio.submit(actor=who[0], enrollment_id=who[1].pk)
    drain()
    for who in (ana, ben):
        for sheet in short.sheets(who[1]):
            short.score(sheet, {"1a": "developing"})
    drain()
    short.write(ben, "together", "We did it and show how")
    assert short.written(ana, "together").text == "We did it and show how"
    for who in (ben, ana):
        portfolio.submit(actor=who[0], enrollment_id=who[1].pk)
        drain()
    assert case_of(ana, 2).open_details == []
    for sheet in short.sheets(ben[1]):
        short.score(sheet)
    drain()
    assert {decision_of(who, 2).outcome for who in (ana, ben)} == {"earned"}
    assert decision_of(ana, 2).sheets == []
    assert not amiss()


# --- Writing together ------------------------------------------------------------------------------------------------


def test_an_answer_is_written_once_by_any_member_and_stands_in_each_draft(short):
    team, (ana, ben) = short.team("Ana Ortiz", "Ben Hale")
    short.write(ana, "together", "One")
    assert short.written(ben, "together").text == "One"
    short.write(ben, "together", "One and two")
    assert short.written(ana, "together").text == "One and two"
    assert short.written(ana, "alone") is None
    with pytest.raises(Conflict, match="changed in another tab"):
        short.write(ana, "together", "Three", revision=1)
    assert [saving.author.name for saving in written_by(ana[0], team)] == ["Ben Hale", "Ana Ortiz"]


def test_a_stretch_of_savings_by_one_member_is_one_line(short):
    team, (ana, _) = short.team("Ana Ortiz", "Ben Hale")
    for words in ("One", "One two", "One two three"):
        short.write(ana, "together", words)
    assert [saving.text for saving in written_by(ana[0], team)] == ["One two three"]


def test_what_was_submitted_stays_when_a_mate_writes_on(short):
    _, (ana, ben) = short.team("Ana Ortiz", "Ben Hale")
    short.write(ana, "together", "As sent")
    short.write(ana, "alone", "Mine")
    short.write(ben, "alone", "Mine too")
    sent = portfolio.submit(actor=ana[0], enrollment_id=ana[1].pk)
    short.write(ben, "together", "Later words")
    assert Writing.objects.get(submission=sent, prompt="together").text == "As sent"
    other = portfolio.submit(actor=ben[0], enrollment_id=ben[1].pk)
    digests = [json.loads(each.manifest)["together"]["details"]["1a"] for each in (sent, other)]
    assert digests[0] != digests[1]
    drain()
    assert not TeamScore.objects.filter(is_first=False).exists()


def test_whoever_joins_with_words_of_their_own_keeps_them_aside(short):
    ana, ben = (short.enrolled(short.person(name)) for name in ("Ana Ortiz", "Ben Hale"))
    team = short.form(ana)
    short.write(ana, "together", "The team’s words")
    short.write(ben, "together", "Ben’s words")
    short.join(team, ana[0], ben[0])
    assert short.written(ben, "together").text == "The team’s words"
    assert [kept.text for kept in set_aside(ben[0], ben[1].pk)] == ["Ben’s words"]
    assert not set_aside(ana[0], ben[1].pk).exists()


def test_a_team_without_words_takes_those_of_whoever_joins(short):
    ana, ben = (short.enrolled(short.person(name)) for name in ("Ana Ortiz", "Ben Hale"))
    team = short.form(ana)
    short.write(ana, "alone", "Mine")
    short.write(ben, "together", "Ben’s words")
    short.join(team, ana[0], ben[0])
    assert short.written(ana, "together").text == "Ben’s words"
    assert not SetAside.objects.exists()


def test_files_and_places_are_the_teams_and_only_team_files_show_what_is_shown_together(world):
    _, (ana, ben) = world.team("Ana Ortiz", "Ben Hale")
    world.pages = itertools.count(2)
    ours = world.add_file(*ana, "notes")
    mine = world.add_file(*ana, "before-and-after")
    portfolio.describe_artifact(actor=ben[0], enrollment_id=ben[1].pk, artifact_id=ours.pk, title="Notes", people_shown="nobody")
    assert [a.pk for a in workspace(ben[0], ben[1].pk).artifacts] == [ours.pk]
    with pytest.raises(Invalid, match="yours alone"):
        portfolio.cite(actor=ana[0], enrollment_id=ana[1].pk, detail="2a", artifact_id=mine.pk, page=1, explanation="Here.")
    made = portfolio.cite(actor=ana[0], enrollment_id=ana[1].pk, detail="2a", artifact_id=ours.pk, page=1, explanation="Here.")
    copy = Citation.objects.exclude(pk=made.pk).get()
    assert (copy.submission.person_id, copy.page, copy.explanation) == (ben[0].person_id, 1, "Here.")
    portfolio.change_citation(actor=ben[0], enrollment_id=ben[1].pk, citation_id=copy.pk, page=2, from_seconds=None, to_seconds=None,
                              explanation="There.", revision=copy.revision)  # fmt: skip
    made.refresh_from_db()
    assert (made.page, made.explanation) == (2, "There.")
    portfolio.remove_artifact(actor=ben[0], enrollment_id=ben[1].pk, artifact_id=ours.pk)
    assert not Citation.objects.exists()
    assert [i.artifact_id for i in Inclusion.objects.all()] == [mine.pk]
    with pytest.raises(NotFound):
        portfolio.describe_artifact(actor=ben[0], enrollment_id=ben[1].pk, artifact_id=mine.pk, title="", people_shown="nobody")


def test_a_leavers_file_stays_with_the_team_and_the_teams_file_with_the_leaver(world):
    team, (ana, ben) = world.team("Ana Ortiz", "Ben Hale")
    of_ana, of_ben = world.add_file(*ana, "notes"), world.add_file(*ben, "notes", name="other.pdf")
    programs.leave_team(actor=ben[0], team_id=team.pk, person_id=ben[0].person_id)
    drain()
    portfolio.remove_artifact(actor=ben[0], enrollment_id=ben[1].pk, artifact_id=of_ben.pk)
    of_ben.refresh_from_db()
    assert of_ben.state == "kept"
    assert {a.pk for a in workspace(ana[0], ana[1].pk).artifacts} == {of_ana.pk, of_ben.pk}
    assert {a.pk for a in workspace(ben[0], ben[1].pk).artifacts} == {of_ana.pk}
    world.write(ana, "first-source", "After Ben left")
    assert world.written(ben, "first-source") is None


def test_a_mates_name_in_what_would_be_submitted_is_pointed_out(short):
    _, (ana, ben) = short.team("Ana Ortiz", "Ben Hale")
    short.write(ana, "together", "Ben Hale kept the notes")
    assert {told.name for told in names_told(ana[0], workspace(ana[0], ana[1].pk))} == {"Ben Hale"}
    assert {told.name for told in names_told(ben[0], workspace(ben[0], ben[1].pk))} == {"Ben Hale"}


# --- Forming, asking, joining, leaving -------------------------------------------------------------------------------


def test_forming_asking_and_joining_again_with_the_same_key_changes_nothing_twice(short):
    ana, ben = (short.enrolled(short.person(name)) for name in ("Ana Ortiz", "Ben Hale"))
    keys = [new_id() for _ in range(3)]
    teams = [programs.form_team(actor=ana[0].with_key(keys[0]), enrollment_id=ana[1].pk, name="Us", mode="systemwide") for _ in range(2)]
    assert teams[0] == teams[1]
    given = {"team_id": teams[0].pk, "address": address_of(ben[0]).upper()}
    asked = [programs.ask_to_team(actor=ana[0].with_key(keys[1]), **given) for _ in range(2)]
    assert asked[0] == asked[1] == programs.ask_to_team(actor=ana[0], **given)
    joined = [portfolio.join_team(actor=ben[0].with_key(keys[2]), invitation_id=asked[0].pk) for _ in range(2)]
    assert joined == teams
    assert Fact.objects.filter(kind="programs.team_joined").count() == 1
    assert names_in(teams[0]) == ["Ana Ortiz", "Ben Hale"]


def test_strangers_see_no_team_and_do_nothing_to_it(short):
    team, (ana, _) = short.team("Ana Ortiz", "Ben Hale")
    stranger = short.enrolled(short.person("Sam Stranger"))
    short.write(ana, "together", "Ours alone")
    asked = programs.ask_to_team(actor=ana[0], team_id=team.pk, address="somebody@example.org")
    with pytest.raises(NotFound):
        queries.team(stranger[0], team.pk)
    for command, given in (
        (programs.ask_to_team, {"team_id": team.pk, "address": "x@example.org"}),
        (programs.leave_team, {"team_id": team.pk, "person_id": ana[0].person_id}),
        (programs.end_asking, {"invitation_id": asked.pk}),
        (portfolio.join_team, {"invitation_id": asked.pk}),
    ):
        with pytest.raises(NotFound):
            command(actor=stranger[0], **given)
    assert not written_by(stranger[0], team).exists()
    with pytest.raises(NotFound):
        programs.form_team(actor=stranger[0], enrollment_id=ana[1].pk, name="Mine", mode="small group")


def test_a_coordinator_sees_the_team_may_take_a_member_out_and_reads_none_of_its_words(short):
    team, (ana, ben) = short.team("Ana Ortiz", "Ben Hale")
    short.write(ana, "together", "Ours alone")
    carla = short.person("Carla Mendes", coordinator=short.issuer)
    assert queries.team(carla, team.pk) == team
    assert not written_by(carla, team).exists()
    with pytest.raises(Forbidden):
        programs.leave_team(actor=ben[0], team_id=team.pk, person_id=ana[0].person_id)
    programs.leave_team(actor=carla, team_id=team.pk, person_id=ana[0].person_id, reason="Moved away")
    assert names_in(team) == ["Ben Hale"]
    assert not TeamSaving.objects.visible_to(ana[0]).exists()


def test_one_is_in_one_team_for_a_thing_and_a_group_of_eight_is_full(short):
    team, (ana, ben) = short.team("Ana Ortiz", "Ben Hale")
    with pytest.raises(Conflict, match="You are in the team"):
        short.form(ben, name="Another")
    cleo = short.enrolled(short.person("Cleo Park"))
    other = short.form(cleo, name="Another")
    asked = programs.ask_to_team(actor=cleo[0], team_id=other.pk, address=address_of(ana[0]))
    with pytest.raises(Conflict, match="Leave it first"):
        portfolio.join_team(actor=ana[0], invitation_id=asked.pk)
    for n in range(6):
        programs.ask_to_team(actor=ana[0], team_id=team.pk, address=f"person{n}@example.org")
    with pytest.raises(Conflict, match="at most 8"):
        programs.ask_to_team(actor=ana[0], team_id=team.pk, address="nine@example.org")


def test_whoever_has_not_begun_begins_first_and_an_answered_invitation_is_over(short):
    ana, dana = short.enrolled(short.person("Ana Ortiz")), short.person("Dana Reed")
    team = short.form(ana)
    asked = programs.ask_to_team(actor=ana[0], team_id=team.pk, address=address_of(dana))
    with pytest.raises(Conflict, match="not at work"):
        portfolio.join_team(actor=dana, invitation_id=asked.pk)
    programs.end_asking(actor=dana, invitation_id=asked.pk)
    programs.end_asking(actor=ana[0], invitation_id=asked.pk)
    short.enrolled(dana)
    with pytest.raises(Conflict, match="answered or taken back"):
        portfolio.join_team(actor=dana, invitation_id=asked.pk)
    assert TeamInvitation.objects.count() == 1


def test_an_address_that_nobody_has_is_asked_like_any_other(short):
    ana = short.enrolled(short.person("Ana Ortiz"))
    team = short.form(ana)
    asked = programs.ask_to_team(actor=ana[0], team_id=team.pk, address="nobody@example.org")
    drain()
    assert list(queries.invitations(ana[0], team)) == [asked]
    with pytest.raises(Invalid, match="no e-mail address"):
        programs.ask_to_team(actor=ana[0], team_id=team.pk, address="nobody")


def test_a_teams_group_is_not_joined_by_an_admins_list(short):
    team, _ = short.team("Ana Ortiz", "Ben Hale")
    admin = short.person("Ada Admin", organization_admin=short.issuer)
    with pytest.raises(Conflict, match="team of a program"):
        people.join_group(actor=admin, group_id=team.group_id, person_id=admin.person_id, joined_on=clock.now().date())


def test_whoever_leaves_the_micro_credential_leaves_its_team(short):
    team, (_, ben) = short.team("Ana Ortiz", "Ben Hale")
    programs.withdraw(actor=ben[0], enrollment_id=ben[1].pk)
    drain()
    assert names_in(team) == ["Ana Ortiz"]


def test_mates_never_score_one_another(world):
    _, (ana, ben) = world.team("Ana Ortiz", "Ben Hale")
    world.grant(ben[0].person_id, "assessor", world.issuer)
    readers = world.assessors(2)
    programs.withdraw(actor=ben[0], enrollment_id=ben[1].pk)
    drain()
    world.send(ana)
    assert {sheet.assessor_id for sheet in world.sheets(ana[1])} == {reader.person_id for reader in readers}


def test_a_micro_credential_that_shows_nothing_together_has_no_teams():
    from tests.world import World

    world = World()
    who = world.enrolled()
    with pytest.raises(Conflict, match="Nothing of this"):
        programs.form_team(actor=who[0], enrollment_id=who[1].pk, name="Us", mode="small group")
    with pytest.raises(Invalid, match="needs a name"):
        Teams().form(ShortTeams().enrolled(), name=" ")
    assert not Team.objects.exists()
    assert not Submission.objects.exists()
