"""Moving to another state, and taking everything with one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from cairn.apps.credentials import queries as credentials
from cairn.apps.licensure import queries as licensure
from cairn.apps.licensure.queries import claims
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.interfaces.web import licensed, recognized
from cairn.interfaces.web.packed import attached, zipped
from cairn.interfaces.web.papers import standing_pdf
from cairn.interfaces.web.views.frame import Request
from cairn.kernel import clock
from cairn.pure import rules
from cairn.pure.files import as_csv

COLUMNS = ("kind", "title", "day", "until", "amount", "unit", "from", "state", "counts for")


@login_required
@require_safe
def move(request: Request) -> HttpResponse:
    """Choose the state that one moves to: what counts there, what does not and why, what has a time limit."""
    states = [(each.code, each.name) for each in licensure.jurisdictions()]
    found = licensure.moving(request.actor, request.GET.get("to", "")) if request.GET.get("to") in dict(states) else None
    return render(request, "licensing/move.html", {"states": states, "found": found})


@login_required
@require_safe
def package(request: Request) -> HttpResponse:
    viewer = request.actor
    context = {
        "licenses": licensure.my_pages(viewer), "credentials": list(credentials.mine(viewer)),
        "entries": licensure.entries_of(viewer, str(viewer.person_id)).count(),
    }  # fmt: skip
    return render(request, "licensing/package.html", context)


@login_required
@require_safe
def package_file(request: Request) -> HttpResponse:
    """Standings as data and on paper, signed credentials, and the record as a table."""
    viewer, now, pages = request.actor, clock.now(), licensure.my_pages(request.actor)
    files = _standings(viewer, pages, now)
    earned = {each.pk: each.signed for each in credentials.mine(viewer)}
    files |= {f"credentials/{pk}.json": signed for pk, signed in earned.items()}
    files["learner-record.json"] = credentials.learner_record(viewer, str(viewer.person_id), earned, now)
    lines = licensure.lines(viewer, str(viewer.person_id), [known.standing for page in pages for known in page.routes])
    files["record.csv"] = as_csv([COLUMNS, *(_row(line) for line in lines)])
    files["read-me.txt"] = render_to_string("licensing/package.txt", {"name": people.me(viewer).name, "at": now, "site": settings.SITE_URL,
                                                                      "zone": people.zone_of(viewer.person_id)})  # fmt: skip
    return attached(zipped(files | _claims(viewer), now), "application/zip", "license-package.zip")


def _standings(viewer: Actor, pages: Iterable[licensure.LicensePage], now: datetime) -> dict[str, Any]:
    files, name = dict[str, Any](), people.me(viewer).name
    for page in pages:
        for known in page.routes:
            stem = f"standings/{known.route.slug.replace('/', '-')}-{page.license.valid_from}"
            files[f"{stem}.json"] = json.loads(rules.to_json(known.standing))
            files[f"{stem}.pdf"] = standing_pdf(licensed.paper(licensed.shown(page, known.route.slug), name), now)
    return files


def _claims(viewer: Actor) -> dict[str, Any]:
    claimed = [recognized.claim(each) for each in claims.my_claims(viewer)]
    papers = {f"claims/{each.claim_id}/{each.pk}.{each.kind}": bytes(each.content) for each in claims.my_papers(viewer)}
    return {"claims.csv": as_csv(recognized.claim_rows(claimed)), **papers}


def _row(line: licensure.EntryLine) -> tuple[str, ...]:
    until = line.until.isoformat() if line.until else ""
    told = (line.kind, line.title, line.on.isoformat(), until, f"{line.amount:f}", line.unit, line.source, line.state)
    return (*told, "; ".join(line.counts))
