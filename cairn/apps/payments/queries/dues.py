"""What assessors are owed: sums for those who pay, code names for the assessor alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cairn.apps.payments.models import Due, Rate
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound


@dataclass(frozen=True)
class Owed:
    """What one assessor has earned in one month. No case and no day is named: with them, whoever pays could guess who scored whom."""

    assessor_id: str
    name: str
    month: str  # "2026-05"
    sheets: int
    cents: int
    paid_cents: int

    @property
    def month_said(self) -> str:
        return f"{date.fromisoformat(f'{self.month}-01'):%B %Y}"

    @property
    def owed_cents(self) -> int:
        return self.cents - self.paid_cents


def earned_on(due: Due) -> date:
    """The day under which the books have it, on the calendar that this site keeps for everybody."""
    return due.earned_at.astimezone(people.zone_of(None)).date()


def rates_in(viewer: Actor, organization_id: str) -> QuerySet[Rate]:
    """What sheets earn or earned, the latest entered first."""
    found = Rate.objects.visible_to(viewer).filter(organization_id=organization_id)
    return found.select_related("microcredential").order_by("-entered_at", "pk")


def owed_in(viewer: Actor, organization_id: str) -> list[Owed]:
    """By assessor and month, the latest month first; for admins of the organization alone."""
    if not (viewer.is_system or viewer.holds("organization admin", organization=organization_id)):
        raise NotFound("page")
    found = Due.objects.visible_to(viewer).filter(organization_id=organization_id).select_related("assessor").order_by("earned_at", "pk")
    by: dict[tuple[str, str, str], list[Due]] = {}
    for due in found:
        month = f"{earned_on(due):%Y-%m}"
        by.setdefault((month, due.assessor.name, due.assessor_id), []).append(due)
    lines = [
        Owed(who, name, month, len(dues), _sum(dues), _sum(due for due in dues if due.paid_at)) for (month, name, who), dues in by.items()
    ]
    return sorted(lines, key=lambda line: (line.month, line.name), reverse=True)


def _sum(dues: Iterable[Due]) -> int:
    return sum(due.cents for due in dues)


@dataclass(frozen=True)
class Earnings:
    """What the viewer has earned by scoring, by case names alone."""

    dues: QuerySet[Due]
    owed_cents: int
    paid_cents: int


def my_earnings(viewer: Actor) -> Earnings:
    mine = Due.objects.visible_to(viewer).filter(assessor_id=viewer.person_id).select_related("organization").order_by("-earned_at", "pk")
    told = list(mine.values_list("cents", "paid_at"))
    return Earnings(mine, sum(cents for cents, paid in told if not paid), sum(cents for cents, paid in told if paid))
