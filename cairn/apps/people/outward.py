"""Work on an organization's logo that may not be done in this process: its bytes come from outside (frame.cell)."""

from __future__ import annotations

import shutil
import tempfile
from typing import BinaryIO

from cairn.apps.people import commands, policy
from cairn.apps.people.models import Brand, Organization
from cairn.frame import cell
from cairn.frame.actor import Actor
from cairn.kernel.errors import Invalid, Refused
from cairn.kernel.text import megabytes

LARGEST_LOGO = 1_000_000  # bytes as it comes
SMALL = 400_000  # bytes as it is kept


def keep_logo(actor: Actor, organization_id: str, file: BinaryIO, *, size: int, alt: str) -> Brand:
    """Draw the picture anew and keep it. Every refusal says what to do."""
    organization = Organization.objects.visible_to(actor).get_or_not_found(pk=organization_id)
    policy.SET_BRAND.require(actor, organization)
    if size > LARGEST_LOGO:
        raise _too_large(size, LARGEST_LOGO)
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out:
        shutil.copyfileobj(file, source)
        source.seek(0)
        try:
            told = cell.run("clean", source, out)
        except Refused as refusal:
            raise Invalid(refusal.code, refusal.message, refusal.remedy, {"logo": str(refusal)}) from None
        if out.seek(0, 2) > SMALL:
            raise _too_large(out.tell(), SMALL)
        out.seek(0)
        return commands.set_logo(actor=actor, organization_id=organization_id, picture=out.read(), kind=str(told["kind"]), alt=alt)


def _too_large(size: int, most: int) -> Invalid:
    words = f"This picture has {megabytes(size)}; a logo may have {megabytes(most)}."
    return Invalid(
        "logo-too-large", words, "Save it smaller: 600 pixels across are enough.", {"logo": f"{words} 600 pixels across are enough."}
    )
