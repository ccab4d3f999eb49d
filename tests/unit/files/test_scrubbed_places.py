"""Places in files where names hide, one by one: each is planted, found there, and gone from the clean copy."""

from __future__ import annotations

import io
import struct

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from cairn.pure.files import recognize, scrub
from tests import files_world as world

CANARY = "Emma Rivera"
_MAIN_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def scrubbed(data: bytes) -> bytes:
    file, out = io.BytesIO(data), io.BytesIO()
    scrub(file, recognize(file), out)
    return out.getvalue()


def small_picture(form: str, **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, form, **options)
    return out.getvalue()


# --- Word, Excel, PowerPoint ---------------------------------------------------------------------------------------------


def word(inside: str, parts=None) -> bytes:
    return world.make_word(f"<w:document {_WORD}><w:body><w:p>{inside}</w:p></w:body></w:document>", parts)


def workbook(inside: str) -> bytes:
    """Every part of a small workbook, with this in its main part."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    return world.make_package(
        {"xl/workbook.xml": f'<workbook xmlns="{_MAIN_NS}">{inside}</workbook>'},
        {"xl/workbook.xml": kinds + "sheet.main+xml"},
        {"": [("officeDocument", "xl/workbook.xml")]},
    )


def with_part(role: str, part: str, content: str | bytes, media_type="application/xml") -> bytes:
    return word("", {part: (role, media_type, content)})


COMMENT = f'<w:comments {_WORD}><w:comment w:initials="{CANARY}"/></w:comments>'
PEOPLE = f'<w15:people xmlns:w15="urn:w"><w15:person w15:author="{CANARY}"/></w15:people>'
VIEW = f'<customWorkbookViews><customWorkbookView name="{CANARY} - Personal View"/></customWorkbookViews>'


OFFICE = {
    "tracked insertion": lambda: word(f'<w:ins w:id="1" w:author="{CANARY}" w:date="2020-06-30T00:00:00Z"/>'),
    "tracked deletion": lambda: word(f'<w:del w:id="1" w:author="{CANARY}"/>'),
    "tracked move": lambda: word(f'<w:moveFrom w:id="1" w:author="{CANARY}"/>'),
    "tracked formatting": lambda: word(f'<w:rPr><w:rPrChange w:id="1" w:author="{CANARY}"/></w:rPr>'),
    "initials of a comment": lambda: with_part("comments", "word/comments.xml", COMMENT),
    "people of comments": lambda: with_part("people", "word/people.xml", PEOPLE),
    "custom properties": lambda: with_part("custom-properties", "docProps/custom.xml", f"<Properties><who>{CANARY}</who></Properties>"),
    "core properties": lambda: with_part("core-properties", "docProps/core.xml", f"<c><creator>{CANARY}</creator></c>"),
    "thumbnail": lambda: with_part("thumbnail", "docProps/thumbnail.jpeg", world.make_photo(author=CANARY), "image/jpeg"),
    "custom XML": lambda: with_part("customXml", "customXml/item1.xml", f"<who>{CANARY}</who>"),
    "printer settings": lambda: with_part("printerSettings", "word/p.bin", f"//school/{CANARY}".encode(), "application/octet-stream"),
    "a part that nothing leads to": lambda: world.make_package(
        {"word/document.xml": f"<w:document {_WORD}/>", "word/stray.xml": f"<a>{CANARY}</a>"},
        {"word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"},
        {"": [("officeDocument", "word/document.xml")]},
    ),
    "XML comment": lambda: word(f"<!-- {CANARY} -->"),
    "processing instruction": lambda: word(f"<?maker {CANARY}?>"),
    "views of a workbook": lambda: workbook(VIEW),
    "path of a workbook": lambda: workbook(f'<absPath url="C:/Users/{CANARY}/"/>'),
    "who shares a workbook": lambda: workbook(f'<fileSharing userName="{CANARY}"/>'),
    "source of imported text": lambda: workbook(f'<textPr sourceFile="C:/Users/{CANARY}/list.csv"/>'),
    "changes of a presentation": lambda: with_part(
        "changesInfo", "ppt/changesInfos/c.xml", f'<p:chgInfo xmlns:p="urn:p"><p:chgData name="{CANARY}"/></p:chgInfo>'
    ),
}  # fmt: skip

# --- PDF -----------------------------------------------------------------------------------------------------------------


def pdf(plant) -> bytes:
    document = pikepdf.Pdf.new()
    document.add_blank_page(page_size=(300, 200))
    plant(document, document.pages[0].obj)
    out = io.BytesIO()
    document.save(out, static_id=True)
    return out.getvalue()


def draw(document, page, data: bytes, filter_, **more):
    picture = document.make_stream(data)
    about = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 64, "Height": 48, "ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8}
    picture.stream_dict = Dictionary(**about, Filter=filter_, **more)
    page.Resources = Dictionary(XObject=Dictionary(P=picture))
    page.Contents = document.make_stream(b"q 64 0 0 48 0 0 cm /P Do Q")


def xmp(document):
    stream = document.make_stream(f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode())
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    return stream


def whose(document, page):
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = [CANARY]


def jpeg_2000() -> bytes:
    plain, box = small_picture("JPEG2000"), CANARY.encode()
    at = plain.index(b"jp2c") - 4
    return plain[:at] + struct.pack(">I4s", 8 + len(box), b"xml ") + box + plain[at:]


def attach(document, page):
    document.attachments["notes.txt"] = f"Notes of {CANARY}".encode()


def annotate(**what):
    def plant(document, page):
        page.Annots = Array([document.make_indirect(Dictionary(Type=Name.Annot, Rect=Array([1, 1, 9, 9]), **what))])

    return plant


def set_(name: str, value):
    return lambda document, page: setattr(document.Root, name, value(document))


PDF = {
    "properties": lambda d, p: d.docinfo.__setitem__("/Author", String(CANARY)),
    "XMP of the document": whose,
    "XMP of a page": lambda d, p: setattr(p, "Metadata", xmp(d)),
    "XMP of a picture": lambda d, p: draw(d, p, small_picture("JPEG"), Name.DCTDecode, Metadata=xmp(d)),
    "EXIF of a picture": lambda d, p: draw(d, p, world.make_photo((64, 48), author=CANARY), Name.DCTDecode),
    "boxes of a JPEG 2000 picture": lambda d, p: draw(d, p, jpeg_2000(), Name.JPXDecode),
    "attachment": attach,
    "attachment at a place": annotate(Subtype=Name.FileAttachment, Contents=String(CANARY)),
    "writer of a comment": annotate(Subtype=Name.Text, T=String(CANARY)),
    "private data of a program": lambda d, p: setattr(p, "PieceInfo", Dictionary(App=Dictionary(Private=String(CANARY)))),
    "thumbnail": lambda d, p: setattr(p, "Thumb", d.make_stream(CANARY.encode())),
    "script": set_("OpenAction", lambda d: Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{CANARY}')"))),
    "form in XML": set_("AcroForm", lambda d: Dictionary(Fields=Array([]), XFA=String(CANARY))),
    "article threads": set_("Threads", lambda d: Array([Dictionary(I=Dictionary(Author=String(CANARY)))])),
}

# --- Pictures, films and recordings --------------------------------------------------------------------------------------


def photo_with_thumbnail() -> bytes:
    """A phone's photo holds a small one of itself, with what that says of its maker."""
    exif = Image.Exif()
    inner = world.make_photo((64, 48), author=CANARY)
    exif[0x0201], exif[0x0202] = 500, len(inner)
    return small_picture("JPEG", exif=exif.tobytes() + inner)


