"""What the frame of every page shows: at most four places by role, and who is signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cairn.apps.comms import queries as comms
from cairn.apps.people import queries as people
from cairn.frame.actor import VISITOR, Actor
from cairn.interfaces.web import sessions
from cairn.interfaces.web.views import demo
from cairn.kernel.ids import new_id


def frame(request: HttpRequest) -> dict[str, Any]:
    viewer: Actor = getattr(request, "actor", VISITOR)
    me = people.me(viewer) if viewer.is_known else None
    return {
        "places": _places(viewer),
        "person_name": me.name if me else "",
        "zone": me.time_zone if me else "",
        "support": getattr(request, "support", None),
        "looked_at": people.looked_at(viewer) if viewer.is_known and not viewer.only_looks else None,
        "brand": _brand(request, viewer),
        "viewer": viewer,
        "unread": comms.unread(viewer),
        "new_key": new_id,
        "session": _session(request) if viewer.is_known else None,
        "whose": sessions.whose(viewer.person_id) if viewer.person_id and not viewer.only_looks else "",
        "is_demo": settings.DEMO,
        "demo_people": SimpleLazyObject(demo.front_people) if settings.DEMO else (),
    }


def _brand(request: HttpRequest, viewer: Actor) -> people.Look | None:
    """Of the organization whose page it is."""
    found = request.resolver_match
    return people.look_by_slug(viewer, found.kwargs["slug"]) if found and found.route.startswith("org/<slug:slug>/") else None


def _session(request: HttpRequest) -> dict[str, int]:
    """In seconds: how long it lasts, and how long before its end the page asks."""
    return {"left": sessions.left(request), "warning": min(sessions.WARNING, settings.SESSION_COOKIE_AGE // 4)}


def _places(viewer: Actor) -> list[dict[str, str]]:
    if not viewer.is_known:
        return []
    places = [("/operations/", "Health")] if viewer.holds("operator") else []
    for kept in people.organizations(viewer, viewer.scopes("organization admin", "organization"))[:1]:
        places.append((f"/org/{kept.slug}/", "Organization"))
    if viewer.holds("coordinator"):
        places.append(("/pilots/", "Pilots"))
    if viewer.holds("assessor") or viewer.holds("lead assessor"):
        places.append(("/scoring/", "Queue"))
    if viewer.holds("lead assessor"):
        places.append(("/scoring/desk/", "Desk"))
    if viewer.holds("licensing officer"):
        places += [("/officer/", "To sign"), ("/rules/", "Rules"), ("/verify/", "Verify")]
    if viewer.holds("council member"):
        places.append(("/claims/", "Claims"))
    places = [*(places or [("/home/", "Next")]), ("/catalog/", "Catalog"), ("/license/", "My license"), ("/portfolio/", "Portfolio")]
    return [{"url": url, "title": title} for url, title in places[:4]]
