"""An educator's record: for pages as lines, for rules as a pure Record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from cairn.apps.licensure.models import ApprovedListing, EducatorLicense, RecordDocument, RecordEntry
from cairn.apps.licensure.models.records import RecordEntryQuerySet
from cairn.apps.licensure.queries.rules import book, jurisdiction
from cairn.apps.licensure.states import ENTRY_KINDS, ENTRY_SOURCES
from cairn.frame.actor import Actor
from cairn.pure import rules
from cairn.pure.rules import Attribute, Entry, Record, Term
from cairn.pure.rules.spec import Condition, Has, Node, Tally
from cairn.pure.rules.words import said_amount

ATTRIBUTE = "attribute"


def entries_of(viewer: Actor, person_id: str) -> RecordEntryQuerySet:
    """The latest first, whether they count or not."""
    found = RecordEntry.objects.visible_to(viewer).filter(person_id=person_id).select_related("asked", "verified_by")
    return found.order_by("-on", "-entered_at")


def record_of(viewer: Actor, license: EducatorLicense) -> Record:
    """Everything known about the license's educator, with days as the calendar of the license's jurisdiction has them. Three queries."""
    return records_of(viewer, [license])[license.pk]


def records_of(viewer: Actor, licenses: Iterable[EducatorLicense]) -> dict[str, Record]:
    """By license, of several at once: as many queries as for one."""
    asked = list(licenses)
    rows = list(RecordEntry.objects.visible_to(viewer).filter(person_id__in={each.person_id for each in asked}).order_by("on", "pk"))
    lists = _lists(rows)
    theirs: dict[str, list[RecordEntry]] = {}
    for row in rows:
        theirs.setdefault(row.person_id, []).append(row)
    return {each.pk: _record(each, theirs.get(each.person_id, []), lists) for each in asked}


def _record(license: EducatorLicense, rows: list[RecordEntry], lists: Mapping[str, list[ApprovedListing]]) -> Record:
    zone = ZoneInfo(jurisdiction(license.jurisdiction).zone or "UTC")
    return Record(
        license=Term(license.type, license.valid_from, license.valid_to, license.entered_on, license.renewals_used),
        attributes=tuple(_attribute(row) for row in rows if row.kind == ATTRIBUTE and row.state == "verified"),
        events={name: date.fromisoformat(day) for name, day in license.events.items()},
        entries=tuple(_entry(row, zone, lists) for row in rows if row.kind != ATTRIBUTE),
    )


def _attribute(row: RecordEntry) -> Attribute:
    return Attribute(row.fields.get("name", ""), row.fields.get("value", ""), row.on, row.until)


def _entry(row: RecordEntry, zone: ZoneInfo, lists: Mapping[str, list[ApprovedListing]]) -> Entry:
    on = row.at.astimezone(zone).date() if row.at else row.done_on
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.fields.items()}
    if listed := _bodies(lists.get(row.fields.get("key", ""), ()), on) if row.kind == "micro-credential" else ():
        fields["approved_by"] = tuple(sorted({*listed, *_several(fields.get("approved_by"))}))
    return Entry(
        id=row.pk, kind=row.kind, on=on, amount=row.amount, unit=row.unit, until=row.runs_until,
        submitted=row.submitted_at.astimezone(zone).date() if row.submitted_at else row.submitted_on,
        recorded=row.entered_at.astimezone(zone).date(), fields=fields,
        revoked=row.revoked_at.astimezone(zone).date() if row.revoked_at else None,
        suspended=tuple((date.fromisoformat(a), date.fromisoformat(b) if b else None) for a, b in row.suspended),
        withdrawn=row.withdrawn_at.astimezone(zone).date() if row.withdrawn_at else None,
        verified=row.state == "verified" or (row.state == "withdrawn" and row.verified_by_id is not None),
    )  # fmt: skip


def _several(value: Any) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def _lists(rows: Iterable[RecordEntry]) -> dict[str, list[ApprovedListing]]:
    """By micro-credential, on which lists it is or was."""
    keys = {row.fields.get("key", "") for row in rows if row.kind == "micro-credential"}
    found: dict[str, list[ApprovedListing]] = {}
    for listing in ApprovedListing.objects.filter(microcredential__slug__in=keys).select_related("microcredential"):
        found.setdefault(listing.microcredential.slug, []).append(listing)
    return found


def _bodies(listings: Iterable[ApprovedListing], on: date) -> tuple[str, ...]:
    """Which had approved it on that day."""
    return tuple(each.body for each in listings if each.approved_from <= on and (each.approved_until is None or on <= each.approved_until))


# --- For pages -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EntryLine:
    """An entry as its educator reads it; `counts` says for which lines of which routes it counts now, `left_out` why it does not."""

    id: str
    kind: str
    title: str
    on: date
    until: date | None
    amount: Decimal
    unit: str
    source: str
    state: str
    asked: str
    reason: str
    documents: tuple[RecordDocument, ...]
    may_withdraw: bool
    counts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def amount_words(self) -> str:
        return said_amount(self.amount, self.unit)


def lines(viewer: Actor, person_id: str, standings: Iterable[rules.Standing] = ()) -> tuple[EntryLine, ...]:
    """The whole record of an educator, with what each entry counts for in these standings."""
    counts, left = _uses(standings)
    found = entries_of(viewer, person_id).prefetch_related("documents")
    return tuple(
        EntryLine(
            row.pk, ENTRY_KINDS[row.kind], row.title, row.on, row.until, row.amount, row.unit, ENTRY_SOURCES[row.source], row.state,
            row.asked.name if row.asked else "", row.reason, tuple(row.documents.all()),
            row.person_id == viewer.person_id and row.source in ("own word", "document") and row.state != "withdrawn",
            tuple(counts.get(row.pk, ())), tuple(left.get(row.pk, ())),
        )
        for row in found
    )  # fmt: skip


def _uses(standings: Iterable[rules.Standing]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    counts: dict[str, list[str]] = {}
    left: dict[str, list[str]] = {}
    for standing in standings:
        for node in standing.walk():
            for entry_id, _ in node.counted:
                counts.setdefault(entry_id, []).append(node.title)
            for entry_id, why in node.left_out:
                left.setdefault(entry_id, []).append(f"{node.title}: {why}")
    return counts, left


def to_settle(viewer: Actor) -> QuerySet[RecordEntry]:
    """Entries that wait for an organization of the viewer's to confirm them, the oldest first."""
    own = viewer.scopes("organization admin", "organization") | viewer.scopes("licensing officer", "organization")
    found = RecordEntry.objects.visible_to(viewer).filter(asked_id__in=own, state="entered").exclude(person_id=viewer.person_id)
    return found.select_related("person", "asked").prefetch_related("documents").order_by("entered_at")


