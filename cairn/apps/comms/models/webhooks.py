"""Webhooks: addresses of an organization that are called when something happens there, and each call. Not here: signing (pure.webhooks)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.comms.states import CALL, WEBHOOK_STATES
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class WebhookQuerySet(VisibleQuerySet["Webhook"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Admins of the organization."""
        if viewer.is_system:
            return everyone()
        mine = viewer.scopes("organization admin", "organization")
        return Q(organization_id__in=mine) if mine else nobody()


class Webhook(models.Model):
    """Its secret follows from the id, the generation and the site's secret; the last generation signs too until `old_until`."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=2000)
    kinds = models.JSONField()  # of facts
    state = models.CharField(max_length=10, choices=list(WEBHOOK_STATES.items()), default="on")
    generation = models.PositiveIntegerField(default=1)
    old_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)  # none of its calls has been taken since
    made_at = models.DateTimeField(default=clock.now)

    objects = WebhookQuerySet.as_manager()


class CallQuerySet(VisibleQuerySet["Call"]):
    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(Webhook.objects.visible_to(viewer).filter(pk=OuterRef("webhook_id"))))


class Call(models.Model):
    """One message to one address: told again until it is taken, always under the same id."""

    id = IdField()
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="calls")
    kind = models.CharField(max_length=80)
    cause = models.CharField(max_length=20)  # uid of the fact, or a new id for a trial
    body = models.TextField()
    state = models.CharField(max_length=10, choices=CALL.choices, default=CALL.initial)
    tries = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now)
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    reason = models.CharField(max_length=300, blank=True)  # why the last one did not count

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "cause"], name="called_once_for_a_fact")]
        indexes = [models.Index(fields=["webhook", "made_at"])]
