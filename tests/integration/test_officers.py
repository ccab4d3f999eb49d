"""Educators ask a state's officers to decide: a question of judgment, the chain behind an award, two signatures, exceptions."""

import io
import json
import zipfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cairn.apps.credentials import commands as credentials
from cairn.apps.credentials.models import Credential
from cairn.apps.licensure import commands, queries
from cairn.apps.licensure.commands import Done
from cairn.apps.licensure.models import Application, Determination, Snapshot
from cairn.apps.licensure.queries.published import published
from cairn.apps.reports.queries import integrity
from cairn.interfaces.web import relying
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.pure.rules import ENGINE
from cairn.pure.surveys import is_small
from cairn.site.jobs import JOBS
from cairn.site.worker import drain
from tests.licensure_world import on
from tests.officers_world import TRANSITION, Office
from tests.recognizers_world import District, noon
from tests.scoring_world import signed_in
from tests.world import SYSTEM


@pytest.fixture
def world(db):
    with clock.at(on("2024-03-01")):
        yield Office()


def test_s13_a_combination_waits_for_an_officer_who_judges_it(world):
    row = world.asked("Two and sixty.")
    page = queries.application(world.officer, row.pk)
    growth = page.standing.find("growth")
    told = {id: page.standing.find(id) for id in ("micro-credentials", "hours", "graduate-credit", "combination")}
    assert (page.standing.state, growth.state, told["combination"].state) == ("officer", "officer", "officer")
    assert [(int(told[id].have), int(told[id].need)) for id in ("micro-credentials", "hours", "graduate-credit")] == [
        (2, 3),
        (60, 120),
        (0, 8),
    ]
    assert queries.lines_to_judge(page.standing) == {"combination"}
    assert row.due_on == date(2024, 3, 15)  # ten business days
    with pytest.raises(Invalid, match="Only an officer's judgment"):
        world.sign(row)
    made = world.sign(row, lines=["combination"])
    assert (made.basis, made.signed_at is not None, Application.objects.get(pk=row.pk).state) == ("judgment", True, "determined")
    own = queries.application(world.dana, row.pk)
    assert own.determination.reason == "Two thirds and a half are enough."
    assert own.named_lines == ("Several of these together",)


def test_the_third_award_meets_the_rule_and_the_officer_signs_what_was_computed(world):
    world.mc(world.dana, "mc-3", "2024-02-20", approved_by="missouri-dese")
    row = world.asked()
    page = queries.application(world.officer, row.pk)
    assert page.standing.state == "met"
    assert relying.opening(page, ()).title == "Every line is met, as computed"
    assert world.sign(row).basis == "rule"


def test_what_changes_between_reading_and_signing_is_read_again(world):
    row = world.asked()
    before = world.seen(row)
    world.mc(world.dana, "mc-3", "2024-02-20", approved_by="missouri-dese")
    with pytest.raises(Conflict, match="has changed"):
        commands.determine(actor=world.officer, application_id=row.pk, outcome="met", reason="Yes.", seen=before, lines=["combination"])
    assert queries.application(world.officer, row.pk).has_changed
    assert world.sign(row).basis == "rule"


def test_a_rule_that_is_not_met_is_excepted_by_name_or_not_at_all(world):
    other, held = world.licensed(world.person("Keiko Lindqvist"))
    row = commands.apply_for(actor=other, license_id=held.pk, rules=TRANSITION)
    page = queries.application(world.officer, row.pk)
    assert page.standing.state == "open"
    assert "experience" in queries.open_lines(page.standing)
    with pytest.raises(Invalid, match="not met"):
        world.sign(row)
    with pytest.raises(Invalid, match="nothing to except"):
        world.sign(row, lines=["growth-of-nobody"], is_exception=True)
    assert world.sign(row, lines=["experience", "mentoring"], is_exception=True).basis == "exception"


