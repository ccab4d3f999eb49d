"""What people sell, order, pay and owe; files of rows; and what is shared of a catalog."""

from __future__ import annotations

from tests.acts.act import Act

_MONEY = "org/<slug:slug>/money/"
_ORDER, _PRICES, _MEMBERS, _VOUCHERS = "account/orders/<id:order_id>/", f"{_MONEY}prices/", f"{_MONEY}members/", f"{_MONEY}vouchers/"
_SHARED = "org/<slug:slug>/shared/"

MONEY = (
    Act("payments.set_terms", "admin", _PRICES, f"{_MONEY}terms/", {"provider": "purchase-order"}),
    Act("payments.set_price", "admin", _PRICES, f"{_PRICES}set/", {"cents": "10", "starts_on": "day+0"}),
    Act("payments.withdraw_price", "admin", _PRICES, f"{_PRICES}<id:price_id>/withdraw/"),
    Act(
        "payments.issue_voucher",
        "admin",
        _VOUCHERS,
        f"{_VOUCHERS}make/",
        {"label": "Friends", "percent": "50", "off_cents": "", "issued_to": "", "starts_on": "day+0"},
    ),
    Act("payments.end_voucher", "admin", _VOUCHERS, f"{_VOUCHERS}<id:voucher_id>/end/"),
    Act(
        "payments.enter_member",
        "admin",
        _MEMBERS,
        f"{_MEMBERS}enter/",
        {"name": "Lou Lee", "email": "lou@example.org", "number": "77", "valid_from": "day+0"},
    ),
    Act("payments.end_membership", "admin", f"{_MEMBERS}<id:membership_id>/end/"),
    Act(
        "payments.read_roster",
        "admin",
        _MEMBERS,
        f"{_MEMBERS}roster/",
        file=("file", "members.csv", b"Name,E-mail,Number\nPat Ray,pat@example.org,78\n"),
        keep="members",
    ),
    Act("imports.confirm", "admin", "members"),
    Act("payments.set_rate", "admin", f"{_MONEY}assessors/", f"{_MONEY}assessors/rate/", {"cents": "10", "starts_on": "2020-01-01"}),
    Act(
        "payments.order_places", "admin", f"{_MONEY}bought/", f"{_MONEY}bought/order/", {"places": "1", "po_number": "PO-7"}, keep="bought"
    ),
    Act("payments.mark_paid", "admin", _ORDER, f"{_ORDER}paid/", {"reference": "Check 7"}),
    Act("payments.refund", "admin", _ORDER, f"{_ORDER}refund/", {"cents": "1", "reason": "It was late."}),
    Act("payments.void_order", "admin", "bought", f"{_ORDER}void/", {"reason": "Two were made."}),
    Act("imports.drop", "coordinator", "imports/<id:import_id>/", told={"drop": "yes"}),
)
CATALOG = (
    Act("catalog.set_sharing", "admin", _SHARED, told={"mode": "open"}),
    Act("catalog.answer_adoption", "admin", _SHARED, f"{_SHARED}asked/<id:adoption_id>/", {"act": "let"}),
    Act("catalog.adopt", "other admin", "other adopt", told={"slug": None}),
    Act("catalog.end_adoption", "other admin", "other shared", f"{_SHARED}adopted/<id:adoption_id>/end/"),
)
ACTS = (*MONEY, *CATALOG)
