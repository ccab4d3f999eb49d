"""Dates as calendar files: the secret address of one's own, and one meeting to add. Not here: making the address (views/notices.py)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from cairn.apps.comms import queries as comms
from cairn.apps.people import queries as people
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.views.frame import Request
from cairn.kernel.ids import Id
from cairn.pure.calendars import Event, calendar

HALF_AN_HOUR = timedelta(minutes=30)
ASK_AGAIN = timedelta(hours=6)


def _dates(viewer: Actor) -> Iterator[Event]:
    """What is due, and the meetings at which the viewer keeps a place."""
    for run in programs.my_enrollments(viewer).filter(state="active").select_related("microcredential"):
        granted = [each.decided_at for each in programs.extensions(viewer, run.pk) if each.due_after and each.decided_at]
        number = len(granted) + (run.due_reason == "revision")
        yield Event(
            f"enrollment-{run.pk}@{settings.SITE_HOST}", f"Due: {run.microcredential.title}", run.due_at - HALF_AN_HOUR, run.due_at,
            max([run.started_at, *granted]), number, details=run.due_sentence, url=f"{settings.SITE_URL}/portfolio/{run.pk}/", is_free=True,
        )  # fmt: skip
    yield from (_meeting(time) for time in programs.my_times(viewer))


def _meeting(time: Any) -> Event:
    ways = [f"Join: {time.join_url}" if time.join_url else "", f"Call in: {time.dial_in}" if time.dial_in else "",
            f"Access code: {time.access_code}" if time.access_code else "", time.note, time.meeting.about]  # fmt: skip
    return Event(
        f"meeting-{time.pk}@{settings.SITE_HOST}", time.meeting.title, time.starts_at, time.ends_at, time.meeting.created_at, time.revision,
        details="\n".join(filter(None, ways)), place=time.join_url or time.dial_in, url=time.join_url, is_cancelled=time.is_canceled,
    )  # fmt: skip


def _file(request: Request, body: bytes, name: str) -> HttpResponse:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-cache", "ETag": etag})
    response["Content-Disposition"], response["X-Robots-Tag"] = f'attachment; filename="{name}.ics"', "noindex"
    return get_conditional_response(request, etag=etag, response=response) or response


@require_safe
def feed(request: Request, feed_token: str) -> HttpResponse:
    """Whoever has the address reads the dates: calendars do not sign in."""
    owner = people.actor_of(comms.feed_owner(feed_token))
    return _file(request, calendar("Cairn", list(_dates(owner)), every=ASK_AGAIN), "cairn")


@require_safe
@login_required
def meeting(request: Request, time_id: Id) -> HttpResponse:
    time = programs.meeting_time(request.actor, time_id)
    return _file(request, calendar(time.meeting.title, [_meeting(time)]), "meeting")


urlpatterns = [
    path("calendar/<str:feed_token>.ics", feed, name="feed"),
    path("meetings/<id:time_id>.ics", meeting, name="meeting_file"),
]
