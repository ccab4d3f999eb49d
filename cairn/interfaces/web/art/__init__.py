"""Badges, cairns, trails, land, and icons as SVG, drawn from slugs and states: same data in, same bytes out.

Not here: signing or baking a badge, and anything that reads a database.
"""

from cairn.interfaces.web.art.badge import Badge, badge_png, badge_svg, family_of, shape_of
from cairn.interfaces.web.art.cairn import Stone, cairn_svg
from cairn.interfaces.web.art.icons import ICONS, LOGO, STATES, icon
from cairn.interfaces.web.art.marks import FAMILIES, MARKS, SHAPES
from cairn.interfaces.web.art.plots import change_svg, completion_svg, funnel_svg, interval_svg
from cairn.interfaces.web.art.terrain import terrain_svg
from cairn.interfaces.web.art.trail import Waypoint, trail_svg

__all__ = [
    "FAMILIES",
    "ICONS",
    "LOGO",
    "MARKS",
    "SHAPES",
    "STATES",
    "Badge",
    "Stone",
    "Waypoint",
    "badge_png",
    "badge_svg",
    "cairn_svg",
    "change_svg",
    "completion_svg",
    "family_of",
    "funnel_svg",
    "icon",
    "interval_svg",
    "shape_of",
    "terrain_svg",
    "trail_svg",
]
