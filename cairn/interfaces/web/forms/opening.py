"""Beginning a program, and opening a micro-credential to educators, read and typed. Not here: what is allowed (commands of programs)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from cairn.apps.programs.commands import OfferingRules
from cairn.apps.programs.queries import CLOCK_EVENTS, OFFERING_KINDS

USUAL_COMPLETIONS = OfferingRules.completions_needed
Choices = Iterable[tuple[str, Any]]


class ProgramForm(forms.Form):
    title = forms.CharField(max_length=160, label="Title", error_messages={"required": "Give it a title."})
    summary = forms.CharField(max_length=2000, required=False, label="What it is for", help_text="A sentence or two, for everybody.",
                              widget=forms.Textarea(attrs={"rows": 4}))  # fmt: skip


def _day(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget, error_messages={"required": "Give a day."})


def _number(label: str, help_text: str = "", most: int = 100_000) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, required=False, min_value=1, max_value=most,
                              widget=forms.TextInput(attrs={"inputmode": "numeric"}))  # fmt: skip


class OfferForm(forms.Form):
    """What is opened, when, and the rules that one asks for first; the others have a page of their own."""

    microcredential_id = forms.ChoiceField(label="Micro-credential", error_messages={"required": "Choose one."})
    kind = forms.ChoiceField(label="How", choices=list(OFFERING_KINDS.items()), initial="pilot")
    opens_on = _day("Registration opens")
    last_day = _day("Last day", "Nobody’s time goes past it, unless an owner grants that.", required=False)
    days = _number("Days that each person has", most=3660)
    seats_min = _number("Fewest seats", "So many are needed for the pilot to begin.")
    seats_max = _number("Most seats", "Leave empty for no limit.")
    completions_needed = _number("Completions needed before it is reviewed", "Empty: eight, or as many as there are seats.", most=10_000)
    clock_event = forms.ChoiceField(label="What starts the clock", choices=list(CLOCK_EVENTS.items()),
                                    help_text="Where no kick-off is to come, registering does.")  # fmt: skip
    asks_meeting = forms.BooleanField(required=False, label="Registration opens only after a meeting")
    is_chosen = forms.BooleanField(required=False, label="You choose among those who apply")
    feedback_required = forms.BooleanField(required=False, label="A pilot is complete only with feedback to the developers")

    def __init__(self, *args: Any, offered: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["microcredential_id"].choices = [("", "Choose one"), *offered]  # type: ignore[attr-defined]

    def rules(self) -> OfferingRules:
        told = dict(self.cleaned_data)
        told["completions_needed"] = told["completions_needed"] or min(USUAL_COMPLETIONS, told["seats_max"] or USUAL_COMPLETIONS)
        return OfferingRules(**{name: told[name] for name in OfferingRules.__dataclass_fields__ if name in told})
