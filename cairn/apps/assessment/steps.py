"""What capabilities above write of assessment inside their own commands: who never scores a micro-credential."""

from __future__ import annotations

from collections.abc import Iterable

from cairn.apps.assessment.models import Recusal
from cairn.frame.commands import running


def recuse(*, microcredential_id: str, persons: Iterable[str]) -> None:
    """These had a say in it before it could be earned."""
    running()
    Recusal.objects.bulk_create(
        (Recusal(microcredential_id=microcredential_id, person_id=person) for person in persons), ignore_conflicts=True
    )
