"""Pages that educators share: what a link opens and what not, until when, behind which passcode; and who opened it."""

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
from cairn.apps.credentials.queries import secret_of
from cairn.apps.ledger.models import Fact, PersonalValue
from cairn.apps.people.queries import hash_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Artifact
from cairn.apps.portfolio.outward import page_words
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests import files_world
from tests.canaries import ABOUT, IN_FILES, READ, hidden, plant
from tests.learning_world import browser, opened, words
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
    page = showing.share("feedback", "credential", note="See 1a first.")
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


def test_a_film_plays_on_its_page(drafting, world):
    dana, run, _ = drafting
    film = world.add_file(dana, run, "recording", files_world.make_mp4(5), name="lesson.mp4")
    portfolio.describe_artifact(actor=dana, enrollment_id=run.pk, artifact_id=film.pk, title="", people_shown="nobody")
    page = share(dana, ("file", film.pk))
    seen = browser().get(f"{Showing.link(page)}files/{page.parts.get().pk}/")
    (address,) = re.findall(rf'src="http://{settings.FILES_HOST}[^"/]*(/s/[^"#]+)"', seen.content.decode())
    client = Client(headers={"host": settings.FILES_HOST})
    assert client.get(address, headers={"range": "bytes=0-9"}).status_code == 206
    assert client.get(address, headers={"range": f"bytes={'9' * 5000}-"}).status_code == 200  # no range that could be meant
    commands.end_page(actor=dana, page_id=page.pk)
    assert client.get(address, headers={"range": "bytes=10-19"}).status_code == 404


@pytest.mark.long
def test_a_reader_of_all_files_meets_nothing_that_was_hidden_in_them_nor_what_they_were_called(world):
    with clock.at(READ):
        planted = plant(world)
        files = [c.thing for group in credentials.choices(planted.educator) for c in group.choices if c.kind == "file"]
        page = share(planted.educator, *(("file", thing) for thing in files), allows_download=True)
        met = [visit(page).content]
        for part in page.parts.all():
            seen = browser().get(f"{Showing.link(page)}files/{part.pk}/")
            (address,) = re.findall(rf'href="http://{settings.FILES_HOST}[^"/]*(/s/[^"]+as=download)', seen.content.decode())
            answer = Client(headers={"host": settings.FILES_HOST}).get(address)
            met += [seen.content, str(answer.headers).encode(), files_world.everything_in(b"".join(answer.streaming_content))]
    assert len(met) == 1 + 3 * len(files) > 15
    of_them = ("an e-mail address", "the title of a file", "the name of a file", "the name of captions")
    names = {**IN_FILES, **{place: ABOUT[place] for place in of_them}}
    told = b"\n".join(met).replace(b"\0", b"").lower()
    assert [place for place, name in names.items() if any(form.encode() in told for form in hidden(name))] == []
    assert ABOUT["what one is called"].lower().encode() in told  # the page says whose it is, so the rest would be found too
