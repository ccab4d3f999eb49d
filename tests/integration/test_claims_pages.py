"""Pages of claims: the council's desk, an educator's claims and points, an organization's rule, proposals."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cairn.apps.licensure.models import Claim, PriorApproval, Proposal, Recognizer, ScheduleVersion
from tests.integration.test_claims import workshop
from tests.recognizers_world import ENOUGH, District, today
from tests.scoring_world import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    made = District(votes_needed=2)
    made.rule = made.adopt()
    return made


def before_council(district, titles=("Reading workshop",)):
    """Claims that wait, each of what was approved beforehand."""
    claims = []
    for title in titles:
        district.approved(title, date(2023, 1, 9))
        claims.append(district.claimed(district.rule, today(), done=workshop(title=title), level="knowledge"))
    return claims


def test_a_council_votes_at_its_desk_and_the_claimant_reads_the_outcome_with_its_clause(district):
    (claim,) = before_council(district)
    first, second = (signed_in(member) for member in district.members[:2])
    page = first.get("/claims/").content.decode()
    assert "One waits for your vote" in page
    assert "K.A.R." in page
    assert "5 still to vote" in page
    assert first.post(f"/claims/{claim.pk}/vote/", {"vote": ""}).status_code == 422
    back = first.post(f"/claims/{claim.pk}/vote/", {"vote": "return", "words": ""})
    assert (back.status_code, "Write your question" in back.content.decode()) == (422, True)
    for client in (first, second):
        assert client.post(f"/claims/{claim.pk}/vote/", {"vote": "grant", "words": ""}, follow=True).status_code == 200
    assert "Granted" in first.get("/claims/settled/").content.decode()
    mine = signed_in(district.teacher)
    page = mine.get(f"/license/claims/{claim.pk}/").content.decode()
    assert "Granted: 10 points" in page
    assert "Pike" not in page, "the claimant never reads who voted"
    assert "10 points" in mine.get("/license/points/").content.decode()
    assert mine.get("/license/points.csv").content.decode("utf-8-sig").splitlines()[1].startswith("Prairie Fork Unified,Reading workshop")
    for paper in ("/license/points.pdf", f"/license/claims/{claim.pk}/certificate.pdf"):
        assert mine.get(paper).content.startswith(b"%PDF")
    stranger = signed_in(district.person("Stranger Stone"))
    for path in ("/claims/", "/claims/settled/", f"/claims/{claim.pk}/", f"/license/claims/{claim.pk}/certificate.pdf"):
        assert stranger.get(path).status_code == (200 if path == "/claims/settled/" else 404), path


def test_an_educator_asks_beforehand_claims_once_and_takes_back(district):
    mine, member = signed_in(district.teacher), signed_in(district.members[0])
    body = district.district.pk
    assert mine.post("/license/claims/beforehand/", {"organization": body, "title": ""}).status_code == 422
    mine.post("/license/claims/beforehand/", {"organization": body, "title": "Reading workshop", "why": "My goal."})
    asked = PriorApproval.objects.get()
    assert "Reading workshop" in member.get("/claims/").content.decode()
    assert member.post(f"/claims/beforehand/{asked.pk}/", {"answer": "no"}).status_code == 422
    member.post(f"/claims/beforehand/{asked.pk}/", {"answer": "yes"})
    assert "It will count" in mine.get("/license/claims/").content.decode()

    told = {"title": "Reading workshop", "done_on": today().isoformat(), "kind": "hours", "hours": "10", "days": "1",
            "purpose": "renewal", "evidence": "A log."}  # fmt: skip
    nobody = mine.post("/license/claims/new/", told)
    assert (nobody.status_code, "Choose who should recognize it" in nobody.content.decode()) == (422, True)
    assert "A log." in nobody.content.decode(), "nothing typed is lost"
    key = district.rule.pk
    sent = mine.post("/license/claims/new/", told | {f"take_{key}": "on", f"level_{key}": "knowledge", f"bucket_{key}": "individual"})
    assert sent.status_code == 302, sent.content.decode()
    claim = Claim.objects.get()
    assert (claim.state, claim.bucket, claim.answer["amount"]) == ("submitted", "individual", "10")
    mine.post(f"/license/claims/{claim.pk}/withdraw/")
    claim.refresh_from_db()
    assert claim.state == "withdrawn"


def test_ceus_and_quarter_hours_are_claimed_in_their_own_unit_and_a_unit_that_is_not_taken_is_refused(district):
    """Tennessee gives 5 points for a CEU and 10 for a semester hour; two quarter hours are 4/3 of one, so 13.33."""
    _, rule = district.recognizer("ridge", "Ridge Education Service", "service-agency", "", "us/tn/schedules/pdp")
    mine = signed_in(district.teacher)
    page = mine.get("/license/claims/new/").content.decode()
    assert 'value="hours:ceu"' in page
    assert "Takes a micro-credential earned elsewhere" in page or "Takes semester hours" in page
    told = {"done_on": today().isoformat(), "days": "1", "purpose": "renewal", f"take_{rule.pk}": "on"}
    for title, kind, quantity, amount in (("Two CEUs", "hours:ceu", "2", "10"), ("A course", "credit:quarter-hour", "2", "13.33")):
        lacking = mine.post("/license/claims/new/", told | {"title": title, "kind": kind})
        assert (lacking.status_code, "Say how many." in lacking.content.decode()) == (422, True)
        # Hours beside it change nothing: the rule counts what the claim is measured in.
        assert (
            mine.post("/license/claims/new/", told | {"title": title, "kind": kind, "quantity": quantity, "hours": "20"}).status_code == 302
        )
        claim = Claim.objects.get(title=title)
        assert (claim.answer["amount"], claim.state) == (amount, "submitted")
        assert mine.get(f"/license/claims/{claim.pk}/").status_code == 200
    draft = told | {"title": "A draft", "kind": "hours:ceu", "quantity": "0.5", "act": "draft"}
    mine.post("/license/claims/new/", draft)
    kept = Claim.objects.get(title="A draft")
    assert 'value="hours:ceu" selected' in mine.get(f"/license/claims/{kept.pk}/").content.decode()
    wrong = mine.post("/license/claims/new/", told | {"title": "Plain hours", "kind": "hours", "hours": "6"})
    assert (wrong.status_code, Claim.objects.filter(title="Plain hours").exists()) == (422, False)
    assert "Plain hours" in wrong.content.decode()
    read = mine.get(f"/org/ridge/recognition/{rule.pk}/").content.decode()
    assert "Each CEU gives 5" in read


def test_the_desk_asks_the_database_the_same_number_of_questions_however_much_waits(district):
    member = signed_in(district.members[0])
    before_council(district)
    member.get("/claims/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        member.get("/claims/")
    before_council(district, [f"Workshop {n}" for n in range(5)])
    with CaptureQueriesContext(connection) as many:
        member.get("/claims/")
    assert len(many) == len(few)


def test_an_admin_says_what_their_organization_gives_and_others_read_it(district):
    admin, anybody = signed_in(district.admin), signed_in(district.teacher)
    root = f"/org/{district.district.slug}/recognition/"
    assert "Each clock hour gives 1 point" in anybody.get(root).content.decode()
    assert "Adopt it" not in anybody.get(root).content.decode()
    settings = {"body": "council", "called": "Our council", "votes_needed": "3", "answer_days": "10", "appeal": "The board.",
                "meets_at": "2026-12-03T16:15", "meets_where": "Library"}  # fmt: skip
    assert admin.post(f"{root}settings/", settings | {"votes_needed": "99"}).status_code == 422
    assert admin.post(f"{root}settings/", settings).status_code == 302
    assert Recognizer.objects.get().votes_needed == 3
    assert anybody.post(f"{root}settings/", settings).status_code == 422
    bad = admin.post(f"{root}adopt/", {"text": "schedule: us/ks/schedules/ours\nunit: dollar\n", "effective": "2026-01-01"})
    assert (bad.status_code, "unit: dollar" in bad.content.decode()) == (422, True)
    assert admin.post(f"{root}adopt/", {"slug": "us/ks/schedules/usd-437-type", "effective": "2026-01-01"}).status_code == 302
    version = ScheduleVersion.objects.get(slug="us/ks/schedules/usd-437-type")
    assert "within 3 years of the knowledge" in anybody.get(f"{root}{version.pk}/").content.decode()
    assert admin.post(f"{root}{version.pk}/end/", {"ended_on": "2020-01-01"}).status_code == 422
    assert admin.post(f"{root}{version.pk}/end/", {"ended_on": "2027-01-01"}).status_code == 302


def test_a_proposal_is_written_checked_sent_and_read_by_the_council(district):
    district.template  # noqa: B018
    mine, member = signed_in(district.teacher), signed_in(district.members[0])
    assert "Begin a proposal" in mine.get("/proposals/").content.decode()
    mine.post("/proposals/new/", {"title": "Reading corners", "organization": district.district.pk})
    proposal = Proposal.objects.get()
    path = f"/proposals/{proposal.pk}/"
    assert member.get(path).status_code == 404
    asked = ("rationale", "hypothesis", "goals", "literature", "implementation", "impact", "results")
    told = {"title": "Reading corners", "revision": "0"} | dict.fromkeys(asked, ENOUGH)
    told |= {f"source_{n}_title": f"Source {n}" for n in range(2)}
    assert "no address" in mine.post(path, told | {"source_0_url": "nowhere"}).content.decode()
    assert mine.post(path, told).status_code == 302
    assert "Two things are not there yet" in mine.get(path).content.decode()
    assert mine.post(path, told | {"title": "Other"}).status_code == 422, "another window was first"
    mine.post(f"{path}send/")
    page = member.get("/claims/").content.decode()
    assert "Literature review needs 3 sources; 2 are named" in page
    assert "Approve the plan" not in page
    assert "Source 1" in member.get(path).content.decode()
    member.post(f"{path}source/1/")
    assert "Leads nowhere" in member.get(path).content.decode()
    for who in (member, signed_in(district.members[1])):
        who.post(f"{path}vote/", {"vote": "return", "words": "Two more, please."})
    page = mine.get(path).content.decode()
    assert "Two more, please." in page
    assert "Version 1: came back" in page
