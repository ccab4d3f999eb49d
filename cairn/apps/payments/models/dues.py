"""What assessors are paid for a score sheet, and what they are owed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class RateQuerySet(VisibleQuerySet["Rate"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Admins of the organization that pays."""
        return everyone() if viewer.is_system else Q(organization_id__in=viewer.scopes("organization admin", "organization"))


class Rate(models.Model):
    """What one locked sheet earns its assessor from a day on, in one micro-credential or in all; the latest entered holds."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    microcredential = models.ForeignKey("catalog.Microcredential", on_delete=models.PROTECT, null=True, related_name="+")  # none: all
    cents = models.PositiveIntegerField()
    starts_on = models.DateField()
    entered_at = models.DateTimeField(default=clock.now)

    objects = RateQuerySet.as_manager()


class DueQuerySet(VisibleQuerySet["Due"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The assessor; admins of the organization that pays, whose pages show sums and no cases."""
        if viewer.is_system:
            return everyone()
        own = viewer.scopes("organization admin", "organization")
        return Q(assessor_id=viewer.person_id) | Q(organization_id__in=own) if viewer.person_id else nobody()


class Due(models.Model):
    """What an assessor is owed for one sheet, whatever was decided."""

    id = IdField()
    assessor = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    sheet_id = models.CharField(max_length=20, unique=True)  # of assessment, above
    code_name = models.CharField(max_length=30)  # all that the assessor knows of whose work it was
    cents = models.PositiveIntegerField()
    earned_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    payout = models.CharField(max_length=80, blank=True)  # by which the books know the payment

    objects = DueQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(paid_at=None) ^ ~Q(payout=""), name="paid_has_a_reference")]
        indexes = [models.Index(fields=["organization", "paid_at"]), models.Index(fields=["assessor", "earned_at"])]
