"""What an operator gives before they look through somebody's eyes."""

from __future__ import annotations

from django import forms

from cairn.interfaces.web.forms.people import AddressForm

MINUTES = (15, 30, 60)


class SupportForm(AddressForm):
    reason = forms.CharField(
        max_length=500, label="Why", help_text="At least a few words. The person reads them, now and later.",
        widget=forms.Textarea(attrs={"rows": 2, "class": "u-lower"}), error_messages={"required": "Write the reason."},
    )  # fmt: skip
    minutes = forms.TypedChoiceField(coerce=int, label="For how long", choices=[(n, f"{n} minutes") for n in MINUTES])
