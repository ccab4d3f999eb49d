"""All files of all jurisdictions to one rulebook, or every problem in them. Not here: reading a tree (read_nodes), cases (cases)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cairn.pure.rules.read_jurisdictions import read_jurisdiction
from cairn.pure.rules.read_schedules import read_schedule
from cairn.pure.rules.read_versions import read_rule_set
from cairn.pure.rules.reading import Fields, Problem, RulesInvalid, read
from cairn.pure.rules.schedules import Schedule
from cairn.pure.rules.spec import Jurisdiction, RuleSet

T = TypeVar("T")
CASES = ".cases.yaml"
FIRST_FIELDS = ("jurisdiction", "rules", "schedule")


@dataclass(frozen=True)
class Rulebook:
    """Jurisdictions by code, rule sets and schedules by slug, each in alphabetical order."""

    jurisdictions: Mapping[str, Jurisdiction]
    rules: Mapping[str, RuleSet]
    schedules: Mapping[str, Schedule]


def parse(files: Mapping[str, str], *, were_accepted: bool = False) -> Rulebook:
    """The rulebook written in `files`, path to text, such as us/mo/licenses.yaml; files of cases are passed over.

    Raises RulesInvalid with every problem found: file, line, what was found, what is allowed. Files that `were_accepted` once, when less
    was asked of them, are read for what they say; then only one that says not what it is, or is no YAML, raises.
    """
    problems: list[Problem] = []
    by_kind = _by_kind({path: text for path, text in files.items() if not path.endswith(CASES)}, problems)
    jurisdictions = {place.code: place for place in map(read_jurisdiction, by_kind["jurisdiction"])}
    rules: dict[str, RuleSet] = {}
    schedules: dict[str, Schedule] = {}
    for fields in by_kind["rules"]:
        rules[fields.text("rules")] = read_rule_set(fields, _place(fields, "rules", jurisdictions))
    for fields in sorted(by_kind["schedule"], key=lambda one: one.has("overlay_of")):
        schedules[fields.text("schedule")] = read_schedule(fields, _place(fields, "schedule", jurisdictions), schedules)
    everything = [fields for group in by_kind.values() for fields in group]
    for fields in everything:
        fields.report_unknown()
    if problems and not were_accepted:
        raise RulesInvalid(problems)
    return Rulebook(_sorted(jurisdictions), _sorted(rules), _sorted(schedules))


def _sorted(by_name: Mapping[str, T]) -> dict[str, T]:
    return dict(sorted(by_name.items()))


def _by_kind(files: Mapping[str, str], problems: list[Problem]) -> dict[str, list[Fields]]:
    by_kind: dict[str, list[Fields]] = {kind: [] for kind in FIRST_FIELDS}
    taken: dict[str, str] = {}
    for path in sorted(files):
        before = len(problems)
        fields = read(path, files[path], problems)
        kind = next((name for name in FIRST_FIELDS if name in fields), "")
        if len(problems) > before:
            continue
        if not kind:
            problems.append(Problem(path, 1, "The file does not say what it is.", f"It must have one of: {', '.join(FIRST_FIELDS)}."))
            continue
        name = fields.text(kind)
        if name in taken:
            fields.problem(kind, f"“{name}” stands in {taken[name]} already.", "Each has one file.")
        taken[name] = path
        by_kind[kind].append(fields)
    return by_kind


def _place(fields: Fields, kind: str, jurisdictions: Mapping[str, Jurisdiction]) -> Jurisdiction:
    """The jurisdiction whose code the name begins with."""
    name = fields.text(kind)
    code = next((code for code in _beginnings(name) if code in jurisdictions), "")
    if not code:
        fields.not_among(kind, f"“{name}” begins with no jurisdiction.", name, jurisdictions)
    return jurisdictions.get(code, Jurisdiction(name, name))


def _beginnings(name: str) -> Iterable[str]:
    parts = name.split("/")
    return ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
