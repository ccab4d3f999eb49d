"""A rule that was kept years ago computes what it did then, also when a rule written so today would be refused."""

import hashlib
import json

import pytest

from cairn.apps.licensure import queries
from cairn.apps.licensure.models import RuleFile, RuleSetVersion, Snapshot
from cairn.pure import rules
from tests.rules_world import micro
from tests.world import SYSTEM

LICENSES = "jurisdiction: us/zz\nname: Exemplary\nzone: America/Chicago\n"
RULE = """rules: us/zz/renewal
title: Renewal
purpose: renewal
source: Rules of the board
{around}
versions:
  - effective: {effective}
    status: in force
    cite: Board rule 1
    {beside}
    requires: {tree}
"""
# Each was read when less was asked of a file, and is refused today.
STRICTER_NOW = {
    "minimums that ask for more together than the whole": {
        "tree": "{id: a, count: {of: micro-credential, at_least: 3, minimums: [{where: {category: bias}, at_least: 2}, "
        "{where: {category: content}, at_least: 2}]}}",
    },
    "something defined and not used": {"beside": "defined: {b: {id: b, officer: Judged.}}"},
    "a field that there is no more": {"beside": "note_of_old: kept"},
    "a scale of one value": {"around": "scales: {degree: [master]}"},
    "a year before those that are allowed": {"effective": "1800-01-01"},
    "a type of license that is listed no more": {"around": "from: standard"},
}
PLAIN = "{id: a, count: {of: micro-credential, at_least: 3}}"
ENTRIES = tuple(micro(f"k{n}", f"2023-0{n}-01", category=("bias", "content")) for n in range(1, 4))


def kept(around="title_of_old: x", effective="2020-01-01", beside="note: ''", tree=PLAIN):
    files = {"us/zz/licenses.yaml": LICENSES}
    text = RULE.format(around=around, effective=effective, beside=beside, tree=tree)
    with pytest.raises(rules.RulesInvalid):
        rules.parse({**files, "us/zz/renewal.yaml": text})
    route = rules.parse({**files, "us/zz/renewal.yaml": text}, were_accepted=True).rules["us/zz/renewal"]
    return keep(text, route.versions[0].hash), route


def keep(text, version_hash):
    rows = [
        RuleFile.objects.create(path=path, text=words, sha256=hashlib.sha256(words.encode()).hexdigest())
        for path, words in (("us/zz/renewal.yaml", text), ("us/zz/licenses.yaml", LICENSES))
    ]
    return RuleSetVersion.objects.create(
        slug="us/zz/renewal", hash=version_hash, effective="2020-01-01", status="in force", title="Renewal", file=rows[0], licenses=rows[1]
    )


def snapshot(version, standing, record):
    told = {"record": json.loads(rules.to_json(record)), "result": json.loads(rules.to_json(standing))}
    return Snapshot(version=version, on=standing.on, **told)


@pytest.mark.parametrize("engine", [1, rules.ENGINE])
@pytest.mark.parametrize("why", STRICTER_NOW)
def test_a_decision_recomputes_from_a_text_that_would_be_refused_today(db, why, engine):
    version, route = kept(**STRICTER_NOW[why])
    record = rules.Record(entries=ENTRIES)
    standing = rules.evaluate_version(route, route.versions[0], record, ENTRIES[-1].on, engine)
    assert int(standing.root.have) == 3
    made = snapshot(version, standing, record)
    assert queries.recomputes(SYSTEM, made)
    made.result["root"]["have"] = "2"
    assert not queries.recomputes(SYSTEM, made)


def test_a_kept_text_that_was_spoiled_recomputes_nothing_and_stops_nobody(db):
    version, route = kept(**STRICTER_NOW["a scale of one value"])
    record = rules.Record(entries=ENTRIES)
    made = snapshot(version, rules.evaluate_version(route, route.versions[0], record, ENTRIES[-1].on), record)
    for number, spoilt in enumerate(("rules: us/zz/renewal\nversions: []\n", "{", "rules: us/zz/other\n", "jurisdiction: us/zz\n", "")):
        other = RuleFile.objects.create(path="us/zz/renewal.yaml", text=spoilt, sha256=f"{number}" * 64)
        version.file, version.pk, version.hash = other, None, f"{number:064}"
        version.save(force_insert=True)
        made.version = version
        assert not queries.recomputes(SYSTEM, made)
