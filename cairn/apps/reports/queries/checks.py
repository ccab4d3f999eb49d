"""What must hold across all capabilities, checked over everything there is: what `cairn check` reports.

Reads the tables of the whole line by name, as far as the viewer may see them. Not here: mending anything.
"""

from __future__ import annotations

import hashlib
import importlib.util
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Exists, Min, OuterRef, QuerySet

import cairn.apps
from cairn.apps.credentials import queries as credentials
from cairn.apps.ledger import queries as ledger
from cairn.apps.licensure import queries as licensure
from cairn.apps.people import queries as people
from cairn.apps.portfolio import outward
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.reports.queries.recorded import FIRST, LIVES, MADE, Made
from cairn.frame.actor import Actor
from cairn.frame.wiring import consequences
from cairn.kernel.facts import Event

MOMENT = timedelta(minutes=1)  # between a row's own time and that of its fact: both are written in one transaction


@dataclass(frozen=True)
class Finding:
    """One thing that must hold: of how many it was checked, and a sentence for each for which it does not."""

    name: str
    about: str
    checked: int
    failures: tuple[str, ...]


def integrity(viewer: Actor) -> tuple[Finding, ...]:
    return tuple(_finding(name, about, check, viewer) for name, (about, check) in CHECKS.items())


def _finding(name: str, about: str, check: Callable[[Actor], Iterator[str]], viewer: Actor) -> Finding:
    """A check yields "" for each thing that is as it must be, and a sentence for each that is not."""
    said = list(check(viewer))
    return Finding(name, about, len(said), tuple(sentence for sentence in said if sentence))


def _all(viewer: Actor, label: str) -> QuerySet[Any]:
    found: QuerySet[Any] = apps.get_model(label)._default_manager.visible_to(viewer)
    return found


def _leaves(viewer: Actor) -> Iterator[str]:
    broken = set(ledger.broken_leaves(viewer))
    for uid in _all(viewer, "ledger.Fact").values_list("uid", flat=True):
        yield f"Fact {uid} does not match its leaf." if uid in broken else ""


@lru_cache(maxsize=1)
def declared_events() -> dict[str, Event]:
    """Every kind of fact that some capability declares in its `events.py`."""
    found: dict[str, Event] = {}
    for app in pkgutil.iter_modules(cairn.apps.__path__, "cairn.apps."):
        if importlib.util.find_spec(f"{app.name}.events"):
            module = importlib.import_module(f"{app.name}.events")
            found |= {value.kind: value for value in vars(module).values() if isinstance(value, Event)}
    return found


# Rows that a command takes away again: the facts that tell of them stay.
MAY_GO = {"assessment.ClosedDay", "programs.Contact", "programs.Listing", "programs.ResearchEntry"}


def _facts(viewer: Actor) -> Iterator[str]:
    facts = _all(viewer, "ledger.Fact")
    for label in facts.order_by().values_list("subject_type", flat=True).distinct():
        subject = apps.get_model(label)._base_manager.filter(pk=OuterRef("subject_id"))
        told = facts.filter(subject_type=label).annotate(follows=Exists(facts.filter(uid=OuterRef("cause"))), there=Exists(subject))
        yield from (_fact_problem(fact, label) for fact in told.values("uid", "kind", "cause", "follows", "there"))


def _fact_problem(fact: dict[str, Any], label: str) -> str:
    if fact["kind"] not in declared_events():
        return f"Fact {fact['uid']} is of an unknown kind, {fact['kind']}."
    if fact["cause"] and not fact["follows"]:
        return f"Fact {fact['uid']} ({fact['kind']}) follows from {fact['cause']}, which is not there."
    return "" if fact["there"] or label in MAY_GO else f"Fact {fact['uid']} ({fact['kind']}) tells of a {label} that is not there."


def _told(viewer: Actor) -> Iterator[str]:
    """Row by row: the fact that made it so, and whether both still say the same."""
    became = people.became()
    for made in MADE:
        facts = _all(viewer, "ledger.Fact").filter(kind=made.kind, subject_type=made.label).order_by("id")
        columns = facts.values_list("subject_id", "body", "actor", "at")
        told = {subject: {**ledger.told(body), "actor": actor, "at": at} for subject, body, actor, at in columns}
        for said in told.values():  # facts never change; what was the one's may be the other's by now
            said |= {name: people.who_now(said[name], became) for name in ("actor", "person") if name in said}
        for row in _all(viewer, made.label).filter(made.where).prefetch_related(*made.reads).iterator(500):
            yield _made_problem(made, row, told.get(row.pk))


def _made_problem(made: Made, row: Any, told: Mapping[str, Any] | None) -> str:
    if told is None:
        return f"{made.label} {row.pk} has no fact {made.kind}."
    other = [name for name, own in made.same if name not in told or told[name] != own(row)]
    when = datetime.fromisoformat(told[made.at]) if made.at in told else told["at"]  # a fact may tell of another moment than its own
    if made.at and abs(getattr(row, made.at) - when) > MOMENT:
        other.append(made.at)
    return f"{made.label} {row.pk} says something else than its fact {made.kind}: {', '.join(other)}." if other else ""


def _states(viewer: Actor) -> Iterator[str]:
    """Row by row: the state that the last of its facts made."""
    for label, life in LIVES.items():
        facts = _all(viewer, "ledger.Fact").filter(subject_type=label, kind__in=life).order_by("id")
        kinds = facts.values_list("subject_id", "kind", "body")
        told = {subject: life[kind] or ledger.told(body).get("outcome") for subject, kind, body in kinds}
        for pk, state in _all(viewer, label).values_list("pk", "state"):
            expected = told.get(pk, FIRST.get(label, state))
            yield "" if state == expected else f"{label} {pk} is {state}, and its facts make it {expected}."


