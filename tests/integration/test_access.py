"""Who gets in where: every request asked by everybody of the cast, against the committed table docs/reference/access.md.

The table is written by asking, so a route that is new, or opens to somebody new, shows up as a line to be reviewed. `make docs` writes it
anew after a change that is meant. One answer in ten is asked for in each test run, and all of them in the long one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from cairn.apps.people.models import Account
from cairn.interfaces.cli.reference import DOOR, LIBRARY, NOTICE, routes
from tests.api_world import Program, body_of, operations
from tests.cast import Cast
from tests.routes_world import TABLE, address_of, amiss, committed

LEAD = """# Access

Each request, asked by everybody of a cast about things of one educator, and about none but theirs. "yes": the page or the form opens, or it
is done, or would be if its thing stood where that can be done; "sign in": asked to sign in first; "no": may know of it and may not do this;
"-": answered as if it were not there; ".": this address does not take this method.

| | own | same organization | other organization | none |
| --- | --- | --- | --- | --- |
| earner | *educator*: their draft, scored attempt, credential | *colleague*: same employer and program | *other educator* | *stranger* |
| assessor | *assessor*: scores this attempt | *assessor here*: qualified, and given other work | *other assessor* | |
| lead assessor | | *lead* | *other lead* | |
| author | | *author* | *other author* | |
| coordinator | | *coordinator* | *other coordinator* | |
| organization admin | | *admin* at the issuer, *employer* where the educator works | *other admin* | |
| licensing officer | | *officer* | *other officer* | |
| operator | | | | *operator*: of the site |

*visitor*: has not signed in.

## Pages
"""
LIBRARY_LEAD = "\n## Signing in, and the door of the demonstration\n\nThese are about whoever asks, and about nobody else.\n\n"
API_LEAD = "\n## API\n\nWith a token that has all scopes, and the body that the description shows.\n\n"
METHODS = {"work-upload": ("GET", "PATCH", "DELETE")}  # of the uploads' protocol; everything else takes GET, POST or both
NOT_TAKEN = "."
# What a request of the uploads' protocol brings along; others do not look at it.
PROTOCOL = {
    "tus-resumable": "1.0.0",
    "upload-length": "9",
    "upload-offset": "0",
    "upload-metadata": f"slot cGxhbg==,sha256 {'NDU2' * 21}Nw==",
}


class Asker:
    """Somebody at a browser, or a program of theirs; whatever they change is undone."""

    def __init__(self, member) -> None:
        self.program = Program(member)
        self.client = Client(headers={"host": "localhost", **PROTOCOL})
        if member is not None:
            self.client.force_login(Account.objects.get(person__pk=member.person_id))
        self.cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}

    def page(self, method: str, address: str) -> str:
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        kind = "application/offset+octet-stream" if method == "PATCH" else "application/x-www-form-urlencoded"
        return self._said(lambda: self.client.generic(method, address, content_type=kind))

    def operation(self, method: str, address: str, body: object) -> str:
        return self._said(lambda: self.program.send(method, address, body, etag="*"))

    def _said(self, ask: Callable[[], HttpResponse]) -> str:
        before = transaction.savepoint()
        try:
            answer = ask()
        finally:
            transaction.savepoint_rollback(before)
            transaction.savepoint_commit(before)  # let go of it: PostgreSQL holds a lock for each savepoint that stands
        assert amiss(answer) == [], answer.request["PATH_INFO"]
        assert answer.status_code < 500
        if answer.get("Content-Type") == "application/problem+json":
            assert answer.json()["code"] not in ("not-valid", "key-missing"), answer.content
        if answer.get("Location", "").startswith("/account/login/"):
            return "sign in"
        return {401: "sign in", 403: "no", 404: "-", 405: NOT_TAKEN}.get(answer.status_code, "yes")


@dataclass(frozen=True)
class Row:
    """A line of the table, and how its answers are asked for."""

    name: str
    ask: Callable[[Asker], str]

    @property
    def label(self) -> str:
        return f"`{self.name}`"


def pages(cast: Cast) -> Iterator[Row]:
    for route, name in routes():
        if not name.startswith(LIBRARY) and not route.startswith((f"{DOOR}/", "api/v1/")):
            address = cast.address(route)
            for method in METHODS.get(name, ("GET", "POST")):
                yield Row(f"{method} /{route}", partial(Asker.page, method=method, address=address))


def library() -> Iterator[Row]:
    for route, name in routes():
        if name.startswith(LIBRARY) or route.startswith(f"{DOOR}/"):
            for method in ("GET", "POST"):
                yield Row(f"{method} /{route}", partial(Asker.page, method=method, address=address_of(route)))


def api(cast: Cast) -> Iterator[Row]:
    for method, path, told in sorted(operations(), key=lambda each: (each[1], each[0])):
        given = {"method": method, "address": cast.address(path), "body": body_of(told, **cast.known())}
        yield Row(f"{method} {path}", partial(Asker.operation, **given))


@dataclass(frozen=True)
class Part:
    """A table of the page: its rows, and who is asked."""

    lead: str
    rows: list[Row]
    askers: dict[str, Asker]

    def whole(self) -> str:
        """As it is written. What nobody can send is left out."""
        answers = [(row.label, [row.ask(asker) for asker in self.askers.values()]) for row in self.rows]
        lines = [["request", *self.askers], ["---"] * (len(self.askers) + 1)]
        lines += [[label, *told] for label, told in answers if set(told) != {NOT_TAKEN}]
        return self.lead + "".join(f"| {' | '.join(line)} |\n" for line in lines)

    def wrong(self, committed: dict[str, dict[str, str]], share: int) -> list[str]:
        """One answer in `share`, and those that are not the committed ones."""
        found = []
        for number, row in enumerate(self.rows):
            for place, (name, asker) in enumerate(self.askers.items()):
                told = committed.get(row.label, {}).get(name, NOT_TAKEN)
                if (number + place) % share == 0 and (said := row.ask(asker)) != told:
                    found.append(f"{row.name} by {name}: {said}, and not {told}")
        return found


def parts() -> list[Part]:
    cast = Cast()
    askers = {name: Asker(member) for name, member in cast.members.items()}
    two = {"visitor": askers["visitor"], "signed in": askers["stranger"]}
    return [Part("", list(pages(cast)), askers), Part(LIBRARY_LEAD, list(library()), two), Part(API_LEAD, list(api(cast)), askers)]


@pytest.mark.django_db
def test_everybody_gets_in_where_the_committed_table_says_and_nowhere_else():
    table = committed()
    assert [wrong for part in parts() for wrong in part.wrong(table, share=10)] == [], "if it is meant, run: make docs"


@pytest.mark.long
@pytest.mark.django_db
def test_the_committed_table_is_what_everybody_is_answered():
    told = f"{NOTICE}\n{LEAD}\n" + "".join(part.whole() for part in parts())
    if os.environ.get("CAIRN_WRITE_ACCESS") == "1":
        TABLE.write_text(told)
    assert TABLE.read_text() == told, "review what opened or closed; if it is meant, run: make docs"


@pytest.mark.django_db
def test_every_operation_of_the_api_has_its_line():
    table = committed()
    assert [each for method, path, _ in operations() if (each := f"`{method} {path}`") not in table] == [], "run: make docs"
