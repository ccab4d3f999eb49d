"""Whom to tell of what happens to an application: officers of what waits for them, the educator of every answer."""

from __future__ import annotations

from typing import Any

from cairn.apps.comms.queries import Notice
from cairn.apps.licensure.models import Application, Determination
from cairn.apps.licensure.queries.rules import rule_set
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_date


def officers_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the officers who may act: not the educator, and not the one who has signed already."""
    row, made = _about(viewer, fact)
    ids = people.holders(viewer, "licensing officer", {"organization": row.authority.organization_id})
    away = {row.person_id, made.first_by_id if made else ""}
    words = {**_words(row), "path": f"/officer/{row.pk}/", "educator": row.person.name, "due": long_date(row.due_on)}
    return tuple(Notice(fact.kind, each.pk, each.name, each.email, words) for each in people.persons(viewer).filter(pk__in=set(ids) - away))


def applicant_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the educator, of what an officer did."""
    row, made = _about(viewer, fact)
    last = row.steps.filter(kind__in=["returned", "referred", "heard"]).order_by("-made_at", "-pk").first()
    words = {
        **_words(row), "path": f"/license/applications/{row.pk}/", "until": long_date(row.until) if row.until else "",
        "to": last.to if last else "", "reason": made.reason if made else last.words if last else "",
        "outcome": made.get_outcome_display() if made else "", "appeal": row.authority.appeal,
    }  # fmt: skip
    return (Notice(fact.kind, row.person_id, row.person.name, row.person.email, words),)


def _about(viewer: Actor, fact: Recorded) -> tuple[Application, Determination | None]:
    rows = Application.objects.visible_to(viewer).select_related("person", "authority__organization")
    if fact.subject_type != "licensure.Determination":
        return rows.get(pk=fact.subject_id), None
    made = Determination.objects.visible_to(viewer).get(pk=fact.subject_id)
    return rows.get(pk=made.application_id), made


def _words(row: Application) -> dict[str, Any]:
    return {"route": rule_set(row.rules).title, "authority": row.authority.organization.name}