def document(viewer: Actor, document_id: str) -> RecordDocument:
    return RecordDocument.objects.visible_to(viewer).get_or_not_found(pk=document_id)


def asked_for(code: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """What the rules of a jurisdiction ask of entries: (kind, field) -> the values that they name. What forms offer."""
    found: dict[tuple[str, str], set[str]] = {}
    for rule_set in book().rules.values():
        if rule_set.jurisdiction.code != code:
            continue
        for version in rule_set.versions:
            for node in version.requires.walk() if version.requires else ():
                for kind, name, values in _asked_by(node):
                    found.setdefault((kind, name), set()).update(values)
    return {key: tuple(sorted(values)) for key, values in sorted(found.items())}


def _asked_by(node: Node) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Kind, field and values that one requirement looks at; attributes of the educator are a kind of their own."""
    if isinstance(node.detail, Has):
        yield ATTRIBUTE, node.detail.attribute, node.detail.condition.values
    if isinstance(node.detail, Tally):
        whens = [each.when for each in node.detail.adjust]
        for condition in node.detail.where:
            yield from ((kind, condition.field, condition.values) for kind in node.detail.of)
            whens += [choice.when for choice in condition.choices]
        yield from ((ATTRIBUTE, name, values) for when in whens for name, values in when)


def events_asked(code: str) -> tuple[str, ...]:
    """Events that windows of a jurisdiction's rules are counted from, such as an orientation."""
    versions = [version for each in book().rules.values() if each.jurisdiction.code == code for version in each.versions]
    found = {node.within.event for version in versions if version.requires for node in version.requires.walk() if node.within.event}
    return tuple(sorted(found))


def bodies_asked(code: str) -> tuple[str, ...]:
    """Whose approval a jurisdiction's rules ask for: names of lists."""
    versions = [version for each in book().rules.values() if each.jurisdiction.code == code for version in each.versions]
    details = [node.detail for version in versions if version.requires for node in version.requires.walk()]
    return tuple(sorted({value for detail in details for one in getattr(detail, "where", ()) for value in lists_of(one)}))


def lists_of(condition: Condition) -> frozenset[str]:
    """The lists on one of which a condition asks for something to be; none where it asks for something else."""
    return condition.values.union(*(choice.values for choice in condition.choices)) if condition.field == "approved_by" else frozenset()
