"""What the scoring page sends: one field as it is saved by itself, or the whole line with what to do next. Not here: judging it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django import forms
from django.http import QueryDict

from cairn.apps.assessment.queries import FIELDS, Line
from cairn.kernel.errors import Refused


@dataclass(frozen=True)
class Entry:
    """A line as it stands on the page: its fields, what each field was when the page was opened, and the button pressed."""

    values: dict[str, str]
    seen: dict[str, str]
    then: str = ""  # next, insert or drop; or nothing
    subject: str = ""  # the saved comment to insert or drop
    comment: str = ""  # a sentence to keep in the comment bank, whichever button was pressed

    def with_sentence(self, sentence: str) -> Entry:
        before = self.values["rationale"].rstrip()
        return replace(self, values={**self.values, "rationale": f"{before} {sentence}".strip()})


def whole_line(data: QueryDict) -> Entry:
    then, _, subject = data.get("then", "").partition(":")
    values = {name: data.get(name, "").replace("\r\n", "\n") for name in FIELDS}
    seen = {name: data.get(f"version-{name}", "") for name in FIELDS}
    return Entry(values, seen, then, subject, data.get("comment", ""))


def one_field(data: QueryDict) -> Entry:
    name = data.get("field", "")
    return Entry({name: data.get("value", "")}, {name: data.get("version", "")})


def as_saved(line: Line) -> Entry:
    return Entry({name: getattr(line, name) for name in FIELDS}, dict(line.versions))


@dataclass(frozen=True)
class Other:
    """A field that another tab changed: what stands there now, beside what was written here."""

    title: str
    text: str


_TITLES = {"level": "Your level", "rationale": "Why", "advice": "What would show it"}


def others(line: Line, entry: Entry) -> tuple[Other, ...]:
    """Fields that were changed elsewhere since this page was opened."""
    changed = [name for name in FIELDS if line.versions[name] != entry.seen[name] and getattr(line, name) != entry.values[name]]
    told = {"level": line.chosen.level.title if line.chosen else "", "rationale": line.rationale, "advice": line.advice}
    return tuple(Other(_TITLES[name], told[name] or "(nothing)") for name in changed)


@dataclass(frozen=True)
class Problem:
    href: str
    words: str


def problems(refusal: Refused | None) -> tuple[Problem, ...]:
    """A refusal as the summary above the form: linked to its fields where it names some."""
    if refusal is None:
        return ()
    named = tuple(Problem(f"#{name}", words) for name, words in refusal.fields.items())
    return named or (Problem("", str(refusal)),)


class ClosedDayForm(forms.Form):
    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}), error_messages={"required": "Give a day."})
    title = forms.CharField(
        label="What it is", max_length=80, help_text="Thanksgiving, winter break…", error_messages={"required": "Give it a name."}
    )
