"""Any sequence of what buyers and sellers do with orders keeps what must hold of money."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cairn.apps.payments import commands, queries
from cairn.apps.payments.models import Entitlement, Invoice, Order, OrderLine, Payment, Voucher
from cairn.kernel.errors import Refused
from tests.money_world import MoneyWorld

pytestmark = pytest.mark.long
PEOPLE = 3
WHAT = ["place", "place", "both", "both", "invoice", "void", "paid", "paid", "refund", "refund", "redeem", "places", "replay"]
STEPS = st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, PEOPLE - 1), st.integers(1, 300)), min_size=4, max_size=25)


class Play:
    """Three people who have begun two things each, the first of them a member; one seller, one voucher for three; whatever is refused is
    refused with a sentence and a remedy."""

    def __init__(self) -> None:
        self.money = MoneyWorld()
        self.admin = self.money.admin
        people = [self.money.person(f"Person{n} Reed") for n in range(PEOPLE)]
        self.money.prices()
        self.money.member(people[0], valid_from="2020-01-01")
        self.places = [(each, self.money.begun(each, self.money.offering)) for each in people]
        self.more = [self.money.begun(each, self.money.another) for each in people]
        made = commands.issue_voucher(actor=self.admin, organization_id=self.money.issuer.pk, label="", uses=3, percent=30,
                                      starts_on=self.money.price(200_00).starts_on)  # fmt: skip
        self.code, self.refusals = queries.code_of(made.pk), []

    def step(self, what: str, who: int, number: int) -> None:
        person, place = self.places[who]
        order = Order.objects.order_by("placed_at", "pk")[number % 7 : number % 7 + 1].first() or Order.objects.first()
        if what == "place":
            self.tried(commands.place_order, actor=person, entitlement_ids=[place.pk], po_number="PO-1" if number % 2 else "")
        elif what == "both":
            both = [place.pk, self.more[who].pk]
            self.tried(commands.place_order, actor=person, entitlement_ids=both, po_number="PO-2" if number % 2 else "")
        elif what == "redeem":
            self.tried(commands.redeem, actor=person, entitlement_id=(place if number % 2 else self.more[who]).pk, code=self.code)
        elif what == "places":
            self.tried(commands.order_places, actor=self.admin, payer_id=self.money.issuer.pk, sold=self.money.sold, places=number)
        elif order is None:
            return
        elif what == "invoice":
            self.tried(commands.invoice_order, actor=self.admin, order_id=order.pk)
        elif what == "void":
            self.tried(commands.void_order, actor=self.admin, order_id=order.pk, reason="Not wanted")
        elif what == "paid":
            self.tried(commands.mark_paid, actor=self.admin, order_id=order.pk, reference=f"Check {number % 5}")
        elif what == "refund":
            line = list(order.lines.order_by("pk"))[number % order.lines.count()]
            self.tried(commands.refund, actor=self.admin, order_id=order.pk, line_id=line.pk, cents=number * 100, reason="A part")
        else:
            for _ in range(2):
                told = {"order_id": order.pk, "line_id": order.lines.order_by("pk")[0].pk, "cents": number, "reason": "Twice"}
                self.tried(commands.refund, actor=self.admin.with_key(f"key-{number}-{order.pk}"), **told)

    def tried(self, command, **given) -> None:
        try:
            command(**given)
        except Refused as refusal:
            self.refusals.append(refusal)

    def require_order(self) -> None:
        assert all(refusal.message and refusal.remedy for refusal in self.refusals)
        for order in Order.objects.all():
            came = sum(Payment.objects.filter(order=order, kind="paid").values_list("cents", flat=True))
            went = sum(Payment.objects.filter(order=order, kind="refunded").values_list("cents", flat=True))
            assert (came, went) == (order.paid_cents, order.refunded_cents)
            assert 0 <= came - went <= order.total_cents
            assert order.total_cents == sum(line.cents for line in order.lines.all())
            for line in order.lines.all():
                back = sum(Payment.objects.filter(line=line).values_list("cents", flat=True))
                assert back == line.refunded_cents <= (line.cents if came else 0)
            assert went == sum(line.refunded_cents for line in order.lines.all())
            asked = sum(paper.cents for paper in order.invoices.filter(kind="invoice"))
            assert asked == (0 if order.state == "open" or not order.invoices.exists() else order.total_cents)
            assert sum(paper.cents for paper in order.invoices.filter(kind="credit-note")) <= order.total_cents
        numbers = list(Invoice.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1)), "a number is left out or given twice"
        for place in Entitlement.objects.all():
            live = OrderLine.objects.filter(entitlement=place, is_void=False)
            assert live.count() <= 1, "charged twice"
            assert all(line.unit_cents == place.due_cents for line in live)
        for voucher in Voucher.objects.all():
            assert voucher.uses_taken == voucher.uses.count() <= voucher.uses_most
        references = list(Payment.objects.filter(kind="paid").values_list("reference", flat=True))
        assert len(references) == len(set(references))


class OrdersTest(TestCase):
    @settings(max_examples=12, deadline=None)
    @given(STEPS)
    def test_money_adds_up_whatever_is_done_in_whatever_order(self, steps):
        play = Play()
        for step in steps:
            play.step(*step)
            play.require_order()
