"""A council's desk: what waits for its votes, which fees are open, what it has answered. Not here: one's own claims (own)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import Prefetch, QuerySet

from cairn.apps.licensure import policy
from cairn.apps.licensure.models import (
    Claim,
    ClaimPaper,
    ClaimVote,
    PriorApproval,
    Proposal,
    ProposalRound,
    ProposalVote,
    Recognizer,
)
from cairn.apps.licensure.models.recognizers import decides_for
from cairn.apps.licensure.queries.answers import Said, said_of
from cairn.apps.licensure.queries.councils import Councils, Tally
from cairn.apps.licensure.queries.proposals import findings_of
from cairn.apps.licensure.queries.recognizers import approvals_waiting, left_there
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import NotFound
from cairn.pure.proposals import Finding

SETTLED = ("granted", "approved", "returned", "declined")
PAPERS = Prefetch("papers", ClaimPaper.objects.defer("content").order_by("added_at", "pk"))  # without their bytes


@dataclass(frozen=True)
class Waiting:
    """A claim or a proposal as a member of the council meets it: what the rule says, how far the votes are, and one's own."""

    claim: Claim | None
    proposal: Proposal | None
    said: Said | None
    findings: tuple[Finding, ...]
    tally: Tally
    my_vote: str
    my_words: str
    is_late: bool
    is_soon: bool

    @property
    def thing(self) -> Claim | Proposal:
        found = self.claim or self.proposal
        assert found is not None
        return found


@dataclass(frozen=True)
class Desk:
    """A council's desk. `answered_in`: days to the answers of the last year, their middle; `n` of them."""

    recognizers: tuple[Recognizer, ...]
    waiting: tuple[Waiting, ...]
    others: int
    answered_in: float | None
    n: int
    returned: int
    came_back: int
    approvals: tuple[PriorApproval, ...]
    fees: tuple[Claim, ...]  # approved; given once their fee is paid or waived

    @property
    def mine(self) -> tuple[Waiting, ...]:
        """Those that still want the viewer's vote."""
        return tuple(each for each in self.waiting if not each.my_vote)

    @property
    def total(self) -> int:
        """Everything before the council, what the viewer is not asked about as well."""
        return len(self.waiting) + self.others

    @property
    def next_due(self) -> Waiting | None:
        return next(iter(self.mine), None)


def desk(viewer: Actor) -> Desk:
    """What waits before the councils that the viewer sits on, the earliest due first: the same number of queries however much it is."""
    own = decides_for(viewer)
    if not own:
        raise NotFound("page")
    before = {"organization_id__in": own, "state": "submitted"}
    claims = list(Claim.objects.visible_to(viewer).filter(**before).select_related(
        "person", "organization", "schedule", "credential__version__microcredential__stack", "rests_on", "approval"
    ).prefetch_related(PAPERS))  # fmt: skip
    proposals = list(Proposal.objects.visible_to(viewer).filter(**before).select_related("person", "organization"))
    things: list[Claim | Proposal] = [*claims, *proposals]
    council = Councils(own, {each.person_id for each in things})
    rounds: dict[str, ProposalRound] = {}
    for row in ProposalRound.objects.filter(proposal__in=proposals).order_by("number"):
        rounds[row.proposal_id] = row
    votes = ClaimVote.objects.filter(claim__in=claims, is_past=False)
    cast = _cast(votes.values_list("claim_id", "person_id", "vote", "words"))
    on_plans = ProposalVote.objects.filter(round__in=[row.pk for row in rounds.values()])
    cast |= _cast(on_plans.values_list("round__proposal_id", "person_id", "vote", "words"))
    asked = [each for each in things if viewer.person_id in council.asked_about(each.person_id, each.organization_id)]
    lines = sorted((_waiting(viewer, each, council, cast.get(each.pk, {}), rounds) for each in asked), key=lambda each: (
        each.thing.due_on or date.max, each.thing.pk))  # fmt: skip
    settled = _settled(viewer, own)
    return Desk(
        tuple(council.recognizers[one] for one in sorted(own & set(council.recognizers))), tuple(lines),
        len(things) - len(asked), *settled, tuple(approvals_waiting(viewer)), tuple(fees(viewer)),
    )  # fmt: skip


Cast = dict[str, dict[str, tuple[str, str]]]


def _cast(rows: Iterable[tuple[str, str, str, str]]) -> Cast:
    """Of each claim or proposal: person -> vote and words."""
    found: Cast = {}
    for thing, person, vote, words in rows:
        found.setdefault(thing, {})[person] = (vote, words)
    return found


def _waiting(
    viewer: Actor, thing: Claim | Proposal, council: Councils, cast: dict[str, tuple[str, str]], rounds: dict[str, ProposalRound]
) -> Waiting:
    mine = cast.get(str(viewer.person_id), ("", ""))
    today = clock.today(people.zone_of(None))
    due = thing.due_on or date.max
    claim = thing if isinstance(thing, Claim) else None
    proposal = thing if isinstance(thing, Proposal) else None
    return Waiting(
        claim, proposal, said_of(claim.answer) if claim else None, findings_of(rounds[thing.pk]) if proposal else (),
        _tally(thing, council, cast), *mine,
        due < today, (due - today).days <= 5,
    )  # fmt: skip


