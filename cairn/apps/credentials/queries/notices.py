"""Whom to tell of what happens to a credential, and in which words. Not here: writing and sending letters (comms)."""

from __future__ import annotations

from typing import Any

from cairn.apps.comms.queries import Notice
from cairn.apps.credentials.models import Credential, Recipient
from cairn.apps.credentials.queries.shared import link_of
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_moment


def issued_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    c = Credential.objects.visible_to(viewer).select_related("person", "issuer", "version__microcredential").get(pk=fact.subject_id)
    path = f"/credentials/{c.pk}/" if c.signed else f"/portfolio/{c.enrollment_id}/"
    words: dict[str, Any] = {"title": c.version.microcredential.title, "issuer": c.issuer.name, "path": path}
    return (Notice(fact.kind, c.person_id, c.person.name, c.person.email, words),)


revoked_notice = reinstated_notice = issued_notice


def named_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Whoever was named by address. A link that was renewed or taken back meanwhile is not sent."""
    recipient = Recipient.objects.visible_to(viewer).select_related("page__person").get(pk=fact.subject_id)
    page = recipient.page
    if not recipient.address or recipient.ended_at or page.ended_at:
        return ()
    words: dict[str, Any] = {
        "educator": page.person.name, "title": page.title, "said": page.words, "way": link_of(recipient), "passcode": bool(page.passcode),
        "until": long_moment(page.expires_at, people.zone_of(page.person_id)),
    }  # fmt: skip
    owner = people.owner_of_address(recipient.address) or ""
    return (Notice(fact.kind, owner, "", recipient.address, words),)


renewed_notice = named_notice
