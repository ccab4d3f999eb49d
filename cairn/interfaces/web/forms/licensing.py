"""What the pages of licenses send, read and typed. Not here: what is refused, and why (licensure's commands)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms

from cairn.apps.licensure.commands import Aim
from cairn.apps.licensure.queries import BUCKETS, events_asked
from cairn.pure.rules import Jurisdiction

GOALS = 4  # fields for goals that a page shows
Choices = Iterable[tuple[str, str]]


def day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, required=required, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Give a day.", "invalid": "Write a day, such as 06/30/2027."},
    )  # fmt: skip


class LicenseForm(forms.Form):
    """`where` names the types of license; `is_known` leaves out what does not change once it is entered."""

    license_type = forms.ChoiceField(label="Kind of license", error_messages={"required": "Choose the kind."})
    valid_from = day("First day")
    valid_to = day("Last day", "Leave it empty only where the license does not end.", required=False)
    number = forms.CharField(
        max_length=40, required=False, label="Number", help_text="It is kept sealed; pages show its last four signs.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    holder = forms.CharField(
        max_length=200, required=False, label="Name on it", help_text="Only where it is another than yours here, such as one of before.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    entered_on = day("Entered the program on", "Only where the rule that holds for you goes by it.", required=False)
    renewals_used = forms.IntegerField(label="Renewed before", required=False, min_value=0, help_text="How many times; empty means never.")

    def __init__(self, *args: Any, where: Jurisdiction, is_known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["license_type"].choices = [("", "Choose one"), *((kind.slug, kind.title) for kind in where.types)]  # type: ignore[attr-defined]
        for event in events_asked(where.code):
            self.fields[f"event_{event}"] = day(f"Day of: {event.replace('-', ' ')}", "Only where you have one.", required=False)
        if is_known:
            del self.fields["license_type"]

    def told(self) -> dict[str, Any]:
        """As the commands take it."""
        given = {name: value for name, value in self.cleaned_data.items() if not name.startswith("event_")}
        days = {name.removeprefix("event_"): value for name, value in self.cleaned_data.items() if name.startswith("event_") and value}
        return {**given, "renewals_used": given["renewals_used"] or 0, "events_on": days}


class EndLicenseForm(forms.Form):
    ended_on = day("Last day that it stood")


class LicenseProfileForm(forms.Form):
    jurisdiction = forms.ChoiceField(label="Where I work", required=False)
    association_id = forms.ChoiceField(
        label="An association that may hear when a license of mine ends", required=False,
        help_text="Its admins get a letter with what is missing. Nobody hears unless you choose one.",
    )  # fmt: skip

    def __init__(self, *args: Any, states: Choices, associations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"].choices = [("", "Not chosen"), *states]  # type: ignore[attr-defined]
        self.fields["association_id"].choices = [("", "None"), *associations]  # type: ignore[attr-defined]


class EntryForm(forms.Form):
    """`fields` is what rules ask of this kind: name -> (label, values); `units` what it is measured in."""

    title = forms.CharField(
        max_length=200, label="What it is", help_text="As the document says it.", error_messages={"required": "Say what it is."}
    )
    on = day("Day", "The day it was given or done; of what lasted, the first day.")
    until = day("Last day", "Only of what lasted: it counts once that day has come.", required=False)
    amount = forms.DecimalField(
        label="How much", min_value=Decimal("0.01"), max_digits=7, decimal_places=2, required=False, help_text="Empty means one.",
        error_messages={"invalid": "Write a number, such as 12 or 7.5.", "min_value": "Write a number above 0.",
                        "max_digits": "Write a number below 100,000.", "max_whole_digits": "Write a number below 100,000.",
                        "max_decimal_places": "Write two decimals at the most, such as 7.25."},
    )  # fmt: skip
    unit = forms.ChoiceField(label="Of what", required=False)
    asked_id = forms.ChoiceField(label="Who confirms it", required=False)
    holder = forms.CharField(
        max_length=200, required=False, label="Name on the document", help_text="Only where it is another than yours here.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    document = forms.FileField(
        label="Document", required=False, help_text="A transcript or certificate: PDF, PNG or JPEG, up to 2 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, fields: Mapping[str, tuple[str, Iterable[str]]], units: Iterable[str], asked: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.own = tuple(fields)
        units = list(units)
        for name, (label, values) in fields.items():
            choices = [("", "None of these"), *((value, value.replace("-", " ").capitalize()) for value in values)]
            self.fields[f"own_{name}"] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.fields["unit"].choices = [(unit, unit.replace("-", " ").capitalize()) for unit in units]  # type: ignore[attr-defined]
        self.fields["asked_id"].choices = [("", "Nobody yet: it does not count"), *asked]  # type: ignore[attr-defined]
        if not units:
            del self.fields["unit"], self.fields["amount"]
        order = ["title", *(f"own_{name}" for name in fields), "on", "until", "amount", "unit", "asked_id", "document", "holder"]
        self.order_fields(order)

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        fields = {name: given[f"own_{name}"] for name in self.own if given[f"own_{name}"]}
        if so := fields.pop("so", ""):  # something about the educator, as "retired: yes"
            fields["name"], _, fields["value"] = so.partition(": ")
        more = {"amount": given.get("amount") or 1, "unit": given.get("unit", "")}
        return {
            "title": given["title"],
            "on": given["on"],
            "until": given["until"],
            "asked_id": given["asked_id"],
            "holder": given["holder"],
            "fields": fields,
            **more,
        }


class SettleForm(forms.Form):
    reason = forms.CharField(
        max_length=500, required=False, label="If it cannot be confirmed: why",
        help_text="The educator reads it.", widget=forms.Textarea(attrs={"rows": 3, "class": "u-low"}),
    )  # fmt: skip


class GrowthPlanForm(forms.Form):
    """Goals are numbered fields, so that what was typed comes back without a script."""

    title = forms.CharField(
        max_length=120, label="Title", help_text="Such as: School year 2026 to 2027.", error_messages={"required": "Give it a title."}
    )
    starts_on = day("First day")
    ends_on = day("Last day")
    license_id = forms.ChoiceField(label="For the license", required=False)
    supervisor = forms.EmailField(
        label="Supervisor who agrees", required=False, max_length=254, help_text="The e-mail address that they sign in with here.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, licenses: Choices, standards: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["license_id"].choices = [("", "None in particular"), *licenses]  # type: ignore[attr-defined]
        choices = [("", "No standard"), *standards]
        for n in range(1, GOALS + 1):
            area, of = forms.Textarea(attrs={"rows": 3, "class": "u-low"}), f"(goal {n})"
            self.fields[f"goal_{n}"] = forms.CharField(label=f"What you want to reach {of}", max_length=2000, required=False, widget=area)
            self.fields[f"bucket_{n}"] = forms.ChoiceField(label=f"Whose goal it is {of}", choices=list(BUCKETS.items()), required=False)
            self.fields[f"standard_{n}"] = forms.ChoiceField(label=f"Standard {of}", choices=choices, required=False)

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        goals = [
            Aim(given[f"goal_{n}"], given[f"bucket_{n}"] or "individual", given[f"standard_{n}"])
            for n in range(1, GOALS + 1) if given[f"goal_{n}"].strip()
        ]  # fmt: skip
        return {**{name: given[name] for name in ("title", "starts_on", "ends_on", "license_id", "supervisor")}, "goals": goals}
