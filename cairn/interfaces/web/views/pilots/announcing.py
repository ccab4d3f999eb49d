"""Announcing a pilot's open seats: words to copy and a flyer, made from what stands here now."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cairn.apps.catalog import queries as catalog
from cairn.apps.payments import queries as payments
from cairn.apps.programs import queries as programs
from cairn.apps.programs.policy import GATES
from cairn.interfaces.web.papers import flyer_pdf
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.pilots.running import running
from cairn.interfaces.web.views.pilots.saying import seats_words
from cairn.kernel import clock
from cairn.pure.clocks import long_date, long_moment
from cairn.pure.money import dollars


@require_safe
@running
def announce(request: Request, offering: Any) -> HttpResponse:
    """A line, a letter and a notice to copy, and the flyer."""
    words = _words(request, offering)
    return render(request, "pilots/announce.html", {"offering": offering, "words": words, **_texts(words)})


@require_safe
@running
def flyer(request: Request, offering: Any) -> HttpResponse:
    """A page to print and hang up, with the pilot's address as a code that a camera reads."""
    answer = HttpResponse(flyer_pdf(_words(request, offering), clock.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{offering.slug}-flyer.pdf"'
    return answer


def _words(request: Request, offering: Any) -> dict[str, Any]:
    viewer = request.actor
    content = catalog.content(viewer, catalog.version_in_force(viewer, offering.microcredential_id).pk)
    counted = programs.seats(viewer, [offering])[offering.pk]
    times = [line.time for each in programs.meetings(viewer, offering) if each.meeting.kind in GATES for line in each.open_times]
    price = payments.price_held(viewer, programs.sold(offering), "")
    return {
        "title": content.title, "competency": content.competency, "program": offering.program.title,
        "organization": offering.program.organization.name, "seats": seats_words(counted, offering.begins_text),
        "times": [long_moment(time.starts_at, ZoneInfo(time.zone)) for time in sorted(times, key=lambda time: time.starts_at)],
        "asks_meeting": offering.asks_meeting, "last_day": long_date(offering.last_day) if offering.last_day else "",
        "price": dollars(price.cents) if price and price.cents else "", "address": f"{settings.SITE_URL}/pilots/{offering.slug}/",
    }  # fmt: skip


def _texts(words: dict[str, Any]) -> dict[str, str]:
    """The same facts at three lengths."""
    when = f" It runs until {words['last_day']}." if words["last_day"] else ""
    cost = f"It costs {words['price']}." if words["price"] else "Taking part is free."
    first = "Come to one of these meetings first:" if words["asks_meeting"] else "You can ask about it here:"
    meetings = "\n".join([first, *(f"- {time}" for time in words["times"])]) if words["times"] else ""
    line = f"{words['title']}: {words['seats'].lower()}. {words['address']}"
    notice = f"{words['organization']} looks for educators to try out “{words['title']}”. {words['seats']}.{when} {cost}"
    parts = [notice, words["competency"], meetings, f"See what it asks for, and register: {words['address']}"]
    return {"line": line, "notice": f"{notice} {words['address']}", "letter": "\n\n".join(part for part in parts if part)}