def test_two_persons_sign_where_the_office_says_so(db):
    with clock.at(on("2024-03-01")):
        world = Office(signatures=2)
        row = world.asked()
        first = world.sign(row, lines=["combination"])
        assert first.signed_at is None
        assert Application.objects.get(pk=row.pk).state == "proposed"
        with pytest.raises(Forbidden, match="second officer"):
            commands.countersign(actor=world.officer, application_id=row.pk)
        second = world.person("Noor Adeyemi", licensing_officer=world.agency)
        assert [line.is_mine_to_sign for line in queries.office(second).lines] == [True]
        commands.not_agree(actor=second, application_id=row.pk, reason="The hours are not signed.")
        assert "not agreed" not in {step.kind for step in queries.application(world.dana, row.pk).steps}
        world.sign(row, lines=["combination"])
        made = commands.countersign(actor=second, application_id=row.pk)
        assert made.signed_at is not None
        assert made.second_by_id == second.person_id
        assert Determination.objects.filter(application=row, is_set_aside=True).count() == 1


def test_returned_and_referred_come_back_with_their_answers(world):
    row = world.asked()
    with pytest.raises(Invalid, match="not a day to come"):
        commands.return_application(actor=world.officer, application_id=row.pk, reason="The list of hours.", until=date(2024, 3, 1))
    commands.return_application(actor=world.officer, application_id=row.pk, reason="The list of hours.", until=date(2024, 3, 20))
    assert queries.office(world.officer).waiting == 0
    assert [line.application.pk for line in queries.office(world.officer, is_elsewhere=True).lines] == [row.pk]
    commands.answer_officer(actor=world.dana, application_id=row.pk, words="It is in my record now.")
    commands.refer_application(actor=world.officer, application_id=row.pk, to="Counsel", reason="May they be added?")
    commands.hear_answer(actor=world.officer, application_id=row.pk, words="They may.")
    assert [line.application.pk for line in queries.office(world.officer).lines] == [row.pk]
    assert [step.kind for step in queries.application(world.dana, row.pk).steps] == ["asked", "returned", "answered", "referred", "heard"]
    assert Snapshot.objects.filter(application=row).count() == 2


def test_what_was_returned_and_not_answered_by_its_day_is_decided_on_what_is_there(world):
    row = world.asked()
    commands.return_application(actor=world.officer, application_id=row.pk, reason="The transcript?", until=date(2024, 3, 10))
    told, page = {"lines": ["combination"]}, signed_in(world.officer)
    with clock.at(on("2024-03-10")):
        assert queries.number_waiting(world.officer) == 0
        with pytest.raises(Conflict):
            world.sign(row, **told)
        assert "Your determination" not in page.get(f"/officer/{row.pk}/").content.decode()
    with clock.at(on("2024-03-11")):
        assert queries.number_waiting(world.officer) == 1
        assert "No answer came" in page.get(f"/officer/{row.pk}/").content.decode()
        commands.return_application(actor=world.officer, application_id=row.pk, reason="Once more, please.", until=date(2024, 3, 20))
        assert queries.number_waiting(world.officer) == 0
    with clock.at(on("2024-03-21")):
        commands.refer_application(actor=world.officer, application_id=row.pk, to="Counsel", reason="No transcript came.")
        commands.hear_answer(actor=world.officer, application_id=row.pk, words="Decide on what is there.")
        made = world.sign(row, **told)
    row.refresh_from_db()
    assert (row.state, row.until, made.basis) == ("determined", None, "judgment")


def test_only_the_educator_and_the_offices_own_officers_see_it_and_nobody_decides_on_their_own(world):
    row = world.asked()
    elsewhere = world.person("Sal Ortiz", licensing_officer=world.office("Another Office", "us/ks"))
    for stranger in (elsewhere, world.person("Pat Lee"), world.person(licensing_officer=world.issuer)):
        with pytest.raises(NotFound):
            queries.application(stranger, row.pk)
    with pytest.raises(NotFound):
        queries.office(world.dana)
    with pytest.raises(NotFound):
        queries.chains(world.dana, queries.application(world.dana, row.pk))
    own, held = world.licensed(world.officer)
    mine = commands.apply_for(actor=own, license_id=held.pk, rules=TRANSITION)
    with pytest.raises(Forbidden, match="their own"):
        commands.determine(actor=own, application_id=mine.pk, outcome="met", reason="Mine.", seen="")
    commands.withdraw_application(actor=world.dana, application_id=row.pk)
    with pytest.raises(NotFound):
        queries.application(world.officer, row.pk)


