"""Pages that educators share: who may not read them, what is refused, and the ways there; the share kit of a credential."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings

from cairn.apps.comms.models import Letter
from cairn.apps.credentials import commands
from cairn.apps.credentials import queries as credentials
from cairn.apps.credentials.models import Recipient, SharedPage
from cairn.apps.credentials.queries import Chosen, secret_of
from cairn.apps.people import commands as people
from cairn.apps.people.queries import me, support_accesses, through_their_eyes
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Artifact
from cairn.apps.portfolio.queries import workspace
from cairn.frame.actor import VISITOR, system
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from tests.learning_world import browser, words
from tests.sharing_world import PRINCIPAL, Showing, drafted, share

pytestmark = pytest.mark.django_db


@pytest.fixture
def showing(world):
    return Showing(world)


@pytest.fixture
def drafting(world):
    return drafted(world)


def visit(page, **options):
    return browser(**options).get(Showing.link(page))


# --- Who may not -----------------------------------------------------------------------------------------------------


def test_nobody_else_comes_near_an_educators_pages(drafting, world):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk))
    stranger = world.person("Sam Stranger", operator=world.issuer)
    recipient = page.recipients.get()
    for address in (f"/portfolio/shared/{page.pk}/", f"/portfolio/shared/{page.pk}/see/", f"/portfolio/shared/new/?like={page.pk}"):
        assert browser(stranger).get(address).status_code == 404
    assert "For our talk" not in words(browser(stranger).get("/portfolio/shared/"))
    for act in (
        lambda: commands.end_page(actor=stranger, page_id=page.pk),
        lambda: commands.extend_page(actor=stranger, page_id=page.pk, until=Showing.day(9)),
        lambda: commands.renew_link(actor=stranger, recipient_id=recipient.pk),
        lambda: commands.end_link(actor=stranger, recipient_id=recipient.pk),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        commands.share_page(actor=VISITOR, title="T", parts=[Chosen("file", paper.pk)], until=Showing.day(3), team="T")


def test_support_opens_neither_the_educators_list_nor_a_link(drafting, world):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk))
    operator = world.person("Olga Stone", operator=world.issuer)
    people.begin_support(actor=operator, person_id=dana.person_id, reason="They asked.", minutes=30)
    _, looker = through_their_eyes(operator, support_accesses(operator).get().pk)
    assert list(credentials.shared_pages(looker)) == []
    with pytest.raises(Forbidden, match="closed to support"):
        credentials.read_page(looker, secret_of(page.recipients.get()))
    with pytest.raises(Forbidden):
        commands.end_page(actor=looker, page_id=page.pk)


def test_whoever_scores_the_work_or_may_be_given_it_is_not_let_in(world):
    """With or without an open sheet the words are the same, so that they tell nothing."""
    reader, other = world.assessors(2)
    dana, run = world.submitted(world.person("Dana Whitfield"))
    page = share(dana, ("file", Artifact.objects.filter(enrollment=run).first().pk))
    third = world.person("Third Stone", assessor=world.issuer)
    assert world.sheets(run)
    answers = [browser(each).get(Showing.link(page)) for each in (reader, other, third)]
    assert {answer.status_code for answer in answers} == {403}
    assert len({re.search(r"<main.*?</main>", answer.content.decode(), re.S)[0] for answer in answers}) == 1
    assert not any("Dana" in answer.content.decode() for answer in answers)


def test_the_link_of_an_address_that_belongs_to_an_assessor_opens_nothing_for_anybody(world):
    reader = world.person("Reader Stone", assessor=world.issuer)
    dana, run = world.enrolled()
    paper = world.add_file(dana, run, "plan")
    portfolio.describe_artifact(actor=dana, enrollment_id=run.pk, artifact_id=paper.pk, title="", people_shown="nobody")
    page = share(dana, ("file", paper.pk), addresses=[me(reader).email, PRINCIPAL])
    theirs, principal = page.recipients.get(name=me(reader).email), page.recipients.get(name=PRINCIPAL)
    assert browser().get(credentials.link_of(theirs)).status_code == 403
    assert browser().get(credentials.link_of(principal)).status_code == 200


def test_an_assessor_who_could_never_score_the_work_reads_the_page(world):
    school = world.organization("Near School", kind="school")
    dana, run = world.enrolled(world.person("Dana Whitfield", works_at=school))
    principal = world.person("Paul Stone", works_at=school, assessor=world.issuer)
    paper = world.add_file(dana, run, "plan")
    portfolio.describe_artifact(actor=dana, enrollment_id=run.pk, artifact_id=paper.pk, title="", people_shown="nobody")
    page = share(dana, ("file", paper.pk))
    assert browser(principal).get(Showing.link(page)).status_code == 200


# --- What is refused -------------------------------------------------------------------------------------------------


def test_nothing_of_somebody_elses_and_nothing_unknown_goes_on_a_page(drafting, world):
    dana, _, _ = drafting
    other, run = world.enrolled(world.person("Other Stone"))
    theirs = world.add_file(other, run, "plan")
    portfolio.describe_artifact(actor=other, enrollment_id=run.pk, artifact_id=theirs.pk, title="", people_shown="nobody")
    for kind, thing in (("file", theirs.pk), ("file", new_id()), ("credential", new_id()), ("secret", theirs.pk), ("answer", "\0")):
        with pytest.raises(NotFound):
            share(dana, (kind, thing))
    assert not SharedPage.objects.exists()


@pytest.mark.parametrize(("people_shown", "why"), [("", "who can be recognized"), ("students", "permission is for the assessors")])
def test_a_file_stays_where_people_in_it_have_not_agreed_to_more(drafting, people_shown, why):
    dana, _, paper = drafting
    Artifact.objects.filter(pk=paper.pk).update(people_shown=people_shown)
    with pytest.raises(Invalid, match=why):
        share(dana, ("file", paper.pk))
    assert why in words(browser(dana).get("/portfolio/shared/new/"))


def test_names_in_an_answer_are_told_before_it_goes_out(world):
    dana, run = world.enrolled(world.person("Dana Whitfield"))
    world.fill(dana, run)
    own = next(a for part in workspace(dana, run.pk).parts for a in part.answers if a.prompt.key == "place")
    portfolio.write(actor=dana, enrollment_id=run.pk, prompt="place", text=f"I, Dana Whitfield. {own.text}", revision=own.revision)
    portfolio.submit(actor=dana, enrollment_id=run.pk)
    told = [c.names for group in credentials.choices(dana) for c in group.choices if c.kind == "answer"]
    assert told.count(("Dana Whitfield",)) == 1
    assert "It names Dana Whitfield." in words(browser(dana).get("/portfolio/shared/new/"))


def test_wrong_input_comes_back_filled(drafting):
    dana, _, paper = drafting
    client, key = browser(dana), f"file-{paper.pk}"
    right = {"title": "For our talk", "parts": [key], f"note-{key}": "Page 2, please.", "addresses": PRINCIPAL, "words": "Read this.",
             "until": Showing.day(30).isoformat(), "passcode": "", "team": ""}  # fmt: skip
    wrong = {
        "title": ("", "Give the page a title"), "parts": ([], "Choose what goes on the page"),
        "until": (str(Showing.day(-1)), "from today"),
        "addresses": ("no address", "no e-mail address"), "passcode": ("short", "6 to 64"), "words": ("w" * 2001, "2000"),
    }  # fmt: skip
    for name, (value, said) in wrong.items():
        answer = client.post("/portfolio/shared/new/", {**right, name: value, "key": new_id()})
        assert answer.status_code == 422, name
        assert said in words(answer), name
        page = answer.content.decode()
        assert "Page 2, please." in page
        assert name == "title" or "For our talk" in page
    for name, value in (("parts", [new_id()]), ("addresses", ""), ("until", str(Showing.day(400))), ("until", "9999-99-99"),
                        ("addresses", "\n".join(f"a{n}@example.org" for n in range(11)))):  # fmt: skip
        assert client.post("/portfolio/shared/new/", {**right, name: value, "key": new_id()}).status_code == 422, name
    assert not SharedPage.objects.exists()


def test_letters_to_strangers_are_few_a_day(drafting):
    dana, _, paper = drafting
    for n in range(2):
        share(dana, ("file", paper.pk), addresses=[f"a{n}{m}@example.org" for m in range(10)])
    with pytest.raises(Conflict, match="20 a day"):
        share(dana, ("file", paper.pk))
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        share(dana, ("file", paper.pk))


def test_a_page_that_is_sent_twice_is_made_once(drafting):
    dana, _, paper = drafting
    keyed = dana.with_key(new_id())
    pages = [share(keyed, ("file", paper.pk)) for _ in range(2)]
    assert pages[0] == pages[1]
    assert Letter.objects.filter(kind="credentials.recipient_named").count() == 1
    links = [commands.renew_link(actor=dana.with_key("b" * 20), recipient_id=pages[0].recipients.get().pk) for _ in range(2)]
    assert links[0].serial == links[1].serial == 2


def test_the_system_sees_pages_for_its_letters_and_a_visitor_none(drafting):
    dana, _, paper = drafting
    share(dana, ("file", paper.pk))
    assert SharedPage.objects.visible_to(system("tests")).count() == 1
    assert not SharedPage.objects.visible_to(VISITOR).exists()
    assert not Recipient.objects.visible_to(VISITOR).exists()


# --- Ways to it, and the share kit -----------------------------------------------------------------------------------


def test_there_is_a_way_to_sharing_from_the_portfolio_and_the_credential(showing):
    client = browser(showing.dana)
    credential = showing.choices()["credential"][0]
    way = f"/portfolio/shared/new/?part=credential-{credential}"
    assert way in client.get(f"/credentials/{credential}/").content.decode()
    assert way not in browser().get(f"/credentials/{credential}/").content.decode()
    assert "/portfolio/shared/" in client.get("/portfolio/").content.decode()
    assert re.search(rf'value="credential-{credential}"[^>]* checked', client.get(way).content.decode())
    page = showing.share("credential", note="This one.")
    like = client.get(f"/portfolio/shared/new/?like={page.pk}").content.decode()
    assert "This one." in like
    assert re.search(rf'value="credential-{credential}"[^>]* checked', like)


def test_an_educator_with_nothing_to_show_is_told_how_to_begin(world):
    client = browser(world.person("New Stone"))
    assert "No page yet" in words(client.get("/portfolio/shared/"))
    assert "Nothing to show yet" in words(client.get("/portfolio/shared/new/"))


def test_the_share_kit_has_words_and_html_to_copy_for_its_earner_alone(showing):
    credential = showing.choices()["credential"][0]
    page = browser(showing.dana).get(f"/credentials/{credential}/kit/")
    text = page.content.decode()
    assert "&lt;table role=&quot;presentation&quot;" in text
    assert f"{settings.SITE_URL}/credentials/{credential}/" in text
    assert "width=&quot;48&quot;" in text
    assert "<table" not in text
    assert browser(showing.world.person("Sam Stranger")).get(f"/credentials/{credential}/kit/").status_code == 404
    admin = showing.world.person("Ada Stone", organization_admin=showing.world.issuer)
    commands.revoke(actor=admin, credential_id=credential, reason="It was a mistake.")
    assert browser(showing.dana).get(f"/credentials/{credential}/kit/").status_code == 409
