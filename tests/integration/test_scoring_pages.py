"""The assessor's and lead's pages over HTTP: what stands on them, how a sheet is filled in, and who finds nothing there."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.apps.assessment import commands as assessment
from cairn.apps.assessment.models import Case, Decision, SavedComment, Score, ScoreSheet
from cairn.apps.assessment.queries import fingerprint
from cairn.apps.people import commands as people
from cairn.apps.people.models import RoleGrant
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.outward import path_of
from cairn.apps.portfolio.queries import workspace
from cairn.kernel import clock
from cairn.kernel.ids import new_id
from cairn.pure.clocks import long_moment
from cairn.site.worker import drain
from tests import files_world
from tests.scoring_world import body, opened, signed_in
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture(scope="module")
def one_world(standing):
    """Two readers, and a submitted attempt that waits for them."""
    return begun(World())


@pytest.fixture
def world(one_world, db):
    return deepcopy(one_world)


@pytest.fixture
def elsewhere(db):
    """A world of its own beside that one, with nobody in it."""
    return Elsewhere()


@pytest.fixture
def case(world):
    """A submitted attempt with a reader at work on it: the reader's client, and their sheet."""
    return at_work(world)


class Elsewhere(World):
    slug = "other-steps"


def begun(world):
    world.assessors(2)
    world.actor, world.enrollment = world.submitted()
    return world


def at_work(world):
    sheet = world.sheets(world.enrollment)[0]
    return signed_in(actor_of(sheet.assessor_id)), sheet


