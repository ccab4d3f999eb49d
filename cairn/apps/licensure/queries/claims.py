"""Reading claims: one's own, those before a council, and the transcript of what was granted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from django.db.models import Q, QuerySet

from cairn.apps.comms.queries import Notice
from cairn.apps.credentials import queries as credentials
from cairn.apps.licensure import policy
from cairn.apps.licensure.models import Claim, ClaimVote, CreditAward, PriorApproval, Proposal, ProposalRound, ProposalVote, Recognizer
from cairn.apps.licensure.models.recognizers import decides_for
from cairn.apps.licensure.queries.answers import Said, said_of
from cairn.apps.licensure.queries.councils import Councils, Tally
from cairn.apps.licensure.queries.proposals import findings_of
from cairn.apps.licensure.queries.recognizers import approvals_waiting, today_of, works_for
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor, system
from cairn.kernel import clock
from cairn.kernel.errors import NotFound
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_date
from cairn.pure.proposals import Finding

_SYSTEM = system("licensure")
SETTLED = ("granted", "returned", "declined")


# --- Before the council ---------------------------------------------------------------------------------------------------


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
    ))  # fmt: skip
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
        len(things) - len(asked), *settled, tuple(approvals_waiting(viewer)),
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
    tally = council.tally(thing.person_id, thing.organization_id, {person: vote for person, (vote, _) in cast.items()})
    mine = cast.get(str(viewer.person_id), ("", ""))
    today = clock.today(people.zone_of(None))
    due = thing.due_on or date.max
    claim = thing if isinstance(thing, Claim) else None
    proposal = thing if isinstance(thing, Proposal) else None
    return Waiting(
        claim, proposal, said_of(claim.answer) if claim else None, findings_of(rounds[thing.pk]) if proposal else (), tally, *mine,
        due < today, (due - today).days <= 5,
    )  # fmt: skip


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


# --- One's own ------------------------------------------------------------------------------------------------------------


def my_claims(viewer: Actor) -> QuerySet[Claim]:
    """Those that are open first, then the latest."""
    rows = (
        Claim.objects.visible_to(viewer)
        .filter(person_id=viewer.person_id)
        .select_related("organization", "schedule", "credential__version__microcredential__stack", "rests_on")
    )
    return rows.order_by("-begun_at", "-pk")


@dataclass(frozen=True)
class ClaimPage:
    """A claim as its educator, or the council, reads it; `credit` where it was granted."""

    claim: Claim
    said: Said | None
    credit: CreditAward | None
    recognizer: Recognizer
    is_mine: bool
    is_unread: bool  # it waits for a council that sees it no more, since the claimant's work there has ended


def claim_page(viewer: Actor, claim_id: str) -> ClaimPage:
    rows = Claim.objects.visible_to(viewer).select_related(
        "person", "organization", "schedule", "credential__version__microcredential__stack", "rests_on", "joined_to"
    )
    found = rows.get_or_not_found(pk=claim_id)
    credit = CreditAward.objects.visible_to(viewer).filter(claim__in=[found.pk, found.joined_to_id or found.pk]).first()
    recognizer = Recognizer.objects.visible_to(viewer).get(organization_id=found.organization_id)
    said = said_of(found.answer) if found.answer else None
    has_left = found.is_at_work and not works_for(found.person_id, found.organization_id)
    return ClaimPage(found, said, credit, recognizer, found.person_id == viewer.person_id, found.state == "submitted" and has_left)


def my_claim(viewer: Actor, claim_id: str) -> ClaimPage:
    found = claim_page(viewer, claim_id)
    if not found.is_mine:
        raise NotFound("claim")
    return found


@dataclass(frozen=True)
class Claimable:
    """An award of the viewer's, with what they have claimed for it so far."""

    award: credentials.Earned
    claims: tuple[Claim, ...]


def claimable(viewer: Actor) -> tuple[Claimable, ...]:
    """Awards that stand, the latest first."""
    earned = [each for each in credentials.earned(_SYSTEM, str(viewer.person_id)) if each.revoked_at is None] if viewer.person_id else []
    mine: dict[str, list[Claim]] = {}
    for each in my_claims(viewer).exclude(credential=None).exclude(state="withdrawn"):
        mine.setdefault(str(each.credential_id), []).append(each)
    return tuple(Claimable(each, tuple(mine.get(each.id, ()))) for each in reversed(earned))


