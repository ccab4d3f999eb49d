"""Reading claims: one's own, those before a council, what was granted, and letters about them."""

from cairn.apps.licensure.queries.claims.desks import Desk, Waiting, desk, fees, left_behind, number_for_nobody, settled, to_count, waiting
from cairn.apps.licensure.queries.claims.given import Transcript, credit, expires_soon, transcripts
from cairn.apps.licensure.queries.claims.letters import approval_notice, claim_notice, claimed_notice, fee_paid_notice
from cairn.apps.licensure.queries.claims.own import (
    Claimable,
    ClaimPage,
    MyClaims,
    claim_page,
    claimable,
    claimable_award,
    my_claim,
    my_claims,
    my_groups,
    my_papers,
    offered_again,
    paper,
    to_build_on,
)

__all__ = [
    "ClaimPage",
    "Claimable",
    "Desk",
    "MyClaims",
    "Transcript",
    "Waiting",
    "approval_notice",
    "claim_notice",
    "claim_page",
    "claimable",
    "claimable_award",
    "claimed_notice",
    "credit",
    "desk",
    "expires_soon",
    "fee_paid_notice",
    "fees",
    "left_behind",
    "my_claim",
    "my_claims",
    "my_groups",
    "my_papers",
    "number_for_nobody",
    "offered_again",
    "paper",
    "settled",
    "to_build_on",
    "to_count",
    "transcripts",
    "waiting",
]
