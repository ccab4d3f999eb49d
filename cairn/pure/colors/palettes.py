"""The five colors of an organization's pages, made from the one that it chooses, for light and for dark pages.

Neutrals, amber, brick and the ring of the focus stay the site's own, so that what they mean stays the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from cairn.pure.colors.contrast import LEAST, contrast, mix

_STEPS = 256


@dataclass(frozen=True)
class Ground:
    """What the colors stand on: assets/styles/theme.scss has the same values. `toward` is where a color goes to be read better."""

    name: str
    paper: str
    band: str
    on_deep: str
    toward: str
    wash_share: float
    deep_share: float


LIGHT = Ground("light", paper="#fbfaf7", band="#f3efe8", on_deep="#f1eee6", toward="#000000", wash_share=0.11, deep_share=0.25)
DARK = Ground("dark", paper="#161a18", band="#202624", on_deep="#d9d6cc", toward="#ffffff", wash_share=0.14, deep_share=0.9)


@dataclass(frozen=True)
class Palette:
    """As the custom properties of the same names."""

    primary: str
    primary_strong: str
    on_primary: str
    wash: str
    deep: str


@dataclass(frozen=True)
class Shortfall:
    """A pair that cannot be read well enough, with its contrast."""

    what: str
    ratio: float


def palette(color: str, ground: Ground) -> Palette:
    """What follows from one color: a stronger one, words on it, a wash below it, and the deep ground of the foot."""
    on_primary = max(("#ffffff", "#000000"), key=lambda words: contrast(color, words))
    return Palette(
        primary=color, primary_strong=mix(color, ground.toward, 0.22), on_primary=on_primary,
        wash=mix(ground.paper, color, ground.wash_share), deep=_deep(color, ground),
    )  # fmt: skip


def _deep(color: str, ground: Ground) -> str:
    """The color toward black, as far as the words on it ask for."""
    for step in range(round(ground.deep_share * _STEPS), _STEPS + 1):
        deep = mix(color, "#000000", step / _STEPS)
        if contrast(deep, ground.on_deep) >= LEAST:
            return deep
    return "#000000"


def shortfalls(color: str, ground: Ground) -> tuple[Shortfall, ...]:
    """Every pair of the color's palette below 4.5 to 1; none for a color that may be used."""
    made = palette(color, ground)
    pairs = (
        ("links on the page", color, ground.paper),
        ("links in the head of the page", color, ground.band),
        ("links on tinted ground", color, made.wash),
        ("words on a button", made.on_primary, color),
        ("words in the foot", ground.on_deep, made.deep),
    )
    return tuple(Shortfall(what, ratio) for what, one, other in pairs if (ratio := contrast(one, other)) < LEAST)


def suggestion(color: str, ground: Ground) -> str:
    """The nearest color that may be used, darker on light pages and lighter on dark ones; the same one where it may be used itself."""
    return next(found for step in range(_STEPS + 1) if not shortfalls(found := mix(color, ground.toward, step / _STEPS), ground))