def claimable_award(viewer: Actor, credential_id: str) -> Claimable:
    found = next((each for each in claimable(viewer) if each.award.id == credential_id), None)
    if found is None:
        raise NotFound("credential")
    return found


def to_build_on(viewer: Actor) -> list[Claim]:
    """Granted claims at a level, on which a further level may rest."""
    return list(my_claims(viewer).filter(state="granted", credential=None).exclude(level=""))


# --- The transcript -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Transcript:
    """What one recognizer gave in one unit, line by line, and the sum of what counts."""

    recognizer: str
    unit: str
    lines: tuple[CreditAward, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.stopped_at is None), Decimal(0))

    def by(self, name: str) -> dict[str, Decimal]:
        """Sums by "level" or "bucket"."""
        sums: dict[str, Decimal] = {}
        for line in self.lines:
            if line.stopped_at is None and (value := getattr(line, name)):
                sums[value] = sums.get(value, Decimal(0)) + line.amount
        return sums


def transcripts(viewer: Actor) -> tuple[Transcript, ...]:
    """Everything that was granted to the viewer, by recognizer and unit; the latest line first."""
    rows = CreditAward.objects.visible_to(viewer).filter(person_id=viewer.person_id)
    groups: dict[tuple[str, str], list[CreditAward]] = {}
    for row in rows.select_related("organization", "claim__schedule").order_by("-done_on", "-granted_at"):
        groups.setdefault((row.organization.name, row.unit), []).append(row)
    return tuple(Transcript(name, unit, tuple(lines)) for (name, unit), lines in sorted(groups.items()))


def credit(viewer: Actor, claim_id: str) -> CreditAward:
    """Of a claim of the viewer's own: for its certificate."""
    rows = CreditAward.objects.visible_to(viewer).filter(person_id=viewer.person_id, stopped_at=None)
    return rows.select_related("organization", "person", "claim__schedule").get_or_not_found(claim_id=claim_id)


def expires_soon(row: CreditAward) -> bool:
    today = today_of(row.organization_id)
    return row.lasts_until is not None and 0 <= (row.lasts_until - today).days <= 180


# --- Letters --------------------------------------------------------------------------------------------------------------


def claim_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the claimant: outcome, reason and citation."""
    found = Claim.objects.visible_to(viewer).filter(Q(pk=fact.thread)).select_related("person", "organization").get()
    recognizer = Recognizer.objects.visible_to(viewer).get(organization_id=found.organization_id)
    said = said_of(found.answer)
    words = {
        "title": found.title, "organization": found.organization.name, "state": found.state, "reason": found.reason, "cites": said.cites,
        "appeal": recognizer.appeal if found.state == "declined" else "", "path": f"/license/claims/{found.pk}/",
        "amount": fact.data.get("amount", ""), "unit": fact.data.get("unit", ""),
        "rule": " ".join(words for words, _ in said.reasons),
    }  # fmt: skip
    return (Notice(fact.kind, found.person_id, found.person.name, found.person.email, words),)


def claimed_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the members who are asked about it, without the claimant's name: who claims what is read at the desk."""
    found = Claim.objects.visible_to(viewer).select_related("organization").get(pk=fact.subject_id)
    if found.state != "submitted":
        return ()
    asked = Councils([found.organization_id], [found.person_id]).asked_about(found.person_id, found.organization_id)
    words = {"title": found.title, "organization": found.organization.name, "due": long_date(found.due_on) if found.due_on else "",
             "path": "/claims/"}  # fmt: skip
    members = people.persons(viewer).filter(pk__in=asked)
    return tuple(Notice(fact.kind, each.pk, each.name, each.email, words) for each in members)


def approval_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    asked = PriorApproval.objects.visible_to(viewer).select_related("person", "organization").get(pk=fact.subject_id)
    words = {"title": asked.title, "organization": asked.organization.name, "is_approved": asked.state == "approved", "words": asked.words,
             "path": "/license/claims/"}  # fmt: skip
    return (Notice(fact.kind, asked.person_id, asked.person.name, asked.person.email, words),)
