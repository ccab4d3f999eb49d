"""Tables of prices and what follows from them."""

from cairn.apps.payments.models.dues import Due, Rate
from cairn.apps.payments.models.memberships import Membership
from cairn.apps.payments.models.orders import Checkout, Invoice, Order, OrderLine, Payment, PaymentNotice, Terms
from cairn.apps.payments.models.prices import Entitlement, Price
from cairn.apps.payments.models.vouchers import Voucher, VoucherUse

__all__ = [
    "Checkout",
    "Due",
    "Entitlement",
    "Invoice",
    "Membership",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentNotice",
    "Price",
    "Rate",
    "Terms",
    "Voucher",
    "VoucherUse",
]
