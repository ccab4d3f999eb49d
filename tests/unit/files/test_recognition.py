"""What an upload is, by its content."""

import io
import struct
import zipfile

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.files import KINDS, recognize
from tests import files_world as world
from tests.hostile import packages


def kind_of(data):
    return recognize(io.BytesIO(data)).name


def zipped(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in entries.items():
            package.writestr(name.replace("__", "/"), data)
    return out.getvalue()


MADE = {
    "pdf": world.make_pdf,
    "docx": world.make_docx,
    "xlsx": world.make_xlsx,
    "pptx": world.make_pptx,
    "jpeg": world.make_photo,
    "png": lambda: world.make_picture("PNG"),
    "webp": lambda: world.make_picture("WEBP"),
    "gif": lambda: world.make_picture("GIF"),
    "mp4": world.make_mp4,
    "mov": lambda: world.make_film("a.mov"),
    "webm": lambda: world.make_film("a.webm"),
    "m4a": lambda: world.make_film("a.m4a"),
    "mp3": world.make_mp3,
    "wav": world.make_wav,
    "text": "A narrative.\nIn two lines, with ü.".encode,
    "csv": lambda: b"goal,met\nreading,yes\nwriting,no\n",
}


def test_every_kind_has_a_sample():
    assert MADE.keys() == KINDS.keys()


@pytest.mark.parametrize("name", MADE)
def test_a_real_file_is_recognized(name):
    assert kind_of(MADE[name]()) == name


def test_a_sound_only_mp4_is_a_recording():
    assert kind_of(world.make_film("a.m4a")) == "m4a"


def test_prose_with_commas_is_no_table():
    assert kind_of(b"Dear all, this is it.\nOne, two, three.\nEnd.\n") == "text"


@pytest.mark.parametrize(
    "start", ["The free book", "You skip", "PK-12 teachers", "BMI", "MZ", "Rar!", "OggS", "fLaC", "ID3", "GIF", "RIFF"]
)
def test_words_that_look_like_signatures_are_words(start):
    assert kind_of(f"{start} and how we used it in class.".encode()) == "text"


HTML = b"<!DOCTYPE html><script>fetch('/steal')</script>"
REFUSED = {
    "nothing": (b"", "empty"),
    "a web page": (HTML, "web page"),
    "a web page behind spaces": (b"\n \xc2\xa0\t<html>", "web page"),
    "a web page behind a byte order mark": (b"\xef\xbb\xbf<html>", "web page"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "web page"),
    "XHTML": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "web page"),
    "an e-mail page": (b"MIME-Version: 1.0\nContent-Type: text/html\n", "web page"),
    "UTF-16": ("text".encode("utf-16"), "kind of file"),
    "an old encoding": ("naïve".encode("latin-1"), "kind of file"),
    "binary": (b"text\0text", "kind of file"),
    "a PDF behind other bytes": (b"\n" + world.make_pdf(1), "kind of file"),
    "a program": (b"MZ\x90\0" + bytes(100), "program"),
    "a zip": (zipped(a=b"hello"), "zip file"),
    "a zip that is cut": (zipped(a=b"hello")[:40], "damaged Office"),
    "a zip behind other bytes": (b"PK  " + zipped(a=b"hello"), "kind of file"),
    "an empty zip": (zipped(), "kind of file"),
    "OpenDocument": (zipped(mimetype="application/vnd.oasis.opendocument.text", content="x"), "OpenDocument"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office"),
    "RTF": (b"{\\rtf1 hello}", "RTF"),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    "TIFF": (b"II*\0" + bytes(20), "TIFF"),
    "AVI": (b"RIFF\0\0\0\0AVI LIST", "AVI"),
    "Matroska": (bytes.fromhex("1a45dfa3 8b 4282 88") + b"matroska", "Matroska"),
    "an archive": (b"\x1f\x8b\x08" + bytes(20), "archive"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused_with_a_name_and_a_remedy(name):
    data, words = REFUSED[name]
    with pytest.raises(Invalid, match=words) as refusal:
        kind_of(data)
    assert refusal.value.remedy.endswith((".", "CSV."))


@pytest.mark.parametrize(
    "type",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-office.vbaProject",
        "application/vnd.ms-excel.macrosheet+xml",
    ],
)
def test_macros_are_refused(type):
    data = world.make_package({"word/document.xml": "<d/>", "word/vbaProject.bin": b"x"}, {"word/vbaProject.bin": type}, {})
    with pytest.raises(Invalid, match="macros"):
        kind_of(data)


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w") as part:
            for _ in range(101):
                part.write(bytes(1_000_000))
    assert len(out.getvalue()) < 200_000
    with pytest.raises(Invalid, match="zip"):
        kind_of(out.getvalue())


def test_more_entries_than_any_document_has_are_refused():
    with pytest.raises(Invalid, match="zip"):
        kind_of(zipped(**{f"part{number}": "" for number in range(10_001)}))


@pytest.mark.parametrize("told", [3, 0xFFFF])
def test_a_million_entries_are_refused_before_they_are_read(told):
    """However many the archive says it has."""
    with pytest.raises(Invalid, match="zip"):
        kind_of(packages.entries(1_000_000, told))


def test_a_list_of_entries_whose_size_takes_64_bits_is_read():
    data = world.make_docx()
    at = data.rindex(b"PK\5\6")
    count, size, offset = struct.unpack_from("<HII", data, at + 10)
    record = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, offset)
    far = b"PK\6\7" + struct.pack("<IQI", 0, at, 1)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert kind_of(data[:at] + record + far + end) == "docx"


@pytest.mark.parametrize("name", ["../evil.xml", "/evil.xml", "a/../../evil.xml", "a\\evil.xml"])
def test_entries_that_climb_out_of_the_zip_are_refused(name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(name, "x")
    with pytest.raises(Invalid, match="zip"):
        kind_of(out.getvalue())


def test_types_that_grow_when_read_are_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Types>&b;</Types>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", bomb)
    with pytest.raises(Invalid, match="zip"):
        kind_of(out.getvalue())


def test_a_film_in_fragments_is_refused():
    data = world.make_film("a.mp4", flags=["-movflags", "frag_keyframe+empty_moov"])
    with pytest.raises(Invalid, match="fragments"):
        kind_of(data)


@pytest.mark.parametrize("make", [world.make_mp4, lambda: world.make_film("a.mov")])
def test_a_film_cut_short_is_refused(make):
    data = make()
    with pytest.raises(Invalid, match="damaged"):
        kind_of(data[:-10])
