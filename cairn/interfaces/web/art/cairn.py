"""Draw a stack as a cairn: one stone for each micro-credential, by its state. Not here: single badges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from cairn.interfaces.web.art.marks import FAMILIES
from cairn.interfaces.web.art.shapes import dice, mix, number, opening, path, pebble, pick, smooth, strata, uid

STATES = {"earned": "earned", "progress": "in progress", "planned": "still to come"}


@dataclass(frozen=True)
class Stone:
    slug: str
    title: str
    state: str  # earned | progress | planned
    share: float = 0.0  # 0..1 of the way, only for progress


@dataclass(frozen=True)
class _Place:
    stone: Stone
    cx: float
    cy: float
    w: float
    h: float

    def outline(self, smaller: float = 0) -> str:
        return pebble(self.cx, self.cy, self.w - smaller, self.h - smaller, self.stone.slug)


def _courses(n: int) -> list[int]:
    """Up to six stones stand alone; more make courses, as a mason would: 15 is 5, 4, 3, 2, 1."""
    if n <= 6:
        return [1] * n
    k = (math.isqrt(8 * n + 1) - 1) // 2
    left = n - k * (k + 1) // 2
    return sorted([*range(k, 0, -1), *([left] if left else [])], reverse=True)


def _lay(stack_slug: str, stones: Sequence[Stone], width: float, height: float) -> list[_Place]:
    """Where each stone lies: courses narrow toward the top and are never quite straight."""
    roll, rows = dice(stack_slug + "lay"), _courses(len(stones))
    alone, last = max(rows, default=1) == 1, max(1, len(rows) - 1)
    tall = [1 - 0.42 * i / last for i in range(len(rows))] if len(rows) > 1 else [1.0] * len(rows)
    unit = min((height - 50) / (sum(tall) or 1), height * (0.25 if alone else 0.15))
    base = width * (0.62 if alone else 0.9)
    placed: list[_Place] = []
    y, waiting = height - 31, iter(stones)
    for r, count in enumerate(rows):
        h = unit * tall[r]
        total = base * (1 - (0.58 if alone else 0.74) * r / last) if len(rows) > 1 else base * 0.8
        total *= 0.95 + next(roll) * 0.1
        left = width / 2 - total / 2 + (next(roll) - 0.5) * width * 0.045 * (r > 0)
        parts = [0.85 + next(roll) * 0.3 for _ in range(count)]
        for part in parts:
            w = total * part / sum(parts)
            placed.append(_Place(next(waiting), left + w / 2, y - h / 2, w + (3 if count > 1 else 0), h * 1.05))
            left += w
        y -= h
    return placed


def _ground(stack_slug: str, width: float, ground: float) -> str:
    """The ground, in contour lines that shorten as they fall away."""
    roll, out = dice(stack_slug + "ground"), []
    for k, (stroke, opacity) in enumerate(((2, 0.5), (1.5, 0.3), (1.2, 0.2), (1, 0.13))):
        half = width * (0.47 - 0.075 * k)
        points = [(width / 2 - half + half * 2 * i / 6, ground + 3 + k * 8 + (next(roll) - 0.5) * 3.4) for i in range(7)]
        out.append(path(smooth(points, False), stroke_width=stroke, opacity=opacity))
    return f'<g fill="none" stroke="currentColor" stroke-linecap="round">{"".join(out)}</g>'


def _planned(place: _Place, base: str, soft: str) -> str:
    dots = {"stroke_width": 2.2, "stroke_linecap": "round", "stroke_dasharray": ".1 6"}
    return path(place.outline(5), fill=soft, fill_opacity=0.3, stroke=mix(base, soft, 0.45), **dots)


def _earned(place: _Place, tone: str, soft: str, clip: str) -> str:
    cx, cy, w, h, slug = place.cx, place.cy, place.w, place.h, place.stone.slug
    out = [path(place.outline(), fill=tone), f'<g clip-path="url(#{clip})">']
    out.append(path(pebble(cx - w * 0.03, cy - h * 0.16, w * 1.02, h, slug), fill=mix(tone, "#FFFFFF", 0.12)))
    out.append(f'<g fill="none" stroke="{soft}" stroke-linecap="round">')
    lines = strata(slug, (cx - w / 2, cx + w / 2, cy - h * 0.36, cy + h * 0.44), 4, h * 0.16)
    for d, (stroke, opacity) in zip(lines, ((1.4, 0.5), (3.6, 0.22), (1.2, 0.42), (2.2, 0.28)), strict=True):
        out.append(path(d, stroke_width=stroke, opacity=opacity))
    return "".join(out) + "</g></g>"


def _in_progress(place: _Place, base: str, soft: str, clip: str) -> str:
    """Filled from below as far as the share of the way."""
    cx, cy, w, h, slug = place.cx, place.cy, place.w, place.h, place.stone.slug
    level = cy + h / 2 - h * max(0.12, min(0.95, place.stone.share))
    out = [path(place.outline(), fill=soft, fill_opacity=0.16)]
    out.append(f'<g clip-path="url(#{clip})"><rect x="{number(cx - w / 2 - 4)}" y="{number(level)}" width="{number(w + 8)}" ')
    out.append(f'height="{number(h)}" fill="{soft}" fill-opacity=".75"/><g fill="none" stroke="{base}">')
    lines = strata(slug, (cx - w / 2, cx + w / 2, level, cy + h / 2), 3, h * 0.1)
    out += [path(d, stroke_width=stroke, opacity=0.45) for d, stroke in zip(lines, (1.2, 2.4, 1.2), strict=True)]
    out.append("</g></g>" + path(place.outline(3), fill="none", stroke=mix(base, soft, 0.35), stroke_width=2.5))
    return "".join(out)


def _tones(places: Sequence[_Place], deep: str, base: str, soft: str) -> list[str]:
    """One of five shades for each stone; neighbors never share one."""
    shades = (base, mix(base, soft, 0.22), mix(base, deep, 0.4), mix(base, "#8D8578", 0.3), mix(base, soft, 0.4))
    out, last = [], -1
    for place in places:
        if place.stone.state != "planned":
            choice = int(next(dice(place.stone.slug + "tone")) * len(shades))
            last = (choice + 1) % len(shades) if choice == last else choice
        out.append(shades[last])
    return out


@lru_cache(maxsize=1024)
def cairn_svg(
    title: str,
    stack_slug: str,
    stones: tuple[Stone, ...],
    family: str = "",
    size: tuple[int, int] = (320, 320),
    decorative: bool = False,
    copy: int = 0,
) -> str:
    """The stack so far. First member at the bottom; give the stones in the order they are to be read."""
    deep, base, soft = FAMILIES[family or pick(stack_slug + "/family", tuple(FAMILIES))]
    key = uid("c", stack_slug, stones, size, copy)
    tally = {name: sum(s.state == name for s in stones) for name in STATES}
    said = f"{tally['earned']} of {len(stones)} stones earned, {tally['progress']} in progress, {tally['planned']} still to come."
    each = "; ".join(f"{s.title}: {STATES[s.state]}" for s in stones)
    places = _lay(stack_slug, stones, *size)
    out = [opening(size, key, "" if decorative else f"{title}: {said}", f"{each}."), _ground(stack_slug, size[0], size[1] - 34)]
    for i, (place, tone) in enumerate(zip(places, _tones(places, deep, base, soft), strict=True)):
        if place.stone.state == "planned":
            out.append(_planned(place, base, soft))
            continue
        clip = f"{key}p{i}"
        out.append(f'<clipPath id="{clip}"><path d="{escape(place.outline())}"/></clipPath>')
        drawn = _earned(place, tone, soft, clip) if place.stone.state == "earned" else _in_progress(place, base, soft, clip)
        out.append(drawn)
    return "".join(out) + "</svg>"
