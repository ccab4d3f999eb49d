"""The fields of one micro-credential's version. Not here: its submission parts (read_parts), its place in a stack (read)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cairn.pure.packs.model import (
    Alignment,
    Citation,
    Credit,
    DecisionRule,
    Detail,
    DetailLevel,
    Framework,
    Hours,
    Level,
    MethodComponent,
    Outcome,
    Part,
    Resource,
    Rubric,
    ScoringPlan,
    VersionContent,
)
from cairn.pure.packs.read_parts import WHOLE, read_parts, read_serves
from cairn.pure.packs.section import Once, Section
from cairn.pure.packs.words import MARKS, Audience, CareerStage, CreditUnit, Origin, PartKind, Policy, Rigor, Trigger

NUMBER = re.compile(r"(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})")


def read_content(root: Section, frameworks: Mapping[str, Framework], notice: str, license_: str) -> VersionContent:
    """The version in the file `root`; what its details say is checked against its rubric, its parts and alignments against its details."""
    rubric = _rubric(root)
    outcomes = _outcomes(root, rubric)
    details = tuple(detail for outcome in outcomes for detail in outcome.details)
    parts = read_parts(root, details)
    _check_together(root, details, parts)
    return VersionContent(
        slug=root.slug(),
        number=root.matching("number", NUMBER, "two numbers with a point between, such as “1.0”"),
        title=root.title("title"),
        notice=notice,
        license=license_,
        mark=root.one_of("mark", MARKS),
        level=root.integer("level", 1, 3),
        rigor=root.choice("rigor", Rigor),
        origin=root.choice("origin", Origin, Origin.PACKAGED),
        summary=root.text("summary", most=300),
        competency=root.text("competency"),
        key_method=root.text("key_method"),
        method_components=tuple(MethodComponent(s.title("title"), s.text("text")) for s in root.sections("method_components")),
        rationale=root.texts("rationale"),
        citations=tuple(_citation(section) for section in root.sections("citations", least=0)),
        resources=tuple(_resource(section) for section in root.sections("resources", least=0)),
        observable_actions=root.texts("observable_actions"),
        rubric=rubric,
        outcomes=outcomes,
        parts=parts,
        decision=_decision(root.section("decision"), len(details), len(rubric.levels)),
        scoring=_scoring(root.section("scoring")),
        alignments=tuple(_alignment(section, frameworks, details) for section in root.sections("alignments", least=0)),
        audiences=root.choices("audiences", Audience),
        career_stages=root.choices("career_stages", CareerStage),
        hours=_hours(root.section("hours")),
        developer=root.title("developer"),
        authors=root.texts("authors", most=140),
    )


def _check_together(root: Section, details: tuple[Detail, ...], parts: tuple[Part, ...]) -> None:
    """What a team may show together must be told apart from what each member shows alone, and something must be left to each."""
    together = {detail.key for detail in details if detail.is_together}
    if together and len(together) == len(details):
        root.problem("outcomes", "Every detail is “together”, and each member has to show something alone.", "Take it off one of them.")
    cites = any(part.kind is PartKind.ANALYSIS for part in parts) and any(part.artifacts for part in parts)
    if together and cites and not any(together >= set(slot.serves) != set() for part in parts for slot in part.artifacts):
        root.problem("parts", "A team cites files, and no slot is for what it shows together.", "Let a slot serve details of that sort.")
    asked = [(each.key, each.serves) for part in parts for each in part.prompts]
    asked += [(each.key, each.serves) for part in parts for each in part.artifacts]
    for key, serves in asked:
        if together & set(serves) and not together >= set(serves):
            message = f"“{key}” serves details that are shown together and others: {', '.join(serves)}."
            root.problem("parts", message, "Split it in two, or change “together” of a detail.")


def _citation(section: Section) -> Citation:
    return Citation(
        authors=section.title("authors"),
        year=section.integer("year", 1800, 2100),
        title=section.text("title", most=300),
        source=section.title("source", optional=True),
        url=section.url("url"),
    )


def _resource(section: Section) -> Resource:
    url, reference = section.url("url"), section.text("reference", most=300, optional=True)
    if not url and not reference and not section.has("url"):
        section.problem("", "The resource has neither “url” nor “reference”.", "Say where it is to be found.")
    return Resource(section.text("title", most=300), url, reference, section.text("note", most=600, optional=True))


def _rubric(root: Section) -> Rubric:
    """The levels, lowest first. One that lacks its bar gets the highest as a stand-in."""
    sections, keys = root.sections("rubric", least=2), Once("level")
    bars = [rank for rank, section in enumerate(sections, 1) if section.flag("bar", False)]
    if len(bars) != 1:
        message = f"{len(bars) or 'None'} of the levels {'have' if len(bars) > 1 else 'has'} “bar: true”; exactly one must."
        root.problem("rubric", message, "Mark the lowest level that passes.")
    elif bars[0] == 1:
        root.problem("rubric", "The lowest level is the bar, so nothing could be “not yet”.", "Add a level below it, or move the bar up.")
    bar = bars[0] if bars else len(sections)
    levels = []
    for rank, section in enumerate(sections, 1):
        key = keys.claim(section, "key", section.key())
        levels.append(Level(key, section.title("title"), rank, is_bar=rank == bar, passes=rank >= bar))
    return Rubric(tuple(levels))


def _outcomes(root: Section, rubric: Rubric) -> tuple[Outcome, ...]:
    keys, outcomes = Once("key of an outcome or detail"), []
    for place, section in enumerate(root.sections("outcomes"), 1):
        key = keys.claim(section, "key", section.title("key"))
        if key and key != str(place):
            section.problem("key", f"“key” is “{key}”; outcomes are numbered from 1, and this is number {place}.", f"Write “{place}”.")
        details = []
        for child in section.sections("details"):
            details.append(_detail(child, str(place), rubric))
            keys.claim(child, "key", details[-1].key)
        outcomes.append(Outcome(str(place), section.text("title", most=300), tuple(details)))
    return tuple(outcomes)


def _detail(section: Section, outcome: str, rubric: Rubric) -> Detail:
    key = section.matching("key", re.compile(rf"{outcome}[a-z]"), f"“{outcome}” and a letter, such as “{outcome}a”")
    words, levels = section.section("levels"), [level for level in rubric.levels if level.key]
    described = tuple(DetailLevel(level, words.text(level.key, most=1000)) for level in levels)
    if not rubric.levels:
        words.ignore()
    together = section.flag("together", False)
    return Detail(key, section.text("text", most=300), section.text("question", most=600), described, together)


def _decision(section: Section, details: int, levels: int) -> DecisionRule:
    policy, low, high = section.choice("policy", Policy), details, details * levels
    if policy is Policy.COMPENSATORY:
        return DecisionRule(policy, section.integer("cut", low, high))
    if section.has("cut"):
        section.problem("cut", f"“{policy}” has no cut.", f"Remove “cut”, or choose “{Policy.COMPENSATORY}”.")
    return DecisionRule(policy, None)


def _scoring(section: Section) -> ScoringPlan:
    assessors = section.integer("assessors", 1, 3)
    triggers = section.choices("adjudicate_when", Trigger, least=0)
    if assessors > 1 and Trigger.SPLIT not in triggers and not section.is_missing:
        message = f"{assessors} assessors may part, and nothing says who then decides."
        section.problem("adjudicate_when", message, f"Add “{Trigger.SPLIT}” to “adjudicate_when”.")
    return ScoringPlan(
        assessors=assessors,
        adjudicate_when=triggers,
        decide_within_business_days=section.integer("decide_within_business_days", 1, 60),
        revision_days=section.integer("revision_days", 1, 365),
        attempts_before_coach=section.integer("attempts_before_coach", 1, 20),
    )


def _alignment(section: Section, frameworks: Mapping[str, Framework], details: tuple[Detail, ...]) -> Alignment:
    slug, code = section.title("framework"), section.title("code")
    if slug and slug not in frameworks:
        message = f"The pack names no framework “{slug}”; it names: {', '.join(frameworks) or 'none'}."
        section.problem("framework", message, "Correct the name, or add it to “frameworks” of the pack.")
    elif slug and code and code not in {item.code for item in frameworks[slug].items}:
        known = ", ".join(item.code for item in frameworks[slug].items)
        section.problem("code", f"“{slug}” has no code “{code}”; it has: {known}.", "Use one of its codes.")
    targets = read_serves(section, "target", details)
    if len(targets) > 1:
        section.problem("target", "An alignment has one target.", "Write one alignment for each detail.")
    return Alignment(slug, code, targets[0] if targets else WHOLE)


def _hours(section: Section) -> Hours:
    low, high = section.span("estimated", 1, 1000)
    credit = None
    if section.has("credit"):
        child = section.section("credit")
        credit = Credit(child.amount("amount"), child.choice("unit", CreditUnit))
    return Hours(low, high, section.title("estimated_by"), credit)
