"""Money: whole cents of US dollars, what a voucher takes off, and notices of payment that prove who sent them. Not here: any price."""

from cairn.pure.money.amounts import MOST, cents_of, dollars, taken_off
from cairn.pure.money.notices import is_signed, signature

__all__ = ["MOST", "cents_of", "dollars", "is_signed", "signature", "taken_off"]
