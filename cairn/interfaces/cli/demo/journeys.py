"""What the demonstration's educators and assessors do, step by step. Each step may be repeated without harm: a load that was cut off
goes on where it stopped. Not here: when (loading), and in which words (texts)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from cairn.apps.assessment import commands as assessing
from cairn.apps.assessment import queries as assessment
from cairn.apps.catalog import queries as catalog
from cairn.apps.credentials import commands as crediting
from cairn.apps.ledger import queries as ledger
from cairn.apps.people import commands as peopling
from cairn.apps.people import queries as people
from cairn.apps.portfolio import commands as writing
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.outward import receive
from cairn.apps.programs import commands as enrolling
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor, system
from cairn.interfaces.cli.demo import files, texts
from cairn.interfaces.cli.demo.texts import Journey

SYSTEM = system("demo")


def actor(who: str) -> Actor:
    """The person as they stand at this moment, with the roles they hold."""
    person = people.person_by_email(SYSTEM, texts.read("people")["people"][who]["email"])
    assert person is not None, f"{who} was entered before"
    return people.actor_of(person.pk)


def microcredential(slug: str) -> catalog.Line:
    return catalog.microcredential(SYSTEM, slug).line


def carry_out(journey: Journey, step: Mapping[str, Any]) -> None:
    verb, *names = step["do"].split()
    DOINGS[verb](journey, step, names)


def _begin(journey: Journey, step: Mapping[str, Any], names: list[str]) -> None:
    me = actor(journey.who)
    person = people.me(me)
    if texts.read("people")["people"][journey.who].get("hides_name"):
        peopling.change_profile(actor=me, name=person.name, time_zone=person.time_zone, shows_name=False)
    offering = programs.offerings(me, [microcredential(journey.earns).id])[0]
    begin = enrolling.register if offering.is_by_registration else enrolling.enroll
    begin(actor=me.with_key(f"demo: {journey.who} begins {journey.earns}"), offering_id=offering.pk)


def _run_of(journey: Journey) -> tuple[Actor, str]:
    me = actor(journey.who)
    return me, next(run.pk for run in programs.my_enrollments(me) if run.microcredential.slug == journey.earns)


def _write(journey: Journey, step: Mapping[str, Any], names: list[str]) -> None:
    me, run = _run_of(journey)
    work = portfolio.workspace(me, run)
    for answer in work.part(names[0]).answers:
        if not answer.is_locked and answer.prompt.key in step.get("only", [answer.prompt.key]):
            text = journey.answer(answer.prompt.key, work.attempt)
            writing.write(actor=me, enrollment_id=run, prompt=answer.prompt.key, text=text, revision=answer.revision)


def _files(journey: Journey, step: Mapping[str, Any], names: list[str]) -> None:
    me, run = _run_of(journey)
    work = portfolio.workspace(me, run)
    kept = {artifact.original_name: artifact for artifact in work.artifacts}
    for file in journey.files(work.attempt):
        if file.key not in step.get("only", [file.key]):
            continue
        artifact = kept.get(file.name)
        if artifact is None:
            data = files.make(file.spec)
            artifact = receive(me, run, file.slot, io.BytesIO(data), name=file.name, size=len(data))
        if not artifact.people_shown:
            writing.describe_artifact(actor=me, enrollment_id=run, artifact_id=artifact.pk, title=file.title, people_shown="nobody")


def _analyze(journey: Journey, step: Mapping[str, Any], names: list[str]) -> None:
    me, run = _run_of(journey)
    work = portfolio.workspace(me, run)
    files_by_key = {f.key: f.name for f in journey.files(work.attempt)}
    artifacts = {a.original_name: a.pk for a in work.artifacts}
    (analysis,) = [part for part in work.parts if part.details]
    for answer in analysis.answers:
        detail = answer.prompt.key.removeprefix("analysis-")
        if answer.is_locked or (names and detail not in names):
            continue
        text = journey.answer(answer.prompt.key, work.attempt)
        writing.write(actor=me, enrollment_id=run, prompt=answer.prompt.key, text=text, revision=answer.revision)
        there = {(c.artifact_id, c.page) for d in analysis.details if d.detail.key == detail for c in d.citations}
        for cite in journey.cites(detail, work.attempt):
            artifact = artifacts[files_by_key[cite.file]]
            if (artifact, cite.page) not in there:
                writing.cite(actor=me, enrollment_id=run, detail=detail, artifact_id=artifact, page=cite.page, explanation=cite.why)


def _submit(journey: Journey, step: Mapping[str, Any], names: list[str]) -> None:
    me, run = _run_of(journey)
    if portfolio.workspace(me, run).is_draft:
        writing.submit(actor=me, enrollment_id=run)


def _read(journey: Journey, step: Mapping[str, Any], names: list[str]) -> None:
    """Score the sheet that the reader has of this attempt; `until` names the first detail that is left for another day.

    Even here nobody asks whose work it is: the schedule sees to it that no reader has two open sheets that look the same.
    """
    educator, run = _run_of(journey)
    attempt = portfolio.workspace(educator, run).attempt
    reader = actor(names[0])
    before = [s for s in journey.steps if s["do"].startswith("read")].index(step)
    mine = [q for q in assessment.queue(reader) if (q.microcredential.slug, q.attempt, q.state) == (journey.earns, attempt, "open")]
    if not mine:
        return
    (sheet,) = mine
    for line in assessment.scoring(reader, sheet.sheet_id).lines:
        if line.detail.key == step.get("until"):
            return
        level = next((lv for lv in ("advanced", "developing") if line.detail.key in step.get(lv, ())), "proficient")
        rationale, advice = journey.score(line.detail.key, level, before)
        assessing.record_score(actor=reader, sheet_id=sheet.sheet_id, detail=line.detail.key, level=level, rationale=rationale,
                               advice=advice, revision=line.revision)  # fmt: skip
    assessing.lock_sheet(actor=reader, sheet_id=sheet.sheet_id)


def _withdraw(journey: Journey, step: Mapping[str, Any], names: list[str]) -> None:
    me, run = _run_of(journey)
    if programs.enrollment(me, run).state == "active":
        enrolling.withdraw(actor=me, enrollment_id=run)


def _revoke(journey: Journey, step: Mapping[str, Any], names: list[str]) -> None:
    _, run = _run_of(journey)
    issued = [fact.subject_id for fact in ledger.thread(SYSTEM, run) if fact.kind == "credentials.issued"]
    who = actor(names[0]).with_key(f"demo: {journey.who} loses {journey.earns}")
    crediting.revoke(actor=who, credential_id=issued[0], reason=step["reason"])


DOINGS = {
    "begin": _begin,
    "write": _write,
    "files": _files,
    "analyze": _analyze,
    "submit": _submit,
    "read": _read,
    "withdraw": _withdraw,
    "revoke": _revoke,
}
