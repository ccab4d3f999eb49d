"""Reading a table in the wild: encodings, delimiters, workbooks, headings below a title, blanks that inherit, formulas."""

from __future__ import annotations

import io
from datetime import date, datetime, time

import pytest

from cairn.frame import tables
from cairn.kernel.errors import Invalid
from cairn.pure.files import Column
from tests import files_world
from tests.tables_world import COLUMNS, EMAIL, NAME, read, with_part_replaced, workbook

HEAD = "Name,E-mail,Phone\n"
KIM = "Kim Lee,kim@example.org,573-555-0100\n"


def cells(table):
    return [dict(row.cells) for row in table.rows]


def refused(data, **options):
    with pytest.raises(Invalid) as no:
        read(data, **options)
    assert no.value.remedy
    return no.value


@pytest.mark.parametrize(
    ("encoding", "how"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"),
     ("cp1252", "Windows-1252")],
)  # fmt: skip
def test_a_name_with_an_accent_is_read_in_every_encoding_that_offices_use(encoding, how):
    table = read("Name,E-mail\nZoë Peña – principal,zoe@example.org\n".encode(encoding))
    assert cells(table) == [{"name": "Zoë Peña – principal", "email": "zoe@example.org"}]
    assert how in table.how


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(sign):
    table = read((HEAD + KIM).replace(",", sign).encode())
    assert cells(table) == [{"name": "Kim Lee", "email": "kim@example.org", "phone": "573-555-0100"}]


def test_the_line_in_which_excel_names_its_delimiter_is_no_row():
    table = read(b"sep=;\nName;E-mail\nLee, Kim;kim@example.org\n")
    assert cells(table) == [{"name": "Lee, Kim", "email": "kim@example.org"}]
    assert table.rows[0].line == 3


def test_a_single_column_is_a_table():
    assert cells(read(b"E-mail\nkim@example.org\nlee@example.org\n", columns=[EMAIL])) == [
        {"email": "kim@example.org"},
        {"email": "lee@example.org"},
    ]


def test_a_line_break_in_quotation_marks_stays_in_its_cell_and_lines_are_counted_as_in_the_file():
    table = read(b'Name,E-mail,Phone\r\n"Kim\r\nLee",kim@example.org,1\r\n"Ana ""Annie"" Ruiz",ana@example.org,2\r\n')
    assert [(row.line, row.cells["name"]) for row in table.rows] == [(2, "Kim\nLee"), (4, 'Ana "Annie" Ruiz')]


def test_headings_are_known_whatever_their_case_spaces_and_punctuation():
    table = read(b"  FULL  NAME: ,e_mail Address\nKim,kim@example.org\n")
    assert cells(table) == [{"name": "Kim", "email": "kim@example.org"}]
    assert table.headings == {"name": "FULL  NAME:", "email": "e_mail Address"}


def test_headings_are_found_below_a_title_and_other_columns_are_named_as_ignored():
    table = read(f"Spring pilot\n\nPrinted for the office,,\n{HEAD.strip()},Shoe size\n{KIM.strip()},42\n".encode())
    assert table.header_line == 4
    assert table.rows[0].line == 5
    assert table.ignored == ("Shoe size",)


def test_headings_that_come_again_on_each_page_are_no_rows():
    assert len(read((HEAD + KIM + HEAD + KIM.replace("Kim", "Ana")).encode()).rows) == 2


def test_empty_rows_are_skipped():
    assert [row.line for row in read((HEAD + "\n,,\n   ,\t,\n" + KIM).encode()).rows] == [5]


def test_no_row_is_lost_in_a_long_table():
    table = read((HEAD + "".join(f"N{n},n{n}@example.org,{n}\n" for n in range(5000))).encode())
    assert [row.cells["phone"] for row in table.rows] == [str(n) for n in range(5000)]


def test_two_headings_for_one_column_are_refused_with_both_names():
    no = refused(b"Name,Mail,E-mail address\nKim,a@example.org,b@example.org\n")
    assert no.code == "heading-twice"
    assert "“Mail” and “E-mail address”" in no.message


def test_a_missing_heading_is_refused_with_what_is_there_instead():
    no = refused(b"Person,E-mail\nKim,kim@example.org\n")
    assert no.code == "heading-missing"
    assert "“Name”" in no.message
    assert "“Person”" in no.message


def test_headings_without_rows_are_refused():
    assert refused(HEAD.encode()).code == "table-empty"


