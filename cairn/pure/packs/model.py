"""What a catalog pack holds, as values: pack, frameworks, stacks, and the whole content of a micro-credential's version.

Not here: reading YAML (parse), JSON and hashes (codec). Tuples keep the order in which an educator reads them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from cairn.kernel.errors import NotFound
from cairn.pure.packs.words import (
    Audience,
    CareerStage,
    CreditUnit,
    FileType,
    OrganizationKind,
    Origin,
    PartKind,
    Policy,
    Rigor,
    State,
    Trigger,
)

_T = TypeVar("_T")


@dataclass(frozen=True)
class Organization:
    slug: str
    name: str
    kind: OrganizationKind


@dataclass(frozen=True)
class Program:
    slug: str
    title: str
    summary: str


@dataclass(frozen=True)
class FrameworkItem:
    code: str
    title: str


@dataclass(frozen=True)
class Framework:
    """A published set of standards; codes and titles only, since the wording belongs to its publisher."""

    slug: str
    title: str
    publisher: str
    year: int | None
    url: str
    items: tuple[FrameworkItem, ...]

    def item(self, code: str) -> FrameworkItem:
        return _find(self.items, "code", code, "standard")


@dataclass(frozen=True)
class Member:
    """A stack's stone; a planned one has a name and nothing else."""

    slug: str
    title: str
    state: State


@dataclass(frozen=True)
class Stack:
    """`unnamed` counts planned micro-credentials whose names are not known; they come after `members`. `place`: file and line.
    `frameworks` by slug are what its planned members are to align to; those with a text say so themselves."""

    slug: str
    title: str
    order: int
    state: State
    summary: str
    who_should_apply: str
    audiences: tuple[Audience, ...]
    career_stages: tuple[CareerStage, ...]
    frameworks: tuple[str, ...]
    pigment: str
    shape: str
    members: tuple[Member, ...]
    unnamed: int
    place: str


@dataclass(frozen=True)
class MethodComponent:
    title: str
    text: str


@dataclass(frozen=True)
class Citation:
    """`source` is the journal, publisher or institution; `url` may be empty."""

    authors: str
    year: int
    title: str
    source: str
    url: str


@dataclass(frozen=True)
class Resource:
    """Something to learn from: at a `url`, or found by its `reference` (author, publisher, library)."""

    title: str
    url: str
    reference: str
    note: str


@dataclass(frozen=True)
class Level:
    """`rank` counts from 1 upward; `is_bar` marks the lowest level that passes."""

    key: str
    title: str
    rank: int
    is_bar: bool
    passes: bool


@dataclass(frozen=True)
class Rubric:
    levels: tuple[Level, ...]

    @property
    def bar(self) -> Level:
        return next(level for level in self.levels if level.is_bar)

    def level(self, key: str) -> Level:
        return _find(self.levels, "key", key, "level")


@dataclass(frozen=True)
class DetailLevel:
    """What is seen in the work at this level of one detail."""

    level: Level
    text: str


@dataclass(frozen=True)
class Detail:
    """The unit of proof: one observable thing, scored by itself. `levels` run from lowest to highest. See `together` for teams."""

    key: str
    text: str
    guiding_question: str
    levels: tuple[DetailLevel, ...]
    is_together: bool = False

    def at(self, level_key: str) -> DetailLevel:
        found = next((described for described in self.levels if described.level.key == level_key), None)
        if found is None:
            raise NotFound("level")
        return found


@dataclass(frozen=True)
class Outcome:
    """An essential outcome."""

    key: str
    title: str
    details: tuple[Detail, ...]


@dataclass(frozen=True)
class Prompt:
    """A question to answer in writing; `serves` names outcome details, or none when it serves the whole."""

    key: str
    question: str
    words_min: int
    words_max: int
    serves: tuple[str, ...]
    is_required: bool


@dataclass(frozen=True)
class TypeRule:
    """Which types of file satisfy a slot: any of, or all of, the types and further rules in `items`."""

    needs_all: bool
    items: tuple[FileType | TypeRule, ...]

    @cached_property
    def types(self) -> frozenset[FileType]:
        """Every type that has a place here."""
        return frozenset(t for item in self.items for t in (item.types if isinstance(item, TypeRule) else (item,)))

    def is_met_by(self, given: Collection[str]) -> bool:
        """True if files of the types in `given` fill the slot."""
        met = (item.is_met_by(given) if isinstance(item, TypeRule) else item in given for item in self.items)
        return all(met) if self.needs_all else any(met)

    def __str__(self) -> str:
        words = [f"({item})" if isinstance(item, TypeRule) and len(item.items) > 1 else str(item) for item in self.items]
        return (" and " if self.needs_all else " or ").join(words)


