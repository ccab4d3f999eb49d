"""Badges as PNG pictures, drawn once and kept in the data folder under a name made of what they show. Not here: drawing (art)."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress

from django.conf import settings

from cairn.interfaces.web.art import Badge, badge_png, badge_svg


def badge_picture(badge: Badge) -> bytes:
    """The badge as PNG. A folder that cannot be written to costs time, never the picture."""
    name = hashlib.sha256(badge_svg(badge, decorative=True).encode()).hexdigest()
    kept = settings.FOLDER.path / "drawn" / f"{name}.png"
    with suppress(OSError):
        return bytes(kept.read_bytes())
    picture = badge_png(badge, settings.FONTS_DIR)
    draft = kept.with_suffix(f".{secrets.token_hex(6)}")
    with suppress(OSError):
        kept.parent.mkdir(exist_ok=True)
        draft.write_bytes(picture)
        os.replace(draft, kept)  # whole or not at all, whoever else draws it now
    return picture
