"""Credentials as licensing counts them. Not here: what they count for (licensure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cairn.apps.assessment import queries as assessment
from cairn.apps.credentials.models import Credential
from cairn.frame.actor import Actor


@dataclass(frozen=True)
class Earned:
    """A signed credential, whether it stands or was taken back; slugs as the catalog has them."""

    id: str
    person_id: str
    title: str
    microcredential: str
    version: str
    stack: str
    level: int
    origin: str
    issuer: str
    awarded_at: datetime
    submitted_at: datetime | None
    revoked_at: datetime | None


def earned(viewer: Actor, person_id: str) -> tuple[Earned, ...]:
    """For the system: everything that a person has earned here, the first first."""
    if not viewer.is_system:
        return ()
    found = Credential.objects.visible_to(viewer).filter(person_id=person_id).exclude(signed="").order_by("awarded_at", "pk")
    rows = list(found.select_related("version__microcredential__stack", "issuer"))
    submitted = assessment.submitted_moments(viewer, [c.decision_id for c in rows])
    return tuple(_earned(c, submitted.get(c.decision_id)) for c in rows)


def _earned(c: Credential, submitted_at: datetime | None) -> Earned:
    mc = c.version.microcredential
    return Earned(c.pk, c.person_id, mc.title, mc.slug, c.version.number, mc.stack.slug, mc.level, mc.origin, c.issuer.slug, c.awarded_at,
                  submitted_at, c.revoked_at)  # fmt: skip
