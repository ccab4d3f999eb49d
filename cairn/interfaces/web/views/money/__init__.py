"""Prices, members, vouchers, orders and what assessors are owed, each with its addresses."""

from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.views.money import earnings, members, orders, selling, told, vouchers

_ORG = "org/<slug:slug>/money/"
urlpatterns = [
    path(_ORG, selling.overview, name="money"),
    path(f"{_ORG}prices/", selling.prices, name="money_prices"),
    path(f"{_ORG}prices/set/", selling.set_price, name="money_set_price"),
    path(f"{_ORG}prices/<id:price_id>/withdraw/", selling.withdraw_price, name="money_withdraw_price"),
    path(f"{_ORG}terms/", selling.set_terms, name="money_terms"),
    path(f"{_ORG}members/", members.members, name="money_members"),
    path(f"{_ORG}members/enter/", members.enter_member, name="money_enter_member"),
    path(f"{_ORG}members/roster/", members.read_roster, name="money_roster"),
    path(f"{_ORG}members/<id:membership_id>/end/", members.end_membership, name="money_end_membership"),
    path(f"{_ORG}vouchers/", vouchers.vouchers, name="money_vouchers"),
    path(f"{_ORG}vouchers/make/", vouchers.issue_voucher, name="money_issue_voucher"),
    path(f"{_ORG}vouchers/<id:voucher_id>/end/", vouchers.end_voucher, name="money_end_voucher"),
    path(f"{_ORG}orders/", orders.orders, name="money_orders"),
    path(f"{_ORG}bought/", vouchers.bought, name="money_bought"),
    path(f"{_ORG}bought/order/", vouchers.order_places, name="money_order_places"),
    path(f"{_ORG}assessors/", earnings.assessors, name="money_assessors"),
    path(f"{_ORG}assessors/rate/", earnings.set_rate, name="money_set_rate"),
    path(f"{_ORG}assessors/paid/", earnings.pay_out, name="money_pay_out"),
    path(f"{_ORG}assessors.csv", earnings.owed_csv, name="money_owed_csv"),
    path("account/earnings/", earnings.earnings, name="earnings"),
    path("account/orders/", orders.my_orders, name="my_orders"),
    path("account/orders/place/<id:entitlement_id>/", orders.place_order, name="place_order"),
    path("account/orders/lower/<id:entitlement_id>/", orders.lower_price, name="lower_price"),
    path("account/orders/code/<id:entitlement_id>/", orders.redeem, name="redeem_voucher"),
    path("account/orders/<id:order_id>/", orders.order, name="order"),
    path("account/orders/<id:order_id>/invoice/", orders.invoice_order, name="order_invoice"),
    path("account/orders/<id:order_id>/paid/", orders.mark_paid, name="order_paid"),
    path("account/orders/<id:order_id>/refund/", orders.refund, name="order_refund"),
    path("account/orders/<id:order_id>/void/", orders.void_order, name="order_void"),
    path("account/orders/<id:order_id>/card/", orders.pay_by_card, name="order_card"),
    path("account/invoices/<id:invoice_id>.pdf", orders.invoice, name="invoice"),
    path("payments/stripe/", told.stripe, name="stripe"),
]
