"""Credentials: their public page and documents, verifying, revoking, and the chain of facts behind one."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from cairn.apps.catalog import queries as catalog
from cairn.apps.credentials import commands
from cairn.apps.credentials import queries as credentials
from cairn.apps.people import queries as people
from cairn.interfaces.web import chained, checked, documents, stones
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.art import Badge, badge_svg
from cairn.interfaces.web.documents import SIGNED, published
from cairn.interfaces.web.drawn import badge_picture
from cairn.interfaces.web.forms.credentials import ReasonForm, VerifyForm
from cairn.interfaces.web.views.frame import Request
from cairn.kernel import clock
from cairn.kernel.errors import Invalid, NotFound, Refused
from cairn.pure import badges

NEGOTIABLE = ["text/html", SIGNED, "application/ld+json", "application/json"]
A_PAGE = 50
CHANGES = {
    "revoke": (commands.revoke, "Revoked. Its page says so from this moment; the status list, which tells others, follows in seconds."),
    "reinstate": (commands.reinstate, "Given back. It counts again from the day it was first awarded."),
}


@require_safe
def credential(request: Request, credential_id: str) -> HttpResponse:
    """For people a page, for software the signed bytes: the address is the credential's own id."""
    if request.get_preferred_type(NEGOTIABLE) in NEGOTIABLE[1:]:
        response = documents.document(request, credential_id)
    else:
        response = render(request, "credentials/credential.html", _shown(request, credentials.page(request.actor, credential_id)))
    patch_vary_headers(response, ["Accept"])
    return response


def _shown(request: Request, page: credentials.CredentialPage) -> dict[str, object]:
    standards: dict[str, dict[str, str]] = {}
    for standard in sorted(page.standards, key=lambda each: (each.framework, len(each.code), each.code)):
        named = f"{standard.code}. {standard.title}" if standard.code[:1].isdigit() else standard.title
        standards.setdefault(standard.framework, {})[standard.code] = named
    answer = checked.answer(page.verification, page.line.revoked_on, clock.now(), people.zone_of(request.actor.person_id))
    rubric = f"{settings.SITE_URL}/catalog/{page.content.slug}/{page.content.number}/"
    return {
        "page": page, "line": page.line, "content": page.content, "answer": answer, "badge": _badge(page.line), "rubric": rubric,
        "home": f"{credentials.credential_url(page.line.id)}/", "brand_by": page.line.issuer.name,
        "standards": [(framework, list(named.values())) for framework, named in standards.items()],
    }  # fmt: skip


def _badge(line: credentials.CredentialLine) -> Badge:
    """As it was earned: a later version may have another title."""
    return replace(stones.badge_of(line.microcredential), title=line.title)


@require_safe
def picture(request: Request, credential_id: str) -> HttpResponse:
    """The badge with the signed credential inside."""
    signed, line = credentials.credential(request.actor, credential_id).signed, credentials.line(request.actor, credential_id)
    return published(request, badges.bake(badge_picture(_badge(line)), signed), "image/png")


@require_safe
def image(request: Request, slug: str) -> HttpResponse:
    """The badge as the image that credentials name."""
    return published(request, badge_picture(_in_catalog(request, slug)), "image/png")


@require_safe
def drawing(request: Request, slug: str) -> HttpResponse:
    return published(request, badge_svg(_in_catalog(request, slug)).encode(), "image/svg+xml")


def _in_catalog(request: Request, slug: str) -> Badge:
    page = catalog.microcredential(request.actor, slug)
    if page.line.slug != slug or page.content is None:
        raise NotFound("picture")
    return stones.badge_of(page.line)


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: Request) -> HttpResponse:
    """Nothing that is brought here is kept, and nothing is fetched from elsewhere."""
    form = VerifyForm(request.POST, request.FILES, viewer=request.actor) if request.method == "POST" else VerifyForm(viewer=request.actor)
    if not form.is_bound or not form.is_valid():
        checks = credentials.CHECKS.values()
        return render(request, "credentials/verify.html", {"form": form, "checks": checks}, status=422 if form.errors else 200)
    told = credentials.verify(request.actor, form.brought)
    own = credentials.known(request.actor, told)
    answer = checked.answer(told, own.revoked_on if own else None, clock.now(), people.zone_of(request.actor.person_id))
    shown = {"answer": answer, "line": own, "badge": _badge(own) if own else None, "claims": checked.claims(told)}
    return render(request, "credentials/answer.html", shown)


def _zoned(request: Request, template: str, *, status: int = 200, **shown: object) -> HttpResponse:
    return render(request, f"credentials/{template}.html", {"zone": people.zone_of(request.actor.person_id), **shown}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: Request, credential_id: str) -> HttpResponse:
    credential = credentials.managed(request.actor, credential_id)
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
    if form.is_bound and form.is_valid() and _change(request, credential_id, form):
        return redirect("credential_manage", credential_id)
    history = credentials.reasons(request.actor, credential_id)
    return _zoned(request, "manage", status=422 if form.errors else 200, credential=credential, form=form, history=history)


def _change(request: Request, credential_id: str, form: ReasonForm) -> bool:
    """True once it is revoked or given back; else the form says why not."""
    change, done = CHANGES.get(request.POST.get("change", ""), (None, ""))
    try:
        if change is None:
            raise Invalid("no-change", "This form does not say what is to happen.", "Reload the page and try again.")
        change(actor=request.actor, credential_id=credential_id, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        form.add_error("reason" if "reason" in refusal.fields else None, str(refusal))
        return False
    messages.success(request, done)
    return True


@login_required
@require_safe
def chain(request: Request, credential_id: str) -> HttpResponse:
    found = credentials.chain(request.actor, credential_id)
    return _zoned(request, "chain", chain=found, told=chained.told(found, people.zone_of(request.actor.person_id)))


@login_required
@require_safe
def issued(request: Request, slug: str) -> HttpResponse:
    """What an organization has issued, for its admins."""
    organization = people.organization(request.actor, slug)
    page = Paginator(credentials.issued_by(request.actor, organization.pk), A_PAGE).get_page(request.GET.get("page"))
    return _zoned(request, "issued", organization=organization, page=page)


urlpatterns = [
    *documents.urlpatterns,
    path("credentials/<id:credential_id>.png", picture, name="credential_picture"),
    path("credentials/<id:credential_id>", credential, name="credential_address"),
    path("credentials/<id:credential_id>/", credential, name="credential"),
    path("credentials/<id:credential_id>/manage/", manage, name="credential_manage"),
    path("credentials/<id:credential_id>/chain/", chain, name="credential_chain"),
    path("catalog/<slug:slug>/badge.png", image, name="badge"),
    path("catalog/<slug:slug>/badge.svg", drawing, name="badge_drawing"),
    path("org/<slug:slug>/credentials/", issued, name="issued"),
    path("verify/", verify, name="verify"),
]
