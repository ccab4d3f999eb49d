"""Contrast of two colors. Source: WCAG 2.2, "relative luminance" and "contrast ratio" (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""

from __future__ import annotations

import re

from cairn.kernel.errors import Invalid

LEAST = 4.5  # for text of any size: WCAG 2.2, success criterion 1.4.3
_COLOR = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
Rgb = tuple[int, int, int]


def parse(text: str) -> str:
    """A color as people write it ("1F5142", "#abc") as six lower-case digits behind a #; Invalid where it is none."""
    found = _COLOR.fullmatch(text.strip())
    if not found:
        remedy = "Write it as # and six digits from 0 to 9 and a to f, such as #1f5142."
        raise Invalid("color-unreadable", f"“{text[:40]}” is not a color.", remedy)
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def rgb(color: str) -> Rgb:
    """Red, green and blue from 0 to 255 of what `parse` gave."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def as_text(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


def luminance(color: str) -> float:
    """From 0, black, to 1, white."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in rgb(color)))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black and white; in either order."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`share` from 0, all of the one, to 1, all of the other; in steps of the eight bits that a screen has."""
    return as_text(tuple(round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(other), strict=True)))  # type: ignore[arg-type]
