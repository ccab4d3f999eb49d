"""Intending, signing, revoking and reinstating credentials."""

from __future__ import annotations

import hashlib
import json

from cairn.apps.assessment import queries as assessment
from cairn.apps.credentials import events, policy
from cairn.apps.credentials.models import Credential, StatusList, StatusReason
from cairn.apps.credentials.queries import compose
from cairn.apps.credentials.states import CREDENTIAL
from cairn.apps.credentials.steps import ensure_key, publish, sign, take_status_place
from cairn.apps.ledger.steps import record
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.facts import Recorded
from cairn.kernel.ids import new_id
from cairn.kernel.text import clean


@command
def intend(*, actor: Actor, fact: Recorded) -> Credential | None:
    """Consequence of a decision: where it is earned, fix the credential's number, status place and unsigned body; once per decision."""
    award = assessment.award(actor, fact.subject_id)
    if award.outcome != "earned":
        return None
    if existing := Credential.objects.filter(decision_id=award.decision_id).first():
        return existing
    enrollment = programs.enrollment(actor, award.enrollment_id)
    status_list, index = take_status_place(actor)
    credential = Credential(
        pk=new_id(), decision_id=award.decision_id, enrollment_id=award.enrollment_id, person_id=award.person_id,
        version_id=award.version_id, issuer_id=enrollment.microcredential.issuer_id, status_list=status_list, status_index=index,
        awarded_at=award.decided_at,
    )  # fmt: skip
    credential.unsigned = json.dumps(compose(actor, credential, award), ensure_ascii=False)
    credential.save(force_insert=True)
    record(events.INTENDED, actor=actor, subject=credential, thread=award.enrollment_id, organization=credential.issuer_id,
           decision=award.decision_id, status_list=status_list.number, status_index=index)  # fmt: skip
    return credential


@command
def sign_intended(*, actor: Actor, fact: Recorded) -> Credential:
    """Consequence of an intention: sign it. What is signed already, or was revoked before, stays as it is."""
    credential = Credential.objects.visible_to(actor).select_related("status_list").locked(pk=fact.subject_id)
    if credential.state != "intended":
        return credential
    if not credential.status_list.signed:
        publish(actor, credential.status_list)
    key = ensure_key(actor)
    credential.signed, credential.key, credential.issued_at = sign(key, json.loads(credential.unsigned)), key, clock.now()
    CREDENTIAL.move(credential, to="issued")
    credential.save()
    record(events.ISSUED, actor=actor, subject=credential, thread=credential.enrollment_id, organization=credential.issuer_id,
           cause=fact.uid, decision=credential.decision_id, key=key.public,
           sha256=hashlib.sha256(credential.signed.encode()).hexdigest())  # fmt: skip
    return credential


@command
def revoke(*, actor: Actor, credential_id: str, reason: str) -> Credential:
    """Take a credential back. Its page says so at once; the reason is for the issuer alone."""
    return _change(actor, credential_id, reason, "revoked")


@command
def reinstate(*, actor: Actor, credential_id: str, reason: str) -> Credential:
    """Give a revoked credential back; it counts again from the day it was first awarded."""
    return _change(actor, credential_id, reason, "issued")


def _change(actor: Actor, credential_id: str, reason: str, to: str) -> Credential:
    credential = Credential.objects.visible_to(actor).locked(pk=credential_id)
    policy.REVOKE.require(actor, credential)
    reason = clean(reason, limit=4000, field="reason", name="This reason").strip()
    if not reason:
        raise Invalid("reason-missing", "This needs a reason.", "Write it for whoever asks later; it stays private.",
                      {"reason": "Write the reason."})  # fmt: skip
    if to == "issued" and not credential.signed:
        raise Conflict("never-signed", "This credential was revoked before it was signed.", "Issue it anew by a new decision.")
    CREDENTIAL.move(credential, to=to)
    credential.revoked_at = clock.now() if to == "revoked" else None
    credential.save(update_fields=["state", "revoked_at"])
    change = "revoked" if to == "revoked" else "reinstated"
    StatusReason.objects.create(credential=credential, change=change, reason=reason, made_by_id=actor.person_id)
    event = events.REVOKED if to == "revoked" else events.REINSTATED
    record(event, actor=actor, subject=credential, thread=credential.enrollment_id, organization=credential.issuer_id)
    return credential


@command
def publish_status(*, actor: Actor, fact: Recorded) -> StatusList:
    """Consequence of a revocation or reinstatement: sign the status list anew."""
    status_list = Credential.objects.visible_to(actor).select_related("status_list").get(pk=fact.subject_id).status_list
    publish(actor, status_list)
    return status_list


@command
def refresh_status_lists(*, actor: Actor) -> None:
    """Timed: lists say until when they are valid, so each is signed anew long before."""
    for status_list in StatusList.objects.exclude(signed="").order_by("number"):
        publish(actor, status_list)
