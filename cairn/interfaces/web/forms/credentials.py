"""What is brought to be verified, and why a credential is revoked or given back."""

from __future__ import annotations

from typing import Any

from django import forms

from cairn.apps.credentials import queries as credentials
from cairn.frame.actor import Actor
from cairn.kernel.errors import Refused
from cairn.kernel.text import megabytes

MEGABYTES = 10
LARGEST = MEGABYTES * 1_000_000  # bytes of a file
LONGEST = 2_500_000  # characters of a text: a credential may have 2 MB
WAYS = ("file", "address", "text")


class OneOfThree:
    """A field that is not optional, though it may stay empty: the form looks for one among them."""

    def validate(self, value: Any) -> None:
        pass


class FileGiven(OneOfThree, forms.FileField):
    pass


class TextGiven(OneOfThree, forms.CharField):
    pass


class VerifyForm(forms.Form):
    """One credential, brought in one of three ways."""

    use_required_attribute = False
    file = FileGiven(
        label="A file", help_text=f"Drop it here or choose it: the badge as PNG, or the signed JSON; up to {MEGABYTES} MB.",
        widget=forms.FileInput(attrs={"accept": ".png,.json,.jsonld,image/png,application/json"}),
        error_messages={"empty": "This file is empty. Choose the one that was issued."},
    )  # fmt: skip
    address = TextGiven(
        label="Its address", max_length=2000,
        help_text="The link to its page on this site, from a résumé, an e-mail, or a profile.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    text = TextGiven(
        label="Its text", help_text="Paste the signed JSON, all of it.", max_length=LONGEST, strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "u-lower", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": "This is longer than any credential. Paste the signed JSON, and nothing else."},
    )  # fmt: skip

    def __init__(self, *given: Any, viewer: Actor, **options: Any) -> None:
        super().__init__(*given, **options)
        self.viewer = viewer

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            size = f"This file has {megabytes(file.size)}; a badge has at most {MEGABYTES} MB."
            raise forms.ValidationError(f"{size} Choose the one that was issued.")
        return file

    def clean_address(self) -> str:
        """The signed JSON behind the address."""
        address = self.cleaned_data["address"]
        try:
            return credentials.signed_at(self.viewer, address) if address else ""
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        brought = [name for name in WAYS if told.get(name) and str(told[name]).strip()]
        if not brought and not self.errors:
            raise forms.ValidationError("There is nothing to check yet. Choose a file, or give an address or the text.")
        if len(brought) > 1:
            raise forms.ValidationError(
                "You brought more than one. Give a file, or an address, or a text: then it is clear what is checked."
            )
        return told

    @property
    def brought(self) -> bytes | str:
        """What is to be verified, of a form that is valid."""
        told = self.cleaned_data
        return bytes(told["file"].read()) if told["file"] else str(told["address"] or told["text"])


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=4000, label="Your reason", help_text="For admins of the issuer and operators alone; it is never shown to anybody else.",
        widget=forms.Textarea(attrs={"rows": 3, "class": "u-low"}),
        error_messages={"required": "Write the reason, for whoever asks later."},
    )  # fmt: skip
