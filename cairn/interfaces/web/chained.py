"""The facts behind a credential in words, as their reader may know them: roles, never the names of those who scored.

Not here: which facts there are, and whether they hold (credentials).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cairn.apps.credentials.queries import Chain, Link
from cairn.apps.reports.queries import declared_events
from cairn.interfaces.web.wording import joined
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_moment

SCORED, ASIDE, ASSIGNED = "assessment.scored", "assessment.stepped_aside", "assessment.assigned"


# Kind of fact: title, words, and the field that holds a fingerprint. Kinds that are not here went on beside the chain.
SAID: Mapping[str, tuple[str, str, str]] = {
    "catalog.published": ("The rule came into force", "Version {number} of {slug}, the one it was scored on.", "content_hash"),
    "programs.enrolled": ("The educator began", "Due {due_at}.", ""),
    "portfolio.submitted": ("Attempt {attempt} was submitted", "All writing and files were frozen under this fingerprint.", "content_hash"),
    "portfolio.reopened": ("Attempt {attempt} was opened", "For {open_details}. Due {due_at}.", ""),
    "assessment.case_opened": ("Attempt {attempt} became a case", "", ""),
    ASSIGNED: ("The case was given to {reader}", "Without a name, and free of conflicts. Due {due_at}.", ""),
    ASIDE: ("The case was taken back from {reader}", "What was written on that sheet counts for nothing.", ""),
    SCORED: ("A sheet was locked by {reader}", "It is final, under this fingerprint.", "hash"),
    "assessment.split": ("The readers parted", "On {details}; a lead assessor was asked.", ""),
    "assessment.decided": ("Attempt {attempt} was decided: {outcome}", "By {sheets}, on {levels}.{again}", ""),
    "credentials.intended": ("The credential's number was fixed", "Its place is number {status_index} of status list {status_list}.", ""),
    "credentials.issued": ("The credential was signed", "With the key {key}. The fingerprint is that of the signed file.", "sha256"),
    "credentials.revoked": ("The credential was revoked", "The reason lies apart, and is not part of this record.", ""),
    "credentials.reinstated": ("The credential was given back", "The reason lies apart, and is not part of this record.", ""),
    "credentials.status_published": ("Status list {number} was signed anew", "From then on everybody's software could see the change.", ""),
}


@dataclass(frozen=True)
class Step:
    """One fact. `is_main`: a link of the chain; the others are what went on beside it. `cause_is_here`: its cause is on this page."""

    link: Link
    title: str
    words: str
    fingerprint: str
    who: str
    is_main: bool
    cause_is_here: bool


@dataclass(frozen=True)
class Told:
    main: tuple[Step, ...]
    beside: tuple[Step, ...]


def told(chain: Chain, zone: ZoneInfo) -> Told:
    facts = [link.fact for link in chain.links]
    readers, uids = _readers(facts), {fact.uid for fact in facts}
    steps = tuple(_step(link, readers, chain, zone, uids) for link in chain.links)
    return Told(tuple(s for s in steps if s.is_main), tuple(s for s in steps if not s.is_main))


def _readers(facts: list[Recorded]) -> Mapping[str, str]:
    """What each sheet, and each person known to have held one, is called: in the order in which cases were given out."""
    holder = {fact.subject_id: fact.actor for fact in facts if fact.kind in (SCORED, ASIDE) and fact.actor.startswith("person:")}
    names: dict[str, str] = {}
    for fact in facts:
        if fact.kind == ASSIGNED:
            person = holder.get(fact.subject_id, fact.subject_id)
            role = "lead assessor" if fact.data["kind"] == "lead" else "assessor"
            number = 1 + len({name for name in names.values() if name.startswith(role)})
            names.setdefault(person, f"{role} {number}")
            names[fact.subject_id] = names[person]
    return names


def _step(link: Link, readers: Mapping[str, str], chain: Chain, zone: ZoneInfo, uids: set[str]) -> Step:
    fact = link.fact
    title, words, fingerprint = SAID.get(fact.kind, (_about(fact.kind), "", ""))
    known = _values(fact.data, readers.get(fact.subject_id, ""), zone)
    return Step(
        link, title.format_map(known), words.format_map(known), str(fact.data.get(fingerprint, "")), _who(fact, readers, chain),
        fact.kind in SAID, fact.cause in uids,
    )  # fmt: skip


def _about(kind: str) -> str:
    return declared_events()[kind].about.removesuffix(".") if kind in declared_events() else kind


def _who(fact: Recorded, readers: Mapping[str, str], chain: Chain) -> str:
    if fact.actor == f"person:{chain.credential.person_id}":
        return "the educator"
    if fact.actor in readers:
        return readers[fact.actor]
    if fact.actor.startswith("person:"):  # an id tells admins who it was; who scored is told to nobody
        return f"person {fact.actor.removeprefix('person:')}" if fact.kind.startswith("credentials.") else "another person"
    return f"the system ({fact.actor.removeprefix('system:')})"


def _values(data: Mapping[str, Any], reader: str, zone: ZoneInfo) -> dict[str, Any]:
    """The fact's own values as words."""
    said: dict[str, Any] = {**data, "reader": reader}
    for name in ("details", "open_details"):
        said[name] = _details(data.get(name, []))
    said["again"] = f" Open again: {_details(data['reopened'])}." if data.get("reopened") else ""
    said["sheets"], said["levels"] = _count(data.get("sheets", []), "sheet"), _count(data.get("levels", []), "detail")
    said["outcome"] = "earned" if data.get("outcome") == "earned" else "not yet"
    if "due_at" in data:
        said["due_at"] = long_moment(datetime.fromisoformat(data["due_at"]), zone)
    return said


def _details(keys: Sequence[str]) -> str:
    if not keys:
        return "nothing"
    return f"detail {keys[0]}" if len(keys) == 1 else f"details {joined(keys)}"


def _count(things: Sized, noun: str) -> str:
    return f"1 {noun}" if len(things) == 1 else f"{len(things)} {noun}s"
