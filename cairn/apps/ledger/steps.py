"""`record`: the fact of a change, written in the same transaction as the change, with a delivery for each consequence."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import rfc8785
from django.db import models

from cairn.apps.ledger.models import Delivery, Fact, PersonalValue
from cairn.frame import commands, wiring
from cairn.frame.actor import Actor
from cairn.kernel import clock, ids
from cairn.kernel.facts import Event


def request_digest(actor: Actor) -> str:
    """What is stored of a request key: bound to its actor, so that nobody is answered with another's result."""
    return hashlib.sha256(f"{actor.reference}\n{actor.request_key}".encode()).hexdigest()


def leaf_hash(body: str) -> str:
    """RFC 9162 section 2.1.1: SHA-256 of a zero byte and the entry."""
    return hashlib.sha256(b"\x00" + body.encode()).hexdigest()


def record(
    event: Event, *, actor: Actor, subject: models.Model, thread: str = "", organization: str = "", cause: str = "", **data: Any
) -> Fact:
    """Insert the fact and queue its consequences. Raises outside a command."""
    call = commands.running()
    if unknown := set(data) - set(event.fields):
        raise ValueError(f"{event.kind} has no fields {sorted(unknown)}; add them to its Event.")
    salts = {name: secrets.token_hex(16) for name in event.personal if name in data}
    shown = {k: _salted(salts[k], v) if k in salts else v for k, v in data.items()}
    first = bool(actor.request_key) and not call.key_taken
    envelope = {
        "uid": str(ids.new_id()),
        "at": clock.now().isoformat(timespec="microseconds"),
        "kind": event.kind,
        "actor": actor.reference,
        "on_behalf": actor.on_behalf or "",
        "organization": organization,
        "subject_type": subject._meta.label,
        "subject_id": str(subject.pk),
        "cause": cause or call.last_fact or actor.cause,
        "thread": thread,
        "request": request_digest(actor) if first else None,
    }
    body = rfc8785.dumps({**envelope, "data": shown}).decode()
    fact = Fact.objects.create(**envelope, command=call.name, command_digest=call.digest, body=body, leaf=leaf_hash(body))
    call.key_taken, call.last_fact = call.key_taken or first, fact.uid
    PersonalValue.objects.bulk_create(PersonalValue(fact=fact, field=k, value=str(data[k]), salt=s) for k, s in salts.items())
    now = clock.now()
    Delivery.objects.bulk_create(
        Delivery(fact=fact, consequence=name, rank=wiring.rank(handler), run_after=now, created_at=now)
        for name, handler in wiring.consequences(event.kind).items()
    )
    return fact


def _salted(salt: str, value: Any) -> str:
    return "sha256:" + hashlib.sha256(f"{salt}{value}".encode()).hexdigest()
