"""Colors of an organization: contrast as WCAG 2.2 counts it, and what follows from one color. Not here: keeping them (people)."""

from cairn.pure.colors.contrast import LEAST, contrast, luminance, parse
from cairn.pure.colors.palettes import DARK, LIGHT, Ground, Palette, Shortfall, palette, shortfalls, suggestion

__all__ = [
    "DARK",
    "LEAST",
    "LIGHT",
    "Ground",
    "Palette",
    "Shortfall",
    "contrast",
    "luminance",
    "palette",
    "parse",
    "shortfalls",
    "suggestion",
]
