"""Citations: naming a place in a file, naming another place, taking one back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cairn.apps.portfolio import commands
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import Citation, Workspace
from cairn.interfaces.web.forms.learning import ChangePlaceForm, CiteForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import desk, saying, slots
from cairn.interfaces.web.views.learning.pages import detail_page
from cairn.kernel.errors import Conflict, Invalid, NotFound


@login_required
def add(request: Request, enrollment_id: str, part_key: str, key: str) -> HttpResponse:
    work = portfolio.workspace(request.actor, enrollment_id)
    desk.detail_page(work, work.part(part_key), key)
    here = f"{desk.root(work)}{part_key}/{key}/"
    if request.method != "POST":
        return redirect(f"{here}?cite=1#cite")
    form = CiteForm(request.POST, files=slots.choices(work), auto_id="cite-%s")
    if form.is_valid() and _cited(request, work, key, form):
        return redirect(f"{here}#evidence")
    return detail_page(request, work, work.part(part_key), key, cite=form)


def _cited(request: Request, work: Workspace, key: str, form: CiteForm) -> bool:
    artifact_id = form.cleaned_data["artifact"]
    try:
        commands.cite(actor=request.actor, enrollment_id=work.enrollment.pk, detail=key, artifact_id=artifact_id, **form.place())
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    return True


@login_required
def change(request: Request, enrollment_id: str, part_key: str, key: str, citation_id: str) -> HttpResponse:
    """Another place in the same file, or another reason."""
    work = portfolio.workspace(request.actor, enrollment_id)
    cited = next((c for d in work.part(part_key).details if d.detail.key == key for c in d.citations if c.pk == citation_id), None)
    if cited is None:
        raise NotFound("citation")
    if request.method == "POST":
        return _change(request, work, part_key, cited)
    return _page(request, work, part_key, cited, ChangePlaceForm(artifact=cited.artifact, initial=_as_saved(cited), auto_id="place-%s"))


def _change(request: Request, work: Workspace, part_key: str, cited: Citation) -> HttpResponse:
    form = ChangePlaceForm(request.POST, artifact=cited.artifact, auto_id="place-%s")
    if form.is_valid():
        try:
            commands.change_citation(
                actor=request.actor,
                enrollment_id=work.enrollment.pk,
                citation_id=cited.pk,
                revision=form.cleaned_data["revision"],
                **form.place(),
            )
            return redirect(f"{desk.root(work)}{part_key}/{cited.detail}/#evidence")
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            return _second_tab(request, work, part_key, cited, refusal)
    return _page(request, work, part_key, cited, form, status=422)


def _second_tab(request: Request, work: Workspace, part_key: str, cited: Citation, refusal: Conflict) -> HttpResponse:
    """Both are shown; sending again then keeps what is in the form."""
    if refusal.code != "changed-elsewhere":
        raise refusal
    now = portfolio.citation(request.actor, cited.pk)
    form = ChangePlaceForm({**request.POST.dict(), "revision": now.revision}, artifact=now.artifact, auto_id="place-%s")
    return _page(request, work, part_key, now, form, status=409)


def _page(request: Request, work: Workspace, part_key: str, cited: Citation, form: ChangePlaceForm, status: int = 200) -> HttpResponse:
    where = saying.place(cited.page, cited.from_seconds, cited.to_seconds)
    here = f"{desk.root(work)}{part_key}/{cited.detail}/"
    shown = {"frame": desk.frame(work, part_key), "cited": cited, "where": where, "facts": slots.facts(cited.artifact), "form": form,
             "back": f"{here}#evidence", "here": f"{here}cite/{cited.pk}/", "is_stale": status == 409}  # fmt: skip
    return render(request, "learning/cite.html", shown, status=status)


def _as_saved(cited: Citation) -> dict[str, object]:
    start, end = (None if at is None else saying.length(at) for at in (cited.from_seconds, cited.to_seconds))
    return {"page": cited.page, "from_seconds": start, "to_seconds": end, "explanation": cited.explanation, "revision": cited.revision}


@login_required
def remove(request: Request, enrollment_id: str, part_key: str, key: str, citation_id: str) -> HttpResponse:
    """The page of the citation has said what is lost; a visit leads back to it."""
    here = f"/portfolio/{enrollment_id}/{part_key}/{key}/"
    if request.method != "POST":
        return redirect(f"{here}cite/{citation_id}/")
    commands.uncite(actor=request.actor, enrollment_id=enrollment_id, citation_id=citation_id)
    messages.success(request, "The citation is taken out. The file is still yours.")
    return redirect(f"{here}#evidence")
