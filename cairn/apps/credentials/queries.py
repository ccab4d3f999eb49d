"""Reading credentials: what is signed, the public page, verification, the site's DID document and status lists."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from cairn.apps.assessment import queries as assessment
from cairn.apps.catalog import queries as catalog
from cairn.apps.comms.queries import Notice
from cairn.apps.credentials import policy
from cairn.apps.credentials.models import Credential, SigningKey, StatusList, StatusReason
from cairn.apps.ledger import queries as ledger
from cairn.apps.people import queries as people
from cairn.apps.programs import queries as programs
from cairn.frame.actor import VISITOR, Actor, system
from cairn.kernel import clock
from cairn.kernel.errors import NotFound
from cairn.kernel.facts import Recorded
from cairn.kernel.ids import is_id
from cairn.pure import badges
from cairn.pure.badges.keys import decode_public
from cairn.pure.packs.model import VersionContent

@lru_cache(maxsize=1)
def contexts() -> badges.Contexts:
    """The JSON-LD contexts that the asset build wrote, checked against their pinned hashes."""
    folder = Path(settings.CONTEXTS_DIR)
    index: dict[str, str] = json.loads((folder / "index.json").read_text())
    return badges.Contexts({url: (folder / name).read_bytes() for url, name in index.items()})


def issuer_did() -> str:
    return badges.did_from_url(settings.SITE_URL)


def status_url(number: int) -> str:
    return f"{settings.SITE_URL}/status/{number}"


def credential_url(credential_id: str) -> str:
    return f"{settings.SITE_URL}/credentials/{credential_id}"


def did_document(viewer: Actor) -> dict[str, object]:
    """The site's DID document; retired keys stay in it, so that what they signed still verifies."""
    keys = SigningKey.objects.order_by("-in_use", "-created_at").values_list("public", flat=True)
    return badges.did_document(issuer_did(), [decode_public(key) for key in keys])


def status_list(viewer: Actor, number: int) -> str:
    """The signed status list as served."""
    row = StatusList.objects.visible_to(viewer).exclude(signed="").get_or_not_found(number=number)
    return row.signed


# --- Composing -----------------------------------------------------------------------------------------------------


def achievement_url(content: VersionContent) -> str:
    return f"{settings.SITE_URL}/catalog/{content.slug}/{content.number}/"


def compose(viewer: Actor, credential: Credential, award: assessment.Award) -> dict[str, object]:
    """The unsigned Open Badges 3.0 credential of an award."""
    content = catalog.content(viewer, award.version_id)
    issuer = people.organizations(viewer, [credential.issuer_id]).get()
    person = people.persons(viewer).get(pk=award.person_id)
    identities = [badges.email_identity(person.email, secrets.token_hex(16))] if person.email else []
    if person.shows_name or not identities:
        identities.append(badges.name_identity(person.name))
    home = achievement_url(content)
    readers = f"{award.readers} assessors" if award.readers > 1 else "A lead assessor, after two readers parted,"
    told = badges.Award(
        id=credential_url(credential.pk), valid_from=credential.awarded_at, awarded_at=credential.awarded_at, identities=tuple(identities),
        results=tuple(badges.Result(f"{home}#{d}", f"{home}#{d}-{level}") for d, level in award.levels.items()),
        evidence=(badges.Evidence(
            name="Assessed evidence",
            narrative=f"{readers} scored the evidence independently and without knowing whose it was. "
            f"All {len(award.levels)} details of the rubric were judged at or above {content.bar.title}.",
        ),),
        status=badges.StatusEntry(status_url(credential.status_list.number), credential.status_index),
    )  # fmt: skip
    profile = badges.Profile(id=issuer_did(), name=issuer.name, url=issuer.website or settings.SITE_URL)
    return badges.build(told, _achievement(viewer, content), profile)


def _achievement(viewer: Actor, content: VersionContent) -> badges.Achievement:
    home = achievement_url(content)
    details = "\n".join(f"- **{d.key}** {d.text}" for d in content.details)
    return badges.Achievement(
        id=home, name=content.title, description=content.summary, version=content.number, criteria_url=f"{home}#rubric",
        criteria=f"{content.competency}\n\nEvery detail of the rubric is judged at or above {content.bar.title}:\n\n{details}",
        image=badges.Image(f"{settings.SITE_URL}/catalog/{content.slug}/badge.png", f"Badge: {content.title}"),
        alignments=tuple(_alignments(viewer, content)),
        results=tuple(
            badges.ResultDescription(
                id=f"{home}#{d.key}", name=f"{d.key} {d.text}", required_level=f"{home}#{d.key}-{content.bar.key}",
                levels=tuple(
                    badges.Level(f"{home}#{d.key}-{at.level.key}", at.level.title, at.text, str(at.level.rank)) for at in d.levels
                ),
            )
            for d in content.details
        ),
    )  # fmt: skip


def _alignments(viewer: Actor, content: VersionContent) -> list[badges.Alignment]:
    """Each standard once; those without an address cannot be named in a badge."""
    told = {(s.framework, s.code): s for s in catalog.standards(viewer, content) if s.source.startswith("http")}
    return [badges.Alignment(name=s.title, url=s.source, code=s.code, framework=s.framework) for s in told.values()]


