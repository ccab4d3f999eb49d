"""Applications as educators and officers read them: the list, the standing, the chain behind every award that counts.

Not here: deciding (commands), or saying any of it in sentences (interfaces).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from cairn.apps.assessment import queries as assessment
from cairn.apps.credentials import queries as credentials
from cairn.apps.licensure.models import (
    Application,
    ApprovedListing,
    Authority,
    CreditAward,
    Determination,
    EducatorLicense,
    RecordEntry,
    Snapshot,
    Step,
)
from cairn.apps.licensure.models.applications import ApplicationQuerySet
from cairn.apps.licensure.queries.licenses import today_in
from cairn.apps.licensure.queries.mismatches import mismatches
from cairn.apps.licensure.queries.offices import authority_for, signed_by
from cairn.apps.licensure.queries.records import lists_of
from cairn.apps.licensure.queries.rules import jurisdiction, routes_from, rule_set, rule_set_of
from cairn.apps.licensure.queries.standings import as_known, digest_of
from cairn.apps.portfolio import queries as portfolio
from cairn.frame.actor import Actor, system
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.pure import badges, rules
from cairn.pure.clocks import business_days_after

_SYSTEM = system("licensure")
REASONS = 20  # of what was signed before on the same question


# --- What a rule says of a license today ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Computed:
    """A standing with all that it was computed from, as data; `digest` stands for what it says, whatever the day."""

    on: date
    version_id: str | None
    record: Any
    result: Any

    @cached_property
    def standing(self) -> rules.Standing:
        return rules.from_json(json.dumps(self.result))

    @property
    def digest(self) -> str:
        return digest_of(self.result)

    @property
    def counted(self) -> tuple[str, ...]:
        """Ids of the entries that count anywhere in the tree, each once."""
        return tuple(dict.fromkeys(entry for node in self.standing.walk() for entry, _ in node.counted))

    @classmethod
    def of(cls, kept: Snapshot) -> Computed:
        return cls(kept.on, kept.version_id, kept.record, kept.result)


def computed(held: EducatorLicense, route: str) -> Computed:
    """Where a license stands on a route today, on the calendar of its jurisdiction."""
    known = as_known(held, route)
    record, result = (json.loads(rules.to_json(each)) for each in (known.record, known.standing))
    return Computed(known.on, known.version_id, record, result)


def lines_to_judge(standing: rules.Standing) -> set[str]:
    """Lines that nothing computes, and that matter: an officer's judgment of them could meet the rule."""
    return {node.id for node in _unmet(standing.root) if node.operator == "officer"}


def open_lines(standing: rules.Standing) -> set[str]:
    """Lines that are not met where they would have to be; those that hold others are told by what they hold."""
    return {node.id for node in _unmet(standing.root) if not node.children and node.operator != "officer"}


def _unmet(root: rules.NodeResult | None) -> Iterator[rules.NodeResult]:
    """Everything below what is not met, but nothing below what is."""
    if root is not None and root.state != rules.MET:
        yield root
        for child in root.children:
            yield from _unmet(child)


# --- One application --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AwardChain:
    """What an award that counts rests on: five links, each on the one below."""

    credential: credentials.CredentialLine
    lists: frozenset[str]  # that the lines ask for which count it; where there is none, it needs to be on no list
    listing: ApprovedListing | None  # on one of these on the day of the award
    credits: tuple[CreditAward, ...]  # what recognizers gave for it, where that is what counts
    verification: badges.Verification
    facts_hold: bool
    rigor: assessment.Rigor
    sealed: portfolio.Sealed

    @property
    def links(self) -> tuple[bool, ...]:
        follows = self.facts_hold and self.rigor.outcome == "earned"
        sheets = bool(self.rigor.readers) and (not self.rigor.apart or self.rigor.lead is not None)
        return self.listing is not None or not self.lists, self.verification.verdict == "valid", follows, sheets, self.sealed.holds


