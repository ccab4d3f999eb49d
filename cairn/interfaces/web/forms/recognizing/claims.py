"""What the pages of claims, councils, schedules and proposals send, read and typed. Not here: what is allowed (the commands say that)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms

from cairn.apps.licensure.commands import Ask, Done, Paper, Written
from cairn.apps.licensure.outward import read_paper
from cairn.apps.licensure.queries import PURPOSES
from cairn.apps.licensure.queries.schedules import Offered
from cairn.pure.proposals import Template
from cairn.pure.rules.words import listed, said_unit

# What is claimed for, by its kind and unit; the usual unit of a kind is not named.
KINDS = {"hours": "Clock hours", "credit": "Semester hours at a college", "credit:quarter-hour": "Quarter hours at a college",
         "micro-credential": "A micro-credential earned elsewhere"}  # fmt: skip
USUAL = ("hour", "semester-hour", "")
ROWS = 6  # of sources that a form shows at the least
LONG, SHORT = {"class": "u-low"}, {"class": "u-short"}


def words_of(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _choices(names: Iterable[str], none: str) -> list[tuple[str, str]]:
    return [("", none), *((name, words_of(name)) for name in names)]


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"})


def number(label: str, hint: str = "", *, required: bool = False, most: int = 2000) -> forms.DecimalField:
    return forms.DecimalField(label=label, help_text=hint, required=required, min_value=Decimal("0.01"), max_value=most, decimal_places=2)


def _paper() -> forms.FileField:
    return forms.FileField(
        label="A paper that shows it", required=False, widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        help_text="PDF, PNG or JPEG, up to 2 MB. Only those who decide read it; leave out what names students.",
    )  # fmt: skip


def papers_of(file: Any) -> tuple[Paper, ...]:
    """What was sent, read in a cell; a refusal stands beside the field."""
    return (read_paper(file, name=file.name, size=file.size),) if file else ()


# --- The council ----------------------------------------------------------------------------------------------------------


class VoteForm(forms.Form):
    vote = forms.ChoiceField(label="Your vote", widget=forms.RadioSelect, error_messages={"required": "Choose one of them."})
    words = forms.CharField(
        label="Reason or question", help_text="The educator reads it, without your name.", required=False, max_length=4000,
        widget=forms.Textarea(attrs={**SHORT, "rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vote"].choices = list(choices.items())  # type: ignore[attr-defined]


class PostForm(forms.Form):
    """Credit whose fee is settled: where it stands."""

    reference = forms.CharField(label="Reference of the transcript", max_length=80, error_messages={"required": "Give the reference."})


class WaiveForm(forms.Form):
    reason = forms.CharField(label="Why is no fee asked?", help_text="The educator reads it.", max_length=300,
                             error_messages={"required": "Write why it is waived."})  # fmt: skip


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label="Will it count?", choices=[("yes", "Yes, it will count"), ("no", "No")], widget=forms.RadioSelect,
                               error_messages={"required": "Choose one of the two."})  # fmt: skip
    words = forms.CharField(label="In writing", help_text="Needed where you say no.", required=False, max_length=2000,
                            widget=forms.Textarea(attrs={**SHORT, "rows": 2}))  # fmt: skip


# --- Claiming -------------------------------------------------------------------------------------------------------------


class BeforehandForm(forms.Form):
    organization = forms.ChoiceField(label="Whom do you ask?", error_messages={"required": "Choose one."})
    title = forms.CharField(label="What do you mean to earn or do?", max_length=200, error_messages={"required": "Say what."},
                            help_text="The title of a micro-credential in the catalog, or what you call it.")  # fmt: skip
    why = forms.CharField(label="Which of your goals does it serve?", required=False, max_length=2000,
                          widget=forms.Textarea(attrs={**LONG, "rows": 3}))  # fmt: skip

    def __init__(self, *args: Any, organizations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].choices = organizations  # type: ignore[attr-defined]


class _ClaimForm(forms.Form):
    """What every claim tells; under it one block of fields for each recognizer that may be asked."""

    hours = number("Clock hours that it took", "Some rules count hours.")
    purpose = forms.ChoiceField(label="What is it for?", choices=list(PURPOSES.items()))
    evidence = forms.CharField(label="Evidence", required=False, max_length=4000, widget=forms.Textarea(attrs={**LONG, "rows": 3}),
                               help_text="What shows it: a log of hours, a certificate, where it can be seen.")  # fmt: skip
    document = _paper()
    like_id = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    note = forms.CharField(label="A note to whoever decides", required=False, max_length=4000,
                           widget=forms.Textarea(attrs={**SHORT, "rows": 2}))  # fmt: skip
    despite = forms.BooleanField(label="Send it though a rule says no", required=False,
                                 help_text="Say why in the note. Whoever decides reads the rule beside it.")  # fmt: skip

    def __init__(self, *args: Any, offered: Iterable[Offered], is_draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered, self.is_draft = list(offered), is_draft
        for line in self.offered:
            self._block(line)
        if is_draft:  # its recognizer is chosen already
            for line in self.offered:
                self.fields[f"take_{line.version.pk}"] = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def _block(self, line: Offered) -> None:
        key, terms = line.version.pk, line.terms
        self.fields[f"take_{key}"] = forms.BooleanField(label=f"Claim from {line.recognizer.organization.name}", required=False)
        if terms is None:
            return
        for name, values, label in (("level", terms.levels, "Level"), ("bucket", terms.buckets, "Which goal does it serve?"),
                                    ("elected", terms.elect, "Count it as")):  # fmt: skip
            if values:
                self.fields[f"{name}_{key}"] = forms.ChoiceField(label=label, choices=_choices(values, "Choose"), required=False)
        self.fields[f"amount_{key}"] = number("Ask for", f"In {words_of(terms.unit).lower()}s. Left empty: what the rule gives.")
        if terms.fee:
            label = f"Buy {terms.fee.gives} for ${terms.fee.cents / 100:,.0f} instead"
            self.fields[f"buys_{key}"] = forms.BooleanField(label=label, required=False)

    def blocks(self) -> list[tuple[Offered, Any, list[Any]]]:
        """For the page: each recognizer with its box and its further fields."""
        names = ("level", "bucket", "elected", "amount", "buys")
        return [
            (
                line,
                self[f"take_{line.version.pk}"],
                [self[f"{n}_{line.version.pk}"] for n in names if f"{n}_{line.version.pk}" in self.fields],
            )
            for line in self.offered
        ]

    def asks(self, rests_on_id: str = "") -> list[Ask]:
        told = self.cleaned_data
        return [
            Ask(
                schedule_id=key, purpose=told["purpose"], level=told.get(f"level_{key}", ""), bucket=told.get(f"bucket_{key}", ""),
                elected=told.get(f"elected_{key}", ""), amount=told.get(f"amount_{key}"), note=told["note"], despite=told["despite"],
                buys=told.get(f"buys_{key}", False), rests_on_id=rests_on_id,
            )
            for key in (line.version.pk for line in self.offered)
            if told[f"take_{key}"] or self.is_draft
        ]  # fmt: skip


class AwardForm(_ClaimForm):
    """One award, claimed once for all who recognize it."""

    def done(self, credential_id: str) -> Done:
        told = self.cleaned_data
        return Done(credential_id=credential_id, hours=told["hours"], evidence=told["evidence"], papers=papers_of(told["document"]),
                    like_id=told["like_id"])  # fmt: skip


class ActivityForm(_ClaimForm):
    """Something else that was done."""

    title = forms.CharField(label="What did you do?", max_length=200, error_messages={"required": "Say what it was."})
    done_on = Day(label="Its last day", error_messages={"required": "Give a day."})
    kind = forms.ChoiceField(label="What was it?", help_text="Each of those whom you may ask says below what it takes.")
    quantity = number("How many", "Of semester hours, quarter hours, or whatever it is counted in. Clock hours go above.")
    days = forms.IntegerField(label="On how many days", min_value=1, max_value=366, initial=1)
    rests_on = forms.ChoiceField(label="It goes on from", required=False, help_text="The knowledge that you applied, where it was granted.")
    field_order = ("title", "done_on", "kind", "hours", "quantity", "days", "rests_on", "purpose", "evidence", "document")

    def __init__(self, *args: Any, build_on: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds_taken(self.offered)  # type: ignore[attr-defined]
        for line in self.offered:
            taken = listed(f"{words[:1].lower()}{words[1:]}" for _, words in kinds_taken([line]))
            self.fields[f"take_{line.version.pk}"].help_text = f"Takes {taken}." if taken else ""
        before = [(each.pk, f"{each.title}, {each.level}") for each in build_on]
        self.fields["rests_on"].choices = [("", "Nothing before"), *before]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("kind", "").startswith(("credit", "hours:")) and "quantity" in told and told["quantity"] is None:
            self.add_error("quantity", "Say how many.")
        return told

    def done(self) -> Done:
        told = self.cleaned_data
        kind, _, unit = told["kind"].partition(":")
        return Done(title=told["title"], done_on=told["done_on"], kind=kind, unit=unit, hours=None if unit else told["hours"],
                    days=told["days"], quantity=told["quantity"] or Decimal(1), evidence=told["evidence"],
                    papers=papers_of(told["document"]), like_id=told["like_id"])  # fmt: skip


def kinds_taken(offered: Iterable[Offered]) -> list[tuple[str, str]]:
    """Everything that one of them takes, once: hours, units of their own, credit, micro-credentials."""
    taken = {kind if unit in USUAL else f"{kind}:{unit}": unit for line in offered for kind, unit in line.takes}
    own = {key: said_unit(unit) for key, unit in taken.items() if key not in KINDS and unit}
    known = {key: words for key, words in KINDS.items() if key in taken}
    return list({**known, **{key: f"{words[:1].upper()}{words[1:]}" for key, words in sorted(own.items())}}.items())


def claim_initial(found: Any) -> dict[str, Any]:
    """What a claim says, as the fields of a form that says it again: of a draft, or of one that is taken elsewhere."""
    told = {name: getattr(found, name) for name in ("title", "done_on", "hours", "quantity", "days", "purpose", "evidence", "note")}
    told["kind"] = f"{found.kind}:{found.unit}" if found.unit else found.kind
    key = found.schedule_id
    own = {f"level_{key}": found.level, f"bucket_{key}": found.bucket, f"elected_{key}": found.elected, f"amount_{key}": found.asked,
           f"buys_{key}": found.buys}  # fmt: skip
    return told | own | {"rests_on": found.rests_on_id or "", "like_id": "" if found.state == "drafted" else found.pk}


class ResendForm(forms.Form):
    note = forms.CharField(label="Your answer", required=False, max_length=4000, widget=forms.Textarea(attrs={**LONG, "rows": 3}))
    evidence = forms.CharField(label="Evidence", required=False, max_length=4000, widget=forms.Textarea(attrs={**LONG, "rows": 3}))
    document = _paper()
    hours = number("Clock hours that it took")
    amount = number("Ask for", "Left empty: as before.")
    despite = forms.BooleanField(label="Send it though the rule says no", required=False)

    def told(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        document = told.pop("document")
        return told | {"papers": papers_of(document)}


class _Whenever(forms.CharField):
    """Asked for in the end, not while one writes: saved without it, and not called optional."""

    def validate(self, value: Any) -> None:
        return


# --- Proposals ------------------------------------------------------------------------------------------------------------


class ProposeForm(forms.Form):
    title = forms.CharField(label="What will you call it?", max_length=120, error_messages={"required": "Give it a title."})
    organization = forms.ChoiceField(label="Which council will read it?", error_messages={"required": "Choose one."})
    like_id = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organizations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].choices = organizations  # type: ignore[attr-defined]


class ProposalForm(forms.Form):
    """Fields for every question of the template, and rows of sources."""

    title = forms.CharField(label="Title", max_length=120, error_messages={"required": "Give it a title."})
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, template: Template, sources: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template, self.rows = template, max(ROWS, sources + 2)
        for asked in template.asks:
            self.fields[asked.id] = _Whenever(
                label=asked.label, help_text=f"At least {asked.words_min} words.", max_length=8000,
                widget=forms.Textarea(attrs={**LONG, "rows": 5}),
            )  # fmt: skip
        for n in range(self.rows):
            labels = {"title": f"Source {n + 1}", "url": f"Where source {n + 1} is found", "adds": f"What source {n + 1} adds"}
            for name, label in labels.items():
                self.fields[f"source_{n}_{name}"] = forms.CharField(label=label, required=False, max_length=500)

    def components(self) -> list[tuple[Any, list[Any], list[list[Any]]]]:
        """For the page: each component with its questions and its rows of sources."""
        rows = [[self[f"source_{n}_{name}"] for name in ("title", "url", "adds")] for n in range(self.rows)]
        return [(each, [self[asked.id] for asked in each.asks], rows if each.sources_min else []) for each in self.template.components]

    def written(self) -> Written:
        told = self.cleaned_data
        sources = [{name: told[f"source_{n}_{name}"] for name in ("title", "url", "adds")} for n in range(self.rows)]
        return Written(told["title"], {asked.id: told[asked.id] for asked in self.template.asks}, sources)


def proposal_initial(title: str, content: Mapping[str, Any], revision: int) -> dict[str, Any]:
    told = {"title": title, "revision": revision} | {key: value for key, value in content.items() if key != "sources"}
    for n, source in enumerate(content.get("sources", ())):
        told |= {f"source_{n}_{name}": value for name, value in source.items()}
    return told
