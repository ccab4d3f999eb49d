"""Paying by card: against a server that speaks Stripe's wire format, and with notices signed as Stripe signs them."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from cairn.apps.ledger.models import Delivery
from cairn.apps.payments import commands
from cairn.apps.payments.models import Checkout, Invoice, Order, Payment, PaymentNotice
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, NotFound
from cairn.kernel.ids import new_id
from cairn.pure.money import signature
from cairn.site.worker import drain
from tests.integration.test_public_pages import client_of, text_of
from tests.money_world import MoneyWorld
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
SECRET = "whsec_test"


class Provider(ThreadingHTTPServer):
    """The other end of the wire: makes sessions and refunds once for each idempotency key, and refuses as Stripe refuses."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Provider)
        self.asked, self.made, self.answers = [], {}, []


class _Provider(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        told = dict(parse_qsl(body, strict_parsing=True))
        self.server.asked.append((self.path, dict(self.headers), told))
        status, answer = self.server.answers.pop(0) if self.server.answers else (200, None)
        key = self.headers["Idempotency-Key"]
        if answer is None:
            number = len(self.server.made) + 1
            made = {"/v1/checkout/sessions": {"id": f"cs_{number}", "object": "checkout.session", "url": f"https://pay.example.com/cs_{number}"},
                    "/v1/refunds": {"id": f"re_{number}", "object": "refund", "status": "succeeded"}}  # fmt: skip
            answer = self.server.made.setdefault(key, made[self.path])
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def provider(settings):
    server = Provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.STRIPE_URL, settings.STRIPE_KEY, settings.STRIPE_SECRET = f"http://127.0.0.1:{server.server_port}", "sk_test", SECRET
    settings.EGRESS_TRUSTED = frozenset({f"127.0.0.1:{server.server_port}"})
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def money(db):
    world = MoneyWorld()
    commands.set_terms(actor=world.admin, organization_id=world.issuer.pk, address="", how_to_pay="", days_to_pay=30, provider="stripe",
                       provider_account="acct_7")  # fmt: skip
    return world


@pytest.fixture
def waiting(money, provider):
    """An order whose page to pay on waits."""
    dana, place = money.owing("Dana Whitfield")
    order = money.ordered(dana, place)
    commands.ask_checkout(actor=dana, order_id=order.pk)
    drain()
    return dana, order, Checkout.objects.get()


def notice(checkout, kind="checkout.session.completed", event="evt_1", **more):
    thing = {"id": checkout.session, "object": "checkout.session", "client_reference_id": checkout.pk, "payment_status": "paid",
             "currency": "usd", "amount_total": checkout.order.total_cents, "payment_intent": "pi_1", **more}  # fmt: skip
    return {"id": event, "object": "event", "type": kind, "data": {"object": thing}}


def post(told, secret=SECRET, at=None, header=None, content_type="application/json"):
    body = json.dumps(told).encode()
    at = int(clock.now().timestamp()) if at is None else at
    header = header or f"t={at},v1={signature(body, secret=secret, at=at)}"
    client = Client(headers={"host": "localhost", "Stripe-Signature": header})
    return client.post("/payments/stripe/", body, content_type=content_type)


# --- The page to pay on ---------------------------------------------------------------------------------------------------


def test_a_page_is_asked_for_once_and_no_card_comes_near_us(waiting, provider):
    dana, order, checkout = waiting
    (path, headers, told), *more = provider.asked
    assert (more, path) == ([], "/v1/checkout/sessions")
    assert (headers["Authorization"], headers["Stripe-Account"], headers["Idempotency-Key"]) == ("Bearer sk_test", "acct_7", checkout.pk)
    assert told["line_items[0][price_data][unit_amount]"] == "20000"
    assert (told["client_reference_id"], told["mode"], told["line_items[0][price_data][currency]"]) == (checkout.pk, "payment", "usd")
    assert int(told["expires_at"]) == int(checkout.ends_at.timestamp())
    assert (checkout.state, checkout.session) == ("ready", "cs_1")
    page = client_of(dana).get(f"/account/orders/{order.pk}/").content.decode()
    assert 'href="https://pay.example.com/cs_1"' in page
    assert "card" not in {name.rpartition("[")[2] for name in told}
    assert commands.ask_checkout(actor=dana, order_id=order.pk) == checkout  # while it waits, there is no second


def test_a_provider_that_is_away_is_asked_again_with_the_same_key(money, provider):
    provider.answers = [(500, {"error": {"message": "broken"}}), (429, {})]
    order = money.ordered()
    commands.ask_checkout(actor=money.admin, order_id=order.pk)
    for minutes in (0, 5, 20):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            drain()
    checkout = Checkout.objects.get()
    assert (checkout.state, len(provider.asked)) == ("ready", 3)
    assert {headers["Idempotency-Key"] for _, headers, _ in provider.asked} == {checkout.pk}


def test_a_provider_that_refuses_is_heard_and_the_order_can_be_paid_otherwise(money, provider):
    provider.answers = [(400, {"error": {"message": "No such account"}})]
    order = money.ordered()
    commands.ask_checkout(actor=money.admin, order_id=order.pk)
    drain()
    assert Checkout.objects.get().state == "over"
    assert "No such account" in Delivery.objects.get(consequence="open-page").reason
    commands.mark_paid(actor=money.admin, order_id=order.pk, reference="Check 1")


def test_while_a_card_may_be_charged_nothing_else_is_done_with_the_order(money, waiting):
    _, order, checkout = waiting
    for act, told in ((commands.void_order, {"reason": "x"}), (commands.mark_paid, {"reference": "Check 1"})):
        with pytest.raises(Conflict, match="by card just now"):
            act(actor=money.admin, order_id=order.pk, **told)
    with clock.at(checkout.ends_at + timedelta(minutes=16)):
        commands.void_order(actor=money.admin, order_id=order.pk, reason="Not wanted")


def test_cards_are_taken_only_where_the_organization_and_the_site_do(money, provider, settings):
    order = money.ordered()
    settings.STRIPE_URL = ""
    with pytest.raises(Conflict, match="No card"):
        commands.ask_checkout(actor=money.admin, order_id=order.pk)
    assert "Pay by card" not in text_of(client_of(money.admin).get(f"/account/orders/{order.pk}/"))


# --- What the provider tells ----------------------------------------------------------------------------------------------


def test_a_signed_notice_pays_the_order_once_however_often_it_comes(waiting):
    _, order, checkout = waiting
    for _ in range(3):
        assert post(notice(checkout)).status_code == 200
    assert post(notice(checkout, event="evt_2")).status_code == 200  # another event about the same payment
    order.refresh_from_db()
    assert (order.state, order.paid_cents) == ("paid", 200_00)
    assert [(paid.cents, paid.reference, paid.provider) for paid in Payment.objects.all()] == [(200_00, "pi_1", "stripe")]
    assert PaymentNotice.objects.count() == 2
    assert Invoice.objects.filter(kind="invoice").count() == 1


def test_a_notice_that_comes_after_our_page_ran_out_still_counts(waiting):
    _, order, checkout = waiting
    with clock.at(checkout.ends_at + timedelta(minutes=5)):
        assert post(notice(checkout)).status_code == 200
    order.refresh_from_db()
    assert order.state == "paid"


@pytest.mark.parametrize("wrong", ["secret", "old", "future", "body", "header", "form", "nothing"])
def test_what_is_not_signed_by_stripe_changes_nothing(waiting, wrong):
    _, order, checkout = waiting
    now = int(clock.now().timestamp())
    told = notice(checkout)
    other = signature(b"{}", secret=SECRET, at=now)
    answers = {
        "secret": lambda: post(told, secret="whsec_other"),
        "old": lambda: post(told, at=now - 301),
        "future": lambda: post(told, at=now + 360),
        "body": lambda: post(told, header=f"t={now},v1={other}"),
        "header": lambda: post(told, header="t=x,v1=\u00e9"),
        "form": lambda: post(told, content_type="application/x-www-form-urlencoded"),
        "nothing": lambda: post(told, header=","),
    }
    assert answers[wrong]().status_code == 403
    order.refresh_from_db()
    assert (order.state, PaymentNotice.objects.count()) == ("open", 0)


def test_one_of_several_signatures_is_enough_while_a_secret_is_replaced(waiting):
    _, order, checkout = waiting
    body, now = json.dumps(notice(checkout)).encode(), int(clock.now().timestamp())
    header = f"t={now},v1={'0' * 64},v0=aaa,v1={signature(body, secret=SECRET, at=now)}"
    assert post(notice(checkout), header=header).status_code == 200
    order.refresh_from_db()
    assert order.state == "paid"


@pytest.mark.parametrize("more", [{"amount_total": 1}, {"payment_status": "unpaid"}, {"currency": "eur"}, {"client_reference_id": None},
                                  {"client_reference_id": "0" * 20}, {"amount_total": "many"}])  # fmt: skip
def test_a_notice_about_something_else_pays_nothing(waiting, more):
    _, order, checkout = waiting
    assert post(notice(checkout, **more)).status_code in (200, 404, 409, 422)
    order.refresh_from_db()
    assert (order.state, Payment.objects.count()) == ("open", 0)


def test_a_page_that_ran_out_lets_another_be_asked_for(waiting):
    dana, order, checkout = waiting
    assert post(notice(checkout, kind="checkout.session.expired", payment_status="unpaid")).status_code == 200
    checkout.refresh_from_db()
    assert checkout.state == "over"
    assert commands.ask_checkout(actor=dana, order_id=order.pk) != checkout


def test_what_is_given_back_goes_to_the_card_once(waiting, provider, money):
    _, order, checkout = waiting
    post(notice(checkout))
    commands.refund(actor=money.admin, order_id=order.pk, cents=50_00, reason="A part")
    drain()
    path, headers, told = provider.asked[-1]
    assert (path, told) == ("/v1/refunds", {"payment_intent": "pi_1", "amount": "5000"})
    assert headers["Idempotency-Key"] == Payment.objects.get(kind="refunded").pk


def test_only_the_system_takes_notices(money, waiting):
    _, order, checkout = waiting
    for act, told in ((commands.take_notice, {"provider": "stripe", "event": new_id(), "kind": "x"}),
                      (commands.note_session, {"checkout_id": checkout.pk, "session": "x", "address": "https://x.example"}),
                      (commands.end_checkout, {"checkout_id": checkout.pk, "why": "x"})):  # fmt: skip
        with pytest.raises(Forbidden):
            act(actor=money.admin, **told)
    with pytest.raises(NotFound):
        commands.take_notice(actor=SYSTEM, provider="stripe", event="evt", kind="x", checkout_id=new_id())
    assert Order.objects.get(pk=order.pk).state == "open"
