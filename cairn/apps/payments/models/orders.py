"""Orders with their lines, invoices in an unbroken sequence, money that came and went, and cards at a provider."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cairn.apps.payments.states import CHECKOUT, INVOICE_KINDS, LINE_KINDS, ORDER, PAYMENT_KINDS, PROVIDERS
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import InternalQuerySet, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock

LATE_NOTICE = timedelta(minutes=15)


class TermsQuerySet(VisibleQuerySet["Terms"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Admins of the organization."""
        return everyone() if viewer.is_system else Q(organization_id__in=viewer.scopes("organization admin", "organization"))


class Terms(models.Model):
    """How an organization sells: its words on invoices, ways to pay, and the last number of its invoices."""

    id = IdField()
    organization = models.OneToOneField("people.Organization", on_delete=models.PROTECT, related_name="+")
    address = models.TextField(blank=True)  # of the organization, as it stands on invoices
    how_to_pay = models.TextField(blank=True)  # where checks and transfers go
    days_to_pay = models.PositiveSmallIntegerField(default=30)
    provider = models.CharField(max_length=20, choices=list(PROVIDERS.items()), default="purchase-order")
    provider_account = models.CharField(max_length=60, blank=True)  # the organization's own account at the provider
    rebate_days = models.PositiveSmallIntegerField(default=0)  # for so long a membership that begins later still lowers a price
    last_number = models.PositiveIntegerField(default=0)

    objects = TermsQuerySet.as_manager()


class OrderQuerySet(VisibleQuerySet["Order"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The buyer; admins of the organization that pays, and of the one that sells; coordinators of the latter, and of a program that
        sold a part of it."""
        if viewer.is_system:
            return everyone()
        programs = viewer.scopes("coordinator", "program")
        sold = Q(Exists(OrderLine.objects.filter(order=OuterRef("pk"), program_id__in=programs))) if programs else nobody()
        return self._whole(viewer) | sold if viewer.person_id else nobody()

    def whole_to(self, viewer: Actor) -> OrderQuerySet:
        """Those of which the viewer sees everything; of a program that sold a part, its coordinators see that part."""
        if viewer.is_system:
            return self.all()
        programs = viewer.scopes("coordinator", "program")
        others = OrderLine.objects.filter(order=OuterRef("pk")).exclude(program_id__in=programs)
        return self.filter(self._whole(viewer) | (~Q(Exists(others)) if programs else nobody())) if viewer.person_id else self.none()

    def _whole(self, viewer: Actor) -> Q:
        own = viewer.scopes("organization admin", "organization")
        sells = own | viewer.scopes("coordinator", "organization")
        return Q(person_id=viewer.person_id) | Q(payer_id__in=own) | Q(organization_id__in=sells)


class Order(models.Model):
    """What one buyer asks for from one organization; totals are fixed when it is placed."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")  # who sells
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")  # who placed it
    payer = models.ForeignKey("people.Organization", on_delete=models.PROTECT, null=True, related_name="+")  # nobody: the person
    po_number = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=ORDER.choices, default=ORDER.initial)
    total_cents = models.PositiveIntegerField()
    paid_cents = models.PositiveIntegerField(default=0)
    refunded_cents = models.PositiveIntegerField(default=0)
    placed_at = models.DateTimeField(default=clock.now)
    due_on = models.DateField(null=True)  # from the invoice on
    overdue_at = models.DateTimeField(null=True)  # when those who pay were told that the day is over

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total_cents__gt=0), name="free_things_make_no_order"),
            models.CheckConstraint(condition=Q(paid_cents__lte=F("total_cents")), name="never_paid_twice"),
            models.CheckConstraint(condition=Q(refunded_cents__lte=F("paid_cents")), name="never_more_back_than_paid"),
        ]
        indexes = [
            models.Index(fields=["organization", "placed_at"]),
            models.Index(fields=["person", "placed_at"]),
            models.Index(fields=["due_on"], condition=Q(state="invoiced", overdue_at=None), name="orders_to_be_paid"),
        ]

    @property
    def is_overdue(self) -> bool:
        return self.state == "invoiced" and self.overdue_at is not None


