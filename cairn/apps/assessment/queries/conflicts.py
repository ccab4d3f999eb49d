"""Who may score a case: qualified, and free of conflict with its educator. Not here: picking among them (commands)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from cairn.apps.assessment.models import Case, Recusal, ScoreSheet
from cairn.apps.assessment.states import LEAD, READER
from cairn.apps.people import queries as people
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor, system
from cairn.kernel import clock

_SYSTEM = system("assessment")
_READ_IT = "scored it or gave it back"


@dataclass(frozen=True)
class Eligible:
    """Persons free to take a case; how many are qualified at all, and what keeps the others away, in counts only."""

    persons: tuple[str, ...]
    qualified: int
    kept_away: Mapping[str, int]
    open_sheets: Mapping[str, int]

    @property
    def sentence(self) -> str:
        away = ", ".join(f"{n} {why}" for why, n in self.kept_away.items())
        return f"of {self.qualified} qualified, {len(self.persons)} are free" + (f" ({away})" if away else "")

    @property
    def free(self) -> int:
        return len(self.persons)

    @property
    def read_it(self) -> int:
        return self.kept_away.get(_READ_IT, 0)

    @property
    def in_conflict(self) -> int:
        """All conflicts as one count: in a small circle a single kind of conflict could name the educator."""
        return sum(n for why, n in self.kept_away.items() if why != _READ_IT)


def two_years_before(day: date) -> date:
    """24 months back; February 29 becomes February 28."""
    return day.replace(year=day.year - 2, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 2)


def eligible(viewer: Actor, case: Case, kind: str) -> Eligible:
    """Everyone who holds the role for the case and has no conflict with its educator. For the system, or about a case one sees."""
    role = "lead assessor" if kind == LEAD else "assessor"
    qualified = set(people.holders(_SYSTEM, role, {"microcredential": case.microcredential_id, "program": case.program_id,
                                                   "organization": case.organization_id}))  # fmt: skip
    qualified |= set(people.holders(_SYSTEM, role, {"organization": case.issuer_id}))
    reads_it = set(ScoreSheet.objects.filter(case=case).values_list("assessor_id", flat=True))
    settled = ScoreSheet.objects.filter(case__enrollment_id=case.enrollment_id, kind=LEAD, state="locked")
    reads_it |= set(settled.values_list("assessor_id", flat=True)) if kind == READER else set()
    tie = _ties(case, qualified)

    def why_not(person: str) -> str:
        return _READ_IT if person in reads_it and person != case.person_id else tie(person)

    reasons = {person: why_not(person) for person in sorted(qualified)}
    free = tuple(person for person, why in reasons.items() if not why)
    load = ScoreSheet.objects.filter(assessor_id__in=free, state="open").values_list("assessor_id").annotate(n=Count("pk"))
    return Eligible(free, len(qualified), Counter(why for why in reasons.values() if why), dict(load))


def is_tied(case: Case, person_id: str) -> bool:
    """Whether somebody who was free of conflict when they got the case is so no more."""
    return bool(_ties(case, {person_id})(person_id))


def might_score(person_id: str, educator_id: str) -> bool:
    """Whether somebody has a sheet open on an educator's work, or may be given one: not told apart, so that a no tells nothing."""
    if ScoreSheet.objects.filter(assessor_id=person_id, state="open", case__person_id=educator_id).exists():
        return True
    scorer = people.actor_of(person_id)
    runs = programs.my_enrollments(people.actor_of(educator_id)).filter(state__in=["active", "lapsed"])
    return any(_may_be_given(scorer, run) for run in runs.select_related("offering__program", "microcredential"))


def _may_be_given(scorer: Actor, run: programs.Enrollment) -> bool:
    """Qualified for what is handed in there, and free of conflict."""
    mc, program = run.microcredential, run.offering.program
    held = (
        scorer.holds(role, microcredential=mc.pk, program=program.pk, organization=organization)
        for role in ("assessor", "lead assessor")
        for organization in (program.organization_id, mc.issuer_id)
    )
    person = str(scorer.person_id)
    return any(held) and not _ties(Case(person_id=run.person_id, microcredential_id=mc.pk), {person})(person)


def _ties(case: Case, persons: set[str]) -> Callable[[str], str]:
    """Says of each of the persons what ties them to the case's educator, or nothing."""
    pursuing = programs.pursuers(_SYSTEM, case.microcredential_id)
    since = two_years_before(clock.today(people.zone_of(None)))
    ties = people.ties_of(_SYSTEM, [*persons, case.person_id], since)
    recused = set(Recusal.objects.filter(microcredential_id=case.microcredential_id).values_list("person_id", flat=True))
    hers, coached = ties[case.person_id], portfolio.coached_with(_SYSTEM, case.person_id, since)

    def tie(person: str) -> str:
        if person == case.person_id:
            return "submitted it"
        if ties[person].employers & hers.employers:
            return "shared an employer in the last 24 months"
        if ties[person].groups & hers.groups:
            return "shared a group in the last 24 months"
        if person in coached:
            return "coached them, or was coached by them, in the last 24 months"
        if case.person_id in ties[person].seen:
            return "saw their pages as support in the last 24 months"
        if person in recused:
            return "had a say in it before it began"
        return "earning it themselves" if person in pursuing else ""

    return tie
