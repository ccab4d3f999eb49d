"""Draw a trail: what lies behind, where one is, what lies ahead. Not here: the list of the same facts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from cairn.interfaces.web.art.marks import SANS
from cairn.interfaces.web.art.shapes import Point, dice, number, opening, path, pebble, smooth, uid

STATES = {"passed": "passed", "here": "you are here", "ahead": "ahead"}
# The page's own properties, with the light theme's values where the drawing stands alone.
_PRIMARY, _ON_PRIMARY, _AMBER = "var(--primary, #1F5142)", "var(--on-primary, #FFFFFF)", "var(--amber, #B36B00)"
_PAPER, _MUTED = "var(--paper, #FBFAF7)", "var(--muted, #635B50)"
_ROUND = {"stroke_linecap": "round", "stroke_linejoin": "round"}


@dataclass(frozen=True)
class Waypoint:
    title: str
    when: str
    state: str  # passed | here | ahead


def _walk(title: str, n: int, upright: bool, width: float) -> list[Point]:
    """The points of the way, with a bend between each two: every second one is a stop."""
    roll = dice(title + "trail")
    stops: list[Point] = []
    for i in range(n):
        sway = (1 if i % 2 else -1) * (10 + 10 * next(roll))
        stops.append((44 + sway * 0.7, 46 + i * 96.0) if upright else (22 + i * (width - 44) / max(1, n - 1), 62 + sway))
    way: list[Point] = []
    for (x, y), (nx, ny) in pairwise(stops):
        bend = (next(roll) - 0.5) * 34
        way += [(x, y), ((x + nx) / 2 + (bend if upright else 0), (y + ny) / 2 + (0 if upright else bend))]
    return [*way, *stops[-1:]]


def _sign(point: Waypoint, x: float, y: float) -> str:
    stone = pebble(x, y, 36, 27, point.title)
    if point.state == "passed":
        tick = f"M{number(x - 6)} {number(y)}l4.5 4.5 8-9"
        return path(stone, fill=_PRIMARY) + path(tick, fill="none", stroke=_ON_PRIMARY, stroke_width=2.8, **_ROUND)
    if point.state == "here":
        ring = f'<circle cx="{number(x)}" cy="{number(y)}" r="19" fill="{_PAPER}" stroke="{_AMBER}" stroke-width="3.5"/>'
        flag = f"M{number(x - 4)} {number(y + 10)}v-20l12 5-12 5"
        return ring + path(flag, fill="none", stroke=_AMBER, stroke_width=3, **_ROUND)
    dots = {"stroke_opacity": 0.7, "stroke_width": 2, "stroke_dasharray": "1 5", "stroke_linecap": "round"}
    return path(stone, fill=_PAPER, stroke="currentColor", **dots)


def _label(point: Waypoint, x: float, y: float, anchor: str) -> str:
    x += {"start": -18, "end": 18}.get(anchor, 0)
    font = f'x="{number(x)}" text-anchor="{anchor}" font-family="{SANS}"'
    weight = 700 if point.state == "here" else 600
    return (
        f'<text {font} y="{number(y)}" font-size="17" font-weight="{weight}" fill="currentColor">{escape(point.title)}</text>'
        f'<text {font} y="{number(y + 23)}" font-size="16" fill="{_MUTED}">{escape(point.when)}</text>'
    )


def trail_svg(title: str, points: Sequence[Waypoint], upright: bool = False, decorative: bool = False, copy: int = 0) -> str:
    """A trail; upright for a phone. The same facts must stand in a list beside it."""
    n = len(points)
    width, height = (340, 96 * n) if upright else (880, 158)
    way = _walk(title, n, upright, width)
    here = max((i for i, p in enumerate(points) if p.state != "ahead"), default=0)
    said = "; ".join(f"{p.title}, {p.when}: {STATES[p.state]}" for p in points)
    key = uid("t", title, upright, points, copy)
    ahead = {"stroke": "currentColor", "opacity": 0.45, "stroke_width": 4, "stroke_dasharray": "0.1 10"}
    out = [opening((width, height), key, "" if decorative else title, f"{said}.", ' class="cairn-trail"')]
    out.append('<g fill="none" stroke-linecap="round">' + path(smooth(way[here * 2 :], False), **ahead))
    out.append(path(smooth(way[: here * 2 + 1], False), stroke=_PRIMARY, stroke_width=6) + "</g>")
    for i, (point, (x, y)) in enumerate(zip(points, way[::2], strict=True)):
        out.append(_sign(point, x, y))
        if upright:
            out.append(_label(point, 110, y - 4, "start"))
        else:
            out.append(_label(point, x, 124, "start" if i == 0 else "end" if i == n - 1 else "middle"))
    return "".join(out) + "</svg>"
