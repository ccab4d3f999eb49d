"""Educators' licenses as pages show them, and whom to remind. Not here: where they stand (standings)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from cairn.apps.licensure.models import AlertSent, EducatorLicense, EducatorProfile
from cairn.apps.licensure.queries.rules import book
from cairn.frame.actor import Actor
from cairn.frame.sealing import sealer
from cairn.kernel import clock
from cairn.pure.rules import Jurisdiction
from cairn.pure.rules.spec import LicenseType

ALERTS = (365, 180, 90, 30)  # days before the end
NUMBERS = "license numbers"


@dataclass(frozen=True)
class LicenseLine:
    """A license as lists show it; `days_left` is negative once it is past, None where it does not end."""

    id: str
    person_id: str
    jurisdiction: Jurisdiction
    type: LicenseType
    valid_from: date
    valid_to: date | None
    ended_on: date | None
    number_ending: str
    days_left: int | None

    @property
    def is_over(self) -> bool:
        return self.ended_on is not None or (self.days_left is not None and self.days_left < 0)

    @property
    def is_urgent(self) -> bool:
        return self.days_left is not None and not self.is_over and self.days_left <= ALERTS[0]


def today_in(jurisdiction: Jurisdiction) -> date:
    """The date on the calendar of the jurisdiction, which decides."""
    return clock.today(ZoneInfo(jurisdiction.zone or "UTC"))


def line(row: EducatorLicense) -> LicenseLine:
    where = book().jurisdictions.get(row.jurisdiction) or Jurisdiction(row.jurisdiction, row.jurisdiction)
    kind = where.type(row.type) or LicenseType(row.type, row.type.replace("-", " "), 0, False, "", "")
    left = (row.valid_to - today_in(where)).days if row.valid_to else None
    return LicenseLine(row.pk, row.person_id, where, kind, row.valid_from, row.valid_to, row.ended_on, row.number_ending, left)


def license(viewer: Actor, license_id: str) -> EducatorLicense:
    return EducatorLicense.objects.visible_to(viewer).get_or_not_found(pk=license_id)


def own_license(viewer: Actor, license_id: str) -> EducatorLicense:
    """One's own that is not over; for everybody else there is none."""
    return EducatorLicense.objects.visible_to(viewer).current().filter(person_id=viewer.person_id).get_or_not_found(pk=license_id)


def licenses_of(viewer: Actor, person_id: str) -> tuple[EducatorLicense, ...]:
    """Those that run first, of them the one that ends first."""
    found = EducatorLicense.objects.visible_to(viewer).filter(person_id=person_id)
    return tuple(sorted(found, key=lambda each: (each.ended_on is not None, each.valid_to or date.max, each.pk)))


def number_of(viewer: Actor, license_id: str) -> str:
    """The whole number, for those who see the license."""
    row = license(viewer, license_id)
    return sealer(NUMBERS).decrypt(row.number_sealed).decode() if row.number_sealed else ""


def profile(viewer: Actor) -> EducatorProfile | None:
    """One's own."""
    found = EducatorProfile.objects.visible_to(viewer).filter(person_id=viewer.person_id).select_related("association")
    return found.first() if viewer.person_id else None


def where_i_work(viewer: Actor) -> str:
    """The jurisdiction whose rules somebody reads by: as they chose, else that of the first license they entered, else none."""
    mine = EducatorProfile.objects.visible_to(viewer).filter(person_id=viewer.person_id) if viewer.person_id else None
    return (mine.values_list("jurisdiction", flat=True).first() or "") if mine is not None else ""


def to_alert(viewer: Actor) -> list[tuple[str, int]]:
    """For the system: licenses to remind of, with the days; of several that are due only the nearest."""
    if not viewer.is_system:
        return []
    sent = set(AlertSent.objects.values_list("license_id", "days", "valid_to"))
    found = []
    running = EducatorLicense.objects.visible_to(viewer).current().exclude(valid_to=None).order_by("valid_to", "pk")
    for row in running.filter(valid_to__range=(_shifted(-1), _shifted(ALERTS[0] + 1))):
        left = line(row).days_left
        due = [days for days in ALERTS if left is not None and 0 <= left <= days]
        if due and (row.pk, due[-1], row.valid_to) not in sent:
            found.append((row.pk, due[-1]))
    return found


def _shifted(days: int) -> date:
    return date.fromordinal(clock.now().date().toordinal() + days)
