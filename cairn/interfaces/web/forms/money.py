"""What the pages of prices, members, vouchers, orders and earnings send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from cairn.kernel.errors import Invalid
from cairn.pure.money import cents_of

LARGEST_FILE = 30_000_000  # bytes


def _missing(words: str) -> dict[str, str]:
    return {"required": words}


def _day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text, error_messages=_missing("Give a day."))


class DollarsField(forms.CharField):
    """An amount in dollars as people type it; cents as the program takes it."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=20, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return cents_of(text)
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal)) from None


class PriceForm(forms.Form):
    sold = forms.ChoiceField(label="For what", error_messages=_missing("Choose what it is the price of."))
    audience = forms.ChoiceField(label="Who pays it", required=False)
    cents = DollarsField(
        label="Price in dollars", help_text="Like 180 or 180.50; 0 costs nothing.", error_messages=_missing("Write a price.")
    )
    starts_on = _day("From")
    ends_on = _day("To", required=False, help_text="Empty: until you enter another.")

    def __init__(self, *args: Any, things: Any, audiences: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sold"].choices = [("", "Choose"), *things]  # type: ignore[attr-defined]
        self.fields["audience"].choices = [("", "Everyone"), *audiences]  # type: ignore[attr-defined]


class TermsForm(forms.Form):
    address = forms.CharField(
        max_length=500, required=False, label="Your address on invoices", widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    )
    how_to_pay = forms.CharField(
        max_length=1000, required=False, label="How to pay", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Where checks go, and to which account transfers. It stands on each invoice.",
    )  # fmt: skip
    days_to_pay = forms.IntegerField(min_value=0, max_value=365, label="Days to pay")
    provider = forms.ChoiceField(label="Ways to pay")
    provider_account = forms.CharField(
        max_length=60, required=False, label="Your account at Stripe", help_text="Like acct_1A2b; empty: the site’s."
    )
    rebate_days = forms.IntegerField(
        min_value=0, max_value=366, label="Days for which a later membership counts back",
        help_text="0: a price that was fixed stays as it is.",
    )  # fmt: skip

    def __init__(self, *args: Any, providers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = providers  # type: ignore[attr-defined]


class MemberForm(forms.Form):
    name = forms.CharField(max_length=120, label="Name", error_messages=_missing("Write their name."))
    email = forms.EmailField(
        max_length=254, label="E-mail address", error_messages=_missing("Give their address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    number = forms.CharField(max_length=40, required=False, label="Member number")
    tier = forms.CharField(max_length=60, required=False, label="Tier")
    valid_from = _day("First day")
    valid_to = _day("Last day", required=False, help_text="Empty: it goes on.")


class LastDayForm(forms.Form):
    valid_to = _day("Last day as a member")


class RosterForm(forms.Form):
    file = forms.FileField(
        label="Your roster", help_text="CSV, Excel (.xlsx), or OneRoster as a zip file. You read what would be before anything is changed.",
        error_messages=_missing("Choose a file."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.zip"}),
    )  # fmt: skip
    complete = forms.BooleanField(
        required=False, label="This file lists every member",
        help_text="Members who are not in it are members no more. Leave it empty for a list of new members.",
    )  # fmt: skip


class VoucherForm(forms.Form):
    label = forms.CharField(max_length=120, label="What it is for", error_messages=_missing("Say in a few words what it is for."))
    percent = forms.IntegerField(min_value=1, max_value=100, required=False, label="Takes off, in percent")
    off_cents = DollarsField(label="or in dollars", required=False)
    uses = forms.IntegerField(min_value=1, max_value=100_000, label="How many uses", error_messages=_missing("Give a number."))
    sold = forms.ChoiceField(label="Good for", required=False)
    issued_to = forms.ChoiceField(
        label="Given to", required=False, help_text="Its admins see the code and how many uses are taken, never whose."
    )
    starts_on = _day("From")
    ends_on = _day("To", required=False)

    def __init__(self, *args: Any, things: Any, receivers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sold"].choices = [("", "Everything we sell"), *things]  # type: ignore[attr-defined]
        self.fields["issued_to"].choices = [("", "Nobody in particular"), *receivers]  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=40, label="Voucher code", error_messages=_missing("Type the code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class OrderForm(forms.Form):
    payer = forms.ChoiceField(label="Who pays", required=False)
    po_number = forms.CharField(
        max_length=40,
        required=False,
        label="Purchase order number",
        help_text="If you have one, the invoice comes at once. You can add it later.",
    )

    def __init__(self, *args: Any, payers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"].choices = [("", "I pay myself"), *payers]  # type: ignore[attr-defined]


class PlacesForm(forms.Form):
    sold = forms.ChoiceField(label="Places in", error_messages=_missing("Choose what for."))
    places = forms.IntegerField(min_value=1, max_value=10_000, label="How many", error_messages=_missing("Give a number."))
    po_number = forms.CharField(
        max_length=40, required=False, label="Purchase order number", help_text="If you have one, the invoice comes at once."
    )

    def __init__(self, *args: Any, things: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sold"].choices = [("", "Choose"), *things]  # type: ignore[attr-defined]


class PoForm(forms.Form):
    po_number = forms.CharField(max_length=40, required=False, label="Purchase order number")


class PaidForm(forms.Form):
    reference = forms.CharField(
        max_length=80, label="Number of the check or transfer", error_messages=_missing("Give the number."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class RefundForm(forms.Form):
    """`lines` are what money may be given back for."""

    line_id = forms.ChoiceField(label="For what", error_messages=_missing("Say for which of them."))
    cents = DollarsField(label="Amount in dollars", error_messages=_missing("Write an amount."))
    reason = forms.CharField(max_length=300, label="Why", error_messages=_missing("Say in a few words why."))

    def __init__(self, *args: Any, lines: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line_id"].choices = lines  # type: ignore[attr-defined]
        if len(lines) == 1:
            del self.fields["line_id"]


class VoidForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why", error_messages=_missing("Say in a few words why."))


class RateForm(forms.Form):
    microcredential = forms.ChoiceField(label="In", required=False)
    cents = DollarsField(label="Dollars for each locked sheet", error_messages=_missing("Write an amount."))
    starts_on = _day("From")

    def __init__(self, *args: Any, things: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["microcredential"].choices = [("", "All micro-credentials"), *things]  # type: ignore[attr-defined]


class PayoutForm(forms.Form):
    assessor = forms.ChoiceField(label="Paid to", error_messages=_missing("Choose who was paid."))
    up_to = _day("For sheets up to")
    reference = forms.CharField(max_length=80, label="Number of the payment", error_messages=_missing("Give the number."))

    def __init__(self, *args: Any, assessors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assessor"].choices = [("", "Choose"), *assessors]  # type: ignore[attr-defined]
