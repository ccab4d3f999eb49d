"""A PDF shown page by page."""

import io

import pikepdf
import pytest
from PIL import Image

from cairn.kernel.errors import Invalid, NotFound
from cairn.pure.files import page_text, pages, render_page
from tests.files_world import make_pdf


def pdf(*arguments, **options):
    return io.BytesIO(make_pdf(*arguments, **options))


def test_pages_are_counted():
    assert pages(pdf(5)) == 5


def test_a_page_is_drawn_as_wide_as_asked():
    with Image.open(io.BytesIO(render_page(pdf(), 2, 600))) as picture:
        assert picture.format == "PNG"
        assert abs(picture.width - 600) <= 1
        assert abs(picture.height - 776) <= 1
        assert picture.convert("L").getextrema() == (0, 255)


def test_the_text_of_a_page_is_its_own():
    assert page_text(pdf(3, text="Goal met."), 3) == "Page 3. Goal met."


def test_a_page_without_text_has_none():
    with pikepdf.new() as document:
        document.add_blank_page()
        out = io.BytesIO()
        document.save(out)
    assert page_text(out, 1) == ""


@pytest.mark.parametrize("number", [0, -1, 4, 10**9])
def test_there_is_no_page_beyond_the_last(number):
    with pytest.raises(NotFound):
        render_page(pdf(3), number, 600)
    with pytest.raises(NotFound):
        page_text(pdf(3), number)


@pytest.mark.parametrize("width", [0, -5, 3001])
def test_absurd_widths_are_refused(width):
    with pytest.raises(Invalid, match="3000 pixels"):
        render_page(pdf(), 1, width)


@pytest.mark.parametrize("box", [(14400, 3), (3, 14400), (0.001, 0.001), (200000, 200000)])
def test_pages_of_odd_shapes_stay_within_bounds(box):
    with pikepdf.open(pdf(1)) as document:
        document.pages[0].obj.MediaBox = pikepdf.Array([0, 0, *box])
        out = io.BytesIO()
        document.save(out)
    with Image.open(io.BytesIO(render_page(out, 1, 3000))) as picture:
        assert picture.width * picture.height <= 12_100_000


def test_a_filled_form_is_drawn_with_what_was_filled_in():
    with pikepdf.open(pdf(1)) as document:
        look = document.make_stream(b"0 0 0 rg 0 0 200 100 re f")
        look.stream_dict = pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=pikepdf.Array([0, 0, 200, 100]))
        field = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T=pikepdf.String("name"),
                Rect=pikepdf.Array([100, 100, 300, 200]),
                AP=pikepdf.Dictionary(N=look),
                F=4,
            )
        )
        document.pages[0].obj.Annots = pikepdf.Array([field])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        out = io.BytesIO()
        document.save(out)
    with Image.open(io.BytesIO(render_page(out, 1, 612))) as picture:
        assert picture.convert("L").getpixel((200, 792 - 150)) < 50


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"no PDF at all", make_pdf(1)[:200]])
def test_what_is_no_pdf_is_refused(data):
    with pytest.raises(Invalid, match="damaged"):
        pages(io.BytesIO(data))
