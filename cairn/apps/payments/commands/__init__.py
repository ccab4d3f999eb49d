"""Every change to prices, memberships, vouchers, orders and what assessors are owed."""

from cairn.apps.payments.commands.checkouts import ask_checkout, end_checkout, note_session, take_notice
from cairn.apps.payments.commands.dues import owe, pay_out, set_rate
from cairn.apps.payments.commands.memberships import end_membership, enter_member, read_roster, take_roster
from cairn.apps.payments.commands.orders import (
    invoice_order,
    lower_price,
    mark_paid,
    order_places,
    place_order,
    refund,
    tell_overdue,
    void_order,
)
from cairn.apps.payments.commands.prices import set_price, set_terms, withdraw_price
from cairn.apps.payments.commands.vouchers import end_voucher, issue_voucher, redeem

__all__ = [
    "ask_checkout",
    "end_checkout",
    "end_membership",
    "end_voucher",
    "enter_member",
    "invoice_order",
    "issue_voucher",
    "lower_price",
    "mark_paid",
    "note_session",
    "order_places",
    "owe",
    "pay_out",
    "place_order",
    "read_roster",
    "redeem",
    "refund",
    "set_price",
    "set_rate",
    "set_terms",
    "take_notice",
    "take_roster",
    "tell_overdue",
    "void_order",
    "withdraw_price",
]
