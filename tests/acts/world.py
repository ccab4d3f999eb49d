"""The cast, with a session for each, and where their things are found: for acts that are carried out over HTTP. Not here: the acts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from cairn.apps.people.models import Person
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Artifact, Citation
from tests.acts.further import NOT_THIS
from tests.acts.needs import Needs
from tests.cast import Cast
from tests.routes_world import routes

_CITED = "portfolio/<id:enrollment_id>/<str:part_key>/<str:key>/cite/<id:citation_id>/"


def everybody(cast: Cast) -> dict[str, Any]:
    """The cast's members who have an account, and who is needed beside them."""
    coach = actor_of(Person.objects.get(name="Coach Stone").pk)
    second = cast.person("Second Stone", licensing_officer=cast.issuer)
    head = cast.person("Head Stone", licensing_officer=cast.issuer, organization_admin=cast.issuer)
    return {name: who for name, who in cast.members.items() if who} | {"facilitator": coach, "second officer": second, "office admin": head}


def addresses(cast: Cast) -> dict[str, str]:
    """By route, those of the cast's own things; and some of others', by name."""
    first = Citation.objects.filter(submission__enrollment=cast.draft).first()
    other, film = f"/org/{cast.elsewhere.issuer.slug}/shared/", Artifact.objects.get(enrollment=cast.draft, original_name="lesson.mp4")
    cited = Citation.objects.filter(submission__enrollment=cast.draft).last()
    portfolio.change_citation(actor=cast.educator, enrollment_id=cast.draft.pk, citation_id=cited.pk, page=1, explanation=NOT_THIS,
                              from_seconds=None, to_seconds=None, revision=cited.revision)  # fmt: skip
    found = {
        "password": "/account/reauthenticate/?next=/account/",
        "other shared": other,
        "other adopt": f"{other}adopt/{cast.microcredential.pk}/",
        "cited": f"{cast.address(_CITED).rpartition('cite/')[0]}cite/{cited.pk}/".replace(first.detail, cited.detail),
        "film": f"/portfolio/{cast.draft.pk}/file/{film.pk}/",
        "film remove": f"/portfolio/{cast.draft.pk}/file/{film.pk}/remove/",
    }
    for route, _ in routes():
        with suppress(KeyError):
            found[route] = cast.address(route)
    return found


def arranged(signed_in: Callable[[Any], dict[str, str]]) -> dict[str, object]:
    cast = Cast()
    needs = Needs(cast)
    people = {name: signed_in(who) for name, who in (everybody(cast) | needs.people).items()}
    ids = {"issuer": {"person": cast.issuer.pk}, "dropped": {"person": f"drop:{cast.comment.pk}"},
           "written": {"person": cast.microcredential.pk}}  # fmt: skip
    return {"people": people | ids, "addresses": addresses(cast) | needs.addresses}
