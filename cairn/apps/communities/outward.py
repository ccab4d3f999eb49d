"""Files on their way into the talk, and out of the store. How they are scanned, scrubbed and kept is portfolio's work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from cairn.apps.communities import commands
from cairn.apps.communities.commands.files import FILES_AT_MOST
from cairn.apps.communities.models import PostFile
from cairn.apps.portfolio import outward as store
from cairn.apps.portfolio.outward import Copy, Given
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Invalid
from cairn.kernel.text import megabytes

T = TypeVar("T")
LARGEST = 25 * store.MEGABYTE
MOST = FILES_AT_MOST * LARGEST  # bytes beside a post
_ACCEPTED = "Choose a picture, a PDF, a Word, Excel or PowerPoint file, plain text, or CSV."
KINDS = ("image", "document", "spreadsheet", "presentation")


def with_files(command: Callable[..., T], *, attachments: Sequence[Given] = (), **said: Any) -> T:
    """Call a command of the talk with the scrubbed copies of files; what it does not enter is not kept."""
    if len(attachments) > FILES_AT_MOST:
        words = f"A post takes at most {FILES_AT_MOST} files."
        raise Invalid("files-enough", words, "Choose fewer, or write another post.", {"attachments": words})
    for file in attachments:
        if file.size > LARGEST:
            words = f"“{file.name}” has {megabytes(file.size)}; a file has at most {megabytes(LARGEST)} here."
            raise Invalid("file-too-large", words, "Make it smaller, or give a link to it.", {"attachments": words})
    with store.attaching(attachments, fits=_fits, accepted=_ACCEPTED, is_kept=is_kept) as copies:
        return command(files=copies, **said)


def _fits(copy: Copy) -> str:
    return "" if copy.kind in KINDS else "Films and sound do not go to the group as files; give a link to them."


def is_kept(key: str) -> bool:
    """Whether a file in the store belongs to a post."""
    return PostFile.objects.filter(pk=key).exists()


def stream(file: PostFile) -> Iterator[bytes]:
    return store.stream(file.pk, 0, file.size - 1)


def erase_taken_out(actor: Actor) -> None:
    """The bytes of files that left their posts, a day later: a backup that is being made still finds them."""
    gone = PostFile.objects.visible_to(actor).filter(removed_at__lt=clock.now() - store.KEPT_AFTER, erased_at=None)
    for file in gone:
        store.remove(file.pk)
        commands.note_erased(actor=actor, file_id=file.pk)