@dataclass(frozen=True)
class ArtifactRequirement:
    """A slot for files. None means no limit of its own; the site's limits hold all the same."""

    key: str
    title: str
    what_belongs: str
    types: TypeRule
    files_min: int
    files_max: int
    max_megabytes: int | None
    seconds_min: int | None
    seconds_max: int | None
    max_pages: int | None
    minors_may_appear: bool
    serves: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One part of a submission: things to write, slots to fill, or both."""

    key: str
    kind: PartKind
    title: str
    instructions: str
    prompts: tuple[Prompt, ...]
    artifacts: tuple[ArtifactRequirement, ...]

    @property
    def words_min(self) -> int:
        return sum(prompt.words_min for prompt in self.prompts if prompt.is_required)

    @property
    def words_max(self) -> int:
        return sum(prompt.words_max for prompt in self.prompts)


@dataclass(frozen=True)
class DecisionRule:
    """`cut` is the lowest sum of ranks that earns, for the compensatory policy alone."""

    policy: Policy
    cut: int | None


@dataclass(frozen=True)
class ScoringPlan:
    assessors: int
    adjudicate_when: tuple[Trigger, ...]
    decide_within_business_days: int
    revision_days: int
    attempts_before_coach: int


@dataclass(frozen=True)
class Alignment:
    """`target` is "whole" or the key of an outcome detail."""

    framework: str
    code: str
    target: str


@dataclass(frozen=True)
class Credit:
    """What an issuer says the work is worth; a recognizer may say otherwise."""

    amount: float
    unit: CreditUnit


@dataclass(frozen=True)
class Hours:
    """Estimated effort and hours of credit are two different things and never turn into one another."""

    estimated_min: int
    estimated_max: int
    estimated_by: str
    credit: Credit | None


@dataclass(frozen=True)
class VersionContent:
    """Everything an educator and an assessor rely on; immutable once published, and what the content hash covers."""

    slug: str
    number: str
    title: str
    notice: str
    license: str
    mark: str
    level: int
    rigor: Rigor
    origin: Origin
    summary: str
    competency: str
    key_method: str
    method_components: tuple[MethodComponent, ...]
    rationale: tuple[str, ...]
    citations: tuple[Citation, ...]
    resources: tuple[Resource, ...]
    observable_actions: tuple[str, ...]
    rubric: Rubric
    outcomes: tuple[Outcome, ...]
    parts: tuple[Part, ...]
    decision: DecisionRule
    scoring: ScoringPlan
    alignments: tuple[Alignment, ...]
    audiences: tuple[Audience, ...]
    career_stages: tuple[CareerStage, ...]
    hours: Hours
    developer: str
    authors: tuple[str, ...]

    @property
    def bar(self) -> Level:
        return self.rubric.bar

    @cached_property
    def details(self) -> tuple[Detail, ...]:
        return tuple(detail for outcome in self.outcomes for detail in outcome.details)

    @cached_property
    def prompts(self) -> tuple[Prompt, ...]:
        return tuple(prompt for part in self.parts for prompt in part.prompts)

    @cached_property
    def artifacts(self) -> tuple[ArtifactRequirement, ...]:
        return tuple(artifact for part in self.parts for artifact in part.artifacts)

    def detail(self, key: str) -> Detail:
        return _find(self.details, "key", key, "outcome detail")

    def outcome_of(self, detail_key: str) -> Outcome:
        found = next((outcome for outcome in self.outcomes if any(d.key == detail_key for d in outcome.details)), None)
        if found is None:
            raise NotFound("outcome detail")
        return found

    def part(self, key: str) -> Part:
        return _find(self.parts, "key", key, "part")

    def prompt(self, key: str) -> Prompt:
        return _find(self.prompts, "key", key, "prompt")

    def artifact(self, key: str) -> ArtifactRequirement:
        return _find(self.artifacts, "key", key, "artifact requirement")


@dataclass(frozen=True)
class Microcredential:
    """What stays while versions come and go, and one version's content. `price_note` binds nobody. `place`: file and line of the number."""

    slug: str
    aliases: tuple[str, ...]
    price_note: str
    content: VersionContent
    place: str


@dataclass(frozen=True)
class Pack:
    slug: str
    title: str
    license: str
    notice: str
    issuer: Organization
    co_issuers: tuple[Organization, ...]
    program: Program
    frameworks: tuple[Framework, ...]
    stacks: tuple[Stack, ...]
    microcredentials: tuple[Microcredential, ...]

    def framework(self, slug: str) -> Framework:
        return _find(self.frameworks, "slug", slug, "framework")

    def microcredential(self, slug: str) -> Microcredential:
        return _find(self.microcredentials, "slug", slug, "micro-credential")


def _find(things: tuple[_T, ...], name: str, value: str, what: str) -> _T:
    found = next((thing for thing in things if getattr(thing, name) == value), None)
    if found is None:
        raise NotFound(what)
    return found
