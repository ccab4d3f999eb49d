"""The icons, the logo, and what each state looks like. Not here: the words beside a state (templatetags), badges."""

from __future__ import annotations

from html import escape

_PEBBLE = "M3.5 12c0-5 3-7.5 8.5-7.5s8.5 2.5 8.5 7.5-3 7.5-8.5 7.5S3.5 17 3.5 12z"

# Drawn on a 24 x 24 grid as strokes in the color of the words beside them.
ICONS: dict[str, str] = {
    "met": (
        f'<path d="{_PEBBLE}" fill="currentColor" stroke="none"/>'
        '<path d="M8 12.2l2.8 2.8 5.2-5.8" stroke="var(--paper)" stroke-width="2.2"/>'
    ),
    "half": f'<path d="{_PEBBLE}"/><path d="M4 12.5h16c0 4.5-3 6.5-8 6.5s-8-2-8-6.5z" fill="currentColor" stroke="none"/>',
    "open": f'<path d="{_PEBBLE}" stroke-dasharray="0.1 3.7"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.3l3.3 2"/>',
    "stop": '<path d="M8 3.5h8l4.5 4.5v8L16 20.5H8L3.5 16V8z"/><path d="M8 12h8"/>',
    "officer": '<circle cx="12" cy="8" r="3.7"/><path d="M4.5 20c.6-4 3.5-6 7.5-6s6.9 2 7.5 6"/>',
    "doc": '<path d="M6 3h8l4.5 4.5V21H6zM14 3v5h4.5M9 12.5h6.5M9 16.5h6.5"/>',
    "video": '<path d="M3.5 6h12v12h-12zM15.5 10.5l5-3v9l-5-3z"/>',
    "image": '<path d="M3.5 5h17v14h-17zM4 17l5-5.5 4 4 3-2.5 4 4"/><circle cx="15.5" cy="9" r="1.5"/>',
    "lock": '<path d="M5.5 11h13v9.5h-13zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "shield": '<path d="M12 3l7.5 2.5V12c0 4.2-3.2 7-7.5 9-4.3-2-7.5-4.8-7.5-9V5.5zM8.5 12l2.5 2.5 4.5-5"/>',
    "todo": '<path d="M5 19l1-4L16 5l3 3L9 18zM14 7l3 3"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "key": '<circle cx="8" cy="12" r="4"/><path d="M12 12h9v3.5M17.5 12v3"/>',
    "saved": '<path d="M7 18.5a4.5 4.5 0 0 1-.5-9 6 6 0 0 1 11.5 1 4 4 0 0 1-.5 8zM9 14l2.2 2.2L15 12"/>',
    "down": '<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>',
}
LOGO = (
    '<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false" fill="currentColor">'
    '<path d="M16 3.5c3.2 0 5.4 1.3 5.4 3.3s-2.2 3.4-5.5 3.4-5.3-1.4-5.3-3.4 2.2-3.3 5.4-3.3z" opacity=".62"/>'
    '<path d="M15.5 11.3c4.7 0 8.3 1.5 8.3 4.2s-3.5 4.3-8.2 4.3-8-1.6-8-4.3 3.3-4.2 7.9-4.2z" opacity=".82"/>'
    '<path d="M16.3 20.9c7 0 11.7 1.2 11.7 4.3 0 2.8-4.5 3.8-11.8 3.8S4 28 4 25.2c0-3.2 5.2-4.3 12.3-4.3z"/>'
    "</svg>"
)
# What a state is called in templates: its icon, and the class that colors it.
STATES = {
    "met": ("met", "met"),
    "half": ("half", "met"),
    "seats": ("plus", "met"),
    "soon": ("clock", "soon"),
    "stopped": ("stop", "stopped"),
    "later": ("open", "later"),
    "officer": ("officer", "later"),
    "saved": ("saved", "met"),
}


def icon(name: str, label: str = "") -> str:
    """An icon by its own name or by that of a state; silent for screen readers unless it carries a label of its own."""
    drawn = STATES[name][0] if name in STATES else name
    about = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true" focusable="false"'
    return f'<svg class="c-icon" viewBox="0 0 24 24" {about}>{ICONS[drawn]}</svg>'
