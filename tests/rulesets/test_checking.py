"""`cairn rules check`: a folder of states, one state or one file is read and its cases are tried; what comes out otherwise is said."""

from __future__ import annotations

from argparse import Namespace
from shutil import copytree

import pytest

from cairn.interfaces.cli.rules import rules
from cairn.kernel.errors import Invalid
from tests.rulesets.shelf import SHIPPED

CAREER = "us/mo/career-administrator"


@pytest.fixture
def shelf(tmp_path):
    return copytree(SHIPPED, tmp_path / "shelf")


@pytest.fixture
def check(capsys):
    def checked(path):
        code = rules(Namespace(what="check", folder=str(path)))
        said = capsys.readouterr()
        return code, said.out, said.err

    return checked


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_everything_that_is_shipped_comes_out_as_its_cases_say(check):
    code, out, err = check("")
    assert (code, err) == (0, "")
    assert "23 jurisdictions" in out
    assert "cases came out as expected" in out


@pytest.mark.parametrize(
    ("named", "cases"), [(f"{CAREER}.yaml", 10), (f"{CAREER}.cases.yaml", 10), ("us/ks/schedules/usd-232-type.yaml", 2)]
)
def test_one_file_is_read_within_its_state_and_tried_by_its_own_cases(shelf, check, monkeypatch, named, cases):
    monkeypatch.chdir(shelf / "us")
    code, out, _ = check(named.removeprefix("us/"))
    assert code == 0
    assert "1 jurisdiction," in out
    assert f"{cases} cases came out as expected." in out


def test_a_folder_of_several_states_is_read_whichever_is_named(shelf, check, monkeypatch):
    monkeypatch.chdir(shelf)
    for named in (".", "us"):
        code, out, err = check(named)
        assert (code, err) == (0, "")
        assert "23 jurisdictions" in out


def test_a_case_that_comes_out_otherwise_names_line_requirement_found_and_expected(shelf, check):
    change(
        shelf / f"{CAREER}.yaml", "where: {approved_by: missouri-dese}, at_least: 15", "where: {approved_by: missouri-dese}, at_least: 16"
    )
    code, _, err = check(shelf / f"{CAREER}.yaml")
    assert code == 1
    assert f"{CAREER}.cases.yaml, line 2, “The fifteenth award, one day before the ten years end”: " in err
    assert "“micro-credentials” is open (has 15 of 16), expected met" in err
    assert "in 10 cases came out otherwise." in err


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (f"{CAREER}.cases.yaml", "state: met", "state: mett", "“state” is “mett”. Allowed: met, open"),
        (f"{CAREER}.yaml", "at_least: 15", "at_least: many", "“at_least” is “many”. It must be a number"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_tried(shelf, check, file, old, new, words):
    change(shelf / file, old, new)
    code, _, err = check(shelf / "us" / "mo")
    assert code == 1
    assert f"{file}, line " in err
    assert words in err
    assert "came out" not in err


def test_cases_without_rules_and_rules_without_cases_are_said(shelf, check):
    (shelf / f"{CAREER}.cases.yaml").rename(shelf / "us/mo/nowhere.cases.yaml")
    code, _, err = check(shelf / "us/mo")
    assert (code, "There are no rules “us/mo/nowhere” that these cases are of." in err) == (1, True)
    (shelf / "us/mo/nowhere.cases.yaml").unlink()
    code, _, err = check(shelf / f"{CAREER}.yaml")
    assert (code, err) == (0, f"{CAREER}.yaml has no cases beside it.\n")


@pytest.mark.parametrize("name", ["us/mo/nothing.yaml", "us/zz", "../empty"])
def test_what_is_not_there_is_refused(shelf, check, name):
    with pytest.raises(Invalid, match="There are no rules in"):
        check(shelf / name)
