"""Writing letters. Sending them is outward work (outward.py)."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string

from cairn.apps.comms import events
from cairn.apps.comms.models import Letter
from cairn.apps.comms.queries import Notice
from cairn.apps.comms.states import LETTER
from cairn.apps.ledger.steps import record
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock


@command
def write_letter(*, actor: Actor, kind: str, address: str, subject: str, text: str) -> Letter:
    """One letter in ready words: sign-in links and the like."""
    letter = Letter.objects.create(kind=kind, address=address.lower(), subject=" ".join(subject.split())[:200], text=text)
    record(events.POSTED, actor=actor, subject=letter, kind=kind)
    return letter


@command
def post(*, actor: Actor, cause: str, notices: Sequence[Notice]) -> None:
    """Write each notice once, from the template that bears the name of its kind; its first line is the subject."""
    for notice in notices:
        if not notice.address:
            continue
        text = render_to_string(f"comms/{notice.kind}.txt", {**notice.words, "name": notice.name, "site": settings.SITE_URL})
        subject, _, body = text.strip().partition("\n")
        letter, made = Letter.objects.get_or_create(
            cause=cause, kind=notice.kind, address=notice.address,
            defaults={"person_id": notice.person_id, "subject": subject.strip()[:200], "text": body.strip() + "\n"},
        )  # fmt: skip
        if made:
            record(events.POSTED, actor=actor, subject=letter, kind=notice.kind)


@command
def mark_sent(*, actor: Actor, letter_id: str) -> Letter:
    letter = Letter.objects.visible_to(actor).locked(pk=letter_id)
    if letter.state == "queued":
        LETTER.move(letter, to="sent")
        letter.sent_at = clock.now()
        letter.save(update_fields=["state", "sent_at"])
        record(events.SENT, actor=actor, subject=letter, kind=letter.kind)
    return letter
