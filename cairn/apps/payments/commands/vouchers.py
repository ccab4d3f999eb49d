"""Making vouchers, ending them, and using one."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from cairn.apps.ledger.steps import record
from cairn.apps.payments import events, policy, steps
from cairn.apps.payments.commands.prices import affordable, in_order
from cairn.apps.payments.models import Entitlement, Voucher, VoucherUse
from cairn.apps.payments.queries import hash_of
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock, text
from cairn.kernel.errors import Conflict, Invalid
from cairn.pure.clocks import long_date
from cairn.pure.money import taken_off

MOST_USES = 100_000


@command
def issue_voucher(
    *, actor: Actor, organization_id: str, label: str, uses: int, starts_on: date, ends_on: date | None = None,
    percent: int | None = None, off_cents: int | None = None, sold_kind: str = "", sold_id: str = "", issued_to_id: str | None = None,
) -> Voucher:  # fmt: skip
    """A code that takes a part or a sum off what the organization sells, so many times."""
    policy.SET_PRICES.require(actor, organization_id)
    if (percent is None) == (off_cents is None):
        remedy = "Give a percentage or an amount, and not both."
        raise Invalid("off-unclear", "A voucher takes a part or a sum off.", remedy, {"percent": remedy})
    if percent is not None and not 1 <= percent <= 100:
        remedy = "Give a percentage from 1 to 100."
        raise Invalid("percent-wrong", "A part is from 1 to 100 percent.", remedy, {"percent": remedy})
    if off_cents is not None:
        affordable(off_cents, least=1)
    if not 1 <= uses <= MOST_USES:
        remedy = f"Give a number from 1 to {MOST_USES:,}."
        raise Invalid("uses-wrong", "A voucher can be used once at least.", remedy, {"uses": remedy})
    in_order(starts_on, ends_on, "A voucher")
    label = text.clean(label, limit=120, field="label", name="The label").strip()
    return steps.open_voucher(
        actor=actor, organization_id=organization_id, issued_to_id=issued_to_id, label=label, percent=percent, off_cents=off_cents,
        uses=uses, starts_on=starts_on, ends_on=ends_on, sold_kind=sold_kind, sold_id=sold_id,
    )  # fmt: skip


@command
def end_voucher(*, actor: Actor, voucher_id: str) -> Voucher:
    """Let a code take nothing off any more; where it did, it stays off."""
    voucher = Voucher.objects.visible_to(actor).locked(pk=voucher_id)
    policy.SET_PRICES.require(actor, voucher.organization_id)
    if voucher.ended_at is None:
        voucher.ended_at = clock.now()
        voucher.save(update_fields=["ended_at"])
        record(events.VOUCHER_ENDED, actor=actor, subject=voucher, organization=voucher.organization_id)
    return voucher


@command
def redeem(*, actor: Actor, entitlement_id: str, code: str) -> Entitlement:
    """Use a voucher for one's own place, before it is ordered. The last use goes to one of any number who ask at once."""
    entitlement = Entitlement.objects.visible_to(actor).locked(pk=entitlement_id)
    policy.REDEEM.require(actor, entitlement)
    voucher = _good_for(entitlement, code)
    if entitlement.released_at or entitlement.lines.filter(is_void=False).exists():
        raise Conflict("ordered-already", "This place was ordered or left already.", "Use the code for another place.")
    if entitlement.off_cents:
        raise Conflict("one-voucher-each", "A voucher is in use for this place already.", "Keep the code for another place.")
    if not Voucher.objects.filter(pk=voucher.pk, ended_at=None, uses_taken__lt=F("uses_most")).update(uses_taken=F("uses_taken") + 1):
        raise Conflict("voucher-used-up", "This code has been used as often as it may be.", "Ask whoever gave it to you for another.")
    entitlement.off_cents = taken_off(entitlement.cents, percent=voucher.percent, off=voucher.off_cents)
    entitlement.save(update_fields=["off_cents"])
    VoucherUse.objects.create(voucher=voucher, entitlement=entitlement, off_cents=entitlement.off_cents)
    record(events.VOUCHER_USED, actor=actor, subject=entitlement, thread=entitlement.thread,
           organization=entitlement.organization_id, voucher=voucher.pk, off=entitlement.off_cents)  # fmt: skip
    return entitlement


def _good_for(entitlement: Entitlement, code: str) -> Voucher:
    """The voucher of the code. One that is another's, or good for something else, is answered like one that is not there."""
    day = clock.today(people.zone_of(entitlement.person_id))
    voucher = Voucher.objects.filter(code_hash=hash_of(code), organization_id=entitlement.organization_id, ended_at=None).first()
    if voucher is None or (voucher.sold_id and voucher.sold_id not in (entitlement.sold_id, entitlement.within)):
        remedy = "Check it sign by sign, or ask whoever gave it to you what it is good for."
        raise Invalid("code-unknown", "This code takes nothing off this.", remedy, {"code": f"This code takes nothing off this. {remedy}"})
    if not voucher.starts_on <= day <= (voucher.ends_on or day):
        said = f"from {long_date(voucher.starts_on)}" + (f" to {long_date(voucher.ends_on)}" if voucher.ends_on else "")
        words = f"This code is good {said}."
        raise Conflict("voucher-not-now", words, "Ask whoever gave it to you for another.", {"code": words})
    return voucher
