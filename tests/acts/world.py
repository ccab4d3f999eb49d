"""The cast, with a session for each, and where their things are found: for acts that are carried out over HTTP. Not here: the acts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from cairn.apps.people.models import Person
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio.models import Artifact
from tests.cast import Cast
from tests.routes_world import routes


def everybody(cast: Cast) -> dict[str, Any]:
    """The cast's members who have an account, and who is needed beside them."""
    coach = actor_of(Person.objects.get(name="Coach Stone").pk)
    second = cast.person("Second Stone", licensing_officer=cast.issuer)
    head = cast.person("Head Stone", licensing_officer=cast.issuer, organization_admin=cast.issuer)
    return {name: who for name, who in cast.members.items() if who} | {"facilitator": coach, "second officer": second, "office admin": head}


def addresses(cast: Cast) -> dict[str, str]:
    """By route, those of the cast's own things; and some of others', by name."""
    other, film = f"/org/{cast.elsewhere.issuer.slug}/shared/", Artifact.objects.get(enrollment=cast.draft, original_name="lesson.mp4")
    found = {
        "password": "/account/reauthenticate/?next=/account/",
        "other shared": other,
        "other adopt": f"{other}adopt/{cast.microcredential.pk}/",
        "film": f"/portfolio/{cast.draft.pk}/file/{film.pk}/",
    }
    for route, _ in routes():
        with suppress(KeyError):
            found[route] = cast.address(route)
    return found


def arranged(signed_in: Callable[[Any], dict[str, str]]) -> dict[str, object]:
    cast = Cast()
    people = {name: signed_in(who) for name, who in everybody(cast).items()}
    return {"people": people | {"issuer": {"person": cast.issuer.pk}}, "addresses": addresses(cast)}