def words(answer):
    """The page's words as somebody reads them."""
    main = answer.content.decode().partition("<main")[2]
    return " ".join(unescape(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", main, flags=re.S)).split())


def fields(answer):
    """What the page's form would send if it were sent as it stands."""
    page = answer.content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    sent |= {name: unescape(text) for name, text in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n(.*?)</textarea>', page, re.S)}
    chosen = re.search(r'type="radio" name="level" value="(\w+)"[^>]* checked', page)
    return sent | ({"level": chosen[1]} if chosen else {})


def line(sheet, detail="1a"):
    return Score.objects.get(sheet=sheet, detail=detail)


def save(client, sheet, field, value, version, detail="1a"):
    return client.post(f"/scoring/{sheet.pk}/{detail}/", {"field": field, "value": value, "version": version}, headers=JSON)


# --- The queue ---------------------------------------------------------------------------------------------------------------


def test_the_queue_says_first_what_to_open_and_by_when(case):
    client, sheet = case
    said = words(client.get("/scoring/"))
    due = long_moment(sheet.due_at, ZoneInfo("America/Chicago"))
    assert said.index(f"Open {sheet.code_name}") < said.index(f"Due next {due}") < said.index(f"{sheet.code_name} Due {due}")
    assert "Two of two details are left on it" in said
    assert "Waiting 1 sheet 2 details to score" in said
    assert "Locked so far 0 sheets" in said


def test_a_sheet_in_work_is_gone_on_with_and_a_late_one_finished(world, case):
    client, sheet = case
    world.score(sheet, {}, lock=False)
    assert f"Go on with {sheet.code_name}" in words(client.get("/scoring/"))
    with clock.at(sheet.due_at - timedelta(days=1)):
        assert "Due" in words(client.get("/scoring/"))
        assert "c-state--soon" in client.get("/scoring/").content.decode()
    with clock.at(sheet.due_at + timedelta(hours=1)):
        said = words(client.get("/scoring/"))
    assert f"Finish {sheet.code_name}; it is late" in said
    assert "was due" in said


def test_an_empty_queue_says_what_will_be_there(world):
    (reader,) = world.assessors(1)
    said = words(signed_in(reader).get("/scoring/"))
    assert "Nothing waits for you" in said
    assert "Sheets will stand here" in said


def test_locked_sheets_stay_in_the_queue_to_be_read(world, case):
    client, sheet = case
    world.score(sheet)
    said = words(client.get("/scoring/"))
    assert "Nothing waits for you" in said
    assert sheet.code_name in said.partition("These are final")[2]


def test_nobody_without_a_scoring_role_has_a_queue(world, case):
    assert signed_in(world.actor).get("/scoring/").status_code == 404
    assert Client(headers={"host": "localhost"}).get("/scoring/")["Location"] == "/account/login/?next=/scoring/"


def test_a_sheet_kept_away_by_a_conflict_is_not_hinted_at(world):
    school = world.organization("Hazel School", kind="school")
    world.assessors(2)
    colleague = world.person("Colleague Stone", works_at=school, assessor=world.issuer)
    _, enrollment = world.submitted(world.person("Dana Whitfield", works_at=school))
    page = signed_in(colleague).get("/scoring/").content.decode()
    assert "Nothing waits for you" in page
    assert "Hazel" not in page
    assert not any(sheet.code_name in page for sheet in world.sheets(enrollment))


# --- One sheet ---------------------------------------------------------------------------------------------------------------


def test_a_sheet_opens_where_the_work_goes_on(world, case):
    client, sheet = case
    assert client.get(f"/scoring/{sheet.pk}/")["Location"] == f"/scoring/{sheet.pk}/1a/"
    save(client, sheet, "level", "proficient", fingerprint(""))
    save(client, sheet, "rationale", "Page 1.", fingerprint(""))
    assert client.get(f"/scoring/{sheet.pk}/")["Location"] == f"/scoring/{sheet.pk}/1b/"
    world.score(world.sheets(world.enrollment)[1])
    save(client, sheet, "level", "advanced", fingerprint(""), "1b")
    save(client, sheet, "rationale", "Page 2.", fingerprint(""), "1b")
    assert client.get(f"/scoring/{sheet.pk}/")["Location"] == f"/scoring/{sheet.pk}/lock/"


def test_the_rubric_stands_beside_what_the_educator_says_and_cites(case):
    client, sheet = case
    said = words(client.get(f"/scoring/{sheet.pk}/1a/"))
    expected_words = [
        "Where it is shown Document 1, page 1 It shows the plan.",
        "What shows that you did 1a?",
        "evidence evidence",
        "Developing 1 Says that it is done.",
        "Proficient 2 the pass line Shows one case of it.",
        "Next detail, 1b",
    ]
    for expected in expected_words:
        assert expected in said
    assert "Outcome 1. Outcome 1" in said


def test_htmx_gets_the_same_pane_as_the_whole_page(case):
    client, sheet = case
    for see in ("analysis", "document-1&page=2", "part-narrative"):
        pane = client.get(f"/scoring/{sheet.pk}/1a/?see={see}", headers={"hx-request": "true"}).content.decode()
        page = client.get(f"/scoring/{sheet.pk}/1a/?see={see}").content.decode()
        assert "<html" not in pane
        without_links = [re.sub(r"/f/[\w=-]+", "/f/", text).split() for text in (pane, page)]
        assert " ".join(without_links[0]) in " ".join(without_links[1])


def test_a_pdf_is_read_page_by_page_as_pictures_with_their_text(case):
    client, sheet = case
    page = client.get(f"/scoring/{sheet.pk}/1a/?see=document-1").content.decode()
    picture = re.search(r'<img src="(http://127\.0\.0\.1[^"]+/page/1\.png)"', page)[1]
    assert "Page 1. Evidence of the work." in page
    assert "Page 1 of 2" in page
    answer = opened(picture)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    later = client.get(f"/scoring/{sheet.pk}/1a/?see=document-1&page=2").content.decode()
    assert "Page 2. Evidence of the work." in later
    assert 'rel="prev" href="?see=document-1&amp;page=1"' in later
    assert 'rel="next"' not in later
    assert "Page 2 of 2" in client.get(f"/scoring/{sheet.pk}/1a/?see=document-1&page=99").content.decode()


def test_a_file_whose_bytes_are_gone_is_told_in_the_pane_and_behind_its_link(elsewhere):
    client, sheet = at_work(begun(elsewhere))
    page = client.get(f"/scoring/{sheet.pk}/1a/?see=document-1").content.decode()
    link = re.search(r'<img src="(http://127\.0\.0\.1[^"]+)/page/1\.png"', page)[1]
    path_of(workspace(actor_of(sheet.case.enrollment.person_id), sheet.case.enrollment_id).artifacts[0].pk).unlink()
    for answer in (client.get(f"/scoring/{sheet.pk}/1a/?see=document-1"), opened(link)):
        assert answer.status_code == 409
        assert "This file is missing from the store. That is our mistake" in answer.content.decode()


def test_a_film_starts_at_the_cited_second(world):
    world.assessors(2)
    actor, enrollment = world.enrolled()
    world.fill(actor, enrollment)
    film = world.add_file(actor, enrollment, "recording", files_world.make_mp4(seconds=30), "lesson.mp4")
    portfolio.describe_artifact(actor=actor, enrollment_id=enrollment.pk, artifact_id=film.pk, title="Lesson", people_shown="nobody")
    portfolio.cite(
        actor=actor, enrollment_id=enrollment.pk, detail="1b", artifact_id=film.pk, from_seconds=4, to_seconds=9, explanation="Here."
    )
    portfolio.submit(actor=actor, enrollment_id=enrollment.pk)
    drain()
    sheet = world.sheets(enrollment)[0]
    client = signed_in(actor_of(sheet.assessor_id))
    page = client.get(f"/scoring/{sheet.pk}/1b/?see=video-2").content.decode()
    source = re.search(r'<video[^>]* src="([^"]+)"', page)[1]
    assert source.endswith("#t=4,9")
    assert 'data-seek="4"' in page
    assert "from 0:04 to 0:09" in page
    part = opened(source, range="bytes=0-99")
    assert (part.status_code, len(body(part)), part["Content-Type"]) == (206, 100, "video/mp4")


def test_any_file_can_be_fetched_under_its_neutral_name(case):
    client, sheet = case
    away = client.get(f"/scoring/{sheet.pk}/files/1/")
    assert away.status_code == 302
    answer = opened(away["Location"])
    assert answer["Content-Disposition"] == 'attachment; filename="document-1.pdf"'
    assert body(answer).startswith(b"%PDF")


def test_what_is_not_there_is_not_found(case):
    client, sheet = case
    for address in ("zz/", "1a/?see=document-9", "1a/?see=part-portfolio", "1a/?see=../etc", "files/9/", "compare/"):
        assert client.get(f"/scoring/{sheet.pk}/{address}").status_code == 404


def test_odd_places_in_an_address_show_the_cited_one(case):
    client, sheet = case
    for odd in ("page=0", "page=-1", "page=x", "page=99999999999999999999", "from=x&to=y", "page=²"):
        assert "Page 1 of 2" in words(client.get(f"/scoring/{sheet.pk}/1a/?see=document-1&{odd}"))


# --- Saving field by field ---------------------------------------------------------------------------------------------------


def test_each_field_is_saved_by_itself_and_the_others_stay(case):
    client, sheet = case
    first = save(client, sheet, "level", "developing", fingerprint("")).json()
    assert set(first) == {"saved_at", "version"}
    save(client, sheet, "rationale", "Page 1 names a plan.", fingerprint(""))
    save(client, sheet, "advice", "Add what came of it.", fingerprint(""))
    save(client, sheet, "level", "proficient", first["version"])
    saved = line(sheet)
    assert (saved.level, saved.rationale, saved.advice) == ("proficient", "Page 1 names a plan.", "Add what came of it.")


def test_a_second_tab_is_told_what_stands_there_and_overwrites_nothing(case):
    client, sheet = case
    save(client, sheet, "rationale", "From the first tab.", fingerprint(""))
    late = save(client, sheet, "rationale", "From the second tab.", fingerprint(""))
    assert late.status_code == 409
    assert late.json()["current"] == {"value": "From the first tab.", "version": fingerprint("From the first tab.")}
    assert line(sheet).rationale == "From the first tab."
    chosen = save(client, sheet, "rationale", "From the second tab.", late.json()["current"]["version"])
    assert chosen.status_code == 200
    assert line(sheet).rationale == "From the second tab."


def test_a_save_that_arrives_twice_changes_nothing_twice(case):
    client, sheet = case
    for _ in range(2):
        assert save(client, sheet, "rationale", "Once.", fingerprint("")).status_code == 200
    assert line(sheet).revision == 1


def test_what_cannot_be_saved_is_refused_in_a_sentence(case):
    client, sheet = case
    refusals = {
        ("rationale", "x" * 6_001): "text-too-long",
        ("level", "splendid"): "level-unknown",
        ("sheet_id", "1"): "field-unknown",
        ("", ""): "field-unknown",
    }
    for (field, value), code in refusals.items():
        answer = save(client, sheet, field, value, fingerprint(""))
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["message"]
        assert answer.json()["remedy"]
    assert not Score.objects.filter(sheet=sheet).exclude(level="", rationale="").exists()


def test_saving_needs_the_forms_token(case):
    client, sheet = case
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    strict.cookies = client.cookies
    assert save(strict, sheet, "level", "proficient", fingerprint("")).status_code == 403
    assert not Score.objects.filter(sheet=sheet).exists()


# --- Saving without a script -------------------------------------------------------------------------------------------------


def test_without_a_script_the_whole_line_is_saved_and_the_next_detail_opens(case):
    client, sheet = case
    address = f"/scoring/{sheet.pk}/1a/"
    sent = fields(client.get(address)) | {"level": "proficient", "rationale": "Two lines\r\nof it.", "advice": "", "then": "next"}
    assert client.post(address, sent)["Location"] == f"/scoring/{sheet.pk}/1b/"
    saved = line(sheet)
    assert (saved.level, saved.rationale) == ("proficient", "Two lines\nof it.")
    again = fields(client.get(address))
    assert (again["level"], again["rationale"]) == ("proficient", "Two lines\nof it.")
    assert client.post(address, again)["Location"] == address
    last = fields(client.get(f"/scoring/{sheet.pk}/1b/")) | {"then": "next"}
    assert client.post(f"/scoring/{sheet.pk}/1b/", last)["Location"] == f"/scoring/{sheet.pk}/lock/"


def test_without_a_script_a_stale_page_shows_both_texts_and_saves_neither(case):
    client, sheet = case
    address = f"/scoring/{sheet.pk}/1a/"
    stale = fields(client.get(address))
    save(client, sheet, "rationale", "Written meanwhile.", fingerprint(""))
    answer = client.post(address, stale | {"rationale": "Written here."})
    assert answer.status_code == 409
    assert "Written meanwhile." in words(answer)
    assert fields(answer)["rationale"] == "Written here."
    assert line(sheet).rationale == "Written meanwhile."
    client.post(address, fields(answer))
    assert line(sheet).rationale == "Written here."


def test_a_refused_line_keeps_what_was_written(case):
    client, sheet = case
    address = f"/scoring/{sheet.pk}/1a/"
    text = "word " * 1_300
    answer = client.post(address, fields(client.get(address)) | {"rationale": text, "advice": "Keep this."})
    assert answer.status_code == 422
    assert 'href="#rationale"' in answer.content.decode()
    assert fields(answer)["rationale"] == text
    assert fields(answer)["advice"] == "Keep this."


def test_the_comment_bank_is_kept_dropped_and_put_in(case):
    client, sheet = case
    address = f"/scoring/{sheet.pk}/1a/"
    blank = fields(client.get(address))
    client.post(address, blank | {"comment": "  Names what   came of it. ", "rationale": "Seen."})
    (saved,) = SavedComment.objects.all()
    assert saved.text == "Names what came of it."
    assert line(sheet).rationale == "Seen."
    assert f'data-insert="rationale">{saved.text}' in client.get(address).content.decode()
    client.post(address, fields(client.get(address)) | {"then": f"insert:{saved.pk}"})
    assert line(sheet).rationale == "Seen. Names what came of it."
    long = client.post(address, fields(client.get(address)) | {"comment": "x" * 501})
    assert long.status_code == 422
    assert f'value="{"x" * 501}"' in long.content.decode()
    client.post(address, fields(client.get(address)) | {"then": f"drop:{saved.pk}"})
    assert not SavedComment.objects.exists()


def test_a_comment_bank_is_its_owners_alone(world, case):
    client, sheet = case
    other = actor_of(world.sheets(world.enrollment)[1].assessor_id)
    theirs = assessment.keep_comment(actor=other, text="Mine alone.")
    address = f"/scoring/{sheet.pk}/1a/"
    assert "Mine alone." not in client.get(address).content.decode()
    for act in ("insert", "drop"):
        client.post(address, fields(client.get(address)) | {"then": f"{act}:{theirs.pk}"})
    assert SavedComment.objects.filter(pk=theirs.pk).exists()
    assert not Score.objects.filter(sheet=sheet).exclude(rationale="").exists()


# --- Locking and stepping aside ----------------------------------------------------------------------------------------------


def test_an_unfinished_sheet_is_refused_with_a_link_to_each_gap(case):
    client, sheet = case
    save(client, sheet, "level", "developing", fingerprint(""))
    save(client, sheet, "rationale", "Kept words.", fingerprint(""))
    answer = client.post(f"/scoring/{sheet.pk}/lock/")
    assert answer.status_code == 422
    page = answer.content.decode()
    for gap in ("1a/#advice", "1b/#level", "1b/#rationale"):
        assert f'href="/scoring/{sheet.pk}/{gap}"' in page
    assert "Kept words." in page
    assert ScoreSheet.objects.get(pk=sheet.pk).state == "open"
    assert "Lock this sheet" not in words(client.get(f"/scoring/{sheet.pk}/lock/"))


def test_a_double_click_on_lock_locks_once(world, case):
    client, sheet = case
    world.score(sheet, lock=False)
    page = client.get(f"/scoring/{sheet.pk}/lock/")
    assert "Lock this sheet" in words(page)
    for _ in range(2):
        assert client.post(f"/scoring/{sheet.pk}/lock/", {"key": fields(page)["key"]})["Location"] == "/scoring/"
    assert ScoreSheet.objects.get(pk=sheet.pk).state == "locked"


def test_a_locked_sheet_is_read_and_not_changed(world, case):
    client, sheet = case
    world.score(sheet)
    assert client.get(f"/scoring/{sheet.pk}/")["Location"] == f"/scoring/{sheet.pk}/lock/"
    page = client.get(f"/scoring/{sheet.pk}/1a/").content.decode()
    assert "<textarea" not in page
    assert "Page 1 shows 1a." in page
    refused = save(client, sheet, "level", "advanced", fingerprint("proficient"))
    assert (refused.status_code, refused.json()["code"]) == (409, "sheet-locked")
    assert client.post(f"/scoring/{sheet.pk}/1a/", {"level": "advanced"}).status_code == 409
    assert client.post(f"/scoring/{sheet.pk}/lock/").status_code == 409
    assert client.post(f"/scoring/{sheet.pk}/step-aside/").status_code == 409
    assert "is locked" in words(client.get(f"/scoring/{sheet.pk}/step-aside/"))
    assert line(sheet).level == "proficient"


def test_stepping_aside_takes_the_sheet_and_its_files_away_at_once(world, case):
    client, sheet = case
    picture = re.search(r'<img src="([^"]+)"', client.get(f"/scoring/{sheet.pk}/1a/?see=document-1").content.decode())[1]
    assert opened(picture).status_code == 200
    page = client.get(f"/scoring/{sheet.pk}/step-aside/")
    assert "nobody asks" in words(page)
    for _ in range(2):
        assert client.post(f"/scoring/{sheet.pk}/step-aside/", {"key": fields(page)["key"]})["Location"] == "/scoring/"
    assert opened(picture).status_code == 404
    for address in ("", "1a/", "lock/", "step-aside/", "files/1/"):
        assert client.get(f"/scoring/{sheet.pk}/{address}").status_code == 404
    assert Case.objects.get(enrollment=world.enrollment).state == "waiting"


def test_a_role_that_ends_closes_every_page_at_once(world, case):
    client, sheet = case
    picture = re.search(r'<img src="([^"]+)"', client.get(f"/scoring/{sheet.pk}/1a/?see=document-1").content.decode())[1]
    assert opened(picture).status_code == 200
    people.end_role(actor=SYSTEM, grant_id=RoleGrant.objects.get(person_id=sheet.assessor_id).pk)
    for address in ("", f"{sheet.pk}/", f"{sheet.pk}/1a/", f"{sheet.pk}/lock/", f"{sheet.pk}/step-aside/", f"{sheet.pk}/files/1/"):
        assert client.get(f"/scoring/{address}").status_code == 404
    assert save(client, sheet, "level", "proficient", fingerprint("")).status_code in (403, 404)
    assert opened(picture).status_code == 404


def test_a_role_held_elsewhere_keeps_no_sheet_in_the_queue(world, case):
    client, sheet = case
    world.grant(sheet.assessor_id, "assessor", world.organization())
    people.end_role(actor=SYSTEM, grant_id=RoleGrant.objects.get(person_id=sheet.assessor_id, scope_id=world.issuer.pk).pk)
    said = words(client.get("/scoring/"))
    assert "Nothing waits for you" in said
    assert sheet.code_name not in said


@pytest.mark.parametrize("who", ["other reader", "educator", "lead", "stranger"])
def test_a_sheet_is_nobody_elses(world, case, who):
    _, sheet = case
    persons = {
        "other reader": lambda: actor_of(world.sheets(world.enrollment)[1].assessor_id),
        "educator": lambda: world.actor,
        "lead": world.lead,
        "stranger": lambda: world.person("Stranger Stone", assessor=world.organization()),
    }
    client = signed_in(persons[who]())
    for address in ("", "1a/", "lock/", "step-aside/", "compare/", "files/1/"):
        assert client.get(f"/scoring/{sheet.pk}/{address}").status_code == 404
    for address in ("1a/", "lock/", "step-aside/"):
        assert client.post(f"/scoring/{sheet.pk}/{address}", {"level": "advanced", "key": new_id()}).status_code == 404
    assert save(client, sheet, "level", "advanced", fingerprint("")).status_code == 404
    assert not Score.objects.filter(sheet=sheet).exists()


def test_a_later_attempt_shows_what_is_settled_and_asks_only_for_the_rest(world):
    world.assessors(2)
    actor, enrollment = world.submitted()
    for sheet in world.sheets(enrollment):
        world.score(sheet, {"1a": "developing"})
    assert workspace(actor, enrollment.pk).open_details == ("1a",)
    portfolio.submit(actor=actor, enrollment_id=enrollment.pk)
    drain()
    sheet = world.sheets(enrollment)[0]
    client = signed_in(actor_of(sheet.assessor_id))
    said = words(client.get(f"/scoring/{sheet.pk}/1a/"))
    assert "attempt 2" in said
    assert "1b. You do thing 1b. Proficient" in said.partition("Settled before")[2]
    assert "Review the sheet" in said
    assert client.get(f"/scoring/{sheet.pk}/1b/").status_code == 404
    assert save(client, sheet, "level", "advanced", fingerprint(""), "1b").json()["code"] == "detail-not-open"


# --- The lead ----------------------------------------------------------------------------------------------------------------


def split(world):
    """A case on which the readers part, and the lead's client and sheet."""
    world.assessors(2)
    lead = world.lead()
    _, enrollment = world.submitted()
    first, second = world.sheets(enrollment)
    world.score(first)
    world.score(second, {"1a": "developing"})
    (own,) = world.sheets(enrollment, kind="lead")
    return signed_in(lead), own


def test_the_desk_says_what_waits_and_why_in_counts(elsewhere):
    elsewhere.assessors(1)
    school = elsewhere.organization("Hazel School", kind="school")
    elsewhere.person("Colleague Stone", works_at=school, assessor=elsewhere.issuer)
    client = signed_in(elsewhere.lead())
    elsewhere.submitted(elsewhere.person("Dana Whitfield", works_at=school))
    answer = client.get("/scoring/desk/")
    said = words(answer)
    assert "One case waits for somebody to read it" in said
    assert "2 readers 2 1 1 by a possible conflict" in said
    for name in ("Hazel", "Whitfield", "Colleague", "employer"):
        assert name not in answer.content.decode()


def test_the_desk_counts_who_has_read_it_apart_from_conflicts(world, case):
    _, sheet = case
    assessment.step_aside(actor=actor_of(sheet.assessor_id), sheet_id=sheet.pk)
    drain()
    said = words(signed_in(world.lead()).get("/scoring/desk/"))
    assert "1 reader 2 0 2 read it before" in said
    assert "possible conflict" not in said


def test_the_desk_leads_to_what_is_to_settle(world):
    client, own = split(world)
    said = words(client.get("/scoring/desk/"))
    assert "One disagreement to settle" in said
    assert f"Settle {own.code_name}" in said
    assert f"Open {own.code_name}" in words(client.get("/scoring/"))


def test_the_desk_is_for_leads_alone(world, case):
    client, _ = case
    assert client.get("/scoring/desk/").status_code == 404
    assert "Nobody disagrees" in words(signed_in(world.person("Other Stone", lead_assessor=world.organization())).get("/scoring/desk/"))


def test_the_two_sheets_open_only_after_the_own_one_is_locked(world):
    client, own = split(world)
    refused = client.get(f"/scoring/{own.pk}/compare/")
    assert refused.status_code == 409
    assert "once your own is locked" in words(refused)
    world.score(own, {"1b": "advanced"}, lock=False)
    for address in ("1a/", "1b/", "lock/"):
        assert "Developing" not in words(client.get(f"/scoring/{own.pk}/{address}")).partition("Your level")[0]
    answer = client.post(f"/scoring/{own.pk}/lock/", {"key": new_id()})
    assert answer["Location"] == f"/scoring/{own.pk}/compare/"
    said = words(client.get(f"/scoring/{own.pk}/compare/"))
    assert "Earned, by your reading" in said
    assert "part on 2 of 2 details" in said
    assert "Yours, locked first" in said
    assert "Developing" in said
    assert f"Settled by you {own.code_name}" in words(client.get("/scoring/desk/"))
    assert Decision.objects.get().outcome == "earned"


# --- Cost --------------------------------------------------------------------------------------------------------------------


def queries_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def test_pages_cost_the_same_number_of_queries_however_much_there_is(world, case):
    client, sheet = case
    addresses = ["/scoring/", f"/scoring/{sheet.pk}/1a/", f"/scoring/{sheet.pk}/1a/?see=document-1", f"/scoring/{sheet.pk}/lock/"]
    for address in addresses:
        client.get(address)
    before = [queries_of(client, address) for address in addresses]
    for n in range(3):
        world.submitted(world.person(f"Educator{n} Moss"))
        assessment.keep_comment(actor=actor_of(sheet.assessor_id), text=f"Sentence {n}.")
    assert ScoreSheet.objects.filter(assessor_id=sheet.assessor_id).count() == 4
    assert [queries_of(client, address) for address in addresses] == before


def test_saving_a_field_costs_the_same_number_of_queries_on_every_sheet(world, case):
    client, sheet = case

    def cost(version, value):
        with CaptureQueriesContext(connection) as counted:
            assert save(client, sheet, "rationale", value, fingerprint(version)).status_code == 200
        return len(counted)

    cost("", "One.")
    first = cost("One.", "Two.")
    for n in range(3):
        world.submitted(world.person(f"Educator{n} Moss"))
    assert cost("Two.", "Three.") == first