@dataclass(frozen=True)
class ApplicationPage:
    application: Application
    license: EducatorLicense
    now: Computed
    asked: Computed  # as it stood when the educator asked or answered last
    entries: Mapping[str, RecordEntry]
    steps: tuple[Step, ...]
    proposed: Determination | None
    determination: Determination | None
    is_own: bool
    is_second: bool  # the viewer may sign second

    @property
    def title(self) -> str:
        return rule_set(self.application.rules).title

    @property
    def others(self) -> tuple[RecordEntry, ...]:
        """Entries that do not come from a credential of this site, and are not taken back."""
        return tuple(e for e in self.entries.values() if e.source != "credential" and e.state in ("entered", "verified"))

    @property
    def named_lines(self) -> tuple[str, ...]:
        """Titles of the lines that were judged or excepted."""
        made = self.determination or self.proposed
        return tuple(node.title for node in self.asked.standing.walk() if made and node.id in made.lines)

    @property
    def sole_basis(self) -> str:
        """Where micro-credentials alone made the difference: how many of them count, and in which lines."""
        lines = [node for node in self.asked.standing.walk() if node.counted and node.state == rules.MET]
        kinds = {self.entries[entry].kind for node in lines for entry, _ in node.counted if entry in self.entries}
        counted = {entry for node in lines for entry, _ in node.counted}
        return f"{len(counted)} micro-credentials" if kinds == {"micro-credential"} else ""

    @property
    def oddities(self) -> tuple[tuple[str, str, str], ...]:
        """What is odd about the record: about what it is, what is odd, and the remedy."""
        record = rules.record_from_json(json.dumps(self.now.record))
        found = rules.check_record(record, self.now.on, jurisdiction(self.license.jurisdiction))
        named = {pk: entry.title for pk, entry in self.entries.items()}
        every = (*mismatches(self.license, self.entries.values(), is_officer=not self.is_own), *found)
        return tuple((named.get(odd.entry, "The license"), odd.message, odd.remedy) for odd in every)

    @property
    def gone_since(self) -> tuple[tuple[RecordEntry, datetime], ...]:
        """What counted when it was signed and was revoked or taken back afterwards, with the moment. The signature stands."""
        made = self.determination
        if made is None or made.signed_at is None:
            return ()
        known = [self.entries[pk] for pk in self.now.counted if pk in self.entries]
        return tuple((entry, at) for entry in known if (at := entry.revoked_at or entry.withdrawn_at) and at > made.signed_at)

    @property
    def earlier_engine(self) -> int:
        """The engine by which what was signed was computed, where it is not today's; by it, it is computed again."""
        number = engine_of(self.determination.snapshot.result) if self.determination else rules.ENGINE
        return number if number != rules.ENGINE else 0

    @property
    def is_unanswered(self) -> bool:
        """Whether the day is over by which the educator was asked to answer: an officer may decide on what is there."""
        row = self.application
        return row.state == "returned" and row.until is not None and row.until < today_of(row.authority.jurisdiction)

    @property
    def is_recomputed(self) -> bool:
        return self.determination is None or recomputes(_SYSTEM, self.determination.snapshot)

    @property
    def has_changed(self) -> bool:
        return self.now.digest != self.asked.digest

    @property
    def standing(self) -> rules.Standing:
        return self.now.standing


def application(viewer: Actor, application_id: str) -> ApplicationPage:
    """For its educator and the authority's officers. Once it is determined, the standing is the one that was signed."""
    row = _with_names(Application.objects.visible_to(viewer)).get_or_not_found(pk=application_id)
    made = row.determinations.select_related("snapshot__version", "first_by", "second_by").order_by("first_at")
    determination = made.exclude(signed_at=None).first()
    proposed = made.filter(signed_at=None, is_set_aside=False).first()
    asked = Computed.of(determination.snapshot if determination else row.snapshots.latest("made_at", "pk"))
    now = asked if determination else computed(row.license, row.rules)
    is_own = row.person_id == viewer.person_id
    entries = {entry.pk: entry for entry in RecordEntry.objects.filter(person_id=row.person_id).prefetch_related("documents")}
    said = Step.objects.visible_to(viewer).filter(application=row).select_related("by").order_by("made_at", "pk")
    return ApplicationPage(
        row, row.license, now, asked, entries, tuple(step for step in said if not (is_own and step.kind == "not agreed")), proposed,
        determination, is_own, proposed is not None and not is_own and proposed.first_by_id != viewer.person_id,
    )  # fmt: skip


