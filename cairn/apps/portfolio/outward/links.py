"""Signed links to evidence on the files host. Not here: the right to a file (queries, and assessment's), serving it (interfaces)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cryptography.fernet import InvalidToken

from cairn.apps.people import queries as people
from cairn.apps.portfolio import commands
from cairn.apps.portfolio.models import FileOpening
from cairn.frame.actor import Actor
from cairn.frame.sealing import sealer
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, NotFound
from cairn.kernel.ids import Id, new_id

OPEN_WITHIN = 300  # seconds in which a signed link must be opened
STREAM_FOR = 7200  # seconds for which an opened link goes on streaming
LINKS = "file links"


@dataclass(frozen=True)
class Link:
    """What a signed link says: which file for whom, in which session or through which token, under which neutral name."""

    artifact: str
    viewer: str
    session: str
    name: str
    nonce: str


def sign_link(viewer: Actor, artifact_id: str, *, session: str, name: str) -> str:
    """A token for one file and one viewer; the caller has checked that the viewer may open it. It must be opened within five minutes."""
    if viewer.only_looks:
        raise Forbidden("files-stay-closed", "Files of evidence stay closed to support.", "Ask the person what is wrong with it.")
    told = Link(artifact_id, str(viewer.person_id), session, name, new_id())
    return sealer(LINKS).encrypt(json.dumps(told.__dict__).encode()).decode()


def _is_still_there(session: str) -> bool:
    """The session, or the API token ("token:<id>"), through which the link was asked for."""
    kind, _, token_id = session.partition(":")
    if kind == "token":
        return people.token_is_live(token_id)
    return people.session_is_live(session)


def open_link(token: str) -> Link:
    """The link, while it may be opened or goes on streaming; NotFound otherwise. The right to the file is the caller's to check again."""
    try:
        opened_before = sealer(LINKS).extract_timestamp(token)
        link = Link(**json.loads(sealer(LINKS).decrypt(token)))
    except (InvalidToken, ValueError, TypeError):
        raise NotFound("file") from None
    now = clock.now()
    if not _is_still_there(link.session):
        raise NotFound("file")
    opening = FileOpening.objects.filter(nonce=link.nonce).first()
    if opening is None:
        if now.timestamp() - opened_before > OPEN_WITHIN:
            raise NotFound("file", code="link-expired")
        commands.note_opening(actor=Actor(person_id=Id(link.viewer)), nonce=link.nonce, artifact_id=link.artifact)
    elif (now - opening.opened_at).total_seconds() > STREAM_FOR:
        raise NotFound("file", code="link-expired")
    return link