def test_blank_cells_inherit_only_in_the_columns_that_are_named():
    table = read(
        b"Name,E-mail,Phone,Link\nKim,kim@example.org,1,https://meet.example/1\nAna,ana@example.org,,\n,,,\nBo,bo@example.org,,https://meet.example/2\nCy,cy@example.org,,\n"
    )
    assert [row.cells["link"][-1] for row in table.rows] == ["1", "1", "2", "2"]
    assert [row.cells["phone"] for row in table.rows] == ["1", "", "", ""]


def test_a_needed_cell_that_is_blank_is_a_problem_of_its_line_and_column_alone():
    table = read((HEAD + KIM + "Ana,,1\n" + KIM).encode())
    assert len(table.rows) == 2
    assert [(each.line, each.column) for each in table.problems] == [(3, "E-mail")]
    assert table.problems[0].remedy


def test_a_row_with_more_cells_than_headings_is_a_problem():
    (problem,) = read((HEAD + KIM + "Ana,ana@example.org,1,2\n").encode()).problems
    assert problem.line == 3
    assert "more cells" in problem.message


@pytest.mark.parametrize("payload", ["=HYPERLINK(1)", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "＝1+1", "+SUM(1)"])
def test_what_a_spreadsheet_would_calculate_is_refused_or_made_text(payload):
    data = f'Name,E-mail\n"{payload}",kim@example.org\nAna,ana@example.org\n'.encode()
    strict = read(data)
    assert [(each.line, each.column) for each in strict.problems] == [(2, "Name")]
    assert [row.line for row in strict.rows] == [3]
    assert cells(read(data, formulas="text"))[0]["name"] == f"'{payload}"


@pytest.mark.parametrize("innocent", ["+1 (573) 555-0100", "-5", "-", "+44 20 7946 0000", "- and more"])
def test_telephone_numbers_and_dashes_are_no_formulas(innocent):
    assert cells(read(f"{HEAD}Kim,kim@example.org,{innocent}\n".encode()))[0]["phone"] == innocent


def test_control_characters_and_turned_text_are_taken_out():
    assert cells(read("Name,E-mail\nK\u202eim\x07\u00a0Lee,kim@example.org\n".encode()))[0]["name"] == "Kim Lee"


def test_a_quotation_mark_left_open_is_refused_with_its_line():
    no = refused((HEAD + KIM + '"Ana,ana@example.org,1\n' + KIM).encode())
    assert no.code == "quotes-open"
    assert "line 3" in no.message


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n,,\n", b"<html><table>", b"%PDF-1.7\n", b"Name\0,E-mail\n" * 9, b"\xd0\xcf\x11\xe0\0\0\0\0", b"\x81\x8d,\x9d\n1,2\n"],
)
def test_what_is_no_table_is_refused_with_a_remedy(data):
    refused(data)


def test_a_picture_and_a_document_are_no_tables():
    for data in (files_world.make_photo(author="Emma"), files_world.make_docx(author="Emma")):
        assert "CSV" in refused(data).remedy


# --- Workbooks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("from_1904", [False, True])
def test_dates_times_and_moments_of_a_workbook_are_written_in_iso_form(from_1904):
    days = [date(2020, 4, 7), datetime(2020, 4, 7, 16, 30), time(10, 0), date(1904, 3, 2)]  # noqa: DTZ001 - as a workbook has them
    table = read(
        workbook([["Name", "E-mail", "Day"], *([f"N{n}", "a@example.org", day] for n, day in enumerate(days))], from_1904=from_1904)
    )
    assert [row.cells["day"] for row in table.rows] == ["2020-04-07", "2020-04-07T16:30", "10:00", "1904-03-02"]
    assert "sheet “Roster”" in table.how


def test_days_before_the_leap_day_that_was_not_are_right():
    sheet = workbook(
        [["Name", "E-mail", "Day"], *(["K", "a@example.org", n] for n in (1, 59, 60, 61))],
        formats={f"C{n}": "yyyy-mm-dd" for n in range(2, 6)},
    )
    assert [row.cells["day"] for row in read(sheet).rows] == ["1900-01-01", "1900-02-28", "1900-02-29", "1900-03-01"]


def test_numbers_keep_no_point_zero_and_codes_keep_their_zeros():
    rows = [
        ["Name", "E-mail", "Phone"],
        ["A", "a@example.org", 5735550100],
        ["B", "b@example.org", 42.0],
        ["C", "c@example.org", 0.1 + 0.2],
        ["D", "d@example.org", 1234],
    ]
    table = read(workbook(rows, formats={"C5": "00000"}))
    assert [row.cells["phone"] for row in table.rows] == ["5735550100", "42", "0.3", "01234"]


