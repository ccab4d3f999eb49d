"""Counting: a credential becomes an entry, and where licenses stand is computed anew and kept where it changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from cairn.apps.credentials import queries as credentials
from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import ApprovedListing, CreditAward, EducatorLicense, RecordEntry, Standing, StandingRun
from cairn.apps.licensure.queries.licenses import line, today_in
from cairn.apps.licensure.queries.records import records_of
from cairn.apps.licensure.queries.rules import routes_from
from cairn.apps.licensure.queries.standings import digest_of
from cairn.apps.licensure.queries.statewide import marks
from cairn.apps.licensure.steps import follow_credentials, lock_educator
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.facts import Recorded
from cairn.pure import rules

AT_ONCE = 100  # persons whose licenses are looked at with the change of a list itself
CHUNK = 200  # licenses that are looked at in one transaction of a run


@command
def count_credential(*, actor: Actor, fact: Recorded) -> RecordEntry | None:
    """Consequence of an award: it is in its earner's record, and their licenses are looked at anew. Doing it twice changes nothing."""
    policy.COUNT.require(actor, None)
    person_id = credentials.credential(actor, fact.subject_id).person_id
    lock_educator(person_id)
    for entry in follow_credentials(person_id):
        record(events.COUNTED, actor=actor, subject=entry, thread=person_id, cause=fact.uid, credential=entry.source_id)
    _recount(actor, EducatorLicense.objects.current().filter(person_id=person_id), fact.uid)
    return RecordEntry.objects.filter(source="credential", source_id=fact.subject_id).first()


@command
def recount(*, actor: Actor, fact: Recorded) -> None:
    """Consequence of anything that a standing rests on: those whom it is about are looked at anew."""
    policy.COUNT.require(actor, None)
    for person_id in sorted(_whom(actor, fact)):
        lock_educator(person_id)
        follow_credentials(person_id)
        _recount(actor, EducatorLicense.objects.current().filter(person_id=person_id), fact.uid)


@command
def begin_run(*, actor: Actor) -> StandingRun:
    """Timed: everybody is looked at, since a day has passed. One that was broken off is over: this one finds what it left."""
    policy.COUNT.require(actor, None)
    StandingRun.objects.filter(ended_at=None).update(ended_at=clock.now())
    total = EducatorLicense.objects.current().count()
    return StandingRun.objects.create(on=clock.now().date(), total=total, ended_at=None if total else clock.now())


@command
def go_on(*, actor: Actor, run_id: str, license_ids: Sequence[str] = (), unchanged: int = 0) -> StandingRun:
    """Compute and keep what changed for some licenses; `unchanged` says of how many more it is known that nothing did."""
    policy.COUNT.require(actor, None)
    run = StandingRun.objects.visible_to(actor).locked(pk=run_id)
    run.changed += _recount(actor, EducatorLicense.objects.current().filter(pk__in=list(license_ids)), "")
    run.done += len(license_ids) + unchanged
    run.ended_at = clock.now() if run.done >= run.total else None
    run.save(update_fields=["changed", "done", "ended_at"])
    return run


def _whom(actor: Actor, fact: Recorded) -> set[str]:
    """Ids of the persons whose standings rest on what the fact is about."""
    of_person = {"licensure.RecordEntry": RecordEntry, "licensure.EducatorLicense": EducatorLicense, "licensure.CreditAward": CreditAward}
    if fact.subject_type in of_person:
        return set(of_person[fact.subject_type]._default_manager.filter(pk=fact.subject_id).values_list("person_id", flat=True))
    if fact.subject_type == "licensure.ApprovedListing":
        slug = ApprovedListing.objects.values_list("microcredential__slug", flat=True).get(pk=fact.subject_id)
        earned = RecordEntry.objects.filter(kind="micro-credential", fields__key=slug).values_list("person_id", flat=True)
        found = set(earned[: AT_ONCE + 1])
        return found if len(found) <= AT_ONCE else set()  # more than these wait for the look at everybody, which follows at once
    if fact.subject_type == "credentials.Credential":
        return {credentials.credential(actor, fact.subject_id).person_id}
    return set()


def _recount(actor: Actor, licenses: Iterable[EducatorLicense], cause: str) -> int:
    """Compute and keep; how many standings changed."""
    rows = list(licenses)
    records = records_of(actor, rows)
    known = {(s.license_id, s.rules): s for s in Standing.objects.filter(license__in=rows, is_current=True)}
    changed = 0
    for row in rows:
        on = today_in(line(row).jurisdiction)
        for rule_set in routes_from(row.jurisdiction, row.type):
            standing = rules.evaluate(rule_set, records[row.pk], on)
            changed += _keep(actor, row, standing, marks(rule_set, standing), known.get((row.pk, rule_set.slug)), cause)
    return changed


def _keep(actor: Actor, row: EducatorLicense, standing: rules.Standing, in_short: str, before: Standing | None, cause: str) -> bool:
    result = json.loads(rules.to_json(standing))
    digest = digest_of(result)
    if before is not None and before.digest == digest:
        Standing.objects.filter(pk=before.pk).update(on=standing.on, marks=in_short, computed_at=clock.now())
        return False
    if before is not None:
        Standing.objects.filter(pk=before.pk).update(is_current=False)
    now = Standing.objects.create(
        license=row, rules=standing.rules, hash=standing.hash, on=standing.on, state=standing.state, met_on=standing.met_on, result=result,
        marks=in_short, digest=digest,
    )  # fmt: skip
    was, met = _met(before.result if before else {}), _met(result)
    record(
        events.STANDING_CHANGED, actor=actor, subject=now, thread=row.pk, cause=cause, rules=standing.rules, hash=standing.hash,
        on=standing.on.isoformat(), state=standing.state, was=before.state if before else "",
        gained=sorted(met - was) if before else [], lost=sorted(was - met),
    )  # fmt: skip
    return True


def _met(result: Any) -> set[str]:
    """Titles of the lines that are met."""
    if isinstance(result, list):
        return set().union(*map(_met, result)) if result else set()
    if not isinstance(result, dict):
        return set()
    own = {result["title"]} if result.get("state") == rules.MET and "title" in result else set()
    return own.union(*(_met(value) for value in result.values()))
