"""Submissions that somebody of the program looks at before assessors do: what is in them, in counts. No word of an educator's is here."""

from __future__ import annotations

from dataclasses import dataclass

from cairn.apps.assessment.models import Precheck, PrecheckQuerySet
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import EvidenceFile
from cairn.frame.actor import Actor, system
from cairn.kernel import clock

_SYSTEM = system("assessment")


@dataclass(frozen=True)
class CheckLine:
    """A pre-check on the list."""

    check: Precheck

    @property
    def is_late(self) -> bool:
        return self.check.state == "open" and self.check.due_at < clock.now()

    @property
    def title(self) -> str:
        return str(self.check.case.version.microcredential.title)


@dataclass(frozen=True)
class CheckPage:
    """What a submission holds: words by question, files by kind and length, places by detail."""

    line: CheckLine
    words: tuple[tuple[str, int, int], ...]  # question, words, how many are asked for
    files: tuple[EvidenceFile, ...]
    places: tuple[tuple[str, int], ...]  # detail, how many places are cited for it


def checks(viewer: Actor) -> tuple[CheckLine, ...]:
    """Those that are open, the first due first, so that the overdue ones lead."""
    return tuple(CheckLine(check) for check in _seen(viewer).filter(state="open").order_by("due_at", "pk")[:200])


def checks_waiting(viewer: Actor) -> int:
    return Precheck.objects.visible_to(viewer).filter(state="open").count()


def check_page(viewer: Actor, check_id: str) -> CheckPage:
    check = _seen(viewer).get_or_not_found(pk=check_id)
    seen = portfolio.evidence(_SYSTEM, check.case.submission_id)
    words = tuple((a.prompt.question, a.words, a.prompt.words_min) for a in seen.answers if not a.is_locked)
    places = tuple((d.key, len(seen.places_for(d.key))) for d in seen.content.details if d.key in check.case.open_details)
    return CheckPage(CheckLine(check), words, seen.files, places)


def _seen(viewer: Actor) -> PrecheckQuerySet:
    whose = Precheck.objects.visible_to(viewer).select_related("person", "program", "by", "case__version__microcredential")
    return whose.defer("case__version__content")
