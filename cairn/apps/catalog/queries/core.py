"""Reading the catalog: shelves and search, a stack, a micro-credential at one of its versions.

Not here: who offers what (programs), which is handed in as `offered`: micro-credential id -> the kinds of its open offerings; and what
counts where somebody works (licensure), handed in as `counts`: ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.db.models.fields.json import KT

from cairn.apps.catalog.models import Alias, Facet, FrameworkItem, Microcredential, MicrocredentialVersion, Stack
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.pure import packs
from cairn.pure.packs.model import VersionContent
from cairn.pure.packs.words import Audience, CareerStage

RESULTS_A_PAGE = 24
SHELVES_A_PAGE = 6
FACETS = ("audience", "stage", "framework", "availability", "counts")
AVAILABILITY = {"open": "Open now", "pilot": "In pilot", "planned": "Planned"}
COUNTS = {"yes": "Yes"}
_IN_ORDER = [str(value) for value in (*Audience, *CareerStage, *AVAILABILITY)]

Offered = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Search:
    """What is asked of the catalog; every word must occur, and every chosen facet must hold."""

    words: str = ""
    audience: str = ""
    stage: str = ""
    framework: str = ""
    availability: str = ""
    counts: str = ""
    page: int = 1

    @property
    def chosen(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in FACETS if getattr(self, name)}

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.chosen


@dataclass(frozen=True)
class StackLine:
    """A stack as lists show it; `unnamed` counts planned members without a name yet."""

    id: str
    slug: str
    title: str
    summary: str
    family: str
    shape: str
    is_planned: bool
    unnamed: int


@dataclass(frozen=True)
class Line:
    """A micro-credential as lists show it; nothing is known of a planned one but its name."""

    id: str
    slug: str
    title: str
    state: str
    mark: str
    level: int
    stack: StackLine
    summary: str = ""
    hours: tuple[int, int] = (0, 0)
    audiences: tuple[str, ...] = ()
    outcomes: int = 0
    details: int = 0


@dataclass(frozen=True)
class Choice:
    """One value of a facet, and how many results it would leave under everything else that is chosen."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Shelf:
    stack: StackLine
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Found:
    """A page of shelves where nothing was asked, else a page of lines; `total` counts micro-credentials over all pages."""

    shelves: Page[Shelf] | None
    lines: Page[Line] | None
    total: int
    planned: int
    facets: Mapping[str, tuple[Choice, ...]]

    @property
    def written(self) -> int:
        return self.total - self.planned


@dataclass(frozen=True)
class IssuerLine:
    slug: str
    name: str


@dataclass(frozen=True)
class StackPage:
    stack: StackLine
    who_should_apply: str
    issuer: IssuerLine
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class VersionLine:
    id: str
    number: str
    state: str
    content_hash: str
    published_at: datetime | None


@dataclass(frozen=True)
class Standard:
    """An alignment with the words of its framework; `detail` is empty where the whole aligns."""

    framework: str
    source: str
    code: str
    title: str
    detail: str


@dataclass(frozen=True)
class MicrocredentialPage:
    """Everything that a version says. A planned micro-credential has neither version nor content."""

    line: Line
    issuer: IssuerLine
    co_issuers: tuple[IssuerLine, ...]
    version: VersionLine | None
    in_force: VersionLine | None
    versions: tuple[VersionLine, ...]
    content: VersionContent | None
    standards: tuple[Standard, ...]


def published(viewer: Actor) -> list[str]:
    """Ids of everything that can be earned, in the order of stacks: what to ask programs about."""
    return list(in_order(Microcredential.objects.visible_to(viewer).filter(state="published", owner=None)).values_list("pk", flat=True))


def _holding(viewer: Actor, words: Sequence[str]) -> QuerySet[Microcredential]:
    """In which every word occurs."""
    found: QuerySet[Microcredential] = Microcredential.objects.visible_to(viewer).filter(owner=None).exclude(state="retired")
    for word in words:
        found = found.filter(words__contains=word)
    return found


