"""Amounts in whole cents, as people write and read them. Not here: whom they concern."""

from __future__ import annotations

import re

from cairn.kernel.errors import Invalid

MOST = 100_000_000  # cents: a million dollars is a slip of the finger here
_AMOUNT = re.compile(r"\$?\s*(\d{1,3}(?:,\d{3}){1,6}|\d{1,20})(?:\.(\d{2}))?")  # Python reads no number of thousands of digits
_REMEDY = "Write an amount in dollars, like 180 or 180.50."


def dollars(cents: int) -> str:
    """-125050 -> "-$1,250.50"."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}.{rest:02}"


def cents_of(text: str, *, field: str = "amount") -> int:
    """ "$1,250.50" -> 125050; Invalid where it is no amount in dollars from nothing to a million. No float comes near it."""
    told = _AMOUNT.fullmatch(text.strip())
    if told is None or not text.isascii():
        raise Invalid("amount-unclear", f"“{text[:30]}” is no amount.", _REMEDY, {field: _REMEDY})
    cents = int(told[1].replace(",", "")) * 100 + int(told[2] or 0)
    if cents > MOST:
        raise Invalid("amount-too-large", f"{dollars(cents)} is more than anything costs here.", _REMEDY, {field: _REMEDY})
    return cents


def taken_off(cents: int, *, percent: int | None, off: int | None) -> int:
    """What a voucher takes off a price, in cents: never more than the price. A part of a cent is rounded in the buyer's favor."""
    return min(cents, -(-cents * percent // 100) if percent is not None else off or 0)
