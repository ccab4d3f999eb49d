"""What an organization says of how it answers, and of what it gives, read and typed. Not here: what is allowed (the commands)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from cairn.apps.licensure.queries import BODIES
from cairn.interfaces.web.forms.recognizing.claims import SHORT, Day, number, words_of
from cairn.pure.rules import Schedule
from cairn.pure.rules.overlays import CAPS, Overlay, bound, left_open, text_of
from cairn.pure.rules.schedules import Terms


class RecognizerForm(forms.Form):
    body = forms.ChoiceField(label="Who answers?", choices=list(BODIES.items()), widget=forms.RadioSelect, initial="council")
    called = forms.CharField(label="What is it called?", max_length=120, initial="Professional development council")
    votes_needed = forms.IntegerField(label="How many equal votes settle a claim?", min_value=1, max_value=25, initial=3)
    answer_days = forms.IntegerField(label="Within how many business days?", min_value=1, max_value=90, initial=15)
    appeal = forms.CharField(
        label="Where may an educator appeal?", required=False, max_length=500, help_text="Everybody whose claim is declined reads it.",
        widget=forms.Textarea(attrs={**SHORT, "rows": 2}),
    )  # fmt: skip
    meets_at = forms.DateTimeField(label="Next meeting", required=False,
                                   widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))  # fmt: skip
    meets_where = forms.CharField(label="Where it meets", required=False, max_length=120)

    def told(self, zone: ZoneInfo) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        if told["meets_at"]:
            told["meets_at"] = told["meets_at"].replace(tzinfo=zone)
        return told


class AdoptForm(forms.Form):
    """A shipped schedule as it is, or the organization's own text over one of them."""

    slug = forms.ChoiceField(label="A schedule of your state", required=False)
    text = forms.CharField(
        label="Or your own", required=False, max_length=60_000, widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text="Within the bounds of the schedule that it overlays. Each line that it changes needs its clause.",
    )  # fmt: skip
    effective = Day(label="In force from", error_messages={"required": "Give a day."})

    def __init__(self, *args: Any, schedules: Iterable[Schedule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [(each.slug, f"{each.title} ({each.jurisdiction.name})") for each in schedules]
        self.fields["slug"].choices = [("", "None: I write our own"), *told]  # type: ignore[attr-defined]


class OverlayForm(forms.Form):
    """What a district sets over its state's schedule; beside each field what the state says, and no field where it leaves nothing open."""

    title = forms.CharField(label="What is it called?", max_length=200, error_messages={"required": "Give it a title."})
    cite = forms.CharField(label="Where does your plan say so?", max_length=200, help_text="Such as: Our plan, section 4.",
                           error_messages={"required": "Name the clause: whoever claims reads it."})  # fmt: skip
    effective = Day(label="In force from", error_messages={"required": "Give a day."})

    def __init__(self, *args: Any, base: Schedule, terms: Terms, slug: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base, self.terms, self.slug = base, terms, slug
        self.levels = list(terms.levels)
        for name, (part, made) in self._offered().items():
            if left_open(base, part):
                self.fields[name] = made

    def _offered(self) -> dict[str, tuple[str, forms.Field]]:
        """Each field that may be asked for, with the part of an overlay that it belongs to."""
        first, *later = self.levels or [""]
        kept = "Your state sets none."
        told: dict[str, tuple[str, forms.Field]] = {
            f"cap_{period}": ("caps", number(f"At most, {words} ({self.terms.unit.replace('-', ' ')}s)", self._most(period), most=10_000))
            for period, words in CAPS.items()
        }
        told |= self._of_levels(first, later)
        told["within_days"] = "within_days", _whole(f"{words_of(first) or 'A claim'}: days after it was done", kept, 3650)
        for level in later:
            told[f"months_{level}"] = "within_months", _whole(f"{words_of(level)}: months after {first}", kept, 240)
        told["renews_within"] = "renews_within", _whole("Months before the license ends from which it may be claimed", kept, 60)
        told["lasts_years"] = "lasts_years", _whole("Years that it lasts", f"Your state: {self.terms.lasts or 'no end'}.", 50)
        if later:
            said = {"add": "add up", "highest": "the highest level counts"}[self.terms.combine]
            told["combine"] = (
                "combine",
                _one_of("Levels of one activity", f"Your state: {said}.", {"add": "Add up", "highest": "The highest counts"}),
            )
        needed = ", ".join(NEEDED[each].lower() for each in self.terms.needs) or "nothing"
        told["needs"] = "needs", forms.MultipleChoiceField(
            label="It needs", required=False, choices=list(NEEDED.items()), widget=forms.CheckboxSelectMultiple,
            help_text=f"Your state: {needed}. What it needs stays needed.",
        )  # fmt: skip
        if self.terms.buckets:
            told["same_award"] = (
                "same_award",
                _one_of("One award in several goals", f"Your state: {SAME[self.terms.same_award].lower()}.", SAME),
            )
        told["is_whole"] = "is_whole", forms.BooleanField(label="Only whole ones count", required=False)
        return told

    def _of_levels(self, first: str, later: list[str]) -> dict[str, tuple[str, forms.Field]]:
        """What may be given of one level: in a school year, and for each so much of the first."""
        unit = f"{self.terms.unit.replace('-', ' ')}s"
        told: dict[str, tuple[str, forms.Field]] = {}
        for level in self.levels:
            most = f"At most of {level}, a school year ({unit})"
            told[f"year_{level}"] = "level_caps", number(most, self._most("school-year", level), most=10_000)
        for level in later:
            hint = "Both, or neither: such as at most 10, for each whole 20."
            told[f"block_{level}"] = "blocks", number(f"At most of {level}, for each block of {first} ({unit})", hint, most=10_000)
            told[f"size_{level}"] = "blocks", number(f"Size of that block for {level} ({unit} of {first})", "", most=10_000)
        return told

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        for level in self.levels[1:]:
            block, size = (told.get(f"{name}_{level}") for name in ("block", "size"))
            if bool(block) != bool(size):
                self.add_error(f"size_{level}" if block else f"block_{level}", "Give both, or neither.")
        return told

    def _most(self, period: str, level: str = "") -> str:
        most = bound(self.terms, period, level)
        return f"Your state: {most:g}. As much or less." if most is not None else "Your state sets none."

    def overlay(self) -> Overlay:
        told = self.cleaned_data
        caps = {period: told[f"cap_{period}"] for period in CAPS if told.get(f"cap_{period}")}
        months = {level: told[f"months_{level}"] for level in self.levels[1:] if told.get(f"months_{level}")}
        years = {level: told[f"year_{level}"] for level in self.levels if told.get(f"year_{level}")}
        blocks = {level: (told[f"block_{level}"], told[f"size_{level}"]) for level in self.levels[1:] if told.get(f"block_{level}")}
        plain = {name: told[name] for name in ("within_days", "renews_within", "lasts_years", "combine", "same_award") if told.get(name)}
        return Overlay(self.slug, told["title"], told["cite"], told["effective"], caps=caps, level_caps=years, blocks=blocks,
                       within_months=months, needs=tuple(told.get("needs", ())), is_whole=told.get("is_whole", False), **plain)  # fmt: skip

    def text(self) -> str:
        return text_of(self.overlay(), self.base)


NEEDED = {"prior-approval": "Approval in writing beforehand", "knowledge-granted": "Knowledge granted before further levels"}
SAME = {"allow": "It may serve several", "forbid": "It serves one", "split": "It may be split among them"}


def _whole(label: str, hint: str, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, required=False, min_value=1, max_value=most)


def _one_of(label: str, hint: str, choices: Mapping[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=hint, required=False, choices=[("", "As the state says"), *choices.items()])


class EndScheduleForm(forms.Form):
    ended_on = Day(label="Last day", error_messages={"required": "Give a day."})
