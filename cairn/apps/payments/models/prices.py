"""What things cost, for whom and when; and what somebody's place costs them, fixed when it was taken."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cairn.apps.payments.states import SOLD_KINDS
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import PublicQuerySet, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class Price(models.Model):
    """Of one thing, for everyone or for the members of one association. Of those for a day and an audience the latest entered holds:
    nothing is written over, so that it can be read later what was asked when."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")  # who sells
    sold_kind = models.CharField(max_length=20, choices=list(SOLD_KINDS.items()))
    sold_id = models.CharField(max_length=20)  # a thing of the catalog, or of a capability above
    sold_name = models.CharField(max_length=200)
    audience = models.ForeignKey("people.Organization", on_delete=models.PROTECT, null=True, related_name="+")  # nobody: everyone
    cents = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    entered_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = PublicQuerySet["Price"].as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="price_ends_after_start")]
        indexes = [models.Index(fields=["sold_id"], condition=Q(withdrawn_at=None), name="price_of")]


class EntitlementQuerySet(VisibleQuerySet["Entitlement"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whose place it is; admins and coordinators of the organization that sells, and coordinators of the program that does."""
        if viewer.is_system:
            return everyone()
        own = viewer.scopes("organization admin", "organization") | viewer.scopes("coordinator", "organization")
        sells = Q(organization_id__in=own) | Q(program_id__in=viewer.scopes("coordinator", "program"))
        return Q(person_id=viewer.person_id) | sells if viewer.person_id else nobody()


class Entitlement(models.Model):
    """What somebody's place costs them, and why: fixed when it was taken, whatever prices and memberships do later."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")  # who sells
    # Of programs, above: the seat in which nothing is begun yet, the run, or both.
    place_id = models.CharField(max_length=20, blank=True)
    enrollment_id = models.CharField(max_length=20, blank=True)
    sold_kind = models.CharField(max_length=20, choices=list(SOLD_KINDS.items()))
    sold_id = models.CharField(max_length=20)
    sold_name = models.CharField(max_length=200)
    within = models.CharField(max_length=20, blank=True)  # of an offering, its micro-credential
    program_id = models.CharField(max_length=20, blank=True)  # of an offering, the program that sells it
    cents = models.PositiveIntegerField()
    off_cents = models.PositiveIntegerField(default=0)  # by a voucher
    why = models.CharField(max_length=300)
    price = models.ForeignKey(Price, on_delete=models.PROTECT, null=True, related_name="+")
    locked_at = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True)  # left before anything was ordered

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(off_cents__lte=F("cents")), name="never_less_than_nothing"),
            models.CheckConstraint(condition=~Q(place_id="") | ~Q(enrollment_id=""), name="a_price_is_of_something"),
            models.UniqueConstraint(fields=["place_id"], condition=~Q(place_id=""), name="one_price_each_seat"),
            models.UniqueConstraint(fields=["enrollment_id"], condition=~Q(enrollment_id=""), name="one_price_each_run"),
        ]
        indexes = [models.Index(fields=["person", "locked_at"])]

    @property
    def thread(self) -> str:
        """To whose chain of facts it belongs."""
        return self.enrollment_id or self.place_id

    @property
    def due_cents(self) -> int:
        return self.cents - self.off_cents
