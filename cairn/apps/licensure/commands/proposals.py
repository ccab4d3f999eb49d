"""Designing a micro-credential of one's own: writing it, sending it to a council, its votes, and what it becomes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cairn.apps.assessment import steps as assessment
from cairn.apps.catalog import queries as catalog_queries
from cairn.apps.catalog import steps as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import Proposal, ProposalRound, ProposalVote, Recognizer
from cairn.apps.licensure.queries.councils import Councils, answer_due, reason_of
from cairn.apps.licensure.queries.proposals import findings_of, template, templates
from cairn.apps.licensure.queries.recognizers import today_of, works_for
from cairn.apps.licensure.states import PROPOSAL, PROPOSAL_VOTES
from cairn.apps.programs import steps as programs
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.text import clean
from cairn.pure import proposals
from cairn.pure.proposals import Finding

TITLE, TEXT, SOURCE, WORDS, SOURCES = 120, 8_000, 500, 2_000, 30


@dataclass(frozen=True)
class Written:
    """What a proposal says: answers by question, and sources each with title, url and what it adds."""

    title: str
    answers: Mapping[str, str] = field(default_factory=dict)
    sources: Sequence[Mapping[str, str]] = ()


@command
def begin_proposal(*, actor: Actor, organization_id: str, title: str, slug: str = "six-components", like_id: str = "") -> Proposal:
    """Begin a plan to put before the council of an organization; `like_id`: one of one's own whose words come along."""
    policy.PROPOSE.require(actor, None)
    recognizer = Recognizer.objects.visible_to(actor).get_or_not_found(organization_id=organization_id)
    if slug not in templates():
        raise NotFound("template")
    before = Proposal.objects.visible_to(actor).filter(person_id=actor.person_id).get_or_not_found(pk=like_id) if like_id else None
    proposal = Proposal.objects.create(
        person_id=str(actor.person_id), organization_id=recognizer.organization_id, title=_title(title), template=slug,
        content=before.content if before and before.template == slug else {},
        is_at_work=works_for(str(actor.person_id), recognizer.organization_id),
    )  # fmt: skip
    record(events.PROPOSAL_BEGUN, actor=actor, subject=proposal, thread=proposal.pk, template=slug)
    return proposal


def _title(title: str) -> str:
    cleaned = clean(title, limit=TITLE, field="title", name="The title").strip()
    if not cleaned:
        raise Invalid("title-missing", "A proposal needs a title.", "Give it one.", {"title": "Give it a title."})
    return cleaned


@command
def save_proposal(*, actor: Actor, proposal_id: str, written: Written, revision: int) -> Proposal:
    """Keep what is written, over `revision`, the one that the writer saw; Conflict where another was kept since."""
    proposal = Proposal.objects.visible_to(actor).locked(pk=proposal_id)
    policy.WRITE_PROPOSAL.require(actor, proposal)
    _require_open(proposal)
    content = _content(proposal, written)
    if (proposal.title, proposal.content) == (_title(written.title), content):
        return proposal
    if proposal.revision != revision:
        raise Conflict(
            "written-elsewhere", "This was changed in another window since you opened it.", "Open it anew, and copy yours into it."
        )
    proposal.title, proposal.content, proposal.revision = _title(written.title), content, revision + 1
    proposal.save(update_fields=["title", "content", "revision"])
    return proposal


def _require_open(proposal: Proposal) -> None:
    if proposal.state not in ("drafted", "returned", "submitted"):
        raise Conflict("proposal-settled", f"This proposal is {proposal.state}, so its words stay.", "Begin another.")


def _content(proposal: Proposal, written: Written) -> dict[str, Any]:
    told: dict[str, Any] = {
        asked.id: clean(written.answers.get(asked.id, ""), limit=TEXT, field=asked.id, name=asked.label).strip()
        for asked in template(proposal.template).asks
    }
    rows = [{name: _of_source(source, name) for name in proposals.SOURCE_FIELDS} for source in written.sources[:SOURCES]]
    told["sources"] = [row for row in rows if any(row.values())]
    return told


def _of_source(source: Mapping[str, str], name: str) -> str:
    said = clean(source.get(name, ""), limit=SOURCE, field="sources", name="A source").strip()
    if name == "url" and said and not re.fullmatch(r"https?://\S+", said):
        words = f"“{said[:60]}” is no address; it begins with https://."
        raise Invalid("address-wrong", words, "Correct it, or leave it empty.", {"sources": words})
    return said


