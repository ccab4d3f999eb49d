"""Pages that need no account: welcome, catalog, stack, micro-credential, and what the site says about itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import path
from django.views.decorators.http import require_safe

from cairn.apps.catalog import queries as catalog
from cairn.apps.credentials import queries as credentials
from cairn.apps.payments import queries as payments
from cairn.apps.people.queries import zone_of
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.interfaces.web import licensed, stones, wording
from cairn.interfaces.web.forms.public import SearchForm
from cairn.interfaces.web.views.frame import Request

# What robots have no business with: what is personal, and what only forms use.
ROBOTS = "User-agent: *\n" + "".join(
    f"Disallow: /{name}/\n" for name in ("account", "credentials", "demo", "enroll", "home", "operations", "portfolio", "scoring")
)


def _offered(viewer: Actor, ids: list[str]) -> tuple[dict[str, set[str]], Counter[tuple[str, str]]]:
    """What is open to newcomers: its kinds for each micro-credential, and how many of each kind a program offers."""
    kinds: dict[str, set[str]] = {}
    count: Counter[tuple[str, str]] = Counter()
    for microcredential_id, program_id, kind in programs.offerings(viewer, ids).values_list("microcredential_id", "program_id", "kind"):
        kinds.setdefault(microcredential_id, set()).add(kind)
        count[program_id, kind] += 1
    return kinds, count


@require_safe
def welcome(request: Request) -> HttpResponse:
    viewer = request.actor
    ids = catalog.published(viewer)
    kinds, now = _offered(viewer, ids)
    few = stones.shown(catalog.a_few(viewer, 6), kinds, stones.mine(viewer))
    rows = [(program, now[program.pk, "open"], now[program.pk, "pilot"]) for program in programs.programs(viewer)]
    return render(request, "public/welcome.html", {"few": few, "total": len(ids), "programs": rows})


@require_safe
def find(request: Request) -> HttpResponse:
    viewer, form = request.actor, SearchForm(request.GET)
    ids = catalog.published(viewer)
    worth = licensed.worth_each(viewer, ids, form.where_asked())
    asked = form.asked() if worth.code else replace(form.asked(), counts="")
    kinds, runs = _offered(viewer, ids)[0], stones.mine(viewer)
    found = catalog.search(viewer, asked, kinds, worth.counting)
    shelves = [_shelf(viewer, shelf, kinds, runs, worth) for shelf in found.shelves or ()]
    context = {
        "form": form, "asked": asked, "found": found, "shelves": shelves, "worth": worth,
        "lines": stones.shown(found.lines or (), kinds, runs, worth), "facets": [(form[n], found.facets[n]) for n in _facets(worth)],
        "query": _kept(asked, worth),
    }  # fmt: skip
    return render(request, "public/catalog.html", context, status=200 if form.is_valid() else 422)


def _kept(asked: catalog.Search, worth: licensed.WhereILook) -> str:
    """What links between pages carry on."""
    kept = {} if asked.is_empty else {"q": asked.words, **asked.chosen}
    return urlencode(kept | ({"where": worth.asked} if worth.asked else {})) + "&" if kept or worth.asked else ""


def _facets(worth: licensed.WhereILook) -> list[str]:
    """What counts is asked once it is known where, and then first."""
    return [name for name in ("counts", *catalog.FACETS[:-1]) if name != "counts" or worth.code]


def _shelf(
    viewer: Actor, shelf: catalog.Shelf, kinds: Mapping[str, set[str]], runs: Mapping[str, stones.Mine], worth: licensed.WhereILook
) -> dict[str, Any]:
    """What counts is said of each stone where anything on the shelf does."""
    ids = [line.id for line in shelf.lines]
    shown = stones.shown(shelf.lines, kinds, runs, worth if worth.counting.intersection(ids) else worth.silent)
    cairn = stones.cairn_of(shelf.stack, shown, viewer.is_known)
    return {"stack": shelf.stack, "stones": shown, "cairn": cairn, "counts": worth.of_stack(ids)}


@require_safe
def stack(request: Request, slug: str) -> HttpResponse:
    viewer = request.actor
    page = catalog.stack(viewer, slug)
    kinds, _ = _offered(viewer, [line.id for line in page.lines])
    worth = licensed.worth(viewer, [line.id for line in page.lines if line.state == "published"], request.GET.get("where", ""))
    shown = stones.shown(page.lines, kinds, stones.mine(viewer), worth)
    context = {
        "page": page, "lines": shown, "cairn": stones.cairn_of(page.stack, shown, viewer.is_known),
        "earned": sum(each.kind == "met" for each in shown), "begun": sum(each.kind == "half" for each in shown),
        "total": len(shown) + page.stack.unnamed, "next": next((each for each in shown if each.kind == "half"), None),
        "worth": worth,
    }  # fmt: skip
    return render(request, "public/stack.html", context)


@require_safe
def microcredential(request: Request, slug: str, number: str = "") -> HttpResponse:
    viewer = request.actor
    page = catalog.microcredential(viewer, slug, number)
    if page.line.slug != slug:
        return redirect(f"/catalog/{page.line.slug}/{number}{'/' if number else ''}", permanent=True)
    shown: dict[str, Any] = {"page": page, "content": page.content, "badge": stones.badge_of(page.line)}
    if page.content is None:
        return render(request, "public/planned.html", shown)
    run = stones.mine(viewer).get(page.line.id)
    shown |= {**wording.version(page.content), **_standing(viewer, page, run), "published": _published(viewer, page)}
    shown |= {"address": f"{settings.SITE_URL}{request.path}", "home": f"{settings.SITE_URL}/catalog/{slug}/", **_shared(viewer, page)}
    shown["worth"] = licensed.worth(viewer, [page.line.id], request.GET.get("where", ""))
    return render(request, "public/microcredential.html", shown)


def _standing(viewer: Actor, page: catalog.MicrocredentialPage, run: stones.Mine | None) -> dict[str, Any]:
    """Where the reader stands: at work, done, or free to begin."""
    has_earned = run is not None and run.state == "completed"
    return {
        "mine": run,
        "credential": credentials.credential_of(viewer, run.enrollment_id) if run and has_earned else None,
        "begun_on": next((v for v in page.versions if run and v.id == run.version_id and v != page.version), None),
        "offers": [] if run else _offers(viewer, page),
    }


def _shared(viewer: Actor, page: catalog.MicrocredentialPage) -> dict[str, Any]:
    """Where this version came from, who has adopted it, and for which organizations the reader could."""
    return {
        "origin": catalog.origin_of(viewer, page.version.id) if page.version else None,
        "adopters": catalog.adopters_of(viewer, page.line.id),
        "takers": catalog.may_be_adopted_by(viewer, page.issuer.slug),
    }  # fmt: skip


def _published(viewer: Actor, page: catalog.MicrocredentialPage) -> date | None:
    """The day on the reader's calendar."""
    moment = page.version.published_at if page.version else None
    return moment.astimezone(zone_of(viewer.person_id)).date() if moment else None


