"""One's own claims, by what is next; one claim as its educator or the council reads it; awards to claim for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from cairn.apps.credentials import queries as credentials
from cairn.apps.licensure import policy
from cairn.apps.licensure.models import Claim, ClaimPaper, CreditAward, Recognizer
from cairn.apps.licensure.queries.answers import Said, said_of
from cairn.apps.licensure.queries.claims.desks import PAPERS, tallies
from cairn.apps.licensure.queries.recognizers import works_for
from cairn.frame.actor import Actor, system
from cairn.kernel.errors import NotFound

_SYSTEM = system("licensure")
OPEN = ("drafted", "waiting", "submitted", "returned", "approved")
_AROUND = ("organization", "schedule", "credential__version__microcredential__stack", "rests_on", "order")


def my_claims(viewer: Actor) -> QuerySet[Claim]:
    """The latest first; a draft that was discarded is gone."""
    rows = Claim.objects.visible_to(viewer).filter(person_id=viewer.person_id).exclude(state="withdrawn", submitted_at=None)
    return rows.select_related(*_AROUND).order_by("-begun_at", "-pk")


@dataclass(frozen=True)
class MyClaims:
    """By what is next: what wants something from the educator, drafts, what others read, and what is decided."""

    wanted: tuple[Claim, ...]
    drafts: tuple[Claim, ...]
    waiting: tuple[Claim, ...]
    decided: QuerySet[Claim]


def my_groups(viewer: Actor) -> MyClaims:
    rows = my_claims(viewer)
    open_ones = list(rows.filter(state__in=OPEN))
    wanted = [each for each in open_ones if each.state == "returned" or (each.state == "approved" and not each.is_fee_settled)]
    drafts = [each for each in open_ones if each.state == "drafted"]
    others = [each for each in open_ones if each not in wanted and each not in drafts]
    return MyClaims(tuple(wanted), tuple(drafts), tuple(others), rows.exclude(state__in=OPEN))


@dataclass(frozen=True)
class ClaimPage:
    """A claim as its educator, or the council, reads it; `credit` where it was granted."""

    claim: Claim
    said: Said | None
    credit: CreditAward | None
    recognizer: Recognizer
    is_mine: bool
    has_left: bool  # the claimant's work there has ended, so its council sees it no more
    papers: tuple[ClaimPaper, ...]
    is_for_nobody: bool  # no member of the council is free to answer it


def claim_page(viewer: Actor, claim_id: str) -> ClaimPage:
    rows = Claim.objects.visible_to(viewer).select_related("person", "joined_to", *_AROUND).prefetch_related(PAPERS)
    found = rows.get_or_not_found(pk=claim_id)
    credit = CreditAward.objects.visible_to(viewer).filter(claim__in=[found.pk, found.joined_to_id or found.pk]).first()
    recognizer = Recognizer.objects.visible_to(viewer).get(organization_id=found.organization_id)
    said = said_of(found.answer) if found.answer else None
    has_left = found.is_at_work and not works_for(found.person_id, found.organization_id)
    papers = tuple(found.papers.all()) if _may_see_papers(viewer, found) else ()
    is_for_nobody = found.state == "submitted" and tallies([found])[found.pk].is_for_nobody
    return ClaimPage(found, said, credit, recognizer, found.person_id == viewer.person_id, has_left, papers, is_for_nobody)


def _may_see_papers(viewer: Actor, found: Claim) -> bool:
    """The educator, and who of those that see the claim is asked about it."""
    return found.person_id == viewer.person_id or not policy.share_building(str(viewer.person_id), found.person_id, found.organization_id)


def paper(viewer: Actor, paper_id: str) -> ClaimPaper:
    found = ClaimPaper.objects.visible_to(viewer).select_related("claim").get_or_not_found(pk=paper_id)
    if not _may_see_papers(viewer, found.claim):
        raise NotFound("paper")
    return found


def my_papers(viewer: Actor) -> QuerySet[ClaimPaper]:
    """Every one, with its bytes: for an educator's export."""
    rows = ClaimPaper.objects.visible_to(viewer).filter(claim__person_id=viewer.person_id)
    return rows.select_related("claim").order_by("added_at", "pk")


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


def offered_again(viewer: Actor, claim_id: str) -> Claim | None:
    """A claim of the viewer's own from which another may take what was written."""
    return my_claims(viewer).filter(pk=claim_id).first() if claim_id else None
