"""Offerings as things that cost something. Not here: what they cost (payments)."""

from __future__ import annotations

from cairn.apps.payments.queries import Sold
from cairn.apps.programs.models import Offering

__all__ = ["sold"]


def sold(offering: Offering) -> Sold:
    """An offering as prices know it; where it has none, that of its micro-credential holds."""
    title, program = offering.microcredential.title, offering.program
    name = title if offering.kind == "open" else f"{title}, {program.title}"
    return Sold("offering", offering.pk, name, program.organization_id, within=offering.microcredential_id)
