"""Draw a micro-credential's badge as SVG or PNG. Not here: baking a credential into it (pure.badges), cairns of badges."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

import resvg_py

from cairn.interfaces.web.art.marks import CREAM, FAMILIES, MARKS, SANS, SERIF, SHAPES
from cairn.interfaces.web.art.shapes import mix, number, opening, outline, path, pick, strata, uid

LEVELS = ("", "Emerging", "Developing", "Leading")
# Stroke width and opacity of each layer of rock, and of the two at the top.
_LAYERS = ((2, 0.22), (5, 0.12), (1.5, 0.26), (3, 0.16), (7, 0.1), (2, 0.22))
_TOP_LAYERS = ((2, 0.14), (4, 0.09))


@dataclass(frozen=True)
class Badge:
    slug: str
    title: str
    stack: str
    stack_slug: str
    level: int = 1  # 1..3, drawn as pebbles; 0 draws none
    mark: str = ""  # "" lets the slug choose
    family: str = ""  # "" lets the stack's slug choose
    shape: str = ""


def family_of(badge: Badge) -> str:
    return badge.family or pick(badge.stack_slug + "/family", tuple(FAMILIES))


def shape_of(badge: Badge) -> str:
    return badge.shape or pick(badge.stack_slug + "/shape", SHAPES)


def _mark_of(badge: Badge) -> str:
    """The mark `cairn` is kept for badges of whole stacks."""
    return MARKS[badge.mark or pick(badge.slug + "/mark", tuple(name for name in MARKS if name != "cairn"))]


def _even_lines(title: str, per_line: int) -> list[str]:
    """Even lines rather than full ones: a ragged last word looks like a mistake on a badge."""
    lines = [title]
    for count in range(1, 5):
        target, lines, line = math.ceil(len(title) / count), [], ""
        for word in title.split():
            if line and len(line) + 1 + len(word) > max(target, 4) and len(lines) < count - 1:
                lines, line = [*lines, line], word
            else:
                line = f"{line} {word}".strip()
        lines = [*lines, line]
        if max(map(len, lines)) <= per_line:
            break
    return lines


def _stone(badge: Badge, full: bool, key: str) -> str:
    """The stone itself: contour lines around it, light, layers of rock, and an inner ring."""
    shape, (deep, base, soft) = shape_of(badge), FAMILIES[family_of(badge)]
    body = outline(shape, 205 if full else 238)
    out = [
        f'<defs><linearGradient id="{key}g" x1=".2" y1="0" x2=".8" y2="1"><stop stop-color="{mix(base, soft, 0.16)}"/>'
        f'<stop offset=".55" stop-color="{base}"/><stop offset="1" stop-color="{mix(base, deep, 0.75)}"/></linearGradient>'
        f'<clipPath id="{key}c"><path d="{body}"/></clipPath></defs><g transform="translate(256 256)">'
    ]
    if full:  # contour lines: the ground falling away from a summit
        for r, width, opacity in ((243, 2, 0.35), (231, 2.5, 0.6), (219, 3, 0.95)):
            out.append(path(outline(shape, r), fill="none", stroke=base, stroke_width=width, opacity=opacity))
    out.append(path(body, fill=f"url(#{key}g)"))
    out.append(f'<g clip-path="url(#{key}c)" fill="none" stroke="{soft}" stroke-linecap="round">')
    low = (-250, 250, 60, 225) if full else (-250, 250, 40, 240)
    layers = strata(badge.slug, low, 6 if full else 4, 34)
    tops = strata(badge.slug + "top", (-250, 250, -225, -120), 2, 30)
    for d, (width, opacity) in [*zip(layers, _LAYERS, strict=False), *zip(tops, _TOP_LAYERS, strict=True)]:
        out.append(path(d, stroke_width=width, opacity=opacity))
    ring = {"fill": "none", "stroke": soft, "stroke_width": 2 if full else 5, "opacity": 0.55 if full else 0.5}
    return "".join(out) + "</g>" + path(outline(shape, 191 if full else 218), **ring)


def _sign(badge: Badge, full: bool, lines: int) -> str:
    """The mark, lifted above the words or the pebbles."""
    scale = (2.55 if lines < 3 else 2.2) if full else 5.6
    lift = (-88 if lines < 3 else -100) if full else (-16 if badge.level else 0)
    if shape_of(badge) == "summit":
        lift += 16
    stroke = {"stroke_width": 2.4 if full else 3.4, "stroke_linecap": "round", "stroke_linejoin": "round"}
    drawn = path(_mark_of(badge), fill="none", stroke=CREAM, **stroke)
    return f'<g transform="translate(0 {lift}) scale({scale}) translate(-24 -24)">{drawn}</g>'


def _words(badge: Badge, lines: list[str]) -> str:
    soft = FAMILIES[family_of(badge)][2]
    size = {1: 40, 2: 36, 3: 32}.get(len(lines), 28)
    # Literata runs 0.54 em a letter; 290 keeps clear of the inner ring of the narrowest shape.
    size = min(size, int(290 / (0.54 * max(map(len, lines)))))
    top = {1: 42, 2: 30, 3: 14}.get(len(lines), 2)
    out = [f'<g fill="{CREAM}" text-anchor="middle" font-family="{SERIF}" font-weight="600" font-size="{size}">']
    out += [f'<text y="{number(top + i * size * 1.16)}">{escape(text)}</text>' for i, text in enumerate(lines)]
    below = top + (len(lines) - 1) * size * 1.16 + 34
    small = f'text-anchor="middle" font-family="{SANS}" font-size="19" font-weight="600"'
    out.append(f'</g><text y="{number(below)}" fill="{mix(soft, CREAM, 0.7)}" {small}>{escape(badge.stack)}</text>')
    return "".join(out)


def _pebbles(badge: Badge, full: bool) -> str:
    y, rx, ry, gap = (162, 13, 7, 36) if full else (164, 21, 12, 58)
    if shape_of(badge) == "disc" and full:
        y = 158
    out = []
    for i in range(3):
        fill, opacity = (CREAM, 1.0) if i < badge.level else ("none", 0.55)
        out.append(
            f'<ellipse cx="{(i - 1) * gap}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}" stroke="{CREAM}" '
            f'stroke-width="{2 if full else 5}" opacity="{number(opacity) if opacity == 1 else opacity}"/>'
        )
    return "".join(out)


@lru_cache(maxsize=2048)
def badge_svg(badge: Badge, form: str = "full", size: int = 0, decorative: bool = False, copy: int = 0) -> str:
    """The badge as SVG. form "full" carries its words (160 px and up); "mark" is for lists (24 to 160 px).

    size: width and height in px, 0 leaves them to the page. decorative: beside the same title in text, so that a
    screen reader does not say it twice. copy: which one on its page this is, so that ids stay unique.
    """
    full, key = form == "full", uid("b", badge, form, size, copy)
    level = f", level {LEVELS[badge.level]}" if badge.level else ""
    said = f"{badge.title}, a micro-credential in the stack {badge.stack}{level}"
    pebbles = f" and {badge.level} of 3 pebbles filled." if badge.level else "."
    about = f"A {shape_of(badge)}-shaped {family_of(badge)} stone with a drawn mark{pebbles}"
    extra = f' width="{size}" height="{size}"' if size else ""
    lines = _even_lines(badge.title, 17) if full else []
    parts = [
        opening((512, 512), key, "" if decorative else said, about, extra),
        _stone(badge, full, key),
        _sign(badge, full, len(lines)),
        _words(badge, lines) if full else "",
        _pebbles(badge, full) if badge.level else "",
    ]
    return "".join(parts) + "</g></svg>"


def badge_png(badge: Badge, fonts: Path, size: int = 512) -> bytes:
    """The full badge as a PNG of size by size px, lettered with the TTF files in the folder `fonts`."""
    files = sorted(str(font) for font in fonts.glob("*.ttf"))
    if not files:
        raise FileNotFoundError(f"No badge fonts in {fonts}. Run: python assets/build.py")
    svg = badge_svg(badge, decorative=True)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True, font_files=files))
