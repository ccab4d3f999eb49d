"""Vouchers: codes that take something off, so many times; and each time that one did."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cairn.apps.payments.states import SOLD_KINDS
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class VoucherQuerySet(VisibleQuerySet["Voucher"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Admins of the organization that gives it, and of the one that it was given to."""
        if viewer.is_system:
            return everyone()
        own = viewer.scopes("organization admin", "organization")
        return Q(organization_id__in=own) | Q(issued_to_id__in=own)


class Voucher(models.Model):
    """The code itself is not kept: it follows from the id and the site's secret, and only its hash stands here."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")  # whose things it is good for
    issued_to = models.ForeignKey("people.Organization", on_delete=models.PROTECT, null=True, related_name="+")
    label = models.CharField(max_length=120)
    code_hash = models.CharField(max_length=64, unique=True)  # hex SHA-256 of 80 bits
    percent = models.PositiveSmallIntegerField(null=True)
    off_cents = models.PositiveIntegerField(null=True)
    sold_kind = models.CharField(max_length=20, choices=list(SOLD_KINDS.items()), blank=True)
    sold_id = models.CharField(max_length=20, blank=True)  # empty: everything that the organization sells
    uses_most = models.PositiveIntegerField()
    uses_taken = models.PositiveIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    # Places that were ordered in advance: the line of the order.
    line = models.OneToOneField("payments.OrderLine", on_delete=models.PROTECT, null=True, related_name="voucher")

    objects = VoucherQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uses_taken__lte=F("uses_most")), name="voucher_uses_left"),
            models.CheckConstraint(condition=Q(percent=None) ^ Q(off_cents=None), name="voucher_takes_a_part_or_a_sum"),
            models.CheckConstraint(condition=Q(percent=None) | Q(percent__gte=1, percent__lte=100), name="voucher_percent"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="voucher_ends_after_start"),
        ]


class VoucherUseQuerySet(VisibleQuerySet["VoucherUse"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever used it, and admins of the organization that gives it: whom it was given to sees how many, and not who."""
        if viewer.is_system:
            return everyone()
        own = viewer.scopes("organization admin", "organization")
        return Q(entitlement__person_id=viewer.person_id) | Q(voucher__organization_id__in=own) if viewer.person_id else nobody()


class VoucherUse(models.Model):
    id = IdField()
    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="uses")
    entitlement = models.OneToOneField("payments.Entitlement", on_delete=models.PROTECT, related_name="voucher_use")
    off_cents = models.PositiveIntegerField()
    used_at = models.DateTimeField(default=clock.now)

    objects = VoucherUseQuerySet.as_manager()
