"""Reading webhooks: which there are, what they may be told, their secrets, and what became of their calls."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from cairn.apps.comms.models import Call, Webhook
from cairn.frame import wiring
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.facts import Recorded

CONSEQUENCE = "webhooks"  # what wiring calls it: the kinds that it names there are those that may be told
TRIAL = "test"  # the kind of a call that somebody makes to see whether it arrives


def offered_kinds() -> tuple[str, ...]:
    """Kinds of facts that webhooks may be told: a closed list, which site.wiring holds."""
    return tuple(sorted(kind for kind, work in wiring.table().items() if CONSEQUENCE in work))


def webhooks(viewer: Actor, organization_id: str) -> QuerySet[Webhook]:
    """Those of an organization that have not been removed, the latest first."""
    found = Webhook.objects.visible_to(viewer).filter(organization_id=organization_id).exclude(state="removed")
    return found.order_by("-made_at", "pk")


def webhook(viewer: Actor, webhook_id: str) -> Webhook:
    return Webhook.objects.visible_to(viewer).select_related("organization").get_or_not_found(pk=webhook_id)


def calls(viewer: Actor, webhook_id: str) -> QuerySet[Call]:
    """The latest first."""
    return Call.objects.visible_to(viewer).filter(webhook_id=webhook_id).order_by("-made_at", "-pk")


def call(viewer: Actor, call_id: str) -> Call:
    return Call.objects.visible_to(viewer).select_related("webhook__organization").get_or_not_found(pk=call_id)


def old_calls(viewer: Actor, before: datetime) -> QuerySet[Call]:
    return Call.objects.visible_to(viewer).filter(made_at__lt=before).exclude(state="queued")


def secret(webhook: Webhook, generation: int | None = None) -> bytes:
    """Follows from the site's own secret, so that none lies in the database."""
    words = f"webhook\n{webhook.pk}\n{generation or webhook.generation}"
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), hashlib.sha256).digest()


def secrets(webhook: Webhook) -> tuple[bytes, ...]:
    """Those that sign now: the new one and, for a day after it was made, the last one."""
    is_both = webhook.old_until is not None and webhook.old_until > clock.now()
    return (secret(webhook), secret(webhook, webhook.generation - 1)) if is_both else (secret(webhook),)


def told(fact: Recorded) -> str:
    """What a call says of a fact: what kind, when, and ids. Nothing of a person, and nothing that two readers must not know."""
    data = {
        "fact": fact.uid, "organization": fact.organization, "type": fact.subject_type.rpartition(".")[2].lower(), "id": fact.subject_id,
        "enrollment": fact.thread or None,
    }  # fmt: skip
    return json.dumps({"type": fact.kind, "timestamp": fact.at.isoformat(), "data": data}, separators=(",", ":"))


def webhook_of(viewer: Actor, fact: Recorded) -> Webhook:
    return webhook(viewer, fact.subject_id)
