"""Answers to a survey by file: what becomes of each line, and taking them in. Not here: what an answer must be (surveys)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cairn.apps.imports.queries import Import
from cairn.apps.imports.steps import BATCH, Cells, Judged, keep, take_in
from cairn.apps.ledger.steps import record
from cairn.apps.programs import events, policy
from cairn.apps.programs.commands.surveys import entered_response
from cairn.apps.programs.models import Survey, SurveyResponse, SurveyRound
from cairn.apps.programs.queries.imports import RESPONSES
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.frame.tables import Chosen, Unread
from cairn.kernel.errors import Invalid, Refused
from cairn.kernel.facts import Recorded
from cairn.pure.files import Table


@command
def read_responses(*, actor: Actor, survey_id: str, kind: str, chosen: Chosen | Unread) -> Import:
    """The dry run: which codes are new to this round, have these answers already, or cannot be read."""
    survey = Survey.objects.visible_to(actor).select_related("program").locked(pk=survey_id)
    policy.RUN_PROGRAM.require(actor, survey.program)
    asked = SurveyRound.objects.locked(survey=survey, kind=kind)
    return keep(
        actor=actor, kind=RESPONSES, about=asked.pk, title=f"{survey.title}, answers {asked.get_kind_display().lower()}",
        page=f"/programs/{survey.program.slug}/surveys/", organization_id=survey.program.organization_id, chosen=chosen,
        judge=lambda table: _judged(survey, asked, table),
    )  # fmt: skip


@command
def take_responses(*, actor: Actor, fact: Recorded) -> Import | None:
    """Consequence of a confirmed file of answers, and of each of its batches."""
    return take_in(actor=actor, fact=fact, write=_enter, batch=BATCH)


def _judged(survey: Survey, asked: SurveyRound, table: Table) -> Iterator[Judged]:
    known = {response.code: response for response in SurveyResponse.objects.filter(round=asked)}
    first: dict[str, int] = {}
    for row in table.rows:
        answers = dict(row.cells)
        code = answers.pop("code", "")
        cells = {"label": code, **row.cells}
        if code in first:
            yield Judged(row.line, "refused", cells, f"The code stands in line {first[code]:,} already. Take one of them out.")
            continue
        first[code] = row.line
        try:
            if not any(answers.values()):
                raise Invalid("answers-missing", "Nothing is answered here.", "Write the answers, or take the line out.")
            fresh = entered_response(survey, asked, code, answers, known.get(code))
        except Refused as no:
            column = table.headings.get(next(iter(no.fields), ""), "")
            yield Judged(row.line, "refused", cells, str(no), column)
        else:
            yield Judged(row.line, "new" if fresh else "unchanged", cells, "Counts from then on." if fresh else "")


def _enter(actor: Actor, source: Import, rows: Sequence[Cells]) -> list[Refused | None]:
    """Codes as they were judged. One that has been given other answers meanwhile is left out."""
    asked = SurveyRound.objects.select_related("survey__program").locked(pk=source.about)
    known = {response.code: response for response in SurveyResponse.objects.filter(round=asked, code__in=[row["code"] for row in rows])}
    said: list[Refused | None] = []
    fresh = []
    for row in rows:
        answers = {name: value for name, value in row.items() if name not in ("label", "code")}
        try:
            response = entered_response(asked.survey, asked, row["code"], answers, known.get(row["code"]))
            fresh += [response] if response else []
            said.append(None)
        except Refused as no:
            said.append(no)
    SurveyResponse.objects.bulk_create(fresh)
    record(events.RESPONSES_ENTERED, actor=actor, subject=asked.survey, organization=asked.survey.program.organization_id,
           kind=asked.kind, entered=len(fresh), same=said.count(None) - len(fresh))  # fmt: skip
    return said
