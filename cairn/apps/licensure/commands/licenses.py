"""Licenses as their educators enter, correct and end them; where they work, and reminders of what ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import AlertSent, EducatorLicense, EducatorProfile
from cairn.apps.licensure.queries.licenses import ALERTS, NUMBERS, line
from cairn.apps.licensure.queries.mismatches import fits, mark_of
from cairn.apps.licensure.queries.rules import book
from cairn.apps.licensure.steps import follow_credentials, lock_educator
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.frame.sealing import sealer
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.text import clean
from cairn.pure.clocks import long_date
from cairn.pure.rules import Jurisdiction
from cairn.pure.rules.spec import LicenseType

NUMBER_LIMIT, NAME_LIMIT, RENEWALS = 40, 200, 20
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)


@command
def add_license(
    *, actor: Actor, jurisdiction: str, license_type: str, valid_from: date, valid_to: date | None, number: str = "",
    entered_on: date | None = None, renewals_used: int = 0, events_on: Mapping[str, date] | None = None, holder: str = "",
) -> EducatorLicense:  # fmt: skip
    """Enter a license of one's own. Two of one type do not overlap; what was earned before is counted too."""
    policy.ADD_LICENSE.require(actor, None)
    where, kind = _type(jurisdiction, license_type)
    row = EducatorLicense(person_id=str(actor.person_id), jurisdiction=where.code, type=kind.slug)
    educator = lock_educator(row.person_id)
    if not educator.jurisdiction:
        EducatorProfile.objects.filter(pk=educator.pk).update(jurisdiction=where.code)
    _set(row, kind, valid_from, valid_to, number, entered_on, renewals_used, events_on, holder)
    row.save(force_insert=True)
    follow_credentials(row.person_id)
    record(events.LICENSE_ADDED, actor=actor, subject=row, thread=row.pk, jurisdiction=row.jurisdiction, type=row.type, **_days(row))
    return row


@command
def correct_license(
    *, actor: Actor, license_id: str, valid_from: date, valid_to: date | None, number: str = "", entered_on: date | None = None,
    renewals_used: int = 0, events_on: Mapping[str, date] | None = None, holder: str = "",
) -> EducatorLicense:  # fmt: skip
    """Other days, or another number; an empty number leaves the one that is kept."""
    row = _own(actor, license_id)
    _, kind = _type(row.jurisdiction, row.type)
    _set(row, kind, valid_from, valid_to, number, entered_on, renewals_used, events_on, holder)
    row.save()
    record(events.LICENSE_CORRECTED, actor=actor, subject=row, thread=row.pk, **_days(row))
    return row


@command
def end_license(*, actor: Actor, license_id: str, ended_on: date) -> EducatorLicense:
    """It was given up, or another took its place. What it stood for is kept."""
    row = _own(actor, license_id)
    if not row.valid_from <= ended_on <= clock.today(people.zone_of(actor.person_id)):
        words = f"Choose a day from {long_date(row.valid_from)} to today."
        raise Invalid("ended-on-invalid", "A license ends while it runs, and not in the future.", words, {"ended_on": words})
    row.ended_on = ended_on
    row.save(update_fields=["ended_on"])
    record(events.LICENSE_ENDED, actor=actor, subject=row, thread=row.pk, ended_on=ended_on.isoformat())
    return row


@command
def set_profile(*, actor: Actor, jurisdiction: str, association_id: str = "") -> EducatorProfile:
    """Where one works, and which association may hear of deadlines; empty: none."""
    policy.ADD_LICENSE.require(actor, None)
    if jurisdiction and jurisdiction not in book().jurisdictions:
        words = "Choose one of the states in the list."
        raise Invalid("jurisdiction-unknown", "The rules of this state are not here.", words, {"jurisdiction": words})
    association = people.organizations(actor, [association_id]).filter(kind="association").first() if association_id else None
    if association_id and association is None:
        words = "Choose one of the associations in the list, or none."
        raise Invalid("association-unknown", "This is no association here.", words, {"association": words})
    row = lock_educator(str(actor.person_id))
    row.jurisdiction, row.association_id, row.changed_at = jurisdiction, association_id or None, clock.now()
    row.save(update_fields=["jurisdiction", "association", "changed_at"])
    record(events.PROFILE_SET, actor=actor, subject=row, jurisdiction=jurisdiction)
    return row


@command
def alert(*, actor: Actor, license_id: str, days: int) -> AlertSent | None:
    """Timed: remind of the end of a license, once for each of the days that are set."""
    policy.COUNT.require(actor, None)
    row = EducatorLicense.objects.visible_to(actor).locked(pk=license_id)
    if days not in ALERTS or row.valid_to is None or row.ended_on is not None:
        return None
    sent, is_new = AlertSent.objects.get_or_create(license=row, days=days, valid_to=row.valid_to)
    if is_new:
        record(events.ALERTED, actor=actor, subject=row, thread=row.pk, days=days, valid_to=row.valid_to.isoformat())
    return sent


