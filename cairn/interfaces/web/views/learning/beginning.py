"""Beginning a micro-credential."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cairn.apps.catalog import queries as catalog
from cairn.apps.payments import queries as payments
from cairn.apps.people import queries as people
from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.interfaces.web.stones import badge_of
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.wording import hours


@login_required
def enroll(request: Request, offering_id: str) -> HttpResponse:
    """A visit (after signing in, say) shows the clock that would run and asks; whoever is at it already goes on with it."""
    if request.method == "POST":
        return redirect(f"/portfolio/{commands.enroll(actor=request.actor, offering_id=offering_id).pk}/")
    offering = programs.offering(request.actor, offering_id)
    running = programs.running(request.actor, offering.microcredential_id)
    if running:
        return redirect(f"/portfolio/{running.pk}/")
    version = catalog.version_in_force(request.actor, offering.microcredential_id)
    content = catalog.content(request.actor, version.pk)
    effort = hours(content.hours.estimated_min, content.hours.estimated_max)
    shown = {"offering": offering, "content": content, "hours": effort, "due": programs.clock_for(request.actor, offering)}
    shown |= {"price": payments.price_block(request.actor, programs.sold(offering))}
    shown |= {"zone": people.zone_of(request.actor.person_id), "badge": badge_of(version.microcredential)}
    return render(request, "learning/begin.html", shown)
