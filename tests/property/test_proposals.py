"""What a checklist finds in a proposal: more writing never adds a finding, and nothing is found in what is whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cairn
from cairn.kernel.errors import Invalid
from cairn.pure import proposals

TEXT = (Path(cairn.__file__).parent / "data" / "proposals" / "six-components.yaml").read_text()
TEMPLATE = proposals.read(TEXT)
ASKS = [asked.id for asked in TEMPLATE.asks]
SOURCE = st.fixed_dictionaries({"title": st.sampled_from(["", "One", "Two"]), "url": st.just(""), "adds": st.just("")})
CONTENTS = st.fixed_dictionaries(
    {**{name: st.integers(0, 50).map(lambda n: " ".join(["word"] * n)) for name in ASKS}, "sources": st.lists(SOURCE, max_size=5)}
)


@given(CONTENTS, st.sampled_from(ASKS))
def test_more_writing_never_adds_a_finding(content, name):
    more = {**content, name: f"{content[name]} and more", "sources": [*content["sources"], {"title": "Three"}]}
    components = {finding.component for finding in proposals.findings(TEMPLATE, content)}
    assert {finding.component for finding in proposals.findings(TEMPLATE, more)} <= components


@given(CONTENTS)
def test_a_component_has_at_most_one_finding_and_says_what_to_do(content):
    found = proposals.findings(TEMPLATE, content)
    assert len({finding.component for finding in found}) == len(found)
    assert all(finding.words.endswith(".") for finding in found)
    whole = all(len(content[asked.id].split()) >= asked.words_min for asked in TEMPLATE.asks)
    enough = len(proposals.named_sources(content)) >= 3
    assert (found == ()) is (whole and enough)


def test_a_template_that_lacks_something_says_so():
    with pytest.raises(Invalid, match="days"):
        proposals.read(TEXT.replace("days: 365", ""))
