"""The cases beside rules, tried: whether each educator stands, and each claim is answered, as the case says. Not here: reading a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cairn.pure.rules.cases import RuleCase, differences, parse_cases, slug_of
from cairn.pure.rules.claim_cases import claim_differences, parse_claims
from cairn.pure.rules.parse import CASES, Rulebook
from cairn.pure.rules.reading import Problem, RulesInvalid
from cairn.pure.rules.spec import UNITS, Jurisdiction


@dataclass(frozen=True)
class Tried:
    """How many cases were tried, what comes out otherwise (file, line, case, requirement, found and expected), and which files of rules
    have none."""

    count: int
    differences: tuple[str, ...]
    without: tuple[str, ...]


def try_cases(book: Rulebook, files: Mapping[str, str]) -> Tried:
    """Every case in `files`, path to text, against the rules and schedules of the book. RulesInvalid with every problem in the cases."""
    count, found = 0, list[str]()
    problems: list[Problem] = []
    for path in sorted(path for path in files if path.endswith(CASES)):
        try:
            number, said = _tried(book, path, files[path])
        except RulesInvalid as invalid:
            problems += invalid.problems
        else:
            count, found = count + number, found + said
    if problems:
        raise RulesInvalid(problems)
    bare = {f"{slug}.yaml" for slug in (*book.rules, *book.schedules) if f"{slug}{CASES}" not in files}
    return Tried(count, tuple(found), tuple(sorted(bare & set(files))))


def _tried(book: Rulebook, path: str, text: str) -> tuple[int, list[str]]:
    slug = slug_of(path)
    if slug in book.rules:
        cases, place = parse_cases(path, text), book.rules[slug].jurisdiction
        if problems := [problem for case in cases for problem in _unknown(case, place)]:
            raise RulesInvalid(problems)
        return len(cases), [line for case in cases for line in differences(case, book.rules[slug])]
    if slug in book.schedules:
        claims = parse_claims(path, text)
        return len(claims), [line for claim in claims for line in claim_differences(claim, book.schedules[slug])]
    raise RulesInvalid([Problem(path, 1, f"There are no rules “{slug}” that these cases are of.", f"They stand beside {slug}.yaml.")])


def _unknown(case: RuleCase, place: Jurisdiction) -> Iterator[Problem]:
    """Units and a type of license that the jurisdiction does not have: with them a case would show nothing."""
    units, types = (*UNITS, *place.units), [kind.slug for kind in place.types]
    for unit in dict.fromkeys(entry.unit for entry in case.record.entries if entry.unit and entry.unit not in units):
        yield Problem(case.file, case.line, f"“{unit}” is no unit of {place.name}.", f"Allowed: {', '.join(units)}.")
    held = case.record.license.type if case.record.license else ""
    if held and held not in types:
        yield Problem(case.file, case.line, f"“{held}” is no type of license of {place.name}.", f"Allowed: {', '.join(types) or 'none'}.")
