"""Saying what things cost, and how an organization sells."""

from __future__ import annotations

from datetime import date

from cairn.apps.ledger.steps import record
from cairn.apps.payments import events, policy, steps
from cairn.apps.payments.models import Price, Terms
from cairn.apps.payments.queries import Sold
from cairn.apps.payments.states import PROVIDERS, SOLD_KINDS
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock, text
from cairn.kernel.errors import Invalid
from cairn.pure.money import MOST

LONGEST_TO_PAY, LONGEST_REBATE = 365, 366  # days


def in_order(starts_on: date, ends_on: date | None, what: str) -> None:
    if ends_on is not None and ends_on < starts_on:
        remedy = "Give a last day that is not before the first."
        raise Invalid("ends-before-start", f"{what} cannot end before it begins.", remedy, {"ends_on": remedy})


def affordable(cents: int, least: int = 0) -> int:
    if not least <= cents <= MOST:
        remedy = "Write an amount from nothing to a million dollars." if least == 0 else "Write an amount of at least one cent."
        raise Invalid("amount-wrong", "That is no amount that anything costs here.", remedy, {"cents": remedy})
    return cents


@command
def set_price(*, actor: Actor, sold: Sold, audience_id: str | None, cents: int, starts_on: date, ends_on: date | None = None) -> Price:
    """Say what a thing costs from a day on, for everyone or for an association's members. What was fixed before stays as it is."""
    policy.SET_PRICES.require(actor, sold.organization_id)
    if sold.kind not in SOLD_KINDS:
        raise Invalid("kind-unknown", f"“{sold.kind}” is nothing that is sold.", f"Use one of {', '.join(SOLD_KINDS)}.")
    in_order(starts_on, ends_on, "A price")
    if audience_id and not people.organizations(actor, [audience_id]).exists():
        remedy = "Choose one of the list."
        raise Invalid("audience-unknown", "There is no such association.", remedy, {"audience": remedy})
    price = Price.objects.create(
        organization_id=sold.organization_id, sold_kind=sold.kind, sold_id=sold.id, sold_name=sold.name[:200], audience_id=audience_id,
        cents=affordable(cents), starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    record(events.PRICED, actor=actor, subject=price, organization=sold.organization_id, kind=sold.kind, sold=sold.id,
           audience=audience_id or "", cents=cents, starts_on=starts_on.isoformat(),
           ends_on=ends_on.isoformat() if ends_on else "")  # fmt: skip
    return price


@command
def withdraw_price(*, actor: Actor, price_id: str) -> Price:
    """Let a price hold no longer; withdrawing it twice is the same as once."""
    price = Price.objects.visible_to(actor).locked(pk=price_id)
    policy.SET_PRICES.require(actor, price.organization_id)
    if price.withdrawn_at is None:
        price.withdrawn_at = clock.now()
        price.save(update_fields=["withdrawn_at"])
        record(events.PRICE_WITHDRAWN, actor=actor, subject=price, organization=price.organization_id, kind=price.sold_kind,
               sold=price.sold_id)  # fmt: skip
    return price


@command
def set_terms(
    *, actor: Actor, organization_id: str, address: str, how_to_pay: str, days_to_pay: int, provider: str, provider_account: str = "",
    rebate_days: int = 0,
) -> Terms:  # fmt: skip
    """How an organization sells, from the next invoice on."""
    policy.SET_PRICES.require(actor, organization_id)
    if provider not in PROVIDERS:
        raise Invalid("provider-unknown", f"“{provider}” is no way to pay.", f"Use one of {', '.join(PROVIDERS)}.")
    if not (0 <= days_to_pay <= LONGEST_TO_PAY and 0 <= rebate_days <= LONGEST_REBATE):
        raise Invalid(
            "days-wrong", "An invoice is due within a year, and a later membership counts back a year at most.", "Correct the days."
        )
    terms = steps.locked_terms(organization_id)
    terms.address = text.clean(address, limit=500, field="address", name="The address").strip()
    terms.how_to_pay = text.clean(how_to_pay, limit=1000, field="how_to_pay", name="The way to pay").strip()
    terms.days_to_pay, terms.provider, terms.rebate_days = days_to_pay, provider, rebate_days
    terms.provider_account = text.clean(provider_account, limit=60, field="provider_account").strip()
    terms.save(update_fields=["address", "how_to_pay", "days_to_pay", "provider", "provider_account", "rebate_days"])
    record(events.TERMS_SET, actor=actor, subject=terms, organization=organization_id, days=days_to_pay, provider=provider,
           rebate_days=rebate_days)  # fmt: skip
    return terms
