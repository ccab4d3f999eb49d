"""Work that leaves the process: handing letters to the mail server. The worker calls it, at least once for each letter.

Not here: writing letters (commands). A letter sent twice after a crash carries one Message-ID, so that readers show it once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

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
        raise NotYet(
            "mail-not-configured", "No mail server is set, so letters wait.", "Set CAIRN_MAIL, e.g. smtp://user:password@host:587."
        )
    message = EmailMessage(letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.address])
    message.extra_headers["Message-ID"] = f"<{letter.pk}@{settings.MAIL_DOMAIN}>"
    try:
        message.send()
    except OSError as error:  # smtplib's errors are of this class too
        if _is_for_good(error):
            raise
        told = f"The mail server does not take letters just now ({type(error).__name__}), so they wait."
        raise NotYet("mail-server-away", told, "See that it runs, and that CAIRN_MAIL is right.") from error
    commands.mark_sent(actor=actor, letter_id=letter.pk)


def _is_for_good(error: OSError) -> bool:
    """Whether the server said that it will never take this letter (RFC 5321 section 4.2.1), and not that it does not know us."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return isinstance(error, SMTPDataError | SMTPSenderRefused) and 500 <= error.smtp_code < 600


send.rank = 4  # type: ignore[attr-defined]
