"""What holds for every rule set and record: more evidence never lowers, order never matters, a whole state at once says the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from random import Random

import duckdb
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.pure.rules import (
    MET,
    OFFICER,
    Attribute,
    Entry,
    Record,
    RulesInvalid,
    Term,
    evaluate,
    evaluate_version,
    from_json,
    parse,
    record_from_json,
    to_json,
)
from cairn.pure.rules.cases import differences, parse_cases, slug_of
from cairn.pure.rules.claim_cases import claim_differences, parse_claims
from cairn.pure.rules.columns.writing import WRITERS
from cairn.pure.rules.evaluate import OPERATORS
from cairn.pure.rules.matching import allot
from cairn.pure.rules.read_nodes import READERS
from cairn.pure.rules.spec import PERIODS
from tests.rules_world import ON, micro, rules, standing, states_at_once

SHIPPED = Path(__file__).resolve().parents[2] / "cairn" / "data" / "licensure"
SEEDS = st.integers(0, 10**9)
RANK = {MET: 2, OFFICER: 1}
KINDS = ("micro-credential", "hours", "points", "credit", "evaluation")
CATEGORIES, LEVELS, BODIES = ("bias", "content", "literacy"), ("knowledge", "application"), ("zz-board", "other")
RATINGS = ("ineffective", "developing", "effective")
DEGREES = ("bachelor", "master", "specialist", "doctorate")


def _same(where, other):
    one, two = ({name: frozenset([value] if isinstance(value, str) else value) for name, value in each.items()} for each in (where, other))
    return one == two


class Maker:
    """Random rule sets and records; `is_monotone` leaves out what may lower a standing."""

    def __init__(self, seed, is_monotone=False):
        self.random, self.is_monotone, self.ids = Random(seed), is_monotone, 0

    def maybe(self, chance=0.3):
        return self.random.random() < chance

    def id(self):
        self.ids += 1
        return f"n{self.ids}"

    def tree(self, depth=2):
        choice = self.random.random()
        if depth == 0 or choice < 0.35:
            return self.leaf()
        children = [self.tree(depth - 1) for _ in range(self.random.randint(1, 3))]
        operator = self.random.choice(["all", "any", "at_least"])
        if operator == "at_least":
            node = {"id": self.id(), "at_least": {"count": self.random.randint(1, len(children)), "of": children}}
        else:
            node = {"id": self.id(), operator: children}
        if self.maybe(0.15):
            node["unless"] = self.leaf()
        return self.once() if self.maybe(0.1) else node

    def once(self):
        ids = [self.id() for _ in range(self.random.randint(2, 3))]
        shared = {**self.window(), **({"each": "license-year", "within": "license"} if self.maybe() else {})}
        leaves = [
            {
                "id": id,
                "count": {"of": "micro-credential", "where": {"category": self.some(CATEGORIES)}, "at_least": self.random.randint(1, 3)},
                **shared,
            }
            for id in ids
        ]
        return {"id": self.id(), "once": ids, "all": leaves}

    def some(self, values):
        return sorted(self.random.sample(values, self.random.randint(1, 2)))

    def leaf(self):
        return self.random.choice(
            [self.count, self.count, self.sum, self.sum, self.sum, self.has, self.score, self.renewals, self.officer]
        )()

    def where(self):
        filters = [
            {"category": self.some(CATEGORIES)}, {"level": self.random.choice(LEVELS)}, {"approved_by": "zz-board"},
            {"score": {"at_least": 50}}, {"rating": {"at_least": "developing"}}, {"name": "plt", "level": self.some(LEVELS)},
            {"approved_by": {"choose": [{"when": {"lea": "yes"}, "is": "other"}, {"is": "zz-board"}]}},
        ]  # fmt: skip
        if not self.is_monotone:
            filters.append({"category": {"not": self.random.choice(CATEGORIES)}})
        return {"where": self.random.choice(filters)} if self.maybe(0.5) else {}

    def window(self):
        windows = [
            "license", {"event": "entry", "years": 2}, {"event": "entry", "after": "1 year", "months": 18, "excluding": "true"},
            {"event": "entry", "terms": 3}, {"last": "2 years"},
            {"event": "entry", "days": 300}, {"since": "entry"}, {"since": "entry", "after": "1 year"},
        ]  # fmt: skip
        return {"within": self.random.choice(windows)} if self.maybe(0.6) else {}

    def modifiers(self):
        found = self.window()
        if "within" in found and self.maybe():
            found["each"] = self.random.choice(PERIODS)
            if self.maybe(0.4):
                found["carry_over"] = self.random.choice(["all", "2"])
        if self.maybe(0.2):
            found["adjust"] = [{"when": {"retired": "yes"}, "times": self.random.choice(["0.5", "0"])}]
            found["adjust"] += [{"when": {"lea": ["yes", "no"], "degree": self.some(DEGREES)}, "times": "1.5"}] if self.maybe() else []
        if self.maybe(0.2):
            found["counts_on"] = "submission"
        if self.maybe(0.15):
            found["lasts"] = self.random.choice(["2 years", {"for": "18 months", "excluding": "true"}])
        if self.maybe(0.15):
            found["after"] = {"where": {"level": "knowledge"}, "same": self.random.choice(["activity", "key"]), "within": "1 year"}
            found["after"]["excluding"] = self.random.choice(["true", "false"])
        if not self.is_monotone and self.maybe(0.15):
            found["newest"] = self.random.choice(["true", {"where": {"rating": self.some(RATINGS)}}])
        return found

    def parts(self, least):
        found = {}
        if self.maybe(0.4):
            shared, left, found["minimums"] = self.maybe(0.3), least, []
            for place, category in enumerate(self.random.sample(CATEGORIES, 3)):
                if left and (not place or self.maybe(0.7)):
                    amount, other = self.random.randint(1, left), self.random.choice(CATEGORIES)
                    left -= 0 if shared else amount
                    sorts = [category] if other == category else [category, other]
                    found["minimums"].append({"where": {"category": sorts}, "at_least": amount})
            if len({frozenset(each["where"]["category"]) for each in found["minimums"]}) < len(found["minimums"]):
                del found["minimums"][1:]
            found |= {"double_use": "allow"} if shared and len(found["minimums"]) > 1 else {}
        return found

    def maximums(self, most, body):
        asked = [each["where"] for each in (*body.get("minimums", ()), body) if "where" in each]
        wheres = [{"category": ["bias"]}, {"level": "knowledge"}, {"category": sorted(self.random.sample(CATEGORIES, 2))}]
        wheres = [where for where in self.random.sample(wheres, self.random.randint(1, 3)) if not any(_same(where, one) for one in asked)]
        return {"maximums": [{"where": where, "at_most": self.random.randint(1, most)} for where in wheres]} if wheres else {}

    def count(self):
        least = self.random.randint(1, 3)
        of = self.random.choice(["micro-credential", "micro-credential", "evaluation", "hours", ["evaluation", "program"]])
        if not self.is_monotone and self.maybe(0.2):
            of = ["micro-credential", "points"]
        body, modifiers = {"of": of, "at_least": least, **self.where(), **self.parts(least)}, self.modifiers()
        if self.maybe(0.2):
            body["distinct"] = self.random.choice(["key", "entry"])
        if self.maybe(0.15):
            body |= self.maximums(least, body)
        if not self.is_monotone and "each" not in modifiers and self.maybe(0.15):
            body["at_most"] = max(least + 1, 3)  # never less than what another line asks for
        return {"id": self.id(), "count": body, **modifiers}

    def sum(self):
        least = self.random.randint(1, 9)
        of = self.random.choice([["hours"], ["points", "credit"], ["credit", "micro-credential"], ["hours", "points"]])
        if self.is_monotone and "micro-credential" in of:
            of = ["micro-credential"]
        body = {"of": of, "unit": "point", "at_least": least, **self.where(), **self.parts(least)}
        modifiers, limit = self.modifiers(), self.random.choice(["every", "cap", "maximums", ""])
        body["convert"] = {"hour": "1.5", "semester-hour": 2, "micro-credential": 3}
        if not limit and "micro-credential" not in of and self.maybe():
            body["smallest"] = body.pop("convert") and self.random.choice([2, "0.5"])
        if limit == "every":
            body["convert"] |= {"semester-hour": {"every": 2, "gives": 5}, "micro-credential": {"every": 2, "gives": 3}}
        if limit == "cap":
            body["cap"] = {"per": self.random.choice(["day", *PERIODS]), "at_most": max(4, least)}
        if limit == "maximums":
            body |= self.maximums(least, body)
        if not self.is_monotone and "each" not in modifiers and self.maybe(0.15):
            body["at_most"] = max(least + 2, 9)
        return {"id": self.id(), "sum": body, **modifiers}

    def has(self):
        tests = [{"degree": {"at_least": "master"}}, {"retired": "yes"}, {"lea": {"not": "no"}}, {"degree": self.some(DEGREES)}]
        return {"id": self.id(), "has": self.random.choice(tests)}

    def score(self):
        return {"id": self.id(), "score": {"test": "plt", "tolerance": self.random.choice([0, 2])}, **self.window()}

    def renewals(self):
        return {"id": self.id(), "renewals": {"fewer_than": self.random.randint(1, 2)}}

    def officer(self):
        return {"id": self.id(), "officer": "The rule does not say."}

    def rules(self):
        return rules(json.dumps(self.tree()))

    # --- Records ----------------------------------------------------------------------------------------------------------

    def day(self, first=date(2019, 6, 1), days=1900):
        near = [
            date(2020, 2, 29), date(2021, 2, 28), date(2021, 6, 30), date(2021, 7, 1), date(2022, 7, 1), date(2023, 12, 31), ON,
            date(2022, 3, 1), date(2022, 9, 1),
        ]  # fmt: skip
        return self.random.choice(near) if self.maybe(0.2) else first + timedelta(self.random.randrange(days))

    def record(self, size=26):
        start = self.random.choice([date(2020, 2, 29), date(2020, 7, 1), self.day(days=400)])
        end = self.random.choice([None, date(2024, 6, 30), start + timedelta(self.random.randrange(1500))])
        license = None if self.maybe(0.1) else Term("first", start, end, renewals_used=self.random.randint(0, 2))
        attributes = [Attribute("retired", "yes", since=self.day())] if self.maybe() else []
        attributes += (
            [Attribute("lea", self.random.choice(["yes", "no"]), until=self.random.choice([None, self.day()]))] if self.maybe() else []
        )
        attributes += [Attribute("degree", self.random.choice(DEGREES))] if self.maybe(0.5) else []
        events = {"entry": self.day(days=700)} if self.maybe(0.8) else {}
        entries = [self.entry(number) for number in range(self.random.randint(0, size))]
        return Record(license, tuple(attributes), events, tuple(entries))

    def entry(self, number):
        on, kind = self.day(), self.random.choice((*KINDS, "test", "program"))
        fields = {
            "key": self.random.choice(["k1", "k2", "k3", "k4", "k5"]) if kind == "micro-credential" else None,
            "category": self.random.choice([*CATEGORIES, ("bias", "content"), None]), "level": self.random.choice([*LEVELS, LEVELS, None]),
            "approved_by": self.random.choice([*BODIES, BODIES, None]), "rating": self.random.choice(RATINGS),
            "score": self.score_text(), "cut": "55", "sem": self.random.choice(["3", "4.5", None]),
            "activity": self.random.choice(["x", "y", None]), "name": "plt",
            "award": f"e{self.random.randrange(26):02}" if kind == "points" and self.maybe() else None,
        }  # fmt: skip
        if kind == "micro-credential" and self.is_monotone:
            fields |= {"category": CATEGORIES[int(fields["key"][1]) % 3], "level": None}
        unit = {"hours": "hour", "points": self.random.choice(["point", "point", "ceu"]), "credit": "semester-hour"}.get(kind, "")
        return Entry(
            f"e{number:02}", kind, on, Decimal(self.random.randint(1, 8)) / (4 if self.maybe(0.2) else 1) if unit else Decimal(1), unit,
            until=self.day() if self.maybe(0.05) else None, submitted=on - timedelta(self.random.randrange(40)) if self.maybe() else None,
            fields={name: value for name, value in fields.items() if value is not None},
            revoked=self.day() if self.maybe(0.05) else None, withdrawn=self.day() if self.maybe(0.05) else None,
            verified=not self.maybe(0.05), suspended=((self.day(), self.random.choice([None, self.day()])),) if self.maybe(0.05) else (),
        )  # fmt: skip

    def score_text(self):
        return self.random.choice(["1e400", "٥٥", "54.9999999", " 56"]) if self.maybe(0.05) else str(self.random.randint(40, 60))


def assert_same_at_once(connection, seed, count):
    maker = Maker(seed)
    rule_set, records = maker.rules(), [maker.record() for _ in range(count)]
    version = rule_set.versions[0]
    found = states_at_once(connection, rule_set, version, records, ON)
    for one, states in zip(records, found, strict=True):
        alone = evaluate(rule_set, one, ON)
        assert states == {node.id: alone.find(node.id).state for node in version.requires.walk()}, (seed, one)


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        yield connection


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_a_whole_state_at_once_says_what_evaluate_says(connection, seed):
    assert_same_at_once(connection, seed, 12)


@pytest.mark.long
@settings(max_examples=600, deadline=None)
@given(seed=SEEDS)
def test_a_whole_state_at_once_says_what_evaluate_says_for_many_rules(connection, seed):
    assert_same_at_once(connection, seed, 40)


@pytest.mark.long
def test_every_shipped_case_is_the_same_at_once(connection):
    files = {str(path.relative_to(SHIPPED)): path.read_text() for path in SHIPPED.rglob("*.yaml")}
    book, compared = parse(files), 0
    for path in (path for path in files if path.endswith(".cases.yaml") and "/schedules/" not in path):
        rule_set = book.rules[slug_of(path)]
        for case, version in product(parse_cases(path, files[path]), rule_set.versions):
            if version.requires:
                alone = evaluate_version(rule_set, version, case.record, case.on)
                (states,) = states_at_once(connection, rule_set, version, [case.record], case.on)
                assert states == {node.id: alone.find(node.id).state for node in version.requires.walk()}, case.name
                compared += 1
    assert compared > 100


def test_an_operator_is_read_evaluated_and_written_as_sql():
    assert set(OPERATORS) == set(WRITERS) == set(READERS) - {"use"}


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_more_evidence_never_lowers(seed):
    maker = Maker(seed, is_monotone=True)
    rule_set, whole = maker.rules(), maker.record()
    lasting = tuple(replace(one, revoked=None, until=None, withdrawn=None, suspended=(), verified=True) for one in whole.entries)
    before = -1
    for size in range(len(lasting) + 1):
        found = evaluate(rule_set, replace(whole, entries=lasting[:size]), ON)
        assert RANK.get(found.state, 0) >= before
        before = RANK.get(found.state, 0)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_the_order_of_entries_never_matters_and_json_gives_back_the_same(seed):
    maker = Maker(seed)
    rule_set, given_record = maker.rules(), maker.record()
    shuffled = list(given_record.entries)
    maker.random.shuffle(shuffled)
    found = evaluate(rule_set, given_record, ON)
    assert to_json(evaluate(rule_set, replace(given_record, entries=tuple(shuffled)), ON)) == to_json(found)
    assert from_json(to_json(found)) == found
    assert evaluate(rule_set, record_from_json(to_json(given_record)), ON) == found


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_a_node_is_met_on_a_day_on_which_it_was_met(seed):
    """What is counted on the day of submission may be known only later, and what is counted from today back moves with the day."""
    maker = Maker(seed, is_monotone=True)
    rule_set, whole = maker.rules(), maker.record()
    lasting = tuple(replace(one, revoked=None, until=None, withdrawn=None, suspended=(), submitted=None) for one in whole.entries)
    still = replace(whole, entries=lasting, attributes=())
    found = evaluate(rule_set, still, ON)
    moving = any(node.within.kind == "last" or getattr(node.detail, "lasts", None) for node in rule_set.versions[0].requires.walk())
    if found.met_on and not moving:
        assert evaluate(rule_set, still, found.met_on).state == MET


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sets(st.integers(0, 2)), max_size=5), st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_matching_finds_what_trying_everything_finds(entries, needs):
    suits = [[number for number, fits in enumerate(entries) if place in fits] for place in range(3)]
    found = allot(suits, needs, range(len(entries)))
    assert all(set(keys) <= set(suits[place]) and len(keys) <= needs[place] for place, keys in enumerate(found))
    assert len({key for keys in found for key in keys}) == sum(map(len, found))
    ways = [
        way
        for way in product((None, 0, 1, 2), repeat=len(entries))
        if all(to is None or to in fits for fits, to in zip(entries, way, strict=True))
    ]
    best = max(tuple(min(way.count(place), needs[place]) for place in range(3)) for way in ways)
    assert tuple(map(len, found)) == best


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_the_hash_knows_what_is_said_and_not_how_it_is_laid_out(seed):
    tree = json.loads(json.dumps(Maker(seed).tree()))
    one = rules(json.dumps(tree, sort_keys=True))
    other = rules("# A remark\n" + yaml.safe_dump(tree, sort_keys=False, width=60))
    assert one.versions[0].hash == other.versions[0].hash
    assert rules(json.dumps({**tree, "title": "Other"})).versions[0].hash != one.versions[0].hash


WORDS = (
    "{}", "[]", "-1", "0", '""', "~", "x", "{a: b}", "[a, b]", "9999999999", "2024-02-30", "true", "all", "3000 years", "9999-12-31",
    "{at_least: 2}", "{not: x}", "{choose: []}",
)  # fmt: skip
VALUE = re.compile(r"(?<=: )[^,{}\[\]\n]+|\[[^\]]*\]|\{[^{}]*\}")


def spoiled(text, random):
    """The text with up to three of its lines taken out, repeated, moved in, or with another value."""
    lines = text.split("\n")
    for _ in range(random.randint(1, 3)):
        place, way = random.randrange(len(lines)), random.random()
        if way < 0.25 and len(lines) > 1:
            del lines[place]
        elif way < 0.4:
            lines.insert(random.randrange(len(lines)), lines[place])
        elif way < 0.85 and (values := list(VALUE.finditer(lines[place]))):
            value = random.choice(values)
            lines[place] = lines[place][: value.start()] + random.choice(WORDS) + lines[place][value.end() :]
        else:
            lines[place] = "  " + lines[place]
    return "\n".join(lines)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_a_spoiled_file_is_refused_or_computes_and_never_gives_a_traceback(seed):
    random = Random(seed)
    place = random.choice(["us/ks", "us/sc", "us/ar", "us/il", "us/la"])
    files = {str(path.relative_to(SHIPPED)): path.read_text() for path in (SHIPPED / place).rglob("*.yaml")}
    spoilt = random.choice(sorted(files))
    files[spoilt], problems = spoiled(files[spoilt], random), ()
    try:
        book = parse(files)
        for path in (path for path in files if path.endswith(".cases.yaml")):
            if "/schedules/" in path:
                for claim in parse_claims(path, files[path]):
                    claim_differences(claim, book.schedules[slug_of(path)])
            elif slug_of(path) in book.rules:
                for case in parse_cases(path, files[path]):
                    differences(case, book.rules[slug_of(path)])
    except RulesInvalid as refused:
        problems = refused.problems
    assert {problem.file for problem in problems} <= set(files)
    assert all(problem.line > 0 and problem.found and problem.allowed for problem in problems)


def test_an_entry_is_named_whether_it_counts_or_not():
    rule = "{id: a, count: {of: micro-credential, where: {approved_by: zz-board}, at_least: 1}, within: license}"
    given_entries = [micro(f"k{n}", f"20{19 + n}-08-01", approved_by=("zz-board" if n % 2 else "other")) for n in range(6)]
    root = standing(rule, *given_entries).root
    assert {id for id, _ in root.counted} | {id for id, _ in root.left_out} == {one.id for one in given_entries}
