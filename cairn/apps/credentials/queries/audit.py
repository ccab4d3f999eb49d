"""The chain of facts behind one credential, each leaf recomputed. Not here: saying it in words (interfaces).

Facts are read by the table's name, as the checks over all records are (reports): a leaf covers columns that no page shows.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from cairn.apps.credentials import policy
from cairn.apps.credentials.models import Credential
from cairn.apps.credentials.queries.pages import managed
from cairn.apps.ledger import queries as ledger
from cairn.apps.ledger.steps import leaf_hash
from cairn.frame.actor import Actor, system
from cairn.kernel.errors import NotFound
from cairn.kernel.facts import Recorded

# What no credential can be without.
NEEDED = ("catalog.published", "programs.enrolled", "portfolio.submitted", "assessment.scored", "assessment.decided",
          "credentials.intended")  # fmt: skip
_COLUMNS = ("uid", "kind", "actor", "on_behalf", "organization", "subject_type", "subject_id", "cause", "thread", "request")


@dataclass(frozen=True)
class Link:
    """One fact; `holds` says whether its columns, its body and its leaf still agree."""

    fact: Recorded
    leaf: str
    holds: bool


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
    facts = _facts()
    own = facts.filter(thread=found.enrollment_id)
    version = Q(subject_type="catalog.MicrocredentialVersion", subject_id=found.version_id)
    lists = Q(kind="credentials.status_published", cause__in=own.values("uid"))
    rows = list(facts.filter(Q(thread=found.enrollment_id) | version | lists).order_by("id"))
    links = tuple(Link(ledger.seen(row), row.leaf, _holds(row)) for row in rows)
    return Chain(found, links, _missing(found, links), _file_holds(found, links))


def _facts() -> QuerySet[Any]:
    found: QuerySet[Any] = apps.get_model("ledger.Fact")._default_manager.visible_to(system("audit"))
    return found


def _holds(row: Any) -> bool:
    told = json.loads(row.body)
    same = all(told[name] == getattr(row, name) for name in _COLUMNS) and datetime.fromisoformat(told["at"]) == row.at
    return same and leaf_hash(row.body) == row.leaf


def _missing(found: Credential, links: tuple[Link, ...]) -> tuple[str, ...]:
    needed = (*NEEDED, "credentials.issued") if found.signed else NEEDED
    kinds = {link.fact.kind for link in links}
    causes = {link.fact.cause for link in links if link.fact.cause} - {link.fact.uid for link in links}
    there = set(_facts().filter(uid__in=causes).values_list("uid", flat=True))
    return (*(kind for kind in needed if kind not in kinds), *sorted(causes - there))


def _file_holds(found: Credential, links: tuple[Link, ...]) -> bool:
    """Whether the file that is served is the one whose fingerprint was recorded when it was signed."""
    told = {link.fact.data["sha256"] for link in links if link.fact.kind == "credentials.issued"}
    return told == ({hashlib.sha256(found.signed.encode()).hexdigest()} if found.signed else set())
