"""What the assessors said: what is shown, what is not yet, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from cairn.apps.assessment import queries as assessment
from cairn.apps.assessment.queries import DetailFeedback, Feedback
from cairn.apps.credentials import queries as credentials
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import Workspace
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import desk, saying
from cairn.kernel.errors import NotFound
from cairn.pure.clocks import long_date

_READERS = ("One assessor", "Assessor one", "Assessor two", "Assessor three")


@dataclass(frozen=True)
class Said:
    """One reader's words on a detail; a reader has no name."""

    who: str
    level: str
    rationale: str
    advice: str


@dataclass(frozen=True)
class Item:
    """A detail: what each reader saw, what the pass line asks for that was not seen, and what to do."""

    feedback: DetailFeedback
    said: tuple[Said, ...]
    asked: str
    levels: str
    revise_url: str

    @property
    def has_advice(self) -> bool:
        return any(each.advice.strip() for each in self.said)


@dataclass(frozen=True)
class Past:
    """An attempt in the history."""

    words: str
    day: str
    count: str
    url: str
    is_here: bool


@login_required
def feedback(request: Request, enrollment_id: str) -> HttpResponse:
    """The latest decided attempt, or the one that ?attempt= names."""
    work = portfolio.workspace(request.actor, enrollment_id)
    every = assessment.feedback(request.actor, enrollment_id)
    if not every:
        return render(request, "learning/no_feedback.html", {"frame": desk.frame(work)})
    asked = request.GET.get("attempt", "")
    told = next((each for each in every if str(each.attempt) == asked), None) if asked else every[0]
    if told is None:
        raise NotFound("attempt")
    credential = credentials.credential_of(request.actor, enrollment_id) if told.outcome == "earned" else None
    return render(request, "learning/feedback.html", {**_shown(work, told, every), "credential": credential})


def _shown(work: Workspace, told: Feedback, every: tuple[Feedback, ...]) -> dict[str, object]:
    open_now = work.step == "revise" and told.attempt == work.attempt - 1
    analysis = next((part.part.key for part in work.parts if part.details), "")
    items = [item(told, each, f"{desk.root(work)}{analysis}/{each.detail.key}/" if open_now else "") for each in told.details]
    missing = [item for item in items if not item.feedback.is_shown]
    total, left = len(items), len(missing)
    title = f"{saying.capital(saying.spelled(total - left))} of {saying.spelled(total)} shown"
    title += f". {saying.capital(saying.spelled(left))} to go." if open_now else f"; {saying.spelled(left)} not yet"
    return {
        "frame": desk.frame(work), "told": told, "missing": missing, "settled": [item for item in items if item.feedback.is_shown],
        "title": title if left else f"All {saying.spelled(total)} details are shown", "is_open": open_now,
        "count": f"{saying.spelled(left)} detail{'' if left == 1 else 's'}", "nth": saying.nth(told.attempt),
        "past": [_past(work, each, told) for each in every] if len(every) > 1 else [],
    }  # fmt: skip


def item(told: Feedback, each: DetailFeedback, revise_url: str) -> Item:
    names = ["The lead assessor"] if told.is_adjudicated else _READERS[:1] if len(each.voices) == 1 else _READERS[1:]
    title = {level.key: level.title for level in told.content.rubric.levels}
    said = tuple(
        Said(name, title.get(voice.level, ""), voice.rationale, voice.advice) for name, voice in zip(names, each.voices, strict=False)
    )
    levels = ", ".join(voice.level for voice in said) or title.get(each.level, "")
    return Item(each, said, each.detail.at(told.content.bar.key).text, levels, revise_url)


def _past(work: Workspace, each: Feedback, here: Feedback) -> Past:
    shown, total = len(each.shown), len(each.details)
    words = f"{saying.capital(saying.nth(each.attempt))} attempt: {'earned' if each.outcome == 'earned' else 'not yet'}"
    return Past(words, long_date(each.decided_at.astimezone(work.zone).date()), f"{shown} of {saying.counted(total, 'detail')} shown",
                f"?attempt={each.attempt}", each.attempt == here.attempt)  # fmt: skip
