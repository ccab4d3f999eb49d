"""A rule set's file: what it leads to, and its versions by date, each with its tree and its hash. Not here: the tree (read_nodes)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

from cairn.pure.rules.calendar import DAY
from cairn.pure.rules.read_nodes import Tree, read_node, read_once, read_within
from cairn.pure.rules.read_where import Vocabulary
from cairn.pure.rules.reading import Fields
from cairn.pure.rules.spec import ANY_TIME, NOTICE, PURPOSES, STATUSES, Jurisdiction, Node, RuleSet, Version

FIRST, LAST = 1900, 2150  # years in which versions begin
Groups = tuple[tuple[str, ...], ...]


def read_rule_set(fields: Fields, place: Jurisdiction) -> RuleSet:
    slug = fields.text("rules")
    if fields.file.removesuffix(".yaml") != slug:
        fields.problem("rules", f"“{slug}” stands in {fields.file}.", "It must be the file's path without “.yaml”.")
    scales = fields.fields("scales")
    words = Vocabulary(place, {name: scales.names(name) for name in scales} if scales else {})
    types = [kind.slug for kind in place.types]
    ladder = {}
    for name in ("gives", "renews", "from"):
        ladder[name] = fields.text(name, "")
        if ladder[name] and ladder[name] not in types:
            fields.not_among(name, f"“{ladder[name]}” is no type of license of {place.name}.", ladder[name], types)
    if ladder["gives"] and ladder["gives"] == ladder["from"]:
        fields.problem("gives", f"It gives the license that it starts from, “{ladder['gives']}”.", "What renews a license says “renews”.")
    for name, values in words.scales.items():
        if scales and len(values) < 2:
            scales.problem(name, f"The scale “{name}” has one value.", "It must have two or more, the lowest first.")
    return RuleSet(
        slug=slug,
        title=fields.text("title"),
        purpose=fields.one_of("purpose", PURPOSES),
        gives=ladder["gives"],
        renews=ladder["renews"],
        from_=ladder["from"],
        notice=fields.text("notice", NOTICE),
        source=fields.text("source"),
        is_locked_on_entry=fields.one_of("cohort_lock", ("none", "entry"), "none") == "entry",
        jurisdiction=place,
        versions=_versions(fields, words, _groups(fields)),
    )


def _versions(fields: Fields, words: Vocabulary, groups: Groups) -> tuple[Version, ...]:
    versions: list[Version] = []
    for one in fields.list_of_fields("versions", required=True):
        version = _version(one, fields, words, groups)
        if versions:
            _after(one, version, versions[-1])
        elif version.either_until:
            one.problem("transition", "No version stands before this one.", "“transition” belongs to a later version.")
        versions.append(version)
    known = [{node.id for node in version.requires.walk()} for version in versions if version.requires]
    for group in groups:
        if not any(set(group) <= ids for ids in known):
            found = f"“once_over” names {', '.join(group)}, which no version has together."
            fields.problem("once_over", found, "Name ids of requirements of one version.")
    return tuple(versions)


def _after(one: Fields, version: Version, before: Version) -> None:
    """One version comes after the other and takes its place, but for one that is enacted and not in force."""
    if version.effective <= before.effective:
        found = f"A version of {version.effective} stands below one of {before.effective}."
        one.problem("effective", found, "Versions stand in the order of their dates, each with its own.")
    elif before.until and version.status != "enacted" and version.effective <= before.until:
        found = f"The version before holds until {before.until}, and this one from {version.effective}."
        one.problem("effective", found, "Two versions share no day; where either may be used, say so in “transition”.")
    elif before.until and version.status != "enacted" and version.effective > before.until + DAY:
        found = f"No version holds from {before.until + DAY} until {version.effective - DAY}."
        one.problem("effective", found, "Take “until” out above, or write a version between them that is repealed or not found.")
    if version.either_until and before.requires is None:
        found = f"The version before is {before.status}, and so cannot be used."
        one.problem("transition", found, "Take “transition” out.")


def _version(one: Fields, fields: Fields, words: Vocabulary, groups: Groups) -> Version:
    effective, until = one.day("effective"), one.maybe_day("until")
    status = one.one_of("status", STATUSES)
    transition = one.fields("transition")
    either_until = None
    if transition:
        if not transition.flag("either"):
            transition.problem("either", "“either” is not true.", "Write “either: true”, or take “transition” out.")
        either_until = transition.day("until")
        _in_order(transition, "until", effective, either_until)
    _in_order(one, "until", effective, until)
    if effective != date.min and not FIRST <= effective.year <= LAST:
        one.problem("effective", f"“effective” is {effective}.", f"It must be a day of the years {FIRST} to {LAST}.")
    if transition and until and either_until and either_until > until:
        transition.problem("until", f"Either may be used until {either_until}, and this one ends on {until}.", "It must end before.")
    defined = one.fields("defined")
    requires = _requires(one, groups, words, defined, status)
    said = hash_of(one.plain(), fields.fields("scales"), fields.plain().get("once_over"), words.jurisdiction)
    return Version(effective, until, status, one.text("cite"), one.text("note", ""), either_until, requires, said)


def _in_order(fields: Fields, name: str, start: date, end: date | None) -> None:
    if end and end < start:
        fields.problem(name, f"It ends on {end}, before it begins on {start}.", "It must end on or after its first day.")


def _requires(one: Fields, groups: Groups, words: Vocabulary, defined: Fields | None, status: str) -> Node | None:
    if not one.has("requires"):
        if status not in ("not found", "repealed"):
            one.problem("requires", f"A version that is {status} says not what it requires.", "Write “requires:” with its tree.")
        return None
    if status in ("not found", "repealed"):
        found = f"The rule {'is' if status == 'repealed' else 'was'} {status}, and yet something is required."
        one.problem("requires", found, "Leave “requires” out; nothing is computed.")
    tree = Tree(words, {name: below for name in defined if (below := defined.fields(name))} if defined else {})
    below = one.fields("requires", required=True)
    if below is None:
        return None
    root = read_node(below, tree, one.text("cite", ""), read_within(one, "within", words, ANY_TIME))
    for name, node in tree.defined.items():
        if not any(node is used for used in tree.used):
            one.problem("defined", f"“{name}” is defined and not used.", f"Write “use: {name}” where it belongs, or take it out.")
            node.ignore()
    ids = {node.id for node in root.walk()}
    present = [group for group in groups if set(group) <= ids]
    return replace(root, once=(*root.once, *(read_once(one, "once_over", root, group) for group in present)))


def _groups(fields: Fields) -> Groups:
    """Groups of ids that share no entry in every version that has them: one list of ids, or several."""
    if not fields.has("once_over"):
        return ()
    given = fields.plain()["once_over"]
    groups = given if isinstance(given, list) and all(isinstance(one, list) for one in given) else [given]
    if given and all(isinstance(group, list) and all(isinstance(id, str) for id in group) for group in groups):
        return tuple(map(tuple, groups))
    fields.problem("once_over", "“once_over” is no list of ids.", "It must be a list of ids, or a list of such lists.")
    return ()


def hash_of(version: Mapping[str, Any], scales: Fields | None, once_over: object, place: Jurisdiction) -> str:
    """The SHA-256 of what decides: the version as written, whatever its layout, the scales, and the jurisdiction's years and terms."""
    facts = {
        "version": version,
        "scales": scales.plain() if scales else {},
        "once_over": once_over or [],
        "fiscal_year": place.fiscal_year,
        "school_year": place.school_year,
        "terms": [[term.name, term.from_, term.to] for term in place.terms],
    }
    return sha256(json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