def matching(viewer: Actor, asked: Search, offered: Offered, counts: Collection[str] = ()) -> QuerySet[Microcredential]:
    """What a search finds, as rows: for lists that page by themselves."""
    states = dict(_holding(viewer, asked.words.lower().split()).values_list("pk", "state"))
    tags, _ = _tags(viewer, states, offered, counts)
    return _rows(viewer).filter(pk__in=[pk for pk in states if _holds(tags[pk], asked.chosen)])


def search(viewer: Actor, asked: Search, offered: Offered, counts: Collection[str] = ()) -> Found:
    """The catalog: the same number of SQL queries however large it is."""
    words = asked.words.lower().split()
    everything = _holding(viewer, words)
    rows = list(in_order(everything).values_list("pk", "state", "title"))
    tags, labels = _tags(viewer, {pk: state for pk, state, _ in rows}, offered, counts)
    left = [row for row in rows if _holds(tags[row[0]], asked.chosen)]
    # Named so comes first, and what can be earned before what is planned.
    left.sort(key=lambda row: (any(word not in row[2].lower() for word in words), row[1] == "planned"))
    shelves = _shelves(viewer, asked.page) if asked.is_empty else None
    lines = None if asked.is_empty else _results(viewer, [row[0] for row in left], asked.page)
    planned = sum(state == "planned" for _, state, _ in left)
    return Found(shelves, lines, len(left), planned, _facets(tags, labels, asked.chosen))


Tags = dict[str, set[tuple[str, str]]]


def _tags(viewer: Actor, states: Mapping[str, str], offered: Offered, counts: Collection[str]) -> tuple[Tags, dict[tuple[str, str], str]]:
    """What holds of each, as (facet, value), and how each value is called anywhere in the catalog."""
    tags: Tags = {pk: {("availability", kind) for kind in offered.get(pk, ())} for pk in states}
    for pk, state in states.items():
        if state == "planned":
            tags[pk].add(("availability", "planned"))
        if pk in counts:
            tags[pk].add(("counts", "yes"))
    labels = {("availability", value): label for value, label in AVAILABILITY.items()}
    labels |= {("counts", value): label for value, label in COUNTS.items()}
    known = Facet.objects.visible_to(viewer).filter(name__in=FACETS, microcredential__owner=None).exclude(microcredential__state="retired")
    for pk, name, value, label in known.values_list("microcredential_id", "name", "value", "label"):
        labels[name, value] = label
        if pk in tags:
            tags[pk].add((name, value))
    return tags, labels


def _holds(tags: set[tuple[str, str]], chosen: Mapping[str, str]) -> bool:
    return all(pair in tags for pair in chosen.items())


def _facets(tags: Tags, labels: Mapping[tuple[str, str], str], chosen: Mapping[str, str]) -> dict[str, tuple[Choice, ...]]:
    facets: dict[str, tuple[Choice, ...]] = {}
    for facet in FACETS:
        others = {name: value for name, value in chosen.items() if name != facet}
        left = [held for held in tags.values() if _holds(held, others)]
        choices = [Choice(v, label, sum((facet, v) in held for held in left)) for (name, v), label in labels.items() if name == facet]
        facets[facet] = tuple(sorted(choices, key=_place))
    return facets


def _place(choice: Choice) -> tuple[int, str]:
    return (_IN_ORDER.index(choice.value) if choice.value in _IN_ORDER else len(_IN_ORDER), choice.label)


def _rows(viewer: Actor) -> QuerySet[Microcredential]:
    """What lists are made of; the text for searching stays in the database."""
    return Microcredential.objects.visible_to(viewer).exclude(state="retired").select_related("stack").defer("words")


def in_order(found: QuerySet[Microcredential]) -> QuerySet[Microcredential]:
    return found.order_by("stack__is_planned", "stack__order", "stack__title", "order", "pk")