def _own(actor: Actor, license_id: str) -> EducatorLicense:
    found = EducatorLicense.objects.visible_to(actor).get_or_not_found(pk=license_id)
    lock_educator(found.person_id)
    row = EducatorLicense.objects.visible_to(actor).locked(pk=license_id)
    policy.CHANGE_LICENSE.require(actor, row)
    return row


def _type(code: str, slug: str) -> tuple[Jurisdiction, LicenseType]:
    where = book().jurisdictions.get(code)
    if where is None:
        words = f"Choose one of: {', '.join(sorted(each.name for each in book().jurisdictions.values()))}."
        raise Invalid("jurisdiction-unknown", "The rules of this state are not here.", words, {"jurisdiction": words})
    kind = where.type(slug)
    if kind is None:
        words = f"Choose one of: {', '.join(each.title for each in where.types) or 'none yet'}."
        raise Invalid("license-type-unknown", f"{where.name} has no such license here.", words, {"license_type": words})
    return where, kind


def _set(
    row: EducatorLicense, kind: LicenseType, valid_from: date, valid_to: date | None, number: str, entered_on: date | None,
    renewals_used: int, events_on: Mapping[str, date] | None, holder: str,
) -> None:  # fmt: skip
    if valid_to is not None and valid_to < valid_from:
        words = f"The last day is before the first, {long_date(valid_from)}."
        raise Invalid("license-ends-before-it-begins", "A license ends after it began.", words, {"valid_to": words})
    own = {f"event_{name}": day for name, day in (events_on or {}).items()}
    _refuse_absurd(valid_from=valid_from, valid_to=valid_to, entered_on=entered_on, **own)
    if valid_to is None and kind.years:
        words = f"It is valid for {kind.years} years: write its last day."
        raise Invalid("license-end-missing", f"This license, {kind.title}, has a last day.", words, {"valid_to": words})
    if not 0 <= renewals_used <= RENEWALS:
        words = f"Write a number from 0 to {RENEWALS}."
        raise Invalid("renewals-invalid", "A license was renewed so many times, or never.", words, {"renewals_used": words})
    row.valid_from, row.valid_to, row.entered_on, row.renewals_used = valid_from, valid_to, entered_on or valid_from, renewals_used
    row.events = {name: day.isoformat() for name, day in (events_on or {}).items()}
    row.holder = " ".join(clean(holder, limit=NAME_LIMIT, field="holder", name="This name").split())
    if number := " ".join(clean(number, limit=NUMBER_LIMIT, field="number", name="This number").split()):
        if not kind.number_is_example and not fits(kind, number):
            words = f"Write it as the certificate does: {kind.number_said}."
            raise Invalid("number-wrong", f"This is no number of this license, {kind.title}.", words, {"number": words})
        row.number_mark = mark_of(number)
        row.number_sealed, row.number_ending = sealer(NUMBERS).encrypt(number.encode()).decode(), number[-4:] if len(number) > 4 else ""
    _refuse_overlap(row)


def _refuse_absurd(**days: date | None) -> None:
    """By field: none so early or so late that it can only be a slip."""
    wrong = {name: day for name, day in days.items() if day is not None and not EARLIEST <= day <= LATEST}
    if wrong:
        words = f"Choose a day from {long_date(EARLIEST)} to {long_date(LATEST)}."
        given = ", ".join(long_date(day) for day in wrong.values())
        raise Invalid("license-day-absurd", f"No license here turns on {given}.", words, dict.fromkeys(wrong, words))


def _refuse_overlap(row: EducatorLicense) -> None:
    others = EducatorLicense.objects.current().filter(person_id=row.person_id, jurisdiction=row.jurisdiction, type=row.type)
    others = others.exclude(pk=row.pk).filter(Q(valid_to=None) | Q(valid_to__gte=row.valid_from))
    other = (others if row.valid_to is None else others.filter(valid_from__lte=row.valid_to)).first()
    if other is not None:
        shown = line(other)
        until = long_date(other.valid_to) if other.valid_to else "no end"
        told = f"Your {shown.type.title} from {long_date(other.valid_from)} to {until} is here already; two of a kind do not overlap."
        raise Conflict("licenses-overlap", told, "Correct that one, or end it first.")


def _days(row: EducatorLicense) -> dict[str, str]:
    return {"valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to.isoformat() if row.valid_to else ""}
