"""How letters are wanted, how an organization words them, and where its facts are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from cairn.apps.comms.queries import choices

_MISSING = {"required": "Write something."}


class PreferencesForm(forms.Form):
    """One choice for each category, and quiet hours."""

    quiet_from = forms.TimeField(required=False, label="From", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(required=False, label="Until", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(self, sent: Mapping[str, Any] | None, *, preferences: Any) -> None:
        known = {"quiet_from": preferences.quiet_from, "quiet_until": preferences.quiet_until} if preferences else {}
        super().__init__(sent, initial=known)
        self.choices = [choice for choice in choices(preferences) if len(choice.hows) > 1]
        for choice in self.choices:
            self.fields[choice.key] = forms.ChoiceField(
                label=choice.category.title, help_text=choice.category.about, choices=list(choice.hows), initial=choice.how
            )

    def lines(self) -> list[Any]:
        """The fields of the categories."""
        return [self[choice.key] for choice in self.choices]

    def hows(self) -> dict[str, str]:
        return {choice.key: self.cleaned_data[choice.key] for choice in self.choices}


class WordingForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput)
    subject = forms.CharField(label="Subject", widget=forms.TextInput(attrs={"maxlength": "200"}), error_messages=_MISSING)
    text = forms.CharField(
        label="Letter", strip=False, widget=forms.Textarea(attrs={"rows": "14", "maxlength": "10000"}), error_messages=_MISSING
    )


class WebhookForm(forms.Form):
    url = forms.CharField(
        label="Address", max_length=2000, help_text="Like https://hooks.example.org/cairn: https, a public name, port 443.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Give an address."},
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label="What it is told", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one."}
    )

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kinds"].choices = list(kinds)  # type: ignore[attr-defined]


class ChangedWebhookForm(WebhookForm):
    is_paused = forms.BooleanField(
        label="Pause it", required=False, help_text="Nothing is told while it pauses, and nothing is kept to be told later."
    )
