"""What rows and facts must both say, as data: what made a row, and which state each fact brings. Not here: comparing them (checks)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import rfc8785
from django.db.models import Q

from cairn.apps.assessment.queries import sheet_hash

EVERY = Q()


@dataclass(frozen=True)
class Made:
    """Rows of `label` cannot be without a fact of `kind`. `same`: field of the fact, or its actor, and the row's own value of it.

    `reads` names what the values are taken from besides the row; `at` the row's own time of it.
    """

    label: str
    kind: str
    same: tuple[tuple[str, Callable[[Any], Any]], ...]
    where: Q = EVERY
    reads: tuple[str, ...] = ()
    at: str = ""


def _sha256(name: str) -> Callable[[Any], str]:
    return lambda row: hashlib.sha256(getattr(row, name).encode()).hexdigest()


def _content_hash(version: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(version.content)).hexdigest()


def _own(*names: str) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    return tuple((name, attrgetter(name)) for name in names)


def _by(name: str) -> tuple[str, Callable[[Any], str]]:
    return "actor", lambda row: f"person:{getattr(row, name)}"


_VERSION, _DECISION = ("version", attrgetter("version_id")), ("decision", attrgetter("decision_id"))
MADE = (
    Made("catalog.MicrocredentialVersion", "catalog.published",
         (*_own("number", "content_hash"), ("content_hash", _content_hash)), ~Q(state="draft")),
    Made("programs.Enrollment", "programs.enrolled", (_VERSION,), at="started_at"),
    Made("portfolio.Artifact", "portfolio.artifact_added", _own("requirement", "kind", "size", "sha256"), at="created_at"),
    Made("portfolio.Submission", "portfolio.submitted", (*_own("attempt", "content_hash"), _VERSION, _by("person_id")), ~Q(state="draft"),
         at="submitted_at"),
    Made("assessment.ScoreSheet", "assessment.assigned", (*_own("kind"), ("case", attrgetter("case_id"))), at="assigned_at"),
    Made("assessment.ScoreSheet", "assessment.scored", (("hash", sheet_hash), _by("assessor_id")), Q(state="locked"), ("scores",),
         "locked_at"),
    Made("assessment.Decision", "assessment.decided", (*_own("outcome", "attempt", "levels", "reopened", "sheets"), _VERSION),
         at="decided_at"),
    Made("credentials.Credential", "credentials.intended", (*_own("status_index"), _DECISION)),
    Made("credentials.Credential", "credentials.issued", (("sha256", _sha256("signed")), _DECISION), Q(state="issued") | ~Q(signed=""),
         at="issued_at"),
    Made("licensure.Determination", "licensure.determined",
         (*_own("outcome", "basis", "lines"), ("hash", attrgetter("snapshot.version.hash"))), ~Q(signed_at=None), ("snapshot__version",)),
    Made("people.RoleGrant", "people.role_granted", (*_own("role", "scope", "scope_id"), ("person", attrgetter("person_id"))),
         at="granted_at"),
)  # fmt: skip

# Kind of fact -> the state that it brings; "" where the fact tells its outcome.
LIVES: Mapping[str, Mapping[str, str]] = {
    "programs.Enrollment": {
        "programs.enrolled": "active", "programs.completed": "completed", "programs.withdrawn": "withdrawn",
        "programs.lapsed": "lapsed", "programs.taken_up": "active",
    },
    "programs.Registration": {
        "programs.applied": "applied", "programs.waiting": "waiting", "programs.seat_offered": "offered", "programs.seated": "seated",
        "programs.offer_passed": "passed", "programs.not_chosen": "not chosen", "programs.place_left": "left",
        "programs.line_ended": "line ended",
    },
    "programs.Extension": {
        "programs.extension_asked": "asked", "programs.extended": "granted", "programs.extension_declined": "declined",
        "programs.extension_taken_back": "taken back",
    },
    "portfolio.Artifact": {"portfolio.artifact_added": "kept", "portfolio.artifact_removed": "removed",
                           "portfolio.artifact_erased": "erased"},
    "portfolio.Submission": {"portfolio.submitted": "submitted", "portfolio.decision_received": "",
                             "portfolio.returned": "returned"},
    "assessment.ScoreSheet": {
        "assessment.assigned": "open", "assessment.scored": "locked", "assessment.stepped_aside": "stepped_aside",
    },
    "credentials.Credential": {
        "credentials.intended": "intended", "credentials.issued": "issued",
        "credentials.revoked": "revoked", "credentials.reinstated": "issued",
    },
}  # fmt: skip
FIRST = {"portfolio.Submission": "draft"}  # before any fact of these
