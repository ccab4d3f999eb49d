"""What whoever looks at a submission says of it. Not here: what is in it (assessment)."""

from __future__ import annotations

from django import forms

from cairn.interfaces.web.forms.learning import RefusableForm


class MissingForm(RefusableForm):
    missing = forms.CharField(
        max_length=1000, widget=forms.Textarea(attrs={"rows": 4}), label="What is missing",
        help_text="The educator reads it as you write it. Name no student and no colleague.",
        error_messages={"required": "Say what is missing."},
    )  # fmt: skip
