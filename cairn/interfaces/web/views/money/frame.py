"""What the pages of an organization's money share: who gets in, and what can be chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from cairn.apps.catalog import queries as catalog
from cairn.apps.payments import policy
from cairn.apps.payments.queries import Sold
from cairn.apps.people import queries as people
from cairn.apps.programs import queries as programs
from cairn.interfaces.web.views.frame import Request
from cairn.kernel.errors import Invalid, NotFound

PAYERS = ("district", "school", "service-agency", "higher-education", "association")


def selling(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For admins of the organization; for everybody else there is no such page. The view gets the organization."""

    @wraps(view)
    def guarded(request: Request, slug: str, **ids: str) -> HttpResponse:
        org = people.organization(request.actor, slug)
        if not policy.SET_PRICES.allows(request.actor, org.pk):
            raise NotFound("page")
        return view(request, org, **ids)

    return guarded


def things_of(request: Request, org: Any) -> list[Sold]:
    """What an organization can ask money for: its micro-credentials, and each offering of its programs."""
    viewer = request.actor
    own = [Sold("microcredential", each.pk, each.title, org.pk) for each in catalog.microcredentials_of(viewer, org.pk)]
    runs = programs.programs(viewer).filter(organization_id=org.pk)
    return own + [programs.sold(offering) for program in runs for offering in programs.offerings_in(viewer, program.pk)]


def as_choices(things: list[Sold]) -> list[tuple[str, list[tuple[str, str]]]]:
    kinds = (("microcredential", "A micro-credential, wherever it is offered"), ("offering", "One offering"))
    groups = [(title, [(thing.id, thing.name) for thing in things if thing.kind == kind]) for kind, title in kinds]
    return [(title, choices) for title, choices in groups if choices]


def chosen(things: list[Sold], thing_id: str) -> Sold:
    for thing in things:
        if thing.id == thing_id:
            return thing
    raise Invalid("sold-unknown", "Choose what it is for.", "", {"sold": "Choose what it is for."})


def organizations(request: Request, *kinds: str) -> list[tuple[str, str]]:
    """As choices, by name."""
    return list(people.organizations(request.actor).filter(kind__in=kinds).values_list("pk", "name"))
