"""Real files of evidence, made from the demonstration's data: a PDF of readable pages, a Word document, a photograph of a wall.

Not here: what stands in them (texts), or what becomes of them (portfolio takes them as uploads like any other).
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape
from zlib import crc32

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops, ImageDraw, ImageFont

Page = Mapping[str, Any]  # title, text, table, bars, more
WIDTH, HEIGHT, MARGIN = 612, 792, 66  # points, on Letter
BODY, LEADING, CELL = 13.5, 19.5, 12

# Widths of Helvetica's characters 32 to 126 in thousandths of its size, from Adobe's Core 14 AFM files; all others count as 556.
_WIDTHS = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556),
    *(556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556),
    *(556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)


def make(spec: Mapping[str, Any]) -> bytes:
    if "board" in spec:
        return photograph(spec["board"], spec["name"])
    return word_document(spec["document"]) if "document" in spec else pdf(spec["pages"])


def rows_of(table: str) -> list[list[str]]:
    """Cells of a table written one row a line, with bars between them; the first row is its head."""
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [row + [""] * (len(rows[0]) - len(row)) for row in rows]


# --- PDF -----------------------------------------------------------------------------------------------------------


def pdf(pages: Sequence[Page]) -> bytes:
    document = pikepdf.Pdf.new()
    fonts = {name: document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=face, Encoding=Name.WinAnsiEncoding))
             for name, face in (("/R", Name("/Helvetica")), ("/B", Name("/Helvetica-Bold")))}  # fmt: skip
    for number, told in enumerate(pages, 1):
        page = document.add_blank_page(page_size=(WIDTH, HEIGHT))
        page.obj.Resources = Dictionary(Font=Dictionary(fonts))
        sheet = _Sheet()
        _draw(sheet, told)
        foot = min(sheet.y - MARGIN, HEIGHT / 2)  # the paper ends where the words do, but no page is less than half a sheet
        page.obj.MediaBox = Array([0, round(foot), WIDTH, HEIGHT])
        sheet.text(MARGIN, foot + 32, f"{number} of {len(pages)}", size=9)
        page.obj.Contents = document.make_stream("\n".join(sheet.done).encode("cp1252", "replace"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _draw(sheet: _Sheet, told: Page) -> None:
    sheet.paragraph(told["title"], size=21, font="B", after=12)
    for words in told.get("text", ()):
        sheet.paragraph(words)
    if "table" in told:
        sheet.table(rows_of(told["table"]))
    if "bars" in told:
        sheet.bars([(str(label), int(value)) for label, value in told["bars"]])
    for words in told.get("more", ()):
        sheet.paragraph(words)


class _Sheet:
    """One page being written from the top; `done` holds its drawing operators."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.y = float(HEIGHT - MARGIN - 6)

    def text(self, x: float, y: float, words: str, size: float = BODY, font: str = "R") -> None:
        shown = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self.done.append(f"BT /{font} {size} Tf {x:.1f} {y:.1f} Td ({shown}) Tj ET")

    def line(self, y: float, gray: float = 0.75) -> None:
        self.done.append(f"{gray} G 0.6 w {MARGIN} {y:.1f} m {WIDTH - MARGIN} {y:.1f} l S")

    def paragraph(self, words: str, size: float = BODY, font: str = "R", after: float = 9) -> None:
        for line in wrapped(words, WIDTH - 2 * MARGIN, size, font):
            self.text(MARGIN, self.y, line, size, font)
            self.y -= LEADING if size == BODY else size * 1.25
        self.y -= after

    def table(self, rows: list[list[str]]) -> None:
        """Columns that hold their longest word; what is left goes to those with the most to say."""
        columns = list(zip(*rows, strict=True))
        least = [12 + max(_wide(word, CELL, "B") for cell in column for word in [*cell.split(), ""]) for column in columns]
        asked = [min(46, max(map(len, column))) for column in columns]
        spare = WIDTH - 2 * MARGIN - sum(least)
        widths = [narrow + spare * each / sum(asked) for narrow, each in zip(least, asked, strict=True)]
        for number, row in enumerate(rows):
            font = "R" if number else "B"
            cells = [list(wrapped(cell, width - 10, CELL, font)) for cell, width in zip(row, widths, strict=True)]
            x = float(MARGIN)
            for lines, width in zip(cells, widths, strict=True):
                for depth, line in enumerate(lines):
                    self.text(x, self.y - 15.5 * depth, line, CELL, font)
                x += width
            self.y -= 15.5 * max(1, *map(len, cells)) + 6
            self.line(self.y + 11, 0.4 if number == 0 else 0.8)
            self.y -= 5
        self.y -= 12

    def bars(self, values: list[tuple[str, int]]) -> None:
        """Columns with their label below and their value above."""
        most, width = max(value for _, value in values), 54
        foot = self.y - 150
        for place, (label, value) in enumerate(values):
            x, high = MARGIN + 20 + place * (width + 26), 120 * value / most
            self.done.append(f"0.28 0.45 0.40 rg {x} {foot} {width} {high:.1f} re f 0 g")
            self.text(x + 18, foot + high + 5, str(value), 10)
            self.text(x + 18, foot - 15, label, 10)
        self.line(foot, 0.4)
        self.y = foot - 40


