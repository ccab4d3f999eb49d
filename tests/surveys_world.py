"""Builders for surveys, boards and lists of what was run before."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import yaml
from django.conf import settings

from cairn.apps.programs import commands as programs
from cairn.apps.programs.commands import RecordLine
from cairn.apps.programs.models import Enrollment, Survey, SurveyRound
from cairn.frame.actor import system
from tests.world import SYSTEM, World

QUESTIONS = ("What has changed in how you see your team?",)
CONSENT = "A study may use my answers under a code that names nobody."


def scale(key: str) -> dict:
    return yaml.safe_load((settings.SURVEYS_DIR / f"{key}.yaml").read_text())


class SurveyWorld(World):
    """A program with a coordinator, an admin, and as many participants as a test needs."""

    @cached_property
    def coordinator(self):
        return self.person("Corin Coordinator", coordinator=self.issuer)

    @cached_property
    def admin(self):
        return self.person("Ada Admin", organization_admin=self.issuer)

    def participants(self, count: int):
        return [self.enrolled(self.person(f"Participant{n} Stone"))[0] for n in range(count)]

    def survey(self, *, scales=("self-efficacy", "collective-efficacy"), questions=QUESTIONS, irb_number="IRB 2026-17", **more) -> Survey:
        return programs.found_survey(
            actor=self.coordinator, program_id=self.program.pk, title="How I see my work", scales=[scale(key) for key in scales],
            questions=questions, irb_number=irb_number, consent_text=CONSENT if irb_number else "", **more,
        )  # fmt: skip

    def round(self, survey: Survey, kind="before", *, opened=True) -> SurveyRound:
        asked = SurveyRound.objects.get(survey=survey, kind=kind)
        return programs.open_round(actor=self.coordinator, round_id=asked.pk) if opened else asked

    def send(self, actor, asked: SurveyRound, level: int, words="") -> None:
        """Every item answered so that its score is `level`, reversed items the other way around."""
        values = answers(asked.survey, level)
        programs.send_response(actor=actor, round_id=asked.pk, values={**values, **({"q1": words} if words else {})})

    def completed(self, count: int):
        """Participants who have earned it, as the consequence of a decision would note it."""
        actors = self.participants(count)
        for actor in actors:
            run = Enrollment.objects.get(person_id=actor.person_id)
            programs.complete(actor=SYSTEM, fact=_earned(run, self.issuer.pk))
        return actors


def answers(survey: Survey, level: int) -> dict[str, str]:
    found = {}
    for told in survey.content["scales"]:
        for item in told["items"]:
            found[item["key"]] = str(told["least"] + told["most"] - level if item.get("reversed") else level)
    return found


def _earned(run: Enrollment, organization: str):
    from cairn.kernel import clock
    from cairn.kernel.facts import Recorded

    return Recorded("", clock.now(), "assessment.decided", "system:tests", organization, "", run.pk, "", run.pk, {"outcome": "earned"})


# --- The Kansas renewal pilot, as its lists tell it ---------------------------------------------------------------------

WORKER = system("tests")


def kansas_lists() -> dict[str, list[RecordLine]]:
    """Three lists, kept apart by those who kept them: who began; who earned with the provider; who wrote their own."""
    roster = [
        RecordLine(
            f"R{n:02}", initiated_on=date(2016, 9, 1 + n % 25), earned=2 if n < 21 else None,
            finished_on=date(2017, 5, 1 + n % 25) if n < 21 else None, relicensed="yes" if n < 6 else "",
            group="Rural" if n < 8 else "Town", left_because="time" if 21 <= n < 38 else "",
        )
        for n in range(50)
    ]  # fmt: skip
    provider = [
        RecordLine(f"B{n:02}", route="external", earned=1, submitted=1, passed_first=int(n >= 13), resubmitted=int(n < 13),
                   passed_second=int(n < 13))
        for n in range(30)
    ]  # fmt: skip
    own = [
        RecordLine(f"S{n:02}", route="self-created", earned=1, submitted=1, passed_first=1, resubmitted=0, passed_second=0)
        for n in range(12)
    ]
    return {"Roster": roster, "Provider": provider, "Self-created": own}