# --- Verifying -----------------------------------------------------------------------------------------------------


def verify(viewer: Actor, data: bytes | str) -> badges.Verification:
    """Named checks of a badge as JSON or PNG. Only what this site publishes is looked up: nothing typed here makes a request leave."""
    return badges.verify(data, resolve_did=_resolve_did, resolve_status=_resolve_status, contexts=contexts(), now=clock.now())


def _resolve_did(did: str) -> Mapping[str, object] | None:
    return did_document(VISITOR) if did == issuer_did() else None


def _resolve_status(url: str) -> str | None:
    prefix = f"{settings.SITE_URL}/status/"
    number = url.removeprefix(prefix)
    if not url.startswith(prefix) or not number.isdigit() or len(number) > 9:
        return None
    return StatusList.objects.exclude(signed="").filter(number=int(number)).values_list("signed", flat=True).first()


def signed_at(viewer: Actor, address: str) -> str:
    """The signed JSON behind an address of this site, as somebody typed it; NotFound where it is none of ours."""
    parts = urlsplit(address.strip())
    own = urlsplit(settings.SITE_URL)
    path = parts.path.removesuffix("/").removesuffix(".json").removesuffix(".png")
    credential_id = path.rsplit("/", 1)[-1]
    if (parts.scheme, parts.hostname) not in ((own.scheme, own.hostname), ("", None)) or not is_id(credential_id):
        raise NotFound("credential of this site at that address", code="not-ours")
    return credential(viewer, credential_id).signed


# --- Pages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CredentialPage:
    """What anyone with the address may read. The earner's name is there only if they let it be shown."""

    id: str
    title: str
    summary: str
    competency: str
    slug: str
    number: str
    stack_slug: str
    stack_title: str
    earner: str
    issuer: str
    state: str
    awarded_at: datetime
    details: int
    bar: str
    evidence: str
    verification: badges.Verification
    content_hash: str


def credential(viewer: Actor, credential_id: str) -> Credential:
    return Credential.objects.visible_to(viewer).select_related("issuer", "person").get_or_not_found(pk=credential_id)


def page(viewer: Actor, credential_id: str) -> CredentialPage:
    found = Credential.objects.visible_to(viewer).select_related("issuer", "person", "version__microcredential__stack")
    c = found.get_or_not_found(pk=credential_id)
    content = catalog.content(viewer, c.version_id)
    stack = c.version.microcredential.stack
    told = json.loads(c.signed)["evidence"][0]["narrative"]
    return CredentialPage(
        c.pk, content.title, content.summary, content.competency, content.slug, content.number, stack.slug, stack.title,
        c.person.name if c.person.shows_name else "", c.issuer.name, c.state, c.awarded_at, len(content.details), content.bar.title, told,
        verify(viewer, c.signed), c.version.content_hash,
    )  # fmt: skip


def credential_of(viewer: Actor, enrollment_id: str) -> Credential | None:
    """The viewer's own credential of an enrollment, once it is signed."""
    return Credential.objects.visible_to(viewer).filter(enrollment_id=enrollment_id, person_id=viewer.person_id).first()


def mine(viewer: Actor) -> QuerySet[Credential]:
    """The viewer's own, the latest first."""
    found = Credential.objects.visible_to(viewer).filter(person_id=viewer.person_id)
    return found.select_related("version__microcredential__stack", "issuer").order_by("-awarded_at")


def issued_by(viewer: Actor, organization_id: str) -> QuerySet[Credential]:
    """For the issuer's admins and operators: what they have issued, the latest first."""
    if not (viewer.holds("operator") or viewer.holds("organization admin", organization=organization_id)):
        raise NotFound("page")
    found = Credential.objects.visible_to(viewer).filter(issuer_id=organization_id)
    return found.select_related("person", "version__microcredential").order_by("-awarded_at")


def reasons(viewer: Actor, credential_id: str) -> QuerySet[StatusReason]:
    return StatusReason.objects.visible_to(viewer).filter(credential_id=credential_id).select_related("made_by").order_by("made_at")


def chain(viewer: Actor, credential_id: str) -> tuple[Recorded, ...]:
    """Every fact of the enrollment that led to the credential and followed it, for the issuer's admins and operators."""
    found = credential(viewer, credential_id)
    if not policy.READ_CHAIN.allows(viewer, found):
        raise NotFound("page")
    return ledger.thread(system("audit"), found.enrollment_id)


# --- Notices -------------------------------------------------------------------------------------------------------


def issued_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    c = Credential.objects.visible_to(viewer).select_related("person", "issuer", "version__microcredential").get(pk=fact.subject_id)
    words: dict[str, Any] = {"title": c.version.microcredential.title, "issuer": c.issuer.name, "path": f"/credentials/{c.pk}/"}
    return (Notice(fact.kind, c.person_id, c.person.name, c.person.email, words),)


revoked_notice = reinstated_notice = issued_notice
