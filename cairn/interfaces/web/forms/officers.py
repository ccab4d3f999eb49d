"""What officers and those who ask them send, read and typed. Not here: what may follow from it (licensure's commands say that)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from cairn.apps.licensure.commands import APPEAL_LIMIT, TEXT_LIMIT, TO_LIMIT, WORDS_LIMIT
from cairn.apps.licensure.queries import OUTCOMES


def _words(label: str, *, hint: str = "", rows: int = 4, required: bool = True) -> forms.CharField:
    return forms.CharField(
        max_length=WORDS_LIMIT, label=label, help_text=hint, required=required,
        widget=forms.Textarea(attrs={"rows": rows, "class": "u-low"}),
        error_messages={"required": "Write something here: whoever reads it next depends on it."},
    )  # fmt: skip


def _day(label: str, hint: str = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=hint, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class DetermineForm(forms.Form):
    """`lines` are the lines of the rule that may be judged or excepted: id and title."""

    ACTS = (
        ("met", OUTCOMES["met"], "You sign it. The educator sees your name, the day, and your reason."),
        ("not met", OUTCOMES["not met"], "You sign that. The educator sees why, and where to appeal."),
        ("return", "Return it", "You ask for something more by a day. Nothing is lost, and the license runs on until its end."),
        ("refer", "Refer it", "To counsel or to a board. It leaves your list until they answer."),
    )
    act = forms.ChoiceField(label="What you decide", choices=[(key, title) for key, title, _ in ACTS],
                            error_messages={"required": "Choose what you decide.", "invalid_choice": "Choose one of these."})  # fmt: skip
    lines = forms.MultipleChoiceField(label="Which lines you judged, or except", required=False)
    is_exception = forms.BooleanField(
        label="This is an exception: the rule is not met as computed, and I except these lines", required=False
    )
    until = _day("Answer by", "Needed when you return it.")
    to = forms.CharField(max_length=TO_LIMIT, label="To whom", required=False, help_text="Needed when you refer it.")
    reason = _words("Your reason, for the educator to read", hint="It becomes part of the record and helps the next officer decide alike.")
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["lines"].choices = list(lines)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("act") == "return" and not told.get("until") and "until" not in self.errors:
            self.add_error("until", "Give the day by which you ask for an answer.")
        if told.get("act") == "refer" and not told.get("to"):
            self.add_error("to", "Name the office or the board.")
        return told


class WordsForm(forms.Form):
    """One answer in words."""

    words = _words("Your words")

    def __init__(self, *args: Any, label: str = "", hint: str = "", required: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["words"].label, self.fields["words"].help_text, self.fields["words"].required = label or "Your words", hint, required


class ApprovalForm(forms.Form):
    """A micro-credential for the list."""

    microcredential = forms.CharField(
        max_length=120, label="Micro-credential", help_text="The end of its address in the catalog, such as effective-assessment.",
        error_messages={"required": "Name a micro-credential."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    approved_from = forms.DateField(label="Approved from", widget=forms.DateInput(attrs={"type": "date"}),
                                    error_messages={"required": "Give a day."})  # fmt: skip
    cite = forms.CharField(max_length=300, label="By what act or rule", required=False)
    body = forms.ChoiceField(label="On which list", required=False, help_text="As rules call it: an award counts where a rule asks for it.")

    def __init__(self, *args: Any, bodies: Iterable[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.bodies = tuple(bodies)
        self.fields["body"].choices = [(body, body) for body in self.bodies]  # type: ignore[attr-defined]
        if len(self.bodies) < 2:
            del self.fields["body"]

    def clean(self) -> dict[str, Any]:
        """The list that the rules ask for, where there is one of them."""
        told: dict[str, Any] = super().clean() or {}
        return {**told, "body": told.get("body") or next(iter(self.bodies), "")}


class AuthorityForm(forms.Form):
    signatures = forms.TypedChoiceField(
        label="Who signs", coerce=int, choices=[(1, "One officer"), (2, "Two officers, one after the other")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    answer_days = forms.IntegerField(label="Business days for an answer", min_value=1, max_value=120)
    appeal = forms.CharField(
        max_length=APPEAL_LIMIT, label="Where a determination may be appealed", required=False, help_text="As the educator reads it.",
        widget=forms.Textarea(attrs={"rows": 2, "class": "u-short"}),
    )  # fmt: skip


class ChangeForm(forms.Form):
    """Two versions of a route, or one and a text of what may take its place."""

    rules = forms.ChoiceField(label="Rule", error_messages={"required": "Choose a rule.", "invalid_choice": "Choose one of these."})
    before = forms.DateField(label="The version effective from", widget=forms.DateInput(attrs={"type": "date"}),
                             error_messages={"required": "Give a day."})  # fmt: skip
    after = forms.DateField(label="Against the version effective from", widget=forms.DateInput(attrs={"type": "date"}),
                            error_messages={"required": "Give a day."})  # fmt: skip
    text = forms.CharField(
        label="Or against this text", required=False, max_length=TEXT_LIMIT,
        help_text="The whole file as it may become; the day above says which of its versions is meant. It is kept beside what it would do, "
        "and puts nothing into force.",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, *args: Any, routes: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["rules"].choices = list(routes)  # type: ignore[attr-defined]
