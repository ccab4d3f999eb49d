"""Files and the virus scanner: a real ClamAV daemon with signatures of our own, and what happens while it is away."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings as configured

from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Delivery
from cairn.apps.portfolio.models import Artifact, Upload
from cairn.apps.portfolio.outward import arriving, scanning
from cairn.kernel import clock
from cairn.kernel.errors import NotYet
from cairn.site.worker import drain
from tests import files_world
from tests.integration.test_uploads_resumed import TUS, Sender
from tests.learning_world import browser, root, send, upload, words
from tools import clamav

pytestmark = pytest.mark.django_db
# The standard test of virus scanners (https://www.eicar.org/download-anti-malware-testfile/), and a mark of our own.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MARK = b"a mark that only our own test knows"


@pytest.fixture(scope="session")
def daemon():
    with clamav.throwaway({"Eicar-Test-Signature": EICAR, "Cairn.Test": MARK}) as socket:
        yield socket


@pytest.fixture
def scanned(daemon, settings):
    settings.CLAMD = daemon


@pytest.fixture
def away(settings, tmp_path):
    settings.CLAMD = str(tmp_path / "nobody-listens")


@pytest.fixture
def begun(world):
    actor, enrollment = world.enrolled()
    return browser(actor), actor, enrollment


def marked(name: str) -> bytes:
    """A harmful file of each kind: its text, or something in it that only scrubbing would take out."""
    word = MARK.decode()
    archive = io.BytesIO(files_world.make_docx())
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/notes.bin", EICAR)
    return {
        "eicar.txt": EICAR, "plan.txt": b"What we will do. " + MARK, "plan.pdf": files_world.make_pdf(1, text=word),
        "author.pdf": files_world.make_pdf(1, author=word), "plan.docx": files_world.make_docx(word), "within.docx": archive.getvalue(),
        "wall.jpg": files_world.make_photo(author=word), "film.mp4": files_world.make_mp4(9, artist=word),
    }[name]  # fmt: skip


HARMFUL = ["eicar.txt", "plan.txt", "plan.pdf", "author.pdf", "plan.docx", "within.docx", "wall.jpg"]


# --- The daemon answers --------------------------------------------------------------------------------------------------


def test_a_harmless_file_takes_its_place_with_a_note_of_who_looked_at_it(begun, scanned):
    client, _, enrollment = begun
    assert send(client, enrollment, upload()).status_code == 302
    came = Upload.objects.get()
    assert (came.state, came.scanner) == ("clean", scanning.version())
    assert Artifact.objects.get().pk == came.pk
    drain()
    assert Artifact.objects.count() == 1


@pytest.mark.parametrize("name", HARMFUL)
def test_a_harmful_file_is_never_kept_and_its_sender_is_told_what_to_do(begun, scanned, name):
    client, _, enrollment = begun
    page = send(client, enrollment, upload(name, marked(name)))
    assert page.status_code == 422
    assert f"“{name}”: The virus scanner found something harmful in it" in words(page)
    assert "nobody else has seen it" in words(page)
    assert Upload.objects.get().state == "blocked"
    assert not Artifact.objects.exists()
    assert not arriving.path_for(Upload.objects.get().pk).exists()
    drain()
    letter = Letter.objects.get(kind="portfolio.upload_blocked")
    assert name in letter.text
    assert Upload.objects.get().pk not in {path.name for path in configured.MEDIA_STORE.rglob("*")}


def test_a_harmful_film_sent_in_pieces_is_blocked_and_told_in_its_place_until_that_is_put_aside(begun, scanned):
    client, _, enrollment = begun
    sender = Sender(client, enrollment, marked("film.mp4"), slot="recording", name="film.mp4")
    sender.create()
    sender.patch(0)
    told = sender.state()
    assert told["state"] == "blocked"
    assert "The virus scanner found something harmful in it (Cairn.Test)" in told["message"]
    at = f"{root(enrollment)}portfolio/"
    assert "“film.mp4” was not kept. The virus scanner found" in words(client.get(at))
    client.post(f"{sender.url}discard/")
    assert "film.mp4" not in words(client.get(at))


def test_harmless_and_harmful_files_together_part_ways(begun, scanned):
    client, _, enrollment = begun
    page = send(client, enrollment, upload("good.pdf"), upload("bad.txt", EICAR))
    assert page.status_code == 422
    assert [artifact.title for artifact in Artifact.objects.all()] == ["good"]


def test_a_file_that_is_harmless_and_unfit_is_refused_as_ever(begun, scanned):
    client, _, enrollment = begun
    page = send(client, enrollment, upload("long.pdf", files_world.make_pdf(21)))
    assert "This file has 21 pages" in words(page)
    assert Upload.objects.get().state == "refused"


@pytest.mark.parametrize("megabytes", [25, 60])
def test_what_the_scanner_does_not_look_at_whole_is_not_clean(scanned, tmp_path, megabytes):
    large = tmp_path / "large"
    large.write_bytes(bytes(megabytes * 1_000_000))
    with large.open("rb") as file, pytest.raises(NotYet) as refused:
        scanning.scan(file)
    assert refused.value.code == "scanner-limit"


def test_the_daemon_is_asked_over_a_network_as_well(daemon, settings):
    """Through a line that does nothing but pass bytes on."""
    import socket
    import threading

    listener = socket.create_server(("127.0.0.1", 0))

    def pass_on() -> None:
        for _ in range(2):
            near, _ = listener.accept()
            far = socket.socket(socket.AF_UNIX)
            far.connect(daemon)
            with near, far:
                there = threading.Thread(target=_pump, args=(near, far))
                there.start()
                _pump(far, near)
                there.join()

    line = threading.Thread(target=pass_on)
    line.start()
    settings.CLAMD = f"127.0.0.1:{listener.getsockname()[1]}"
    assert scanning.scan(io.BytesIO(EICAR)).found == "Eicar-Test-Signature"
    line.join()
    listener.close()


def _pump(source, sink) -> None:
    import socket

    while piece := source.recv(65536):
        sink.sendall(piece)
    sink.shutdown(socket.SHUT_WR)


# --- The daemon is away --------------------------------------------------------------------------------------------------


def test_while_the_scanner_is_away_a_file_waits_and_nobody_can_open_it(begun, away, daemon, settings):
    client, _, enrollment = begun
    page = send(client, enrollment, upload(), follow=True)
    assert "“plan.pdf” has arrived, and waits for the virus scanner." in words(page)
    assert "“plan.pdf” has arrived. It stands here as soon as it is checked" in words(page)
    waits = Upload.objects.get()
    assert waits.state == "pending"
    drain()
    assert Upload.objects.get().state == "pending"
    assert Delivery.objects.get(consequence="examine").state == "waiting"
    assert not Artifact.objects.exists()
    assert client.get(f"{root(enrollment)}file/{waits.pk}/").status_code == 404
    settings.CLAMD = daemon
    with clock.at(clock.now() + timedelta(minutes=6)):
        drain()
    assert Upload.objects.get().state == "clean"
    assert Artifact.objects.get().title == "plan"


def test_a_harmful_file_that_waited_is_blocked_when_the_scanner_is_back(begun, away, daemon, settings):
    client, _, enrollment = begun
    send(client, enrollment, upload("bad.txt", EICAR))
    settings.CLAMD = daemon
    with clock.at(clock.now() + timedelta(minutes=6)):
        drain()
        drain()
    assert Upload.objects.get().state == "blocked"
    assert not Artifact.objects.exists()
    assert Letter.objects.filter(kind="portfolio.upload_blocked").count() == 1
    assert "“bad.txt” was not kept." in words(client.get(f"{root(enrollment)}portfolio/"))


def test_the_same_file_sent_again_meanwhile_waits_once(begun, away):
    client, _, enrollment = begun
    for _ in range(3):
        assert send(client, enrollment, upload()).status_code == 302
    assert Upload.objects.count() == 1


def test_what_waits_can_be_taken_back(begun, away):
    client, _, enrollment = begun
    send(client, enrollment, upload())
    waits = Upload.objects.get()
    client.delete(f"{root(enrollment)}uploads/{waits.pk}/", headers=TUS)
    assert Upload.objects.get().state == "abandoned"
    assert not arriving.path_for(waits.pk).exists()


def test_a_scanner_that_dies_in_the_middle_has_said_nothing(begun, settings):
    """It takes the bytes and hangs up."""
    import socket
    import threading

    listener = socket.create_server(("127.0.0.1", 0))

    def hang_up() -> None:
        for answer in (b"ClamAV 1\0", b""):
            line, _ = listener.accept()
            with line:
                line.recv(1000)
                line.sendall(answer)

    dies = threading.Thread(target=hang_up)
    dies.start()
    settings.CLAMD = f"127.0.0.1:{listener.getsockname()[1]}"
    client, _, enrollment = begun
    send(client, enrollment, upload())
    dies.join()
    listener.close()
    assert Upload.objects.get().state == "pending"
    assert not Artifact.objects.exists()


# --- None is configured, and what an operator sees -----------------------------------------------------------------------


def test_without_a_scanner_files_are_kept_at_once(begun):
    client, _, enrollment = begun
    assert send(client, enrollment, upload("eicar.txt", EICAR)).status_code == 302
    assert Artifact.objects.exists()


def test_an_operator_sees_whether_files_are_scanned(world, daemon, settings, tmp_path):
    client = browser(world.person("Operator Stone", operator=world.organization()))
    for clamd, told in (("", "None is configured, so files are kept unscanned"), (daemon, "ClamAV 1."),
                        (str(tmp_path / "nobody"), "Does not answer, so files wait for it")):  # fmt: skip
        settings.CLAMD = clamd
        assert told in words(client.get("/operations/"))
