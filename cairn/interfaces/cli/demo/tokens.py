"""Tokens of the demonstration's people, in a file that its owner alone reads: for whoever tries the API without signing in."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

from django.conf import settings

from cairn.apps.people import commands
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.interfaces.cli.demo.journeys import actor
from cairn.interfaces.cli.demo.texts import read
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid

NAME = "The demonstration's file of tokens"
DAYS = 90


def write_tokens(path: Path) -> int:
    """{"dana": {"name", "roles", "token"}, ...}; how many. Those of an earlier file are revoked."""
    if not settings.DEMO:
        raise Conflict("not-in-demo-mode", "The demonstration belongs in demo mode, which is off.", "Set CAIRN_DEMO=1 and try again.")
    cast = {who: _told(actor(who), person["name"]) for who, person in read("people")["people"].items()}
    _keep(path, json.dumps(cast, indent=2, ensure_ascii=False) + "\n")
    return len(cast)


def _told(who: Actor, name: str) -> dict[str, object]:
    for token in people.tokens(who).filter(name=NAME, revoked_at=None):
        commands.revoke_token(actor=who, token_id=token.pk)
    secret = people.new_secret(who)
    expires_at = clock.now() + timedelta(days=DAYS)
    commands.make_token(
        actor=who, name=NAME, scopes=list(people.TOKEN_SCOPES), expires_at=expires_at, secret=secret, shown_second_step=True
    )
    return {"name": name, "roles": sorted({grant.role for grant in who.grants}), "token": secret}


def _keep(path: Path, text: str) -> None:
    """Whole or not at all, and never readable by others."""
    draft = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Invalid("file-not-written", f"{path} cannot be written ({error.strerror}).", "Choose another place.") from None
