"""Choosing a file of rows, and confirming it."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

_MISSING = {"required": "Choose a file.", "invalid": "Choose a file.", "empty": "This file is empty. Choose another."}


class FileOfRowsForm(forms.Form):
    file = forms.FileField(
        label="Your file", help_text="CSV, tabs, or an Excel workbook (.xlsx), with headings. Nothing is changed by choosing it.",
        error_messages=_MISSING, widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )  # fmt: skip


class MeetingsFileForm(FileOfRowsForm):
    for_whole_program = forms.BooleanField(
        required=False, label="These meetings are for every pilot of the program",
        help_text="As an information meeting that is held once for all of them.",
    )  # fmt: skip


class AttendanceFileForm(FileOfRowsForm):
    time = forms.ChoiceField(label="Held", error_messages={"required": "Choose when it was held."})

    def __init__(self, *arguments: object, times: Iterable[tuple[str, str]], **more: object) -> None:
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        self.fields["time"].choices = list(times)  # type: ignore[attr-defined]

    field_order = ("time", "file")


class ResponsesFileForm(FileOfRowsForm):
    kind = forms.ChoiceField(label="Round", choices=(("before", "Before"), ("after", "After")), error_messages={"required": "Choose one."})
    field_order = ("kind", "file")


class ConfirmForm(forms.Form):
    """`sha256` says which file's report was read."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    leaves_out = forms.BooleanField(required=False, label="I have read which rows are left out")
