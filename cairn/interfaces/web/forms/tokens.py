"""What a person says of a token for the API."""

from __future__ import annotations

from django import forms

from cairn.apps.people.queries import TOKEN_SCOPES

DAYS = {"7": "A week", "30": "30 days", "90": "90 days", "365": "A year"}


class TokenForm(forms.Form):
    name = forms.CharField(
        max_length=80, label="What is it for?", help_text="So that you know it again: the program, or the machine that it lies on.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}), error_messages={"required": "Give it a name."},
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label="What may it do?", help_text="Never more than you may do yourself. Choose as little as the program needs.",
        choices=[(scope, f"{about} ({scope})") for scope, about in TOKEN_SCOPES.items()], widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )  # fmt: skip
    days = forms.ChoiceField(label="For how long?", choices=list(DAYS.items()), initial="90")