def _tally(thing: Claim | Proposal, council: Councils, cast: dict[str, tuple[str, str]]) -> Tally:
    return council.tally(thing.person_id, thing.organization_id, {person: vote for person, (vote, _) in cast.items()})


def waiting(viewer: Actor, thing_id: str) -> Waiting:
    """One of them. Where the viewer may not vote on it, the refusal says why."""
    found = next((each for each in desk(viewer).waiting if each.thing.pk == thing_id), None)
    if found is not None:
        return found
    claim = Claim.objects.visible_to(viewer).filter(pk=thing_id).first()
    if claim is not None:
        policy.VOTE_ON_CLAIM.require(viewer, claim)
    policy.VOTE_ON_PROPOSAL.require(viewer, Proposal.objects.visible_to(viewer).get_or_not_found(pk=thing_id))
    raise NotFound("claim that waits for you")


def _settled(viewer: Actor, own: Iterable[str]) -> tuple[float | None, int, int, int]:
    """Of the last year: middle days to an answer, how many were answered, returned, and granted after they had come back."""
    rows = Claim.objects.visible_to(viewer).filter(organization_id__in=own, state__in=SETTLED, settled_at__gte=_year_ago())
    told = list(rows.values_list("pk", "state", "submitted_at", "settled_at"))
    back = set(ClaimVote.objects.filter(claim__in=[row[0] for row in told], is_past=True).values_list("claim_id", flat=True))
    days = [(settled - sent).total_seconds() / 86400 for _, _, sent, settled in told if sent and settled]
    returned = {pk for pk, state, _, _ in told if state == "returned"} | back
    came = sum(state == "granted" and pk in back for pk, state, _, _ in told)
    return (median(days) if days else None), len(told), len(returned), came


def _year_ago() -> date:
    today = clock.now()
    return today.replace(year=today.year - 1, day=min(today.day, 28))


def settled(viewer: Actor) -> QuerySet[Claim]:
    """What the viewer's councils have answered, the latest first."""
    rows = Claim.objects.visible_to(viewer).filter(organization_id__in=decides_for(viewer), state__in=SETTLED)
    return rows.exclude(person_id=viewer.person_id).select_related("person", "organization").order_by("-settled_at", "-pk")


def fees(viewer: Actor) -> QuerySet[Claim]:
    """What the viewer's organizations approved for a fee and have not given yet, the oldest first."""
    rows = Claim.objects.visible_to(viewer).filter(organization_id__in=decides_for(viewer), state="approved")
    return rows.exclude(person_id=viewer.person_id).select_related("person", "organization", "order").order_by("settled_at", "pk")


def to_count(viewer: Actor) -> tuple[list[str], list[str]]:
    """Claims and proposals that the votes which are in settle by now: fewer must agree since they were cast, or fewer are asked."""
    claims = list(Claim.objects.visible_to(viewer).filter(state="submitted", votes__is_past=False).distinct())
    plans = list(Proposal.objects.visible_to(viewer).filter(state="submitted", rounds__votes__isnull=False).distinct())
    found = {pk for pk, tally in tallies(claims, plans).items() if tally.verdict}
    return [each.pk for each in claims if each.pk in found], [each.pk for each in plans if each.pk in found]


def number_for_nobody(viewer: Actor, organization_id: str) -> int:
    """How much waits before a council of which no member is free to answer it; for its admins, who may name another."""
    if not policy.SET_RECOGNIZER.allows(viewer, organization_id):
        return 0
    waiting = {"organization_id": organization_id, "state": "submitted"}
    found = tallies(list(Claim.objects.filter(**waiting)), list(Proposal.objects.filter(**waiting)))
    return sum(tally.is_for_nobody for tally in found.values())


def tallies(claims: Collection[Claim], plans: Collection[Proposal] = ()) -> dict[str, Tally]:
    """Of each of what waits, how far its votes are."""
    rounds = {row.proposal_id: row.pk for row in ProposalRound.objects.filter(proposal__in=plans).order_by("number")}
    cast = _cast(ClaimVote.objects.filter(claim__in=claims, is_past=False).values_list("claim_id", "person_id", "vote", "words"))
    on_plans = ProposalVote.objects.filter(round__in=rounds.values())
    cast |= _cast(on_plans.values_list("round__proposal_id", "person_id", "vote", "words"))
    things: list[Claim | Proposal] = [*claims, *plans]
    council = Councils({each.organization_id for each in things}, {each.person_id for each in things})
    return {each.pk: _tally(each, council, cast.get(each.pk, {})) for each in things}


def left_behind(viewer: Actor) -> list[str]:
    """Claims that wait where their educators work no more."""
    return left_there(Claim.objects.visible_to(viewer).filter(state__in=["submitted", "waiting"]))
