"""The demonstration: its people and their work, its door, its mailbox. One load serves the whole module."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import timedelta

import pypdfium2
import pytest
from django.conf import settings as configured
from django.test import Client
from PIL import Image

from cairn.apps.assessment import queries as assessment
from cairn.apps.assessment.models import Case, ScoreSheet
from cairn.apps.catalog.models import MicrocredentialVersion
from cairn.apps.comms.models import Letter
from cairn.apps.credentials import queries as credentials
from cairn.apps.credentials.models import Credential
from cairn.apps.ledger.models import Delivery, Fact
from cairn.apps.payments import queries as payments
from cairn.apps.people.models import Account, Organization, Person, RoleGrant
from cairn.apps.people.queries import actor_of
from cairn.apps.people.states import ORGANIZATION_KINDS, ROLES
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.models import Artifact, Submission, Writing
from cairn.apps.programs import queries as programs
from cairn.apps.programs.models import Enrollment
from cairn.apps.reports.queries import integrity
from cairn.frame.actor import VISITOR, system
from cairn.interfaces.cli import demo
from cairn.interfaces.cli.demo import files, texts
from cairn.interfaces.web.views import demo as door
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.pure import packs
from tests import migrated
from tests.api_world import Program

JOURNEYS = texts.journeys()
CAST, PILOTS = texts.read("people"), texts.read("pilots")
PLANNED, SEATED = 6, 5  # pilots that the files of programs plan; people who get a seat in no story of theirs
WRITTEN = [j for j in JOURNEYS if j.story]
CASES = {"decided": 7, "scoring": 3, "waiting": 1, "adjudicating": 1}
HOST = {"host": "localhost"}


# --- Before it is loaded -------------------------------------------------------------------------------------------


def test_a_folder_in_which_others_live_is_left_alone(world):
    world.person("Somebody Else")
    with pytest.raises(Conflict, match="other people"):
        demo.load(print)
    assert Organization.objects.count() == 0


def test_it_is_not_loaded_outside_demo_mode(db, settings):
    settings.DEMO = False
    with pytest.raises(Conflict, match="demo mode"):
        demo.load(print)


def test_before_anything_is_loaded_the_door_says_so(db):
    assert "Nobody is here yet" in Client(headers=HOST).get("/demo/").content.decode()
    assert door.front_people() == []


# --- A load that is cut off ----------------------------------------------------------------------------------------

LOADER = """
import django
django.setup()
from cairn.interfaces.cli import demo
demo.load(lambda words: print(words, flush=True))
"""


def _loading(folder):
    env = {k: v for k, v in os.environ.items() if k != "CAIRN_DB"}
    env |= {
        "CAIRN_DATA": str(folder),
        "CAIRN_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "cairn.site.settings",
        "PYTHONPATH": str(configured.ROOT),
    }
    return subprocess.Popen([sys.executable, "-c", LOADER], env=env, stdout=subprocess.PIPE, text=True)


@pytest.mark.long
def test_a_load_killed_at_any_moment_goes_on_where_it_stopped_and_doubles_nothing(tmp_path):
    migrated.prepare(tmp_path)
    for lines in (2, 3, 4, 3, 5):  # each time it gets some months further and is killed in the middle of a step
        with _loading(tmp_path) as process:
            for _ in range(lines):
                process.stdout.readline()
            process.kill()
    with _loading(tmp_path) as process:
        assert process.stdout.read().rstrip().endswith("done")
    with closing(sqlite3.connect(tmp_path / "cairn.sqlite3")) as found:
        count = lambda query: found.execute(query).fetchone()[0]
        assert count("SELECT count(*) FROM people_person") == len(CAST["people"]) + len(PILOTS["people"])
        assert count("SELECT count(*) FROM people_group") == len(CAST["groups"])
        assert count("SELECT count(*) FROM programs_offering") == len(CAST["offerings"]) + PLANNED
        assert count("SELECT count(*) FROM programs_enrollment") == len(JOURNEYS) + SEATED
        files_told = "SELECT DISTINCT enrollment_id, original_name FROM portfolio_artifact"
        assert count("SELECT count(*) FROM portfolio_artifact") == count(f"SELECT count(*) FROM ({files_told})")
        places = "SELECT DISTINCT submission_id, detail, artifact_id, page FROM portfolio_citation"
        assert count("SELECT count(*) FROM portfolio_citation") == count(f"SELECT count(*) FROM ({places})")
        assert Counter(row[0] for row in found.execute("SELECT state FROM assessment_case")) == CASES
        left = {row[0] for row in found.execute("SELECT consequence FROM ledger_delivery WHERE state <> 'done'")}
        assert left - {"look-at-everybody"} == {"assign"}  # the look at everybody is due once the site runs


# --- Once it is loaded: one load for all that follow ---------------------------------------------------------------


@pytest.fixture(scope="module")
def loaded(standing):
    """What was said while the demonstration was loaded."""
    said = []
    demo.load(said.append)
    return said


@pytest.fixture
def shown(loaded, db):
    return loaded


def person(name):
    return Person.objects.get(name__startswith=name)


def actor(name):
    return actor_of(person(name).pk)


def client_of(name, **options):
    browser = Client(headers=HOST, **options)
    browser.post("/demo/enter/", {"person": person(name).pk})
    return browser


def test_every_state_of_the_journey_is_present(shown):
    states = lambda model: set(model.objects.values_list("state", flat=True))
    assert states(Submission) == {"draft", "submitted", "earned", "not_yet"}
    assert states(Enrollment) == {"active", "completed", "withdrawn"}
    assert states(Case) == {"waiting", "scoring", "adjudicating", "decided"}
    assert states(ScoreSheet) == {"open", "locked"}
    assert states(Credential) == {"issued", "revoked"}
    assert set(Submission.objects.values_list("attempt", flat=True)) == {1, 2}


def test_every_kind_of_organization_and_every_given_role_is_present(shown):
    assert set(Organization.objects.values_list("kind", flat=True)) == set(ORGANIZATION_KINDS)
    assert set(RoleGrant.objects.values_list("role", flat=True)) == set(ROLES) - {"earner"}


def test_all_that_follows_is_done_but_for_the_case_that_waits_for_readers(shown):
    left = Delivery.objects.exclude(state="done").exclude(consequence="look-at-everybody")  # due once the site runs
    assert [(d.state, d.consequence, d.code) for d in left] == [("waiting", "assign", "too-few-assessors")]
    assert "1 shared an employer in the last 24 months" in left.get().reason


def test_the_records_are_whole(shown):
    findings = integrity(system("tests"))
    assert [failure for finding in findings for failure in finding.failures] == []
    assert all(finding.checked for finding in findings)


def test_facts_stand_in_the_order_of_their_time_and_none_is_ahead_of_it(shown):
    told = Fact.objects.exclude(kind="licensure.rules_loaded")  # the site reads its rules before anybody lives on it
    moments = list(told.order_by("id").values_list("at", flat=True))
    assert all(before <= after for before, after in itertools.pairwise(moments))
    assert moments[0] < clock.now() - timedelta(days=400)
    assert moments[-1] <= clock.now()


def test_evidence_is_real_files_of_several_kinds(shown):
    assert set(Artifact.objects.values_list("extension", flat=True)) == {"pdf", "docx", "jpg"}
    assert Artifact.objects.filter(people_shown="").count() == 0


def test_the_word_of_each_person_is_true(shown):
    lines = dict(demo.people_lines())
    work = {run.microcredential.slug: portfolio.workspace(actor("Dana"), run.pk) for run in programs.my_enrollments(actor("Dana"))}
    assert Counter(w.step for w in work.values()) == {"earned": 1, "revise": 1, "write": 1}
    revision = work["professional-learning"]
    assert revision.open_details == ("3b", "4b")
    assert timedelta(days=26) < revision.due_at - clock.now() < timedelta(days=30)
    half = work["effective-assessment"]
    assert [bool(part.gaps) for part in half.parts] == [False, False, True, True]
    assert sum(bool(d.citations) for d in half.parts[2].details) == 3

    def waits(name):
        return [line for line in assessment.queue(actor(name)) if line.state == "open"]

    assert lines["Juniper Hale"] == "Assessor. Three waiting; one of them is late"
    assert [line.is_late for line in waits("Juniper")] == [True, False, False]
    assert [(line.done, line.details) for line in waits("Sorrel")] == [(3, 11)]
    assert [line.attempt for line in waits("Alder")] == [2]
    assert waits("Tansy") == []
    desk = assessment.desk(actor("Marguerite"))
    assert (len(desk.waiting), [line.kind for line in waits("Marguerite")]) == (1, ["lead"])
    assert not Submission.objects.filter(person=person("Lee")).exists()
    assert portfolio.workspace(actor("Hollis"), programs.my_enrollments(actor("Hollis"))[0].pk).is_late
    assert [c.state for c in credentials.mine(actor("Warren"))] == ["revoked"]


def test_an_admin_and_a_participant_see_what_became_of_the_money(shown):
    seller, nadia = Organization.objects.get(slug="missouri-leadership-program"), actor("Nadia")
    orders = {order.person.name: order for order in payments.orders_in(nadia, seller.pk)}
    waiting, paid = orders["Dana Whitfield"], orders["Felix Adeyemi"]
    assert (waiting.state, waiting.po_number, waiting.total_cents, waiting.payer.slug) == ("invoiced", "PO-7731", 120_00, "cedar-ridge")
    assert (paid.state, paid.paid_cents) == ("paid", 150_00)
    (place,) = payments.to_order(actor("Joel"))
    assert (place.cents, place.off_cents) == (120_00, 60_00)
    assert [voucher.uses_taken for voucher in payments.vouchers_in(nadia, seller.pk)] == [1]
    owed = payments.owed_in(nadia, seller.pk)
    assert sum(line.owed_cents for line in owed) > 0 < sum(line.paid_cents for line in owed)
    assert payments.my_earnings(actor("Juniper")).paid_cents == sum(line.paid_cents for line in owed)
    assert set(payments.my_orders(actor("Dana"))) == {waiting}


def test_credentials_of_the_demonstration_verify_as_they_stand(shown):
    for credential in Credential.objects.select_related("person"):
        verdict = credentials.verify(VISITOR, credential.signed).verdict
        assert verdict == ("revoked" if credential.person.name == "Warren Teel" else "valid")


def test_nobody_who_writes_names_a_person_or_a_school(shown):
    names = [p["name"] for p in CAST["people"].values()] + [o["name"] for o in CAST["organizations"]]
    names += [name.split()[-1] for name in names[: len(CAST["people"])]]
    told = [(w.prompt, name) for w in Writing.objects.all() for name in names if name in w.text]
    assert told == []


def test_no_two_educators_hand_in_the_same_words_where_readers_compare_them(shown):
    seen = Writing.objects.exclude(submission__state="draft").filter(submission__attempt=1, prompt__startswith="analysis-")
    texts_by_prompt = Counter((w.submission.version_id, w.prompt, w.text) for w in seen.select_related("submission"))
    repeated = {prompt for (_, prompt, _), count in texts_by_prompt.items() if count > 1}
    assert len(repeated) <= len(texts_by_prompt) // 4


def test_progress_is_told_while_it_loads(shown):
    assert shown[0].startswith("Loading the demonstration")
    assert shown[-1].strip() == "done"
    assert len(shown) > 10


def test_loading_again_changes_nothing(shown):
    before, said = Fact.objects.count(), []
    demo.load(said.append)
    assert (Fact.objects.count(), said) == (before, [])


# --- The data, without a database ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pack():
    folders = configured.PACKS_DIR / CAST["program"], configured.FRAMEWORKS_DIR
    return packs.parse({path.name: path.read_text() for folder in folders for path in folder.glob("*.yaml")})


@pytest.mark.parametrize("journey", WRITTEN, ids=lambda j: f"{j.who}-{j.earns}")
def test_what_is_written_keeps_to_the_limits_of_its_prompts(pack, journey):
    for prompt in pack.microcredential(journey.earns).content.prompts:
        for attempt in (1, 2):
            text = journey.answer(prompt.key, attempt)
            assert prompt.words_min <= len(text.split()) <= prompt.words_max, (prompt.key, attempt)
            assert "{" not in text


@pytest.mark.parametrize("earns", sorted({j.earns for j in WRITTEN}))
def test_files_say_in_their_pages_what_the_data_says(earns):
    journey = next(j for j in WRITTEN if j.earns == earns)
    for file in journey.files(1):
        data = files.make(file.spec)
        if "pages" in file.spec:
            document = pypdfium2.PdfDocument(data)
            assert len(document) == len(file.spec["pages"])
            for page, told in zip(document, file.spec["pages"], strict=True):
                words = page.get_textpage().get_text_range().split()
                assert set(told["title"].split()) <= set(words)
        elif "board" in file.spec:
            assert Image.open(io.BytesIO(data)).format == "JPEG"
        else:
            assert data.startswith(b"PK")


@pytest.mark.parametrize("journey", WRITTEN, ids=lambda j: f"{j.who}-{j.earns}")
def test_each_place_that_is_cited_is_a_page_of_a_file_that_is_there(pack, journey):
    for attempt, detail in itertools.product((1, 2), pack.microcredential(journey.earns).content.details):
        there = {f.key: f for f in journey.files(attempt)}
        cited = journey.cites(detail.key, attempt)
        assert cited, detail.key
        assert all(c.page is None or c.page <= len(there[c.file].spec["pages"]) for c in cited)


# --- The door ------------------------------------------------------------------------------------------------------


def test_the_door_lists_everybody_with_what_they_are_in_the_middle_of(shown):
    page = Client(headers=HOST).get("/demo/").content.decode()
    assert "This is a demonstration" in page
    for name, words in demo.people_lines():
        assert name in page
        assert words.split(".")[0] in page


def test_one_enters_as_somebody_and_leaves_again(shown):
    browser = client_of("Dana")
    assert "Dana Whitfield" in browser.get("/home/").content.decode()
    browser.post("/demo/enter/", {"person": person("Juniper").pk})
    assert "Juniper Hale" in browser.get("/scoring/").content.decode()
    browser.post("/account/logout/")
    assert browser.get("/home/").status_code == 302


@pytest.mark.parametrize("p", [p for p in CAST["people"].values() if "door" in p], ids=lambda p: p["name"])
def test_each_person_arrives_at_a_page_that_opens(shown, p):
    browser = Client(headers=HOST)
    answer = browser.post("/demo/enter/", {"person": person(p["name"]).pk}, follow=True)
    assert answer.redirect_chain == [(p["door"].get("goes_to", "/home/"), 302)]
    assert answer.status_code == 200


def test_a_visitor_is_sent_to_a_credential_and_is_nobody(shown):
    browser = client_of("Dana")
    answer = browser.post("/demo/enter/", {"person": door.VISITOR}, follow=True)
    assert "Guaranteed and Viable Curriculum" in answer.content.decode()
    assert "/account/login/" in answer.content.decode()
    assert browser.get("/home/").status_code == 302


@pytest.mark.parametrize("who", ["", "nobody", "dana.whitfield@marlow.example", "stranger"])
def test_nobody_outside_the_list_can_be_entered(shown, who):
    if who == "stranger":
        account = Account.objects.create_user("stranger@example.org", "a long passphrase")
        who = Person.objects.create(account=account, name="A Stranger", email=account.email).pk
    browser = Client(headers=HOST)
    assert browser.post("/demo/enter/", {"person": who}).status_code == 404
    assert browser.get("/home/").status_code == 302


def test_people_without_a_place_on_the_list_stay_closed(shown):
    assert Client(headers=HOST).post("/demo/enter/", {"person": person("Gwen").pk}).status_code == 404


def test_entering_needs_the_form_of_this_site(shown):
    assert client_of("Dana", enforce_csrf_checks=True).get("/home/").status_code == 302
    assert Client(headers=HOST).get("/demo/enter/").status_code == 405


def test_the_sign_in_page_is_given_the_first_of_them(shown):
    assert [p.name for p in door.front_people()] == [
        *("Dana Whitfield", "Joel Pruitt", "Lee Okafor", "Juniper Hale", "Marguerite Osei", "Tomas Berg", "Ruth Calloway"),
        "A school board member",
    ]


@pytest.mark.parametrize("address", ["/demo/", "/demo/mail/", "/demo/mail/00000000000000000000/"])
def test_outside_demo_mode_there_is_neither_door_nor_mail(shown, settings, address):
    settings.DEMO = False
    browser = Client(headers=HOST)
    assert browser.get(address).status_code == 404
    assert browser.post("/demo/enter/", {"person": person("Dana").pk}).status_code == 404
    assert browser.get("/home/").status_code == 302
    assert door.demo_people() == []


# --- The mailbox ---------------------------------------------------------------------------------------------------


def test_every_letter_can_be_read_the_latest_first(shown):
    newest = Letter.objects.order_by("-created_at", "-id").first()
    browser = Client(headers=HOST)
    listed = browser.get("/demo/mail/").content.decode()
    assert listed.index(newest.pk) < listed.index(Letter.objects.order_by("-created_at", "-id")[1].pk)
    read = browser.get(f"/demo/mail/{newest.pk}/").content.decode()
    assert newest.subject in read
    assert newest.address in read
    assert re.search('href="/(portfolio|pilots)/', read)


def test_letters_to_one_address_can_be_read_alone(shown):
    page = Client(headers=HOST).get("/demo/mail/", {"to": "warren.teel@ozarkhills.example"}).content.decode()
    assert "your credential was revoked" in page
    assert "joel.pruitt" not in page


def test_what_a_letter_says_is_text_and_never_markup(shown):
    from cairn.apps.comms.commands import write_letter

    words = '<script>alert(1)</script> http://localhost:8000/a"onclick=x'
    letter = write_letter(actor=system("tests"), kind="account.test", address="a@example.org", subject="<b>", text=words)
    page = Client(headers=HOST).get(f"/demo/mail/{letter.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<h1>&lt;b&gt;</h1>" in page
    assert 'a"onclick' not in page


@pytest.mark.parametrize("address", ["/demo/mail/00000000000000000000/", "/demo/mail/%00/", "/demo/mail/x/"])
def test_a_letter_that_is_not_there_is_not_found(shown, address):
    assert Client(headers=HOST).get(address).status_code == 404


def test_every_published_micro_credential_has_somebody_at_work_on_it(shown):
    own = MicrocredentialVersion.objects.filter(microcredential__stack__pack=CAST["program"])
    versions = set(own.values_list("pk", flat=True))
    assert set(Enrollment.objects.values_list("version_id", flat=True)) == versions


# --- Tokens --------------------------------------------------------------------------------------------------------


def test_a_file_that_its_owner_alone_reads_holds_a_token_of_everybody(shown, tmp_path):
    file = tmp_path / "tokens.json"
    file.write_text("open to all")
    file.chmod(0o644)
    assert demo.write_tokens(file) == len(CAST["people"])
    first = json.loads(file.read_text())
    demo.write_tokens(file)
    told = json.loads(file.read_text())
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["tokens.json"]
    assert {who: each["name"] for who, each in told.items()} == {who: each["name"] for who, each in CAST["people"].items()}
    assert (told["dana"]["roles"], told["marguerite"]["roles"]) == ([], ["lead assessor"])
    assert Program(secret=told["nadia"]["token"]).get("/organizations/missouri-leadership-program/roles").status_code == 200
    assert Program(secret=first["nadia"]["token"]).get("/me").status_code == 401, "those of an earlier file are revoked"


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(shown, tmp_path):
    with pytest.raises(Invalid, match="cannot be written"):
        demo.write_tokens(tmp_path / "no-such-folder" / "tokens.json")