def chains(viewer: Actor, page: ApplicationPage) -> tuple[AwardChain, ...]:
    """The chain behind each award of this site that counts, or for which a recognizer gave what counts; checked now. For the officers of
    the authority."""
    if page.is_own or not viewer.holds("licensing officer", organization=page.application.authority.organization_id):
        raise NotFound("page")
    counted: dict[str, list[RecordEntry]] = {}
    for entry in (page.entries[pk] for pk in page.now.counted if pk in page.entries):
        behind = entry.source_id if entry.source == "credential" else entry.fields.get("award", "") if entry.source == "claim" else ""
        if behind:
            counted.setdefault(behind, []).append(entry)
    asked = _lists_asked(page)
    return tuple(_chain(award, entries, asked, page.application) for award, entries in counted.items())


def _lists_asked(page: ApplicationPage) -> Mapping[str, frozenset[str]]:
    """By entry, the lists that the lines ask for which count it."""
    found = rule_set_of(_SYSTEM, page.application.rules, page.standing.hash)
    version = next(each for each in found.versions if each.hash == page.standing.hash)
    where = {node.id: getattr(node.detail, "where", ()) for node in (version.requires.walk() if version.requires else ())}
    asked: dict[str, frozenset[str]] = {}
    for node in page.standing.walk():
        lists = [lists_of(one) for one in where.get(node.id, ())]
        for entry, _ in node.counted:
            asked[entry] = asked.get(entry, frozenset()).union(*lists)
    return asked


def _chain(credential_id: str, entries: list[RecordEntry], asked: Mapping[str, frozenset[str]], row: Application) -> AwardChain:
    behind = credentials.chain_behind(_SYSTEM, credential_id)
    award, own = behind.credential, [entry for entry in entries if entry.source == "credential"]
    rigor = assessment.rigor(_SYSTEM, award.decision_id)
    lists = frozenset[str]().union(*(asked.get(entry.pk, frozenset()) for entry in own))
    listed = ApprovedListing.objects.filter(
        organization_id=row.authority.organization_id, microcredential_id=award.version.microcredential_id, body__in=lists
    )
    days = [(entry.at.astimezone(zone_in(row.authority.jurisdiction)).date() if entry.at else entry.on) for entry in own]
    standing = listed.filter(approved_from__lte=days[0]).exclude(approved_until__lt=days[0]).order_by("approved_from") if days else None
    given = CreditAward.objects.filter(claim__in=[entry.source_id for entry in entries if entry.source == "claim"])
    return AwardChain(
        credentials.line(_SYSTEM, award.pk), lists, standing.first() if standing is not None else None,
        tuple(given.select_related("organization").order_by("granted_at", "pk")), credentials.verify(_SYSTEM, award.signed), behind.holds,
        rigor, portfolio.sealed(_SYSTEM, rigor.submission_id),
    )  # fmt: skip


@dataclass(frozen=True)
class Alike:
    """What the authority's officers signed before on the same question; nobody is named."""

    since: date | None
    outcomes: Mapping[str, int]
    reasons: tuple[tuple[date, str, str], ...]  # of the latest: day, outcome, reason

    @property
    def number(self) -> int:
        return sum(self.outcomes.values())