def test_asking_twice_asking_under_no_rule_and_deciding_twice_are_refused(world):
    row = world.asked()
    with pytest.raises(Conflict, match="already"):
        world.asked()
    assert (
        commands.apply_for(actor=world.dana.with_key("k"), license_id=world.held.pk, rules="us/mo/career-administrator").state == "waiting"
    )
    again = commands.apply_for(actor=world.dana.with_key("k"), license_id=world.held.pk, rules="us/mo/career-administrator")
    assert Application.objects.count() == 2
    assert again.rules == "us/mo/career-administrator"
    world.sign(row, lines=["combination"])
    with pytest.raises(Conflict, match="determined"):
        world.sign(row, lines=["combination"])


def test_an_authority_is_asked_about_licenses_and_routes_of_its_own_state_that_are_not_over(world):
    for route in ("us/ks/professional-renewal", "us/il/administrator-renewal"):
        with pytest.raises(Conflict, match="is one of Missouri"):
            commands.apply_for(actor=world.dana, license_id=world.held.pk, rules=route)
        assert signed_in(world.dana).get(f"/license/apply/{world.held.pk}/?route={route}").status_code == 409
    with pytest.raises(NotFound):
        commands.apply_for(actor=world.dana, license_id=world.held.pk, rules="us/mo/no-such-route")
    commands.end_license(actor=world.dana, license_id=world.held.pk, ended_on=date(2024, 2, 1))
    with pytest.raises(Conflict, match="over"):
        world.asked()
    assert not Application.objects.exists()


def test_a_signed_determination_recomputes_exactly_after_everything_has_changed(world):
    row = world.asked()
    made = world.sign(row, lines=["combination"])
    world.mc(world.dana, "mc-3", "2024-02-20", approved_by="missouri-dese")
    page = queries.application(world.officer, row.pk)
    assert page.standing.state == "officer"
    assert page.is_recomputed
    with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
        Snapshot.objects.filter(pk=made.snapshot_id).update(result={})
    assert queries.recomputes(SYSTEM, made.snapshot)
    kept = page.determination.snapshot
    assert (kept.result.pop("engine"), made.snapshot.result["engine"], page.earlier_engine) == (ENGINE, ENGINE, 1)
    assert page.is_recomputed
    kept.result["engine"] = ENGINE + 1
    assert not page.is_recomputed
    assert [found.failures for found in integrity(SYSTEM) if found.name in ("determinations", "told")] == [(), ()]


def test_the_chain_behind_an_award_of_this_site_holds_until_it_is_revoked(open_world):
    world, row = asked_with_an_award()
    page = queries.application(world.officer, row.pk)
    found = relying.relied(queries.chains(world.officer, page), clock_zone())
    assert [len(one.links) for one in found] == [5]
    assert all(link.holds for one in found for link in one.links)
    assert "Same level on" in found[0].links[3].words
    assert found[0].links[4].fingerprint
    answer = signed_in(world.officer).get(f"/officer/{row.pk}/")
    assert answer.status_code == 200
    assert b"links hold" in answer.content
    for reader in world.sheets(credential().enrollment):
        assert reader.assessor.name.encode() not in answer.content
    package = zipfile.ZipFile(io.BytesIO(signed_in(world.officer).get(f"/officer/{row.pk}/chain.zip").content))
    assert {"standing.json", "record.json", "awards/1-credential.json", "awards/1-chain.json", "awards/learner-record.json"} <= set(
        package.namelist()
    )
    assert package.read("awards/1-credential.json").decode() == credential().signed
    assert json.loads(package.read("awards/1-chain.json"))["holds"] is True
    gathered = json.loads(package.read("awards/learner-record.json"))["credentialSubject"]["verifiableCredential"]
    assert gathered == [json.loads(credential().signed)]
    revoked(world)
    after = queries.application(world.officer, row.pk)
    assert after.has_changed
    assert not queries.chains(world.officer, after)


