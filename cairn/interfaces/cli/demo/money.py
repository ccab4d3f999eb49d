"""Money of the demonstration: prices, a voucher, orders that are paid and that wait, and what assessors are owed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from cairn.apps.payments import commands, queries
from cairn.apps.people import queries as known
from cairn.apps.programs import queries as running
from cairn.interfaces.cli.demo.journeys import SYSTEM, actor, microcredential
from cairn.interfaces.cli.demo.texts import read
from cairn.kernel import clock

ALWAYS = timedelta(days=800)  # before anything here happened


def set_rate(today: date) -> None:
    commands.set_rate(actor=SYSTEM.with_key("demo: rate"), organization_id=_seller(), cents=read("money")["rate"]["cents"],
                      starts_on=today - ALWAYS)  # fmt: skip


def enter_members(today: date) -> None:
    told = read("money")["members"]
    for who in told["who"]:
        person = known.me(actor(who))
        commands.enter_member(actor=SYSTEM.with_key(f"demo: {who} is a member"), organization_id=_organization(told["of"]),
                              email=person.email, name=person.name, valid_from=today - ALWAYS)  # fmt: skip


def begin_selling(today: date) -> None:
    """Terms, and prices from this day on; who began before pays nothing."""
    told, first = read("money"), clock.today(known.zone_of(None))
    words = {name: told["terms"][name] for name in ("address", "how_to_pay")}
    commands.set_terms(actor=SYSTEM.with_key("demo: terms"), organization_id=_seller(), **words, days_to_pay=30, provider="purchase-order")
    for number, price in enumerate(told["prices"]):
        (offering,) = running.offerings(SYSTEM, [microcredential(price["of"]).id]).select_related("microcredential")
        sold = running.sold(offering)
        audience = _organization(price["for"]) if "for" in price else None
        commands.set_price(actor=SYSTEM.with_key(f"demo: price {number}"), sold=sold, audience_id=audience, cents=price["cents"],
                           starts_on=first)  # fmt: skip


def make_voucher(today: date) -> None:
    told = read("money")["voucher"]
    commands.issue_voucher(actor=SYSTEM.with_key("demo: voucher"), organization_id=_seller(), label=told["label"], uses=told["uses"],
                           percent=told["percent"], starts_on=clock.today(known.zone_of(None)))  # fmt: skip


PARTS = {"rate": set_rate, "members": enter_members, "terms": begin_selling, "voucher": make_voucher}


def carry_out(number: int, step: Mapping[str, Any]) -> None:
    DOINGS[step["do"]](f"demo: money {number}", step)


def _order(key: str, step: Mapping[str, Any]) -> None:
    me = actor(step["who"])
    for place in queries.to_order(me):
        commands.place_order(actor=me.with_key(key), entitlement_ids=[place.pk], payer_id=_organization(step["payer"]),
                             po_number=step["po"])  # fmt: skip


def _paid(key: str, step: Mapping[str, Any]) -> None:
    for order in queries.my_orders(actor(step["who"])).filter(state="invoiced"):
        commands.mark_paid(actor=SYSTEM.with_key(key), order_id=order.pk, reference=step["reference"])


def _redeem(key: str, step: Mapping[str, Any]) -> None:
    me, voucher = actor(step["who"]), queries.vouchers_in(SYSTEM, _seller())[0]
    for place in queries.to_order(me).filter(off_cents=0):
        commands.redeem(actor=me.with_key(key), entitlement_id=place.pk, code=queries.code_of(voucher.pk))


def _pay_out(key: str, step: Mapping[str, Any]) -> None:
    commands.pay_out(actor=SYSTEM.with_key(key), organization_id=_seller(), assessor_id=str(actor(step["who"]).person_id),
                     up_to=clock.today(known.zone_of(None)), reference=step["reference"])  # fmt: skip


DOINGS: dict[str, Callable[[str, Mapping[str, Any]], None]] = {"order": _order, "paid": _paid, "redeem": _redeem, "pay out": _pay_out}


def _seller() -> str:
    return _organization(read("people")["issuer"])


def _organization(slug: str) -> str:
    return str(known.organization(SYSTEM, slug).pk)
