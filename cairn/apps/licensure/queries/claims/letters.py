"""Whom to tell of claims, fees and what is asked beforehand, and in which words."""

from __future__ import annotations

from cairn.apps.comms.queries import Notice
from cairn.apps.licensure.models import Claim, PriorApproval, Recognizer
from cairn.apps.licensure.queries.answers import said_of
from cairn.apps.licensure.queries.councils import Councils
from cairn.apps.licensure.queries.recognizers import works_for
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor, system
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_date
from cairn.pure.money import dollars

_SYSTEM = system("licensure")
FEE_PAID = "licensure.fee_paid"  # what a recognizer is told once the fee of credit has come


def claim_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the claimant: outcome, reason and citation."""
    found = Claim.objects.visible_to(viewer).select_related("person", "organization", "order").get(pk=fact.thread)
    recognizer = Recognizer.objects.visible_to(viewer).get(organization_id=found.organization_id)
    said = said_of(found.answer)
    words = {
        "title": found.title, "organization": found.organization.name, "state": found.state, "reason": found.reason, "cites": said.cites,
        "appeal": recognizer.appeal if found.state == "declined" else "", "path": f"/license/claims/{found.pk}/",
        "amount": fact.data.get("amount", ""), "unit": fact.data.get("unit", ""),
        "rule": " ".join(words for words, _ in said.reasons), "waived": found.waived,
        "has_left": found.is_at_work and not works_for(found.person_id, found.organization_id),
        "fee": dollars(said.fee_cents), "order": f"/account/orders/{found.order_id}/" if found.order_id else "",
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


def fee_paid_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To those who answer for the recognizer: the fee of credit that they approved has come, so they may post it."""
    found = Claim.objects.visible_to(viewer).filter(order_id=fact.subject_id, state="approved").select_related("organization").first()
    if found is None:
        return ()
    asked = people.holders(_SYSTEM, "council member", {"organization": found.organization_id})
    words = {"title": found.title, "organization": found.organization.name, "path": "/claims/#fees"}
    return tuple(Notice(FEE_PAID, each.pk, each.name, each.email, words) for each in people.persons(viewer).filter(pk__in=asked))
