"""Work that leaves the process: handing letters to the mail server. The worker calls it, at least once for each letter.

Not here: writing letters (commands). A letter sent twice after a crash carries one Message-ID, so that readers show it once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.core.mail import EmailMessage

from cairn.apps.comms import commands, queries
from cairn.apps.comms.queries import Notice
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotYet
from cairn.kernel.facts import Recorded


class Tell:
    """A consequence: ask `whom` for notices of the fact and post them."""

    rank = 5  # letters wait behind awards

    def __init__(self, whom: Callable[[Actor, Recorded], Sequence[Notice]]) -> None:
        self.whom = whom
        self.__name__ = f"tell({whom.__name__})"

    def __call__(self, *, actor: Actor, fact: Recorded) -> None:
        commands.post(actor=actor, cause=fact.uid, notices=self.whom(actor, fact))


def send(*, actor: Actor, fact: Recorded) -> None:
    """Hand the letter to the mail server, then write down that it is gone."""
    letter = queries.letter(actor, fact.subject_id)
    if letter.state == "sent":
        return
    if not settings.MAIL_IS_CONFIGURED:
        raise NotYet("mail-not-configured", "No mail server is set, so letters wait.", "Set CAIRN_MAIL, e.g. smtp://user:password@host:587.")
    message = EmailMessage(letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.address])
    message.extra_headers["Message-ID"] = f"<{letter.pk}@{settings.MAIL_DOMAIN}>"
    message.send()
    commands.mark_sent(actor=actor, letter_id=letter.pk)


send.rank = 4  # type: ignore[attr-defined]
