"""Letters in an organization's own words, and a coordinator's letters to chosen participants."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest

from cairn.apps.comms import commands
from cairn.apps.comms.models import Letter, Nudge, Wording
from cairn.apps.comms.queries import all_worded, sample, worded
from cairn.apps.comms.states import WORDED
from cairn.apps.ledger.models import Fact
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.comms_world import NOON, notice, tell
from tests.integration.test_public_pages import client_of, text_of
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db
KIND = "programs.enrolled"


class Office:
    """Two organizations, each with an admin, and a learner who hears of both."""

    def __init__(self, world):
        self.here, self.elsewhere = world.organization("Near Schools"), world.organization("Far Schools")
        self.admin = world.person("Ada Stone", organization_admin=self.here)
        self.other = world.person("Otto Stone", organization_admin=self.elsewhere)
        self.coordinator = world.person("Cleo Stone", coordinator=self.here)
        self.dana = world.person("Dana Whitfield")
        self.page = f"/org/{self.here.slug}/letters/{KIND}/"

    def word(
        self, subject="Welcome to {title}", text="Hello {name},\n\nfrom {organization}. Due {due}.\n", number=0, actor=None, kind=KIND
    ):
        return commands.word(actor=actor or self.admin, organization_id=self.here.pk, kind=kind, subject=subject, text=text, number=number)

    def nudge(self, *people, actor=None, kind="nudge.go_on", **more):
        return commands.nudge(actor=actor or self.coordinator, organization_id=self.here.pk, kind=kind,
                              notices=[notice(each, kind) for each in people], **more)  # fmt: skip


@pytest.fixture(scope="module")
def one_office(standing):
    return Office(World())


@pytest.fixture
def office(one_office, db):
    return deepcopy(one_office)


# --- Wording -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", WORDED)
def test_our_own_words_can_be_saved_as_they_stand(office, kind):
    """So that an admin begins with them; and each of them reads well with sample words."""
    ours = worded(office.admin, office.here.pk, kind)
    made = office.word(ours.subject, ours.text, kind=kind)
    assert (made.subject, made.text) == (ours.subject, ours.text)
    subject, text = sample(kind, ours.subject, ours.text)
    assert not set("{}") & set(subject + text)
    assert "Dear Dana Whitfield" in text
    assert "https://cairn.example.org/portfolio/" in text


def test_an_organizations_own_words_are_what_its_participants_read(office):
    office.word()
    (letter,) = tell(office.dana, organization=office.here.pk)
    assert letter.subject == "Welcome to Stepping Stones"
    assert letter.text == "Hello Dana Whitfield,\n\nfrom Near Schools. Due May 31.\n\nhttp://localhost:8000/portfolio/\n"


@pytest.mark.parametrize("organization", ["elsewhere", ""])
def test_another_organizations_letters_do_not_read_like_that(office, organization):
    office.word()
    (letter,) = tell(office.dana, organization=getattr(office, organization).pk if organization else "")
    assert letter.subject == "You have begun Stepping Stones"
    assert "Near Schools" not in letter.text


def test_the_link_stands_once_where_its_writer_put_it(office):
    office.word(text="See {link} soon.")
    (letter,) = tell(office.dana, organization=office.here.pk)
    assert letter.text == "See http://localhost:8000/portfolio/ soon.\n"


@pytest.mark.parametrize("text", [
    "{password}", "{name.email}", "{name!r}", "{0}", "{}", "{{ name }}", "{% include 'x' %}", "{name", "name}", "{ name }", "{NAME}",
    "{title[0]}", "{__class__}",
])  # fmt: skip
@pytest.mark.parametrize("field", ["subject", "text"])
def test_what_nothing_fills_in_is_refused_with_the_list_of_what_is(office, field, text):
    with pytest.raises(Invalid) as no:
        office.word(**{"subject": "Hello", "text": "Hello", field: text})
    assert set(no.value.fields) == {field}
    assert "{title}" in no.value.fields[field]
    assert not Wording.objects.exists()


@pytest.mark.parametrize(("subject", "text"), [("", "Hello"), ("Hello", " \n"), ("x" * 201, "Hello"), ("Hello", "x" * 10_001)])
def test_an_empty_or_endless_letter_is_refused(office, subject, text):
    with pytest.raises(Invalid):
        office.word(subject, text)


def test_what_is_filled_in_is_never_filled_in_itself(office):
    office.word(text="{title}")
    (letter,) = tell(office.dana, organization=office.here.pk, title="{name} {{ 7|add:7 }} {% now 'Y' %}")
    assert letter.text.startswith("{name} {{ 7|add:7 }} {% now 'Y' %}")


def test_a_subject_stays_on_one_line_whatever_fills_it(office):
    office.word(subject="About {title}")
    (letter,) = tell(office.dana, organization=office.here.pk, title="a\r\nBcc: everybody@example.org")
    assert letter.subject == "About a Bcc: everybody@example.org"


def test_versions_are_kept_and_ours_come_back(office):
    office.word(text="One {name}")
    office.word(text="Two {name}", number=1)
    commands.word_as_ours(actor=office.admin, organization_id=office.here.pk, kind=KIND, number=2)
    assert worded(office.admin, office.here.pk, KIND).is_ours
    (letter,) = tell(office.dana, organization=office.here.pk)
    assert letter.subject == "You have begun Stepping Stones"
    assert list(Wording.objects.order_by("number").values_list("text", flat=True)) == ["One {name}", "Two {name}", ""]


def test_whoever_saves_over_what_they_have_not_seen_is_told(office):
    office.word()
    with pytest.raises(Conflict, match="meanwhile"):
        office.word(text="Mine", number=0)


def test_saving_again_with_the_same_key_makes_one_version(office):
    actor = office.admin.with_key(new_id())
    assert office.word(actor=actor).pk == office.word(actor=actor).pk
    assert Fact.objects.filter(kind="comms.worded").count() == 1


def test_only_admins_of_the_organization_word_its_letters(office):
    for stranger in (office.dana, office.other, office.coordinator, VISITOR):
        with pytest.raises(Forbidden):
            office.word(actor=stranger)
    with pytest.raises(NotFound):
        office.word(kind="people.token_made")


def test_others_see_neither_page_nor_words(office):
    office.word(subject="Secret plan for {title}")
    assert "Secret plan" not in str(all_worded(office.other, office.here.pk))
    for stranger in (office.dana, office.other):
        assert client_of(stranger).get(office.page).status_code == 404
        assert client_of(stranger).post(office.page, {"act": "save"}).status_code == 404


# --- The pages -----------------------------------------------------------------------------------------------------------


def test_an_admin_writes_looks_and_saves(office):
    client = client_of(office.admin)
    assert "Somebody has begun" in text_of(client.get(f"/org/{office.here.slug}/letters/"))
    sent = {"number": "0", "subject": "Welcome to {title}", "text": "Hello {name}!", "key": new_id()}
    preview = text_of(client.post(office.page, {**sent, "act": "preview"}))
    assert "Welcome to Culturally Responsive Classrooms Hello Dana Whitfield!" in preview
    assert not Wording.objects.exists()
    assert client.post(office.page, {**sent, "act": "save"}).status_code == 302
    assert "in your words, version 1" in text_of(client.get(office.page))
    client.post(f"{office.page}reset/", {"key": new_id()})
    assert "in our words" in text_of(client.get(office.page))


@pytest.mark.parametrize("act", ["save", "preview", "try"])
def test_what_is_refused_comes_back_as_it_was_written(office, act):
    sent = {"number": "0", "subject": "Hello {who}", "text": "Some <b>words</b> of mine", "key": new_id(), "act": act}
    answer = client_of(office.admin).post(office.page, sent)
    assert answer.status_code == 422
    assert "Nothing is filled in for {who}" in text_of(answer)
    assert "Some &lt;b&gt;words&lt;/b&gt; of mine" in answer.content.decode()


def test_a_trial_goes_to_its_writer_alone(office):
    client_of(office.admin).post(office.page, {"number": "0", "subject": "Hi {name}", "text": "{due}", "key": new_id(), "act": "try"})
    letter = Letter.objects.get(kind="comms.trial")
    assert (letter.person_id, letter.subject) == (office.admin.person_id, "Hi Ada Stone")
    assert not Wording.objects.exists()


def test_a_letter_that_cannot_be_worded_has_no_page(office):
    assert client_of(office.admin).get(f"/org/{office.here.slug}/letters/assessment.assigned/").status_code == 404


# --- Nudges --------------------------------------------------------------------------------------------------------------


def test_a_coordinator_writes_to_those_who_were_chosen(world, office):
    sam = world.person("Sam Stone")
    made = office.nudge(office.dana, sam, subject="{name}, go on", text="Until {due}.")
    assert (made.told, made.left_out, made.made_by_id) == (2, 0, office.coordinator.person_id)
    drain()
    letters = {row.person_id: row for row in Letter.objects.filter(kind="nudge.go_on")}
    assert letters[office.dana.person_id].subject == "Dana Whitfield, go on"
    assert letters[office.dana.person_id].text == "Until May 31.\n\nhttp://localhost:8000/portfolio/\n"
    assert {row.state for row in letters.values()} == {"sent"}
    assert Fact.objects.get(kind="comms.nudged").organization == office.here.pk


def test_nobody_is_nudged_twice_a_day_in_the_same_way(world, office):
    with clock.at(NOON):
        office.nudge(office.dana)
        again = office.nudge(office.dana, world.person("Sam Stone"))
        assert (again.told, again.left_out) == (1, 1)
        with pytest.raises(Conflict, match="today"):
            office.nudge(office.dana)
        office.nudge(office.dana, kind="nudge.due_soon")
    with clock.at(NOON + timedelta(days=1)):
        assert office.nudge(office.dana).told == 1
    assert Letter.objects.filter(person_id=office.dana.person_id, kind="nudge.go_on").count() == 2


def test_a_nudge_sent_twice_by_one_click_goes_once(office):
    actor = office.coordinator.with_key(new_id())
    assert office.nudge(office.dana, actor=actor).pk == office.nudge(office.dana, actor=actor).pk
    assert (Nudge.objects.count(), Letter.objects.filter(kind="nudge.go_on").count()) == (1, 1)


def test_a_nudge_reads_as_its_organization_words_it(office):
    office.word(subject="Still there?", text="{title}", kind="nudge.begin")
    office.nudge(office.dana, kind="nudge.begin")
    assert Letter.objects.get(kind="nudge.begin").subject == "Still there?"


def test_a_reader_who_wants_no_such_letters_by_mail_finds_it_here(office):
    commands.change_preferences(actor=office.dana, hows={"deadlines": "here"})
    office.nudge(office.dana)
    assert Letter.objects.get(kind="nudge.go_on").state == "kept"


def test_strangers_nudge_nobody(world, office):
    for stranger in (office.dana, office.other, world.person("Cora Stone", coordinator=office.elsewhere)):
        with pytest.raises(Forbidden):
            office.nudge(office.dana, actor=stranger)
    with pytest.raises(NotFound):
        office.nudge(office.dana, kind=KIND)
    with pytest.raises(Invalid):
        office.nudge(office.dana, subject="{secret}", text="Hello")
    assert not Letter.objects.filter(person_id=office.dana.person_id).exists()


def test_a_coordinator_of_one_program_writes_for_it(world, office):
    from cairn.apps.people import commands as people

    cora = world.person("Cora Stone")
    program = new_id()
    people.grant_role(actor=SYSTEM, person_id=cora.person_id, role="coordinator", organization_id=office.here.pk, scope="program",
                      scope_id=program, scope_name="A pilot")  # fmt: skip
    from cairn.apps.people.queries import actor_of

    assert office.nudge(office.dana, actor=actor_of(cora.person_id), program_id=program).told == 1
    with pytest.raises(Forbidden):
        office.nudge(office.dana, actor=actor_of(cora.person_id), program_id=new_id())
