"""Prices, vouchers, orders, invoices and dues as commands: who may, what is refused, and that nothing happens twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cairn.apps.ledger.models import Fact
from cairn.apps.ledger.queries import seen
from cairn.apps.payments import commands, queries
from cairn.apps.payments.models import Due, Invoice, Order, OrderLine, Payment, Voucher, VoucherUse
from cairn.apps.people import commands as people
from cairn.apps.people.queries import actor_of
from cairn.apps.programs import commands as programs
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.money_world import MoneyWorld, noon
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def money(db):
    return MoneyWorld()


def voucher(money, **told):
    told = {"label": "Helpers", "uses": 1, "percent": 50, "starts_on": date(2020, 1, 1), **told}
    made = commands.issue_voucher(actor=told.pop("actor", money.admin), organization_id=money.issuer.pk, **told)
    return made, queries.code_of(made.pk)


# --- Prices ---------------------------------------------------------------------------------------------------------------


def test_of_two_prices_for_a_day_the_one_entered_last_holds_and_gives_way_when_its_days_are_over(money):
    dana = money.person()
    money.price(200_00)
    money.price(150_00, starts_on="2026-06-01", ends_on="2026-06-30")
    for day, cents in (("2026-05-31", 200_00), ("2026-06-01", 150_00), ("2026-06-30", 150_00), ("2026-07-01", 200_00)):
        with clock.at(noon(day)):
            assert money.quote(dana).cents == cents


def test_the_price_of_an_offering_stands_before_that_of_its_micro_credential(money):
    dana = money.person()
    whole = queries.Sold("microcredential", money.microcredential.pk, money.microcredential.title, money.issuer.pk)
    money.price(200_00, what=whole)
    assert money.quote(dana).cents == 200_00
    pilot = money.price(0)
    assert (money.quote(dana).is_free, money.quote(dana).why) == (True, "This costs nothing.")
    commands.withdraw_price(actor=money.admin, price_id=pilot.pk)
    assert money.quote(dana).cents == 200_00


def test_many_things_are_priced_in_as_many_questions_as_one(money):
    money.prices()
    dana, many = money.person(), [replace(money.sold, id=new_id()) for _ in range(30)]

    def asked(things):
        with CaptureQueriesContext(connection) as sent:
            assert set(queries.quotes(dana, things)) == {each.id for each in things}
        return len(sent)

    assert asked([money.sold]) == asked([money.sold, *many])


def test_only_admins_of_who_sells_enter_prices(money):
    for actor in (money.person(), money.secretary):
        with pytest.raises(Forbidden):
            commands.set_price(actor=actor, sold=money.sold, audience_id=None, cents=1, starts_on=date(2020, 1, 1))


def test_a_roster_row_without_an_account_is_found_by_whoever_confirms_its_address(money):
    money.prices()
    commands.enter_member(actor=money.secretary, organization_id=money.principals.pk, email="Later1@example.org", name="Lee Later",
                          valid_from=date(2020, 1, 1))  # fmt: skip
    lee = people.open_account(actor=SYSTEM, email="later1@example.org", password="a long passphrase", name="Lee Later")
    assert money.quote(actor_of(lee.pk)).cents == 180_00


def test_what_costs_nothing_makes_no_order(money):
    money.price(0)
    dana = money.person()
    run = programs.enroll(actor=dana, offering_id=money.offering.pk)
    place = queries.entitlement_of(dana, run.pk)
    assert (place.cents, list(queries.to_order(dana))) == (0, [])
    with pytest.raises(Conflict, match="Nothing is asked for"):
        commands.place_order(actor=dana, entitlement_ids=[place.pk])


def test_who_leaves_before_ordering_owes_nothing_and_has_used_no_voucher(money):
    dana, place = money.owing()
    made, code = voucher(money)
    commands.redeem(actor=dana, entitlement_id=place.pk, code=code)
    programs.withdraw(actor=dana, enrollment_id=place.enrollment_id)
    made.refresh_from_db()
    assert (made.uses_taken, VoucherUse.objects.count(), list(queries.to_order(dana))) == (0, 0, [])


def test_a_later_membership_lowers_a_price_only_where_the_organization_says_so_and_for_so_long(money):
    with clock.at(noon("2026-05-10")):
        money.prices()
        dana, place = money.owing()
        order = commands.place_order(actor=dana, entitlement_ids=[place.pk])
        commands.mark_paid(actor=money.admin, order_id=order.pk, reference="Check 1")
    money.member(dana, valid_from="2026-05-20")
    with clock.at(noon("2026-05-20")):
        with pytest.raises(Conflict, match="stays"):
            commands.lower_price(actor=dana, entitlement_id=place.pk)
        commands.set_terms(actor=money.admin, organization_id=money.issuer.pk, address="", how_to_pay="", days_to_pay=30,
                           provider="purchase-order", rebate_days=10)  # fmt: skip
    with clock.at(noon("2026-05-21")), pytest.raises(Conflict, match="stays"):
        commands.lower_price(actor=dana, entitlement_id=place.pk)
    with clock.at(noon("2026-05-20")):
        assert commands.lower_price(actor=dana, entitlement_id=place.pk).cents == 180_00
        order.refresh_from_db()
        assert (order.refunded_cents, order.state) == (20_00, "paid")
        with pytest.raises(Conflict, match="stays"):
            commands.lower_price(actor=dana, entitlement_id=place.pk)


# --- Vouchers -------------------------------------------------------------------------------------------------------------


def test_a_voucher_takes_its_part_off_however_its_code_is_typed(money):
    dana, place = money.owing(cents=199_99)
    _, code = voucher(money, percent=50)
    typed = code.upper().replace("-", " ").replace("0", "O").replace("1", "L")
    place = commands.redeem(actor=dana, entitlement_id=place.pk, code=typed)
    assert (place.off_cents, place.due_cents) == (100_00, 99_99)  # half a cent in the buyer's favor
    order = commands.place_order(actor=dana, entitlement_ids=[place.pk])
    assert order.total_cents == 99_99


def test_a_sum_never_takes_off_more_than_there_is(money):
    dana, place = money.owing(cents=50_00)
    _, code = voucher(money, percent=None, off_cents=80_00)
    assert commands.redeem(actor=dana, entitlement_id=place.pk, code=code).due_cents == 0


def test_a_voucher_is_used_as_often_as_it_may_be_and_its_code_is_not_kept(money):
    made, code = voucher(money, uses=1)
    dana, first = money.owing()
    omar, second = money.owing()
    commands.redeem(actor=dana, entitlement_id=first.pk, code=code)
    with pytest.raises(Conflict, match="as often as it may be"):
        commands.redeem(actor=omar, entitlement_id=second.pk, code=code)
    second.refresh_from_db()
    assert second.off_cents == 0
    assert code.replace("-", "") not in str(Voucher.objects.filter(pk=made.pk).values())
    with pytest.raises(DatabaseError), transaction.atomic():
        Voucher.objects.filter(pk=made.pk).update(uses_taken=2)


def test_a_code_is_refused_where_it_is_not_good(money):
    dana, place = money.owing()
    elsewhere = money.organization(kind="provider")
    boss = money.person(organization_admin=elsewhere)
    theirs = commands.issue_voucher(actor=boss, organization_id=elsewhere.pk, label="", uses=1, percent=100, starts_on=date(2020, 1, 1))
    _, other_thing = voucher(money, sold_kind="offering", sold_id=new_id())
    ended, ended_code = voucher(money)
    commands.end_voucher(actor=money.admin, voucher_id=ended.pk)
    for code in ("", "nothing", queries.code_of(theirs.pk), other_thing, ended_code):
        with pytest.raises(Invalid, match="takes nothing off"):
            commands.redeem(actor=dana, entitlement_id=place.pk, code=code)
    _, over = voucher(money, ends_on=date(2020, 2, 1))
    with pytest.raises(Conflict, match="good from January 1, 2020 to February 1, 2020"):
        commands.redeem(actor=dana, entitlement_id=place.pk, code=over)


def test_two_vouchers_are_not_heaped_and_nobody_uses_one_for_another(money):
    dana, place = money.owing()
    _, first = voucher(money)
    _, second = voucher(money)
    with pytest.raises(NotFound):
        commands.redeem(actor=money.person(), entitlement_id=place.pk, code=first)
    commands.redeem(actor=dana, entitlement_id=place.pk, code=first)
    with pytest.raises(Conflict, match="in use"):
        commands.redeem(actor=dana, entitlement_id=place.pk, code=second)


def test_whom_a_voucher_was_given_to_sees_how_many_and_not_who(money):
    district = money.organization()
    bookkeeper = money.person(organization_admin=district)
    _, code = voucher(money, issued_to_id=district.pk, uses=3)
    dana, place = money.owing()
    commands.redeem(actor=dana, entitlement_id=place.pk, code=code)
    assert [each.uses_taken for each in queries.vouchers_for(bookkeeper, district.pk)] == [1]
    assert not VoucherUse.objects.visible_to(bookkeeper).exists()
    assert queries.entitlement_of(bookkeeper, place.enrollment_id) is None


# --- Orders ---------------------------------------------------------------------------------------------------------------


def test_a_place_is_ordered_once_and_again_after_the_order_is_called_off(money):
    dana, place = money.owing()
    order = commands.place_order(actor=dana, entitlement_ids=[place.pk])
    with pytest.raises(Conflict, match="ordered already"):
        commands.place_order(actor=dana, entitlement_ids=[place.pk])
    commands.void_order(actor=dana, order_id=order.pk, reason="The district pays")
    assert list(queries.to_order(dana)) == [place]
    assert commands.place_order(actor=dana, entitlement_ids=[place.pk]).state == "open"


def test_an_order_that_is_sent_twice_is_placed_once(money):
    dana, place = money.owing()
    sent = dana.with_key(new_id())
    first = commands.place_order(actor=sent, entitlement_ids=[place.pk], po_number="PO-1")
    assert commands.place_order(actor=sent, entitlement_ids=[place.pk], po_number="PO-1") == first
    assert (Order.objects.count(), OrderLine.objects.count(), Invoice.objects.count()) == (1, 1, 1)


def test_nobody_orders_anothers_place_or_touches_anothers_order(money):
    dana, place = money.owing()
    stranger, elsewhere = money.person(), money.person(organization_admin=money.organization())
    order = commands.place_order(actor=dana, entitlement_ids=[place.pk], po_number="PO-1")
    for actor in (stranger, elsewhere):
        with pytest.raises(Invalid):
            commands.place_order(actor=actor, entitlement_ids=[place.pk])
        for act, told in ((commands.invoice_order, {}), (commands.void_order, {"reason": "x"}), (commands.mark_paid, {"reference": "x"}),
                          (commands.refund, {"cents": 1, "reason": "x"}), (commands.ask_checkout, {})):  # fmt: skip
            with pytest.raises(NotFound):
                act(actor=actor, order_id=order.pk, **told)
    for act, told in ((commands.mark_paid, {"reference": "x"}), (commands.refund, {"cents": 1, "reason": "x"})):
        with pytest.raises(Forbidden):
            act(actor=dana, order_id=order.pk, **told)


def test_an_admin_orders_nobodys_place_for_them(money):
    _, place = money.owing()
    with pytest.raises(Forbidden):
        commands.place_order(actor=money.admin, entitlement_ids=[place.pk])


def test_invoices_and_credit_notes_share_one_sequence_and_what_went_out_stays(money):
    orders = [money.ordered(po_number=f"PO-{n}") for n in range(3)]
    commands.void_order(actor=money.admin, order_id=orders[1].pk, reason="Ordered twice")
    commands.mark_paid(actor=money.admin, order_id=orders[0].pk, reference="Check 1")
    commands.refund(actor=money.admin, order_id=orders[0].pk, cents=200_00, reason="Moved away")
    papers = list(Invoice.objects.order_by("number").values_list("number", "kind", "cents"))
    assert papers == [(1, "invoice", 200_00), (2, "invoice", 200_00), (3, "invoice", 200_00), (4, "credit-note", 200_00),
                      (5, "credit-note", 200_00)]  # fmt: skip
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Invoice.objects.filter(number=1).update(cents=1)


def test_money_comes_once_and_a_reference_counts_for_one_order(money):
    first, second = money.ordered(po_number="PO-1"), money.ordered()
    commands.mark_paid(actor=money.admin, order_id=first.pk, reference="  Check   7 ")
    with pytest.raises(Conflict, match="paid"):
        commands.mark_paid(actor=money.admin, order_id=first.pk, reference="Check 8")
    with pytest.raises(Conflict, match="Check 7 was entered"):
        commands.mark_paid(actor=money.admin, order_id=second.pk, reference="Check 7")
    commands.mark_paid(actor=money.admin, order_id=second.pk, reference="Check 9")
    second.refresh_from_db()
    assert (second.state, second.invoices.get().number) == ("paid", 2)  # invoiced on the way
    with pytest.raises(Conflict):
        commands.void_order(actor=money.admin, order_id=second.pk, reason="Too late")


def test_never_more_is_given_back_than_came(money):
    order = money.ordered(po_number="PO-1")
    with pytest.raises(Conflict):
        commands.refund(actor=money.admin, order_id=order.pk, cents=1, reason="Early")
    commands.mark_paid(actor=money.admin, order_id=order.pk, reference="Check 1")
    commands.refund(actor=money.admin, order_id=order.pk, cents=150_00, reason="A part")
    with pytest.raises(Conflict, match="More would be given back"):
        commands.refund(actor=money.admin, order_id=order.pk, cents=50_01, reason="Too much")
    for cents in (0, -1, 10**12):
        with pytest.raises(Invalid):
            commands.refund(actor=money.admin, order_id=order.pk, cents=cents, reason="Odd")
    commands.refund(actor=money.admin, order_id=order.pk, cents=50_00, reason="The rest")
    order.refresh_from_db()
    assert (order.state, order.refunded_cents) == ("refunded", 200_00)
    assert sum(Payment.objects.filter(order=order, kind="refunded").values_list("cents", flat=True)) == 200_00
    with pytest.raises(DatabaseError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(refunded_cents=200_01)


def two_places(money):
    """One order of $180, as a member, and $70.01: the second sold by another program of the same organization."""
    dana = money.person("Dana Whitfield")
    money.prices()
    money.member(dana)
    first, second = money.begun(dana, money.offering), money.begun(dana, money.another)
    order = commands.place_order(actor=dana, entitlement_ids=[first.pk, second.pk], po_number="PO-1")
    commands.mark_paid(actor=money.admin, order_id=order.pk, reference="Check 1")
    return order, {line.entitlement_id: line for line in order.lines.all()}[first.pk]


def of_program(money, program_id):
    """A coordinator of one program alone."""
    told = {"role": "coordinator", "organization_id": money.issuer.pk, "scope": "program", "scope_id": program_id, "scope_name": "One"}
    person = money.person().person_id
    people.grant_role(actor=SYSTEM, person_id=person, **told)
    return actor_of(person)


def test_of_two_places_on_one_order_each_is_given_back_up_to_what_it_cost(money):
    order, dear = two_places(money)
    cheap = order.lines.exclude(pk=dear.pk).get()
    told = {"actor": money.admin, "order_id": order.pk, "reason": "Called off"}
    with pytest.raises(Invalid, match="Several things"):
        commands.refund(cents=1, **told)
    with pytest.raises(Invalid, match="Several things"):
        commands.refund(cents=1, line_id=new_id(), **told)
    with pytest.raises(Conflict, match="More would be given back"):
        commands.refund(cents=70_02, line_id=cheap.pk, **told)
    commands.refund(cents=70_01, line_id=cheap.pk, **told)
    with pytest.raises(Conflict, match="More would be given back"):
        commands.refund(cents=1, line_id=cheap.pk, **told)
    assert f"{cheap.sold_name}, Dana Whitfield" == order.invoices.get(kind="credit-note").words["of"]
    commands.refund(cents=180_00, line_id=dear.pk, **told)
    order.refresh_from_db()
    assert (order.state, order.refunded_cents) == ("refunded", 250_01)
    with pytest.raises(DatabaseError), transaction.atomic():
        OrderLine.objects.filter(pk=cheap.pk).update(refunded_cents=70_02)


def test_who_coordinates_one_program_gives_back_what_it_sold_and_sees_no_more_of_the_order(money):
    order, dear = two_places(money)
    carla = of_program(money, money.program.pk)
    cheap = order.lines.exclude(pk=dear.pk).get()
    seen = queries.order(carla, order.pk)
    assert ([line.pk for line in seen.lines.all()], list(seen.invoices.all()), list(seen.payments.all())) == ([dear.pk], [], [])
    with pytest.raises(Forbidden):
        commands.refund(actor=carla, order_id=order.pk, line_id=cheap.pk, cents=1, reason="Not mine")
    commands.refund(actor=carla, order_id=order.pk, line_id=dear.pk, cents=180_00, reason="The pilot was called off")
    for command, told in ((commands.mark_paid, {"reference": "Check 9"}), (commands.void_order, {"reason": "No"})):
        with pytest.raises(Forbidden):
            command(actor=carla, order_id=order.pk, **told)
    with pytest.raises(NotFound):
        queries.order(of_program(money, new_id()), order.pk)
    alone = money.ordered(po_number="PO-2")
    assert len(queries.order(carla, alone.pk).invoices.all()) == 1  # all of it is their program's


def test_places_that_are_in_use_cannot_be_called_off(money):
    district = money.organization()
    bookkeeper = money.person(organization_admin=district)
    money.price(200_00)
    order = commands.order_places(actor=bookkeeper, payer_id=district.pk, sold=money.sold, places=2, po_number="PO-1")
    dana, place = money.owing()
    commands.redeem(actor=dana, entitlement_id=place.pk, code=queries.code_of(Voucher.objects.get().pk))
    with pytest.raises(Conflict, match="in use already"):
        commands.void_order(actor=bookkeeper, order_id=order.pk, reason="Too many")
    for places in (0, -1, 10_001):
        with pytest.raises(Invalid):
            commands.order_places(actor=bookkeeper, payer_id=district.pk, sold=money.sold, places=places)
    with pytest.raises(Forbidden):
        commands.order_places(actor=dana, payer_id=district.pk, sold=money.sold, places=1)


# --- What assessors are owed ----------------------------------------------------------------------------------------------


def test_each_locked_sheet_earns_its_rate_once_whatever_is_decided(money):
    commands.set_rate(actor=money.admin, organization_id=money.issuer.pk, cents=40_00, starts_on=date(2020, 1, 1))
    commands.set_rate(actor=money.admin, organization_id=money.issuer.pk, cents=55_00, starts_on=date(2020, 1, 1),
                      microcredential_id=money.microcredential.pk)  # fmt: skip
    money.assessors(2)
    _, run = money.submitted()
    one, two = money.sheets(run)
    money.score(one)
    assert [(due.assessor_id, due.cents, due.code_name) for due in Due.objects.all()] == [(one.assessor_id, 55_00, one.code_name)]
    money.score(two, {two.case.open_details[0]: "developing"})  # the two part, and both have earned the same
    assert sorted(Due.objects.values_list("cents", flat=True)) == [55_00, 55_00]
    fact = Fact.objects.filter(kind="assessment.scored").first()
    assert commands.owe(actor=SYSTEM, fact=seen(fact)).sheet_id == fact.subject_id
    assert Due.objects.count() == 2


def test_without_a_rate_nothing_is_owed_and_a_later_rate_does_not_reach_back(money):
    money.earned()
    commands.set_rate(actor=money.admin, organization_id=money.issuer.pk, cents=40_00, starts_on=date(2020, 1, 1))
    drain()
    assert Due.objects.count() == 0


def test_what_is_paid_out_is_paid_once_and_up_to_its_day(money):
    commands.set_rate(actor=money.admin, organization_id=money.issuer.pk, cents=40_00, starts_on=date(2020, 1, 1))
    money.earned()
    due = Due.objects.first()
    today = clock.now().date()
    told = {"organization_id": money.issuer.pk, "assessor_id": due.assessor_id, "reference": "T-1"}
    with pytest.raises(Conflict, match="Nothing is owed"):
        commands.pay_out(actor=money.admin, up_to=today - timedelta(days=2), **told)
    with pytest.raises(Forbidden):
        commands.pay_out(actor=money.person(), up_to=today, **told)
    sent = money.admin.with_key(new_id())
    assert [each.pk for each in commands.pay_out(actor=sent, up_to=today, **told)] == [due.pk]
    with pytest.raises(Conflict, match="Nothing is owed"):
        commands.pay_out(actor=money.admin, up_to=today, **told)
    mine = queries.my_earnings(actor_of(due.assessor_id))
    assert (mine.owed_cents, mine.paid_cents) == (0, 40_00)


def test_the_last_evening_of_a_month_belongs_to_it(money):
    commands.set_rate(actor=money.admin, organization_id=money.issuer.pk, cents=40_00, starts_on=date(2020, 1, 1))
    money.earned()
    Due.objects.update(earned_at=datetime(2026, 9, 1, 1, tzinfo=UTC))  # August 31, 8 p.m., where the site's calendar is kept
    line, *_ = queries.owed_in(money.admin, money.issuer.pk)
    told = {"organization_id": money.issuer.pk, "assessor_id": line.assessor_id, "reference": "T-1"}
    assert line.month == "2026-08"
    assert commands.pay_out(actor=money.admin, up_to=date(2026, 8, 31), **told)


def test_an_assessor_sees_their_own_dues_alone(money):
    commands.set_rate(actor=money.admin, organization_id=money.issuer.pk, cents=40_00, starts_on=date(2020, 1, 1))
    dana, _ = money.earned()
    assert list(queries.my_earnings(dana).dues) == []
    assert not Due.objects.visible_to(dana).exists()
    with pytest.raises(NotFound):
        queries.owed_in(dana, money.issuer.pk)