@command
def send_proposal(*, actor: Actor, proposal_id: str) -> ProposalRound:
    """Put it before the council as it is written now; the checklist says beside it what is missing. Sending it again while the council
    reads begins a new round, and votes on the one before are over."""
    proposal = Proposal.objects.visible_to(actor).locked(pk=proposal_id)
    policy.WRITE_PROPOSAL.require(actor, proposal)
    _require_open(proposal)
    last = proposal.rounds.order_by("-number").first()
    if last and last.content == proposal.content and last.title == proposal.title:
        if proposal.state == "submitted":
            return last
        raise Conflict("nothing-changed", "Nothing is changed since it came back.", "Mend what was found, then send it again.")
    recognizer = Recognizer.objects.get(organization_id=proposal.organization_id)
    found = proposals.findings(template(proposal.template), proposal.content)
    if proposal.state != "submitted":
        PROPOSAL.move(proposal, to="submitted")
    proposal.submitted_at = clock.now()
    proposal.due_on = answer_due(recognizer, today_of(recognizer.organization_id))
    proposal.is_at_work = works_for(proposal.person_id, proposal.organization_id)
    proposal.save(update_fields=["state", "submitted_at", "due_on", "is_at_work"])
    sent = ProposalRound.objects.create(
        proposal=proposal, number=last.number + 1 if last else 1, title=proposal.title, content=proposal.content,
        findings=[each.to_json() for each in found],
    )  # fmt: skip
    record(events.PROPOSAL_SENT, actor=actor, subject=sent, thread=proposal.pk, organization=proposal.organization_id, round=sent.number,
           findings=len(found), due_on=proposal.due_on.isoformat())  # fmt: skip
    return sent


@command
def withdraw_proposal(*, actor: Actor, proposal_id: str) -> Proposal:
    proposal = Proposal.objects.visible_to(actor).locked(pk=proposal_id)
    policy.WITHDRAW_PROPOSAL.require(actor, proposal)
    PROPOSAL.move(proposal, to="withdrawn")
    proposal.settled_at = clock.now()
    proposal.save(update_fields=["state", "settled_at"])
    record(events.PROPOSAL_WITHDRAWN, actor=actor, subject=proposal, thread=proposal.pk)
    return proposal


@command
def return_left_plan(*, actor: Actor, proposal_id: str) -> Proposal:
    """Its educator no longer works where it waits: nobody there reads it any more, so it goes back with all that is in it."""
    policy.RETURN_LEFT.require(actor, None)
    proposal = Proposal.objects.visible_to(actor).select_related("organization").locked(pk=proposal_id)
    if proposal.state != "submitted" or not proposal.is_at_work or works_for(proposal.person_id, proposal.organization_id):
        return proposal
    last = proposal.rounds.order_by("-number")[0]
    reason = f"Your work at {proposal.organization.name} has ended, so nobody there reads this any more. Propose it where you work now."
    _settle(actor, proposal, last, "return", reason, {})
    return proposal


# --- The council ----------------------------------------------------------------------------------------------------------


def _before_council(actor: Actor, proposal_id: str) -> tuple[Proposal, ProposalRound]:
    proposal = Proposal.objects.visible_to(actor).select_related("organization").locked(pk=proposal_id)
    policy.VOTE_ON_PROPOSAL.require(actor, proposal)
    return proposal, proposal.rounds.order_by("-number")[0]


@command
def flag_source(*, actor: Actor, proposal_id: str, source: int) -> ProposalRound:
    """Say that a source leads nowhere. It stands among the findings, and nobody approves before another takes its place."""
    proposal, last = _before_council(actor, proposal_id)
    named = proposals.named_sources(last.content)
    if not 0 <= source < len(named):
        raise NotFound("source")
    found = [each for each in findings_of(last) if each.source != source]
    component = next(each.id for each in template(proposal.template).components if each.sources_min)
    words = f"The link of “{named[source]['title'][:120]}” leads nowhere. Put another source in its place, or correct the link."
    last.findings = [each.to_json() for each in (*found, Finding(component, words, "council", source))]
    last.save(update_fields=["findings"])
    record(events.SOURCE_FLAGGED, actor=actor, subject=last, thread=proposal.pk, round=last.number, source=source)
    return last


@command
def note_sources(*, actor: Actor, round_id: str, silent: Collection[str]) -> ProposalRound:
    """Keep which addresses of sources did not answer today, beside what was sent; what follows from it, people say."""
    policy.LOOK_AT_SOURCES.require(actor, None)
    row = ProposalRound.objects.visible_to(actor).select_related("proposal").locked(pk=round_id)
    today = today_of(row.proposal.organization_id).isoformat()
    row.looked_at, row.silent = clock.now(), dict.fromkeys(sorted(silent), today)
    row.save(update_fields=["looked_at", "silent"])
    return row


