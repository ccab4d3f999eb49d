"""Facts (what happened, for good), deliveries (what must follow), answers kept for repeats. Not here: Merkle tree, checkpoints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from cairn.apps.ledger.states import DELIVERY, JOB_STATES
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import InternalQuerySet, VisibleQuerySet, everyone, nobody
from cairn.frame.wiring import RANKS


class FactQuerySet(VisibleQuerySet["Fact"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Operators and the system read all; an organization's admins read what happened under their organization."""
        if viewer.is_system or viewer.holds("operator"):
            return everyone()
        own = viewer.scopes("organization admin", "organization")
        return Q(organization__in=own) if own else nobody()


class Fact(models.Model):
    """One thing that happened. Insert-only: triggers refuse update and delete."""

    id = models.BigAutoField(primary_key=True)  # order of insertion, never a public number
    uid = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    actor = models.CharField(max_length=40)
    on_behalf = models.CharField(max_length=40, blank=True)
    organization = models.CharField(max_length=20, blank=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=20)
    cause = models.CharField(max_length=20, blank=True)
    thread = models.CharField(max_length=20, blank=True)
    request = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - NULLs do not collide
    command = models.CharField(max_length=80)
    command_digest = models.CharField(max_length=64)
    body = models.TextField()  # canonical JSON (RFC 8785) of the whole fact: the exact bytes that the leaf hashes
    leaf = models.CharField(max_length=64)  # hex SHA-256(0x00 || body), RFC 9162 section 2.1.1

    objects = FactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "at"]),
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["thread"]),
            models.Index(fields=["cause"]),
            models.Index(fields=["organization", "at"]),
        ]


class PersonalValue(models.Model):
    """A personal value that a fact mentions, and the salt of its hash. Erasing the row leaves the fact provable."""

    id = IdField()
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=40)
    value = models.TextField()
    salt = models.CharField(max_length=32)

    objects = InternalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "field"], name="one_value_per_field")]


class DeliveryQuerySet(VisibleQuerySet["Delivery"]):
    def seen_by(self, viewer: Actor) -> Q:
        return everyone() if viewer.is_system or viewer.holds("operator") else nobody()

    def first_due(self, now: datetime) -> Delivery | None:
        """What is to be carried out next: what a worker that is gone left behind, else the first of the lowest rank. Asked rank by rank, in
        the words of the index, so that it is found as fast among a million as among ten: states that came as parameters would hide it
        from SQLite."""
        is_queued: Any = RawSQL("ledger_delivery.state IN ('queued', 'waiting')", (), output_field=models.BooleanField())
        left = self.filter(state="leased", lease_until__lt=now).order_by("lease_until")
        ready = (self.filter(is_queued, rank=rank, run_after__lte=now).order_by("run_after", "id") for rank in RANKS)
        return next(filter(None, (some.first() for some in (left, *ready))), None)


class Delivery(models.Model):
    """One consequence of one fact: the only queue there is."""

    id = IdField()
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="+")
    consequence = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=DELIVERY.choices, default=DELIVERY.initial)
    rank = models.SmallIntegerField(default=1)
    attempts = models.PositiveIntegerField(default=0)
    run_after = models.DateTimeField()
    lease = models.CharField(max_length=20, blank=True)  # fencing token: a worker whose lease ran out cannot finish
    lease_until = models.DateTimeField(null=True)
    code = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "delivery"
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["fact", "consequence"], name="one_delivery_per_consequence"),
            models.CheckConstraint(condition=Q(state__in=list(DELIVERY.moves)), name="delivery_state"),
        ]
        indexes = [
            models.Index(fields=["rank", "run_after", "id"], condition=Q(state__in=["queued", "waiting"]), name="delivery_due"),
            models.Index(fields=["lease_until"], condition=Q(state="leased"), name="delivery_leased"),
            models.Index(fields=["state", "ended_at"]),
        ]


class JobQuerySet(VisibleQuerySet["TimedJob"]):
    def seen_by(self, viewer: Actor) -> Q:
        return everyone() if viewer.is_system or viewer.holds("operator") else nobody()


class TimedJob(models.Model):
    """When each timed job last ran, and who holds it now: any number of workers may run."""

    name = models.CharField(max_length=60, primary_key=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in JOB_STATES], default="idle")
    next_at = models.DateTimeField()
    lease = models.CharField(max_length=20, blank=True)
    lease_until = models.DateTimeField(null=True)
    last_ended_at = models.DateTimeField(null=True)
    last_reason = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()


class Answer(models.Model):
    """What was answered to a program's request with a key, word for word: a repeated request gets it again, for a day.

    The fact keeps the key for good; this keeps what no fact holds: status, headers and body, also of a refusal.
    """

    key = models.CharField(max_length=64, primary_key=True)  # hex SHA-256 of whoever asked and their key
    request = models.CharField(max_length=64)  # hex SHA-256 of what was asked
    lease = models.CharField(max_length=20)  # whose work it is while there is no answer
    begun_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    objects = InternalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["begun_at"])]
