"""The chain of facts behind one credential, each leaf recomputed (ledger). Not here: saying it in words (interfaces)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from cairn.apps.credentials import policy
from cairn.apps.credentials.models import Credential
from cairn.apps.credentials.queries.pages import managed
from cairn.apps.ledger import queries as ledger
from cairn.apps.ledger.queries import Link
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor, system
from cairn.kernel.errors import NotFound

# What no credential can be without.
NEEDED = ("catalog.published", "programs.enrolled", "portfolio.submitted", "assessment.scored", "assessment.decided",
          "credentials.intended")  # fmt: skip
AUDIT = system("audit")  # the chain crosses organizations; who may read it is asked first


@dataclass(frozen=True)
class Chain:
    """All that led to a credential and followed it, first cause first; `missing` names kinds of facts and uids of causes."""

    credential: Credential
    links: tuple[Link, ...]
    missing: tuple[str, ...]
    file_holds: bool

    @property
    def holds(self) -> bool:
        return self.file_holds and not self.missing and all(link.holds for link in self.links)


def chain(viewer: Actor, credential_id: str) -> Chain:
    """For the issuer's admins and operators; for everybody else there is no such page."""
    found = managed(viewer, credential_id)
    if not policy.READ_CHAIN.allows(viewer, found):
        raise NotFound("page")
    return _chain(found)


def chain_behind(viewer: Actor, credential_id: str) -> Chain:
    """For the system: capabilities above ask first who may read it (a licensing officer, of what was shown to them)."""
    if not viewer.is_system:
        raise NotFound("page")
    return _chain(Credential.objects.visible_to(viewer).select_related("issuer", "person").get_or_not_found(pk=credential_id))


def _chain(found: Credential) -> Chain:
    rests_on = ("catalog.MicrocredentialVersion", found.version_id)
    links = ledger.story(AUDIT, found.enrollment_id, about=rests_on, followed_by="credentials.status_published")
    became = people.became()
    links = tuple(replace(link, fact=replace(link.fact, actor=people.who_now(link.fact.actor, became))) for link in links)
    return Chain(found, links, _missing(found, links), _file_holds(found, links))


def _missing(found: Credential, links: tuple[Link, ...]) -> tuple[str, ...]:
    needed = (*NEEDED, "credentials.issued") if found.signed else NEEDED
    kinds = {link.fact.kind for link in links}
    causes = {link.fact.cause for link in links if link.fact.cause} - {link.fact.uid for link in links}
    return (*(kind for kind in needed if kind not in kinds), *sorted(ledger.unknown(AUDIT, causes)))


def _file_holds(found: Credential, links: tuple[Link, ...]) -> bool:
    """Whether the file that is served is the one whose fingerprint was recorded when it was signed."""
    told = {link.fact.data["sha256"] for link in links if link.fact.kind == "credentials.issued"}
    return told == ({hashlib.sha256(found.signed.encode()).hexdigest()} if found.signed else set())