def film_with(*boxes: tuple[bytes, bytes]) -> bytes:
    extra = b"".join(struct.pack(">I4s", 8 + len(body), name) + body for name, body in boxes)
    return world.make_mp4(4) + extra


def ebml(id_: bytes, body: bytes) -> bytes:
    return id_ + (1 << 56 | len(body)).to_bytes(8) + body


def webm_with(element: bytes) -> bytes:
    """A short film as a browser records it: its segment is open at the end, so that more may follow."""
    header = ebml(b"\x1a\x45\xdf\xa3", ebml(b"\x42\x82", b"webm"))
    tracks = ebml(b"\x16\x54\xae\x6b", ebml(b"\xae", ebml(b"\xd7", b"\1") + ebml(b"\x83", b"\1") + ebml(b"\x53\x6e", CANARY.encode())))
    cluster = ebml(b"\x1f\x43\xb6\x75", ebml(b"\xe7", b"\0") + ebml(b"\xa3", b"\x81\x03\xe8\x80frame"))
    return header + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + tracks + cluster + element


NAMED = CANARY.encode()
MEDIA = {
    "thumbnail of a photo": photo_with_thumbnail,
    "behind the end of a photo": lambda: small_picture("JPEG") + NAMED,
    "film: uuid box (XMP)": lambda: film_with((b"uuid", bytes(16) + NAMED)),
    "film: udta box": lambda: film_with((b"udta", struct.pack(">I4s", 8 + len(NAMED), b"\xa9nam") + NAMED)),
    "film: meta box": lambda: film_with((b"meta", bytes(4) + NAMED)),
    "film: free space": lambda: film_with((b"free", NAMED), (b"skip", NAMED)),
    "film: box of its own name": lambda: film_with((b"name", NAMED)),
    "film: name of the encoder in a track": lambda: world.make_mp4(4, artist=CANARY),
    "WebM: name of a track": lambda: webm_with(b""),
    "WebM: tags": lambda: webm_with(ebml(b"\x12\x54\xc3\x67", ebml(b"\x73\x73", NAMED))),
    "WebM: attachments": lambda: webm_with(ebml(b"\x19\x41\xa4\x69", ebml(b"\x61\xa7", NAMED))),
    "WebM: chapters": lambda: webm_with(ebml(b"\x10\x43\xa7\x70", NAMED)),
    "WebM: empty space": lambda: webm_with(ebml(b"\xec", NAMED)),
    "WAV: chunks of other programs": lambda: world.make_wav(author=CANARY),
    "MP3: tags before and behind": lambda: world.make_mp3(author=CANARY),
}  # fmt: skip

PLACES = {**OFFICE, **{f"PDF: {name}": lambda plant=plant: pdf(plant) for name, plant in PDF.items()}, **MEDIA}


@pytest.mark.parametrize("place", PLACES)
def test_a_name_in_this_place_is_gone(place):
    data = PLACES[place]()
    assert world.says(data, CANARY)
    assert not world.says(scrubbed(data), CANARY)
