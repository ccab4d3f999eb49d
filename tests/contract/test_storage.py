"""The store's promises, kept alike by a disk and by an S3-compatible service (moto's, in a thread)."""

from __future__ import annotations

import os

import boto3
import pytest
from django.test import override_settings
from moto.server import ThreadedMotoServer

from cairn.apps.portfolio import outward
from cairn.apps.portfolio.models import Artifact
from cairn.apps.portfolio.outward import stores, storing
from cairn.kernel.errors import Conflict
from cairn.kernel.ids import new_id
from tests.learning_world import browser, opened, root, send, upload, words

DATA = bytes(range(256)) * 40_000  # 10 MB


@pytest.fixture(scope="module")
def service():
    """An S3-compatible service with an empty bucket; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    secrets = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=endpoint, **secrets)
    client.create_bucket(Bucket="evidence")
    client.close()
    yield f"s3://key:secret@evidence/cairn?endpoint={endpoint}&region=us-east-1"
    server.stop()


@pytest.fixture(params=["disk", "bucket"])
def store(request, tmp_path):
    address = request.getfixturevalue("service") if request.param == "bucket" else ""
    with override_settings(FILES_STORE=address, MEDIA_STORE=tmp_path):
        yield stores.store()


def put(store, data=DATA) -> str:
    key = new_id()
    with store.writing(key) as out:
        out.write(data)
    return key


def test_what_was_written_is_there_whole(store):
    key = put(store)
    with store.opened(key) as file:
        assert os.fstat(file.fileno()).st_size == len(DATA)
        assert file.read() == DATA
        file.seek(-3, os.SEEK_END)
        assert file.read() == DATA[-3:]


def test_an_empty_file_is_a_file(store):
    with store.opened(put(store, b"")) as file:
        assert file.read() == b""


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 99), (100, 300_000), (len(DATA) - 5, len(DATA) - 1), (0, len(DATA) - 1)])
def test_any_part_can_be_read_alone(store, first, last):
    pieces = list(store.stream(put(store), first, last))
    assert b"".join(pieces) == DATA[first : last + 1]
    assert all(len(piece) <= stores.CHUNK for piece in pieces)


def test_what_is_begun_to_be_read_can_be_left(store):
    part = store.stream(put(store), 0, len(DATA) - 1)
    assert len(next(part)) == stores.CHUNK
    part.close()


def test_what_fails_halfway_is_nowhere(store):
    key, broken = new_id(), iter((DATA, "this is not bytes"))
    with pytest.raises(TypeError), store.writing(key) as out:
        out.writelines(broken)
    with pytest.raises(Conflict, match="missing from the store"):
        store.opened(key)


def test_writing_again_replaces_all_of_it(store):
    key = put(store)
    with store.writing(key) as out:
        out.write(b"short")
    with store.opened(key) as file:
        assert file.read() == b"short"


@pytest.mark.parametrize(
    "read", [lambda store, key: store.opened(key), lambda store, key: store.stream(key, 0, 9)], ids=["opened", "stream"]
)
def test_what_was_removed_is_gone_however_often(store, read):
    key = put(store)
    store.remove(key)
    store.remove(key)
    with pytest.raises(Conflict) as refused:
        read(store, key)
    assert refused.value.code == "file-lost"


def test_nothing_is_left_lying_beside_the_files(store, tmp_path, settings):
    before = set(settings.UPLOADS.iterdir())
    key = put(store)
    store.opened(key).close()
    list(store.stream(key, 0, 9))
    assert set(settings.UPLOADS.iterdir()) == before
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} <= {key}


@pytest.mark.django_db
def test_evidence_goes_all_the_way(store, world):
    """Uploaded, drawn, read in part, found intact, erased: whatever the store is."""
    actor, enrollment = world.enrolled()
    client = browser(actor)
    assert send(client, enrollment, upload()).status_code == 302
    artifact = Artifact.objects.get()
    assert outward.intact(artifact.pk, artifact.sha256)
    at = f"{root(enrollment)}file/{artifact.pk}/"
    page = client.get(at)
    assert "Page 1. Evidence of the work." in words(page)
    assert opened(page)["Content-Type"] == "image/png"
    with store.writing(artifact.pk) as out:
        out.write(b"something else")
    assert not outward.intact(artifact.pk, artifact.sha256)
    storing.remove(artifact.pk)
    assert not outward.intact(artifact.pk, artifact.sha256)
    assert "This file is missing from the store." in words(client.get(f"{at}?page=2"))


def test_a_service_that_does_not_answer_is_waited_for(tmp_path):
    with override_settings(FILES_STORE="s3://key:secret@evidence?endpoint=http://127.0.0.1:9&region=us-east-1"):
        away = stores.store()
        for read in (lambda: away.opened("key"), lambda: away.stream("key", 0, 9), lambda: away.remove("key")):
            with pytest.raises(stores.Away) as refused:
                read()
            assert refused.value.status == 503


def test_a_service_that_keeps_less_than_it_was_given_is_not_believed(service):
    class Forgetful:
        """Takes everything, and says that it has one byte."""

        def upload_fileobj(self, *_, **__):
            pass

        def head_object(self, **_):
            return {"ContentLength": 1}

    bucket = stores.Bucket(service)
    bucket._client.close()
    bucket._client = Forgetful()
    with pytest.raises(stores.Away), bucket.writing("key") as out:
        out.write(DATA)
