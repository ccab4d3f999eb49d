"""What a thing costs somebody today, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cairn.apps.payments.models import Entitlement, Membership, OrderLine, Price, Terms
from cairn.apps.payments.models.memberships import MembershipQuerySet
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.pure.clocks import long_date
from cairn.pure.money import dollars


@dataclass(frozen=True)
class Sold:
    """A thing that costs something: an offering, with a micro-credential in `within`, whose prices hold where it has none, and with the
    program that sells it, whose coordinators may give back what was paid; or a micro-credential."""

    kind: str
    id: str
    name: str
    organization_id: str
    within: str = ""
    program: str = ""


@dataclass(frozen=True)
class Quote:
    """What a thing costs somebody on a day. `audience` names the association whose price it is; empty: everyone's."""

    cents: int
    audience: str
    why: str
    price_id: str | None = None

    @property
    def is_free(self) -> bool:
        return self.cents == 0


def price_for(viewer: Actor, sold: Sold) -> Quote:
    """The best one price that the viewer may have today."""
    return quotes(viewer, [sold])[sold.id]


def price_held(viewer: Actor, sold: Sold, of: str) -> Quote:
    """What was fixed for the seat or the run that the viewer holds; where nothing was, today's price."""
    fixed = entitlement_of(viewer, of) if of else None
    if fixed is None or fixed.released_at is not None:
        return price_for(viewer, sold)
    return Quote(fixed.due_cents, "", f"{fixed.why} It is fixed.", fixed.price_id)


def quotes(viewer: Actor, things: Sequence[Sold]) -> dict[str, Quote]:
    """For many things at once, by id, in as many questions to the database as for one."""
    if not Price.objects.filter(sold_id__in=_asked(things), withdrawn_at=None).exists():
        return {sold.id: _best((), (), date.min) for sold in things}
    return quotes_of(viewer.person_id, things, clock.today(people.zone_of(viewer.person_id)))


def _asked(things: Sequence[Sold]) -> set[str]:
    return {sold.id for sold in things} | {sold.within for sold in things if sold.within}


def quotes_of(person_id: str | None, things: Sequence[Sold], day: date) -> dict[str, Quote]:
    standing = standing_prices(things, day)
    if not any(standing.values()):
        return {sold.id: _best((), (), day) for sold in things}
    own = list(memberships_of(person_id).select_related("organization")) if person_id else []
    return {sold.id: _best(standing[sold.id], own, day) for sold in things}


def standing_prices(things: Sequence[Sold], day: date) -> dict[str, list[Price]]:
    """By thing, one price for each audience: the latest entered of those for the day."""
    found = Price.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), sold_id__in=_asked(things), starts_on__lte=day, withdrawn_at=None)
    latest: dict[str, dict[str | None, Price]] = {}
    for price in found.select_related("audience").order_by("entered_at", "pk"):
        latest.setdefault(price.sold_id, {})[price.audience_id] = price
    return {sold.id: list((latest.get(sold.id) or latest.get(sold.within) or {}).values()) for sold in things}


def _best(prices: Iterable[Price], memberships: Sequence[Membership], day: date) -> Quote:
    """One price, the lowest of those that are the person's: being in two associations takes nothing off twice."""
    holds = {m.organization_id for m in memberships if m.valid_from <= day and (m.valid_to is None or day <= m.valid_to)}
    mine = [price for price in prices if price.audience_id is None or price.audience_id in holds]
    if not mine:
        return Quote(0, "", "This costs nothing.")
    best = min(mine, key=lambda price: (price.cents, price.audience_id is not None, price.audience.name if price.audience else ""))
    audience = best.audience.name if best.audience else ""
    return Quote(best.cents, audience, _why(best, mine, prices, memberships, day), best.pk)


