"""What happens with prices and money."""

from cairn.kernel.facts import Event

PRICED = Event("payments.priced", "An organization said what a thing costs, for whom and when.",
               ("kind", "sold", "audience", "cents", "starts_on", "ends_on"))  # fmt: skip
PRICE_WITHDRAWN = Event("payments.price_withdrawn", "A price no longer holds; what was fixed at it stays.", ("kind", "sold"))
PRICE_LOCKED = Event("payments.price_locked", "What somebody's place costs was fixed.",
                     ("kind", "sold", "cents", "price", "why"))  # fmt: skip
PRICE_RELEASED = Event("payments.price_released", "A place was left before it was ordered, so nothing is asked for it.")
PRICE_LOWERED = Event("payments.price_lowered", "A membership that began later lowered a price that was fixed.", ("cents", "back"))
MEMBER_ENTERED = Event("payments.member_entered", "A membership was entered, by hand or by a roster.", ("person", "valid_from", "valid_to"))
MEMBERSHIP_CHANGED = Event("payments.membership_changed", "A membership was changed, by hand or by a roster.", ("valid_to",))
VOUCHER_ISSUED = Event("payments.voucher_issued", "A code was made that takes something off.",
                       ("percent", "cents", "uses", "issued_to"))  # fmt: skip
VOUCHER_ENDED = Event("payments.voucher_ended", "A code takes nothing off any more.")
VOUCHER_USED = Event("payments.voucher_used", "A code took something off a price.", ("voucher", "off"))
TERMS_SET = Event("payments.terms_set", "An organization said how it sells.", ("days", "provider", "rebate_days"))
ORDERED = Event("payments.ordered", "An order was placed.", ("cents", "lines", "payer"))
INVOICED = Event("payments.invoiced", "An invoice went out.", ("number", "cents", "order"))
CREDITED = Event("payments.credited", "A credit note went out.", ("number", "cents", "order"))
VOIDED = Event("payments.voided", "An order was called off before it was paid.", ("reason",), ("reason",))
PAID = Event("payments.paid", "The money for an order came.", ("cents", "provider", "reference"))
OVERDUE = Event("payments.overdue", "The day by which an order was to be paid is over.", ("due_on",))
REFUNDED = Event("payments.refunded", "Money was given back.", ("cents", "reason", "payment"), ("reason",))
CHECKOUT_ASKED = Event("payments.checkout_asked", "A buyer asked to pay by card.", ("order", "cents"))
CHECKOUT_READY = Event("payments.checkout_ready", "The provider's page waits for the buyer.")
CHECKOUT_OVER = Event("payments.checkout_over", "A card was not charged: the page ran out, or the provider refused.", ("why",))
NOTICE_TAKEN = Event("payments.notice_taken", "A provider told something, and proved that it was the provider.", ("kind", "told"))
RATE_SET = Event(
    "payments.rate_set", "An organization said what a score sheet earns its assessor.", ("microcredential", "cents", "starts_on")
)
OWED = Event("payments.owed", "An assessor is owed something for a score sheet.", ("sheet", "cents"))
PAID_OUT = Event("payments.paid_out", "An assessor was paid what was owed.", ("assessor", "cents", "sheets", "reference"))