@command
def vote_on_proposal(*, actor: Actor, proposal_id: str, vote: str, words: str = "") -> ProposalVote:
    """A member's vote; it may be changed until enough of one kind settle it. While something is found missing nobody approves."""
    proposal, last = _before_council(actor, proposal_id)
    words = clean(words, limit=WORDS, field="words", name="Your reasons").strip()
    _check_vote(vote, words, last)
    cast, _ = ProposalVote.objects.update_or_create(
        round=last, person_id=actor.person_id, defaults={"vote": vote, "words": words, "voted_at": clock.now()}
    )
    record(events.PROPOSAL_VOTED, actor=actor, subject=cast, thread=proposal.pk, round=last.number, vote=vote)
    _count(actor, proposal, last)
    return cast


@command
def count_votes_on_plan(*, actor: Actor, proposal_id: str) -> Proposal:
    """Settle a proposal by the votes that are in: they may be enough since fewer must agree, or fewer are asked."""
    policy.COUNT_VOTES.require(actor, None)
    proposal = Proposal.objects.visible_to(actor).select_related("organization").locked(pk=proposal_id)
    if proposal.state == "submitted":
        _count(actor, proposal, proposal.rounds.order_by("-number")[0])
    return proposal


def _count(actor: Actor, proposal: Proposal, last: ProposalRound) -> None:
    votes = {each.person_id: each for each in last.votes.all()}
    council = Councils([proposal.organization_id], [proposal.person_id])
    tally = council.tally(proposal.person_id, proposal.organization_id, {person: each.vote for person, each in votes.items()})
    if tally.verdict and not (tally.verdict == "approve" and findings_of(last)):
        reason = reason_of([each.words for each in votes.values() if each.vote == tally.verdict])
        _settle(actor, proposal, last, tally.verdict, reason, dict(tally.counts))


def _check_vote(vote: str, words: str, last: ProposalRound) -> None:
    if vote not in PROPOSAL_VOTES:
        raise Invalid("vote-missing", "Choose what you vote.", "Choose one of them.", {"vote": "Choose one of them."})
    found = findings_of(last)
    if vote == "approve" and found:
        message = f"Something is not there yet: {found[0].words}"
        raise Conflict("findings-open", message, "Return it, so that it can be mended.", {"vote": message})
    if (vote == "decline" and not words) or (vote == "return" and not words and not found):
        raise Invalid("reason-missing", "The educator is told why.", "Write the reason.", {"words": "Write the reason."})


def _settle(actor: Actor, proposal: Proposal, last: ProposalRound, verdict: str, reason: str, votes: dict[str, int]) -> None:
    to = {"approve": "approved", "return": "returned", "decline": "declined"}[verdict]
    PROPOSAL.move(proposal, to=to)
    proposal.reason, proposal.settled_at = reason, clock.now()
    last.outcome, last.reason, last.settled_at = to, reason, proposal.settled_at
    last.save(update_fields=["outcome", "reason", "settled_at"])
    told = {"actor": actor, "subject": proposal, "thread": proposal.pk, "organization": proposal.organization_id, "round": last.number}
    slug = _open(actor, proposal) if to == "approved" else ""
    proposal.save()
    if slug:
        record(events.PROPOSAL_APPROVED, **told, votes=votes, microcredential=slug)
    elif to == "returned":
        record(events.PROPOSAL_RETURNED, **told, votes=votes, reason=reason, findings=len(last.findings))
    else:
        record(events.PROPOSAL_DECLINED, **told, votes=votes, reason=reason)


def _open(actor: Actor, proposal: Proposal) -> str:
    """What it becomes, by its slug: a micro-credential that its educator alone may begin, and that nobody scores who ever voted on it."""
    kept = template(proposal.template)
    slug = f"{re.sub('[^a-z0-9]+', '-', proposal.title.lower()).strip('-')[:50] or 'own'}-{proposal.pk[-8:]}"
    slug = slug if slug[0].isalpha() else f"own-{slug}"
    summary = str(proposal.content.get("rationale", ""))[:400]
    mc = catalog.publish_own(
        actor=actor, template=kept.template, owner_id=proposal.person_id, slug=slug, title=proposal.title, summary=summary
    )
    offering = programs.offer_own(actor=actor, microcredential_id=mc.pk, slug=slug, issuer_id=mc.issuer_id, days=kept.days)
    voted = ProposalVote.objects.filter(round__proposal=proposal).values_list("person_id", flat=True)
    assessment.recuse(microcredential_id=mc.pk, persons=set(voted))
    proposal.microcredential = catalog_queries.microcredential_by_id(actor, mc.pk)
    proposal.offering_id = offering.pk
    return slug