def _why(best: Price, mine: Sequence[Price], prices: Iterable[Price], memberships: Sequence[Membership], day: date) -> str:
    if best.audience:
        others = [price.cents for price in mine if price.audience is None]
        instead = f" instead of {dollars(others[0])}" if others and others[0] != best.cents else ""
        return f"Members of {best.audience.name} pay {dollars(best.cents)}{instead}."
    if best.cents == 0:
        return "This costs nothing."
    cheaper = {price.audience_id for price in prices if price.audience_id and price.cents < best.cents}
    lapsed = [m for m in memberships if m.organization_id in cheaper and m.valid_to and m.valid_to < day]
    if not lapsed:
        return f"Everyone pays {dollars(best.cents)}."
    last = max(lapsed, key=lambda m: (m.valid_to or day, m.organization.name))
    ended = long_date(last.valid_to) if last.valid_to else ""
    return f"Everyone pays {dollars(best.cents)}; your membership in {last.organization.name} ended on {ended}."


def memberships_of(person_id: str) -> MembershipQuerySet:
    """A person's own; and those of roster rows without an account that bear an address which the person has confirmed."""
    mine = Q(person_id=person_id)
    if addresses := people.confirmed_by(person_id):
        mine |= Q(person__account=None, person__merged_into=None, email__in=addresses)
    return Membership.objects.filter(mine)


@dataclass(frozen=True)
class PriceBlock:
    """What a page says of a price: the viewer's own, and what each audience pays, everyone first."""

    quote: Quote
    lines: tuple[tuple[str, int], ...]


def price_block(viewer: Actor, sold: Sold) -> PriceBlock:
    day = clock.today(people.zone_of(viewer.person_id))
    standing = standing_prices([sold], day)[sold.id]
    lines = sorted((price.audience.name if price.audience else "", price.cents) for price in standing)
    return PriceBlock(price_for(viewer, sold), tuple(lines))


def prices_in(viewer: Actor, organization_id: str) -> QuerySet[Price]:
    """All that an organization asks or has asked, the latest entered first."""
    found = Price.objects.visible_to(viewer).filter(organization_id=organization_id)
    return found.select_related("audience").order_by("sold_name", "-entered_at", "pk")


def price(viewer: Actor, price_id: str) -> Price:
    return Price.objects.visible_to(viewer).get_or_not_found(pk=price_id)


def my_entitlement(viewer: Actor, entitlement_id: str) -> Entitlement:
    """The viewer's own; NotFound for anyone else's."""
    return Entitlement.objects.visible_to(viewer).filter(person_id=viewer.person_id).get_or_not_found(pk=entitlement_id)


def entitlement_of(viewer: Actor, of: str) -> Entitlement | None:
    """What a seat or a run costs; None where nothing was fixed, or the viewer may not know."""
    return Entitlement.objects.visible_to(viewer).filter(Q(place_id=of) | Q(enrollment_id=of)).first()


def to_order(viewer: Actor) -> QuerySet[Entitlement]:
    """The viewer's own places that cost something and are on no order yet."""
    ordered = OrderLine.objects.filter(entitlement=OuterRef("pk"), is_void=False)
    mine = Entitlement.objects.visible_to(viewer).filter(person_id=viewer.person_id, released_at=None, cents__gt=F("off_cents"))
    return mine.filter(~Exists(ordered)).select_related("organization").order_by("locked_at", "pk")


def lower_now(entitlement: Entitlement) -> Quote | None:
    """What the place would cost today, where that is less and the organization lets a membership that began later count; else None."""
    terms = Terms.objects.filter(organization_id=entitlement.organization_id).first()
    zone = people.zone_of(entitlement.person_id)
    today = clock.today(zone)
    if terms is None or today > entitlement.locked_at.astimezone(zone).date() + timedelta(days=terms.rebate_days):
        return None
    sold = Sold(entitlement.sold_kind, entitlement.sold_id, entitlement.sold_name, entitlement.organization_id, entitlement.within)
    quote = quotes_of(entitlement.person_id, [sold], today)[sold.id]
    return quote if terms.rebate_days and quote.price_id and quote.cents < entitlement.cents else None
