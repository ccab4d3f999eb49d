"""What the pages of communities and coaches send, read and typed. Not here: what is allowed (the commands say that)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from cairn.apps.communities.queries import APPEARANCES
from cairn.apps.portfolio.outward import Given
from cairn.apps.portfolio.queries import PEOPLE_SHOWN
from cairn.kernel.ids import is_id

Choices = Sequence[tuple[str, str]]


def _words(label: str, hint: str = "", rows: int = 5, missing: str = "Write something first.") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "u-low"})
    return forms.CharField(label=label, help_text=hint, widget=widget, error_messages={"required": missing})


def _day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(label=label, help_text=hint, required=required, widget=widget, error_messages={"required": "Give a day."})


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Any number of files, as portfolio takes them."""

    def clean(self, data: Any, initial: Any = None) -> list[Given]:
        return [Given(each.name, each.size, each.file) for each in data or ()]


class TalkForm(forms.Form):
    """Words to the group, with files; `members` can be named. Without `with_link` it is a reply."""

    text = _words("What you want to say", "Leave out students, colleagues, and the school.")
    link = forms.URLField(
        label="A link", required=False, max_length=500, assume_scheme="https", widget=forms.URLInput(attrs={"autocomplete": "off"})
    )
    attachments = _FilesField(
        label="Files", required=False, widget=_FilesInput(attrs={"multiple": True, "accept": ".pdf,.docx,.xlsx,.pptx,.txt,.csv,image/*"}),
        help_text="Up to four: pictures, PDF, or office files, each up to 25 MB. Hidden data, such as where a picture was taken, is "
        "removed. Members of this community can open them, and nobody else.",
    )  # fmt: skip
    people_shown = forms.ChoiceField(
        label="Who can be recognized in the files?", required=False, choices=list(PEOPLE_SHOWN.items()), widget=forms.RadioSelect,
        help_text="Say it with the files. Students are children: show them only where each has signed permission for such a use.",
    )  # fmt: skip
    mentions = forms.MultipleChoiceField(
        label="Tell them by letter", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose members of this community."},
    )  # fmt: skip

    def __init__(self, *args: Any, members: Choices, label: str, with_link: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.fields["mentions"].choices = members  # type: ignore[attr-defined]
        if not with_link:
            del self.fields["link"]
        if not members:
            del self.fields["mentions"]

    @property
    def to_choose_again(self) -> list[str]:
        """Names of the files that came with what was refused: no browser sends them a second time by itself."""
        return [str(each.name) for each in self.files.getlist("attachments")] if self.files and self.errors else []


class _TakeOut(forms.MultipleChoiceField):
    """Files beside a post. One that has left it already is no mistake: whoever pressed twice sends it again."""

    def valid_value(self, value: Any) -> bool:
        return is_id(str(value))


class EditForm(TalkForm):
    """`revision` is the one that the page was opened with."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    without = _TakeOut(label="Take out", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, here: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["without"].choices = here  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = _words("Why", rows=3, missing="Say why, in a sentence.")

    def __init__(self, *args: Any, hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint


class PromptForm(forms.Form):
    title = forms.CharField(max_length=160, label="The question", error_messages={"required": "Write the question."})
    text = forms.CharField(
        label="More about it", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3, "class": "u-lower"})
    )
    opens_on = _day("Opens on", "In the morning.")
    due_on = _day("Due on", "At the end of that day. Later answers are taken too.")
    is_required = forms.BooleanField(label="Counts as taking part", required=False, initial=True)


class CopyForm(forms.Form):
    template = forms.ChoiceField(label="Questions", error_messages={"required": "Choose questions."})
    first_day = _day("The first opens on")

    def __init__(self, *args: Any, templates: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = templates  # type: ignore[attr-defined]


class WindowForm(forms.Form):
    """What is said of a community, and when its members may write."""

    title = forms.CharField(max_length=120, label="Its name", error_messages={"required": "Give it a name."})
    about = forms.CharField(
        label="What it is for", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, "class": "u-lower"})
    )
    opens_on = _day("It opens on")
    closes_on = _day("It closes on", "Nobody writes after that day; all stays to be read.", required=False)


class FoundForm(WindowForm):
    field_order = ["of", "title", "slug", "about", "opens_on", "closes_on"]
    of = forms.ChoiceField(label="For whom", error_messages={"required": "Choose for whom it is."})
    slug = forms.SlugField(
        max_length=80, label="Its address", help_text="Small letters and hyphens, such as spring-pilot.",
        error_messages={"required": "Give it an address."},
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].choices = [("", "Choose"), *kinds]  # type: ignore[attr-defined]


class FacilitatorForm(forms.Form):
    person = forms.ChoiceField(label="Coach or coordinator", error_messages={"required": "Choose somebody."})

    def __init__(self, *args: Any, persons: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "Choose"), *persons]  # type: ignore[attr-defined]


class AppearanceForm(forms.Form):
    appears = forms.ChoiceField(
        label="How the others see your name", choices=list(APPEARANCES.items()), widget=forms.RadioSelect,
        help_text="Whoever facilitates sees the whole of it.", error_messages={"required": "Choose one."},
    )  # fmt: skip


class OpenDraftForm(forms.Form):
    coach = forms.ChoiceField(label="Who may read it", error_messages={"required": "Choose somebody."})
    asks = forms.CharField(
        label="What would you like to hear about?", required=False, max_length=300, help_text="A place, a doubt, a question."
    )

    def __init__(self, *args: Any, coaches: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coach"].choices = coaches if len(coaches) == 1 else [("", "Choose"), *coaches]  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """A note on one answer or file of a draft."""

    place = forms.ChoiceField(label="On", error_messages={"required": "Choose what the note is on."})
    quote = forms.CharField(
        label="The words you point at", required=False, max_length=300, help_text="Copied from the answer.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    text = _words("Your note", "Ask, point, and praise. Do not write it for them; the work must be their own.", 3, "Write your note.")

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]

    def told(self) -> dict[str, str]:
        kind, _, key = self.cleaned_data["place"].partition(" ")
        where = {"artifact_id": key} if kind == "file" else {"prompt": key, "quote": self.cleaned_data["quote"]}
        return {"text": self.cleaned_data["text"], **where}
