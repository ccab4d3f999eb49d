"""`record`: the fact of a change, written in the same transaction as the change, with a delivery for each consequence; `record_all`:
those of many changes of a kind at once."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


def canonical(body: Mapping[str, Any]) -> str:
    """Canonical JSON (RFC 8785) of a fact with its `data`. Where it holds nothing but text, the standard library writes the same, at seven
    times the pace: there is no number to spell, and keys in ASCII sort alike by code point and by UTF-16 (sections 3.2.2.2 and 3.2.3)."""
    rest = {key: value for key, value in body.items() if key != "data"}
    if all(_is_text(*item) for some in (rest, body["data"]) for item in some.items()):
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return rfc8785.dumps(dict(body)).decode()


def _is_text(key: str, value: object) -> bool:
    return key.isascii() and (value is None or type(value) is str)


def leaf_hash(body: str) -> str:
    """RFC 9162 section 2.1.1: SHA-256 of a zero byte and the entry."""
    return hashlib.sha256(b"\x00" + body.encode()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """One of many facts of a kind that are recorded at once; without a `cause` it follows from what the command recorded before."""

    subject: models.Model
    data: Mapping[str, Any] = field(default_factory=dict)
    thread: str = ""
    organization: str = ""
    cause: str = ""


def record(
    event: Event, *, actor: Actor, subject: models.Model, thread: str = "", organization: str = "", cause: str = "", **data: Any
) -> Fact:
    """Insert the fact and queue its consequences. Raises outside a command."""
    fact = record_all(event, actor=actor, entries=[Entry(subject, data, thread, organization, cause)])[0]
    commands.running().last_fact = fact.uid
    return fact


def record_all(event: Event, *, actor: Actor, entries: Sequence[Entry]) -> list[Fact]:
    """As `record`, in as many statements for a thousand facts as for one; none of them is the cause of what is recorded after them."""
    call, salts, facts = commands.running(), [], []
    for entry in entries:
        if unknown := set(entry.data) - set(event.fields):
            raise ValueError(f"{event.kind} has no fields {sorted(unknown)}; add them to its Event.")
        salts.append({name: secrets.token_hex(16) for name in event.personal if name in entry.data})
        facts.append(_fact(event, actor, call, entry, salts[-1]))
        call.key_taken = call.key_taken or bool(actor.request_key)
    facts = Fact.objects.bulk_create(facts)
    PersonalValue.objects.bulk_create(
        PersonalValue(fact_id=fact.pk, field=name, value=str(entry.data[name]), salt=salt)
        for fact, entry, of in zip(facts, entries, salts, strict=True)
        for name, salt in of.items()
    )
    now, follows = clock.now(), [(name, wiring.rank(handler)) for name, handler in wiring.consequences(event.kind).items()]
    Delivery.objects.bulk_create(
        Delivery(fact_id=fact.pk, consequence=name, rank=rank, run_after=now, created_at=now) for fact in facts for name, rank in follows
    )
    return facts


def _fact(event: Event, actor: Actor, call: commands.Call, entry: Entry, salts: Mapping[str, str]) -> Fact:
    shown = {k: _salted(salts[k], v) if k in salts else v for k, v in entry.data.items()}
    envelope = {
        "uid": str(ids.new_id()),
        "at": clock.now().isoformat(timespec="microseconds"),
        "kind": event.kind,
        "actor": actor.reference,
        "on_behalf": actor.on_behalf or "",
        "organization": entry.organization,
        "subject_type": entry.subject._meta.label,
        "subject_id": str(entry.subject.pk),
        "cause": entry.cause or call.last_fact or actor.cause,
        "thread": entry.thread,
        "request": request_digest(actor) if actor.request_key and not call.key_taken else None,
    }
    body = canonical({**envelope, "data": shown})
    return Fact(**envelope, command=call.name, command_digest=call.digest, body=body, leaf=leaf_hash(body))


def _salted(salt: str, value: Any) -> str:
    return "sha256:" + hashlib.sha256(f"{salt}{value}".encode()).hexdigest()