def test_an_award_behind_a_councils_points_has_its_chain_too_and_needs_to_be_on_no_list(open_world):
    """The points count in Kansas, and what they rest on is read down to the evidence."""
    district = District(votes_needed=1)
    commands.load_rules(actor=SYSTEM, files=queries.shipped())
    office = district.founded("kansas-office", "Kansas Office", "state-agency", "us-ks")
    commands.set_authority(actor=SYSTEM, jurisdiction="us/ks", organization_id=office.pk)
    officer, rule = district.person("Vera Lund", licensing_officer=office), district.adopt()
    award = district.awarded(district.teacher, datetime(2025, 10, 2, 15, tzinfo=UTC))
    with clock.at(noon(date(2025, 1, 9))):
        asked = commands.ask_approval(
            actor=district.teacher, organization_id=district.district.pk, microcredential_id=award.version.microcredential_id
        )
        commands.answer_approval(actor=district.members[0], approval_id=asked.pk, is_approved=True)
    claim = district.claimed(rule, date(2025, 10, 6), done=Done(credential_id=award.pk, hours=Decimal(15)), level="knowledge")
    district.granted(claim, date(2025, 10, 8))
    with clock.at(noon(date(2025, 11, 3))):
        held = commands.add_license(actor=district.teacher, jurisdiction="us/ks", license_type="professional",
                                    valid_from=date(2023, 1, 1), valid_to=date(2027, 12, 31))  # fmt: skip
        row = commands.apply_for(actor=district.teacher, license_id=held.pk, rules="us/ks/professional-renewal")
        JOBS["sign-status-lists"][1](SYSTEM)
        page = queries.application(officer, row.pk)
        (one,) = queries.chains(officer, page)
        assert all(one.links)
        (told,) = relying.relied([one], clock_zone())
        assert told.links[0].words == (
            "Prairie Fork Unified gave 15 points for it on October 8, 2025 (Page of the department on micro-credentials, points with the "
            "council's approval)."
        )
        assert signed_in(officer).get(f"/officer/{row.pk}/").status_code == 200


def test_days_of_what_was_signed_are_those_of_the_offices_state(world):
    with clock.at(datetime(2024, 3, 2, 5, 30, tzinfo=UTC)):  # 11:30 p.m. on March 1 in Missouri
        row = world.asked()
        world.sign(row, lines=["combination"])
    (told,) = queries.exported(world.officer, world.authority.pk)
    named = dict(zip(queries.COLUMNS, told, strict=True))
    assert (named["signed on"], named["asked on"], named["read on"]) == (date(2024, 3, 1),) * 3


def test_what_was_revoked_after_it_was_signed_on_is_told_and_the_signature_stands(open_world):
    world, row = asked_with_an_award()
    world.sign(row, outcome="not met")
    assert queries.application(world.officer, row.pk).gone_since == ()
    revoked(world)
    page = queries.application(world.officer, row.pk)
    assert [entry.source_id for entry, _ in page.gone_since] == [credential().pk]
    assert page.is_recomputed
    said = signed_in(world.officer).get(f"/officer/{row.pk}/").content.decode()
    assert "Since this was signed, something it rests on has gone." in said
    assert f"“{page.gone_since[0][0].title}” was revoked" in said


def asked_with_an_award():
    world = Office()
    world.approve(world.microcredential, world.agency)
    world.earned(world.dana)
    drain()
    today = clock.now().date()
    commands.correct_license(
        actor=world.dana, license_id=world.held.pk, valid_from=today - timedelta(days=700), valid_to=today + timedelta(days=200)
    )
    return world, world.asked()


