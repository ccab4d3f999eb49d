"""An organization that asks to come in, and the answer it gets."""

from __future__ import annotations

from typing import Any

from django import forms

from cairn.apps.people.queries import ORGANIZATION_KINDS
from cairn.interfaces.web.forms.learning import RefusableForm

KINDS = [(key, words) for key, words in ORGANIZATION_KINDS.items() if key != "platform"]


class JoiningForm(RefusableForm):
    name = forms.CharField(max_length=160, label="Name of the organization", error_messages={"required": "Write its name."})
    kind = forms.ChoiceField(label="What it is", choices=KINDS, initial="association")
    jurisdiction = forms.RegexField(
        r"^[A-Za-z]{2}$", required=False, label="State", help_text="Two letters, like MO. Empty for several.",
        error_messages={"invalid": "Write the two letters of the state, like MO."},
    )  # fmt: skip
    website = forms.URLField(max_length=200, required=False, label="Its website", assume_scheme="https")
    contact = forms.CharField(
        max_length=160, label="Whom to ask, and how", help_text="A name with an address or a number, for those who decide.",
        error_messages={"required": "Say whom to ask."},
    )  # fmt: skip
    wishes = forms.CharField(
        max_length=4000, widget=forms.Textarea(attrs={"rows": 5}), label="What you want to run",
        help_text="Which micro-credentials, for whom, from when.", error_messages={"required": "Say what you want to run."},
    )  # fmt: skip
    program_id = forms.ChoiceField(required=False, label="A program to take part in", help_text="Its owners may let you in, too.")

    def __init__(self, *args: Any, programs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program_id"].choices = [("", "None: our own"), *programs]  # type: ignore[attr-defined]

    def clean_jurisdiction(self) -> str:
        state = self.cleaned_data["jurisdiction"]
        return f"us-{state.lower()}" if state else ""


class LetInForm(RefusableForm):
    slug = forms.CharField(
        max_length=80, label="Its name in addresses", error_messages={"required": "Write one, like springfield-schools."}
    )


class TurnAwayForm(RefusableForm):
    reason = forms.CharField(
        max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), label="Why not",
        help_text="Whoever asked reads it as you write it.",
        error_messages={"required": "Say why."},
    )  # fmt: skip
