"""Lines and outlines that every drawing is made of, steady for a given seed. Not here: what they mean or their color."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from html import escape

Point = tuple[float, float]


def dice(seed: str) -> Iterator[float]:
    """Endless numbers in [0, 1) from a slug: steady across machines, unlike hash()."""
    n = 0
    while True:
        for byte in hashlib.sha256(f"{seed}/{n}".encode()).digest():
            yield byte / 256
        n += 1


def pick(seed: str, options: Sequence[str]) -> str:
    return options[int(hashlib.sha256(seed.encode()).hexdigest()[:8], 16) % len(options)]


def uid(letter: str, *facts: object) -> str:
    """A short id for the parts of one drawing, the same for the same facts."""
    return letter + hashlib.sha256(repr(facts).encode()).hexdigest()[:8]


def mix(a: str, b: str, t: float) -> str:
    """The color that lies the share `t` of the way from `a` to `b`, both "#RRGGBB"."""
    pairs = [(int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(x + (y - x) * t):02X}" for x, y in pairs)


def number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def path(d: str, **attributes: object) -> str:
    """A path element; stroke_width becomes stroke-width."""
    return f'<path d="{d}"' + "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items()) + "/>"


def opening(box: tuple[float, float], key: str, title: str, about: str, extra: str = "") -> str:
    """The svg tag; with its name and description, or hidden from screen readers where `title` is empty."""
    start = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(box[0])} {number(box[1])}"{extra} '
    if not title:
        return start + 'aria-hidden="true" focusable="false">'
    return (
        start + f'role="img" aria-labelledby="{key}t {key}d"><title id="{key}t">{escape(title)}</title>'
        f'<desc id="{key}d">{escape(about)}</desc>'
    )


def smooth(points: Sequence[Point], closed: bool) -> str:
    """Catmull-Rom through the points, as cubic Beziers."""
    count = len(points)

    def at(i: int) -> Point:
        return points[i % count] if closed else points[max(0, min(count - 1, i))]

    out = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for i in range(count if closed else count - 1):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = at(i - 1), at(i), at(i + 1), at(i + 2)
        curve = (x1 + (x2 - x0) / 6, y1 + (y2 - y0) / 6, x2 - (x3 - x1) / 6, y2 - (y3 - y1) / 6, x2, y2)
        out.append("C" + " ".join(number(v) for v in curve))
    return "".join(out) + ("Z" if closed else "")


def rounded(points: Sequence[Point], radius: float) -> str:
    """A polygon with its corners rounded by at most `radius`."""
    out: list[str] = []
    for i, (x, y) in enumerate(points):
        (px, py), (nx, ny) = points[i - 1], points[(i + 1) % len(points)]
        a, b = math.hypot(px - x, py - y), math.hypot(nx - x, ny - y)
        r = min(radius, a / 2, b / 2)
        start = (x + (px - x) / a * r, y + (py - y) / a * r)
        end = (x + (nx - x) / b * r, y + (ny - y) / b * r)
        out.append(f"{'L' if out else 'M'}{number(start[0])} {number(start[1])}")
        out.append(f"Q{number(x)} {number(y)} {number(end[0])} {number(end[1])}")
    return "".join(out) + "Z"


def _ring(r: float, corners: int, turn: float) -> list[Point]:
    return [(r * math.sin(turn + i * math.tau / corners), -r * math.cos(turn + i * math.tau / corners)) for i in range(corners)]


def _squircle(r: float, power: float, flat: float) -> list[Point]:
    points = []
    for i in range(24):
        c, s = math.cos(i * math.tau / 24), math.sin(i * math.tau / 24)
        points.append((r * math.copysign(abs(c) ** (2 / power), c), r * flat * math.copysign(abs(s) ** (2 / power), s)))
    return points


def _arch(r: float) -> str:
    w, n = r * 0.88, number
    return (
        f"M{n(-w)} {n(-r * 0.1)}A{n(w)} {n(w)} 0 0 1 {n(w)} {n(-r * 0.1)}V{n(r * 0.62)}"
        f"Q{n(w)} {n(r * 0.94)} {n(w - r * 0.32)} {n(r * 0.94)}H{n(-w + r * 0.32)}"
        f"Q{n(-w)} {n(r * 0.94)} {n(-w)} {n(r * 0.62)}Z"
    )


def outline(shape: str, r: float) -> str:
    """A stone's outline around (0, 0) that fits a circle of radius r, more or less."""
    if shape == "arch":
        return _arch(r)
    if shape == "disc":
        return smooth(_squircle(r, 2.0, 1.0), True)
    corners: dict[str, tuple[list[Point], float]] = {
        "slab": ([(-r * 0.9, -r * 0.9), (r * 0.9, -r * 0.9), (r * 0.9, r * 0.9), (-r * 0.9, r * 0.9)], 0.42),
        "basalt": (_ring(r * 1.05, 6, 0), 0.3),
        "octagon": (_ring(r * 1.04, 8, math.pi / 8), 0.24),
        "keystone": ([(-r * 1.02, -r * 0.86), (r * 1.02, -r * 0.86), (r * 0.78, r * 0.92), (-r * 0.78, r * 0.92)], 0.34),
        "summit": (
            [(0, -r * 1.06), (r * 1.04, -r * 0.3), (r * 0.8, r * 0.92), (-r * 0.8, r * 0.92), (-r * 1.04, -r * 0.3)],
            0.3,
        ),
    }
    if shape in corners:
        points, radius = corners[shape]
        return rounded(points, r * radius)
    return smooth(_squircle(r, 2.9, 0.9), True)


def strata(seed: str, box: tuple[float, float, float, float], lines: int, swing: float) -> list[str]:
    """Layers of rock across the box (left, right, top, bottom), top to bottom."""
    (x0, x1, y0, y1), roll = box, dice(seed + "strata")
    out = []
    lean = (next(roll) - 0.5) * swing * 2
    for k in range(lines):
        y = y0 + (y1 - y0) * (k + 0.3 + 0.5 * next(roll)) / lines
        points = [(x0 + (x1 - x0) * i / 5, y + lean * (i / 5 - 0.5) + (next(roll) - 0.5) * swing) for i in range(6)]
        out.append(smooth(points, False))
    return out


def pebble(cx: float, cy: float, w: float, h: float, seed: str) -> str:
    """A worn stone of about w by h around (cx, cy)."""
    roll, points = dice(seed + "pebble"), []
    power = 2.5 + next(roll) * 0.7
    lean, tilt = (next(roll) - 0.5) * 0.16, (next(roll) - 0.5) * 0.07
    for i in range(14):
        c, s = math.cos(i * math.tau / 14), math.sin(i * math.tau / 14)
        x = w / 2 * math.copysign(abs(c) ** (2 / power), c) * (1 + (next(roll) - 0.5) * 0.045) + lean * h * -s
        y = h / 2 * math.copysign(abs(s) ** (2 / power), s) * (1 + (next(roll) - 0.5) * 0.05)
        points.append((cx + x, cy + y + tilt * x))
    return smooth(points, True)
