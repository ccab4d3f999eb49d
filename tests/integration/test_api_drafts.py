"""Drafts through the API: a version is read, a change names it, and nobody overwrites what they have not seen."""

from __future__ import annotations

import pytest

from cairn.apps.assessment.models import Score
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio.models import Citation, Writing
from tests.api_world import Program, code

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafts(world):
    """The three kinds of drafts: where each is, what may be sent twice over, and where its text is kept."""
    world.assessors(2)
    actor, enrollment = world.enrolled()
    world.fill(actor, enrollment)
    writing, citation = Writing.objects.first(), Citation.objects.first()
    dana, root = Program(actor), f"/enrollments/{enrollment.pk}"
    _, scored = world.submitted(world.person("Eva Stone"))
    sheet = world.sheets(scored)[0]
    reader = Program(actor_of(sheet.assessor_id))
    place = {"page": 1, "from_seconds": None, "to_seconds": None}
    detail = sheet.case.open_details[0]
    return {
        "narrative": (dana, f"{root}/narratives/{writing.prompt}", lambda text: {"text": text}, "text"),
        "citation": (dana, f"{root}/citations/{citation.pk}", lambda text: {**place, "explanation": text}, "explanation"),
        "score": (
            reader, f"/scoring/sheets/{sheet.pk}/lines/{detail}",
            lambda text: {"level": "proficient", "rationale": text, "advice": ""}, "rationale",
        ),
    }  # fmt: skip


KINDS = pytest.mark.parametrize("kind", ["narrative", "citation", "score"])


@KINDS
def test_a_change_over_the_version_that_was_read_is_kept_and_bears_the_next(drafts, kind):
    program, path, body, field = drafts[kind]
    before = program.get(path)
    answer = program.put(path, body("The new words."), etag=before["ETag"])
    assert answer.status_code == 200
    assert answer.json()[field] == "The new words."
    assert answer["ETag"] == f'"{int(before["ETag"].strip(chr(34))) + 1}"' == program.get(path)["ETag"]


@KINDS
def test_a_change_over_an_older_version_is_refused_with_what_stands_there(drafts, kind):
    program, path, body, field = drafts[kind]
    old = program.get(path)["ETag"]
    program.put(path, body("The first tab."), etag=old)
    late = program.put(path, body("The second tab."), etag=old)
    assert code(late) == (412, "changed-elsewhere")
    assert late.json()["current"][field] == "The first tab."
    assert late["ETag"] == program.get(path)["ETag"] != old
    assert program.put(path, body("The second tab."), etag=late["ETag"]).json()[field] == "The second tab."


@KINDS
def test_a_change_that_names_no_version_is_refused(drafts, kind):
    program, path, body, _ = drafts[kind]
    before = program.get(path).json()
    for etag in ("", "3", "anything"):
        assert code(program.put(path, body("Blind."), etag=etag)) == (428, "version-missing")
    assert program.get(path).json() == before


@KINDS
@pytest.mark.parametrize("etag", ['"999999"', 'W/"1"', '"x"', '"-1"', '"99999999999999999999"', '""'])
def test_a_version_that_never_was_is_an_older_one(drafts, kind, etag):
    program, path, body, _ = drafts[kind]
    assert code(program.put(path, body("Blind."), etag=etag)) == (412, "changed-elsewhere")


@KINDS
def test_any_version_and_one_of_several_may_be_named(drafts, kind):
    program, path, body, field = drafts[kind]
    assert program.put(path, body("Whatever stands there."), etag="*").json()[field] == "Whatever stands there."
    current = program.get(path)["ETag"]
    assert program.put(path, body("One of these."), etag=f'"77", {current}').json()[field] == "One of these."


@KINDS
def test_what_is_said_already_may_be_said_again_over_any_version(drafts, kind):
    """So that a change whose answer got lost can be sent again, key or no key."""
    program, path, body, _ = drafts[kind]
    old = program.get(path)["ETag"]
    first = program.put(path, body("The words."), etag=old)
    again = program.put(path, body("The words."), etag=old)
    assert (again.status_code, again["ETag"]) == (200, first["ETag"])


def test_only_the_version_that_was_changed_grows(drafts):
    program, path, body, _ = drafts["score"]
    program.put(path, body("Once."), etag=program.get(path)["ETag"])
    assert sorted(Score.objects.values_list("revision", flat=True)) == [1]
