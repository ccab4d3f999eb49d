"""Work that leaves the process: handing letters to the mail server, calling webhooks. The worker does it, at least once for each.

Not here: writing letters (commands), how the outside is reached (frame.egress). A letter sent twice after a crash carries one
Message-ID, so that readers show it once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage

from cairn.apps.comms import commands, queries
from cairn.apps.comms.models import Call, Letter, Webhook
from cairn.apps.comms.queries import Notice
from cairn.apps.comms.states import CATEGORIES
from cairn.frame import egress
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, NotYet, Refused
from cairn.kernel.facts import Recorded
from cairn.pure import webhooks


class Tell:
    """A consequence: ask `whom` for notices of the fact and post them."""

    rank = 5  # letters wait behind awards

    def __init__(self, whom: Callable[[Actor, Recorded], Sequence[Notice]], category: str = "account") -> None:
        """`category` is a key of states.CATEGORIES: whether and when its letters go is for their readers to say."""
        if category not in CATEGORIES:
            raise ValueError(f"{category} is none of {sorted(CATEGORIES)}")
        self.whom, self.category = whom, category
        self.__name__ = f"tell({whom.__name__})"

    def __call__(self, *, actor: Actor, fact: Recorded) -> None:
        notices = self.whom(actor, fact)
        commands.post(actor=actor, cause=fact.uid, notices=notices, category=self.category, organization=fact.organization)


def send(*, actor: Actor, fact: Recorded) -> None:
    """Hand the letter to the mail server, then write down that it is gone."""
    letter = queries.letter(actor, fact.subject_id)
    if letter.state != "queued":
        return
    if not settings.MAIL_IS_CONFIGURED:
        raise NotYet(
            "mail-not-configured", "No mail server is set, so letters wait.", "Set CAIRN_MAIL, e.g. smtp://user:password@host:587."
        )
    message = _message(letter)
    try:
        message.send()
    except OSError as error:  # smtplib's errors are of this class too
        if _is_for_good(error):
            raise
        told = f"The mail server does not take letters just now ({type(error).__name__}), so they wait."
        raise NotYet("mail-server-away", told, "See that it runs, and that CAIRN_MAIL is right.") from error
    commands.mark_sent(actor=actor, letter_id=letter.pk)


def _message(letter: Letter) -> EmailMessage:
    """With the link and the headers by which one click ends letters like it (RFC 2369, RFC 8058), where they may be ended."""
    message = EmailMessage(letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.address])
    message.extra_headers["Message-ID"] = f"<{letter.pk}@{settings.MAIL_DOMAIN}>"
    if queries.may_end(letter):
        link = settings.SITE_URL + queries.end_link(letter)
        message.body = f"{letter.text}\n-- \nNo more letters like this one: {link}\n"
        message.extra_headers["List-Unsubscribe"] = f"<{link}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _is_for_good(error: OSError) -> bool:
    """Whether the server said that it will never take this letter (RFC 5321 section 4.2.1), and not that it does not know us."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return isinstance(error, SMTPDataError | SMTPSenderRefused) and 500 <= error.smtp_code < 600


send.rank = 4  # type: ignore[attr-defined]


# --- Webhooks ----------------------------------------------------------------------------------------------------------

WAITS = (timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5), timedelta(hours=10))


def call(*, actor: Actor, fact: Recorded) -> None:
    """Make a call of a webhook, signed; where it is not taken, again after a while that grows."""
    waiting = queries.call(actor, fact.subject_id)
    webhook = waiting.webhook
    if waiting.state != "queued":
        return
    if webhook.state != "on":
        commands.note_call(actor=actor.with_key(""), call_id=waiting.pk, status=None, reason="The webhook is stopped.")
        raise Conflict("webhook-stopped", "The webhook was stopped or removed meanwhile.", "Start it, then send again.")
    status, reason = _told(waiting, webhook)
    noted = commands.note_call(actor=actor.with_key(""), call_id=waiting.pk, status=status, reason=reason)
    if noted.state == "failed":
        raise Conflict("call-given-up", f"The call was given up: {reason}", "Its admins see it, and may send it again.")
    if noted.state == "queued":
        after = WAITS[min(noted.tries, len(WAITS)) - 1]
        raise NotYet("call-not-taken", reason, "It is tried again by itself.", after=after)


def _told(waiting: Call, webhook: Webhook) -> tuple[int | None, str]:
    """The status of the answer, if there was one, and why it does not count."""
    body = waiting.body.encode()
    signed = webhooks.headers(queries.secrets(webhook), call=waiting.pk, timestamp=int(clock.now().timestamp()), body=body)
    try:
        answer = egress.fetch("POST", webhook.url, headers={**signed, "Content-Type": "application/json"}, body=body, most_bytes=64_000)
    except Refused as no:
        return None, str(no)
    return answer.status, "" if 200 <= answer.status < 300 else f"It answered with status {answer.status}."


call.rank = 6  # type: ignore[attr-defined]
