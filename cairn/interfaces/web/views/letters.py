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
def letter(request: Request, org: Any, letter_kind: str) -> HttpResponse:
    """Save, preview, or try it: three buttons of one form."""
    words, act = comms.worded(request.actor, org.pk, letter_kind), request.POST.get("act")
    form = WordingForm(request.POST or None, initial={"number": words.number, "subject": words.subject, "text": words.text})
    about = {"actor": request.actor, "organization_id": org.pk, "kind": letter_kind}
    if act == "save" and done(form, lambda told: commands.word(**about, **told)):
        messages.success(request, "Saved. The next letter of this kind reads like that.")
        return redirect("letter", org.slug, letter_kind)
    if act == "try" and done(form, lambda told: commands.try_wording(**about, subject=told["subject"], text=told["text"])):
        messages.success(request, "A letter with sample words is on its way to you.")
    return _shown(request, org, words, form)


def _shown(request: Request, org: Any, words: Any, form: WordingForm) -> HttpResponse:
    viewer, preview = request.actor, _preview(form, words, org)
    context = {"org": org, "words": words, "form": form, "preview": preview, "zone": people.zone_of(viewer.person_id),
               "versions": comms.wordings(viewer, org.pk, words.kind)[:20]}  # fmt: skip
    return render(request, "letters/wording.html", context, status=422 if form.errors else 200)


def _preview(form: WordingForm, words: Any, org: Any) -> tuple[str, str] | None:
    """Of what was written, or else of what counts now; None where the form says why there is none."""
    written = (words.subject, words.text)
    if form.is_bound:
        if not form.is_valid():
            return None
        written = form.cleaned_data["subject"], form.cleaned_data["text"]
    try:
        return comms.sample(words.kind, *written, organization=org.name)
    except Refused as no:
        for name, told in no.fields.items():
            form.add_error(name, told)
        return None


@require_POST
@managing
def letter_as_ours(request: Request, org: Any, letter_kind: str) -> HttpResponse:
    sent = request.POST.get("number", "")
    number = int(sent) if sent.isdecimal() else comms.worded(request.actor, org.pk, letter_kind).number
    commands.word_as_ours(actor=request.actor, organization_id=org.pk, kind=letter_kind, number=number)
    messages.success(request, "This letter is in our words again. Yours are kept below.")
    return redirect("letter", org.slug, letter_kind)


urlpatterns = [
    path("org/<slug:slug>/letters/", letters, name="letters"),
    path("org/<slug:slug>/letters/<str:letter_kind>/", letter, name="letter"),
    path("org/<slug:slug>/letters/<str:letter_kind>/reset/", letter_as_ours, name="letter_as_ours"),
]
