"""Facts as canonical JSON: one spelling, whichever way it is written."""

from __future__ import annotations

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from cairn.apps.ledger.steps import canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.none() | TEXT | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
FIELDS = st.dictionaries(TEXT, VALUES | st.lists(VALUES, max_size=3), max_size=6)


@given(FIELDS, FIELDS)
def test_a_fact_is_spelled_as_rfc_8785_says(envelope, data):
    body = {**envelope, "data": data}
    assert canonical(body) == rfc8785.dumps(body).decode()


@given(st.dictionaries(TEXT, st.none() | TEXT), st.dictionaries(TEXT, st.none() | TEXT))
def test_a_fact_of_text_alone_is_spelled_as_rfc_8785_says(envelope, data):
    body = {**envelope, "data": data}
    assert canonical(body) == rfc8785.dumps(body).decode()
