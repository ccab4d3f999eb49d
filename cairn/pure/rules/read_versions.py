"""A rule set's file: what it leads to, and its versions by date, each with its tree and its hash. Not here: the tree (read_nodes)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

from cairn.pure.rules.read_nodes import Tree, read_node, read_once, read_within
from cairn.pure.rules.read_where import Vocabulary
from cairn.pure.rules.reading import Fields
from cairn.pure.rules.spec import ANY_TIME, NOTICE, PURPOSES, STATUSES, Jurisdiction, Node, RuleSet, Version


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
        versions=_versions(fields, words),
    )


def _versions(fields: Fields, words: Vocabulary) -> tuple[Version, ...]:
    versions: list[Version] = []
    for one in fields.list_of_fields("versions", required=True):
        version = _version(one, fields, words)
        if versions and version.effective <= versions[-1].effective:
            found = f"A version of {version.effective} stands below one of {versions[-1].effective}."
            one.problem("effective", found, "Versions stand in the order of their dates, each with its own.")
        versions.append(version)
    return tuple(versions)


def _version(one: Fields, fields: Fields, words: Vocabulary) -> Version:
    effective, until = one.day("effective"), one.maybe_day("until")
    status = one.one_of("status", STATUSES)
    transition = one.fields("transition")
    either_until = None
    if transition:
        transition.flag("either")
        either_until = transition.day("until")
        _in_order(transition, "until", effective, either_until)
    _in_order(one, "until", effective, until)
    defined = one.fields("defined")
    requires = _requires(one, fields, words, defined, status)
    said = hash_of(one.plain(), fields.fields("scales"), fields.plain().get("once_over"), words.jurisdiction)
    return Version(effective, until, status, one.text("cite", ""), one.text("note", ""), either_until, requires, said)


def _in_order(fields: Fields, name: str, start: date, end: date | None) -> None:
    if end and end < start:
        fields.problem(name, f"It ends on {end}, before it begins on {start}.", "It must end on or after its first day.")


def _requires(one: Fields, fields: Fields, words: Vocabulary, defined: Fields | None, status: str) -> Node | None:
    if not one.has("requires"):
        if status not in ("not found", "repealed"):
            one.problem("requires", f"A version that is {status} says not what it requires.", "Write “requires:” with its tree.")
        return None
    if status == "not found":
        one.problem("requires", "The rule was not found, and yet something is required.", "Leave “requires” out; nothing is computed.")
    tree = Tree(words, {name: below for name in defined if (below := defined.fields(name))} if defined else {})
    below = one.fields("requires", required=True)
    if below is None:
        return None
    root = read_node(below, tree, one.text("cite", ""), read_within(one, "within", words, ANY_TIME))
    for name, node in tree.defined.items():
        if not any(node is used for used in tree.used):
            one.problem("defined", f"“{name}” is defined and not used.", f"Write “use: {name}” where it belongs, or take it out.")
            node.ignore()
    if fields.has("once_over"):
        root = replace(root, once=(*root.once, *_once_over(fields, root)))
    return root


def _once_over(fields: Fields, root: Node) -> tuple[tuple[str, ...], ...]:
    """Groups of ids for every version that has them: one list of ids, or several."""
    ids = {node.id for node in root.walk()}
    given = fields.plain()["once_over"]
    groups = given if given and isinstance(given[0], list) else [given] if given else []
    present = [tuple(group) for group in groups if set(group) <= ids]
    return tuple(read_once(fields, "once_over", root, group) for group in present)


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
