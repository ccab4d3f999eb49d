"""What scoring holds against two persons becoming one: nobody may have judged themself, or been counted as two."""

from __future__ import annotations

from django.db.models import Q

from cairn.apps.assessment.models import Case, ScoreSheet
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor, system
from cairn.kernel.errors import Conflict

_SYSTEM = system("assessment")
_ASK = "Write to the program that issues it: a person there has to look at it."


def object_to_merging(*, viewer: Actor, gone: str, kept: str) -> None:
    both = (gone, kept)
    given = ScoreSheet.objects.exclude(state="stepped_aside")
    if given.filter(Q(assessor_id=gone, case__person_id=kept) | Q(assessor_id=kept, case__person_id=gone)).exists():
        raise Conflict("scored-the-other", "One of the two accounts was given work of the other to score.", _ASK)
    if Case.objects.filter(sheets__assessor_id=gone).filter(sheets__assessor_id=kept).exists():
        raise Conflict("scored-the-same", "Both accounts were given the same work to score, as two independent assessors.", _ASK)
    for sheet in given.filter(assessor_id__in=both, state="open").select_related("case__microcredential"):
        if (both[0] if sheet.assessor_id == both[1] else both[1]) in programs.pursuers(_SYSTEM, sheet.case.microcredential_id):
            why = f"One of the two accounts scores “{sheet.case.microcredential.title}” while the other is at work on it."
            raise Conflict("scores-and-earns", why, "Give the open sheets back, or leave it, then answer again.")
