"""An authority with an officer, and somebody who has asked it to decide: what addresses of officers name."""

from __future__ import annotations

from datetime import date

from cairn.apps.licensure import commands, queries
from tests.world import SYSTEM


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
    return {"authority_id": found.pk, "application_id": row.pk, "approval_id": listed.pk, "license_id": held.pk, "extension": "csv"}


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
