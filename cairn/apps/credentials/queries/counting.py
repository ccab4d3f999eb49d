"""Credentials as licensing counts them, and as others take them: one by one, or gathered in a learner record.

Not here: what they count for (licensure).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from cairn.apps.assessment import queries as assessment
from cairn.apps.credentials.models import Credential
from cairn.apps.credentials.queries.publishing import issuer_did
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.pure import badges


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


def learner_record(viewer: Actor, person_id: str, credential_ids: Iterable[str], made_at: datetime) -> dict[str, object]:
    """Signed credentials of one person as one Comprehensive Learner Record; for that person, or for the system on somebody's behalf."""
    if not viewer.is_system and viewer.person_id != person_id:
        raise NotFound("record")
    rows = Credential.objects.visible_to(viewer).filter(person_id=person_id, pk__in=list(credential_ids)).exclude(signed="")
    person = people.persons(viewer).get(pk=person_id)
    known = [badges.name_identity(person.name)]
    if person.email:
        known.insert(0, badges.email_identity(person.email, hashlib.sha256(f"{person_id} learner record".encode()).hexdigest()[:32]))
    issuer = badges.Profile(id=issuer_did(), name=urlsplit(settings.SITE_URL).netloc, url=settings.SITE_URL)
    signed = [json.loads(each.signed) for each in rows.order_by("awarded_at", "pk")]
    address = f"{settings.SITE_URL}/records/{person_id}/{int(made_at.timestamp())}"
    return badges.gather(address, f"What {person.name} has earned here", signed, issuer=issuer, person=known, made_at=made_at)
