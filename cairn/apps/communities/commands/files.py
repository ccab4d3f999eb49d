"""Files beside the words of a post: put there, taken out, erased. Not here: their bytes (outward)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import QuerySet, Sum

from cairn.apps.communities import events, policy
from cairn.apps.communities.models import Post, PostFile
from cairn.apps.ledger.steps import record
from cairn.apps.portfolio.outward import Attached
from cairn.apps.portfolio.queries import PEOPLE_SHOWN
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Invalid
from cairn.kernel.text import megabytes

FILES_AT_MOST = 4
ROOM = 500_000_000  # bytes of one member's files in one community


def put_beside(actor: Actor, post: Post, files: Sequence[Attached], people_shown: str) -> None:
    """Scrubbed copies that lie in the store (outward.with_files), and who can be recognized in them."""
    if not files:
        return
    if people_shown not in PEOPLE_SHOWN:
        words = "Say who can be recognized in them."
        raise Invalid("people-unknown", "Files go to the group once it is said who can be recognized.", words, {"people_shown": words})
    if beside(post).count() + len(files) > FILES_AT_MOST:
        words = f"A post takes at most {FILES_AT_MOST} files."
        raise Invalid("files-enough", words, "Take one out first, or write another post.", {"attachments": words})
    own = PostFile.objects.filter(post__author=post.author_id, post__community=post.community_id, removed_at=None)
    if (own.aggregate(sum=Sum("size"))["sum"] or 0) + sum(each.copy.size for each in files) > ROOM:
        words = f"You have put {megabytes(ROOM)} into this community, and that is all that one member may."
        raise Invalid("room-used-up", words, "Take files out of earlier posts, or give a link.", {"attachments": words})
    for each in files:
        copy = each.copy
        file = PostFile.objects.create(
            pk=each.id, post=post, name=each.name, kind=copy.kind, media_type=copy.media_type, extension=copy.extension, size=copy.size,
            sha256=copy.sha256, pages=copy.pages, people_shown=people_shown,
        )  # fmt: skip
        record(events.FILE_SHARED, actor=actor, subject=file, organization=post.community.organization_id, community=post.community_id,
               post=post.pk, size=copy.size, sha256=copy.sha256, people_shown=people_shown)  # fmt: skip


def beside(post: Post) -> QuerySet[PostFile]:
    return PostFile.objects.filter(post=post, removed_at=None).order_by("added_at", "pk")


def take_out(actor: Actor, post: Post, files: Collection[PostFile]) -> None:
    """Nobody opens them from now on; their bytes go a day later (outward.erase_taken_out)."""
    for file in files:
        file.removed_at = clock.now()
        file.save(update_fields=["removed_at"])
        record(events.FILE_TAKEN_OUT, actor=actor, subject=file, organization=post.community.organization_id, community=post.community_id,
               post=post.pk)  # fmt: skip


@command
def note_erased(*, actor: Actor, file_id: str) -> PostFile:
    """The bytes of a file that was taken out are gone from the store."""
    file = PostFile.objects.visible_to(actor).select_related("post__community").locked(pk=file_id)
    policy.ERASE.require(actor, file)
    if file.erased_at is None:
        file.erased_at = clock.now()
        file.save(update_fields=["erased_at"])
        record(events.FILE_ERASED, actor=actor, subject=file, organization=file.post.community.organization_id, sha256=file.sha256)
    return file
