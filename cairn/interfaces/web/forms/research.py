"""An entry of a program's research log, as somebody types it."""

from __future__ import annotations

from django import forms

from cairn.apps.programs.commands import Research
from cairn.apps.programs.queries import RESEARCH_KINDS
from cairn.interfaces.web.forms.learning import RefusableForm


class ResearchForm(RefusableForm):
    kind = forms.ChoiceField(label="What it was", choices=list(RESEARCH_KINDS.items()), error_messages={"required": "Choose one."})
    day = forms.DateField(
        label="On", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), help_text="The day it was read, or took place.",
        error_messages={"required": "Give a day.", "invalid": "Write it like 2026-03-09."},
    )  # fmt: skip
    title = forms.CharField(
        max_length=200, label="Title", help_text="Of what was read; or whom you asked or visited, and about what.",
        error_messages={"required": "Say what it was."},
    )  # fmt: skip
    place = forms.CharField(max_length=160, required=False, label="Place or publisher", help_text="A field visit needs its place.")
    link = forms.URLField(
        max_length=500, required=False, label="Link", assume_scheme="https",
        error_messages={"invalid": "Give an address of the web, such as https://example.org/article."},
    )  # fmt: skip
    learned = forms.CharField(
        max_length=4000, label="What was learned", widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Everybody in the program reads it. Name no students.",
        error_messages={"required": "Say what was learned; a line is enough."},
    )  # fmt: skip

    def research(self) -> Research:
        return Research(**self.cleaned_data)
