"""The page that tells how to add a state is followed to the letter: its files are written out, read, and their cases run."""

from __future__ import annotations

import re

import pytest

from cairn.pure import rules
from cairn.pure.rules.cases import differences, parse_cases
from cairn.pure.rules.claim_cases import claim_differences, parse_claims
from tests.architecture.source import ROOT
from tests.rulesets.shelf import files

PAGE = (ROOT / "docs" / "howto" / "add-a-state.md").read_text(encoding="utf-8")
STEP = re.compile(r"^Write `(us/xx/[^`]+)`.*?^```yaml\n(.*?)^```", re.S | re.M)


@pytest.fixture
def written(tmp_path):
    """The folder of rules with the page's files among the shipped ones."""
    for path, text in {**files(), **dict(STEP.findall(PAGE))}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_page_adds_a_state_without_python(written):
    shelf = files(written)
    book = rules.parse(shelf)
    assert book.jurisdictions["us/xx"].name == "Exemplary"
    told = parse_cases("us/xx/renewal.cases.yaml", shelf["us/xx/renewal.cases.yaml"])
    assert {case.state for case in told} == {"met", "open", "officer"}
    assert not [line for case in told for line in differences(case, book.rules["us/xx/renewal"])]
    claims = parse_claims("us/xx/schedules/hours.cases.yaml", shelf["us/xx/schedules/hours.cases.yaml"])
    assert len(claims) == 3
    assert not [line for case in claims for line in claim_differences(case, book.schedules["us/xx/schedules/hours"])]


def test_the_page_shows_only_what_the_files_may_say(written):
    """Each line of the table of operators names fields that the shipped files use or the page itself does."""
    said = " ".join(files(written).values())
    table = PAGE.partition("| to say | write |")[2].partition("## 3.")[0]
    words = {word for line in re.findall(r"`([^`]+)`", table) for word in re.findall(r"([a-z_]+):", line)}
    assert len(words) > 15
    assert not {word for word in words if f"{word}:" not in said}
