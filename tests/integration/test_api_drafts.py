"""Drafts through the API: a version is read, a change names it, and nobody overwrites what they have not seen."""

from __future__ import annotations

import pytest

from cairn.apps.assessment.models import Score
from cairn.apps.people.queries import actor_of
from tests.api_world import Program, code

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world, kind):
    """Who writes it, where it is, what is sent, and the name of its text."""
    if kind == "score":
        world.assessors(2)
        _, enrollment = world.submitted()
        sheet = world.sheets(enrollment)[0]
        path = f"/scoring/sheets/{sheet.pk}/lines/{sheet.case.open_details[0]}"
        return (
            Program(actor_of(sheet.assessor_id)),
            path,
            lambda text: {"level": "proficient", "rationale": text, "advice": ""},
            "rationale",
        )
    actor, enrollment = world.enrolled()
    dana, root = Program(actor), f"/enrollments/{enrollment.pk}"
    if kind == "narrative":
        prompt = dana.read(root)["parts"][0]["narratives"][0]["prompt"]
        dana.put(f"{root}/narratives/{prompt}", {"text": "The first words."}, etag='"0"')
        return dana, f"{root}/narratives/{prompt}", lambda text: {"text": text}, "text"
    file, detail = world.add_file(actor, enrollment, "plan").pk, dana.read(root)["open_details"][0]
    cited = dana.post(f"{root}/citations", {"detail": detail, "file": file, "page": 1}).json()["id"]
    return dana, f"{root}/citations/{cited}", lambda text: {"page": 1, "explanation": text}, "explanation"


KINDS = pytest.mark.parametrize("kind", ["narrative", "citation", "score"])


@KINDS
def test_a_change_over_the_version_that_was_read_is_kept_and_bears_the_next(draft):
    program, path, body, field = draft
    before = program.get(path)
    answer = program.put(path, body("The new words."), etag=before["ETag"])
    assert answer.status_code == 200
    assert answer.json()[field] == "The new words."
    assert answer["ETag"] == f'"{int(before["ETag"].strip(chr(34))) + 1}"' == program.get(path)["ETag"]


@KINDS
def test_a_change_over_an_older_version_is_refused_with_what_stands_there(draft):
    program, path, body, field = draft
    old = program.get(path)["ETag"]
    program.put(path, body("The first tab."), etag=old)
    late = program.put(path, body("The second tab."), etag=old)
    assert code(late) == (412, "changed-elsewhere")
    assert late.json()["current"][field] == "The first tab."
    assert late["ETag"] == program.get(path)["ETag"] != old
    assert program.put(path, body("The second tab."), etag=late["ETag"]).json()[field] == "The second tab."


@KINDS
def test_a_change_that_names_no_version_is_refused(draft):
    program, path, body, _ = draft
    before = program.get(path).json()
    for etag in ("", "3", "anything"):
        assert code(program.put(path, body("Blind."), etag=etag)) == (428, "version-missing")
    assert program.get(path).json() == before


@KINDS
def test_a_version_that_never_was_is_an_older_one(draft):
    program, path, body, _ = draft
    for etag in ('"999999"', 'W/"1"', '"x"', '"-1"', '"99999999999999999999"', '""'):
        assert code(program.put(path, body("Blind."), etag=etag)) == (412, "changed-elsewhere")


@KINDS
def test_any_version_and_one_of_several_may_be_named(draft):
    program, path, body, field = draft
    assert program.put(path, body("Whatever stands there."), etag="*").json()[field] == "Whatever stands there."
    current = program.get(path)["ETag"]
    assert program.put(path, body("One of these."), etag=f'"77", {current}').json()[field] == "One of these."


@KINDS
def test_what_is_said_already_may_be_said_again_over_any_version(draft):
    """So that a change whose answer got lost can be sent again, key or no key."""
    program, path, body, _ = draft
    old = program.get(path)["ETag"]
    first = program.put(path, body("The words."), etag=old)
    again = program.put(path, body("The words."), etag=old)
    assert (again.status_code, again["ETag"]) == (200, first["ETag"])


@pytest.mark.parametrize("kind", ["score"])
def test_only_the_line_that_was_changed_has_a_version(draft):
    program, path, body, _ = draft
    program.put(path, body("Once."), etag=program.get(path)["ETag"])
    assert sorted(Score.objects.values_list("revision", flat=True)) == [1]
