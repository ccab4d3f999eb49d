"""Whatever a table holds comes back as it was, in every form; whatever bytes come are a table or a refusal in a sentence."""

import csv
import io
from contextlib import suppress

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cairn.kernel.errors import Refused
from cairn.pure.files import Column
from tests.tables_world import read, workbook

COLUMNS = tuple(Column(name, name.title(), is_needed=name == "key") for name in ("key", "name", "note"))
WORDS = st.text(st.characters(codec="cp1252", exclude_categories=("Cc", "Zs")) | st.just(" "), max_size=12).map(str.strip)
ROWS = st.lists(st.tuples(st.integers(1, 9999).map(lambda n: f"k{n}"), WORDS, WORDS), min_size=1, max_size=8)


def expected(rows):
    return [dict(zip(("key", "name", "note"), row, strict=True)) for row in rows]


def found(data):
    return [dict(row.cells) for row in sorted(read(data, COLUMNS, formulas="text").rows, key=lambda row: row.line)]


def harmless(rows):
    return [tuple(f"_{cell}" if cell[:1] in "=@+-#" else cell for cell in row) for row in rows]


def is_utf8(data):
    with suppress(UnicodeDecodeError):
        return not data.isascii() and bool(data.decode())
    return False


@given(ROWS.map(harmless), st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
def test_text_round_trip(rows, delimiter, encoding):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([("Key", "Name", "Note"), *rows])
    assume(encoding != "cp1252" or not is_utf8(out.getvalue().encode("cp1252")))  # bytes that are both are read as UTF-8
    assert found(f"sep={delimiter}\r\n{out.getvalue()}".encode(encoding)) == expected(rows)


@settings(max_examples=30)
@given(ROWS.map(harmless))
def test_workbook_round_trip(rows):
    assert found(workbook([("Key", "Name", "Note"), *rows])) == expected(rows)


def outcome(data):
    """The keys of the rows, or the refusal; any other exception fails the test."""
    try:
        return [row.cells["key"] for row in read(data, COLUMNS).rows]
    except Refused as no:
        return no


def is_a_table_or_a_remedy(done):
    return all(done) if isinstance(done, list) else bool(done.message and done.remedy)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"Key,Name\n{text}".encode(errors="ignore")))
def test_any_bytes_are_a_table_or_a_refusal(data):
    assert is_a_table_or_a_remedy(outcome(data))


@settings(max_examples=60)
@given(st.integers(0, 6000), st.binary(min_size=1, max_size=4))
def test_a_workbook_with_other_bytes_somewhere_is_a_table_or_a_refusal(place, other):
    book = workbook([("Key", "Name", "Note"), ("k1", "Kim", "x")])
    at = place % len(book)
    assert is_a_table_or_a_remedy(outcome(book[:at] + other + book[at + len(other) :]))