def alike(viewer: Actor, page: ApplicationPage) -> Alike:
    """Determinations on the same route that judged or excepted one of the lines that are open here."""
    lines = lines_to_judge(page.standing) | open_lines(page.standing)
    found = signed_by(viewer, page.application.authority).filter(application__rules=page.application.rules).exclude(basis="rule")
    every = found.exclude(application=page.application).order_by("-signed_at").values_list("signed_at", "outcome", "lines", "pk")
    rows = [(signed_at, outcome, pk) for signed_at, outcome, about, pk in every if signed_at and set(about) & lines]
    reasons = dict(found.filter(pk__in=[pk for _, _, pk in rows[:REASONS]]).values_list("pk", "reason"))
    zone = zone_in(page.application.authority.jurisdiction)
    told = tuple((signed_at.astimezone(zone).date(), outcome, reasons[pk]) for signed_at, outcome, pk in rows[:REASONS])
    return Alike(rows[-1][0].astimezone(zone).date() if rows else None, dict(Counter(outcome for _, outcome, _ in rows)), told)


def my_applications(viewer: Actor) -> tuple[Application, ...]:
    """The viewer's own, the latest first."""
    own = Application.objects.visible_to(viewer).filter(person_id=viewer.person_id) if viewer.person_id else Application.objects.none()
    return tuple(_with_names(own).order_by("-asked_at", "-pk"))


def _with_names(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    return rows.select_related("person", "license", "authority__organization")


def recomputes(viewer: Actor, kept: Snapshot) -> bool:
    """Whether what was signed comes out again, line by line, from the rule and the record that were kept with it. The words of a reason
    are not what was decided. What was altered until it can no longer be read does not come out again."""
    try:
        route = rule_set_of(viewer, kept.version.slug, kept.version.hash)
        version = next(each for each in route.versions if each.hash == kept.version.hash)
        again = rules.evaluate_version(route, version, rules.record_from_json(json.dumps(kept.record)), kept.on, engine_of(kept.result))
        return _decided(again) == _decided(Computed.of(kept).standing)
    except (Invalid, StopIteration, LookupError, ArithmeticError, TypeError, ValueError, AttributeError):
        return False


def engine_of(result: Mapping[str, Any]) -> int:
    """The engine by which a kept standing was computed."""
    return int(result.get("engine", 1))


def _decided(standing: rules.Standing) -> tuple[Any, ...]:
    """All of a standing but its words."""
    lines = ((n.id, n.state, n.have, n.need, n.met_on, n.by, n.counted, [pk for pk, _ in n.left_out], n.waived_by) for n in standing.walk())
    return standing.version, standing.hash, standing.on, standing.state, standing.met_on, *lines


@dataclass(frozen=True)
class Asking:
    """What somebody is about to ask an authority."""

    license: EducatorLicense
    rules: str
    title: str
    authority: Authority
    now: Computed
    due_on: date


def about_to_ask(viewer: Actor, license_id: str, route: str) -> Asking:
    """For the license's own educator; without a route, the first that leads on from the license."""
    held = EducatorLicense.objects.visible_to(viewer).filter(person_id=viewer.person_id or "").get_or_not_found(pk=license_id)
    route = route or next((each.slug for each in routes_from(held.jurisdiction, held.type)), "")
    authority = authority_for(viewer, held.jurisdiction)
    require_route(held, route)
    now = computed(held, route)
    return Asking(held, route, rule_set(route).title, authority, now, due_on(authority, now.on))


def require_route(held: EducatorLicense, route: str) -> None:
    """Refused where a route is another jurisdiction's: the authority of this license cannot decide on it."""
    found, own = rule_set(route).jurisdiction, jurisdiction(held.jurisdiction)
    if found.code != own.code:
        words = f"This is a route of {found.name}, and your license is one of {own.name}."
        raise Conflict("route-elsewhere", words, "Choose one of the routes on your license’s page.")


def due_on(authority: Authority, today: date) -> date:
    closed = frozenset(each.day for each in assessment.closed_days(_SYSTEM, authority.organization_id))
    return business_days_after(today, authority.answer_days, closed)


def zone_in(code: str) -> ZoneInfo:
    """On whose calendar the days of a jurisdiction lie."""
    return ZoneInfo(jurisdiction(code).zone or "UTC")


def today_of(code: str) -> date:
    """The date on the calendar of a jurisdiction."""
    return today_in(jurisdiction(code))
