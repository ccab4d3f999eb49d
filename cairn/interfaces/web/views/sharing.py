"""What organizations do with one another's micro-credentials: letting, adopting, making one's own, taking over what the author changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cairn.apps.catalog import commands
from cairn.apps.catalog import queries as catalog
from cairn.apps.people import queries as people
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.boards import ForkForm, SharingForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel.errors import NotFound

FORM = ["GET", "HEAD", "POST"]


def speaking(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For authors and admins of the organization; for everybody else there is no such page. The view gets the organization."""

    @wraps(view)
    def guarded(request: Request, slug: str, **ids: str) -> HttpResponse:
        org = people.organization(request.actor, slug)
        if not catalog.speaks_for(request.actor, org.pk):
            raise NotFound("page")
        return view(request, org, **ids)

    return guarded


@require_http_methods(FORM)
@speaking
def shared(request: Request, org: Any) -> HttpResponse:
    """Who may adopt, who asks, what is adopted, and which originals have changed."""
    viewer, mode = request.actor, catalog.sharing_of(request.actor, org.pk)
    form = SharingForm(request.POST or None, modes=catalog.SHARING.items(), initial={"mode": mode})
    if form.is_bound and done(form, lambda told: commands.set_sharing(actor=viewer, organization_id=org.pk, **told)):
        messages.success(request, "Saved. What was adopted before stays so.")
        return redirect("shared", org.slug)
    context = {
        "org": org, "form": form, "mine": catalog.adoptions_for(viewer, org.pk), "theirs": catalog.adoptions_from(viewer, org.pk),
        "forks": catalog.forks_of(viewer, org.pk), "may_let": catalog.may_let(viewer, org),
    }  # fmt: skip
    return render(request, "catalog/shared.html", context, status=422 if form.errors else 200)


@require_POST
@speaking
def answer(request: Request, org: Any, adoption_id: str) -> HttpResponse:
    is_let = request.POST.get("act") == "let"
    row = commands.answer_adoption(actor=request.actor, adoption_id=_own(request, org, adoption_id, theirs=True), is_let=is_let)
    messages.success(request, f"{row.organization.name} {'may offer it from now on' if is_let else 'is told no'}.")
    return redirect("shared", org.slug)


@require_POST
@speaking
def end(request: Request, org: Any, adoption_id: str) -> HttpResponse:
    commands.end_adoption(actor=request.actor, adoption_id=_own(request, org, adoption_id, theirs=False))
    messages.success(request, "It stands in your catalog no more. Those who began it may finish.")
    return redirect("shared", org.slug)


def _own(request: Request, org: Any, adoption_id: str, *, theirs: bool) -> str:
    found = (catalog.adoptions_from if theirs else catalog.adoptions_for)(request.actor, org.pk).filter(pk=adoption_id).first()
    if found is None:
        raise NotFound("adoption")
    return str(found.pk)


def _adopting(request: Request, org: Any, mc: Any, form: Form, status: int = 200) -> HttpResponse:
    viewer = request.actor
    context = {
        "org": org, "mc": mc, "form": form, "mode": catalog.sharing_of(viewer, mc.issuer_id), "issuer": mc.issuer,
        "mine": catalog.my_adoption(viewer, mc.pk, org.pk), "is_own": mc.issuer_id == org.pk,
    }  # fmt: skip
    return render(request, "catalog/adopt.html", context, status=status)


@require_http_methods(FORM)
@speaking
def adopt(request: Request, org: Any, microcredential_id: str) -> HttpResponse:
    """Take it as it is, or make one's own of it: one form each."""
    mc = catalog.microcredential_by_id(request.actor, microcredential_id)
    form = ForkForm(request.POST if "slug" in request.POST else None, initial={"slug": f"{mc.slug}-{org.slug}"[:80].strip("-")})
    given = {"actor": request.actor, "microcredential_id": mc.pk, "organization_id": org.pk}
    if request.method != "POST":
        return _adopting(request, org, mc, form)
    if not form.is_bound:
        row = commands.adopt(**given)
        messages.success(request, "It stands in your catalog." if row.state == "adopted" else f"{mc.issuer.name} is asked.")
    elif not done(form, lambda told: commands.fork(**given, **told)):
        return _adopting(request, org, mc, form, 422)
    return redirect("shared", org.slug)


@require_http_methods(FORM)
@speaking
def original(request: Request, org: Any, microcredential_id: str) -> HttpResponse:
    """What the original of a fork changed since, word by word; chosen sections go into a draft."""
    mc = catalog.microcredential_by_id(request.actor, microcredential_id)
    if mc.issuer_id != org.pk:
        raise NotFound("page")
    if request.method == "POST":
        draft = commands.take_over(actor=request.actor, microcredential_id=mc.pk, sections=request.POST.getlist("section"))
        messages.success(request, f"Version {draft.number} is a draft now. Read it, then publish it.")
        return redirect("version", mc.slug, draft.number)
    return render(request, "catalog/original.html", {"org": org, "found": catalog.comparison(request.actor, mc.slug)})


@require_POST
@speaking
def publish(request: Request, org: Any, version_id: str) -> HttpResponse:
    version = commands.publish_draft(actor=request.actor, version_id=version_id)
    messages.success(request, f"Version {version.number} is in force.")
    return redirect("microcredential", version.microcredential.slug)


_SHARED = "org/<slug:slug>/shared/"
urlpatterns = [
    path(_SHARED, shared, name="shared"),
    path(f"{_SHARED}asked/<id:adoption_id>/", answer, name="answer_adoption"),
    path(f"{_SHARED}adopted/<id:adoption_id>/end/", end, name="end_adoption"),
    path(f"{_SHARED}adopt/<id:microcredential_id>/", adopt, name="adopt"),
    path(f"{_SHARED}forks/<id:microcredential_id>/", original, name="original"),
    path(f"{_SHARED}drafts/<id:version_id>/publish/", publish, name="publish_draft"),
]
