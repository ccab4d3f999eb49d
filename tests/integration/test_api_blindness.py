"""Blind scoring through the API: no byte that an assessor receives says whose work it is, or who else reads it."""

from __future__ import annotations

import re

import pytest

from tests.api_world import Program, body_of, operations
from tests.integration.test_blindness import Met, assessors_names, blind, educators_names, leaks, one_world
from tests.scoring_world import body, opened

pytestmark = pytest.mark.django_db
__all__ = ["blind", "one_world"]


def met(address, answer) -> Met:
    return Met(address, "\n".join(f"{name}: {value}" for name, value in answer.items()).encode(), body(answer))


def everything(world, program):
    """Every operation, on the reader's own sheet and on things of the educator's; each answer, and each file behind a link."""
    (line,) = program.read("/scoring/sheets")["items"]
    sheet = program.read(f"/scoring/sheets/{line['id']}")
    own = {"sheet_id": line["id"], "detail": sheet["lines"][0]["detail"], "slug": sheet["microcredential"], "number": "1.0",
           "enrollment_id": world.enrollment.pk, "prompt": "context", "person_id": world.educator.person_id}  # fmt: skip
    for file in sheet["files"]:
        link = program.get(f"/scoring/sheets/{line['id']}/files/{file['number']}/link")
        if link.status_code == 200:
            yield met("", link)
            yield met(link.json()["url"], opened(link.json()["url"]))
    last = re.compile("lock|step-aside")
    for method, path, told in sorted(operations(), key=lambda each: bool(last.search(each[1]))):
        address = re.sub(r"{(\w+)}", lambda name: own.get(name[1], "0" * 20), path)
        yield met(
            "",
            program.send(
                method, address, body_of(told, slug="a-district", level="proficient", name=f"Reader {program.secret[-4:]}"), etag="*"
            ),
        )


def test_nothing_that_an_assessor_gets_names_the_educator_or_the_other_reader(blind):
    for reader, other in (blind.readers, blind.readers[::-1]):
        program = Program(reader)
        reached = list(everything(blind, program))
        names = educators_names(blind) + assessors_names(other)
        assert [leak for each in reached for leak in leaks(each, names)] == []
        assert sum(b"vc+ld" in each.headers or b"json" in each.headers for each in reached) > 70
        assert {each.address != "" for each in reached} == {True, False}, "no file was opened"


def test_what_educators_get_names_no_reader(blind):
    program, root = Program(blind.educator), f"/enrollments/{blind.enrollment.pk}"
    reached = [met("", program.get(f"{root}{path}")) for path in ("", "/check", "/attempts", "/feedback", "/files", "/citations")]
    names = [name for reader in blind.readers for name in assessors_names(reader)]
    assert [leak for each in reached for leak in leaks(each, names)] == []
