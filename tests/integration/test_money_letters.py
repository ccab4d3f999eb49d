"""Letters for money: an invoice, a payment, money given back, a day that is over; to those who pay, and once."""

from __future__ import annotations

from datetime import date

import pytest

from cairn.apps.comms.models import Letter
from cairn.apps.payments import commands, queries
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, NotFound
from cairn.kernel.ids import new_id
from cairn.site.jobs import tell_of_overdue_orders
from cairn.site.worker import drain
from tests.integration.test_public_pages import client_of, text_of
from tests.money_world import MoneyWorld, noon
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def money(db):
    return MoneyWorld()


@pytest.fixture
def sale(money):
    """An order that a district pays, invoiced on May 10 and due on June 9: the buyer, the district's admin, the order."""
    with clock.at(noon("2026-05-10")):
        district = money.organization("Near Schools", kind="district")
        bookkeeper = money.person("Bea Keeper", organization_admin=district)
        dana, place = money.owing("Dana Whitfield", works_at=district)
        order = commands.place_order(actor=dana, entitlement_ids=[place.pk], payer_id=district.pk, po_number="PO-7")
        drain()
    return dana, bookkeeper, order


def letters(kind):
    return {letter.person_id: letter for letter in Letter.objects.filter(kind=f"payments.{kind}")}


def paid(money, order, day="2026-05-20"):
    with clock.at(noon(day)):
        commands.mark_paid(actor=money.admin, order_id=order.pk, reference="Check 8")
        drain()


def test_an_invoice_is_told_to_the_buyer_and_to_whoever_keeps_the_payers_books(sale):
    dana, bookkeeper, order = sale
    told = letters("invoiced")
    assert set(told) == {dana.person_id, bookkeeper.person_id}
    letter = told[bookkeeper.person_id]
    assert letter.subject == "Invoice 1 of River Bend Institute: $200.00"
    for words in ("asks Near Schools for $200.00", "by June 9, 2026", "purchase order PO-7", f"/account/orders/{order.pk}/"):
        assert words in letter.text
    assert "Invoice 1 of River Bend Institute" in text_of(client_of(dana).get("/notices/"))


def test_what_is_paid_on_the_way_brings_one_letter_and_no_invoice_to_pay(money):
    dana, place = money.owing()
    order = commands.place_order(actor=dana, entitlement_ids=[place.pk])
    commands.mark_paid(actor=money.admin, order_id=order.pk, reference="Check 9")
    drain()
    assert letters("invoiced") == {}
    assert letters("paid")[dana.person_id].subject == "Paid: $200.00 to River Bend Institute"


def test_money_given_back_is_told_with_its_reason(money, sale):
    dana, bookkeeper, order = sale
    paid(money, order)
    commands.refund(actor=money.admin, order_id=order.pk, cents=50_00, reason="The last meeting was canceled.")
    drain()
    told = letters("refunded")
    assert set(told) == set(letters("paid")) == {dana.person_id, bookkeeper.person_id}
    assert told[dana.person_id].subject == "River Bend Institute gives $50.00 back"
    assert "The last meeting was canceled." in told[dana.person_id].text


def test_those_who_pay_hear_once_that_the_day_is_over_and_not_before(money, sale):
    dana, _, order = sale
    for day, told in (("2026-06-09", 0), ("2026-06-10", 2), ("2026-06-11", 2)):
        with clock.at(noon(day)):
            tell_of_overdue_orders(SYSTEM)
            drain()
        assert len(letters("overdue")) == Letter.objects.filter(kind="payments.overdue").count() == told, day
    assert "it was to be paid by June 9, 2026" in letters("overdue")[dana.person_id].text
    page = text_of(client_of(money.admin).get(f"/org/{money.issuer.slug}/money/"))
    assert "$200.00 overdue" in page
    paid(money, order, "2026-06-12")
    assert not queries.order(dana, order.pk).is_overdue


def test_nobody_is_pressed_for_what_is_paid_called_off_or_being_paid_by_card(money, sale):
    dana, _, order = sale
    others = [commands.place_order(actor=who, entitlement_ids=[place.pk], po_number="PO") for who, place in (money.owing(), money.owing())]
    for each in others:
        type(each).objects.filter(pk=each.pk).update(due_on=date(2026, 6, 9))
    commands.mark_paid(actor=money.admin, order_id=others[0].pk, reference="Check 1")
    commands.void_order(actor=money.admin, order_id=others[1].pk, reason="Ordered twice.")
    with clock.at(noon("2026-06-10")):
        order.checkouts.create(provider="stripe", state="ready", ends_at=clock.now())
        tell_of_overdue_orders(SYSTEM)
        drain()
        assert letters("overdue") == {}
    with clock.at(noon("2026-06-11")):  # the page to pay on has run out, and nobody has paid there
        tell_of_overdue_orders(SYSTEM.with_key(key := new_id()))
        commands.tell_overdue(actor=SYSTEM.with_key(key), order_id=order.pk)
        drain()
    assert dana.person_id in letters("overdue")


def test_only_the_clock_says_that_a_day_is_over(sale):
    dana, _, order = sale
    for actor in (VISITOR, dana):
        with pytest.raises(Forbidden):
            commands.tell_overdue(actor=actor, order_id=order.pk)
    with pytest.raises(NotFound):
        commands.tell_overdue(actor=SYSTEM, order_id=new_id())
