"""Pages of a team: forming it, asking, joining, what it writes together, leaving."""

from __future__ import annotations

import pytest

from cairn.apps.portfolio import commands as portfolio
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Team, TeamInvitation
from cairn.site.worker import drain
from tests.scoring_world import signed_in
from tests.teams_world import ShortTeams, Teams, address_of, names_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def short():
    return ShortTeams()


def page_of(who):
    return f"/portfolio/{who[1].pk}/team/"


def text(answer):
    return " ".join(answer.content.decode().split())


def test_a_team_is_formed_others_are_asked_by_letter_and_join_with_their_work(short, mailoutbox):
    ana, ben = (short.enrolled(short.person(name)) for name in ("Ana Ortiz", "Ben Hale"))
    browser = signed_in(ana[0])
    assert "You earn this on your own, or as a team" in text(browser.get(page_of(ana)))
    empty = browser.post(page_of(ana), {"name": "", "mode": "small group"})
    assert empty.status_code == 422
    assert "Give it a name." in text(empty)
    assert browser.post(page_of(ana), {"name": "Us", "mode": "small group"}).status_code == 302
    assert "You are the only one in it so far" in text(browser.get(page_of(ana)))
    wrong = browser.post(page_of(ana), {"address": "ben at home"})
    assert wrong.status_code == 422
    assert "ben at home" in text(wrong)
    browser.post(page_of(ana), {"address": address_of(ben[0])})
    drain()
    assert any("asks you to join" in letter.subject for letter in mailoutbox)

    asked, other = TeamInvitation.objects.get(), signed_in(ben[0])
    assert "Ana Ortiz asks you to join a team" in text(other.get(page_of(ben)))
    assert "Ana Ortiz asks you to join “Us”" in text(other.get(f"/teams/invitations/{asked.pk}/"))
    assert other.post(f"/teams/invitations/{asked.pk}/", {"join": "yes"})["Location"] == page_of(ben)
    assert names_in(Team.objects.get()) == ["Ana Ortiz", "Ben Hale"]
    short.write(ana, "together", "We did it")
    shown = text(other.get(page_of(ben)))
    assert "last by Ana Ortiz" in shown
    assert "Two of you show one detail together" in shown
    assert "Your team writes this together." in text(other.get(f"/portfolio/{ben[1].pk}/ours/"))
    assert "We did it" in text(other.get(f"/portfolio/{ben[1].pk}/ours/"))
    assert "Your team writes this together." not in text(other.get(f"/portfolio/{ben[1].pk}/mine/"))
    assert "Your team, Us" in text(other.get(f"/portfolio/{ben[1].pk}/"))


def test_leaving_and_taking_out_are_asked_once_more_with_what_they_mean(short):
    team, (ana, ben) = short.team("Ana Ortiz", "Ben Hale")
    browser, out = signed_in(ana[0]), f"{page_of(ana)}{ben[0].person_id}/leave/"
    assert "The team keeps what they wrote" in text(browser.get(out))
    assert signed_in(ben[0]).get(f"{page_of(ben)}{ana[0].person_id}/leave/").status_code == 404
    assert browser.post(out, {"reason": "Moved"}).status_code == 302
    assert names_in(team) == ["Ana Ortiz"]
    own = f"{page_of(ana)}{ana[0].person_id}/leave/"
    assert "You keep what the team wrote" in text(browser.get(own))
    browser.post(own, {"reason": ""})
    assert names_in(team) == []


def test_an_invitation_is_declined_or_taken_back_and_seen_by_nobody_else(short):
    ana, ben = (short.enrolled(short.person(name)) for name in ("Ana Ortiz", "Ben Hale"))
    team = short.form(ana)
    asked = programs.ask_to_team(actor=ana[0], team_id=team.pk, address=address_of(ben[0]))
    there = f"/teams/invitations/{asked.pk}/"
    assert signed_in(ana[0]).get(there).status_code == 404
    assert signed_in(short.person("Sam Stranger")).get(there).status_code == 404
    assert signed_in(ben[0]).post(there, {"decline": "yes"}).status_code == 302
    assert "This invitation is over" in text(signed_in(ben[0]).get(there))
    refused = signed_in(ben[0]).post(there, {"join": "yes"})
    assert refused.status_code == 409
    assert "Ask the team to invite you once more." in text(refused)
    again = programs.ask_to_team(actor=ana[0], team_id=team.pk, address="nobody@example.org")
    signed_in(ana[0]).post(f"{page_of(ana)}asked/{again.pk}/end/")
    assert not TeamInvitation.objects.filter(ended_at=None).exists()


def test_words_that_gave_way_are_shown_to_their_writer_alone(short):
    ana, ben = (short.enrolled(short.person(name)) for name in ("Ana Ortiz", "Ben Hale"))
    team = short.form(ana)
    short.write(ana, "together", "The words of all")
    short.write(ben, "together", "Once my own")
    short.join(team, ana[0], ben[0])
    assert "Once my own" in text(signed_in(ben[0]).get(page_of(ben)))
    assert "Once my own" not in text(signed_in(ana[0]).get(page_of(ana)))


def test_a_mate_opens_the_teams_file_and_no_other(short):
    world = Teams()
    _, (ana, ben) = world.team("Ana Ortiz", "Ben Hale")
    ours, mine = world.add_file(*ana, "notes"), world.add_file(*ana, "before-and-after")
    browser = signed_in(ben[0])
    assert "Your team adds its files here together" in text(browser.get(f"/portfolio/{ben[1].pk}/implementation/"))
    assert browser.get(f"/portfolio/{ben[1].pk}/file/{ours.pk}/").status_code == 200
    assert browser.get(f"/portfolio/{ben[1].pk}/file/{mine.pk}/").status_code == 404
    portfolio.remove_artifact(actor=ben[0], enrollment_id=ben[1].pk, artifact_id=ours.pk)
    assert browser.get(f"/portfolio/{ben[1].pk}/file/{ours.pk}/").status_code == 404


def test_those_who_run_it_see_who_is_in_a_team_take_a_member_out_and_read_no_word(short):
    team, (ana, ben) = short.team("Ana Ortiz", "Ben Hale")
    short.write(ana, "together", "Only for the four of us")
    browser = signed_in(short.person("Carla Mendes", coordinator=short.issuer))
    there = f"/pilots/{short.offering.slug}/teams/"
    shown = text(browser.get(there))
    assert "One team earns together" in shown
    assert "Ben Hale" in shown
    assert "Only for the four" not in shown
    out = f"/teams/{team.pk}/members/{ben[0].person_id}/leave/"
    assert "They keep what the team wrote" in text(browser.get(out))
    assert browser.post(out, {"reason": "Moved away"})["Location"] == there
    assert names_in(team) == ["Ana Ortiz"]
    assert signed_in(ana[0]).get(there).status_code == 404
    assert signed_in(ana[0]).get(f"/teams/{team.pk}/members/{ana[0].person_id}/leave/").status_code == 404