def revoked(world):
    credentials.revoke(actor=world.person(organization_admin=world.issuer), credential_id=credential().pk, reason="Copied.")
    drain()


def credential():
    return Credential.objects.select_related("enrollment").get()


def clock_zone():
    from zoneinfo import ZoneInfo

    return ZoneInfo("America/Chicago")


def test_pages_of_officers_and_of_those_who_ask(world):
    dana, officer = signed_in(world.dana), signed_in(world.officer)
    address = f"/license/apply/{world.held.pk}/?route={TRANSITION}"
    assert b"Ask an officer" in dana.get(address).content
    assert dana.get(f"/license/apply/{world.held.pk}/").status_code == 200
    sent = dana.post(address, {"route": TRANSITION, "words": "Please look."})
    row = Application.objects.get()
    assert sent.status_code == 302
    assert sent["Location"] == f"/license/applications/{row.pk}/"
    assert b"Pending with State Office" in dana.get(sent["Location"]).content
    assert b"One application waits" in officer.get("/officer/").content
    page = officer.get(f"/officer/{row.pk}/")
    assert "One question is yours" in page.content.decode()
    empty = officer.post(f"/officer/{row.pk}/", {"act": "return", "reason": "", "seen": world.seen(row)})
    assert empty.status_code == 422
    assert b"Give the day" in empty.content
    done = officer.post(f"/officer/{row.pk}/", {"act": "met", "lines": "combination", "reason": "Enough.", "seen": world.seen(row)})
    assert done.status_code == 302
    assert b"Enough." in dana.get(f"/license/applications/{row.pk}/").content
    assert officer.get("/officer/").content.count(b"Signed lately") == 1
    table = officer.get(f"/officer/offices/{world.authority.pk}/determinations.csv").content.decode("utf-8-sig")
    assert "judgment" in table
    assert "Dana Whitfield" in table
    assert dana.get("/officer/").status_code == 404
    assert dana.get(f"/officer/{row.pk}/").status_code == 404


def test_an_office_publishes_no_small_numbers(world):
    row = world.asked()
    world.sign(row, lines=["combination"])
    told = queries.figures(SYSTEM, "us/mo")
    assert (told.asked, told.signed) == (None, None)
    assert [(route.met, route.solely, route.not_met) for route in told.routes] == [(None, None, 0)]
    page = signed_in(world.person()).get("/rules/us/mo/").content.decode()
    assert "What its officers have decided" in page
    assert "Asked to decide: kept back. Signed until now: kept back." in page.replace("\u00a0", " ")
    assert "What its officers have decided" not in signed_in(world.person()).get("/rules/us/ks/").content.decode()


ROUTES = (TRANSITION, "us/mo/career-administrator")


@pytest.mark.parametrize(
    ("cells", "unsigned"),
    [
        # of each route: met on micro-credentials alone, met otherwise, not met
        ([(0, 40, 3)], 0),
        ([(0, 40, 3)], 25),
        ([(12, 3, 20)], 11),
        ([(30, 12, 15)], 4),
        ([(2, 0, 0)], 0),
        ([(10, 0, 10)], 10),
        ([(3, 20, 14), (11, 1, 12)], 2),
        ([(0, 9, 0), (0, 0, 9)], 30),
    ],
)
def test_no_sum_or_difference_of_what_is_published_tells_a_small_group(world, cells, unsigned):
    """Whoever is not told a count finds at least two that fit everything that is published, and one of ten or more in all."""
    counts = Counter()
    for route, (solely, otherwise, not_met) in zip(ROUTES, cells, strict=False):
        counts |= Counter({(route, "met", True): solely, (route, "met", False): otherwise, (route, "not met", False): not_met})
    asked = unsigned + sum(map(sum, cells))
    told = published(world.authority, asked, counts)
    order = sorted(range(len(cells)), key=lambda n: ROUTES[n])
    groups = [(sum(cells[n][:2]), row.met) for n, row in zip(order, told.routes, strict=True)]
    groups += [(cells[n][2], row.not_met) for n, row in zip(order, told.routes, strict=True)]
    rest = told.asked - told.signed if told.asked is not None and told.signed is not None else None
    hidden = [count for count, shown in [*groups, (unsigned, rest)] if shown is None]
    assert all(shown in (None, count) for count, shown in groups)
    assert not any(is_small(count) for count, shown in [*groups, (unsigned, rest)] if shown is not None)
    assert told.asked is None or not hidden or (len(hidden) > 1 and sum(hidden) >= 10)
    for n, row in zip(order, told.routes, strict=True):
        if row.solely is not None:
            assert row.met is not None
            assert not is_small(row.solely)
            assert not is_small(row.met - row.solely)
            assert row.solely == cells[n][0]