@pytest.mark.parametrize(
    ("code", "said"),
    [("General", "43928.5"), ("#,##0.00", "43928.5"), ("d. mmm yyyy", "2020-04-07"), ('"day" 0', "43928.5"), ("[Red]0.0", "43928.5"),
     ("m/d/yy h:mm AM/PM", "2020-04-07T12:00"), ("[$-409]mmmm d, yyyy;@", "2020-04-07"), ("0.00%", "43928.5")],
)  # fmt: skip
def test_a_format_says_whether_a_number_is_a_date(code, said):
    table = read(workbook([["Name", "E-mail", "Day"], ["K", "k@example.org", 43928.5]], formats={"C2": code}))
    assert table.rows[0].cells["day"] == said


def test_the_saved_result_of_a_formula_is_taken_and_told():
    book = workbook([["Name", "E-mail"], ["K", '=CONCATENATE("k","@example.org")'], ["L", "l@example.org"]])
    saved = with_part_replaced(book, "xl/worksheets/sheet1.xml", "</f><v></v></c>", "</f><v>k@example.org</v></c>")
    saved = with_part_replaced(saved, "xl/worksheets/sheet1.xml", '<c r="B2"', '<c r="B2" t="str"')
    table = read(saved)
    assert [(row.cells["email"], row.calculated) for row in table.rows] == [("k@example.org", {"email"}), ("l@example.org", set())]


def test_a_formula_without_a_saved_result_is_a_problem_and_so_is_an_error():
    table = read(workbook([["Name", "E-mail"], ["K", "=A1"], ["#N/A", "l@example.org"], ["M", "m@example.org"]]))
    assert [(each.line, each.column) for each in table.problems] == [(2, "E-mail"), (3, "Name")]
    assert [row.line for row in table.rows] == [4]


def test_rows_of_a_workbook_are_counted_as_the_spreadsheet_counts_them():
    table = read(workbook([["Spring pilot"], [], ["Name", "E-mail"], [], ["Kim", "kim@example.org"]]))
    assert (table.header_line, table.rows[0].line) == (3, 5)


def test_a_sheet_that_is_hidden_is_not_read():
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(workbook([["Name", "E-mail"], ["Old", "old@example.org"]], title="Old")))
    book.create_sheet("New").append(["Name", "E-mail"])
    book["New"].append(["Kim", "kim@example.org"])
    book["Old"].sheet_state = "hidden"
    book.active = book["New"]
    out = io.BytesIO()
    book.save(out)
    assert cells(read(out.getvalue())) == [{"name": "Kim", "email": "kim@example.org"}]


def test_a_damaged_workbook_is_refused():
    book = workbook([["Name", "E-mail"], ["Kim", "kim@example.org"]])
    assert refused(book[: len(book) // 2]).remedy
    assert refused(with_part_replaced(book, "xl/worksheets/sheet1.xml", "<sheetData>", "<sheetData><")).code == "file-damaged"


def test_a_cell_far_to_the_right_is_refused_and_not_filled_up_to():
    book = workbook([["Name", "E-mail"], ["Kim", "kim@example.org"]])
    assert refused(with_part_replaced(book, "xl/worksheets/sheet1.xml", 'r="B2"', 'r="XFD2"')).code == "file-too-large"


# --- In a cell -------------------------------------------------------------------------------------------------------


def test_a_chosen_file_is_read_in_a_cell_and_known_by_its_hash():
    first, again = (tables.read(io.BytesIO((HEAD + KIM).encode()), COLUMNS, name="roster.csv") for _ in range(2))
    other = tables.read(io.BytesIO((HEAD + KIM + KIM).encode()), COLUMNS, name="roster.csv")
    assert first == again
    assert first.sha256 != other.sha256
    assert cells(first.table)[0]["email"] == "kim@example.org"


def test_a_refusal_comes_out_of_the_cell_with_its_remedy():
    with pytest.raises(Invalid) as no:
        tables.read(io.BytesIO(b"%PDF-1.7\n"), [NAME], name="roster.pdf")
    assert "CSV" in no.value.remedy


def test_needed_and_spellings_are_the_columns_own():
    assert Column("email", "E-mail", ("Mail",)).spellings == {"email", "mail"}
