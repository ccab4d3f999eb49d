"""What was signed, for whoever takes it elsewhere: rows for a table, the whole chain of one application. Not here: figures (published)."""

from __future__ import annotations

from datetime import date
from typing import Any

from cairn.apps.credentials import queries as credentials
from cairn.apps.licensure.models import Determination
from cairn.apps.licensure.queries.applications import ApplicationPage, AwardChain, Computed, engine_of, zone_in
from cairn.apps.licensure.queries.offices import office_of
from cairn.apps.licensure.queries.rules import files_of
from cairn.frame.actor import Actor, system

_SYSTEM = system("licensure")
COLUMNS = ("signed on", "educator", "route", "outcome", "basis", "lines judged or excepted", "reason", "first officer", "second officer",
           "rule effective", "rule hash", "engine", "read on", "entries that counted", "asked on")  # fmt: skip


def exported(viewer: Actor, authority_id: str) -> list[tuple[Any, ...]]:
    """Every determination of an authority as rows under COLUMNS, the first first; for its officers."""
    made = Determination.objects.visible_to(viewer).filter(application__authority=office_of(viewer, authority_id)).exclude(signed_at=None)
    made = made.select_related("application__person", "application__authority", "snapshot__version", "first_by", "second_by")
    return [_row(each) for each in made.order_by("signed_at", "pk")]


def _row(made: Determination) -> tuple[Any, ...]:
    row, kept = made.application, made.snapshot
    assert made.signed_at is not None
    zone = zone_in(row.authority.jurisdiction)
    return (
        made.signed_at.astimezone(zone).date(), row.person.name, row.rules, made.outcome, made.basis, ", ".join(made.lines),
        made.reason, made.first_by.name, made.second_by.name if made.second_by else "", kept.version.effective, kept.version.hash,
        engine_of(kept.result), kept.on, len(Computed.of(kept).counted), row.asked_at.astimezone(zone).date(),
    )  # fmt: skip


def bundle(viewer: Actor, page: ApplicationPage, found: tuple[AwardChain, ...]) -> dict[str, Any]:
    """All that an application rests on, by name of file: values for JSON, texts as they are. Nothing in it needs this site to be read."""
    files: dict[str, Any] = {"standing.json": page.asked.result if page.determination else page.now.result}
    files["record.json"] = page.asked.record if page.determination else page.now.record
    for path, text in files_of(viewer, page.application.rules, page.standing.hash).items():
        files[f"rules/{path.replace('/', '-').removesuffix('.yaml')}.yaml"] = text
    for number, one in enumerate(found, 1):
        files[f"awards/{number}-credential.json"] = credentials.signed(_SYSTEM, one.credential.id)
        files[f"awards/{number}-chain.json"] = _links(one)
    earned = [one.credential.id for one in found]
    if earned:
        person_id = page.application.person_id
        files["awards/learner-record.json"] = credentials.learner_record(_SYSTEM, person_id, earned, page.application.asked_at)
    if page.determination is not None:
        files["determination.json"] = dict(zip(COLUMNS, map(_plain, _row(page.determination)), strict=True))
    return files


def _links(one: AwardChain) -> dict[str, Any]:
    facts = credentials.chain_behind(_SYSTEM, one.credential.id).links
    return {
        "holds": all(one.links), "evidence sha256": one.sealed.fingerprint,
        "sheets": [sheet.code_name for sheet in one.rigor.readers] + ([one.rigor.lead.code_name] if one.rigor.lead else []),
        "same level on": list(one.rigor.alike), "one level apart on": list(one.rigor.adjacent), "further apart on": list(one.rigor.apart),
        "facts": [{"kind": link.fact.kind, "at": link.fact.at.isoformat(), "leaf": link.leaf} for link in facts],
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