def test_pages_of_officers_ask_as_much_of_the_database_however_many_wait(world):
    page, row = signed_in(world.officer), world.asked()
    world.mc(world.dana, "mc-3", "2024-02-20", approved_by="missouri-dese")
    addresses = ("/officer/", f"/officer/{row.pk}/", "/officer/?show=elsewhere")
    page.get("/officer/")  # what is read once for each session
    few = [len(asked_by(page, address)) for address in addresses]
    for number in range(30):
        actor, held = world.licensed(world.person(f"Person {number:02}"))
        commands.apply_for(actor=actor, license_id=held.pk, rules=TRANSITION)
        world.known(world.dana, "hours", f"2023-04-{number % 28 + 1:02}", 1, "contact-hour")
    assert [len(asked_by(page, address)) for address in addresses] == few
    assert b"31 applications wait for you" in page.get("/officer/").content
    assert b"Person 25" in page.get("/officer/?page=2").content
    assert queries.number_waiting(world.officer) == 31


def asked_by(page, address):
    with CaptureQueriesContext(connection) as found:
        assert page.get(address).status_code == 200, address
    return found


def test_an_officer_reads_what_was_signed_before_on_the_same_question_without_a_name(world):
    world.sign(world.asked(), lines=["combination"])
    actor, held = world.licensed(world.person("Zora Lindqvist"))
    row = commands.apply_for(actor=actor, license_id=held.pk, rules=TRANSITION)
    page = signed_in(world.officer).get(f"/officer/{row.pk}/").content.decode().replace("\u00a0", " ")
    assert "1 since March 1, 2024" in page
    assert "1 met" in page
    assert "Two thirds and a half are enough." in page
    assert "Dana Whitfield" not in page


def test_an_officer_reads_what_is_odd_about_a_record_and_what_was_left_out_with_the_reason(world):
    world.known(world.dana, "hours", "2024-09-01", 30, "contact-hour", title="Course to come")
    world.known(world.dana, "hours", "2019-03-01", 30, "contact-hour", title="Course of long ago")
    world.known(world.dana, "hours", "2022-03-01", 30, "fortnight", title="Course of fortnights")
    row = world.asked()
    odd = {about: words for about, words, _ in queries.application(world.officer, row.pk).oddities}
    assert "still to come" in odd["Course to come"]
    assert "before the license began" in odd["Course of long ago"]
    assert "no unit of Missouri" in odd["Course of fortnights"]
    text = signed_in(world.officer).get(f"/officer/{row.pk}/").content.decode()
    assert "Look twice at the record" in text
    assert "fortnights are not turned into contact hours" in text


def test_who_signs_after_a_colleague_has_is_told_so_and_what_they_wrote_is_not_lost(world):
    row, colleague = world.asked(), world.person("Noor Adeyemi", licensing_officer=world.agency)
    sent = {"act": "met", "lines": "combination", "reason": "I say so as well.", "seen": world.seen(row)}
    world.sign(row, lines=["combination"])
    late = signed_in(colleague).post(f"/officer/{row.pk}/", sent)
    assert late.status_code == 422
    assert "somebody was here before" in late.content.decode()
    assert "I say so as well." in late.content.decode()
    assert Determination.objects.count() == 1
