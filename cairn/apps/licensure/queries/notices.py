"""Whom to tell of what happens to licenses, records and plans, and in which words. Not here: writing and sending letters (comms)."""

from __future__ import annotations

from typing import Any

from cairn.apps.comms.queries import Notice
from cairn.apps.licensure.models import EducatorLicense, EducatorProfile, GrowthPlan, RecordEntry, Standing
from cairn.apps.licensure.queries.licenses import line
from cairn.apps.licensure.queries.rules import book
from cairn.apps.licensure.queries.standings import Known, pages
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel.facts import Recorded
from cairn.pure import rules
from cairn.pure.clocks import long_date

MEMBER_ALERTED = "licensure.member_alerted"  # what an association is told of a member who lets it hear


def missing(known: Known | None) -> list[str]:
    """The lines that are not met where one would have to be, as far as figures tell: "Eight semester hours: 0 of 8"."""
    if known is None or known.standing.root is None:
        return []
    return [_figures(node) for node in known.standing.root.children if node.state != rules.MET]


def _figures(node: rules.NodeResult) -> str:
    if node.state == rules.OFFICER and not node.children:
        return f"{node.title}: an officer must judge"
    if node.need is None or node.children:
        return node.title
    return f"{node.title}: {node.have or 0:g} of {node.need:g}"


def entry_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    row = RecordEntry.objects.visible_to(viewer).select_related("person", "asked").get(pk=fact.subject_id)
    words = {"title": row.title, "by": row.asked.name if row.asked else "", "reason": row.reason, "path": "/license/record/"}
    return (Notice(fact.kind, row.person_id, row.person.name, row.person.email, words),)


def standing_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the educator, where a line became met or is met no more."""
    if not (fact.data["gained"] or fact.data["lost"]):
        return ()
    row = Standing.objects.visible_to(viewer).select_related("license__person").get(pk=fact.subject_id)
    held, route = row.license, book().rules.get(row.rules)
    words: dict[str, Any] = {
        "route": route.title if route else row.rules, "gained": fact.data["gained"], "lost": fact.data["lost"],
        "is_met": row.state == rules.MET, "path": f"/license/{held.pk}/",
    }  # fmt: skip
    return (Notice(fact.kind, held.person_id, held.person.name, held.person.email, words),)


def alert_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the educator; and to the admins of the association that they let hear of it."""
    held = EducatorLicense.objects.visible_to(viewer).select_related("person").get(pk=fact.subject_id)
    if held.valid_to is None or held.ended_on is not None:
        return ()
    shown, page = line(held), pages(viewer, [held])[0]
    words: dict[str, Any] = {
        "license": shown.type.title, "state": shown.jurisdiction.name, "until": long_date(held.valid_to), "days": shown.days_left,
        "missing": missing(page.main), "is_met": page.main is not None and page.main.standing.state == rules.MET,
        "path": f"/license/{held.pk}/", "educator": held.person.name,
    }  # fmt: skip
    own = Notice(fact.kind, held.person_id, held.person.name, held.person.email, words)
    profile = EducatorProfile.objects.visible_to(viewer).filter(person_id=held.person_id).first()
    if profile is None or profile.association_id is None:
        return (own,)
    ids = people.holders(viewer, "organization admin", {"organization": profile.association_id})
    admins = people.persons(viewer).filter(pk__in=ids)
    return (own, *(Notice(MEMBER_ALERTED, each.pk, each.name, each.email, words) for each in admins))


def plan_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the supervisor of a plan that was shared; to the educator once they agree."""
    row = GrowthPlan.objects.visible_to(viewer).select_related("person", "supervisor").get(pk=fact.subject_id)
    told = {"shared": row.supervisor, "agreed": row.person}.get(fact.data["state"])
    if told is None or row.supervisor is None:
        return ()
    words = {
        "educator": row.person.name, "supervisor": row.supervisor.name, "title": row.title, "is_agreed": fact.data["state"] == "agreed",
        "path": f"/license/plans/{row.pk}/",
    }  # fmt: skip
    return (Notice(fact.kind, told.pk, told.name, told.email, words),)
