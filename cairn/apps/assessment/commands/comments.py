"""An assessor's bank of own sentences. Not here: scoring with them."""

from __future__ import annotations

from cairn.apps.assessment.models import SavedComment
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.text import clean


@command
def keep_comment(*, actor: Actor, text: str) -> SavedComment:
    """Put a sentence into one's own comment bank, of at most 40."""
    text = " ".join(clean(text, limit=500, field="text", name="This comment").split())
    if not text:
        raise Invalid("comment-empty", "There is nothing to keep.", "Write the sentence first.", {"text": "Write the sentence first."})
    mine = SavedComment.objects.visible_to(actor)
    if mine.count() >= 40:
        raise Conflict("comments-enough", "A comment bank holds 40 sentences.", "Drop one that you no longer use.")
    comment, _ = SavedComment.objects.get_or_create(assessor_id=actor.person_id, text=text)
    return comment


@command
def drop_comment(*, actor: Actor, comment_id: str) -> None:
    SavedComment.objects.visible_to(actor).filter(pk=comment_id).delete()
