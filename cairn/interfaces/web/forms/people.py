"""What people change about themselves, and what admins change about who may do what."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms

from cairn.apps.people.queries import GROUP_KINDS, ROLES

# The clocks of the United States first, by the names people use; everybody else by the tz database's own names.
AMERICAN = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Atlantic",
}


@lru_cache(maxsize=1)
def _elsewhere() -> tuple[tuple[str, str], ...]:
    regions = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    names = sorted(name for name in available_timezones() if name.partition("/")[0] in regions and name not in AMERICAN)
    return tuple((name, name.replace("_", " ")) for name in names)


def _missing(words: str) -> dict[str, str]:
    return {"required": words}


class ProfileForm(forms.Form):
    name = forms.CharField(
        max_length=120, label="Your name", help_text="As it should stand on what you earn.", error_messages=_missing("Write your name.")
    )
    time_zone = forms.ChoiceField(label="Time zone", help_text="What you begin from now on is due at the end of a day here.")
    shows_name = forms.BooleanField(
        required=False, label="Show my name on my credentials",
        help_text="On their public pages, and inside those that are issued from now on. A file that you have passed on keeps what it said.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = str(self.initial.get("time_zone", ""))
        known = {*AMERICAN, *(name for name, _ in _elsewhere())}
        own = [(zone, zone)] if zone and zone not in known else []
        self.fields["time_zone"].choices = [*own, ("United States", list(AMERICAN.items())), ("Elsewhere", list(_elsewhere()))]  # type: ignore[attr-defined]


class AddressForm(forms.Form):
    """Whoever is meant is named by an exact address, so that nobody can be listed."""

    email = forms.EmailField(
        max_length=254, label="Their e-mail address", help_text="One that they have confirmed.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}), error_messages=_missing("Give their address."),
    )  # fmt: skip


class RoleForm(AddressForm):
    role = forms.ChoiceField(label="Role", error_messages=_missing("Choose a role."))
    scope = forms.ChoiceField(label="Where")

    def __init__(self, *args: Any, roles: Iterable[str], scopes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "Choose a role"), *((r, f"{r.capitalize()}: {ROLES[r]}") for r in roles)]  # type: ignore[attr-defined]
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]
        self.scopes = scopes

    def scope_name(self) -> str:
        """What the chosen scope is called in the list."""
        first, *groups = self.scopes
        return str(dict([first, *(choice for _, choices in groups for choice in choices)])[self.cleaned_data["scope"]])


def _day(label: str, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(label=label, required=required, widget=widget, error_messages=_missing("Give a day."))


class WorkForm(AddressForm):
    title = forms.CharField(max_length=120, required=False, label="As", help_text="Principal, teacher, coach…")
    started_on = _day("Since")
    ended_on = _day("Until", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail address of who works here"  # beside the form that gives a role

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        began, ended = told.get("started_on"), told.get("ended_on")
        if began and ended and ended < began:
            self.add_error("ended_on", "Give a day that is not before the first one.")
        return told


class EndForm(forms.Form):
    ended_on = _day("Last day")


class GroupForm(forms.Form):
    name = forms.CharField(max_length=120, label="Name of the group", error_messages=_missing("Give it a name."))
    kind = forms.ChoiceField(label="Kind", choices=list(GROUP_KINDS.items()))
