"""Notices in the product, what people choose of letters, and the one click that ends them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from cairn.apps.comms import commands
from cairn.apps.comms.models import Letter, Preferences
from cairn.apps.comms.queries import end_link, unread
from cairn.apps.comms.states import CATEGORIES
from cairn.apps.ledger.models import Fact
from cairn.apps.people import commands as people
from cairn.apps.people.queries import through_their_eyes
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.comms_world import NOON, at_work, tell
from tests.integration.test_public_pages import client_of, text_of

pytestmark = pytest.mark.django_db
PAGE, CHOICES = "/notices/", "/account/notices/"


@pytest.fixture
def dana(world):
    return world.person("Dana Whitfield")


def sent(**chosen):
    """The form of the page: everything at once, but for what is chosen."""
    return {**{key: "now" for key, each in CATEGORIES.items() if len(each.hows) > 1}, "key": new_id(), **chosen}


def choose(actor, **hows):
    return commands.change_preferences(actor=actor, hows=hows)


# --- Reading ---------------------------------------------------------------------------------------------------------


def test_a_letter_stands_on_the_page_of_its_reader_until_it_is_read(dana):
    (letter,) = tell(dana)
    client = client_of(dana)
    page = client.get(PAGE)
    assert "One notice you have not read" in text_of(page)
    assert letter.subject in text_of(page)
    assert '<span class="c-unread">1' in page.content.decode()
    went = client.post(f"{PAGE}{letter.pk}/read/", {"key": new_id(), "go": "1"})
    assert (went.status_code, went["Location"]) == (302, "/portfolio/")
    assert "You have read everything" in text_of(client.get(PAGE))
    assert "c-unread" not in client.get(PAGE).content.decode()


def test_unread_stands_before_read_and_the_latest_first(dana):
    for title in ("First", "Second", "Third"):
        tell(dana, title=title, at=clock.now())
    commands.mark_read(actor=dana, letter_id=Letter.objects.get(subject="You have begun Third").pk)
    words = text_of(client_of(dana).get(PAGE))
    assert re.findall(r"You have begun (First|Second|Third) (?:Unread|\w+ \d)", words) == ["Second", "First", "Third"]


def test_everything_is_marked_at_once(dana):
    tell(dana, title="One"), tell(dana, title="Two")
    assert unread(dana) == 2
    client_of(dana).post(f"{PAGE}read/", {"key": new_id()})
    assert unread(dana) == 0


def test_nobody_reads_or_marks_anothers_notice(world, dana):
    (letter,) = tell(dana)
    stranger, admin = world.person("Sam Stone"), world.person("Ada Stone", operator=world.organization())
    for other in (stranger, admin):
        assert letter.subject not in text_of(client_of(other).get(PAGE))
        assert client_of(other).post(f"{PAGE}{letter.pk}/read/", {"key": new_id()}).status_code == 404
    letter.refresh_from_db()
    assert letter.read_at is None


def test_support_sees_no_letters(world, dana):
    """Links that sign in are among them."""
    tell(dana)
    operator = world.person("Olga Stone", operator=world.organization())
    access = people.begin_support(actor=operator, person_id=dana.person_id, reason="A page looks odd.", minutes=10)
    _, looker = through_their_eyes(operator, access.pk)
    assert unread(looker) == 0


def test_marking_twice_keeps_the_first_moment(dana):
    (letter,) = tell(dana)
    with clock.at(NOON):
        first = commands.mark_read(actor=dana, letter_id=letter.pk).read_at
    assert commands.mark_read(actor=dana, letter_id=letter.pk).read_at == first


def test_a_letter_of_signing_in_is_no_notice(dana):
    commands.write_letter(actor=dana, kind="sign-in", address="dana@example.org", subject="Confirm", text="A link.")
    assert unread(dana) == 0


def test_a_page_without_notices_says_what_will_be_there(dana):
    assert "Nothing has been written to you" in text_of(client_of(dana).get(PAGE))


# --- Choosing --------------------------------------------------------------------------------------------------------


def test_what_is_chosen_on_the_page_counts_from_the_next_letter(dana):
    client = client_of(dana)
    form = sent(news="here", community="weekly", quiet_from="21:00", quiet_until="07:00")
    assert client.post(CHOICES, form).status_code == 302
    tell(dana, category="news")
    assert Letter.objects.get(person_id=dana.person_id).state == "kept"
    assert at_work(NOON) == []
    assert unread(dana) == 1
    page = client.get(CHOICES).content.decode()
    assert 'value="21:00"' in page


@pytest.mark.parametrize("category", ["account", "decisions"])
def test_letters_of_account_and_decisions_cannot_be_switched_off(dana, category):
    with pytest.raises(Invalid):
        choose(dana, **{category: "here"})
    (letter,) = tell(dana, category=category)
    assert letter.state == "queued"


@pytest.mark.parametrize("hours", [("21:00", ""), ("", "07:00"), ("21:00", "21:00"), ("25:00", "07:00")])
def test_quiet_hours_that_make_no_sense_come_back_filled_in(dana, hours):
    answer = client_of(dana).post(CHOICES, sent(deadlines="daily", quiet_from=hours[0], quiet_until=hours[1]))
    assert answer.status_code == 422
    assert 'value="daily" selected' in answer.content.decode()
    assert not Preferences.objects.filter(person_id=dana.person_id).exists()


def test_choosing_again_with_the_same_key_changes_nothing_twice(dana):
    actor = dana.with_key(new_id())
    first = commands.change_preferences(actor=actor, hows={"news": "daily"})
    again = commands.change_preferences(actor=actor, hows={"news": "daily"})
    assert first.pk == again.pk
    assert Fact.objects.filter(kind="comms.preferences_changed").count() == 1


def test_a_visitor_chooses_nothing():
    with pytest.raises(Forbidden):
        choose(VISITOR, news="here")
    with pytest.raises(Forbidden):
        commands.mark_all_read(actor=VISITOR)


# --- One click -------------------------------------------------------------------------------------------------------


def test_a_letter_that_may_be_ended_says_how_in_its_foot_and_its_headers(dana):
    (letter,) = tell(dana)
    (went,) = at_work(NOON)
    link = f"http://localhost:8000{end_link(letter)}"
    assert went.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert went.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in went.body


@pytest.mark.parametrize("category", ["account", "decisions"])
def test_a_letter_that_may_not_be_ended_offers_no_end(dana, category):
    (letter,) = tell(dana, category=category)
    (went,) = at_work(NOON)
    assert "List-Unsubscribe" not in went.extra_headers
    assert Client(headers={"host": "localhost"}).post(end_link(letter)).status_code == 404


def test_a_mail_program_ends_letters_with_one_post_and_without_a_session(dana):
    (letter,) = tell(dana)
    program = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    for _ in range(2):
        answer = program.post(end_link(letter), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
    assert Preferences.objects.get(person_id=dana.person_id).hows == {"news": "here"}
    assert Fact.objects.filter(kind="comms.preferences_changed").count() == 1


def test_a_look_at_the_link_ends_nothing_and_reveals_nobody(dana):
    (letter,) = tell(dana)
    page = Client(headers={"host": "localhost"}).get(end_link(letter))
    assert "No more letters like that?" in text_of(page)
    assert not any(word in page.content.decode() for word in ("Dana", "Whitfield", "@example.org", "Stepping", dana.person_id))
    assert not Preferences.objects.exists()


@pytest.mark.parametrize("link", ["/letters/nothing/", "/letters/a:b:c/", "/letters/%00/"])
def test_a_link_that_nobody_signed_is_not_found(link):
    assert Client(headers={"host": "localhost"}).post(link).status_code == 404


def test_a_link_is_bound_to_its_letter(world, dana):
    (mine,) = tell(dana)
    (other,) = tell(world.person("Sam Stone"), category="money")
    head = end_link(mine).split(":")[0]
    forged = head + end_link(other)[end_link(other).index(":") :]
    with pytest.raises(NotFound):
        commands.end_letters(actor=VISITOR, link=forged.split("/")[2])


def test_the_link_of_a_digest_ends_what_came_in_it(dana):
    choose(dana, news="daily", money="weekly", decisions="daily")
    tell(dana, category="news")
    (went,) = at_work(NOON + timedelta(days=1))
    link = re.search(r"<http://localhost:8000(.*)>", went.extra_headers["List-Unsubscribe"])[1]
    Client(headers={"host": "localhost"}).post(link)
    hows = Preferences.objects.get(person_id=dana.person_id).hows
    assert hows == {"news": "here", "money": "here", "community": "here", "decisions": "daily"}


def test_those_who_are_told_of_what_was_decided_are_told_whatever_they_chose(world):
    dana = world.person("Dana Whitfield")
    choose(dana, **{category: "here" for category, each in CATEGORIES.items() if "here" in each.hows})
    world.earned(dana)
    drain()
    kinds = {row.kind: row.state for row in Letter.objects.filter(person_id=dana.person_id)}
    assert kinds == {"programs.enrolled": "kept", "portfolio.submitted": "kept", "assessment.decided": "sent", "credentials.issued": "sent"}
