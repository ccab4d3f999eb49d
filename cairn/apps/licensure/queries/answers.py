"""What a schedule answers to a claim, as it is shown and stored beside it. Not here: the schedule's own rules (pure.rules.convert)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

# Unit -> kind of entry that it becomes in a record.
KINDS = {"hour": "hours", "ceu": "hours", "credit": "credit", "semester-hour": "credit", "board-credit": "credit"}


@dataclass(frozen=True)
class Said:
    """`reasons`: sentence and citation. `waits`: the rule takes several together, and not all of them are claimed; `together`: ids of
    claims that are answered with this one."""

    amount: Decimal
    unit: str
    is_refused: bool
    reasons: tuple[tuple[str, str], ...]
    flags: tuple[str, ...] = ()
    waits: bool = False
    together: tuple[str, ...] = ()
    fee_cents: int = 0
    lasts_until: date | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "amount": f"{self.amount.normalize():f}", "unit": self.unit, "is_refused": self.is_refused, "waits": self.waits,
            "reasons": [list(reason) for reason in self.reasons], "flags": list(self.flags), "together": list(self.together),
            "fee_cents": self.fee_cents, "lasts_until": self.lasts_until.isoformat() if self.lasts_until else "",
        }  # fmt: skip


def said_of(told: Mapping[str, Any]) -> Said:
    """As it was stored."""
    return Said(
        Decimal(told["amount"]), told["unit"], told["is_refused"], tuple((words, cite) for words, cite in told["reasons"]),
        tuple(told["flags"]), told["waits"], tuple(told["together"]), told["fee_cents"],
        date.fromisoformat(told["lasts_until"]) if told["lasts_until"] else None,
    )  # fmt: skip
