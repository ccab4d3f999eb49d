"""Micro-credentials of one's own: proposed, returned with findings, approved by a council, and earned under others' eyes."""

from __future__ import annotations

import pytest

from cairn.apps.assessment.models import Case
from cairn.apps.assessment.queries.conflicts import eligible
from cairn.apps.catalog.queries import Search, search
from cairn.apps.ledger.models import Fact
from cairn.apps.licensure import commands
from cairn.apps.licensure.models import Proposal, ProposalVote
from cairn.apps.licensure.queries import proposals
from cairn.apps.programs import commands as programs
from cairn.kernel.errors import Conflict, Forbidden, NotFound
from tests.recognizers_world import SOURCES, District
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


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