def _offers(viewer: Actor, page: catalog.MicrocredentialPage) -> list[dict[str, Any]]:
    """Where one may begin today, with the clock that would run; nobody begins on a version that is not in force."""
    if page.version != page.in_force or page.line.state != "published":
        return []
    found = list(programs.offerings(viewer, [page.line.id]).select_related("microcredential"))
    prices = payments.quotes(viewer, [programs.sold(offering) for offering in found])
    return [
        {"offering": offering, "rule": wording.due_rule(offering), "clock": programs.clock_for(viewer, offering),
         "price": prices[offering.pk]} for offering in found
    ]  # fmt: skip


@require_safe
def accessibility(request: Request) -> HttpResponse:
    return render(request, "public/accessibility.html")


@require_safe
def privacy(request: Request) -> HttpResponse:
    return render(request, "public/privacy.html")


@require_safe
def robots(request: Request) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: Request) -> HttpResponsePermanentRedirect:
    return HttpResponsePermanentRedirect(static("cairn/icon.svg"))


urlpatterns = [
    path("", welcome, name="welcome"),
    path("catalog/", find, name="catalog"),
    path("catalog/<slug:slug>/", microcredential, name="microcredential"),
    path("catalog/<slug:slug>/<str:number>/", microcredential, name="version"),
    path("stacks/<slug:slug>/", stack, name="stack"),
    path("accessibility/", accessibility, name="accessibility"),
    path("privacy/", privacy, name="privacy"),
    path("robots.txt", robots, name="robots"),
    path("favicon.ico", favicon, name="favicon"),
]
