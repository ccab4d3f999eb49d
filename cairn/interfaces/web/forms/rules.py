"""What a visitor may ask of the rules of all states."""

from __future__ import annotations

from django import forms

from cairn.interfaces.web.ruled import PURPOSES, STATUSES

_STATUSES = [(status, words) for status, (_, words) in STATUSES.items()]


class RulesForm(forms.Form):
    """Both parts are optional."""

    purpose = forms.ChoiceField(choices=[("", "Every purpose"), *PURPOSES.items()], required=False, label="What it is for")
    status = forms.ChoiceField(choices=[("", "Every status"), *_STATUSES], required=False, label="How it stands")
