"""Why an operator decides that something shall not happen."""

from __future__ import annotations

from django import forms


class SetAsideForm(forms.Form):
    reason = forms.CharField(
        max_length=2000, label="Your reason", help_text="One sentence for whoever asks later. It becomes part of the record.",
        widget=forms.Textarea(attrs={"rows": 2, "class": "u-lower"}),
        error_messages={"required": "Write the reason, for whoever asks later."},
    )  # fmt: skip
