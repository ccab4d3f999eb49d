"""Signed links to files of shared pages, on the files host. Not here: whether a file is still shown (queries), serving it (interfaces)."""

from __future__ import annotations

import json

from cryptography.fernet import InvalidToken

from cairn.apps.credentials.queries import shared_file
from cairn.apps.portfolio.queries import EvidenceFile
from cairn.frame.sealing import sealer
from cairn.kernel import clock
from cairn.kernel.errors import NotFound

OPENS_FOR, PLAYS_FOR = 300, 7200  # seconds, of pages and pictures, and of recordings
RECORDINGS = ("video", "audio")
FILES = "shared files"


def sign_shared(recipient_id: str, part_id: str) -> str:
    """A token for one file and one recipient; the caller has let them in."""
    told = json.dumps([recipient_id, part_id]).encode()
    return sealer(FILES).encrypt_at_time(told, int(clock.now().timestamp())).decode()


def open_shared(token: str) -> tuple[EvidenceFile, bool]:
    """The file, and whether it may be kept. The page is asked at every request, so that what is closed stops in the middle of a film."""
    try:
        signed_at = sealer(FILES).extract_timestamp(token)
        recipient_id, part_id = json.loads(sealer(FILES).decrypt(token))
    except (InvalidToken, ValueError, TypeError):
        raise NotFound("file") from None
    file, may_keep = shared_file(recipient_id, part_id)
    if clock.now().timestamp() - signed_at > (PLAYS_FOR if file.kind in RECORDINGS else OPENS_FOR):
        raise NotFound("file", code="link-expired")
    return file, may_keep
