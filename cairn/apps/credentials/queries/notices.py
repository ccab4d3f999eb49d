"""Whom to tell of what happens to a credential, and in which words. Not here: writing and sending letters (comms)."""

from __future__ import annotations

from typing import Any

from cairn.apps.comms.queries import Notice
from cairn.apps.credentials.models import Credential
from cairn.frame.actor import Actor
from cairn.kernel.facts import Recorded


def issued_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    c = Credential.objects.visible_to(viewer).select_related("person", "issuer", "version__microcredential").get(pk=fact.subject_id)
    path = f"/credentials/{c.pk}/" if c.signed else f"/portfolio/{c.enrollment_id}/"
    words: dict[str, Any] = {"title": c.version.microcredential.title, "issuer": c.issuer.name, "path": path}
    return (Notice(fact.kind, c.person_id, c.person.name, c.person.email, words),)


revoked_notice = reinstated_notice = issued_notice
