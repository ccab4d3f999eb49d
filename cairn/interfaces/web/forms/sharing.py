"""What the pages of sharing send, read and typed. Not here: what may be shown, and to whom (credentials' commands say that)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms

from cairn.apps.credentials.queries import Announcing, Choice, Choices, Chosen

FOR_DAYS = 30


@dataclass(frozen=True)
class Row:
    """A choice as the page offers it."""

    choice: Choice
    is_chosen: bool
    note: str


@dataclass(frozen=True)
class Shelf:
    """All of one micro-credential."""

    title: str
    rows: list[Row]
    chosen: int
    is_open: bool


def _until(label: str, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, widget=forms.DateInput(attrs={"type": "date"}), error_messages={"required": "Give a day."}
    )


class SharePageForm(forms.Form):
    """`groups` is what the educator has to show; notes come beside what they are on."""

    title = forms.CharField(
        max_length=120, label="Title", help_text="Such as: For our talk on December 9.",
        error_messages={"required": "Give the page a title."}, widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    parts = forms.MultipleChoiceField(
        label="What they see", error_messages={"required": "Choose what goes on the page.", "invalid_choice": "Choose from what is there."}
    )
    words = forms.CharField(
        max_length=2000, label="A few words of yours", required=False, help_text="What to look at, and why.",
        widget=forms.Textarea(attrs={"rows": 3, "class": "u-low"}),
    )  # fmt: skip
    addresses = forms.CharField(
        max_length=2600, label="For whom", required=False,
        help_text="One e-mail address on each line. Each gets a letter, with a link of their own.",
        widget=forms.Textarea(attrs={"rows": 2, "class": "u-short", "autocomplete": "off", "spellcheck": "false", "inputmode": "email"}),
    )  # fmt: skip
    team = forms.CharField(
        max_length=120, label="Or a team", required=False, help_text="Its name. You get one link, and pass it on yourself.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    until = _until("Until the end of", "A year at most. You may end it sooner, or show it longer.")
    passcode = forms.CharField(
        max_length=64, label="Passcode", required=False, help_text="6 characters or more. Tell it in another way than by the link.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    allows_download = forms.BooleanField(
        label="Files may be downloaded", required=False,
        help_text="Without this they are read on the page. A picture of the screen is always possible.",
    )  # fmt: skip

    def __init__(self, *args: Any, groups: Sequence[Choices], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups
        offered = {c.key: c for group in groups for c in group.choices}
        self.offered = offered
        self.fields["parts"].choices = [(key, c.title) for key, c in offered.items()]  # type: ignore[attr-defined]
        self.fields["until"].initial = today + timedelta(days=FOR_DAYS)
        self.fields["until"].widget.attrs |= {"min": today.isoformat(), "max": (today + timedelta(days=365)).isoformat()}

    def shelves(self) -> list[Shelf]:
        """What there is, by micro-credential, with what is ticked and noted so far; the first is open where nothing is."""
        ticked = self["parts"].value() or []
        rows = [[Row(c, c.key in ticked, self.note(c.key)) for c in g.choices] for g in self.groups]
        counts = [sum(row.is_chosen for row in each) for each in rows]
        return [
            Shelf(group.title, each, count, bool(count) or (not any(counts) and each is rows[0]))
            for group, each, count in zip(self.groups, rows, counts, strict=True)
        ]

    def note(self, key: str) -> str:
        return str(self.data.get(f"note-{key}", "")) if self.is_bound else str(self.initial.get(f"note-{key}", ""))

    def told(self) -> dict[str, Any]:
        """As the command takes it."""
        chosen = [self.offered[key] for key in dict.fromkeys(self.cleaned_data["parts"])]
        addresses = self.cleaned_data["addresses"].replace(",", "\n").replace(";", "\n").split("\n")
        parts = [Chosen(c.kind, c.thing, self.note(c.key)) for c in chosen]
        return {**self.cleaned_data, "parts": parts, "addresses": addresses}


class UntilForm(forms.Form):
    until = _until("Show it until the end of")


class PasscodeForm(forms.Form):
    passcode = forms.CharField(
        max_length=64, label="Passcode", help_text="Whoever sent you the link knows it.",
        error_messages={"required": "Write the passcode."}, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class AnnouncingForm(forms.Form):
    """What issuers may say: nothing, some of it, or all of it."""

    everything = forms.BooleanField(
        required=False, label="All that I earn", help_text="What you have, and what you earn from now on, whatever is ticked below."
    )
    credentials = forms.MultipleChoiceField(
        required=False, label="Only these", widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from what is there."},
    )  # fmt: skip

    def __init__(self, data: Any, *, told: Announcing) -> None:
        super().__init__(data, initial={"everything": told.is_everything, "credentials": sorted(told.credential_ids)})
        self.fields["credentials"].choices = [(pk, f"{title}, {issuer}") for pk, title, issuer in told.choices]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        return {"everything": self.cleaned_data["everything"], "credential_ids": self.cleaned_data["credentials"]}


class SinceForm(forms.Form):
    """From which day on; every day where none is given, or none that is a day."""

    since = forms.DateField(label="Earned since", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def since_day(self) -> date | None:
        return self.cleaned_data.get("since") if self.is_valid() else None
