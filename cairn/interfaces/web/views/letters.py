"""An organization's letters in its own words: the list, and one of them with its preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.apps.comms import commands
from cairn.apps.comms import queries as comms
from cairn.apps.people import queries as people
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.letters import WordingForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done, managing
from cairn.kernel.errors import Refused


@require_safe
@managing
def letters(request: Request, org: Any) -> HttpResponse:
    return render(request, "letters/wordings.html", {"org": org, "lines": comms.all_worded(request.actor, org.pk)})


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def letter(request: Request, org: Any, kind: str) -> HttpResponse:
    """Save, preview, or try it: three buttons of one form."""
    viewer, words = request.actor, comms.worded(request.actor, org.pk, kind)
    known = {"number": words.number, "subject": words.subject, "text": words.text}
    form, act = WordingForm(request.POST or None, initial=known), request.POST.get("act")
    if act == "save" and done(form, lambda told: commands.word(actor=viewer, organization_id=org.pk, kind=kind, **told)):
        messages.success(request, "Saved. The next letter of this kind reads like that.")
        return redirect("letter", org.slug, kind)
    if act == "try" and done(form, lambda told: _try(request, org, kind, told)):
        messages.success(request, "A letter with sample words is on its way to you.")
    preview = (
        _preview(form, org, kind) if act in ("preview", "try") else comms.sample(kind, words.subject, words.text, organization=org.name)
    )
    context = {"org": org, "words": words, "form": form, "preview": preview, "versions": comms.wordings(viewer, org.pk, kind)[:20],
               "zone": people.zone_of(viewer.person_id)}  # fmt: skip
    return render(request, "letters/wording.html", context, status=422 if form.errors else 200)


def _try(request: Request, org: Any, kind: str, told: dict[str, Any]) -> None:
    commands.try_wording(actor=request.actor, organization_id=org.pk, kind=kind, subject=told["subject"], text=told["text"])


def _preview(form: WordingForm, org: Any, kind: str) -> tuple[str, str] | None:
    """None where the form now says why there is none."""
    if not form.is_valid():
        return None
    try:
        return comms.sample(kind, form.cleaned_data["subject"], form.cleaned_data["text"], organization=org.name)
    except Refused as no:
        for name, told in no.fields.items():
            form.add_error(name, told)
        return None


@require_POST
@managing
def letter_as_ours(request: Request, org: Any, kind: str) -> HttpResponse:
    number = comms.worded(request.actor, org.pk, kind).number
    commands.word_as_ours(actor=request.actor, organization_id=org.pk, kind=kind, number=number)
    messages.success(request, "This letter is in our words again. Yours are kept below.")
    return redirect("letter", org.slug, kind)


urlpatterns = [
    path("org/<slug:slug>/letters/", letters, name="letters"),
    path("org/<slug:slug>/letters/<str:kind>/", letter, name="letter"),
    path("org/<slug:slug>/letters/<str:kind>/reset/", letter_as_ours, name="letter_as_ours"),
]