def wrapped(words: str, width: float, size: float, font: str = "R") -> Iterator[str]:
    """Lines that fit into `width` points."""
    line = ""
    for word in words.split():
        longer = f"{line} {word}".strip()
        if line and _wide(longer, size, font) > width:
            yield line
            longer = word
        line = longer
    yield line


def _wide(words: str, size: float, font: str) -> float:
    units = sum(_WIDTHS[ord(c) - 32] if 32 <= ord(c) < 127 else 556 for c in words)
    return units * size / 1000 * (1.07 if font == "B" else 1)


# --- Word ----------------------------------------------------------------------------------------------------------

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def word_document(pages: Sequence[Page]) -> bytes:
    """The three parts that a Word document cannot do without (ECMA-376 part 1, 11.3.10)."""
    body = "".join(_word_page(page) for page in pages)
    document = f"<w:document {_W}><w:body>{body}</w:body></w:document>"
    parts = {"[Content_Types].xml": _TYPES, "_rels/.rels": _LINKS, "word/document.xml": document}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, _XML + text)
    return out.getvalue()


def _word_page(told: Page) -> str:
    made = [_word_line(told["title"], 32, bold=True), *(_word_line(words) for words in told.get("text", ()))]
    if "table" in told:
        head, *rows = rows_of(told["table"])
        edges = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="999999"/>' for side in ("top", "bottom", "insideH"))
        grid = "".join(f'<w:gridCol w:w="{9000 // len(head)}"/>' for _ in head)
        lines = "".join(_word_row(row, bold=row is head) for row in (head, *rows))
        made.append(f"<w:tbl><w:tblPr><w:tblBorders>{edges}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>")
    return "".join([*made, *(_word_line(words) for words in told.get("more", ()))])


def _word_row(cells: Sequence[str], *, bold: bool) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{_word_line(cell, bold=bold)}</w:tc>" for cell in cells) + "</w:tr>"


def _word_line(words: str, half_points: int = 22, *, bold: bool = False) -> str:
    look = f'<w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="{half_points}"/></w:rPr>'
    return f'<w:p><w:pPr><w:spacing w:after="160"/></w:pPr><w:r>{look}<w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>'


# --- A photograph --------------------------------------------------------------------------------------------------

_NOTES = ((250, 236, 150), (200, 226, 190), (247, 205, 180), (196, 218, 236))
_INK = (42, 52, 66)


def photograph(told: Mapping[str, Any], name: str) -> bytes:
    """A whiteboard with sticky notes, as a phone sees it: a little turned, soft, and darker toward the edges."""
    chance = random.Random(crc32(name.encode()))
    board = Image.new("RGB", (1500, 1060), (236, 238, 236))
    draw = ImageDraw.Draw(board)
    draw.text((70, 50), told["title"], _INK, ImageFont.load_default(64))
    draw.line((70, 140, 70 + 30 * len(told["title"]), 148), (160, 60, 50), 6)
    for place, words in enumerate(told["notes"]):
        x, y = 80 + place % 3 * 345, 210 + place // 3 * 390
        note = _note(str(words), chance)
        board.paste(note, (x + chance.randint(-12, 12), y + chance.randint(-14, 14)), note)
    for place, words in enumerate(told["side"]):
        draw.text((1130, 250 + place * 105), str(words), (28, 84, 120), ImageFont.load_default(40))
    return _snapped(board.resize((1200, 848)), chance.uniform(0.6, 1.8))


def _note(words: str, chance: random.Random) -> Image.Image:
    note = Image.new("RGBA", (310, 300), (*chance.choice(_NOTES), 255))
    draw, font = ImageDraw.Draw(note), ImageFont.load_default(40)
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        lines[-1:] = [longer] if draw.textlength(longer, font) < 270 else [lines[-1], word]
    draw.multiline_text((24, 40), "\n".join(line for line in lines if line), _INK, font, spacing=14)
    return note.rotate(chance.uniform(-4, 4), Image.Resampling.BILINEAR, expand=True)


def _snapped(board: Image.Image, angle: float) -> bytes:
    turned = board.rotate(angle, Image.Resampling.BILINEAR, fillcolor=(214, 214, 210)).crop((20, 22, 1180, 826))
    light = Image.eval(Image.radial_gradient("L"), lambda far: 255 - far * far // 900).resize(turned.size).convert("RGB")
    out = io.BytesIO()
    ImageChops.multiply(turned, light).save(out, "JPEG", quality=84)
    return out.getvalue()
