"""The store of files fails: between two bytes of a copy, with its answer, or for an hour. Uploads say that they are not finished, no row
is without its object, what waited goes on by itself, and scoring goes on all the while.

The store is an S3-compatible service (moto's, in a thread) behind a line that can be cut.
"""

from __future__ import annotations

import hashlib
import socket
import threading
from contextlib import suppress
from datetime import timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer

from cairn.apps.credentials.models import Credential
from cairn.apps.ledger.models import Delivery
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio import outward
from cairn.apps.portfolio.models import Artifact, Upload
from cairn.apps.portfolio.outward.stores import Away, store
from cairn.frame.actor import system
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.api_world import Program, code
from tests.api_world import Upload as Form
from tests.integration.test_uploads_resumed import Sender
from tests.learning_world import browser, root, send, upload, words
from tests.scoring_world import body, opened

pytestmark = pytest.mark.django_db
SECRETS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
PLAN = b"What we learn, when we meet, and what changed in class. " * 1000
LATER = timedelta(minutes=10)


class Line:
    """The way to the service. `cut` ends it after so many bytes more; `deafen` with the answer to the next file that is put there."""

    def __init__(self, service: int) -> None:
        self.service = service
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.mend()
        threading.Thread(target=self._accept, daemon=True).start()

    def mend(self) -> None:
        self.is_up, self.left, self.is_deaf, self.has_put = True, None, False, False

    def cut(self, after: int = 0) -> None:
        self.is_up, self.left = after > 0, after

    def deafen(self) -> None:
        self.is_deaf = True

    def end(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self.service))
                for source, sink, let_pass in ((near, far, self._asked), (far, near, self._answered)):
                    threading.Thread(target=self._pass, args=(source, sink, let_pass), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, let_pass) -> None:
        with suppress(OSError), source, sink:
            while (data := source.recv(65536)) and (passed := let_pass(data)):
                sink.sendall(passed)
                if not self.is_up:
                    break
            for end in (source, sink):
                end.shutdown(socket.SHUT_RDWR)

    def _asked(self, data: bytes) -> bytes:
        if not self.is_up:
            return b""
        self.has_put |= self.is_deaf and data.startswith(b"PUT")
        if self.left is not None:
            data, self.left = data[: self.left], max(0, self.left - len(data))
            self.is_up = self.left > 0
        return data

    def _answered(self, data: bytes) -> bytes:
        if self.has_put and not data.startswith(b"HTTP/1.1 100"):
            self.is_up = False
        return data if self.is_up else b""


@pytest.fixture(scope="module")
def service():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@pytest.fixture
def bucket(service):
    """What lies there, asked past the line."""
    client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{service}", **SECRETS)
    name = f"evidence-{clock.now():%H%M%S%f}"
    client.create_bucket(Bucket=name)

    def lying() -> dict[str, str]:
        keys = [each["Key"] for each in client.list_objects_v2(Bucket=name).get("Contents", [])]
        return {key[-20:]: hashlib.sha256(client.get_object(Bucket=name, Key=key)["Body"].read()).hexdigest() for key in keys}

    lying.name = name
    yield lying
    client.close()


@pytest.fixture
def line(service, bucket, settings):
    line = Line(service)
    settings.FILES_STORE = f"s3://key:secret@{bucket.name}?endpoint=http://127.0.0.1:{line.port}&region=us-east-1"
    yield line
    line.end()
    store()._client.close()


@pytest.fixture
def begun(world, line):
    actor, enrollment = world.enrolled()
    return browser(actor), actor, enrollment


def entered() -> dict[str, str]:
    """Files as the tables have them."""
    return dict(Artifact.objects.filter(state="kept").values_list("pk", "sha256"))


FAILURES = {
    "before a byte of it": lambda line: line.cut(),
    "between two bytes of it": lambda line: line.cut(after=3000),
    "with the answer to it": lambda line: line.deafen(),
}


@pytest.mark.parametrize("when", FAILURES)
def test_an_upload_whose_copy_fails_waits_and_takes_its_place_later(begun, line, bucket, when):
    client, _, enrollment = begun
    sender = Sender(client, enrollment, PLAN, name="plan.txt")
    sender.create()
    FAILURES[when](line)
    assert sender.patch(0).status_code == 204
    assert sender.state()["state"] == "pending"
    drain()
    assert Delivery.objects.get(consequence="examine").state == "waiting"
    assert (entered(), Upload.objects.get().state) == ({}, "pending")
    assert "“plan.txt” has arrived. It stands here as soon as it is checked" in words(client.get(f"{root(enrollment)}portfolio/"))
    line.mend()
    with clock.at(clock.now() + LATER):
        drain()
    assert sender.state()["state"] == "clean"
    assert len(entered()) == 1
    assert bucket() == entered()


def test_a_file_in_one_piece_is_not_kept_and_may_be_sent_again_under_its_key(world, line, bucket):
    dana = Program(world.person("Dana Whitfield"))
    files = f"/enrollments/{dana.post('/enrollments', {'offering': world.offering.pk}).json()['id']}/files"
    form = Form(data=PLAN, name="plan.txt")
    line.cut(after=3000)
    refused = dana.post(files, form, key="one")
    assert code(refused) == (503, "store-away")
    assert refused.json()["remedy"] == "Nothing is lost. Try again in a few minutes."
    assert entered() == {}
    line.mend()
    assert dana.post(files, form, key="one").status_code == 201
    assert dana.post(files, form, key="one")["Idempotency-Replayed"] == "true"
    assert len(entered()) == 1
    assert bucket() == entered()


def test_a_page_says_that_a_file_was_not_kept(begun, line):
    client, _, enrollment = begun
    line.cut()
    page = send(client, enrollment, upload())
    assert "“plan.pdf”: The store of files does not answer just now. Nothing is lost. Try again in a few minutes." in words(page)
    assert entered() == {}


def test_what_is_here_is_submitted_scored_and_awarded_while_the_store_is_away(world, line):
    world.assessors(2)
    actor, enrollment = world.enrolled()
    world.fill(actor, enrollment)
    line.cut()
    portfolio.submit(actor=actor, enrollment_id=enrollment.pk)
    drain()
    for sheet in world.sheets(enrollment):
        reader = Program(actor_of(sheet.assessor_id))
        told = reader.read(f"/scoring/sheets/{sheet.pk}")
        assert told["answers"]
        assert browser(actor_of(sheet.assessor_id)).get(f"/scoring/{sheet.pk}/", follow=True).status_code == 200
        link = reader.read(f"/scoring/sheets/{sheet.pk}/files/{told['files'][0]['number']}/link")["url"]
        assert opened(link).status_code == 503
        world.score(sheet)
    assert Credential.objects.get().state == "issued"
    line.mend()
    assert body(opened(link)).startswith(b"%PDF")


def test_what_was_taken_out_is_erased_once_the_store_is_back(world, line, bucket):
    actor, enrollment = world.enrolled()
    taken = world.add_file(actor, enrollment, "plan")
    portfolio.remove_artifact(actor=actor, enrollment_id=enrollment.pk, artifact_id=taken.pk)
    line.cut()
    with clock.at(clock.now() + timedelta(days=2)):
        with pytest.raises(Away):
            outward.erase_removed(system("tests"))
        assert Artifact.objects.get().state == "removed"
        line.mend()
        outward.erase_removed(system("tests"))
    assert (Artifact.objects.get().state, bucket()) == ("erased", {})
