"""The pages of licenses: what they say first, forms that come back filled, what nobody else sees."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.apps.catalog.models import Microcredential
from cairn.apps.licensure import commands, queries
from cairn.apps.licensure.models import EducatorLicense, GrowthPlan, RecordEntry
from cairn.apps.people import queries as people
from cairn.apps.programs import commands as programs
from cairn.kernel import clock
from cairn.site.worker import drain
from tests import files_world
from tests.integration.test_public_pages import client_of, text_of
from tests.licensure_world import Licensing, on
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return Licensing()


def test_whoever_has_no_license_is_told_how_to_begin(world):
    page = text_of(client_of(world.person()).get("/license/"))

    assert "What does your work count for?" in page
    assert "Enter your license" in page


def test_a_license_is_entered_and_the_page_says_what_is_missing(world):
    dana = world.person("Dana Whitfield")
    browser = client_of(dana)
    assert "Missouri" in text_of(browser.get("/license/add/"))
    form = {"license_type": "initial-administrator", "valid_from": "2023-07-01", "valid_to": "2099-06-30", "number": "MO-12345"}
    wrong = browser.post("/license/add/?state=us/mo", {**form, "valid_to": "2022-06-30"})
    assert wrong.status_code == 422
    assert "before the first" in text_of(wrong)
    assert 'value="MO-12345"' in wrong.content.decode()
    assert browser.post("/license/add/?state=us/mo", form).status_code == 302
    page = text_of(browser.get("/license/"))
    assert "From Initial Administrator certificate to Transition Administrator certificate, Missouri" in page
    assert "by June 30, 2099" in page
    assert "Example. Check the current rule." in page
    assert "Ask an officer" in page
    assert "Micro-credentials: 0 of 15" in page
    held = EducatorLicense.objects.get()
    second = browser.post("/license/add/?state=us/de", {"license_type": "continuing", "valid_from": "2023-07-01", "valid_to": "2099-12-31"})
    assert second["Location"] == f"/license/{EducatorLicense.objects.exclude(pk=held.pk).get().pk}/"
    assert "Renewing your Continuing license, Delaware" in text_of(browser.get(second["Location"]))
    paper = browser.get(f"/license/{held.pk}/standing.pdf")
    assert paper.content.startswith(b"%PDF-")
    stranger = client_of(world.person("Someone Else"))
    for address in ("", "standing.pdf", "change/", "end/", "plan/"):
        assert stranger.get(f"/license/{held.pk}/{address}").status_code == 404


def test_a_license_is_corrected_and_ended_on_its_pages(world):
    dana, held = world.licensed(end="2099-06-30")
    browser = client_of(dana)

    assert 'value="2020-07-01"' in browser.get(f"/license/{held.pk}/change/").content.decode()
    assert browser.post(f"/license/{held.pk}/change/", {"valid_from": "2020-08-01", "valid_to": "2099-06-30"}).status_code == 302
    assert browser.post(f"/license/{held.pk}/end/", {"ended_on": "2019-01-01"}).status_code == 422
    assert browser.post(f"/license/{held.pk}/end/", {"ended_on": "2024-01-01"}).status_code == 302
    assert "This license ended on January 1, 2024" in text_of(browser.get("/license/"))


def test_a_document_goes_into_the_record_and_the_employer_confirms_it(world):
    district = world.organization("Marlow")
    dana, _ = world.licensed(world.person("Dana Whitfield", works_at=district), end="2099-06-30")
    browser, admin = client_of(dana), client_of(world.person("Admin Stone", organization_admin=district))
    assert "Degree" in text_of(browser.get("/license/record/add/"))
    form = {"title": "Institute on curriculum", "on": "2023-05-31", "amount": "12.5", "unit": "contact-hour", "asked_id": district.pk}
    refused = browser.post("/license/record/add/hours/", {**form, "document": io.BytesIO(b"not a document")})
    assert refused.status_code == 422
    assert "Institute on curriculum" in refused.content.decode()
    paper = io.BytesIO(files_world.make_pdf(pages=1))
    paper.name = "certificate.pdf"
    assert browser.post("/license/record/add/hours/", {**form, "document": paper}).status_code == 302
    page = text_of(browser.get("/license/record/"))
    assert "Not confirmed yet" in page
    assert "12.5 contact hours" in page

    entry = RecordEntry.objects.get()
    document = entry.documents.get()
    assert admin.get(f"/license/record/documents/{document.pk}").content.startswith(b"%PDF-")
    assert client_of(world.person()).get(f"/license/record/documents/{document.pk}").status_code == 404
    assert "Institute on curriculum" in text_of(admin.get("/license/record/waiting/"))
    assert admin.post(f"/license/record/waiting/{entry.pk}/", {"act": "decline", "reason": ""}).status_code == 422
    assert admin.post(f"/license/record/waiting/{entry.pk}/", {"act": "verify"}).status_code == 302
    drain()
    assert "Counts" in text_of(browser.get("/license/record/"))
    world.known(dana, "hours", "2019-05-01", 3, "parsec", title="Measured oddly")
    assert "Two things here need a look" in text_of(browser.get("/license/record/"))
    assert browser.post(f"/license/record/{entry.pk}/withdraw/").status_code == 302
    assert "Withdrawn" in text_of(browser.get("/license/record/"))


def test_a_plan_shows_where_one_would_stand_and_proposes_the_shortest_way(world):
    office = world.office()
    ids = [mc.pk for mc in world.shelf(5)]
    for microcredential in Microcredential.objects.filter(pk__in=ids[1:]):
        world.approve(microcredential, office)
        world.offered(microcredential, days=120)
    dana, held = world.licensed(end="2099-06-30")
    browser = client_of(dana)

    assert "Three micro-credentials would be the shortest way" in text_of(browser.get(f"/license/{held.pk}/plan/"))
    looked = text_of(browser.get(f"/license/{held.pk}/plan/?look=1&mc={ids[1]}"))
    assert "Three micro-credentials approved by the department: 1 of 3" in looked
    assert browser.post(f"/license/{held.pk}/plan/", {"mc": ids[1]}).status_code == 302
    assert queries.planned_for(dana, [held.pk]) == {held.pk: [ids[1]]}
    assert queries.license_page(dana, held.pk).main.standing.find("micro-credentials").have == 0


def test_a_growth_plan_is_agreed_with_its_supervisor_and_then_stays(world):
    dana, super_ = world.person("Dana Whitfield"), world.person("Super Stone")
    address = "/license/plans/"
    browser, other = client_of(dana), client_of(super_)
    form = {"title": "School year", "starts_on": "2026-08-01", "ends_on": "2027-06-30", "goal_1": "Ask better questions.",
            "bucket_1": "individual", "supervisor": "nobody@example.org"}  # fmt: skip
    refused = browser.post(f"{address}new/", form)
    assert refused.status_code == 422
    assert "Ask better questions." in refused.content.decode()
    from cairn.apps.people.queries import me

    assert browser.post(f"{address}new/", {**form, "supervisor": me(super_).email}).status_code == 302
    plan = GrowthPlan.objects.get()
    assert other.get(f"{address}{plan.pk}/").status_code == 404
    assert browser.post(f"{address}{plan.pk}/move/", {"to": "shared"}).status_code == 302
    assert "Agree to this plan" in text_of(other.get(f"{address}{plan.pk}/"))
    assert client_of(world.person()).get(f"{address}{plan.pk}/").status_code == 404
    assert other.post(f"{address}{plan.pk}/move/", {"to": "agreed"}).status_code == 302
    assert browser.post(f"{address}{plan.pk}/change/", {**form, "supervisor": ""}).status_code == 422
    assert GrowthPlan.objects.get().state == "agreed"


def test_a_mover_sees_what_counts_where_they_go_and_why_other_things_do_not(world):
    dana, _ = world.licensed(jurisdiction="us/ks", license_type="professional", start="2024-07-01", end="2029-06-30")
    world.known(dana, "points", "2025-05-01", 20, "point", title="Points of a district")
    world.mc(dana, "classroom-routines", "2025-10-02", title="Classroom routines")
    page = text_of(client_of(dana).get("/license/move/?to=us/mo"))

    assert "Moving to Missouri" in page
    assert "Points of a district" in page
    assert "Ask the department which of your micro-credentials it has approved" in page


def test_the_package_holds_standings_credentials_and_the_record(world):
    dana, _ = world.licensed(end="2099-06-30")
    world.mc(dana, "classroom-routines", "2025-10-02", title="Classroom routines")
    browser = client_of(dana)
    assert "Everything, in one file" in text_of(browser.get("/license/package/"))
    with zipfile.ZipFile(io.BytesIO(browser.get("/license/package.zip").content)) as package:
        names = package.namelist()
        standing = json.loads(package.read("standings/us-mo-transition-administrator-2020-07-01.json"))
        assert "Classroom routines" in package.read("record.csv").decode("utf-8-sig")
        told = package.read("read-me.txt").decode()
    assert told.startswith(f"{people.me(dana).name}: what stands to your name at ")
    assert all(any(name.startswith(said) for name in names) for said in ("standings/", "learner-record.json", "record.csv", "claims.csv"))
    assert all(f"\n{said}" in told for said in ("standings/", "credentials/", "learner-record.json", "record.csv", "claims.csv"))
    assert standing["hash"]
    assert "standings/us-mo-transition-administrator-2020-07-01.pdf" in names


def test_reminders_go_once_to_the_educator_and_to_the_association_that_may_hear(world):
    from cairn.apps.comms.models import Letter
    from cairn.site.jobs import remind_of_licenses
    from tests.world import SYSTEM

    association = world.organization("School Leaders", kind="association")
    admin = world.person("Admin Stone", organization_admin=association)
    with clock.at(on("2023-07-02")):
        dana, held = world.licensed()
        commands.set_profile(actor=dana, jurisdiction="us/mo", association_id=association.pk)
    told = []
    for day in ("2023-07-02", "2023-07-02", "2024-01-02", "2024-04-01", "2024-05-31", "2024-06-29", "2024-07-01"):
        with clock.at(on(day)):
            remind_of_licenses(SYSTEM)
            drain()
            told.append(Letter.objects.filter(kind="licensure.alerted", person_id=dana.person_id).count())
    assert told == [1, 1, 2, 3, 4, 4, 4]
    letter = Letter.objects.filter(kind="licensure.member_alerted", person_id=admin.person_id).order_by("created_at").first()
    assert "Dana Whitfield" in letter.text
    assert held.pk not in letter.text


def test_a_micro_credential_says_what_it_counts_for_where_one_works_in_as_many_queries_however_many_there_are(
    world, django_assert_max_num_queries
):
    office, (first, *others) = world.office(), world.shelf(6)
    world.approve(first, office)
    address = f"/catalog/{first.slug}/"
    visitor, dana = Client(headers={"host": "localhost"}), world.person("Dana Whitfield")
    assert "Where do you work?" in text_of(visitor.get(address))
    page = text_of(visitor.get(f"{address}?where=us/mo"))
    assert "What it counts for in Missouri" in page
    assert "5 CSR 20-400.620" in page
    assert "one of 3" in page
    assert "6 PDP" in text_of(visitor.get(f"{address}?where=us/tn"))
    shelf = text_of(visitor.get(f"/stacks/{first.stack.slug}/?where=us/mo"))
    assert "1 of these 6 counts" in shelf
    commands.set_profile(actor=dana, jurisdiction="us/mo")
    assert "What it counts for in Missouri" in text_of(client_of(dana).get(address))

    with CaptureQueriesContext(connection) as few:
        queries.worth(dana, [first.pk], "us/mo")
    for other in others:
        world.approve(other, office)
        world.approve(other, office, body="another-list")
    with django_assert_max_num_queries(len(few)):
        queries.worth(dana, [first.pk], "us/mo")


def test_whatever_is_typed_is_answered_with_a_page_that_says_what_to_do(world):
    dana, held = world.licensed(end="2099-06-30")
    (mc,), browser = world.shelf(1), client_of(dana)
    odd = ["", "\0", "x" * 5000, "-1", "NaN", "9" * 30, "2023-02-30", "us/atlantis", "<b>", "٣"]

    for value in odd:
        for address, names in (
            ("/license/add/?state=us/mo", ("license_type", "valid_from", "valid_to", "number", "entered_on", "renewals_used")),
            (f"/license/{held.pk}/change/", ("valid_from", "valid_to", "number", "renewals_used")),
            ("/license/record/add/hours/", ("title", "on", "until", "amount", "unit", "asked_id")),
            ("/license/plans/new/", ("title", "starts_on", "ends_on", "goal_1", "bucket_1", "standard_1", "license_id", "supervisor")),
            ("/license/where/", ("association_id",)),
        ):
            answer = browser.post(address, dict.fromkeys(names, value))
            assert answer.status_code in (400, 422) or (address.endswith("where/") and not value), (address, value)
        assert browser.post(f"/license/{held.pk}/plan/", {"mc": value}).status_code in (400, 422)
        plan = f"/license/{held.pk}/plan/"
        for address, name in (("/license/move/", "to"), ("/license/", "route"), (plan, "route"), (plan, "mc"), ("/license/record/", "page"),
                              ("/license/add/", "state"), (f"/catalog/{mc.slug}/", "where")):  # fmt: skip
            assert browser.get(address, {name: value, "look": "1"}).status_code in (200, 400, 404), (address, value)
    assert EducatorLicense.objects.count() == 1
    assert not RecordEntry.objects.exists()


def test_only_what_can_be_begun_today_or_is_begun_is_proposed(world):
    """Neither what is closed nor a pilot without a free seat; what was chosen before stays chosen."""
    office, (free, closed, full, begun) = world.office(), world.shelf(4)
    dana, held = world.licensed(end="2099-06-30")
    for each in (free, closed, full, begun):
        world.approve(each, office)
    for day in ("2021-05-01", "2021-06-01"):  # of the three that the rule asks for
        world.mc(dana, f"earned-{day}", day, approved_by="missouri-dese")
    world.offered(free, days=120)
    world.offered(closed, last_day=date(2021, 1, 1), opens_on=date(2020, 1, 1))
    pilot = programs.offer(
        actor=SYSTEM, program_id=world.program.pk, microcredential_id=full.pk, kind="pilot", opens_on=date(2020, 1, 1), last_day=None,
        days=120, rules=programs.OfferingRules(clock_event="first access", seats_max=1),
    )  # fmt: skip

    def proposed():
        page = queries.plan_page(dana, held.pk)
        found = {each.microcredential.slug for each in page.helping}
        assert len(page.proposed) == 1
        assert page.proposed[0].slug in found
        return found

    assert proposed() == {free.slug, full.slug}
    programs.register(actor=world.person("First Come"), offering_id=pilot.pk)
    assert proposed() == {free.slug}
    own = world.offered(begun, days=120)
    programs.enroll(actor=dana, offering_id=own.pk)
    programs.close_offering(actor=SYSTEM, offering_id=own.pk)
    assert proposed() == {free.slug, begun.slug}
    kept = text_of(client_of(dana).get(f"/license/{held.pk}/plan/?look=1&mc={closed.pk}"))
    assert f"{closed.title} (planned)" in kept


def test_where_no_rule_is_computed_the_page_still_says_what_to_do(world):
    """A state whose license types are not known, and a license from which no rule here leads on."""
    dana = world.person("Dana Whitfield")
    browser = client_of(dana)
    page = browser.get("/license/add/?state=us/hi")
    assert "is not known here" in text_of(page)
    assert "<select" not in page.content.decode().partition("<main")[2]
    world.licensed(dana, jurisdiction="us/ks", license_type="initial", end="2099-06-30")
    page = text_of(browser.get("/license/"))
    assert "is not computed here" in page
    assert "What is known of Kansas" in page
