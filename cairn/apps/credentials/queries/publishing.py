"""What the site publishes so that others can check a credential: its addresses, its DID document, its status lists."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cairn.apps.credentials.models import SigningKey, StatusList
from cairn.frame.actor import Actor
from cairn.pure import badges
from cairn.pure.badges.keys import decode_public


@lru_cache(maxsize=1)
def contexts() -> badges.Contexts:
    """The JSON-LD contexts that the asset build wrote, checked against their pinned hashes."""
    folder = Path(settings.CONTEXTS_DIR)
    index: dict[str, str] = json.loads((folder / "index.json").read_text())
    return badges.Contexts({url: (folder / name).read_bytes() for url, name in index.items()})


def issuer_did() -> str:
    return badges.did_from_url(settings.SITE_URL)


def status_url(number: int) -> str:
    return f"{settings.SITE_URL}/status/{number}"


def credential_url(credential_id: str) -> str:
    return f"{settings.SITE_URL}/credentials/{credential_id}"


def did_document(viewer: Actor) -> dict[str, object]:
    """The site's DID document; retired keys stay in it, so that what they signed still verifies."""
    keys = SigningKey.objects.order_by("-in_use", "-created_at").values_list("public", flat=True)
    return badges.did_document(issuer_did(), [decode_public(key) for key in keys])


def status_list(viewer: Actor, number: int) -> str:
    """The signed status list as served."""
    row = StatusList.objects.visible_to(viewer).exclude(signed="").get_or_not_found(number=number)
    return row.signed
