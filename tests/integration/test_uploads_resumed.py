"""Resumable uploads by the tus protocol over HTTP: pieces, pauses, damage, two at once, what is promised and what is kept."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from cairn.apps.portfolio import outward
from cairn.apps.portfolio.models import Artifact, Upload
from cairn.apps.portfolio.outward import arriving
from cairn.apps.portfolio.queries import workspace
from cairn.frame.actor import system
from cairn.kernel import clock
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests import files_world
from tests.learning_world import JSON, browser, root, words

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}


def encoded(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def in_blocks(data: bytes) -> str:
    """The hash of the hashes of each 4 MiB."""
    blocks = [data[at : at + arriving.BLOCK] for at in range(0, len(data), arriving.BLOCK)]
    return hashlib.sha256(b"".join(hashlib.sha256(block).digest() for block in blocks)).hexdigest()


class Sender:
    """What a client of the protocol does with one file."""

    def __init__(self, client: Client, enrollment, data: bytes, *, slot="plan", name="plan.pdf", **promised) -> None:
        self.client, self.data, self.url = client, data, ""
        self.endpoint = f"{root(enrollment)}uploads/"
        self.told = {"slot": slot, "filename": name, "sha256": hashlib.sha256(data).hexdigest(), **promised}

    def create(self, length: int | None = None, **headers):
        metadata = ",".join(f"{name} {encoded(value)}" for name, value in self.told.items() if value is not None)
        about = {**TUS, "Upload-Length": str(len(self.data) if length is None else length), "Upload-Metadata": metadata, **headers}
        answer = self.client.post(self.endpoint, headers=about)
        self.url = answer.get("Location", self.url)
        return answer

    def patch(self, at: int, until: int | None = None, *, piece: bytes | None = None, **headers):
        piece = self.data[at:until] if piece is None else piece
        about = {**TUS, "Upload-Offset": str(at), **headers}
        return self.client.generic("PATCH", self.url, piece, content_type="application/offset+octet-stream", headers=about)

    def head(self):
        return self.client.head(self.url, headers=TUS)

    def state(self):
        return self.client.get(self.url).json()


@pytest.fixture(autouse=True)
def nothing_on_its_way():
    """What other tests left lying: their rows are rolled back, their files are not."""
    for path in Path(settings.UPLOADS).iterdir():
        path.unlink()


@pytest.fixture
def begun(world):
    actor, enrollment = world.enrolled()
    return browser(actor), actor, enrollment


@pytest.fixture
def sender(begun):
    client, _, enrollment = begun
    return Sender(client, enrollment, files_world.make_pdf(2))


def on_their_way() -> set[str]:
    return {path.name for path in Path(settings.UPLOADS).iterdir()}


# --- The way it goes ---------------------------------------------------------------------------------------------------


def test_a_file_arrives_in_pieces_and_becomes_evidence(begun, sender):
    _, actor, enrollment = begun
    created = sender.create()
    assert created.status_code == 201
    assert created["Tus-Resumable"] == "1.0.0"
    assert created["Upload-Expires"].endswith("GMT")
    first = sender.patch(0, 300)
    assert (first.status_code, first["Upload-Offset"]) == (204, "300")
    assert sender.head()["Upload-Offset"] == "300"
    last = sender.patch(300)
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(sender.data)))
    (artifact,) = workspace(actor, enrollment.pk).artifacts
    assert (artifact.title, artifact.pages) == ("plan", 2)
    told = sender.state()
    assert (told["state"], told["location"]) == ("clean", f"{root(enrollment)}portfolio/?added={artifact.pk}#file-{artifact.pk}")
    assert on_their_way() == set()


def test_what_the_server_can_do_is_said_before_anything_is_sent(sender):
    told = sender.client.options(sender.endpoint)
    assert told.status_code == 204
    assert told["Tus-Version"] == "1.0.0"
    assert set(told["Tus-Extension"].split(",")) == {"creation", "expiration", "checksum", "termination"}
    assert told["Tus-Max-Size"] == "2000000000"
    assert "sha1" in told["Tus-Checksum-Algorithm"]


def test_a_browsers_digest_of_blocks_counts_as_much_as_one_of_the_whole(begun):
    client, _, enrollment = begun
    data = b"word " * 900_000  # more than a block
    sender = Sender(client, enrollment, data, name="words.txt", sha256=None, **{"sha256-4mib": in_blocks(data)})
    sender.create()
    sender.patch(0)
    assert Artifact.objects.get().size == len(data)


def test_the_same_file_promised_again_goes_on_where_it_stopped(sender):
    sender.create()
    url = sender.url
    sender.patch(0, 200)
    assert sender.create()["Location"] == url
    assert sender.head()["Upload-Offset"] == "200"
    assert Upload.objects.count() == 1
    assert len(on_their_way()) == 1


def test_an_answer_that_got_lost_is_asked_for_and_nothing_is_doubled(sender):
    sender.create()
    sender.patch(0, 500)
    again = sender.patch(0, 500)
    assert again.status_code == 409
    assert sender.head()["Upload-Offset"] == "500"
    sender.patch(500)
    assert sender.head()["Upload-Offset"] == str(len(sender.data))
    assert Artifact.objects.count() == 1


def test_larger_files_are_looked_at_by_the_worker(begun, monkeypatch):
    monkeypatch.setattr("cairn.interfaces.web.views.learning.uploads.AT_ONCE", 10)
    client, _, enrollment = begun
    sender = Sender(client, enrollment, files_world.make_pdf(2))
    sender.create()
    sender.patch(0)
    assert sender.state()["state"] == "pending"
    drain()
    assert sender.state()["state"] == "clean"
    drain()
    assert Artifact.objects.count() == 1


def test_a_form_in_place_of_a_method_that_a_proxy_blocks(sender):
    sender.create()
    headers = {**TUS, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    sent = sender.client.post(sender.url, sender.data, content_type="application/offset+octet-stream", headers=headers)
    assert sent.status_code == 204
    assert sender.state()["state"] == "clean"


# --- Damage ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_that_was_damaged_on_its_way_is_not_taken(sender, algorithm):
    sender.create()
    right = {"Upload-Checksum": f"{algorithm} {encoded(hashlib.new(algorithm, sender.data[:300]).digest())}"}
    assert sender.patch(0, piece=bytes(300), **right).status_code == 460
    assert sender.head()["Upload-Offset"] == "0"
    assert sender.patch(0, 300, **right).status_code == 204
    assert sender.head()["Upload-Offset"] == "300"


@pytest.mark.parametrize("header", ["md5 AAAA", "sha256", "sha256 ?", ""])
def test_a_checksum_that_cannot_be_read_is_told(sender, header):
    sender.create()
    assert sender.patch(0, **{"Upload-Checksum": header}).status_code == 422


def test_a_file_that_is_not_the_one_that_was_promised_is_never_kept(sender):
    sender.create()
    wrong = sender.patch(0, piece=bytes(len(sender.data)))
    assert wrong.status_code == 422
    assert "not the file that was promised" in wrong.json()["message"]
    assert sender.state()["state"] == "refused"
    assert not Artifact.objects.exists()
    assert on_their_way() == set()


class Broken(io.BytesIO):
    """A connection that breaks off behind these bytes."""

    def read(self, most=-1) -> bytes:
        if piece := super().read(most):
            return piece
        raise OSError("the connection was reset")


@pytest.mark.parametrize(("with_checksum", "kept"), [(False, 100), (True, 0)])
def test_of_a_piece_that_breaks_off_what_can_be_trusted_is_kept(sender, with_checksum, kept):
    sender.create()
    headers = {**TUS, "Upload-Offset": "0"}
    if with_checksum:
        headers["Upload-Checksum"] = f"sha256 {encoded(hashlib.sha256(sender.data).digest())}"
    length = {"CONTENT_TYPE": "application/offset+octet-stream", "CONTENT_LENGTH": str(len(sender.data))}
    sender.client.generic("PATCH", sender.url, headers=headers, **{"wsgi.input": Broken(sender.data[:100]), **length})
    assert sender.head()["Upload-Offset"] == str(kept)
    sender.patch(kept)
    assert sender.state()["state"] == "clean"


def test_bytes_are_on_disk_before_they_are_acknowledged(sender, monkeypatch):
    synced, fsync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (synced.append(os.stat(file).st_size), fsync(file)))
    sender.create()
    synced.clear()
    sender.patch(0, 300)
    assert synced == [300]


# --- Two at once -------------------------------------------------------------------------------------------------------


def test_a_second_sender_of_the_same_upload_is_kept_out(sender):
    sender.create()
    with arriving.held(Upload.objects.get().pk):
        locked = sender.patch(0)
    assert locked.status_code == 423
    assert sender.head()["Upload-Offset"] == "0"


def test_of_two_pieces_for_the_same_place_one_is_kept(open_world):
    """Several threads, each with a connection of its own."""
    actor, enrollment = open_world.enrolled()
    data = b"word " * 20_000
    first = Sender(browser(actor), enrollment, data, name="words.txt")
    first.create()
    senders = [Sender(browser(actor), enrollment, data) for _ in range(4)]
    statuses: list[int] = []

    def send(one: Sender) -> None:
        from django.db import connection

        one.url = first.url
        statuses.append(one.patch(0, 50_000).status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=(one,)) for one in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 409, 423}
    assert first.head()["Upload-Offset"] == "50000"


def test_more_pieces_at_a_time_than_there_are_lines_are_asked_to_come_again(sender, monkeypatch):
    monkeypatch.setattr("cairn.interfaces.web.views.learning.uploads._lines", threading.BoundedSemaphore(1))
    from cairn.interfaces.web.views.learning import uploads

    sender.create()
    with uploads._lines:
        busy = sender.patch(0)
    assert (busy.status_code, busy["Retry-After"]) == (503, "1")
    assert sender.patch(0).status_code == 204


# --- What is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"sha256": None}, 422, "Nothing says what this file must hash to"),
        ({"sha256": "abc"}, 422, "Nothing says what this file must hash to"),
        ({"slot": "nowhere"}, 404, "There is no such"),
        ({"slot": None}, 404, "There is no such"),
    ],
)
def test_a_promise_that_says_too_little_is_refused(begun, change, status, said):
    client, _, enrollment = begun
    answer = Sender(client, enrollment, b"words", **change).create()
    assert answer.status_code == status
    assert said in answer.json()["message"]
    assert on_their_way() == set()


@pytest.mark.parametrize(("length", "status"), [(0, 422), ("", 422), ("-1", 422), ("many", 422), (99**9, 422)])
def test_a_length_that_is_none_is_refused(sender, length, status):
    assert sender.create(length=length).status_code == status
    assert not Upload.objects.exists()


def test_what_has_no_room_is_told_before_it_is_sent(sender, settings):
    settings.EDUCATOR_QUOTA = 5_000_000
    told = sender.create(length=6_000_000)
    assert told.status_code == 413
    assert told.json()["message"] == "Your files have 0 MB, and this one 6 MB; at most 5 MB can be kept."
    settings.EDUCATOR_QUOTA, settings.ORGANIZATION_QUOTA = 10**12, 5_000_000
    assert "The organization that runs this program has no room" in sender.create(length=6_000_000).json()["message"]
    assert on_their_way() == set()


def test_what_is_too_large_for_its_place_is_told_before_it_is_sent(begun):
    client, _, enrollment = begun
    plan, recording = (Sender(client, enrollment, b"words", slot=slot) for slot in ("plan", "recording"))
    for sender, length, said in (
        (plan, 50_000_001, "This file has 50.1 MB; “Plan” takes at most 10 MB."),
        (recording, 2_000_000_001, "This file has 2,000.1 MB; “Recording” takes at most 2,000 MB."),
    ):
        told = sender.create(length=length)
        assert (told.status_code, told.json()["message"]) == (413, said)
    assert on_their_way() == set()
    assert plan.create(length=50_000_000).status_code == 201


def test_a_name_is_kept_without_what_nobody_can_see(begun):
    client, _, enrollment = begun
    sender = Sender(client, enrollment, b"words", name="a\0pl\u202ean\n.txt")
    assert sender.create().status_code == 201
    assert sender.state()["name"] == "aplan.txt"


def test_what_is_on_its_way_takes_room_too(begun, settings):
    client, _, enrollment = begun
    settings.EDUCATOR_QUOTA = 1_000_000
    assert Sender(client, enrollment, b"one", name="one").create(length=700_000).status_code == 201
    assert Sender(client, enrollment, b"two", name="two").create(length=700_000).status_code == 413


def test_a_disk_without_room_is_told_at_once_and_recovers_by_itself(sender, monkeypatch):
    sender.client.raise_request_exception = False
    free = arriving.shutil.disk_usage
    monkeypatch.setattr(arriving.shutil, "disk_usage", lambda path: free(path)._replace(free=1_000_000))
    full = sender.create(Accept="application/json")
    assert full.status_code == 507
    assert full.json()["message"] == "This site has no room left, so nothing was saved."
    assert on_their_way() == set()
    monkeypatch.undo()
    assert sender.create().status_code == 201


def test_a_piece_of_unknown_length_is_refused(sender):
    sender.create()
    assert sender.patch(0, **{"Transfer-Encoding": "chunked"}).status_code == 411
    assert sender.head()["Upload-Offset"] == "0"


def test_more_than_was_promised_is_refused(sender):
    sender.create(length=10)
    assert sender.patch(0).status_code == 413
    assert sender.head()["Upload-Offset"] == "0"


def test_a_file_that_cannot_be_kept_is_told_to_whoever_asks_and_on_the_page(begun):
    client, _, enrollment = begun
    sender = Sender(client, enrollment, files_world.make_mp4(301), slot="recording", name="long.mp4")
    sender.create()
    assert sender.patch(0).status_code == 204
    told = sender.state()
    assert told["state"] == "refused"
    assert "This recording is 5:01 minutes long; “Recording” takes at most 5:00" in told["message"]
    page = client.get(f"{root(enrollment)}portfolio/")
    assert "“long.mp4” was not kept" in words(page)
    client.post(f"{sender.url}discard/")
    assert "long.mp4" not in words(client.get(f"{root(enrollment)}portfolio/"))
    assert not Artifact.objects.exists()


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("HEAD", {}, 412),
        ("PATCH", {"Tus-Resumable": "0.2.2"}, 412),
        ("PATCH", {**TUS, "Upload-Offset": "0"}, 415),
        ("PUT", TUS, 405),
    ],
)
def test_the_protocol_is_kept_to(sender, method, headers, status):
    sender.create()
    answer = sender.client.generic(method, sender.url, b"x", content_type="text/plain", headers=headers)
    assert answer.status_code == status
    if status == 412:
        assert answer["Tus-Version"] == "1.0.0"


def test_nobody_sends_looks_at_or_ends_anothers_upload(begun, sender, world):
    _, _, enrollment = begun
    sender.create()
    stranger = Sender(browser(world.person("Stranger Stone")), enrollment, sender.data)
    assert stranger.create().status_code == 404
    stranger.url = sender.url
    assert stranger.head().status_code == stranger.patch(0).status_code == 404
    assert stranger.client.get(sender.url).status_code == 404
    assert stranger.client.delete(sender.url, headers=TUS).status_code == 404
    assert stranger.client.post(f"{sender.url}discard/").status_code == 404
    assert sender.head()["Upload-Offset"] == "0"


def test_a_visitor_is_told_to_sign_in(begun, sender):
    sender.create()
    sender.client.logout()
    told = sender.patch(0)
    assert told.status_code == 403
    assert told.json()["code"] == "signed-out"


def test_another_site_cannot_send_in_somebodys_name(begun, sender):
    _, actor, enrollment = begun
    sender.create()
    strict = browser(actor, enforce_csrf_checks=True)
    forged = Sender(strict, enrollment, sender.data)
    assert forged.create().status_code == 403
    forged.url = sender.url
    assert forged.patch(0).status_code == 403
    page = strict.get(f"{root(enrollment)}portfolio/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert forged.patch(0, **{"X-CSRFToken": token}).status_code == 204


# --- Ending ------------------------------------------------------------------------------------------------------------


def test_an_upload_that_is_not_wanted_any_more_is_gone(sender):
    sender.create()
    sender.patch(0, 300)
    assert sender.client.delete(sender.url, headers=TUS).status_code == 204
    assert sender.head().status_code == 410
    assert sender.patch(300).status_code == 410
    assert on_their_way() == set()
    sender.create()
    sender.patch(0)
    assert sender.state()["state"] == "clean"


def test_what_nobody_goes_on_with_for_a_week_ends(sender):
    sender.create()
    sender.patch(0, 300)
    outward.clear(system("tests"))
    assert sender.head()["Upload-Offset"] == "300"
    with clock.at(clock.now() + timedelta(days=8)):
        outward.clear(system("tests"))
    assert sender.head().status_code == 410
    assert on_their_way() == set()


def test_a_server_that_died_behind_the_last_byte_finishes_later(sender, monkeypatch):
    sender.create()
    with monkeypatch.context() as dies:
        dies.setattr(outward, "finish", lambda *_: exec("raise KeyboardInterrupt"))
        with pytest.raises(KeyboardInterrupt):
            sender.patch(0)
    assert sender.state()["state"] == "receiving"
    assert sender.head()["Upload-Offset"] == str(len(sender.data))
    outward.clear(system("tests"))
    drain()
    assert sender.state()["state"] == "clean"


def test_files_that_belong_to_no_upload_are_removed_after_a_day(sender):
    stray, kept = Path(settings.UPLOADS) / "tmpx.upload.pdf", Path(settings.UPLOADS) / ("0" * 20)
    for path in (stray, kept, outward.path_of("0" * 20)):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"left behind by a server that died")
    sender.create()
    outward.clear(system("tests"))
    assert stray.exists()
    with clock.at(clock.now() + timedelta(days=2)):
        outward.clear(system("tests"))
    assert on_their_way() == {Upload.objects.get().pk}
    assert not outward.path_of("0" * 20).exists()


def test_what_is_on_its_way_stands_in_its_slot(begun, sender):
    client, _, enrollment = begun
    sender.create()
    sender.patch(0, 500)
    page = client.get(f"{root(enrollment)}portfolio/")
    assert f"{100 * 500 // len(sender.data)}% of “plan.pdf” has arrived" in words(page)
    assert client.get(sender.endpoint, headers=JSON).json()["uploads"][0]["offset"] == 500
    client.post(f"{sender.url}discard/")
    assert "plan.pdf" not in words(client.get(f"{root(enrollment)}portfolio/"))


def test_what_is_still_being_looked_at_is_not_submitted_without(world, monkeypatch):
    monkeypatch.setattr("cairn.interfaces.web.views.learning.uploads.AT_ONCE", 10)
    actor, enrollment = world.enrolled()
    world.fill(actor, enrollment)
    client = browser(actor)
    sender = Sender(client, enrollment, files_world.make_pdf(5))
    sender.create()
    sender.patch(0)
    page = client.post(f"{root(enrollment)}submit/", {"key": "0" * 20})
    assert "“plan.pdf” is still being checked" in words(page)
    client.delete(sender.url, headers=TUS)
    assert client.post(f"{root(enrollment)}submit/", {"key": "1" * 20}).status_code == 302


# --- The deadline ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begun", "arrives", "submits", "status"),
    [
        (-2, 3, 5, 302),  # minutes from the deadline
        (-2, 14, 28, 302),
        (-2, 14, 40, 409),
        (-2, 20, 21, 409),
        (1, 3, 5, 409),
    ],
    ids=["begun in time", "the last minute of each grace", "submitted too late", "arrived too late", "begun too late"],
)
def test_a_file_that_was_on_its_way_at_the_deadline_still_counts(world, begun, arrives, submits, status):
    actor, enrollment = world.enrolled()
    world.fill(actor, enrollment)
    due = workspace(actor, enrollment.pk).due_at
    sender = Sender(browser(actor), enrollment, files_world.make_pdf(5))

    def at(minutes: int):
        return clock.at(due + timedelta(minutes=minutes))

    for minutes, act in ((begun, sender.create), (arrives, lambda: sender.patch(0))):
        with at(minutes):
            sender.client = browser(actor)
            assert act().status_code in (201, 204)
    artifact = Artifact.objects.get(pk=Upload.objects.get().pk)
    with at(submits):
        client = browser(actor)
        about = {"title": "Plan", "people_shown": "nobody", "key": new_id()}
        assert client.post(f"{root(enrollment)}file/{artifact.pk}/", about).status_code == 302
        assert client.post(f"{root(enrollment)}submit/", {"key": new_id()}).status_code == status