def _files(viewer: Actor) -> Iterator[str]:
    for artifact in _all(viewer, "portfolio.Artifact").filter(state="kept").iterator():
        yield _file(artifact, "artifact")
    for shared in _all(viewer, "communities.PostFile").filter(removed_at=None).iterator():
        yield _file(shared, "post file")


def _file(kept: Any, what: str) -> str:
    same = outward.intact(kept.pk, kept.sha256)
    return "" if same else f"The file of {what} {kept.pk} is missing, or is not the one that was entered."


def _manifests(viewer: Actor) -> Iterator[str]:
    for submission in _all(viewer, "portfolio.Submission").exclude(state="draft").iterator():
        same = portfolio.manifest(submission) == submission.manifest
        hashed = hashlib.sha256(submission.manifest.encode()).hexdigest() == submission.content_hash
        yield "" if same and hashed else f"Submission {submission.pk} is not what was submitted."


def _decisions(viewer: Actor) -> Iterator[str]:
    for decision in _all(viewer, "assessment.Decision").iterator():
        counted = _all(viewer, "assessment.ScoreSheet").filter(pk__in=decision.sheets, case_id=decision.case_id, state="locked").count()
        whole = (decision.sheets or not decision.case.open_details) and counted == len(decision.sheets)
        yield "" if whole else f"Decision {decision.pk} does not rest on locked sheets of its case."


def _credentials(viewer: Actor) -> Iterator[str]:
    for credential in _all(viewer, "credentials.Credential").select_related("decision").iterator():
        decision = credential.decision
        same = all(getattr(credential, key) == getattr(decision, key) for key in ("enrollment_id", "person_id", "version_id"))
        yield "" if same and decision.outcome == "earned" else f"Credential {credential.pk} does not follow from its decision."


def _awards(viewer: Actor) -> Iterator[str]:
    """A decision that is earned has its credential, or a delivery that is still to make it."""
    credential = _all(viewer, "credentials.Credential").filter(decision=OuterRef("pk"))
    facts = _all(viewer, "ledger.Fact").filter(kind="assessment.decided")
    earned = _all(viewer, "assessment.Decision").filter(outcome="earned").annotate(made=Exists(credential))
    for pk, has_credential in earned.values_list("pk", "made"):
        to_come = _all(viewer, "ledger.Delivery").filter(fact__in=facts.filter(subject_id=pk), consequence="intend", ended_at=None)
        yield "" if has_credential or to_come.exists() else f"Decision {pk} is earned, and no credential is there or on its way."


def _status_lists(viewer: Actor) -> Iterator[str]:
    """Each list of signed credentials is signed by this site and names those that are revoked, unless it is to be signed anew."""
    every = _all(viewer, "credentials.Credential")
    signed = every.exclude(signed="").values("status_list")
    for row in _all(viewer, "credentials.StatusList").filter(pk__in=signed).iterator():
        own = every.filter(status_list=row)
        facts = _all(viewer, "ledger.Fact").filter(subject_type="credentials.Credential", subject_id__in=own.values("pk"))
        to_come = _all(viewer, "ledger.Delivery").filter(fact__in=facts, consequence="publish-status", ended_at=None)
        revoked = frozenset(own.filter(state="revoked").values_list("status_index", flat=True))
        says_so = to_come.exists() or credentials.says_revoked(row.signed) == revoked
        yield "" if says_so else f"Status list {row.number} is not one that says what is revoked."


def _deliveries(viewer: Actor) -> Iterator[str]:
    """From the first on that a consequence had, each fact of the kind has its delivery."""
    deliveries = _all(viewer, "ledger.Delivery")
    first_of = deliveries.order_by().values_list("fact__kind", "consequence").annotate(Min("fact_id"))
    for kind, name, first in first_of:
        if name in consequences(kind):
            facts = _all(viewer, "ledger.Fact").filter(kind=kind, pk__gte=first)
            followed = Exists(deliveries.filter(fact=OuterRef("pk"), consequence=name))
            for uid, is_followed in facts.annotate(followed=followed).values_list("uid", "followed"):
                yield "" if is_followed else f"Fact {uid} ({kind}) has lost its delivery {name}."


def _determinations(viewer: Actor) -> Iterator[str]:
    """What officers signed comes out again, from the rule and the record that were kept with it."""
    signed = _all(viewer, "licensure.Determination").exclude(signed_at=None).select_related("snapshot__version")
    for made in signed.iterator():
        yield "" if licensure.recomputes(viewer, made.snapshot) else f"Determination {made.pk} does not follow from what it rests on."


CHECKS: dict[str, tuple[str, Callable[[Actor], Iterator[str]]]] = {
    "leaves": ("Each fact matches its leaf", _leaves),
    "facts": ("Each fact is of a known kind, has its cause, and tells of something that is there", _facts),
    "told": ("Whatever counts has the fact that made it, and still says the same", _told),
    "states": ("Whatever has a life is in the state that its facts made", _states),
    "files": ("Each file of evidence is the one that was entered", _files),
    "manifests": ("Each submission is what was submitted", _manifests),
    "decisions": ("Each decision rests on locked sheets of its case", _decisions),
    "credentials": ("Each credential follows from one earned decision", _credentials),
    "status lists": ("Each status list says what is revoked", _status_lists),
    "deliveries": ("Each fact has what must follow from it", _deliveries),
    "awards": ("Each earned decision has its credential, or will", _awards),
    "determinations": ("Each signed determination comes out again from what it rests on", _determinations),
}
