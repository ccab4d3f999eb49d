"""Draw the quiet land behind a page head. Not here: anything that carries meaning; this is decoration."""

from __future__ import annotations

import math
from functools import lru_cache

from cairn.interfaces.web.art.shapes import dice, path, smooth


@lru_cache(maxsize=256)
def terrain_svg(slug: str, width: int = 1280, height: int = 260, lines: int = 11) -> str:
    """Ridge lines: the same slug always gives the same country."""
    roll = dice(slug + "terrain")
    peaks = [
        (width * (0.42 + 0.2 * i + 0.1 * next(roll)), width * (0.05 + 0.07 * next(roll)), height * (0.16 + 0.34 * next(roll)))
        for i in range(4)
    ]
    fit = 'preserveAspectRatio="xMaxYMax slice" aria-hidden="true" focusable="false"'
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {fit}>']
    out.append('<g fill="none" stroke="currentColor" stroke-width="1.4">')
    for k in range(lines):
        fade, points = (1 - k / lines) ** 1.15, []
        for i in range(41):
            x = -20 + (width + 40) * i / 40
            rise = sum(tall * math.exp(-(((x - middle) / (spread * (1 + k * 0.07))) ** 2)) for middle, spread, tall in peaks)
            points.append((x, height - 4 - (lines - 1 - k) * height * 0.03 - rise * fade))
        out.append(path(smooth(points, False), opacity=round(1 - 0.65 * fade, 2)))
    return "".join(out) + "</g></svg>"
