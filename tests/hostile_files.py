"""Files that mean harm: active contents, polyglots, bombs and lies. One line for each; their bytes are made in tests/hostile.

A maker gets the address of a canary and returns the bytes. Whatever runs in a browser calls there, changes the title, opens a dialog and
reaches for the window that opened it; whatever is fetched on the way is fetched from there.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from cairn.frame import cell
from cairn.kernel.errors import Refused
from cairn.pure import files
from tests.hostile import films, packages, pages, pdfs, pictures

REFUSED = ""


@dataclass(frozen=True)
class Hostile:
    """`name` is what it is uploaded as; `becomes` the type of the clean copy that is kept, or REFUSED."""

    what: str
    name: str
    make: Callable[[str], bytes]
    becomes: str = REFUSED


_PDF, _PNG, _JPEG, _GIF, _WEBP = "application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"
_TEXT, _CSV, _MP4, _MP3, _WAV = "text/plain", "text/csv", "video/mp4", "audio/mpeg", "audio/wav"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_DOCX, _XLSX, _PPTX = (
    _OFFICE + each for each in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)  # fmt: skip

FILES = (
    # --- Pages and markup
    Hostile("a web page", "plan.html", pages.html),
    Hostile("a web page named as a picture", "wall.png", pages.html),
    Hostile("a web page behind a byte order mark and blank lines", "plan.txt", lambda to: b"\xef\xbb\xbf\n \n" + pages.html(to)),
    Hostile("a web page in UTF-16", "plan.txt", lambda to: pages.html(to).decode().encode("utf-16")),
    Hostile("a web page in UTF-7", "plan.txt", lambda to: b"+ADw-script+AD4-" + pages.script(to) + b"+ADw-/script+AD4-", _TEXT),
    Hostile("a web page far behind plain words", "plan.txt", lambda to: b"Words. " * 700 + pages.html(to), _TEXT),
    Hostile("a page in XHTML", "plan.xhtml", pages.xhtml),
    Hostile("a drawing with a script", "wall.svg", pages.svg),
    Hostile("a drawing with a script, named as a picture", "wall.png", pages.svg),
    Hostile("a drawing, compressed", "wall.svgz", pages.svgz),
    Hostile("XML with a style sheet that makes a page of it", "plan.xml", pages.xml_with_style_sheet),
    Hostile("XML with an entity from elsewhere", "plan.xml", pages.xml_with_entity),
    Hostile("XML with a billion laughs", "plan.xml", pages.billion_laughs),
    Hostile("a saved page in MHTML", "plan.mhtml", pages.mhtml),
    Hostile("a script by itself", "plan.js", lambda to: pages.script(to), _TEXT),
    Hostile(
        "a style sheet that fetches", "plan.css", lambda to: f"@import url({to}/css);\nbody{{background:url({to}/bg)}}\n".encode(), _TEXT
    ),
    Hostile("a shortcut to an address", "plan.url", lambda to: f"[InternetShortcut]\r\nURL={to}/shortcut\r\n".encode(), _TEXT),
    Hostile("a document in RTF with a program in it", "plan.rtf", lambda to: b"{\\rtf1{\\object\\objocx{\\*\\objdata 0105}}}"),
    Hostile("a table of formulas", "plan.csv", pages.formulas, _CSV),
    Hostile("a table in SYLK, named as CSV", "plan.csv", lambda to: b'ID;PWXL;N;E\nC;Y1;X1;K"1";E-EXEC("calc")\nE\n', _TEXT),
    # --- PDF
    Hostile("a PDF with a script that runs when it opens", "plan.pdf", pdfs.pdf_with_script, _PDF),
    Hostile("a PDF that starts a program", "plan.pdf", pdfs.pdf_that_launches, _PDF),
    Hostile("a PDF with files in it", "plan.pdf", pdfs.pdf_with_attachment, _PDF),
    Hostile("a PDF that leads elsewhere", "plan.pdf", pdfs.pdf_that_leads_elsewhere, _PDF),
    Hostile("a PDF with a form that sends itself", "plan.pdf", pdfs.pdf_with_form, _PDF),
    Hostile("a PDF whose picture lies elsewhere", "plan.pdf", pdfs.pdf_with_picture_elsewhere, _PDF),
    Hostile("a PDF with a web page before it", "plan.pdf", lambda to: pages.html(to) + pdfs.pdf(to)),
    Hostile("a PDF that is a zip as well", "plan.pdf", lambda to: pdfs.pdf(to) + packages.zipped(("index.html", pages.html(to))), _PDF),
    Hostile("a PDF with a page of a square mile", "plan.pdf", pdfs.pdf_with_endless_page, _PDF),
    Hostile("a PDF with 200 megabytes of drawing in a few hundred kilobytes", "plan.pdf", pdfs.pdf_bomb, _PDF),
    Hostile("a PDF with a picture of ten billion pixels", "plan.pdf", pdfs.pdf_with_picture_bomb, _PDF),
    Hostile("a PDF whose pages lie in a circle", "plan.pdf", pdfs.pdf_in_a_circle),
    # --- Pictures
    Hostile("a picture with a web page in its texts and behind its end", "wall.png", pictures.png_with_html, _PNG),
    Hostile("a picture whose stored pixels are a script", "wall.png", pictures.png_of_script, _PNG),
    Hostile("a picture of 2.5 billion pixels in a few kilobytes", "wall.png", pictures.png_flood),
    Hostile("a picture with a text of 200 megabytes", "wall.png", pictures.png_with_huge_text),
    Hostile("a picture of ten thousand frames", "wall.png", pictures.png_of_many_frames),
    Hostile("a photo with a script in its comment and its EXIF", "wall.jpg", pictures.jpeg_with_script, _JPEG),
    Hostile("a photo with a web page behind its end", "wall.html", lambda to: pictures.jpeg(to, 44) + pages.html(to), _JPEG),
    Hostile(
        "a photo that is a zip as well",
        "wall.jpg",
        lambda to: pictures.jpeg(to, 40) + packages.zipped(("index.html", pages.html(to))),
        _JPEG,
    ),
    Hostile("a photo cut short", "wall.jpg", lambda to: pictures.jpeg(to)[:700]),
    Hostile("a photo decoded ten thousand times", "wall.jpg", pictures.jpeg_of_scans),
    Hostile("a GIF that is a script as well", "wall.gif", pictures.gif_of_script),
    Hostile("a GIF that is a Java archive as well", "wall.gif", pictures.gifar, _GIF),
    Hostile("a GIF of a hundred thousand frames", "wall.gif", pictures.gif_of_many_frames, _GIF),
    Hostile("a WebP with a web page in its metadata", "wall.webp", pictures.webp_with_html, _WEBP),
    Hostile(
        "an icon with a web page in it", "wall.ico", lambda to: b"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0\x68\4\0\0\x16\0\0\0" + pages.html(to)
    ),
    Hostile("a bitmap that is a script as well", "wall.bmp", lambda to: b"BM=1;\0\0\0/*" + bytes(60) + b"*/" + pages.script(to)),
    # --- Archives and Office files
    Hostile("a zip that unpacks to terabytes", "plan.zip", packages.nested_zip_bomb),
    Hostile("a Word file with a part of 200 megabytes", "plan.docx", packages.docx_bomb),
    Hostile("a million entries", "plan.docx", packages.million_entries),
    Hostile("a million entries that claim to be three", "plan.docx", packages.million_entries_in_secret),
    Hostile("entries that lie over one another", "plan.docx", packages.overlapping_entries),
    Hostile("entries that climb out of the folder", "plan.docx", packages.climbing_entries),
    Hostile("a Word file with macros", "plan.docx", packages.docx_with_macros),
    Hostile("a Word file with parts elsewhere", "plan.docx", packages.docx_with_parts_elsewhere, _DOCX),
    Hostile("a Word file with fields that start programs", "plan.docx", packages.docx_with_dde, _DOCX),
    Hostile("a Word file with a web page in it", "plan.docx", packages.docx_with_page),
    Hostile("a Word file with an entity from elsewhere", "plan.docx", packages.docx_with_entity),
    Hostile("a Word file with a billion laughs", "plan.docx", packages.docx_with_laughs),
    Hostile("a Word file nested a million deep", "plan.docx", packages.docx_nested),
    Hostile("a workbook that fetches and calls", "plan.xlsx", packages.xlsx_that_calls, _XLSX),
    Hostile("a presentation whose click starts a program", "plan.pptx", packages.pptx_that_launches, _PPTX),
    # --- Films and recordings
    Hostile("a playlist that reads files, in an AVI", "lesson.avi", films.playlist_in_avi),
    Hostile("a playlist named as a video", "lesson.mp4", films.playlist, _TEXT),
    Hostile("a film with web pages in its boxes", "lesson.mp4", films.mp4_with_html, _MP4),
    Hostile("a film whose pictures lie elsewhere", "lesson.mp4", films.mp4_elsewhere),
    Hostile("a film of four billion samples", "lesson.mp4", films.mp4_of_many_samples, _MP4),
    Hostile("a film of a hundred thousand boxes within boxes", "lesson.mp4", films.mp4_of_many_boxes),
    Hostile("a program named as a video", "lesson.mp4", lambda to: b"MZ\x90\0" + bytes(4000)),
    Hostile("a WebM with a web page attached", "lesson.webm", films.webm_with_attachment),
    Hostile("a recording with a web page in its tags", "talk.mp3", films.mp3_with_html, _MP3),
    Hostile("a recording with a web page in its chunks", "talk.wav", films.wav_with_html, _WAV),
)


# --- What each takes -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Weight:
    """Seconds of computing and the most memory at one time, in MiB, to clean a file and to draw its first page."""

    what: str
    seconds: float
    memory: float


def weigh(hostile: Hostile) -> Weight:
    """As the product works on it: in a child with a cell's limits, which ends with what it did."""
    data = hostile.make("http://127.0.0.1:9")
    child = os.fork()
    if not child:
        os._exit(_ended(data))
    _, ended, used = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(ended) > 0:
        sys.exit(f"{hostile.what} broke the work on it")
    return Weight(hostile.what, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _ended(data: bytes) -> int:
    """0 where it was cleaned or refused, or had no more memory."""
    try:
        _work(data)
    except (Refused, MemoryError):
        return 0
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _work(data: bytes) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cell.SECONDS, cell.SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (cell.MEMORY, cell.MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as page:
        source.write(data)
        if files.clean(source, out)["kind"] == "pdf":
            files.draw_page(out, page, number=1, width_px=1400)


def main() -> None:
    """Print the weight of each file as JSON, a line each: `python -m tests.hostile_files`."""
    for hostile in FILES:
        print(json.dumps(weigh(hostile).__dict__), flush=True)


if __name__ == "__main__":
    main()
