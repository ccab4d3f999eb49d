"""Claiming recognition, answering claims, and what follows from awards, work and money. Not here: what a schedule says (pure.rules)."""

from cairn.apps.licensure.commands.claims.answering import post_credit, vote_on_claim, waive_fee
from cairn.apps.licensure.commands.claims.asking import Ask, Done, change_draft, claim, remove_paper, send_claim, withdraw_claim
from cairn.apps.licensure.commands.claims.following import follow_award, return_left

__all__ = [
    "Ask",
    "Done",
    "change_draft",
    "claim",
    "follow_award",
    "post_credit",
    "remove_paper",
    "return_left",
    "send_claim",
    "vote_on_claim",
    "waive_fee",
    "withdraw_claim",
]
