"""Many who use the last of a voucher, invoice, pay and order at the same time: each thing happens once, and no number is left out."""

from __future__ import annotations

import pytest

from cairn.apps.payments import commands, queries
from cairn.apps.payments.models import Invoice, Order, OrderLine, Payment, Voucher
from cairn.kernel.errors import Refused
from tests.integration.test_money import two_places
from tests.integration.test_seat_races import together
from tests.money_world import MoneyWorld

pytestmark = pytest.mark.long
CLIENTS, ROUNDS = 12, 8


@pytest.fixture
def money(transactional_db):
    return MoneyWorld()


def tried(command, **given):
    """A thread's work: done, or refused in words; anything else fails the test."""

    def work():
        try:
            done.append(command(**given))
        except Refused:
            refused.append(command)

    done, refused = tried.done, tried.refused
    return work


@pytest.fixture(autouse=True)
def _counts():
    tried.done, tried.refused = [], []


def test_the_last_use_of_a_voucher_goes_to_exactly_one(money):
    places = [money.owing(f"Person{n} Reed") for n in range(CLIENTS)]
    for round_ in range(ROUNDS):
        voucher = commands.issue_voucher(actor=money.admin, organization_id=money.issuer.pk, label="", uses=1, off_cents=1,
                                         starts_on=money.price(200_00).starts_on)  # fmt: skip
        code = queries.code_of(voucher.pk)
        before = len(tried.done)
        together([tried(commands.redeem, actor=actor, entitlement_id=place.pk, code=code) for actor, place in places])
        voucher.refresh_from_db()
        assert (len(tried.done) - before, voucher.uses_taken, voucher.uses.count()) == (1, 1, 1), f"round {round_}"


def test_invoices_made_at_once_are_numbered_without_a_gap(money):
    orders = [money.ordered() for _ in range(CLIENTS)]
    doomed = [money.ordered(po_number="PO-1") for _ in range(4)]
    works = [tried(commands.invoice_order, actor=money.admin, order_id=order.pk) for order in orders]
    works += [tried(commands.void_order, actor=money.admin, order_id=order.pk, reason="Not wanted") for order in doomed]
    works += [tried(commands.mark_paid, actor=money.admin, order_id=order.pk, reference="Check 1") for order in orders]
    together(works)
    numbers = list(Invoice.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, CLIENTS + 2 * 4 + 1))
    assert Payment.objects.filter(reference="Check 1").count() == 1
    assert Order.objects.filter(state="paid").count() == 1


def test_one_place_is_ordered_once_and_one_order_paid_and_refunded_once(money):
    for round_ in range(ROUNDS):
        actor, place = money.owing()
        together([tried(commands.place_order, actor=actor, entitlement_ids=[place.pk], po_number="PO-1") for _ in range(CLIENTS)])
        order = OrderLine.objects.get(entitlement=place).order
        together([tried(commands.mark_paid, actor=money.admin, order_id=order.pk, reference=f"{round_}-{n}") for n in range(6)])
        assert Payment.objects.filter(order=order, kind="paid").count() == 1
        together([tried(commands.refund, actor=money.admin, order_id=order.pk, cents=150_00, reason="A part") for _ in range(6)])
        order.refresh_from_db()
        assert (order.refunded_cents, Payment.objects.filter(order=order, kind="refunded").count()) == (150_00, 1)
    assert not Voucher.objects.exists()


def test_of_two_places_on_one_order_many_refunds_at_once_give_back_no_more_than_each_cost(money):
    order, dear = two_places(money)
    lines = list(order.lines.order_by("pk"))
    works = [tried(commands.refund, actor=money.admin, order_id=order.pk, line_id=line.pk, cents=40_00, reason="A part")
             for line in lines for _ in range(CLIENTS // 2)]  # fmt: skip
    together(works)
    back = {line.pk: line.refunded_cents for line in order.lines.all()}
    assert back == {line.pk: 160_00 if line.pk == dear.pk else 40_00 for line in lines}
    assert Payment.objects.filter(order=order, kind="refunded").count() == 5
