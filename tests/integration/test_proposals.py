"""Micro-credentials of one's own: proposed, returned with findings, approved by a council, and earned under others' eyes."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from cairn.apps.assessment.models import Case
from cairn.apps.assessment.queries.conflicts import eligible
from cairn.apps.catalog.queries import Search, search
from cairn.apps.ledger.models import Fact
from cairn.apps.licensure import commands
from cairn.apps.licensure.models import Proposal, ProposalRound, ProposalVote
from cairn.apps.licensure.queries import proposals
from cairn.apps.people import commands as people
from cairn.apps.people.models import Affiliation
from cairn.apps.programs import commands as programs
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.site.jobs import JOBS
from cairn.site.worker import drain
from tests.recognizers_world import SOURCES, District
from tests.scoring_world import signed_in
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return District(votes_needed=4)


def test_s11_a_self_created_micro_credential_is_returned_with_findings_then_approved_four_to_one(district):
    """Two sources and no plan to share: two findings. The third source's link is dead: replaced. Approved 4-1; then, and not before, she
    begins, and nobody scores her who voted on it."""
    proposal = district.proposed(district.written(sources=SOURCES[:2], share=""))
    assert [each.component for each in proposals.findings_of(proposal.rounds.get())] == ["literature", "share"]
    with pytest.raises(Conflict, match="needs 3 sources; 2 are named"):
        district.vote(proposal, "approve")
    assert district.vote(proposal, *["return"] * 4).state == "returned"

    district.resent(proposal, district.written())
    commands.flag_source(actor=district.members[4], proposal_id=proposal.pk, source=2)
    with pytest.raises(Conflict, match="“Three” leads nowhere"):
        district.vote(proposal, "approve")
    district.resent(
        proposal, district.written(sources=(*SOURCES[:2], {"title": "Four", "url": "https://library.example/4", "adds": "New."}))
    )
    with pytest.raises(NotFound):
        programs.enroll(actor=district.teacher, offering_id=Proposal.objects.get(pk=proposal.pk).offering_id or "0" * 20)

    district.vote(proposal, "decline", "approve", "approve", "approve", "approve", words="It is too wide.")
    assert proposal.state == "approved"
    assert sorted(ProposalVote.objects.filter(round__number=3).values_list("vote", flat=True)) == ["approve"] * 4 + ["decline"]
    assert proposal.microcredential.origin == "self-created"
    assert search(SYSTEM, Search(words="Reading corners"), {}).total == 0, "it stands in no list"

    other = signed_in(district.person("Some Nair"))
    address = f"/catalog/{proposal.microcredential.slug}/"
    assert "/enroll/" in signed_in(district.teacher).get(address).content.decode()
    assert "/enroll/" not in other.get(address).content.decode()
    with pytest.raises(Forbidden, match="for themselves"):
        programs.enroll(actor=district.person("Other Nair"), offering_id=proposal.offering_id)
    run = programs.enroll(actor=district.teacher, offering_id=proposal.offering_id)
    assert run.microcredential_id == proposal.microcredential_id

    issuer = proposal.microcredential.issuer
    for member in district.members:
        district.grant(member.person_id, "assessor", issuer)
    outsiders = {district.person("Far Reader", assessor=issuer).person_id for _ in range(2)}
    case = Case(person_id=run.person_id, microcredential_id=run.microcredential_id, program_id=run.offering.program_id,
                organization_id=issuer.pk, issuer_id=issuer.pk, enrollment_id=run.pk)  # fmt: skip
    free = eligible(SYSTEM, case, "reader")
    assert set(free.persons) == outsiders
    trail = list(Fact.objects.filter(thread=proposal.pk).order_by("id").values_list("kind", flat=True))
    assert [kind for kind in trail if "voted" not in kind] == [
        "licensure.proposal_begun", "licensure.proposal_sent", "licensure.proposal_returned", "licensure.proposal_sent",
        "licensure.source_flagged", "licensure.proposal_sent", "licensure.proposal_approved",
    ]  # fmt: skip


def test_only_its_writer_changes_a_proposal_and_only_a_council_that_is_asked_reads_it(district):
    proposal = district.proposed()
    stranger = district.person("Stranger Stone")
    near = district.person("Near Pike", works_at=district.school, council_member=district.district)
    for who in (stranger, district.members[0]):
        with pytest.raises((NotFound, Forbidden)):
            commands.save_proposal(actor=who, proposal_id=proposal.pk, written=district.written(), revision=1)
    with pytest.raises(NotFound):
        commands.vote_on_proposal(actor=stranger, proposal_id=proposal.pk, vote="approve")
    with pytest.raises(Forbidden, match="same building"):
        commands.vote_on_proposal(actor=near, proposal_id=proposal.pk, vote="approve")
    own = district.proposed(actor=district.members[0])
    with pytest.raises(Forbidden, match="ask for themselves"):
        commands.vote_on_proposal(actor=district.members[0], proposal_id=own.pk, vote="approve")
    assert not ProposalVote.objects.visible_to(district.teacher).exists()


def test_a_proposal_that_is_settled_stays_as_it_was_sent(district):
    proposal = district.vote(district.proposed(), *["decline"] * 4, words="It is too wide.")
    assert (proposal.state, proposal.reason) == ("declined", "It is too wide.")
    for act in (commands.send_proposal, commands.withdraw_proposal):
        with pytest.raises(Conflict):
            act(actor=district.teacher, proposal_id=proposal.pk)
    with pytest.raises(Conflict, match="declined, so its words stay"):
        commands.save_proposal(actor=district.teacher, proposal_id=proposal.pk, written=district.written(), revision=proposal.revision)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProposalRound.objects.update(content={})


def test_what_is_written_in_two_windows_overwrites_nothing(district):
    proposal = district.proposed()
    with pytest.raises(Conflict, match="another window"):
        commands.save_proposal(actor=district.teacher, proposal_id=proposal.pk, written=district.written(share="Other."), revision=0)
    assert commands.send_proposal(actor=district.teacher, proposal_id=proposal.pk).number == 1, "sending the same again begins no round"
    crooked = district.written(sources=[{"title": "One", "url": "nowhere", "adds": ""}])
    with pytest.raises(Invalid, match="no address"):
        commands.save_proposal(actor=district.teacher, proposal_id=proposal.pk, written=crooked, revision=proposal.revision)


def test_a_proposal_that_waits_where_work_has_ended_goes_back_and_is_proposed_elsewhere_with_its_words(district):
    proposal = district.proposed()
    JOBS["return-claims"][1](SYSTEM)
    proposal.refresh_from_db()
    assert proposal.state == "submitted", "while the work lasts it waits"
    with pytest.raises(Forbidden):
        commands.return_left_plan(actor=district.teacher, proposal_id=proposal.pk)
    work = Affiliation.objects.get(person_id=district.teacher.person_id)
    people.end_affiliation(actor=SYSTEM, affiliation_id=work.pk, ended_on=date(2024, 1, 1))
    for _ in range(2):
        JOBS["return-claims"][1](SYSTEM)
    drain()
    proposal.refresh_from_db()
    assert (proposal.state, proposal.rounds.get().outcome) == ("returned", "returned")
    assert Fact.objects.filter(kind="licensure.proposal_returned").count() == 1
    with pytest.raises(NotFound):
        proposals.proposal(district.members[0], proposal.pk)
    mine = signed_in(district.teacher)
    way = f"/proposals/new/?from={proposal.pk}"
    assert way in mine.get(f"/proposals/{proposal.pk}/").content.decode()
    new = district.founded("ozark-unified", "Ozark Unified", "district", "us-tn")
    commands.set_recognizer(actor=SYSTEM, organization_id=new.pk)
    commands.adopt_schedule(actor=SYSTEM, organization_id=new.pk, effective=date(2015, 7, 1), slug="us/tn/schedules/pdp")
    district.person("New Neighbor", council_member=new)
    people.affiliate(
        actor=SYSTEM, person_id=district.teacher.person_id, organization_id=new.pk, title="Teacher", started_on=date(2024, 1, 2)
    )
    assert mine.post(way, {"title": "Reading corners", "organization": new.pk, "like_id": proposal.pk}).status_code == 302
    again = proposals.my_proposals(district.teacher).first()
    assert (again.organization_id, again.content) == (new.pk, proposal.content)
    stranger = district.person("A Stranger")
    with pytest.raises(NotFound):
        commands.begin_proposal(actor=stranger, organization_id=new.pk, title="Taken", like_id=proposal.pk)
