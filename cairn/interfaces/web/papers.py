"""Papers as PDF that screen readers can read (PDF/UA-1), set by Typst from plain data. Not here: what stands on them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import qrcode
import typst
from django.conf import settings
from qrcode.image.svg import SvgPathImage

from cairn.pure.clocks import long_date
from cairn.pure.money import dollars

_HERE = Path(__file__).parent / "templates" / "papers"


@cache
def _source(name: str) -> bytes:
    return (_HERE / f"{name}.typ").read_bytes()


def pdf(name: str, words: Mapping[str, Any], made_at: datetime) -> bytes:
    """The paper `name`, which reads `words` as data: no sign in them can be taken for markup. The same words make the same bytes.

    Where our fonts lack a sign of somebody's name, the machine's fonts are asked too. PDF/UA knows no sign that cannot be shown, so such a
    paper does not say that it follows it: tagged all the same, with a box for a sign that no font has.
    """
    try:
        return _set(name, words, made_at, is_strict=True)
    except typst.TypstError:
        return _set(name, words, made_at, is_strict=False)


def _set(name: str, words: Mapping[str, Any], made_at: datetime, *, is_strict: bool) -> bytes:
    fonts = typst.Fonts(include_system_fonts=not is_strict, font_paths=[str(settings.FONTS_DIR)])
    return typst.compile(_source(name), font_paths=fonts, format="pdf", pdf_standards=["ua-1"] if is_strict else [],
                         sys_inputs={"words": json.dumps(words)}, timestamp=int(made_at.timestamp()))  # fmt: skip


def invoice_pdf(words: Mapping[str, Any], issued_at: datetime) -> bytes:
    """An invoice or a credit note, from what was kept of it (payments.queries.invoice_words)."""
    lines = [
        {**line, "unit": dollars(line["unit_cents"]), "sum": dollars(line["cents"]), "places": f"{line['places']:,}"}
        for line in words["lines"]
    ]
    days = {key: long_date(date.fromisoformat(words[key])) if words[key] else "" for key in ("issued_on", "due_on")}
    return pdf("invoice", {**words, **days, "lines": lines, "total": dollars(words["cents"]), "number": f"{words['number']:,}",
                           "about": f"{words['about']:,}" if words["about"] else ""}, issued_at)  # fmt: skip


def flyer_pdf(words: Mapping[str, Any], made_at: datetime) -> bytes:
    """A pilot's open seats on a page to hang up; its address also as a code that a camera reads."""
    code = qrcode.make(words["address"], image_factory=SvgPathImage, error_correction=qrcode.ERROR_CORRECT_M)
    return pdf("flyer", {**words, "code": code.to_string(encoding="unicode")}, made_at)


def standing_pdf(words: Mapping[str, Any], made_at: datetime) -> bytes:
    """Where a license stands, line by line (interfaces.web.licensed.paper)."""
    return pdf("standing", words, made_at)
