"""How an organization looks: the page on which its admin says so, the style sheet and the picture that its pages ask for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.apps.people import commands, outward
from cairn.apps.people import queries as people
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.boards import BrandForm, LogoForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done, managing
from cairn.kernel.errors import NotFound, Refused
from cairn.pure import colors
from cairn.pure.colors import Palette

FOR_EVER = "public, max-age=31536000, immutable"  # another color or picture has another address


def sheet(light: Palette, dark: Palette) -> str:
    """An organization's custom properties, under the selectors of assets/styles/theme.scss, so that what comes later holds."""
    by_day, by_night = _properties(light), _properties(dark)
    return (
        f":root{{{by_day}}}\n"
        f'@media screen and (prefers-color-scheme: dark){{:root:not([data-theme="light"]){{{by_night}}}}}\n'
        f'@media screen{{[data-theme="dark"]{{{by_night}}}}}\n'
    )


def _properties(made: Palette) -> str:
    told = {
        "primary": made.primary,
        "primary-strong": made.primary_strong,
        "on-primary": made.on_primary,
        "wash": made.wash,
        "deep": made.deep,
    }
    return ";".join(f"--{name}:{color}" for name, color in told.items())


@require_safe
def brand_css(request: Request, mark: str) -> HttpResponse:
    """Its address names the two colors that all follows from, so it never changes, and a preview has one too."""
    light, _, dark = mark.partition("-")
    try:
        chosen = [(colors.parse(light), colors.LIGHT), (colors.parse(dark), colors.DARK)]
    except Refused:
        raise NotFound("style sheet") from None
    if any(colors.shortfalls(*each) for each in chosen):
        raise NotFound("style sheet")
    text = sheet(*(colors.palette(*each) for each in chosen))
    return HttpResponse(text, content_type="text/css; charset=utf-8", headers={"Cache-Control": FOR_EVER})


@require_safe
def logo(request: Request, slug: str, mark: str) -> HttpResponse:
    picture, kind = people.logo(request.actor, slug)
    closed = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return HttpResponse(picture, content_type=kind, headers={"Cache-Control": FOR_EVER, "Content-Security-Policy": closed})


def _shown(request: Request, org: Any, status: int = 200, **more: Any) -> HttpResponse:
    chosen = people.brand(request.actor, org)
    known = {name: getattr(chosen, name) for name in BrandForm.base_fields}
    context = {"org": org, "form": BrandForm(initial=known), "logo_form": LogoForm(initial={"logo_alt": chosen.logo_alt}), **more}
    return render(request, "people/brand.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def brand(request: Request, org: Any) -> HttpResponse:
    """Save, or only see what it would look like: two buttons of one form."""
    form, given = BrandForm(request.POST or None), {"actor": request.actor, "organization_id": org.pk}
    if not form.is_bound:
        return _shown(request, org)
    if request.POST.get("act") == "preview":
        tried: list[people.Look] = []
        done(form, lambda told: tried.append(people.look_of(commands.brand_from(org, **told))))
        return _shown(request, org, 422 if form.errors else 200, form=form, **({"brand": tried[0], "is_preview": True} if tried else {}))
    if not done(form, lambda told: commands.set_brand(**given, **told)):
        return _shown(request, org, 422, form=form)
    messages.success(request, "Saved. This is how your pages look from now on.")
    return redirect("brand", org.slug)


@require_POST
@managing
def set_logo(request: Request, org: Any) -> HttpResponse:
    form = LogoForm(request.POST, request.FILES)

    def keep(told: dict[str, Any]) -> None:
        outward.keep_logo(request.actor, org.pk, told["logo"], size=told["logo"].size, alt=told["logo_alt"])

    if not done(form, keep):
        return _shown(request, org, 422, logo_form=form)
    messages.success(request, "Your logo stands on your pages from now on.")
    return redirect("brand", org.slug)


@require_POST
@managing
def remove_logo(request: Request, org: Any) -> HttpResponse:
    commands.remove_logo(actor=request.actor, organization_id=org.pk)
    messages.success(request, "The logo is gone from your pages.")
    return redirect("brand", org.slug)


urlpatterns = [
    path("org/<slug:slug>/brand/", brand, name="brand"),
    path("org/<slug:slug>/brand/logo/", set_logo, name="set_logo"),
    path("org/<slug:slug>/brand/logo/remove/", remove_logo, name="remove_logo"),
    path("org/<slug:slug>/logo/<slug:mark>", logo, name="logo"),
    path("colors/<slug:mark>.css", brand_css, name="brand_css"),
]
