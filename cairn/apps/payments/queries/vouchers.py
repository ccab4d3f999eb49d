"""Vouchers and their codes."""

from __future__ import annotations

import hashlib
import hmac
import re

from django.conf import settings
from django.db.models import QuerySet

from cairn.apps.payments.models import Voucher
from cairn.frame.actor import Actor
from cairn.kernel.ids import ALPHABET

_LENGTH = 16  # characters of five bits


def code_of(voucher_id: str) -> str:
    """The code of a voucher, like 7k2m-9xqd-0p4r-twc8. It follows from the site's secret: whoever reads the table knows no code."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"voucher\n{voucher_id}".encode(), hashlib.sha256).digest()
    bits = int.from_bytes(digest[: _LENGTH * 5 // 8])
    signs = "".join(ALPHABET[bits >> 5 * place & 31] for place in range(_LENGTH))
    return "-".join(signs[start : start + 4] for start in range(0, _LENGTH, 4))


def hash_of(code: str) -> str:
    """However it is typed: with or without dashes, in capitals, the letters that look like digits among them."""
    plain = re.sub(r"[\s-]", "", code).lower().translate(str.maketrans("oil", "011"))
    return hashlib.sha256(plain.encode()).hexdigest()


def vouchers_in(viewer: Actor, organization_id: str) -> QuerySet[Voucher]:
    """Those that an organization gives, the latest first."""
    found = Voucher.objects.visible_to(viewer).filter(organization_id=organization_id)
    return found.select_related("issued_to").order_by("-made_at", "pk")


def vouchers_for(viewer: Actor, organization_id: str) -> QuerySet[Voucher]:
    """Those that an organization was given: how many uses are taken, and not by whom."""
    found = Voucher.objects.visible_to(viewer).filter(issued_to_id=organization_id)
    return found.select_related("organization").order_by("-made_at", "pk")


def voucher(viewer: Actor, voucher_id: str) -> Voucher:
    return Voucher.objects.visible_to(viewer).select_related("organization", "issued_to").get_or_not_found(pk=voucher_id)


def shown_code(voucher: Voucher) -> str:
    """For whoever may see the voucher; empty where the site's secret has changed since it was made."""
    code = code_of(voucher.pk)
    return code if hash_of(code) == voucher.code_hash else ""
