"""What the pages of surveys, reviews and program figures send. Not here: what is allowed (commands of programs say that)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from django import forms
from django.conf import settings
from django.http import QueryDict

from cairn.interfaces.web.forms.learning import RefusableForm

RATINGS = [(str(n), words) for n, words in enumerate(("1, not at all", "2", "3", "4", "5, fully"), 1)]


def scales() -> dict[str, Mapping[str, Any]]:
    """The scales that come with Cairn, by key."""
    told = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(settings.SURVEYS_DIR.glob("*.yaml"))]
    return {scale["key"]: scale for scale in told}


def _lines(label: str, hint: str, *, rows: int = 4, required: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "class": "u-low"})
    return forms.CharField(label=label, help_text=hint, required=required, max_length=20_000, widget=area)


class SurveyForm(RefusableForm):
    title = forms.CharField(label="Title", help_text="What participants read above it.", max_length=160)
    scales = forms.MultipleChoiceField(
        label="Scales", help_text="For adults who take part; never for students.", required=False, widget=forms.CheckboxSelectMultiple
    )
    questions = _lines("Open questions", "One on each line.")
    irb_number = forms.CharField(label="IRB number", help_text="Of a study that will use the answers; none without one.", max_length=60,
                                 required=False)  # fmt: skip
    consent_text = _lines("What people agree to for the study", "They read it apart from the survey, and may take part without it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = scales()
        self.fields["scales"].choices = [(key, scale["title"]) for key, scale in self.known.items()]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """As the command takes it."""
        data = dict(self.cleaned_data)
        return {**data, "scales": [self.known[key] for key in data["scales"]], "questions": data["questions"].splitlines()}


class ThemesForm(RefusableForm):
    themes = _lines("Themes", "One on each line. A theme that some answer was read as stays.", rows=6)

    def told(self) -> list[str]:
        return list(self.cleaned_data["themes"].splitlines())


def sent_answers(data: QueryDict) -> dict[str, str]:
    """Every field of a survey's page by its name; the page's own are left out."""
    return {name: data.get(name, "") for name in data if name not in ("csrfmiddlewaretoken", "key")}


def sent_sections(data: QueryDict, sections: Sequence[tuple[str, str]]) -> dict[str, dict[str, str]]:
    return {key: {name: data.get(f"{key}-{name}", "") for name in ("clarity", "rigor", "words")} for key, _ in sections}


class BoardForm(RefusableForm):
    members = _lines("Members of the board", "The address that each signs in with, one on each line.", required=True)

    def addresses(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["members"].splitlines() if line.strip()]


_CHOOSE = {"required": "Choose one."}


class VoteForm(RefusableForm):
    rigor = forms.ChoiceField(label="Rigor: does it ask enough?", choices=RATINGS, widget=forms.RadioSelect, error_messages=_CHOOSE)
    clarity = forms.ChoiceField(
        label="Clarity: is it plain what is asked?", choices=RATINGS, widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    vote = forms.ChoiceField(
        label="May it launch?", choices=[("launch", "Yes, launch it"), ("not yet", "Not yet")], widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )  # fmt: skip
    words = _lines("Your reasons", "For the board and those who run the program.")


class DecisionForm(RefusableForm):
    minutes = _lines("Minutes", "What was said, and why.", required=True)
    override = _lines("Why below the minimum", "Only where the minimum is not reached; an admin who owns the program records it.")


class LongerForm(RefusableForm):
    last_day = forms.DateField(
        label="New last day", widget=forms.DateInput(attrs={"type": "date"}), error_messages={"required": "Give a day."}
    )


class FinishForm(RefusableForm):
    finish_at = forms.IntegerField(label="Micro-credentials to finish", help_text="After how many a participant counts as finished.",
                                   min_value=1, max_value=100)  # fmt: skip


class RecordsForm(RefusableForm):
    """A list of what was run before, as CSV or a workbook."""

    source = forms.CharField(label="Name of the list", help_text="The same name again corrects that list.", max_length=60)
    file = forms.FileField(
        label="The list",
        help_text="CSV or Excel with a column Code, and any of: Route, Group, Initiated on, Finished on, Earned, Re-licensed, Submitted, "
        "Passed first, Resubmitted, Passed second, Left because. You read what becomes of each line before anything changes.",
    )
