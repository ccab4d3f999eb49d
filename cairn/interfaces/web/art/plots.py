"""Plots as SVG: a funnel, a completion curve, shares with their intervals, paired change. Colors come from the page's custom properties.

Each is drawn twice, wide and narrow. Not here: the tables that stand beside them, with the same numbers, and the counting.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from cairn.pure.surveys import Change, Share, Step

_FACE = "font-family=\"'Source Sans 3', sans-serif\""
_INK = f'{_FACE} fill="currentColor"'
_MUTED = f'{_FACE} fill="var(--muted, #635B50)"'
_GREEN = "var(--primary, #1F5142)"


def _svg(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    label = escape(f"{title}. The table beside it has the same numbers.")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" role="img" aria-label="{label}">'
    return f"{head}{''.join(parts)}</svg>"


def funnel_svg(title: str, steps: Sequence[tuple[str, int]], narrow: bool = False) -> str:
    """Bars from one shared left edge, since lengths on a common scale are read best; on a phone the labels stand above."""
    row, left, full, width = (66, 0, 215, 340) if narrow else (46, 176, 310, 600)
    most, parts = max((count for _, count in steps), default=0) or 1, []
    for i, (label, count) in enumerate(steps):
        y, bar = i * row + (30 if narrow else 4), full * count / most
        parts.append(
            f'<text x="0" y="{y - 8 if narrow else y + 22}" font-size="17" {_INK}>{escape(label)}</text>'
            f'<rect x="{left}" y="{y + 2}" width="{bar:.0f}" height="30" rx="5" fill="{_GREEN}" opacity="{max(0.5, 1 - 0.05 * i):.2f}"/>'
            f'<text x="{left + bar + 10:.0f}" y="{y + 23}" font-size="17" font-weight="650" {_INK}>{count:,}</text>'
        )
    return _svg(title, width, row * len(steps) + 6, parts)


def completion_svg(title: str, steps: Sequence[Step], narrow: bool = False) -> str:
    """The share that has finished by each day: steps, not a smooth line, since each is a fact."""
    width, height, left, base = (340, 270, 46, 220) if narrow else (600, 290, 52, 240)
    last = max(30, steps[-1].day if steps else 0)

    def x(day: float) -> float:
        return left + (width - left - 16) * day / last

    def y(part: float) -> float:
        return base - (base - 26) * part

    parts = [
        f'<path d="M{left} {y(part):.0f}H{width - 16}" stroke="currentColor" opacity=".14"/>'
        f'<text x="{left - 8}" y="{y(part) + 5:.0f}" text-anchor="end" font-size="15" {_INK}>{part:.0%}</text>'.replace("%<", " %<")
        for part in (0, 0.25, 0.5, 0.75, 1)
    ]
    path = f"M{x(0):.0f} {y(0):.0f}" + "".join(f"H{x(step.day):.1f}V{y(step.part):.1f}" for step in steps) + f"H{width - 16}"
    parts.append(f'<path d="{path}" fill="none" stroke="{_GREEN}" stroke-width="3.5" stroke-linejoin="round"/>')
    for i in range(5 if not narrow else 3):
        day = last * i / (4 if not narrow else 2)
        parts.append(f'<text x="{x(day):.0f}" y="{base + 24}" text-anchor="middle" font-size="15" {_INK}>{day:.0f}</text>')
    parts.append(f'<text x="{left}" y="{base + 46}" font-size="15" {_INK}>Days since each person began</text>')
    return _svg(title, width, height, parts)


def interval_svg(title: str, rows: Sequence[tuple[str, Share]], narrow: bool = False) -> str:
    """Each share with its 95 % interval; where there are too few to judge, the interval alone and the word."""
    left, width, row, top = (0, 340, 62, 30) if narrow else (220, 600, 46, 30)
    base = top + row * len(rows)
    parts = []

    def x(part: float) -> float:
        return left + 8 + (width - left - 30) * part

    for tick in (0.0, 0.5, 1.0):
        anchor = "end" if tick == 1 else "start" if narrow and not tick else "middle"
        parts.append(
            f'<path d="M{x(tick):.0f} {top - 4}V{base}" stroke="currentColor" opacity=".14"/>'
            f'<text x="{x(tick):.0f}" y="{base + 22}" text-anchor="{anchor}" font-size="15" {_INK}>{tick:.0%}</text>'.replace("%<", " %<")
        )
    for i, (label, share) in enumerate(rows):
        y = top + i * row + (40 if narrow else 22)
        parts.append(f'<text x="0" y="{y - 18 if narrow else y + 6}" font-size="{16 if narrow else 17}" {_INK}>{escape(label)}</text>')
        if share.interval:
            parts.append(_whisker(x(share.interval[0]), x(share.interval[1]), y, share.is_enough))
            if share.is_enough:
                parts.append(f'<ellipse cx="{x(share.count / share.n):.0f}" cy="{y}" rx="9" ry="7.5" fill="{_GREEN}"/>')
            else:
                at, anchor = (x(share.interval[0]) - 10, "end") if share.interval[0] > 0.45 else (x(share.interval[1]) + 10, "start")
                words = f"too few, n = {share.n}"
                parts.append(f'<text x="{at:.0f}" y="{y + 5}" text-anchor="{anchor}" font-size="15" {_MUTED}>{words}</text>')
    return _svg(title, width, base + 30, parts)


def _whisker(low: float, high: float, y: float, solid: bool) -> str:
    look = f'stroke="{_GREEN}" stroke-width="2.5"' + ("" if solid else ' stroke-dasharray="2 5"')
    return f'<path d="M{low:.0f} {y}H{high:.0f}M{low:.0f} {y - 6}v12M{high:.0f} {y - 6}v12" {look} fill="none" stroke-linecap="round"/>'


def change_svg(title: str, rows: Sequence[tuple[str, Change]], least: float, most: float, narrow: bool = False) -> str:
    """From the mean before (open) to the mean after (filled), with the 95 % interval of the change around the latter."""
    left, width, row, top = (0, 340, 84, 8) if narrow else (250, 600, 64, 8)
    base = top + row * len(rows)
    parts = []

    def x(value: float) -> float:
        return left + 10 + (width - left - 26) * (value - least) / (most - least)

    for tick in range(math.ceil(least), math.floor(most) + 1):
        parts.append(
            f'<path d="M{x(tick):.0f} {top}V{base}" stroke="currentColor" opacity=".14"/>'
            f'<text x="{x(tick):.0f}" y="{base + 22}" text-anchor="middle" font-size="15" {_INK}>{tick}</text>'
        )
    for i, (label, change) in enumerate(rows):
        y = top + i * row + (52 if narrow else 32)
        for line, words in enumerate(_wrapped(label, 34 if narrow else 28)):
            parts.append(f'<text x="0" y="{(y - 28 if narrow else y) + 19 * line}" font-size="16" {_INK}>{escape(words)}</text>')
        if change.before is not None and change.after is not None:
            if change.low is not None and change.high is not None:
                low, high = (min(max(change.before + end, least), most) for end in (change.low, change.high))
                parts.append(_whisker(x(low), x(high), y, True))
            parts.append(
                f'<path d="M{x(change.before) + 8:.0f} {y}H{x(change.after) - 9:.0f}" stroke="{_GREEN}" stroke-width="2.5"/>'
                f'<circle cx="{x(change.before):.0f}" cy="{y}" r="8" fill="var(--paper, #FBFAF7)" stroke="{_GREEN}" stroke-width="2.5"/>'
                f'<circle cx="{x(change.after):.0f}" cy="{y}" r="9" fill="{_GREEN}"/>'
            )
    return _svg(title, width, base + 32, parts)


def _wrapped(text: str, most: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[:2]
