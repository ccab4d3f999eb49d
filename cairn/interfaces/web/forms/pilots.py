"""What the pages of pilots send, read and typed. Not here: what is allowed (commands of programs say that)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

import yaml
from django import forms
from django.conf import settings

from cairn.apps.programs.commands import OfferingRules, Time
from cairn.apps.programs.queries import AT_ONCE_MODES, CLOCK_EVENTS, LEAVING_REASONS, MEETING_KINDS
from cairn.interfaces.web.forms.learning import RefusableForm
from cairn.pure.clocks import moment_at

ZONES = [
    ("America/Puerto_Rico", "Atlantic, Puerto Rico and the Virgin Islands"),
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("Pacific/Pago_Pago", "American Samoa"),
    ("Pacific/Guam", "Guam and the Northern Marianas"),
]


def _text(label: str, hint: str = "", *, most: int = 160, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=most, required=required, widget=forms.TextInput(attrs={"class": "usa-input"}),
        error_messages={"required": "Fill this in."},
    )  # fmt: skip


def _area(label: str, hint: str = "", *, most: int = 500, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, max_length=most, required=required,
                           widget=forms.Textarea(attrs={"class": "usa-textarea", "rows": 4}),
                           error_messages={"required": "Write a sentence or two."})  # fmt: skip


def _day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, required=required, widget=forms.DateInput(attrs={"class": "usa-input", "type": "date"}),
        error_messages={"required": "Give a day."},
    )  # fmt: skip


def _number(label: str, hint: str = "", *, least: int = 1, most: int = 100_000, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, required=required, min_value=least, max_value=most,
                              widget=forms.TextInput(attrs={"class": "usa-input", "inputmode": "numeric"}),
                              error_messages={"required": "Give a number."})  # fmt: skip


def _select(label: str, choices: Sequence[tuple[str, str]], hint: str = "", *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, help_text=hint, required=required, widget=forms.Select(attrs={"class": "usa-select"})
    )


def _check(label: str, hint: str = "") -> forms.BooleanField:
    return forms.BooleanField(
        label=label, help_text=hint, required=False, widget=forms.CheckboxInput(attrs={"class": "usa-checkbox__input"})
    )


def calendars() -> dict[str, Mapping[str, Any]]:
    """The calendars of academic terms that come with Cairn, by key."""
    told = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(settings.CALENDARS_DIR.glob("*.yaml"))]
    return {calendar["key"]: calendar for calendar in told}


class ChoiceOfTime(RefusableForm):
    """One of the times that are open, and the last four digits of a phone."""

    time = forms.ChoiceField(label="When can you come?", widget=forms.RadioSelect, error_messages={"required": "Choose one of the times."})
    phone_ending = _text("If you may come by phone: its last four digits", "So that we can note you as present. Kept until the day after.",
                         most=4)  # fmt: skip

    def __init__(self, data: Any, *, times: Sequence[tuple[str, str]], initial: str = "") -> None:
        super().__init__(data, initial={"time": initial})
        self.fields["time"].choices = times  # type: ignore[attr-defined]
        self.fields["phone_ending"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})


class LeavingForm(RefusableForm):
    reason = forms.ChoiceField(label="Why do you leave?", help_text="It helps to make the pilot better. Nobody is judged by it.",
                               choices=list(LEAVING_REASONS.items()), initial="unsaid", widget=forms.RadioSelect)  # fmt: skip


class MoreTimeForm(RefusableForm):
    until = _day("New last day", "It counts until 11:59 p.m. of that day where you are.")
    why = _area("What do you need the time for?", "One sentence is enough.")


class AnswerForm(RefusableForm):
    until = _day("Last day")
    reason = _area("A word to the educator", "They read it. Past the end of the pilot it must say why.", required=False)


class ReasonForm(RefusableForm):
    reason = _area("Why", "It is kept with the date and your name.")


class ChooseForm(RefusableForm):
    """`warning`: what is to be read before a seat is given; empty where there is nothing to warn of."""

    acknowledges = _check("I have read this and give the seat")

    def __init__(self, *args: Any, warning: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["acknowledges"].label = f"{warning} I have read this and give the seat."
        self.has_warning = bool(warning)


class CallerForm(RefusableForm):
    name = _text("Name, as they say it", required=True, most=120)
    phone_ending = _text("Last four digits of their phone", required=True, most=4)


class TimeForm(RefusableForm):
    """A time of a meeting; what is typed is the clock of the zone that is chosen."""

    typed_as: ClassVar = {"starts_at": "starts", "ends_at": "minutes"}  # what a command calls otherwise

    starts = forms.DateTimeField(label="Starts", widget=forms.DateTimeInput(attrs={"class": "usa-input", "type": "datetime-local"}),
                                 error_messages={"required": "Give a day and a time."})  # fmt: skip
    minutes = _number("Minutes", least=1, most=720, required=True)
    zone = _select("Time zone", ZONES)
    join_url = forms.URLField(label="Link to join", required=False, max_length=300, assume_scheme="https",
                              widget=forms.URLInput(attrs={"class": "usa-input"}))  # fmt: skip
    dial_in = _text("Phone number to dial", most=40)
    access_code = _text("Access code", most=40)
    help_url = forms.URLField(label="Link to make a device ready", required=False, max_length=300, assume_scheme="https",
                              widget=forms.URLInput(attrs={"class": "usa-input"}))  # fmt: skip
    note = _text("Note", "Such as live captions, or an interpreter.", most=200)
    places = _number("Places", "Leave empty for no limit.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.initial.get("zone", "America/Chicago")
        if zone not in dict(ZONES):
            self.fields["zone"] = _select("Time zone", [*ZONES, (zone, zone)])

    @staticmethod
    def of(time: Any) -> dict[str, Any]:
        """What the fields hold of a time that is planned already."""
        wall = time.starts_at.astimezone(ZoneInfo(time.zone))
        return {**time.__dict__, "starts": f"{wall:%Y-%m-%dT%H:%M}", "minutes": (time.ends_at - time.starts_at) // timedelta(minutes=1)}

    def time(self) -> Time:
        """Raises Invalid where clocks of the zone skip that hour."""
        told = self.cleaned_data
        zone = told["zone"] if told["zone"] in available_timezones() else "America/Chicago"
        starts_at = moment_at(told["starts"].replace(tzinfo=None), ZoneInfo(zone))
        joining = {name: told[name] for name in ("join_url", "dial_in", "access_code", "help_url", "note", "places")}
        return Time.lasting(starts_at, told["minutes"], zone, **joining)


class MeetingForm(RefusableForm):
    kind = _select("Kind", list(MEETING_KINDS.items()))
    title = _text("Title", required=True)
    about = _area("What will be said, and what to bring", "A line for each point.", most=4000, required=False)


class AboutForm(RefusableForm):
    title = _text("Title", required=True)
    about = _area("What will be said, and what to bring", "A line for each point.", most=4000, required=False)
    recording_url = forms.URLField(label="Address of the recording", required=False, max_length=300, assume_scheme="https",
                                   widget=forms.URLInput(attrs={"class": "usa-input"}))  # fmt: skip


class SeatsForm(RefusableForm):
    seats_min = _number("Fewest", "So many are needed for the pilot to begin.")
    seats_max = _number("Most", "Leave empty for no limit.")


class RulesForm(RefusableForm):
    """Dates and rules of an offering, for those who come from now on."""

    opens_on = _day("Registration opens")
    last_day = _day("Last day", "Nobody's time goes past it, unless an owner grants that.", required=False)
    days = _number("Days that each person has", most=3660)
    terms = _number("Academic terms that each person has", "Instead of days: to the end of the last of them.", most=12)
    calendar = _select("Whose academic terms", [], required=False)
    begins_text = _text("Begins, in words", "Such as “mid February”, until a date is fixed.", most=80)
    clock_event = _select("What starts the clock", list(CLOCK_EVENTS.items()), "Where no kick-off is to come, registering does.")
    asks_meeting = _check("Registration opens only after a meeting")
    recording_satisfies = _check("Watching the recording counts as attending")
    is_chosen = _check("You choose among those who apply")
    shows_seats = _check("The public sees how many seats are open")
    offer_hours = _number("Hours that an offered seat is kept", least=1, most=1440, required=True)
    completions_needed = _number("Completions needed before it is reviewed", least=0, required=True)
    feedback_required = _check("A pilot is complete only with feedback to the developers")

    def __init__(self, data: Any, *, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial={**initial, "calendar": initial["calendar"].get("key", "")})
        self.known = calendars()
        choices = [("", "None"), *((key, told["title"]) for key, told in self.known.items())]
        self.fields["calendar"].choices = choices  # type: ignore[attr-defined]

    def rules(self) -> OfferingRules:
        told = self.cleaned_data
        told = {**told, "calendar": self.known[told["calendar"]] if told["terms"] and told["calendar"] else {}}
        return OfferingRules(**{name: told[name] for name in OfferingRules.__dataclass_fields__ if name in told})


class AtOnceForm(RefusableForm):
    limit = _number("Pilots at one time", most=100, required=True)
    mode = _select("One more than that is", list(AT_ONCE_MODES.items()))
    counts_decisions = _check("Those that wait for a decision count too")


class CheckingForm(RefusableForm):
    checks_first = _check("Somebody of the program looks whether each submission is whole, before assessors are asked")


class NudgeForm(RefusableForm):
    """A letter to those who are chosen, in words that may be changed first."""

    kind = _select("Letter", [])
    subject = _text("Subject", required=True, most=200)
    text = _area("Letter", "{name}, {title}, {due} and {link} are filled in for each.", most=10_000)

    def __init__(self, data: Any, *, kinds: Sequence[tuple[str, str]], initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["text"].widget.attrs["rows"] = 12
