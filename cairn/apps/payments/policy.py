"""Who may set prices, order, pay and pay out."""

from __future__ import annotations

from typing import Any

from cairn.frame.actor import Actor
from cairn.frame.policy import Action
from cairn.kernel.errors import Conflict, Forbidden


def admin_of(actor: Actor, organization_id: str) -> None:
    """an admin of the organization, or the system"""
    if not (actor.is_system or actor.holds("organization admin", organization=organization_id)):
        raise Forbidden("admins-only", "Only an admin of the organization may do this.", "Ask one of its admins.")


def signed_in(actor: Actor, thing: Any) -> None:
    """anyone who is signed in"""
    if not actor.is_known:
        raise Forbidden("sign-in-first", "Sign in first, so that it is known whose order this is.", "Sign in or make an account.")


def whose_place_it_is(actor: Actor, entitlement: Any) -> None:
    """the person whose place it is"""
    if entitlement.person_id != actor.person_id:
        raise Forbidden("not-yours", "Only the person whose place this is may do that.", "Ask them.")


def pays_or_sells(actor: Actor, order: Any) -> None:
    """the buyer, an admin of the organization that pays or of the one that sells"""
    sides = [side for side in (order.organization_id, order.payer_id) if side]
    if actor.person_id != order.person_id and not any(actor.holds("organization admin", organization=side) for side in sides):
        raise Forbidden("not-your-order", "Only those who pay and those who sell may do this.", "Ask whoever placed the order.")


def sells(actor: Actor, order: Any) -> None:
    """an admin of the organization that sells"""
    admin_of(actor, order.organization_id)


def by_the_clock(actor: Actor, order: Any) -> None:
    """the system alone"""
    if not actor.is_system:
        raise Forbidden("system-only", "Only the clock does this.", "Wait for it.")


def sells_or_runs(actor: Actor, line: Any) -> None:
    """an admin or a coordinator of the organization that sells, or a coordinator of the program that does"""
    if not actor.holds("coordinator", organization=line.order.organization_id, program=line.program_id or None):
        sells(actor, line.order)


def has_no_card_under_way(actor: Actor, order: Any) -> None:
    """no page to pay by card is open"""
    if order.checkouts.under_way().exists():
        raise Conflict("card-under-way", "Somebody may be paying this order by card just now.", "Wait an hour, then look again.")


def is_open(actor: Actor, order: Any) -> None:
    """the order is open or invoiced"""
    if order.state not in ("open", "invoiced"):
        raise Conflict(f"order-is-{order.state}", f"This order is {order.state} already.", "Reload the page to see where it stands now.")


SET_PRICES = Action("payments.set-prices", "Set prices, terms and rates, issue vouchers, keep memberships, pay out", who=(admin_of,))
ORDER = Action("payments.order", "Order one's own place", who=(whose_place_it_is,))
ORDER_PLACES = Action("payments.order-places", "Order places in advance for an organization", who=(admin_of,))
REDEEM = Action("payments.redeem", "Use a voucher for one's own place", who=(whose_place_it_is,))
INVOICE = Action("payments.invoice", "Ask for the invoice of an order", who=(pays_or_sells,), when=(is_open,))
VOID = Action("payments.void", "Call an order off before it is paid", who=(pays_or_sells,), when=(is_open, has_no_card_under_way))
TAKE_MONEY = Action("payments.take-money", "Enter that an order was paid", who=(sells,), when=(has_no_card_under_way,))
REFUND = Action("payments.refund", "Give money back", who=(sells_or_runs,))
TELL_OVERDUE = Action("payments.tell-overdue", "Tell those who pay that the day is over", who=(by_the_clock,))
PAY_BY_CARD = Action("payments.pay-by-card", "Pay an order by card", who=(pays_or_sells,), when=(is_open,))
