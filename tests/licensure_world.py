"""Builders for licenses: educators with a license, records that were confirmed, lists of approved micro-credentials."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal

from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.licensure import commands
from cairn.apps.licensure.commands import Paper
from cairn.apps.licensure.models import RecordEntry
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.site.worker import drain
from tests import files_world
from tests.packs_world import pack_files
from tests.world import SYSTEM, World

_number = itertools.count(1)


def on(day: str, time: str = "12:00") -> datetime:
    """That moment in Chicago's winter, an hour more or less."""
    return datetime.fromisoformat(f"{day}T{time}-06:00").astimezone(UTC)


@command
def known_entry(*, actor, person_id, kind, day, amount=1, unit="", title="", source_id="", at=None, **fields):
    """Something in a record that somebody has confirmed."""
    return RecordEntry.objects.create(
        person_id=person_id, kind=kind, title=title or kind, on=date.fromisoformat(day), at=at, amount=Decimal(amount), unit=unit,
        fields=fields, source="import", source_id=source_id or f"i{next(_number)}", state="verified", settled_at=clock.now(),
    )  # fmt: skip


class Licensing(World):
    """An educator in Missouri, the state's office, and whatever a test needs."""

    def office(self, name="State Office", jurisdiction="us/mo"):
        from cairn.apps.people.models import Organization

        office = self.organization(name, kind="state-agency")
        Organization.objects.filter(pk=office.pk).update(jurisdiction=jurisdiction.replace("/", "-"))
        return office

    def shelf(self, count):
        """So many micro-credentials that can be earned, in the order of the catalog."""
        catalog.import_pack(actor=SYSTEM, files=pack_files("river-bend", count))
        return list(Microcredential.objects.filter(slug__startswith="river-bend", state="published").order_by("order", "slug"))

    def offered(self, microcredential, **more):
        """An offering of it that has begun, open unless said otherwise."""
        drain()  # the program comes with the pack
        self.microcredential = microcredential
        for cached in ("issuer", "program"):
            self.__dict__.pop(cached, None)
        return self.offer(**more)

    def licensed(
        self, actor=None, *, jurisdiction="us/mo", license_type="initial-administrator", start="2020-07-01", end="2024-06-30", **more
    ):
        actor = actor or self.person("Dana Whitfield")
        held = commands.add_license(
            actor=actor, jurisdiction=jurisdiction, license_type=license_type, valid_from=date.fromisoformat(start),
            valid_to=date.fromisoformat(end) if end else None, **more,
        )  # fmt: skip
        return actor, held

    def known(self, actor, kind, day, amount=1, unit="", **more):
        return known_entry(actor=SYSTEM, person_id=actor.person_id, kind=kind, day=day, amount=amount, unit=unit, **more)

    def mc(self, actor, key, day, **more):
        """A micro-credential of another system, as an import brings it."""
        return self.known(actor, "micro-credential", day, key=key, **more)

    def approve(self, microcredential: Microcredential, office, *, body="missouri-dese", since="2016-01-01"):
        return commands.approve_microcredential(
            actor=SYSTEM, organization_id=office.pk, microcredential_id=microcredential.pk, approved_from=date.fromisoformat(since),
            body=body,
        )  # fmt: skip


def license_things(educator, office) -> dict[str, str]:
    """For the cast of who gets in where: an entry with its paper, which waits for the office, and a growth plan."""
    paper = Paper("certificate.pdf", "pdf", "0" * 64, files_world.make_pdf(pages=1))
    entry = commands.add_entry(actor=educator, kind="hours", title="Institute", on=date(2025, 5, 1), unit="contact-hour",
                               asked_id=office.pk, paper=paper)  # fmt: skip
    plan = commands.begin_plan(actor=educator, title="School year", starts_on=date(2026, 8, 1), ends_on=date(2027, 6, 30),
                               goals=[commands.Aim("Ask better questions.")])  # fmt: skip
    return {"entry_id": entry.pk, "document_id": entry.documents.get().pk, "plan_id": plan.pk}