class OrderLineQuerySet(VisibleQuerySet["OrderLine"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever sees all of the order; coordinators of the program that sold it."""
        whole = Q(Exists(Order.objects.whole_to(viewer).filter(pk=OuterRef("order_id"))))
        return whole | Q(program_id__in=viewer.scopes("coordinator", "program"))


class OrderLine(models.Model):
    """Somebody's place at the price that was fixed for them, or so many places in advance."""

    id = IdField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    entitlement = models.ForeignKey("payments.Entitlement", on_delete=models.PROTECT, null=True, related_name="lines")
    sold_kind = models.CharField(max_length=20, choices=list(LINE_KINDS.items()))
    sold_id = models.CharField(max_length=20)
    sold_name = models.CharField(max_length=200)
    places = models.PositiveIntegerField(default=1)
    unit_cents = models.PositiveIntegerField()
    program_id = models.CharField(max_length=20, blank=True)  # which sold it, of a capability above
    refunded_cents = models.PositiveIntegerField(default=0)
    is_void = models.BooleanField(default=False)

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entitlement"], condition=Q(is_void=False), name="ordered_once"),
            models.CheckConstraint(condition=Q(entitlement=None) | Q(places=1), name="a_line_of_ones_own_has_one_place"),
            models.CheckConstraint(condition=Q(places__gte=1), name="a_line_has_a_place"),
            models.CheckConstraint(
                condition=Q(refunded_cents__lte=F("places") * F("unit_cents")), name="never_more_back_than_the_line_costs"
            ),
        ]
        indexes = [models.Index(fields=["program_id"], condition=~Q(program_id=""), name="lines_of_a_program")]

    @property
    def cents(self) -> int:
        return self.places * self.unit_cents

    @property
    def left_cents(self) -> int:
        """What may still be given back for it, once the order is paid."""
        return self.cents - self.refunded_cents


class InvoiceQuerySet(VisibleQuerySet["Invoice"]):
    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(Order.objects.whole_to(viewer).filter(pk=OuterRef("order_id"))))


class Invoice(models.Model):
    """An invoice or a credit note, numbered without a gap; the words stay as they went out. The database refuses changes."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=12, choices=list(INVOICE_KINDS.items()))
    number = models.PositiveIntegerField()
    cents = models.PositiveIntegerField()
    words = models.JSONField()  # all that stands on it
    issued_on = models.DateField()
    issued_at = models.DateTimeField(default=clock.now)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="invoice_number_once"),
            models.UniqueConstraint(fields=["order"], condition=Q(kind="invoice"), name="invoiced_once"),
        ]


class PaymentQuerySet(VisibleQuerySet["Payment"]):
    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(Order.objects.whole_to(viewer).filter(pk=OuterRef("order_id"))))


class Payment(models.Model):
    """Money that came or was given back, and by what reference the books know it."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, null=True, related_name="+")  # for which it was given back
    kind = models.CharField(max_length=10, choices=list(PAYMENT_KINDS.items()))
    provider = models.CharField(max_length=20, choices=list(PROVIDERS.items()))
    cents = models.PositiveIntegerField()
    reference = models.CharField(max_length=80)  # a check's number, a transfer's, the provider's
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")  # nobody: the provider's notice
    made_at = models.DateTimeField(default=clock.now)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="money_is_more_than_nothing"),
            models.UniqueConstraint(fields=["organization", "reference"], condition=Q(kind="paid"), name="one_payment_per_reference"),
        ]


class CheckoutQuerySet(VisibleQuerySet["Checkout"]):
    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(Order.objects.whole_to(viewer).filter(pk=OuterRef("order_id"))))

    def live(self) -> CheckoutQuerySet:
        return self.filter(state__in=("asked", "ready"), ends_at__gt=clock.now())

    def under_way(self) -> CheckoutQuerySet:
        """Live, or over so lately that the provider may still tell of a card that was charged at the last moment."""
        return self.filter(state__in=("asked", "ready"), ends_at__gt=clock.now() - LATE_NOTICE)


class Checkout(models.Model):
    """A page of the provider's on which an order can be paid by card, for half an hour."""

    id = IdField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="checkouts")
    provider = models.CharField(max_length=20, choices=list(PROVIDERS.items()))
    state = models.CharField(max_length=10, choices=CHECKOUT.choices, default=CHECKOUT.initial)
    session = models.CharField(max_length=120, blank=True)  # by which the provider knows it
    address = models.URLField(max_length=1000, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()

    objects = CheckoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(state__in=("asked", "ready")), name="one_checkout_at_a_time"),
            models.UniqueConstraint(fields=["provider", "session"], condition=~Q(session=""), name="one_checkout_per_session"),
        ]


class PaymentNotice(models.Model):
    """What a provider told, once for each of its events."""

    id = IdField()
    provider = models.CharField(max_length=20, choices=list(PROVIDERS.items()))
    event = models.CharField(max_length=120)
    kind = models.CharField(max_length=80)
    checkout = models.ForeignKey(Checkout, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(default=clock.now)

    objects = InternalQuerySet["PaymentNotice"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event"], name="one_notice_per_event")]
