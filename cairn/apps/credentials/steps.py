"""Keys and what is signed with them: writes that the commands here make inside their own transactions."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cairn.apps.credentials import events
from cairn.apps.credentials.models import Credential, SigningKey, StatusList
from cairn.apps.credentials.queries import contexts, issuer_did, status_url
from cairn.apps.ledger.steps import record
from cairn.frame.actor import Actor
from cairn.frame.commands import running
from cairn.frame.sealing import sealer
from cairn.kernel import clock
from cairn.pure import badges

LIST_LENGTH = 131_072  # entries; the least that hides one credential among many (Bitstring Status List, section 6.1)
LIST_FILLS_AT = 100_000  # beyond that random places grow hard to find, so a new list begins
LIST_VALID_FOR = timedelta(days=30)  # signed anew each day
KEYS = "signing keys"


def ensure_key(actor: Actor) -> SigningKey:
    """The site's key, made on first need and kept encrypted."""
    running()
    key = SigningKey.objects.filter(in_use=True).first()
    if key is None:
        private = Ed25519PrivateKey.generate().private_bytes_raw()
        public = badges.encode_public(badges.public_key(private))
        key = SigningKey.objects.create(public=public, sealed=sealer(KEYS).encrypt(private).decode())
        record(events.KEY_MADE, actor=actor, subject=key, public=public)
    return key


def sign(key: SigningKey, document: dict[str, Any]) -> str:
    """The signed document as the exact JSON text that is kept and served."""
    private = sealer(KEYS).decrypt(key.sealed)
    method = badges.verification_method(issuer_did(), badges.public_key(private))
    signed = badges.sign(document, private_key=private, verification_method=method, created=clock.now(), contexts=contexts())
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":"))


def take_status_place(actor: Actor) -> tuple[StatusList, int]:
    """A random free place, so that neighbors in the list tell nothing about one another."""
    running()
    current = StatusList.objects.select_for_update(of=("self",)).filter(is_full=False).order_by("number").first()
    if current is None:
        current = StatusList.objects.create(number=StatusList.objects.count() + 1)
    taken = Credential.objects.filter(status_list=current)
    if taken.count() >= LIST_FILLS_AT:
        current.is_full = True
        current.save(update_fields=["is_full"])
        return take_status_place(actor)
    while True:
        index = secrets.randbelow(LIST_LENGTH)
        if not taken.filter(status_index=index).exists():
            return current, index


def publish(actor: Actor, status_list: StatusList) -> None:
    """Sign the list anew with the bits of all that is revoked now."""
    running()
    row = StatusList.objects.select_for_update(of=("self",)).get(pk=status_list.pk)
    revoked = Credential.objects.filter(status_list=row, state="revoked").values_list("status_index", flat=True)
    now = clock.now()
    document = badges.list_credential(
        status_url(row.number), issuer=issuer_did(), indexes=list(revoked), valid_from=now, valid_until=now + LIST_VALID_FOR
    )
    row.signed, row.updated_at = sign(ensure_key(actor), document), now
    row.save(update_fields=["signed", "updated_at"])
    record(events.STATUS_PUBLISHED, actor=actor, subject=row, number=row.number, revoked=len(revoked))
