"""Credentials as pages and lists show them. Not here: checking one (verifying), the facts behind one (audit)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from cairn.apps.catalog import queries as catalog
from cairn.apps.credentials import policy
from cairn.apps.credentials.models import Credential, CredentialQuerySet, StatusReason
from cairn.apps.credentials.queries.verifying import own_record, verify
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.pure import badges
from cairn.pure.packs.model import VersionContent


@dataclass(frozen=True)
class CredentialLine:
    """What anyone with the address may know at a glance. Days are the earner's; their name is there only if they let it be shown."""

    id: str
    title: str
    earner: str
    issuer: Any
    microcredential: Any
    awarded_on: date
    revoked_on: date | None


@dataclass(frozen=True)
class CredentialPage:
    """What anyone with the address may read."""

    line: CredentialLine
    is_own: bool
    may_manage: bool
    content: VersionContent
    content_hash: str
    standards: tuple[catalog.Standard, ...]
    evidence: str
    together: str  # who stands behind it beside the issuer, in a sentence
    file_names_earner: bool
    verification: badges.Verification


def _signed(viewer: Actor) -> CredentialQuerySet:
    """With all that its page and picture name."""
    found = Credential.objects.visible_to(viewer).exclude(signed="")
    return found.select_related("issuer", "person", "version__microcredential__stack")


def signed(viewer: Actor, credential_id: str) -> str:
    """The exact bytes that were signed, as text, and nothing else: this is what verifiers ask for."""
    found = list(Credential.objects.visible_to(viewer).filter(pk=credential_id).exclude(signed="").values_list("signed", flat=True))
    if not found:
        raise NotFound("credential")
    return found[0]


def credential(viewer: Actor, credential_id: str) -> Credential:
    """A signed one."""
    return _signed(viewer).get_or_not_found(pk=credential_id)


def line(viewer: Actor, credential_id: str) -> CredentialLine:
    return _line(viewer, credential(viewer, credential_id))


def known(viewer: Actor, told: badges.Verification) -> CredentialLine | None:
    """This site's own record of what was verified, where it has one."""
    found = own_record(told)
    return line(viewer, found.pk) if found else None


def _line(viewer: Actor, c: Credential) -> CredentialLine:
    earner = c.person.name if c.person.shows_name else ""
    title = catalog.content(viewer, c.version_id).title
    revoked_on = _day(c.revoked_at, c) if c.revoked_at else None
    return CredentialLine(c.pk, title, earner, c.issuer, c.version.microcredential, _day(c.awarded_at, c), revoked_on)


def _day(moment: datetime, c: Credential) -> date:
    """On the earner's calendar, so that it is the same for whoever looks."""
    return moment.astimezone(ZoneInfo(c.person.time_zone)).date()


def page(viewer: Actor, credential_id: str) -> CredentialPage:
    c = credential(viewer, credential_id)
    content, signed = catalog.content(viewer, c.version_id), json.loads(c.signed)
    identities = signed["credentialSubject"]["identifier"]
    return CredentialPage(
        line=_line(viewer, c),
        is_own=c.person_id == viewer.person_id,
        may_manage=policy.REVOKE.allows(viewer, c),
        content=content,
        content_hash=c.version.content_hash,
        standards=catalog.standards(viewer, content),
        evidence=signed["evidence"][0]["narrative"],
        together=signed["issuer"].get("description", ""),
        file_names_earner=any(identity["identityType"] == "name" for identity in identities),
        verification=verify(viewer, c.signed),
    )


def credential_of(viewer: Actor, enrollment_id: str) -> Credential | None:
    """The viewer's own credential of an enrollment, once it is signed."""
    return _signed(viewer).filter(enrollment_id=enrollment_id, person_id=viewer.person_id).first()


def mine(viewer: Actor) -> QuerySet[Credential]:
    """The viewer's own, the latest first."""
    return _signed(viewer).filter(person_id=viewer.person_id).order_by("-awarded_at")


def managed(viewer: Actor, credential_id: str) -> Credential:
    """For the issuer's admins and operators, signed or not yet; for everybody else there is no such page."""
    found = Credential.objects.visible_to(viewer).select_related("issuer", "person", "version__microcredential__stack")
    c = found.get_or_not_found(pk=credential_id)
    if not policy.REVOKE.allows(viewer, c):
        raise NotFound("page")
    return c


def issued_by(viewer: Actor, organization_id: str) -> QuerySet[Credential]:
    """For the issuer's admins and operators: what they have issued or are about to, the latest first."""
    if not (viewer.holds("operator") or viewer.holds("organization admin", organization=organization_id)):
        raise NotFound("page")
    found = Credential.objects.visible_to(viewer).filter(issuer_id=organization_id)
    return found.select_related("person", "version__microcredential").order_by("-awarded_at", "pk")


def reasons(viewer: Actor, credential_id: str) -> QuerySet[StatusReason]:
    """Why it was revoked and given back, the first first; for those who may manage it."""
    return StatusReason.objects.visible_to(viewer).filter(credential_id=credential_id).select_related("made_by").order_by("made_at")
