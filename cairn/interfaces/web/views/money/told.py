"""What Stripe tells of payments: believed where its signature holds (https://docs.stripe.com/webhooks)."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cairn.apps.payments import commands
from cairn.frame.actor import system
from cairn.interfaces.web.views.frame import Request
from cairn.kernel import clock, ids
from cairn.kernel.errors import Forbidden, Invalid
from cairn.pure.money import is_signed


@csrf_exempt  # Stripe posts here by itself, without a session; its signature is what counts
@require_POST
def stripe(request: Request) -> HttpResponse:
    """200 where the notice is taken, now or before; Stripe sends it again after any other answer."""
    signed, now = request.headers.get("Stripe-Signature", ""), int(clock.now().timestamp())
    is_json = request.content_type == "application/json"  # the body of a form has been read before it comes here
    if not (is_json and is_signed(request.body, signed, secret=settings.STRIPE_SECRET, now=now)):
        raise Forbidden("signature-wrong", "This is not signed by Stripe, or is too old.", "Compare the signing secret in CAIRN_STRIPE.")
    told = _read(request.body)
    commands.take_notice(actor=system("stripe", request_key=told["event"]), provider="stripe", **told)
    return JsonResponse({"taken": True})


def _read(body: bytes) -> dict[str, Any]:
    """The event's id and kind, and of a checkout which one it is and what was paid."""
    try:
        event = json.loads(body)
        thing = event["data"]["object"]
        told = {"event": str(event["id"])[:120], "kind": str(event["type"])[:80]}
        if not told["kind"].startswith("checkout.session."):
            return told
        checkout = str(thing.get("client_reference_id") or "")
        if not ids.is_id(checkout):
            return told  # a page that was not made here
        told["checkout_id"] = checkout
        if thing["payment_status"] == "paid" and thing["currency"] == "usd":
            return {**told, "paid_cents": int(thing["amount_total"]), "reference": str(thing["payment_intent"])[:80]}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid("notice-unclear", "This notice cannot be read.", "Compare the version of Stripe's API.") from None
    return told