def _results(viewer: Actor, found: Sequence[str], number: int) -> Page[Line]:
    page: Page[Any] = Paginator(found, RESULTS_A_PAGE).get_page(number)
    rows = _rows(viewer).in_bulk(list(page))
    return Page(_lines(viewer, [rows[pk] for pk in page]), page.number, page.paginator)


def _shelves(viewer: Actor, number: int) -> Page[Shelf]:
    stacks = Stack.objects.visible_to(viewer).order_by("is_planned", "order", "title", "pk")
    page: Page[Any] = Paginator(stacks, SHELVES_A_PAGE).get_page(number)
    shown = list(page)
    lines = _lines(viewer, in_order(_rows(viewer).filter(stack__in=shown, owner=None)))
    shelves = [Shelf(stack_line(s), tuple(line for line in lines if line.stack.id == s.pk)) for s in shown]
    return Page(shelves, page.number, page.paginator)


def stack_line(stack: Stack) -> StackLine:
    return StackLine(stack.pk, stack.slug, stack.title, stack.summary, stack.family, stack.shape, stack.is_planned, stack.unnamed)


def _lines(viewer: Actor, rows: Iterable[Microcredential]) -> list[Line]:
    """Each with what its version in force says, read in one query."""
    bare = [Line(mc.pk, mc.slug, mc.title, mc.state, mc.mark, mc.level, stack_line(mc.stack)) for mc in rows]
    in_force = MicrocredentialVersion.objects.visible_to(viewer).filter(state="published")
    versions = in_force.filter(microcredential_id__in=[line.id for line in bare])
    told = {
        pk: {"summary": summary, "hours": (hours["estimated_min"], hours["estimated_max"]), "audiences": tuple(audiences)}
        for pk, summary, hours, audiences in versions.values_list(
            "microcredential_id", KT("content__summary"), "content__hours", "content__audiences"
        )
    }
    return [replace(line, **told[line.id]) if line.id in told else line for line in bare]


def lines(viewer: Actor, rows: Iterable[Microcredential]) -> list[Line]:
    return _lines(viewer, rows)


def lines_by_id(viewer: Actor, ids: Sequence[str]) -> list[Line]:
    """In no order; those that are retired are left out."""
    return _lines(viewer, _rows(viewer).filter(pk__in=ids))


def a_few(viewer: Actor, count: int) -> list[Line]:
    """The first of each stack, then the second of each, until there are `count`."""
    found = _rows(viewer).filter(state="published", owner=None).order_by("order", "stack__order", "stack__title", "pk")
    return _lines(viewer, found[:count])


def stack(viewer: Actor, slug: str) -> StackPage:
    found = Stack.objects.visible_to(viewer).select_related("issuer").get_or_not_found(slug=slug)
    lines = _lines(viewer, in_order(_rows(viewer).filter(stack=found, owner=None)))
    versions = MicrocredentialVersion.objects.visible_to(viewer).filter(microcredential__stack=found, state="published")
    outcomes = dict(versions.values_list("microcredential_id", "content__outcomes"))
    counted = tuple(_counted(line, outcomes.get(line.id, [])) for line in lines)
    return StackPage(stack_line(found), found.who_should_apply, IssuerLine(found.issuer.slug, found.issuer.name), counted)


def _counted(line: Line, outcomes: Sequence[Mapping[str, Any]]) -> Line:
    return replace(line, outcomes=len(outcomes), details=sum(len(outcome["details"]) for outcome in outcomes))


def stacks(viewer: Actor) -> QuerySet[Stack]:
    return Stack.objects.visible_to(viewer).order_by("order", "slug")


def stacks_of(viewer: Actor, organization_id: str) -> list[StackLine]:
    """Those that an organization issues."""
    found = Stack.objects.visible_to(viewer).filter(issuer_id=organization_id)
    return [stack_line(row) for row in found.order_by("is_planned", "order", "title")]


def microcredentials_of(viewer: Actor, organization_id: str) -> QuerySet[Microcredential]:
    """Those that an organization issues, planned ones too."""
    return Microcredential.objects.visible_to(viewer).filter(issuer_id=organization_id).order_by("title")


