"""What a visitor may ask of the catalog, and of what one organization has in it."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms

from cairn.apps.catalog.queries import FACETS, Search


class SearchForm(forms.Form):
    """Every part is optional; what cannot be read is left out, and said."""

    q = forms.CharField(max_length=200, required=False, label="Skill, topic, or standard")
    audience = forms.CharField(max_length=80, required=False, label="For")
    stage = forms.CharField(max_length=80, required=False, label="Career stage")
    framework = forms.CharField(max_length=80, required=False, label="Standards")
    availability = forms.CharField(max_length=80, required=False, label="When")
    where = forms.CharField(max_length=20, required=False, label="Where you work")
    counts = forms.CharField(max_length=80, required=False, label="Counts there")

    def where_asked(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("where", ""))

    def asked(self) -> Search:
        """Without a state to look in, nothing counts or does not."""
        self.is_valid()
        chosen = {name: self.cleaned_data.get(name, "") for name in FACETS}
        return Search(self.cleaned_data.get("q", ""), **chosen, page=_page(self))


class HeldForm(forms.Form):
    q = forms.CharField(max_length=200, required=False, label="Stack or skill")

    def words(self) -> str:
        """None where they cannot be read."""
        return str(self.cleaned_data["q"]) if self.is_valid() else ""

    def page(self) -> int:
        return _page(self)

    def kept(self) -> str:
        """What links between pages carry on."""
        return urlencode({"q": self.words()}) + "&"


def _page(form: forms.Form) -> int:
    page = form.data.get("page", "")
    return int(page) if page.isdecimal() and len(page) < 7 else 1
