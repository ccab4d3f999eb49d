"""Reading proposals: one's own, and those before a council. Not here: what they must hold (pure.proposals)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from cairn.apps.comms.queries import Notice
from cairn.apps.licensure import policy
from cairn.apps.licensure.models import Proposal, ProposalRound, ProposalVote
from cairn.apps.licensure.queries.recognizers import left_there, works_for
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.kernel.facts import Recorded
from cairn.pure import proposals
from cairn.pure.clocks import long_date
from cairn.pure.proposals import Finding, Template


@cache
def templates() -> Mapping[str, Template]:
    """By slug, as they are shipped."""
    read = [proposals.read(path.read_text(encoding="utf-8")) for path in sorted(Path(settings.PROPOSALS_DIR).glob("*.yaml"))]
    return {template.slug: template for template in read}


def template(slug: str) -> Template:
    found = templates().get(slug)
    if found is None:
        raise NotFound("template")
    return found


def my_proposals(viewer: Actor) -> QuerySet[Proposal]:
    """The latest first."""
    mine = Proposal.objects.visible_to(viewer).filter(person_id=viewer.person_id)
    return mine.select_related("organization", "microcredential", "offering").order_by("-begun_at")


@dataclass(frozen=True)
class ProposalPage:
    """A proposal with its trail. `findings` are those of the words as they stand; `rounds` what was sent, the latest first."""

    proposal: Proposal
    template: Template
    findings: tuple[Finding, ...]
    rounds: tuple[ProposalRound, ...]
    is_mine: bool
    has_left: bool  # the educator's work there has ended, so its council sees it no more
    may_vote: bool
    my_vote: ProposalVote | None

    @property
    def last(self) -> ProposalRound | None:
        return self.rounds[0] if self.rounds else None


def proposal(viewer: Actor, proposal_id: str) -> ProposalPage:
    found = Proposal.objects.visible_to(viewer).select_related("person", "organization", "microcredential", "offering")
    row = found.get_or_not_found(pk=proposal_id)
    kept = template(row.template)
    rounds = tuple(ProposalRound.objects.visible_to(viewer).filter(proposal=row).order_by("-number"))
    votes = ProposalVote.objects.visible_to(viewer).filter(round=rounds[0], person_id=viewer.person_id) if rounds else None
    is_mine = row.person_id == viewer.person_id
    return ProposalPage(
        row, kept, proposals.findings(kept, row.content) if is_mine else (), rounds, is_mine,
        row.is_at_work and not works_for(row.person_id, row.organization_id), policy.VOTE_ON_PROPOSAL.allows(viewer, row),
        votes.first() if votes is not None else None,
    )  # fmt: skip


def to_look_at(viewer: Actor, before: datetime, most: int) -> list[ProposalRound]:
    """Of proposals that wait for a council, what was sent last and not looked at since; the longest ago first."""
    latest = ProposalRound.objects.filter(proposal=OuterRef("proposal")).order_by("-number").values("pk")[:1]
    rows = ProposalRound.objects.visible_to(viewer).filter(proposal__state="submitted", pk=Subquery(latest))
    return list(rows.filter(Q(looked_at=None) | Q(looked_at__lt=before)).order_by(F("looked_at").asc(nulls_first=True), "pk")[:most])


def plans_left_behind(viewer: Actor) -> list[str]:
    """Proposals that wait where their educators work no more."""
    return left_there(Proposal.objects.visible_to(viewer).filter(state="submitted"))


def proposal_by_id(viewer: Actor, proposal_id: str) -> Proposal:
    return Proposal.objects.visible_to(viewer).get_or_not_found(pk=proposal_id)


def findings_of(row: ProposalRound) -> tuple[Finding, ...]:
    return tuple(Finding(**each) for each in row.findings)


def proposal_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the educator, of what the council said."""
    row = Proposal.objects.visible_to(viewer).select_related("person", "organization").get(pk=fact.subject_id)
    last = row.rounds.order_by("-number").first()
    words: dict[str, Any] = {
        "title": row.title, "organization": row.organization.name, "state": row.state, "reason": row.reason,
        "path": f"/proposals/{row.pk}/", "findings": [each.words for each in findings_of(last)] if last else [],
    }  # fmt: skip
    return (Notice(fact.kind, row.person_id, row.person.name, row.person.email, words),)


def due_words(day: date | None) -> str:
    return long_date(day) if day else ""
