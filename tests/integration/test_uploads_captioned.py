"""Captions of recordings, and stills of films: added, shown to whoever may see the recording, frozen with the attempt."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.db import DatabaseError, transaction
from django.test import Client

from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio import outward
from cairn.apps.portfolio.models import Artifact, Captions, Submission
from cairn.apps.reports.queries import integrity
from cairn.frame.actor import system
from cairn.kernel import clock
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests import files_world
from tests.integration.test_uploads_resumed import Sender
from tests.learning_world import browser, opened, root, send, upload, words

pytestmark = pytest.mark.django_db
VTT = b"WEBVTT\n\n00:01.000 --> 00:03.000\n<v Dana Whitfield>What do you see?\n"


@pytest.fixture
def film(world):
    """An educator with a film of nine seconds."""
    actor, enrollment = world.enrolled()
    artifact = world.add_file(actor, enrollment, "recording", files_world.make_mp4(9), "film.mp4")
    return browser(actor), actor, enrollment, artifact


def caption(client, enrollment, artifact, data=VTT, language="en", name="film.vtt", **sent):
    files = {"captions": upload(name, data)} if data is not None else {}
    return client.post(f"{root(enrollment)}file/{artifact.pk}/captions/", {"language": language, **files, **sent})


def on_files_host(page, part: str):
    (link,) = set(re.findall(rf'http://{configured.FILES_HOST}[^/"]*(/f/[^/"#?]+)', page.content.decode()))
    return Client(headers={"host": configured.FILES_HOST}).get(f"{link}/{part}")


# --- Captions ------------------------------------------------------------------------------------------------------------


def test_captions_are_added_cleaned_and_shown_by_the_player(film):
    client, _, enrollment, artifact = film
    at = f"{root(enrollment)}file/{artifact.pk}/"
    assert "No captions yet" in words(client.get(at))
    assert caption(client, enrollment, artifact)["Location"] == f"{at}#captions"
    page = client.get(at)
    assert "Captions are there In English." in words(page)
    track = re.search(r"<track[^>]*>", page.content.decode())[0]
    assert 'kind="captions"' in track
    assert 'srclang="en"' in track
    assert 'crossorigin="anonymous"' in page.content.decode()
    served = on_files_host(page, "captions.vtt")
    assert served["Content-Type"] == "text/vtt; charset=utf-8"
    assert served["Access-Control-Allow-Origin"] == "http://localhost:80"
    assert served["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert served.content.decode() == "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\n<v Speaker 1>What do you see?\n"


def test_a_film_without_captions_asks_for_none_and_has_none(film):
    client, _, enrollment, artifact = film
    page = client.get(f"{root(enrollment)}file/{artifact.pk}/")
    assert "<track" not in page.content.decode()
    assert "crossorigin" not in page.content.decode()
    assert on_files_host(page, "captions.vtt").status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"data": b"no captions at all"}, "These captions have no line with times."),
        ({"data": b"WEBVTT\n\n00:01.000 --> soon\nx"}, "These captions have no readable times in line 3."),
        ({"data": VTT.replace(b"00:01", b"00:11").replace(b"00:03", b"00:13")}, "go on after the recording has ended"),
        ({"data": None}, "Choose a file of captions."),
        ({"data": b""}, "This file is empty."),
        ({"language": "klingon"}, "Select a valid choice."),
    ],
)
def test_captions_that_cannot_be_used_are_told_at_their_field(film, sent, said):
    client, _, enrollment, artifact = film
    page = caption(client, enrollment, artifact, **sent)
    assert page.status_code == 422
    assert said in words(page)
    assert not Captions.objects.exists()


def test_captions_are_replaced_and_taken_out(film):
    client, _, enrollment, artifact = film
    caption(client, enrollment, artifact)
    caption(client, enrollment, artifact, VTT.replace(b"see", b"hear"), language="es")
    kept = Captions.objects.get()
    assert (kept.language, "hear" in kept.text) == ("es", True)
    for _ in range(2):
        assert caption(client, enrollment, artifact, data=None, remove="yes").status_code == 302
    assert not Captions.objects.exists()


def test_only_recordings_have_captions(world):
    actor, enrollment = world.enrolled()
    artifact = world.add_file(actor, enrollment, "plan")
    assert caption(browser(actor), enrollment, artifact).status_code == 409


def test_nobody_captions_anothers_recording(film, world):
    _, _, enrollment, artifact = film
    assert caption(browser(world.person("Stranger Stone")), enrollment, artifact).status_code == 404


def test_captions_go_with_the_film_that_is_taken_out(film):
    client, _, enrollment, artifact = film
    caption(client, enrollment, artifact)
    client.post(f"{root(enrollment)}file/{artifact.pk}/remove/", {"key": new_id()})
    assert not Captions.objects.exists()


@pytest.fixture
def submitted_film(film, world):
    world.assessors(2)
    client, actor, enrollment, artifact = film
    caption(client, enrollment, artifact)
    world.fill(actor, enrollment)
    portfolio.submit(actor=actor, enrollment_id=enrollment.pk)
    drain()
    return client, enrollment, artifact


def test_captions_are_part_of_what_is_submitted_and_frozen_with_it(submitted_film):
    client, enrollment, artifact = submitted_film
    told = json.loads(Submission.objects.get().manifest)["artifacts"][artifact.pk]
    kept = Captions.objects.get()
    assert told["captions"] == hashlib.sha256(kept.text.encode()).hexdigest()
    assert caption(client, enrollment, artifact, VTT.replace(b"see", b"hear")).status_code == 409
    page = words(client.get(f"{root(enrollment)}file/{artifact.pk}/"))
    assert "Captions are there" in page
    assert "Replace the captions" not in page


@pytest.mark.parametrize("change", [lambda kept: Captions.objects.update(text="x"), lambda kept: kept.delete()], ids=["changed", "deleted"])
def test_the_database_itself_keeps_submitted_captions(submitted_film, change):
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        change(Captions.objects.get())


def test_the_database_lets_no_captions_in_after_submitting(film, world):
    _, actor, enrollment, artifact = film
    world.fill(actor, enrollment)
    portfolio.submit(actor=actor, enrollment_id=enrollment.pk)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Captions.objects.create(artifact=artifact, language="en", text="WEBVTT", cues=1)


def test_assessors_see_captions_in_which_nobody_is_named(submitted_film, world):
    _, enrollment, _ = submitted_film
    sheet = world.sheets(enrollment)[0]
    page = browser(actor_of(sheet.assessor_id)).get(f"/scoring/{sheet.pk}/1a/?see=video-1")
    assert "<track" in page.content.decode()
    assert "Speaker 1" in on_files_host(page, "captions.vtt").content.decode()
    assert "Whitfield" not in on_files_host(page, "captions.vtt").content.decode()


# --- Stills --------------------------------------------------------------------------------------------------------------


def sent_with_still(client, enrollment, still: bytes) -> Artifact:
    sender = Sender(client, enrollment, files_world.make_mp4(9), slot="recording", name="film.mp4")
    sender.create()
    assert client.post(f"{sender.url}poster/", still, content_type="image/jpeg").status_code == 204
    sender.patch(0)
    return Artifact.objects.get()


def test_a_still_that_comes_with_a_film_is_drawn_anew_and_shown(world):
    actor, enrollment = world.enrolled()
    client = browser(actor)
    artifact = sent_with_still(client, enrollment, files_world.make_photo((1600, 1200), author="Dana Whitfield"))
    assert artifact.has_poster
    page = client.get(f"{root(enrollment)}file/{artifact.pk}/")
    assert re.search(r'poster="http://127.0.0.1[^"]*/poster.jpg"', page.content.decode())
    still = on_files_host(page, "poster.jpg")
    assert still["Content-Type"] == "image/jpeg"
    assert not files_world.says(still.content, "Dana Whitfield")
    assert b"Exif" not in still.content
    assert files_world.picture_size(still.content) == (1280, 960)


@pytest.mark.parametrize("still", [b"GIF89a and a script", b"\xff\xd8\xff" + bytes(500), b"x" * 2_000_001], ids=["gif", "torn", "huge"])
def test_a_still_that_is_none_keeps_no_film_out(world, still):
    actor, enrollment = world.enrolled()
    client = browser(actor)
    artifact = sent_with_still(client, enrollment, still)
    assert not artifact.has_poster
    page = client.get(f"{root(enrollment)}file/{artifact.pk}/")
    assert 'poster="/static/cairn/film.svg"' in page.content.decode()
    assert on_files_host(page, "poster.jpg").status_code == 404


def test_nobody_gives_anothers_film_a_still(world):
    actor, enrollment = world.enrolled()
    sender = Sender(browser(actor), enrollment, files_world.make_mp4(9), slot="recording")
    sender.create()
    stranger = browser(world.person("Stranger Stone"))
    assert stranger.post(f"{sender.url}poster/", b"x", content_type="image/jpeg").status_code == 404


def test_the_site_itself_serves_neither_still_nor_captions(world):
    actor, enrollment = world.enrolled()
    client = browser(actor)
    artifact = sent_with_still(client, enrollment, files_world.make_photo())
    caption(client, enrollment, artifact)
    page = client.get(f"{root(enrollment)}file/{artifact.pk}/")
    (link,) = set(re.findall(rf'http://{configured.FILES_HOST}[^/"]*(/f/[^/"#?]+)', page.content.decode()))
    for part in ("", "/poster.jpg", "/captions.vtt", "/page/1.png"):
        assert client.get(link + part).status_code == 404
    assert opened(page, "poster").status_code == 200


def test_what_was_taken_out_is_erased_a_day_later(world):
    actor, enrollment = world.enrolled()
    client = browser(actor)
    artifact = sent_with_still(client, enrollment, files_world.make_photo())
    lying = {outward.path_of(artifact.pk), outward.path_of(f"{artifact.pk}.jpg")}
    client.post(f"{root(enrollment)}file/{artifact.pk}/remove/", {"key": new_id()})
    outward.erase_removed(system("tests"))
    assert all(path.exists() for path in lying)
    with clock.at(clock.now() + timedelta(days=2)):
        for _ in range(2):
            outward.erase_removed(system("tests"))
    assert not any(path.exists() for path in lying)
    assert Artifact.objects.get().state == "erased"
    assert all(not finding.failures for finding in integrity(system("tests")))
    assert send(client, enrollment, upload("film.mp4", files_world.make_mp4(9)), slot="recording").status_code == 302