def microcredential_by_id(viewer: Actor, microcredential_id: str) -> Microcredential:
    return Microcredential.objects.visible_to(viewer).get_or_not_found(pk=microcredential_id)


def microcredentials_called(viewer: Actor, titles: Iterable[str]) -> dict[str, str]:
    """By title in lower case -> id; a title that two have is left out."""
    asked = {title.lower() for title in titles if title}
    found: dict[str, set[str]] = {}
    for pk, title in Microcredential.objects.visible_to(viewer).filter(owner=None).exclude(state="retired").values_list("pk", "title"):
        if title.lower() in asked:
            found.setdefault(title.lower(), set()).add(pk)
    return {title: ids.pop() for title, ids in found.items() if len(ids) == 1}


def microcredential(viewer: Actor, slug: str, number: str = "") -> MicrocredentialPage:
    """By its slug or an alias (then `line.slug` differs from what was asked); at `number`, or at the version in force."""
    found = Microcredential.objects.visible_to(viewer).select_related("stack", "issuer")
    alias = Alias.objects.visible_to(viewer).filter(slug=slug).values("microcredential_id")
    row = found.filter(slug=slug).first() or found.get_or_not_found(pk__in=alias)
    versions = _versions(viewer, row)
    in_force = next((version for version in versions if version.state == "published"), None)
    shown = next((version for version in versions if version.number == number), None) if number else in_force
    if number and shown is None:
        raise NotFound("version")
    words = content(viewer, shown.id) if shown else None
    (line,) = _lines(viewer, [row])
    partners = Facet.objects.visible_to(viewer).filter(microcredential=row, name="co-issuer").order_by("label")
    return MicrocredentialPage(
        line, IssuerLine(row.issuer.slug, row.issuer.name), tuple(IssuerLine(p.value, p.label) for p in partners), shown, in_force,
        versions, words, standards(viewer, words) if words else (),
    )  # fmt: skip


def _versions(viewer: Actor, row: Microcredential) -> tuple[VersionLine, ...]:
    """The latest first."""
    found = MicrocredentialVersion.objects.visible_to(viewer).filter(microcredential=row).order_by("-created_at", "-pk")
    return tuple(VersionLine(*told) for told in found.values_list("pk", "number", "state", "content_hash", "published_at"))


def standards(viewer: Actor, words: VersionContent) -> tuple[Standard, ...]:
    slugs = {alignment.framework for alignment in words.alignments}
    items = FrameworkItem.objects.visible_to(viewer).filter(framework__slug__in=slugs).select_related("framework")
    known = {(item.framework.slug, item.code): item for item in items}
    told = []
    for alignment in words.alignments:
        item = known[alignment.framework, alignment.code]
        detail = "" if alignment.target == "whole" else alignment.target
        told.append(Standard(item.framework.title, item.framework.source, item.code, item.title, detail))
    return tuple(told)


def version_in_force(viewer: Actor, microcredential_id: str) -> MicrocredentialVersion:
    found = MicrocredentialVersion.objects.visible_to(viewer).filter(microcredential_id=microcredential_id, state="published")
    return found.select_related("microcredential__stack").get_or_not_found()


def content(viewer: Actor, version_id: str) -> VersionContent:
    """The words of a version. Those of a published one never change, so they are read once."""
    known = _published(version_id)
    if known is not None:
        return known
    return packs.from_json(MicrocredentialVersion.objects.visible_to(viewer).get_or_not_found(pk=version_id).content)


@lru_cache(maxsize=512)
def _read(version_id: str, content_hash: str) -> VersionContent:
    return packs.from_json(MicrocredentialVersion.objects.get(pk=version_id).content)


def _published(version_id: str) -> VersionContent | None:
    found = MicrocredentialVersion.objects.exclude(state="draft").filter(pk=version_id)
    content_hash = found.values_list("content_hash", flat=True).first()
    return _read(version_id, content_hash) if content_hash else None
