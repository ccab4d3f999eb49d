"""What editors say of a program: lines of its board, whom to ask, who owns it, how many it will make. And how an organization looks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from cairn.apps.programs.queries import OWNER_ROLES, STAGES, TARGETS

Choices = Iterable[tuple[str, str]]


class LineForm(forms.Form):
    title = forms.CharField(max_length=160, required=False, label="Title", help_text="Empty: the catalog’s own.")
    microcredential_id = forms.ChoiceField(required=False, label="In the catalog", help_text="Then its pilots say how it stands.")
    stage = forms.ChoiceField(
        label="Stage", choices=list(STAGES.items()), help_text="What holds while no pilot is open and nothing can be begun."
    )
    begins_text = forms.CharField(
        max_length=80, required=False, label="Pilot to begin in", help_text="In words, such as mid February, until a date is fixed."
    )

    def __init__(self, *args: Any, offered: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["microcredential_id"].choices = [("", "None of them yet"), *offered]  # type: ignore[attr-defined]


class PastedForm(forms.Form):
    lines = forms.CharField(
        max_length=50_000, label="Lines of a status page", widget=forms.Textarea(attrs={"rows": 6}),
        help_text="One micro-credential a line, such as: Communication Standards (pilot spots open; pilot to begin in mid February).",
        error_messages={"required": "Paste at least one line."},
    )  # fmt: skip


class ContactForm(forms.Form):
    role = forms.CharField(max_length=80, label="For what", help_text="Such as Pilot coordinator.", error_messages={"required": "Say it."})
    name = forms.CharField(max_length=120, required=False, label="Name")
    email = forms.EmailField(max_length=254, required=False, label="E-mail address")
    phone = forms.CharField(max_length=40, required=False, label="Telephone")


class NoticeForm(forms.Form):
    notice = forms.CharField(
        max_length=300, required=False, label="Whose words these are",
        help_text="Such as “Example, not the program's own text.” It stands on the program's pages; empty: nothing stands there.",
    )  # fmt: skip


class PartForm(forms.Form):
    organization_id = forms.ChoiceField(label="Organization", error_messages={"required": "Choose an organization."})
    role = forms.ChoiceField(label="Its part", choices=list(OWNER_ROLES.items()))
    joined_on = forms.DateField(
        label="Since", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), error_messages={"required": "Give a day."}
    )

    def __init__(self, *args: Any, organizations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization_id"].choices = [("", "Choose an organization"), *organizations]  # type: ignore[attr-defined]


class RoadmapForm(forms.Form):
    """One number for each thing that a roadmap counts; empty: not said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for what, label in TARGETS.items():
            self.fields[what.replace(" ", "_")] = forms.IntegerField(required=False, min_value=0, max_value=10_000, label=label)

    def counts(self) -> dict[str, int | None]:
        return {what: self.cleaned_data[what.replace(" ", "_")] for what in TARGETS}


class BrandForm(forms.Form):
    display_name = forms.CharField(max_length=80, required=False, label="Name on your pages", help_text="Empty: the full name.")
    tagline = forms.CharField(max_length=160, required=False, label="A line below it")
    color = forms.CharField(
        max_length=20, required=False, label="Color on light pages", help_text="Such as #1f5142. Links, buttons and foot are made from it."
    )
    color_dark = forms.CharField(
        max_length=20, required=False, label="Color on dark pages", help_text="Empty: made from the other, light enough to read."
    )
    notice = forms.CharField(
        max_length=4_000, required=False, label="Notice at the foot of each page", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What the law asks you to say, such as that you do not discriminate, and whom to ask.",
    )  # fmt: skip


class LogoForm(forms.Form):
    logo = forms.FileField(
        label="Logo", help_text="PNG or JPEG, up to 1 MB; about 600 pixels across. It is drawn anew, so that nothing else comes with it.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}), error_messages={"required": "Choose a picture."},
    )  # fmt: skip
    logo_alt = forms.CharField(max_length=160, required=False, label="In words", help_text="For those who do not see it.")


class ForkForm(forms.Form):
    slug = forms.SlugField(
        max_length=80, label="Its name in addresses", help_text="Lower-case letters, digits and hyphens.",
        error_messages={"required": "Give it a name.", "invalid": "Use lower-case letters, digits and hyphens."},
    )  # fmt: skip


class SharingForm(forms.Form):
    mode = forms.ChoiceField(label="Who may adopt what you publish", widget=forms.RadioSelect)

    def __init__(self, *args: Any, modes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = list(modes)  # type: ignore[attr-defined]
