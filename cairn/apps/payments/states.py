"""The lives of an order and of a card checkout; what is sold, and ways to pay: closed lists."""

from cairn.frame.states import States

SOLD_KINDS = {"offering": "An offering", "microcredential": "A micro-credential"}
FEE = "credit"  # what a recognizer gives for a fee; it has no price list and no places
LINE_KINDS = {**SOLD_KINDS, FEE: "Credit"}

ORDER = States(
    name="order",
    owner="payments",
    initial="open",
    moves={"open": ("invoiced", "void"), "invoiced": ("paid", "void"), "paid": ("refunded",), "refunded": (), "void": ()},
    means={
        "open": "placed; nothing is asked for yet",
        "invoiced": "an invoice with a number asks for the money",
        "paid": "the money has come, all of it; a part of it may have been given back",
        "refunded": "all of it was given back",
        "void": "called off before anything was paid",
    },
)

CHECKOUT = States(
    name="checkout",
    owner="payments",
    initial="asked",
    moves={"asked": ("ready", "over"), "ready": ("paid", "over"), "paid": (), "over": ()},
    means={
        "asked": "the provider is being asked for a page to pay on",
        "ready": "the provider's page waits for the buyer",
        "paid": "the provider said that the money has come",
        "over": "the page ran out, or the provider refused",
    },
)

PROVIDERS = {"purchase-order": "Invoice, with or without a purchase order", "stripe": "Invoice, or card on Stripe's own page"}
INVOICE_KINDS = {"invoice": "Invoice", "credit-note": "Credit note"}
PAYMENT_KINDS = {"paid": "Paid", "refunded": "Given back"}
