"""Work that leaves the process: pages to pay by card on, and cards that get money back, at Stripe (https://docs.stripe.com/api).

The worker calls it, at least once; each request bears a key, by which Stripe carries it out once. No card's data comes near this site.
Not here: what Stripe tells by itself (interfaces take its notices).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from cairn.apps.payments import commands, queries
from cairn.apps.payments.models import Checkout, Payment
from cairn.frame.actor import Actor
from cairn.frame.egress import fetch
from cairn.kernel import clock
from cairn.kernel.errors import NotYet, Refused
from cairn.kernel.facts import Recorded

_LEAST = 31 * 60  # seconds that a page must still have: Stripe makes none for less than half an hour


def open_page(*, actor: Actor, fact: Recorded) -> None:
    """Ask for the page, then write down where it is."""
    checkout = queries.checkout(actor, fact.subject_id)
    if checkout.state != "asked":
        return
    if (checkout.ends_at - clock.now()).total_seconds() < _LEAST:
        commands.end_checkout(actor=actor, checkout_id=checkout.pk, why="It took too long to reach the provider.")
        return
    try:
        told = _ask("checkout/sessions", _session(checkout), key=checkout.pk, account=_account(actor, checkout.order.organization_id))
    except NotYet:
        raise
    except Refused as refusal:
        commands.end_checkout(actor=actor, checkout_id=checkout.pk, why=str(refusal))
        raise
    commands.note_session(actor=actor, checkout_id=checkout.pk, session=str(told["id"]), address=str(told["url"]))


def _session(checkout: Checkout) -> dict[str, str]:
    order = checkout.order
    page = f"{settings.SITE_URL}/account/orders/{order.pk}/"
    return {
        "mode": "payment",
        "payment_method_types[0]": "card",
        "client_reference_id": checkout.pk,
        "customer_email": order.person.email,
        "success_url": page,
        "cancel_url": page,
        "expires_at": str(int(checkout.ends_at.timestamp())),
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "usd",
        "line_items[0][price_data][unit_amount]": str(order.total_cents),
        "line_items[0][price_data][product_data][name]": f"Order with {order.organization.name}",
    }


def return_money(*, actor: Actor, fact: Recorded) -> None:
    """Give money back to the card that it came from; checks and transfers are given back by whoever entered that they are."""
    payment = Payment.objects.visible_to(actor).get(pk=fact.data["payment"])
    if payment.provider == "stripe":
        told = {"payment_intent": payment.reference, "amount": str(payment.cents)}
        _ask("refunds", told, key=payment.pk, account=_account(actor, payment.organization_id))


def _account(actor: Actor, organization_id: str) -> str:
    return queries.terms_in(actor, organization_id).provider_account


def _ask(what: str, told: Mapping[str, str], *, key: str, account: str) -> dict[str, Any]:
    if not settings.STRIPE_URL:
        raise NotYet("stripe-not-configured", "Stripe is not set up on this site, so this waits.", "Set CAIRN_STRIPE.")
    headers = {
        "Authorization": f"Bearer {settings.STRIPE_KEY}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Idempotency-Key": key,
        **({"Stripe-Account": account} if account else {}),
    }
    body = urlencode({name: value for name, value in told.items() if value}).encode()
    answer = fetch("POST", f"{settings.STRIPE_URL}/v1/{what}", headers=headers, body=body)
    if answer.status in (409, 429) or answer.status >= 500:
        raise NotYet("stripe-away", f"Stripe cannot do it just now (status {answer.status}).", "It is tried again.")
    try:
        said = json.loads(answer.body)
        if answer.status == 200:
            return dict(said)
        why = str(said["error"]["message"])[:200]
    except (ValueError, KeyError, TypeError):
        why = "It said something that is not understood."
    raise Refused("stripe-refused", f"Stripe refuses (status {answer.status}): {why}", "Look at the organization's account there.")
