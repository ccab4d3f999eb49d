"""A write under a key is done once, however often it is sent: the first answer comes again, word for word."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from cairn.apps.ledger import commands as ledger
from cairn.apps.ledger.models import Answer, Fact
from cairn.apps.people.models import Group
from cairn.apps.portfolio.models import Artifact, Citation
from cairn.apps.programs.models import Enrollment
from cairn.interfaces.api import replaying
from cairn.kernel import clock
from cairn.site.jobs import JOBS, clear_answers
from cairn.site.worker import drain
from tests import files_world
from tests.api_world import Program, Upload, code
from tests.world import SYSTEM


@pytest.fixture
def admin(world):
    return Program(world.person("Ada Stone", organization_admin=world.issuer))


def groups(world):
    return f"/organizations/{world.issuer.slug}/groups"


TUESDAY = {"name": "Tuesday", "kind": "plc"}


@pytest.mark.django_db
def test_a_request_that_is_repeated_gets_the_first_answer_and_is_done_once(world, admin):
    first, second = (admin.post(groups(world), TUESDAY, key="one") for _ in range(2))
    assert (first.status_code, first.content, first["Content-Type"]) == (second.status_code, second.content, second["Content-Type"])
    assert first.status_code == 201
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Group.objects.count() == 1


@pytest.mark.django_db
def test_without_a_key_nothing_is_changed(world, admin):
    for key in ("", "x" * 81, "two words"):
        assert code(admin.post(groups(world), TUESDAY, key=key)) == (400, "key-missing")
    assert Group.objects.count() == 0


@pytest.mark.django_db
def test_the_same_key_for_something_else_is_refused(world, admin):
    admin.post(groups(world), TUESDAY, key="one")
    assert code(admin.post(groups(world), {**TUESDAY, "name": "Friday"}, key="one")) == (422, "request-key-reused")
    assert code(admin.post("/scoring/comments", {"text": "x"}, key="one")) == (422, "request-key-reused")
    assert Group.objects.count() == 1


@pytest.mark.django_db
def test_keys_of_two_tokens_do_not_know_of_each_other(world, admin):
    other = Program(world.person("Eva Stone", organization_admin=world.issuer))
    assert admin.post(groups(world), TUESDAY, key="one").json()["id"] != other.post(groups(world), TUESDAY, key="one").json()["id"]


@pytest.mark.django_db
def test_a_refusal_is_repeated_as_well(world, admin):
    wanted = {**TUESDAY, "kind": "unknown"}
    first, second = (admin.post(groups(world), wanted, key="one") for _ in range(2))
    assert first.status_code == second.status_code == 422
    assert first.content == second.content


@pytest.mark.django_db
def test_what_is_possible_later_by_itself_is_tried_again_under_its_key(world, settings, tmp_path):
    actor, enrollment = world.enrolled()
    world.fill(actor, enrollment)
    dana, at = Program(actor), f"/enrollments/{enrollment.pk}"
    settings.CLAMD = str(tmp_path / "nobody-listens")
    assert dana.post(f"{at}/files", Upload(data=files_world.make_pdf(1))).status_code == 202
    refused = dana.post(f"{at}/submit", key="one")
    assert code(refused) == (409, "file-underway")
    assert int(refused["Retry-After"]) > 0
    settings.CLAMD = ""
    with clock.at(clock.now() + timedelta(minutes=6)):
        drain()
        file = dana.read(f"{at}/files")["items"][-1]["id"]
        dana.put(f"{at}/files/{file}", {"title": "Plan", "people_shown": "nobody"})
        assert dana.post(f"{at}/submit", key="one").status_code == 200


@pytest.mark.django_db
def test_a_version_comes_again_with_the_answer(world):
    dana = Program(world.person("Dana Whitfield"))
    enrollment = dana.post("/enrollments", {"offering": world.offering.pk}).json()["id"]
    prompt = dana.read(f"/enrollments/{enrollment}")["parts"][0]["narratives"][0]["prompt"]
    path = f"/enrollments/{enrollment}/narratives/{prompt}"
    first, second = (dana.put(path, {"text": "Once."}, etag='"0"', key="one") for _ in range(2))
    assert first["ETag"] == second["ETag"] == '"1"'
    assert first.content == second.content


@pytest.mark.django_db
def test_a_change_over_another_version_is_another_request(world):
    dana = Program(world.person("Dana Whitfield"))
    enrollment = dana.post("/enrollments", {"offering": world.offering.pk}).json()["id"]
    prompt = dana.read(f"/enrollments/{enrollment}")["parts"][0]["narratives"][0]["prompt"]
    path = f"/enrollments/{enrollment}/narratives/{prompt}"
    dana.put(path, {"text": "First."}, etag='"0"')
    assert code(dana.put(path, {"text": "Late."}, etag='"0"', key="one")) == (412, "changed-elsewhere")
    assert code(dana.put(path, {"text": "Late."}, etag='"1"', key="one")) == (422, "request-key-reused")
    assert dana.put(path, {"text": "Late."}, etag='"1"', key="two").status_code == 200


@pytest.mark.django_db
def test_a_file_sent_twice_under_one_key_is_there_once(world):
    dana = Program(world.person("Dana Whitfield"))
    enrollment = dana.post("/enrollments", {"offering": world.offering.pk}).json()["id"]
    first, second = (dana.post(f"/enrollments/{enrollment}/files", Upload(), key="one") for _ in range(2))
    assert first.status_code == 201
    assert first.content == second.content
    assert code(dana.post(f"/enrollments/{enrollment}/files", Upload(name="other.pdf"), key="one")) == (422, "request-key-reused")
    assert Artifact.objects.count() == 1


@pytest.mark.django_db
def test_what_broke_here_is_not_the_answer_to_the_repeat(world, admin, monkeypatch):
    from cairn.interfaces.api.routes import organizations

    admin.client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(organizations, "_group", lambda *told: 1 / 0)
        assert admin.post(groups(world), TUESDAY, key="one").status_code == 500
    again = admin.post(groups(world), TUESDAY, key="one")
    assert again.status_code == 201
    assert Group.objects.count() == 1, "the fact knows the key"


@pytest.mark.django_db
def test_an_answer_lost_with_its_server_is_given_again_and_nothing_is_done_twice(world, admin):
    """As if the machine stopped between the command and the keeping of the answer, for writes with and without a fact."""
    dana = Program(world.person("Dana Whitfield"))
    first = dana.post("/enrollments", {"offering": world.offering.pk}, key="one")
    enrollment = first.json()["id"]
    file = dana.post(f"/enrollments/{enrollment}/files", Upload()).json()["id"]
    detail = dana.read(f"/enrollments/{enrollment}")["open_details"][0]
    cited = {"detail": detail, "file": file, "page": 1}
    citation = dana.post(f"/enrollments/{enrollment}/citations", cited, key="two")
    formed = admin.post(groups(world), TUESDAY, key="three")
    Answer.objects.all().delete()
    assert dana.post("/enrollments", {"offering": world.offering.pk}, key="one").content == first.content
    assert dana.post(f"/enrollments/{enrollment}/citations", cited, key="two").content == citation.content
    assert admin.post(groups(world), TUESDAY, key="three").content == formed.content
    assert (Enrollment.objects.count(), Citation.objects.count(), Group.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
def test_a_day_later_the_fact_still_knows_the_key(world, admin):
    first = admin.post(groups(world), TUESDAY, key="one")
    with clock.at(clock.now() + timedelta(hours=25)):
        clear_answers(SYSTEM)
        assert Answer.objects.count() == 0
        assert admin.post(groups(world), TUESDAY, key="one").json() == first.json()
        clear_answers(SYSTEM)
        assert code(admin.post(groups(world), {**TUESDAY, "name": "Friday"}, key="one")) == (422, "request-key-reused")
    assert Group.objects.count() == 1
    assert "clear-answers" in JOBS


@pytest.mark.django_db
def test_work_whose_server_is_gone_is_taken_over_after_its_lease(world, admin, monkeypatch):
    monkeypatch.setattr(replaying, "PATIENCE", 0)
    admin.post(groups(world), TUESDAY, key="one")
    Answer.objects.update(status=None)
    busy = admin.post(groups(world), TUESDAY, key="one")
    assert code(busy) == (409, "request-at-work")
    assert busy["Retry-After"]
    with clock.at(clock.now() + ledger.ANSWER_LEASE + timedelta(seconds=1)):
        assert admin.post(groups(world), TUESDAY, key="one").status_code == 201
    assert Group.objects.count() == 1


def test_repeats_side_by_side_are_done_once_and_all_get_the_same_answer(open_world):
    secret = Program(open_world.person("Ada Stone", organization_admin=open_world.issuer)).secret
    path, together = groups(open_world), threading.Barrier(6)
    answers: list[tuple[int, bytes]] = []

    def send():
        program = Program(secret=secret)
        together.wait()
        for _ in range(20):  # where many wait at once some are told to come again
            answer = program.post(path, TUESDAY, key="one")
            if answer.status_code != 409:
                break
        answers.append((answer.status_code, answer.content))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert Group.objects.count() == 1
    assert Fact.objects.filter(kind="people.group_formed").count() == 1
