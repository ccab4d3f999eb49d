"""Money over HTTP: prices, members, vouchers, orders with their papers, and what assessors are owed."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cairn.apps.ledger.models import Fact
from cairn.apps.payments import commands, queries
from cairn.apps.payments.models import Due, Invoice, Membership, Order, Price, Voucher
from cairn.apps.people import commands as people
from cairn.apps.programs import commands as programs
from cairn.apps.programs.queries.prices import sold
from cairn.kernel import clock
from cairn.kernel.ids import new_id
from cairn.pure.files import page_text
from tests.integration.test_public_pages import client_of, text_of
from tests.money_world import MoneyWorld
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
VISITOR = {"host": "localhost"}


@pytest.fixture
def money(db):
    return MoneyWorld()


@pytest.fixture
def office(money):
    """The browser of an admin of the issuer, and where its money stands."""
    client = client_of(money.admin)
    client.at = f"/org/{money.issuer.slug}/money/"
    return client


def words(response):
    return text_of(response).replace("\u00a0", " ")


# --- Who may see it -------------------------------------------------------------------------------------------------------


PAGES = ["", "prices/", "members/", "vouchers/", "orders/", "bought/", "assessors/", "assessors.csv"]


@pytest.mark.parametrize("page", PAGES)
def test_only_admins_of_the_organization_find_its_money(money, office, page):
    elsewhere = client_of(money.person("Eve Elsewhere", organization_admin=money.organization()))
    assert office.get(office.at + page).status_code == 200
    for client in (Client(headers=VISITOR), client_of(money.person()), elsewhere):
        assert client.get(office.at + page).status_code == 404


def test_an_order_is_found_by_those_who_pay_and_those_who_sell_alone(money, office):
    dana, place = money.owing("Dana Whitfield")
    order = money.ordered(dana, place, po_number="PO-7")
    paper = Invoice.objects.get(order=order)
    for path in (f"/account/orders/{order.pk}/", f"/account/invoices/{paper.pk}.pdf"):
        assert client_of(dana).get(path).status_code == 200
        assert office.get(path).status_code == 200
        assert client_of(money.person("Sam Stranger")).get(path).status_code == 404


# --- Prices ---------------------------------------------------------------------------------------------------------------


def test_an_admin_enters_a_price_and_the_next_educator_is_asked_for_it(money, office):
    told = {"sold": money.microcredential.pk, "audience": "", "cents": "$180.50", "starts_on": "2020-01-01", "ends_on": "", "key": new_id()}
    assert "Everything here costs nothing until you enter a price." in words(office.get(office.at))
    assert "Whoever begins from that day on pays it" in words(office.post(f"{office.at}prices/set/", told, follow=True))
    assert money.quote(money.person()).cents == 180_50
    office.post(f"{office.at}prices/set/", told)
    assert Price.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("cents", "a lot", "is no amount"),
        ("cents", "-5", "is no amount"),
        ("cents", "1.5", "is no amount"),
        ("cents", "99999999", "more than anything costs here"),
        ("starts_on", "", "Give a day."),
        ("ends_on", "2019-12-31", "Give a last day that is not before the first."),
        ("sold", new_id(), "Select a valid choice."),
    ],
)
def test_a_price_that_cannot_be_is_named_beside_its_field_and_nothing_is_lost(money, office, field, value, said):
    told = {"sold": money.microcredential.pk, "audience": "", "cents": "180", "starts_on": "2020-01-01", "ends_on": "", field: value}
    response = office.post(f"{office.at}prices/set/", told)
    assert response.status_code == 422
    assert said in words(response)
    assert f'href="#price_{field}"' in response.content.decode()
    assert Price.objects.count() == 0


def test_terms_stand_on_the_next_invoice(money, office):
    told = {"address": "12 Main Street\nRiver Bend", "how_to_pay": "Check to #box [7] $x", "days_to_pay": "10",
            "provider": "purchase-order", "rebate_days": "0"}  # fmt: skip
    assert office.post(f"{office.at}terms/", told).status_code == 302
    order = money.ordered(po_number="PO-7")
    pdf = office.get(f"/account/invoices/{Invoice.objects.get(order=order).pk}.pdf")
    assert (pdf["Content-Type"], pdf["Content-Disposition"]) == ("application/pdf", 'attachment; filename="invoice-00001.pdf"')
    told = page_text(io.BytesIO(pdf.content), 1)
    for said in ("Invoice 1", "12 Main Street", "Check to #box [7] $x", "PO-7", "$200.00"):
        assert said in told


# --- Orders ---------------------------------------------------------------------------------------------------------------


def test_an_educator_orders_is_invoiced_and_the_office_enters_the_payment(money, office):
    dana, place = money.owing("Dana Whitfield")
    browser = client_of(dana)
    page = words(browser.get("/account/orders/"))
    assert "One place to order" in page
    assert "$200.00" in page
    answer = browser.post(f"/account/orders/place/{place.pk}/", {"payer": "", "po_number": "", "key": new_id()})
    order = Order.objects.get()
    assert answer["Location"] == f"/account/orders/{order.pk}/"
    assert "$200.00, not invoiced yet" in words(browser.get(answer["Location"]))
    browser.post(f"/account/orders/{order.pk}/invoice/", {"po_number": "PO 12"})
    assert "$200.00 to be paid" in words(browser.get(answer["Location"]))
    assert "$200.00 asked for and not paid yet" in words(office.get(office.at))
    assert "Enter the payment" not in words(browser.get(answer["Location"]))
    assert browser.post(f"/account/orders/{order.pk}/paid/", {"reference": "1"}).status_code == 403  # not theirs to say
    office.post(f"/account/orders/{order.pk}/paid/", {"reference": "Check 881"})
    assert "$200.00, paid" in words(browser.get(answer["Location"]))
    office.post(f"/account/orders/{order.pk}/refund/", {"cents": "50", "reason": "Left early"})
    said = words(browser.get(answer["Location"]))
    assert "Credit note 2 (PDF)" in said
    assert "Left early" in said
    assert office.get(f"/account/invoices/{Invoice.objects.get(number=2).pk}.pdf").status_code == 200


def test_where_one_works_can_be_asked_to_pay_and_nobody_else(money):
    district = money.organization("Marlow District")
    money.price(200_00)
    dana = money.person("Dana Whitfield", works_at=district)
    run = programs.enroll(actor=dana, offering_id=money.offering.pk)
    place = queries.entitlement_of(dana, run.pk)
    browser = client_of(dana)
    page = browser.get("/account/orders/").content.decode()
    assert "Marlow District pays" in page
    assert browser.post(f"/account/orders/place/{place.pk}/", {"payer": money.issuer.pk}).status_code == 422
    browser.post(f"/account/orders/place/{place.pk}/", {"payer": district.pk})
    assert Order.objects.get().payer == district
    bookkeeper = client_of(money.person("Bo Books", organization_admin=district))
    assert "Dana Whitfield" in words(bookkeeper.get(f"/org/{district.slug}/money/bought/"))


def test_a_code_that_is_wrong_is_said_beside_its_field(money):
    dana, place = money.owing()
    response = client_of(dana).post(f"/account/orders/code/{place.pk}/", {"code": "nothing"})
    assert response.status_code == 422
    assert "This code takes nothing off this." in words(response)


def test_a_district_orders_places_and_sees_how_many_are_taken_and_not_by_whom(money):
    district = money.organization("Marlow District")
    bookkeeper = client_of(money.person("Bo Books", organization_admin=district))
    money.price(200_00)
    page = f"/org/{district.slug}/money/bought/"
    answer = bookkeeper.post(f"{page}order/", {"sold": money.offering.pk, "places": "3", "po_number": "PO-9"})
    order = Order.objects.get()
    assert (answer["Location"], order.total_cents, order.state) == (f"/account/orders/{order.pk}/", 600_00, "invoiced")
    code = queries.shown_code(Voucher.objects.get())
    assert code in words(bookkeeper.get(answer["Location"]))
    dana, place = money.owing("Dana Whitfield")
    client_of(dana).post(f"/account/orders/code/{place.pk}/", {"code": code.upper().replace("-", " ")})
    place.refresh_from_db()
    assert place.due_cents == 0
    seen = words(bookkeeper.get(page))
    assert "1 of 3" in seen
    assert "Dana" not in seen
    assert "You have nothing to pay" in words(client_of(dana).get("/account/orders/"))


# --- Members --------------------------------------------------------------------------------------------------------------


def test_a_roster_is_read_first_and_taken_over_when_it_is_confirmed(money):
    browser = client_of(money.secretary)
    page = f"/org/{money.principals.slug}/money/members/"
    text = "Member number,Name,E-mail,To\n1001,Dana Whitfield,dana@example.org,2030-06-30\n1002,=cmd|x,x@example.org,\n"
    file = SimpleUploadedFile("members.csv", text.encode(), content_type="text/csv")
    answer = browser.post(f"{page}roster/", {"file": file, "key": new_id()})
    assert answer.status_code == 302
    report = words(browser.get(answer["Location"]))
    assert "Dana Whitfield is a member from" in report
    assert "begins like a formula" in report
    assert Membership.objects.count() == 0


def test_a_file_that_is_no_roster_is_refused_beside_its_field(money):
    browser = client_of(money.secretary)
    page = f"/org/{money.principals.slug}/money/members/"
    for name, data in (("members.csv", b""), ("members.zip", b"PK no zip"), ("members.csv", b"%PDF-1.7 no table")):
        response = browser.post(f"{page}roster/", {"file": SimpleUploadedFile(name, data)})
        assert response.status_code == 422
        assert "The file was not read" in words(response)


def test_a_member_is_entered_and_ended_by_hand(money):
    browser = client_of(money.secretary)
    page = f"/org/{money.principals.slug}/money/members/"
    told = {"name": "Omar Stone", "email": "omar@example.org", "valid_from": "2026-01-01", "valid_to": ""}
    browser.post(f"{page}enter/", told)
    term = Membership.objects.get()
    assert "Omar Stone" in words(browser.get(page))
    refused = browser.post(f"{page}{term.pk}/end/", {"valid_to": "2025-12-31"})
    assert (refused.status_code, "not before the first" in words(refused)) == (422, True)
    browser.post(f"{page}{term.pk}/end/", {"valid_to": "2026-06-30"})
    term.refresh_from_db()
    assert term.valid_to == date(2026, 6, 30)


# --- Vouchers, assessors --------------------------------------------------------------------------------------------------


def test_a_voucher_is_made_shown_and_ended(money, office):
    told = {"label": "Helpers", "percent": "50", "off_cents": "", "uses": "2", "sold": "", "issued_to": "", "starts_on": "2020-01-01"}
    office.post(f"{office.at}vouchers/make/", told)
    voucher = Voucher.objects.get()
    assert queries.shown_code(voucher) in words(office.get(f"{office.at}vouchers/"))
    both = office.post(f"{office.at}vouchers/make/", {**told, "off_cents": "20"})
    assert (both.status_code, "Give a percentage or an amount, and not both." in words(both)) == (422, True)
    office.post(f"{office.at}vouchers/{voucher.pk}/end/")
    voucher.refresh_from_db()
    assert voucher.ended_at is not None


def test_assessors_see_case_names_and_admins_sums_without_a_case(money, office):
    office.post(f"{office.at}assessors/rate/", {"microcredential": "", "cents": "40", "starts_on": "2020-01-01"})
    money.earned()
    due = Due.objects.order_by("code_name").first()
    reader = client_of(people_actor(due.assessor_id))
    own = words(reader.get("/account/earnings/"))
    assert "You are owed $40.00" in own
    assert due.code_name in own
    assert "Dana" not in own
    page = words(office.get(f"{office.at}assessors/"))
    assert "$80.00 owed to assessors" in page
    assert due.code_name not in page
    office.post(f"{office.at}assessors/paid/", {"assessor": due.assessor_id, "up_to": str(clock.now().date()), "reference": "T-1"})
    assert "Nothing is owed to you" in words(reader.get("/account/earnings/"))


def people_actor(person_id):
    from cairn.apps.people.queries import actor_of

    return actor_of(person_id)


def test_the_table_for_the_books_holds_no_formula(money, office):
    commands.set_rate(actor=SYSTEM, organization_id=money.issuer.pk, cents=40_00, starts_on=date(2020, 1, 1))
    money.earned()
    due = Due.objects.first()
    people.change_profile(actor=people_actor(due.assessor_id), name="=HYPERLINK(1)", time_zone="America/Chicago", shows_name=True)
    answer = office.get(f"{office.at}assessors.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Assessor", "Month", "Sheets", "Earned", "Paid", "Owed"]
    assert "'=HYPERLINK(1)" in {row[0] for row in rows}
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_what_is_posted_twice_with_one_key_is_done_once(money, office):
    dana, place = money.owing()
    key = new_id()
    for _ in range(2):
        client_of(dana).post(f"/account/orders/place/{place.pk}/", {"payer": "", "po_number": "PO-1", "key": key})
    assert (Order.objects.count(), Invoice.objects.count()) == (1, 1)
    assert Fact.objects.filter(kind="payments.ordered").count() == 1
    assert clock.now() - Order.objects.get().placed_at < timedelta(minutes=5)


def test_a_coordinator_gives_a_fee_back_from_the_participants_place(money):
    coordinator, other = money.person("Cleo Stone", coordinator=money.issuer), money.person("Otto Stone", coordinator=money.principals)
    offering = money.offer(kind="pilot", days=120)
    offering = programs.change_seats(actor=SYSTEM, offering_id=offering.pk, seats_min=None, seats_max=5)
    money.price(200_00, what=sold(offering))
    dana = money.person("Dana Whitfield")
    place = programs.register(actor=dana, offering_id=offering.pk)
    order = money.ordered(dana, queries.entitlement_of(dana, place.pk), po_number="PO-1")
    commands.mark_paid(actor=money.admin, order_id=order.pk, reference="Check 1")
    browser, page = client_of(coordinator), f"/account/orders/{order.pk}/"
    assert f'href="{page}"' in browser.get(f"/pilots/{offering.slug}/run/people/{place.pk}/").content.decode()
    shown = browser.get(page).content.decode()
    assert 'value="200.00"' in shown  # all of it, unless the coordinator writes less
    assert "Enter the payment" not in shown
    assert browser.post(f"{page}paid/", {"reference": "Check 2"}).status_code == 403
    assert client_of(other).get(page).status_code == client_of(other).post(f"{page}refund/", {"cents": "1"}).status_code == 404
    for sent in ({"cents": "200.01", "reason": "Too much"}, {"cents": "50", "reason": ""}):
        assert browser.post(f"{page}refund/", sent).status_code in (409, 422)
    key = new_id()
    for _ in range(2):
        browser.post(f"{page}refund/", {"cents": "50", "reason": "The last meeting was canceled.", "key": key})
    order.refresh_from_db()
    assert (order.state, order.refunded_cents) == ("paid", 50_00)
    browser.post(f"{page}refund/", {"cents": "150", "reason": "The pilot was called off.", "key": new_id()})
    order.refresh_from_db()
    assert (order.state, order.refunded_cents) == ("refunded", 200_00)
    assert "paid, and given back" in words(browser.get(f"/pilots/{offering.slug}/run/people/{place.pk}/"))
