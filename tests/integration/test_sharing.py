"""Pages that educators share: what they open and what not, until when, for whom; who opened them; and the share kit of a credential."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client

from cairn.apps.comms.models import Letter
from cairn.apps.credentials import commands
from cairn.apps.credentials import queries as credentials
from cairn.apps.credentials.models import PageOpening, Recipient, SharedPage
from cairn.apps.credentials.queries import Chosen, secret_of
from cairn.apps.ledger.models import Fact, PersonalValue
from cairn.apps.people import commands as people
from cairn.apps.people.queries import hash_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Artifact
from cairn.apps.portfolio.outward import page_words
from cairn.frame.actor import VISITOR, system
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests import files_world
from tests.learning_world import browser, opened, words
from tests.sharing_world import PRINCIPAL, Showing

pytestmark = pytest.mark.django_db


@pytest.fixture
def showing(world):
    return Showing(world)


@pytest.fixture
def drafting(world):
    """Dana at work on something, without a credential: quicker to arrange."""
    dana, run = world.enrolled()
    paper = world.add_file(dana, run, "plan")
    portfolio.describe_artifact(actor=dana, enrollment_id=run.pk, artifact_id=paper.pk, title="Unit plan of Room 9", people_shown="nobody")
    return dana, run, paper


def share(dana, *parts, **told) -> SharedPage:
    given = {"title": "For our talk", "until": Showing.day(30), "addresses": () if "team" in told else (PRINCIPAL,), **told}
    page = commands.share_page(actor=dana, parts=[Chosen(kind, thing) for kind, thing in parts], **given)
    drain()
    return page


def visit(page, **options):
    return browser(**options).get(Showing.link(page))


# --- What a link opens -----------------------------------------------------------------------------------------------


def test_a_page_shows_exactly_what_was_chosen(showing):
    every = showing.choices()
    assert {"credential", "feedback", "file", "answer"} <= set(every)
    page = showing.share("credential", "answer", words="Look at the second part.")
    read = words(visit(page))
    assert "Dana Whitfield shares with you" in read
    assert "Look at the second part." in read
    assert "Valid" in read
    shown = credentials.read_page(VISITOR, secret_of(page.recipients.get()))
    assert [(part.kind, bool(part.credential), bool(part.answer)) for part in shown.parts] == [
        ("credential", True, False), ("answer", False, True)]  # fmt: skip
    questions = {c.thing: c.title for group in credentials.choices(showing.dana) for c in group.choices if c.kind == "answer"}
    chosen = page.parts.get(kind="answer").writing_id
    assert [question for question in questions.values() if question in read] == [questions[chosen]]
    assert "What the assessors wrote" not in read
    assert "/files/" not in visit(page).content.decode()


def test_feedback_is_read_without_the_name_of_an_assessor(showing):
    page = showing.share("feedback", "credential", parts=showing.chosen("feedback", "credential", note="See 1a first."))
    read = words(visit(page))
    assert "Assessor one" in read
    assert "Page 1 shows 1a." in read
    assert "See 1a first." in read
    assert "Stone" not in read


def test_a_revoked_credential_says_so_on_the_page(showing):
    page = showing.share("credential")
    admin = showing.world.person("Ada Stone", organization_admin=showing.world.issuer)
    commands.revoke(actor=admin, credential_id=page.parts.get().credential_id, reason="It was a mistake.")
    read = words(visit(page))
    assert "Revoked on" in read
    assert "Do not rely on it" in read
    assert "mistake" not in read


def test_a_file_is_read_on_its_page_under_a_neutral_name_and_cannot_be_kept(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk))
    read = visit(page)
    assert "Document 1" in words(read)
    assert "Room 9" not in words(read)
    assert "plan.pdf" not in read.content.decode()
    seen = browser().get(f"{Showing.link(page)}files/{page.parts.get().pk}/?page=2")
    assert "Page 2 of 2" in words(seen)
    assert "Download" not in words(seen)
    picture = opened(seen)
    assert picture["Content-Type"] == "image/png"
    assert page_words(paper.pk, 2).split()[0] in words(seen)
    (address,) = re.findall(rf'src="http://{settings.FILES_HOST}[^"/]*(/s/[^"/]+)', seen.content.decode())
    for whole in (address, f"{address}?as=download"):
        assert Client(headers={"host": settings.FILES_HOST}).get(whole).status_code == 403


def test_a_file_may_be_kept_where_the_educator_allows_it(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk), allows_download=True)
    seen = browser().get(f"{Showing.link(page)}files/{page.parts.get().pk}/")
    (address,) = re.findall(rf'href="http://{settings.FILES_HOST}[^"/]*(/s/[^"]+as=download)', seen.content.decode())
    kept = Client(headers={"host": settings.FILES_HOST}).get(address)
    assert kept.status_code == 200
    assert kept["Content-Disposition"] == 'attachment; filename="document-1.pdf"'
    assert b"".join(kept.streaming_content).startswith(b"%PDF")


def test_a_link_to_a_file_stops_with_the_page_and_soon_by_itself(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk))
    (part,) = page.parts.all()
    address = f"{Showing.link(page)}files/{part.pk}/"
    seen = browser().get(address)
    with clock.at(clock.now() + timedelta(seconds=290)):
        assert opened(seen).status_code == 200
    with clock.at(clock.now() + timedelta(seconds=310)):
        assert opened(seen).status_code == 404
    commands.end_page(actor=dana, page_id=page.pk)
    assert opened(seen).status_code == 404


def test_a_link_to_one_page_opens_no_file_of_another(drafting):
    dana, run, paper = drafting
    answer = portfolio.write(actor=dana, enrollment_id=run.pk, prompt="place", text="In the library.", revision=0)
    assert answer.words
    one, other = share(dana, ("file", paper.pk)), share(dana, ("file", paper.pk), team="Mentors")
    assert browser().get(f"{Showing.link(one)}files/{other.parts.get().pk}/").status_code == 404
    assert browser().get(f"{Showing.link(one)}files/{new_id()}/").status_code == 404


def test_evidence_that_was_taken_out_or_shows_students_by_now_is_withdrawn(drafting):
    dana, run, paper = drafting
    page = share(dana, ("file", paper.pk))
    part = page.parts.get().pk
    portfolio.describe_artifact(actor=dana, enrollment_id=run.pk, artifact_id=paper.pk, title="", people_shown="adults")
    assert "Withdrawn" not in words(visit(page))
    Artifact.objects.filter(pk=paper.pk).update(people_shown="students")
    assert "Withdrawn" in words(visit(page))
    Artifact.objects.filter(pk=paper.pk).update(people_shown="nobody")
    portfolio.remove_artifact(actor=dana, enrollment_id=run.pk, artifact_id=paper.pk)
    assert "Withdrawn" in words(visit(page))
    assert browser().get(f"{Showing.link(page)}files/{part}/").status_code == 404


def test_nothing_is_kept_found_or_passed_on(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk))
    for address in (Showing.link(page), f"{Showing.link(page)}files/{page.parts.get().pk}/"):
        answer = browser().get(address)
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]


# --- Until when ------------------------------------------------------------------------------------------------------


def test_a_page_is_open_to_the_last_second_of_its_day_and_no_longer(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk), until=Showing.day(5))
    with clock.at(page.expires_at - timedelta(seconds=1)):
        assert credentials.read_page(VISITOR, secret_of(page.recipients.get())).page == page
    with clock.at(page.expires_at):
        with pytest.raises(Forbidden, match="open no more"):
            credentials.read_page(VISITOR, secret_of(page.recipients.get()))
        assert visit(page).status_code == 403


def test_a_page_is_shown_longer(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk), until=Showing.day(1))
    client = browser(dana)
    address = f"/portfolio/shared/{page.pk}/"
    assert client.post(address, {"until": Showing.day(60).isoformat(), "key": new_id()}).status_code == 302
    page.refresh_from_db()
    assert page.expires_at > clock.now() + timedelta(days=58)
    for wrong in (Showing.day(-1), Showing.day(400), "soon", ""):
        answer = client.post(address, {"until": str(wrong), "key": new_id()})
        assert answer.status_code == 422
    assert SharedPage.objects.get(pk=page.pk).expires_at == page.expires_at


def test_a_page_is_ended_at_once_and_for_good(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk))
    assert visit(page).status_code == 200
    assert browser(dana).post(f"/portfolio/shared/{page.pk}/end/").status_code == 302
    assert visit(page).status_code == 403
    ended = commands.end_page(actor=dana, page_id=page.pk)
    assert Fact.objects.filter(kind="credentials.page_ended", subject_id=ended.pk).count() == 1
    with pytest.raises(Conflict, match="ended this page"):
        commands.extend_page(actor=dana, page_id=page.pk, until=Showing.day(9))


def test_a_link_is_taken_back_from_one_and_stays_open_for_another(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk), addresses=[PRINCIPAL, "mentor@example.org"])
    gone, stays = page.recipients.order_by("name")
    assert browser(dana).post(f"/portfolio/shared/links/{gone.pk}/end/").status_code == 302
    assert browser().get(credentials.link_of(gone)).status_code == 403
    assert browser().get(credentials.link_of(stays)).status_code == 200
    with pytest.raises(Conflict, match="taken this link back"):
        commands.renew_link(actor=dana, recipient_id=gone.pk)


def test_a_new_link_ends_the_last_one_and_is_written(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk))
    before = Showing.link(page)
    answer = browser(dana).post(f"/portfolio/shared/links/{page.recipients.get().pk}/new/", {"key": new_id()})
    drain()
    after = Showing.link(page)
    assert after in answer.content.decode()
    assert browser().get(before).status_code == 404
    assert browser().get(after).status_code == 200
    assert after in Letter.objects.get(kind="credentials.link_renewed").text


# --- The link --------------------------------------------------------------------------------------------------------


def test_a_wrong_link_finds_nothing_and_the_right_one_lies_in_no_table(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk))
    recipient = page.recipients.get()
    secret = secret_of(recipient)
    assert recipient.secret_hash == hash_of(secret)
    assert not any(secret in str(value) for value in Recipient.objects.values().get().values())
    for wrong in ("0" * 40, secret[:-1], secret.upper(), f"{secret}0", recipient.secret_hash, "%00"):
        assert browser().get(f"/shared/{wrong}/").status_code == 404


def test_each_named_reader_has_a_letter_with_a_link_of_their_own(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk), addresses=[PRINCIPAL.upper(), "mentor@example.org", " "], words="See page 2.")
    letters = {letter.address: letter for letter in Letter.objects.filter(kind="credentials.recipient_named")}
    assert set(letters) == {PRINCIPAL, "mentor@example.org"}
    for recipient in page.recipients.all():
        text = letters[recipient.address].text
        assert credentials.link_of(recipient) in text
        assert "See page 2." in text
        assert letters[recipient.address].person_id is None
    assert secret_of(page.recipients.first()) != secret_of(page.recipients.last())


def test_a_team_gets_one_link_that_is_shown_once_and_no_letter(drafting):
    dana, _, paper = drafting
    sent = {"title": "For the mentors", "parts": [f"file-{paper.pk}"], f"note-file-{paper.pk}": "Page 2.", "team": "Mentor team",
            "until": Showing.day(7).isoformat(), "key": new_id()}  # fmt: skip
    client = browser(dana)
    answer = client.post("/portfolio/shared/new/", sent)
    drain()
    page = SharedPage.objects.get()
    assert f"{settings.SITE_URL}{Showing.link(page)}" in answer.content.decode()
    assert not Letter.objects.filter(kind="credentials.recipient_named").exists()
    assert page.parts.get().note == "Page 2."
    assert Showing.link(page) not in client.get(f"/portfolio/shared/{page.pk}/").content.decode()
    again = client.post("/portfolio/shared/new/", sent)
    assert Showing.link(page) in again.content.decode()
    assert SharedPage.objects.count() == 1


def test_addresses_lie_in_facts_as_salted_hashes_alone(drafting):
    dana, _, paper = drafting
    share(dana, ("file", paper.pk))
    fact = Fact.objects.get(kind="credentials.recipient_named")
    assert PRINCIPAL not in fact.body
    assert PersonalValue.objects.get(fact=fact).value == PRINCIPAL
    assert not Fact.objects.filter(body__contains=PRINCIPAL).exists()


# --- The passcode ----------------------------------------------------------------------------------------------------


def test_a_passcode_stands_before_the_page_and_before_its_files(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk), passcode="seven stones")
    link, reader = Showing.link(page), browser()
    door = reader.get(link)
    assert "passcode" in words(door)
    assert "Dana" not in words(door)
    assert door["Referrer-Policy"] == "same-origin"
    assert "passcode" in words(reader.get(f"{link}files/{page.parts.get().pk}/"))
    assert not PageOpening.objects.exists()
    wrong = reader.post(link, {"passcode": "six stones"})
    assert wrong.status_code == 422
    assert "9 tries are left" in words(wrong)
    assert reader.post(link, {"passcode": "seven stones"})["Location"] == link
    assert "Dana Whitfield shares" in words(reader.get(link))
    assert "passcode" in words(browser().get(link))
    assert "seven stones" not in SharedPage.objects.get().passcode


def test_ten_wrong_passcodes_lock_the_link_until_it_is_renewed(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk), passcode="seven stones")
    link, reader = Showing.link(page), browser()
    for _ in range(10):
        reader.post(link, {"passcode": "guess"})
    assert "opens nothing now" in words(reader.post(link, {"passcode": "seven stones"}))
    recipient = page.recipients.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Recipient.objects.filter(pk=recipient.pk).update(wrong_tries=11)
    commands.renew_link(actor=dana, recipient_id=recipient.pk)
    assert browser().post(Showing.link(page), {"passcode": "seven stones"}).status_code == 302


def test_the_answer_to_a_repeated_try_is_not_the_answer_to_the_first(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk), passcode="seven stones")
    for _ in range(2):
        wrong = browser().post(Showing.link(page), {"passcode": "guess"}, headers={"idempotency-key": "a" * 20})
        assert wrong.status_code == 422
    assert page.recipients.get().wrong_tries == 2


# --- Who opened it ---------------------------------------------------------------------------------------------------


def test_the_educator_sees_who_opened_what_and_when(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk), addresses=[PRINCIPAL, "mentor@example.org"])
    by = page.recipients.get(name=PRINCIPAL)
    browser().head(credentials.link_of(by))
    assert not PageOpening.objects.exists()
    browser().get(credentials.link_of(by))
    browser().get(f"{credentials.link_of(by)}files/{page.parts.get().pk}/")
    told = words(browser(dana).get(f"/portfolio/shared/{page.pk}/"))
    assert "Opened 1 time" in told
    assert "Unit plan of Room 9" in told
    assert "Not opened yet" in told
    assert "1 time" in words(browser(dana).get("/portfolio/shared/"))


def test_looks_within_ten_minutes_are_written_down_once(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk))
    start = clock.now().replace(minute=10 * (clock.now().minute // 10), second=1) + timedelta(minutes=10)
    for seconds in (0, 1, 500, 600, 700):
        with clock.at(start + timedelta(seconds=seconds)):
            visit(page)
    assert PageOpening.objects.count() == Fact.objects.filter(kind="credentials.page_opened").count() == 2


def test_the_educators_own_look_is_not_counted(drafting):
    dana, _, paper = drafting
    page = share(dana, ("file", paper.pk), passcode="seven stones")
    assert "Dana Whitfield shares" in words(browser(dana).get(Showing.link(page)))
    assert "not counted" in words(browser(dana).get(f"/portfolio/shared/{page.pk}/see/"))
    assert not PageOpening.objects.exists()


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
    from cairn.apps.people.queries import support_accesses, through_their_eyes

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
    from cairn.apps.people.queries import me

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


def test_names_in_an_answer_are_told_before_it_goes_out(showing):
    found = [c for group in credentials.choices(showing.dana) for c in group.choices if c.kind == "answer"]
    assert not any(choice.names for choice in found)
    dana, run = showing.dana, showing.run
    from cairn.apps.portfolio.queries import names_in

    assert names_in(dana, "I am Dana Whitfield, and so it went.") == ("Dana Whitfield",)
    assert run.person_id == dana.person_id


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
    page = showing.share("credential", parts=showing.chosen("credential", note="This one."))
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


def test_a_film_plays_on_its_page(drafting, world):
    dana, run, _ = drafting
    film = world.add_file(dana, run, "recording", files_world.make_mp4(5), name="lesson.mp4")
    portfolio.describe_artifact(actor=dana, enrollment_id=run.pk, artifact_id=film.pk, title="", people_shown="nobody")
    page = share(dana, ("file", film.pk))
    seen = browser().get(f"{Showing.link(page)}files/{page.parts.get().pk}/")
    (address,) = re.findall(rf'src="http://{settings.FILES_HOST}[^"/]*(/s/[^"#]+)"', seen.content.decode())
    client = Client(headers={"host": settings.FILES_HOST})
    assert client.get(address, headers={"range": "bytes=0-9"}).status_code == 206
    commands.end_page(actor=dana, page_id=page.pk)
    assert client.get(address, headers={"range": "bytes=10-19"}).status_code == 404
