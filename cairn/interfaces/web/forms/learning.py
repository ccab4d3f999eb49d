"""What the educator's pages send, read and typed. Not here: what is allowed (portfolio's commands say that)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from cairn.apps.portfolio.queries import LANGUAGES, PEOPLE_SHOWN, Artifact
from cairn.kernel.errors import Refused

_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)")
RECORDINGS = ("video", "audio")
_PLACE = ("page", "from_seconds", "to_seconds")


class MomentField(forms.CharField):
    """A moment in a recording: 4:10, 1:04:10, or 250 seconds; in seconds."""

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value)).replace(" ", "")
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) < 7:
            return int(text)
        found = _CLOCK.fullmatch(text)
        if not found:
            raise forms.ValidationError("Write a time like 4:10, or a number of seconds like 250.")
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return 3600 * hours + 60 * minutes + seconds


def _short(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "class": "usa-input", **attrs})


class RefusableForm(forms.Form):
    def refuse(self, refusal: Refused) -> None:
        """What a command refused, said at its field where there is one."""
        named = {name: words for name, words in refusal.fields.items() if name in self.fields}
        for name, words in named.items():
            self.add_error(name, words)
        if not named:
            self.add_error(None, str(refusal))


class PlaceForm(RefusableForm):
    """A place in a file, and why it shows the detail."""

    page = forms.IntegerField(
        label="Page", help_text="Of a document.", required=False, min_value=1, max_value=100_000, widget=_short(inputmode="numeric")
    )
    from_seconds = MomentField(label="From", help_text="Of a recording, like 4:10.", required=False, widget=_short())
    to_seconds = MomentField(label="To", help_text="Like 6:35.", required=False, widget=_short())
    explanation = forms.CharField(
        label="Why it shows this",
        help_text="A sentence or two; you may also write it later.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "usa-textarea u-lower"}),
        strip=False,
    )

    def check_place(self, artifact: Artifact) -> None:
        """A place is asked for where a file is long; which kind of place it has, its command says."""
        if any(self.cleaned_data.get(name) is not None or name in self.errors for name in _PLACE):
            return
        if artifact.kind in RECORDINGS:
            self.add_error("from_seconds", "Say where in the recording to look, like 4:10.")
        elif (artifact.pages or 1) > 1:
            self.add_error("page", f"Say on which of its {artifact.pages} pages to look.")

    @property
    def where(self) -> list[forms.BoundField]:
        return [self[name] for name in _PLACE if name in self.fields]

    def place(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in (*_PLACE, "explanation")}


class CiteForm(PlaceForm):
    """A new citation: one of the files that are there, and a place in it."""

    field_order = ["artifact", "page", "from_seconds", "to_seconds", "explanation"]
    artifact = forms.ChoiceField(label="File", error_messages={"required": "Choose a file.", "invalid_choice": "Choose one of your files."})

    def __init__(self, *args: Any, files: Sequence[tuple[Artifact, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.artifacts = {artifact.pk: artifact for artifact, _ in files}
        chosen = self.fields["artifact"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", "Choose a file"), *((artifact.pk, words) for artifact, words in files)]

    def clean(self) -> dict[str, Any]:
        if artifact := self.artifacts.get(self.cleaned_data.get("artifact", "")):
            self.check_place(artifact)
        return self.cleaned_data


class ChangePlaceForm(PlaceForm):
    """Another place in the same file. `revision` is the one that the page was opened with."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, artifact: Artifact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.artifact = artifact
        for name in ("page",) if artifact.kind in RECORDINGS else ("from_seconds", "to_seconds"):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        self.check_place(self.artifact)
        return self.cleaned_data


class DescribeForm(forms.Form):
    """The educator's own name for a file, and who can be recognized in it."""

    title = forms.CharField(
        label="Your name for it", help_text="Assessors see “Document 2” or the like instead.", max_length=120, required=False
    )
    people_shown = forms.ChoiceField(
        label="Who can be recognized in it?",
        choices=list(PEOPLE_SHOWN.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Say who can be recognized in this file."},
    )


class CaptionsForm(RefusableForm):
    """A file of captions for a recording, and its language."""

    captions = forms.FileField(
        label="File of captions",
        help_text="WebVTT (.vtt) or SubRip (.srt), as video programs and YouTube export them.",
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt,text/vtt", "class": "usa-file-input"}),
        error_messages={"required": "Choose a file of captions.", "empty": "This file is empty."},
    )
    language = forms.ChoiceField(label="Language", choices=list(LANGUAGES.items()))
