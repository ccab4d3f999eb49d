"""An authority with an officer, and somebody who has asked it to decide: what addresses of officers name."""

from __future__ import annotations

from datetime import date

from cairn.apps.licensure import commands, queries
from tests.licensure_world import Licensing
from tests.world import SYSTEM

TRANSITION = "us/mo/transition-administrator"


class Office(Licensing):
    """Missouri's office with an officer, and an educator with four years, mentoring, 60 hours and two approved micro-credentials."""

    def __init__(self, signatures=1):
        commands.load_rules(actor=SYSTEM, files=queries.shipped())
        self.agency = self.office()
        self.authority = commands.set_authority(
            actor=SYSTEM, jurisdiction="us/mo", organization_id=self.agency.pk, signatures=signatures, appeal="Write to the board."
        )
        self.officer = self.person("Ruth Calloway", licensing_officer=self.agency)
        self.dana, self.held = self.licensed()
        for year in range(2020, 2024):
            self.known(self.dana, "experience", f"{year}-08-01", unit="year", role="administrator")
        self.known(self.dana, "mentoring", "2022-05-22", 2, "year")
        self.known(self.dana, "hours", "2023-03-01", 60, "contact-hour", title="Summer academy")
        for number in (1, 2):
            self.mc(self.dana, f"mc-{number}", f"2023-0{number}-10", approved_by="missouri-dese")

    def asked(self, words=""):
        return commands.apply_for(actor=self.dana, license_id=self.held.pk, rules=TRANSITION, words=words)

    def seen(self, row):
        return queries.application(self.officer, row.pk).now.digest

    def sign(self, row, outcome="met", actor=None, **more):
        reason = "Two thirds and a half are enough."
        return commands.determine(
            actor=actor or self.officer, application_id=row.pk, outcome=outcome, reason=reason, seen=self.seen(row), **more
        )


def officer_things(educator, authority, microcredential) -> dict[str, str]:
    """For the cast of who gets in where: the organization decides for Missouri, and the educator has asked it."""
    commands.load_rules(actor=SYSTEM, files=queries.shipped())
    found = commands.set_authority(actor=SYSTEM, jurisdiction="us/mo", organization_id=authority.pk)
    held = commands.add_license(
        actor=educator, jurisdiction="us/mo", license_type="transition-administrator", valid_from=date(2024, 7, 1),
        valid_to=date(2030, 6, 30),
    )  # fmt: skip
    row = commands.apply_for(actor=educator, license_id=held.pk, rules="us/mo/career-administrator")
    listed = commands.approve_microcredential(
        actor=SYSTEM, organization_id=authority.pk, microcredential_id=microcredential.pk, approved_from=date(2024, 1, 1),
        body="missouri-dese",
    )  # fmt: skip
    change = commands.ask_change(actor=SYSTEM, authority_id=found.pk, rules=TRANSITION, before=date(2010, 7, 1), after=date(2020, 7, 1))
    return {
        "authority_id": found.pk,
        "application_id": row.pk,
        "change_id": change.pk,
        "approval_id": listed.pk,
        "license_id": held.pk,
        "extension": "csv",
    }


def determined(world):
    """Somebody's application that an officer has signed: the rule is not met."""
    authority = world.organization(kind="state-agency")
    commands.load_rules(actor=SYSTEM, files=queries.shipped())
    commands.set_authority(actor=SYSTEM, jurisdiction="us/mo", organization_id=authority.pk)
    educator, officer = world.person(), world.person(licensing_officer=authority)
    held = commands.add_license(
        actor=educator, jurisdiction="us/mo", license_type="initial-administrator", valid_from=date(2024, 7, 1), valid_to=date(2028, 6, 30)
    )
    row = commands.apply_for(actor=educator, license_id=held.pk, rules="us/mo/transition-administrator")
    seen = queries.application(officer, row.pk).now.digest
    return commands.determine(actor=officer, application_id=row.pk, outcome="not met", reason="Four years are not there.", seen=seen)
