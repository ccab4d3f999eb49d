"""Drafts of claims and the papers beside them, claims that are left behind, fees at the desk, sources that are silent, terms in fields."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cairn.apps.ledger.models import Fact
from cairn.apps.licensure import commands
from cairn.apps.licensure.commands import Ask, Done, Paper
from cairn.apps.licensure.models import Claim, ClaimPaper, CreditAward, ProposalRound, RecordEntry, ScheduleVersion
from cairn.apps.licensure.outward import look_at_sources
from cairn.apps.licensure.queries.claims import transcripts
from cairn.apps.licensure.queries.schedules import schedule_of
from cairn.apps.people import commands as people
from cairn.apps.people.models import Affiliation
from cairn.kernel.errors import Conflict, Forbidden, NotFound
from cairn.site.jobs import JOBS
from tests.files_world import make_pdf
from tests.integration.test_claims import KNOWN, workshop
from tests.recognizers_world import District, today
from tests.scoring_world import signed_in
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    made = District(votes_needed=1, members=2)
    made.rule = made.adopt()
    made.approved("Reading workshop", date(2023, 1, 9))
    return made


def a_paper(content=b"%PDF-1.4 one"):
    return Paper("log.pdf", "pdf", content.hex()[:64].ljust(64, "0"), content)


def test_a_draft_is_seen_changed_and_sent_by_its_educator_alone_with_its_paper(district):
    mine, member = signed_in(district.teacher), signed_in(district.members[0])
    key = district.rule.pk
    told = {"title": "Reading workshop", "done_on": today().isoformat(), "kind": "hours", "hours": "10", "days": "1",
            "purpose": "renewal", "evidence": "A log.", f"take_{key}": "on", f"level_{key}": "knowledge", "act": "draft"}  # fmt: skip
    mine.post("/license/claims/new/", told)
    draft = Claim.objects.get()
    assert (draft.state, draft.submitted_at) == ("drafted", None)
    assert "One draft that nobody reads yet" in mine.get("/license/claims/").content.decode()
    assert member.get(f"/claims/{draft.pk}/").status_code == 404
    page = f"/license/claims/{draft.pk}/"
    assert "A log." in mine.get(page).content.decode()
    wrong = mine.post(page, told | {"title": "", "evidence": "Another log."})
    assert (wrong.status_code, "Another log." in wrong.content.decode()) == (422, True), "nothing typed is lost"
    odd = SimpleUploadedFile("log.exe", b"MZ" + bytes(100))
    assert mine.post(page, told | {"document": odd}).status_code == 422
    paper = SimpleUploadedFile("log.pdf", make_pdf())
    sent = mine.post(page, told | {"evidence": "My log of ten hours.", "act": "send", "document": paper}, follow=True)
    draft.refresh_from_db()
    assert (draft.state, draft.evidence, draft.papers.count()) == ("submitted", "My log of ten hours.", 1), sent.content.decode()

    kept = draft.papers.get()
    address = f"/claims/papers/{kept.pk}/"
    assert address in member.get("/claims/").content.decode()
    assert [each.get(address).status_code for each in (mine, member)] == [200, 200]
    near = signed_in(district.person("Near Pike", works_at=district.school, council_member=district.district))
    for other in (near, signed_in(district.admin), signed_in(district.person("Stranger Stone"))):
        assert other.get(address).status_code == 404, "only those who are asked about the claim"
    with pytest.raises(Conflict, match="stays as it was sent"):
        commands.remove_paper(actor=district.teacher, paper_id=kept.pk)
    mine.post(f"/license/claims/{draft.pk}/withdraw/")
    assert not ClaimPaper.objects.exists(), "papers are erased with a claim that is taken back"
    assert Fact.objects.filter(kind="licensure.claim_paper_erased").count() == 1


def test_a_discarded_draft_is_gone_and_only_its_educator_changes_one(district):
    teacher, ask = district.teacher.with_key("draft"), Ask(district.rule.pk, level="knowledge")
    done = workshop()
    first, again = (commands.claim(actor=teacher, done=done, asks=[ask], is_sent=False) for _ in range(2))
    assert first.pk == again.pk
    with pytest.raises(Conflict, match="or drafted it"):
        commands.claim(actor=district.teacher, done=done, asks=[ask], is_sent=False)
    with pytest.raises(NotFound):
        commands.change_draft(actor=district.members[0], claim_id=first.pk, done=done, ask=ask)
    six = Done(**{**done.__dict__, "papers": tuple(a_paper(b"%d" % n) for n in range(6))})
    with pytest.raises(Conflict, match="at most 5 papers"):
        commands.change_draft(actor=district.teacher, claim_id=first.pk, done=six, ask=ask)
    with_paper = Done(**{**done.__dict__, "papers": (a_paper(),), "evidence": "Anew."})
    changed = commands.change_draft(actor=district.teacher, claim_id=first.pk, done=with_paper, ask=ask)
    assert (changed.evidence, changed.papers.count(), changed.state) == ("Anew.", 1, "drafted")
    with pytest.raises(NotFound):
        commands.remove_paper(actor=district.members[0], paper_id=changed.papers.get().pk)
    commands.remove_paper(actor=district.teacher, paper_id=changed.papers.get().pk)
    mine = signed_in(district.teacher)
    mine.post(f"/license/claims/{first.pk}/withdraw/")
    assert mine.get(f"/license/claims/{first.pk}/").status_code == 200
    assert f"/license/claims/{first.pk}/" not in mine.get("/license/claims/").content.decode()
    with pytest.raises(Conflict, match="no draft any more"):
        commands.change_draft(actor=district.teacher, claim_id=first.pk, done=done, ask=ask)


def test_what_waits_where_work_has_ended_goes_back_and_is_claimed_elsewhere_with_all_that_it_held(district):
    done = Done(**{**workshop(on=today()).__dict__, "papers": (a_paper(),)})
    claim = commands.claim(actor=district.teacher, done=done, asks=[Ask(district.rule.pk, level="knowledge")])
    JOBS["return-claims"][1](SYSTEM)
    claim.refresh_from_db()
    assert claim.state == "submitted", "while the work lasts it waits"
    work = Affiliation.objects.get(person_id=district.teacher.person_id)
    people.end_affiliation(actor=SYSTEM, affiliation_id=work.pk, ended_on=date(2024, 1, 1))
    with pytest.raises(Forbidden):
        commands.return_left(actor=district.teacher, claim_id=claim.pk)
    for _ in range(2):
        JOBS["return-claims"][1](SYSTEM)
    claim.refresh_from_db()
    assert (claim.state, claim.papers.count()) == ("returned", 1)
    assert Fact.objects.filter(kind="licensure.claim_returned").count() == 1
    mine = signed_in(district.teacher)
    page = mine.get(f"/license/claims/{claim.pk}/").content.decode()
    assert f"/license/claims/new/?from={claim.pk}" in page
    _, elsewhere = district.recognizer("ozark", "Ozark Schools", "service-agency", "", "us/tn/schedules/pdp")
    again = mine.get(f"/license/claims/new/?from={claim.pk}").content.decode()
    assert "Certificate of attendance." in again
    taken = commands.claim(
        actor=district.teacher, done=Done(**{**workshop().__dict__, "like_id": claim.pk, "kind": "credit"}), asks=[Ask(elsewhere.pk)],
        is_sent=False,
    )  # fmt: skip
    assert taken.papers.get().sha256 == a_paper().sha256


def test_one_activity_that_serves_two_goals_counts_once_and_ends_when_its_schedule_says(district):
    """Kansas lets an award serve several buckets; sixty points are not earned twice by that (USD 232: they last five years)."""
    rule = district.adopt("us/ks/schedules/usd-232-type")
    for bucket in ("individual", "district"):
        claim = district.claimed(rule, date(2023, 2, 20), done=workshop(), level="knowledge", bucket=bucket)
        district.granted(claim, date(2023, 2, 22))
    assert {row.bucket: row.is_again for row in CreditAward.objects.all()} == {"individual": False, "district": True}
    entry = RecordEntry.objects.get(source="claim")
    assert (entry.amount, entry.until) == (10, date(2028, 2, 9))
    (given,) = transcripts(district.teacher)
    assert (given.total, given.by("bucket")) == (10, {"individual": 10, "district": 10})


@pytest.mark.long
def test_a_registrar_waives_a_fee_at_the_desk_and_posts_the_credit(district):
    clerk, rule = district.recognizer("granite-college", "Granite College", "higher-education", "", "us/vt/schedules/vermont-nea")
    award = district.awarded(district.teacher, datetime(2025, 10, 2, 15, tzinfo=UTC))
    claim = district.claimed(rule, date(2025, 10, 6), done=Done(credential_id=award.pk), buys=True)
    district.granted(claim, date(2025, 10, 8), [clerk])
    desk, mine = signed_in(clerk), signed_in(district.teacher)
    assert "Waits for $125" in desk.get("/claims/").content.decode()
    assert "See the invoice" in mine.get(f"/license/claims/{claim.pk}/").content.decode()
    assert mine.get(f"/account/orders/{claim.order_id}/").status_code == 200
    assert desk.post(f"/claims/{claim.pk}/post/", {"reference": "GC-1"}).status_code == 422
    assert desk.post(f"/claims/{claim.pk}/waive/", {"reason": ""}).status_code == 422
    desk.post(f"/claims/{claim.pk}/waive/", {"reason": "She teaches for us."})
    claim.refresh_from_db()
    assert (claim.waived, claim.order.state, claim.order.invoices.count()) == ("She teaches for us.", "void", 2)
    desk.post(f"/claims/{claim.pk}/post/", {"reference": "GC-1"})
    claim.refresh_from_db()
    assert (claim.state, claim.reference) == ("granted", "GC-1")
    assert CreditAward.objects.get().amount == 1


class Library(BaseHTTPRequestHandler):
    """Has /1 no more, says that it is away at /2, and does not know HEAD."""

    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(f"{self.command} {self.path}")
        self.send_response({"/1": 404, "/2": 503}.get(self.path, 405 if self.command == "HEAD" else 200))
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *told):
        pass


@pytest.fixture
def library(settings):
    Library.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Library) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EGRESS_TRUSTED = frozenset({f"127.0.0.1:{server.server_port}"})
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_sources_that_do_not_answer_are_named_with_their_day_and_decide_nothing(district, settings, library):
    sources = [{"title": f"Source {n}", "url": f"{library}/{n}", "adds": "A study."} for n in range(3)]
    proposal = district.proposed(district.written(sources=sources))
    look_at_sources(SYSTEM)
    assert not Library.asked, "nothing is asked where the site does not reach out"
    settings.CHECK_LINKS = True
    for _ in range(2):
        look_at_sources(SYSTEM)
    assert Library.asked.count("HEAD /2") == Library.asked.count("GET /2") == 1, "once more before it is called silent, and once a night"
    assert "GET /0" not in Library.asked, "whoever says that HEAD is not for them has answered"
    row = ProposalRound.objects.get()
    assert set(row.silent) == {f"{library}/1", f"{library}/2"}
    assert "Did not answer on" in signed_in(district.members[0]).get(f"/proposals/{proposal.pk}/").content.decode()
    proposal.refresh_from_db()
    assert (proposal.state, row.findings) == ("submitted", [])
    with pytest.raises(Forbidden):
        commands.note_sources(actor=district.members[0], round_id=row.pk, silent=[])


def test_an_admin_sets_terms_over_the_state_in_fields_and_tries_them_on_shipped_cases(district):
    admin = signed_in(district.admin)
    page = f"/org/{district.district.slug}/recognition/own/"
    assert "Your state" in admin.get(page).content.decode()
    for other in (signed_in(district.members[0]), signed_in(district.teacher)):
        assert other.get(page).status_code == 404
    told = {"title": "Points in Prairie Fork", "cite": "Our plan, section 4", "effective": "2015-07-01", "cap_day": "6",
            "within_days": "30", "months_application": "12", "months_impact": "36", "combine": "highest", "lasts_years": "5",
            "same_award": "forbid", "year_impact": "30", "block_application": "10", "size_application": "20",
            "needs": ["knowledge-granted"]}  # fmt: skip
    tried = admin.post(page, told | {"act": "try"}).content.decode()
    assert "What it would change" in tried
    assert "Ten clock hours of knowledge are ten points" in tried
    assert ScheduleVersion.objects.filter(title="Points in Prairie Fork").count() == 0
    assert admin.post(page, told | {"cite": ""}).status_code == 422
    half = admin.post(page, told | {"size_application": ""})
    assert (half.status_code, "Give both, or neither." in half.content.decode()) == (422, True)
    assert admin.post(page, told, follow=True).status_code == 200
    terms = schedule_of(ScheduleVersion.objects.get(title="Points in Prairie Fork")).on(KNOWN)
    assert [(cap.per, cap.level, cap.at_most, cap.blocks_of) for cap in terms.caps] == [
        ("day", "", 6, 0), ("school-year", "impact", 30, 0), ("blocks", "application", 10, 20),
    ]  # fmt: skip
    assert (terms.combine, terms.same_award, str(terms.lasts)) == ("highest", "forbid", "5 years")
    assert terms.needs == ("prior-approval", "knowledge-granted")
