"""What recognizers gave: the transcript of one's points, hours and credit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cairn.apps.licensure.models import CreditAward
from cairn.apps.licensure.queries.recognizers import today_of
from cairn.frame.actor import Actor


@dataclass(frozen=True)
class Transcript:
    """What one recognizer gave in one unit, line by line, and the sum of what counts."""

    recognizer: str
    unit: str
    lines: tuple[CreditAward, ...]

    @property
    def total(self) -> Decimal:
        """What serves two goals is in it once."""
        return sum((line.amount for line in self.lines if line.stopped_at is None and not line.is_again), Decimal(0))

    def by(self, name: str) -> dict[str, Decimal]:
        """Sums by "level" or "bucket"; in the latter stands what serves two goals in both."""
        sums: dict[str, Decimal] = {}
        for line in self.lines:
            if line.stopped_at is None and not (line.is_again and name == "level") and (value := getattr(line, name)):
                sums[value] = sums.get(value, Decimal(0)) + line.amount
        return sums


def transcripts(viewer: Actor) -> tuple[Transcript, ...]:
    """Everything that was granted to the viewer, by recognizer and unit; the latest line first."""
    rows = CreditAward.objects.visible_to(viewer).filter(person_id=viewer.person_id)
    groups: dict[tuple[str, str], list[CreditAward]] = {}
    for row in rows.select_related("organization", "claim__schedule").order_by("-done_on", "-granted_at"):
        groups.setdefault((row.organization.name, row.unit), []).append(row)
    return tuple(Transcript(name, unit, tuple(lines)) for (name, unit), lines in sorted(groups.items()))


def credit(viewer: Actor, claim_id: str) -> CreditAward:
    """Of a claim of the viewer's own: for its certificate."""
    rows = CreditAward.objects.visible_to(viewer).filter(person_id=viewer.person_id, stopped_at=None)
    return rows.select_related("organization", "person", "claim__schedule").get_or_not_found(claim_id=claim_id)


def expires_soon(row: CreditAward) -> bool:
    today = today_of(row.organization_id)
    return row.lasts_until is not None and 0 <= (row.lasts_until - today).days <= 180
