"""Names in every place where they hide, each place with a name of its own: none is in any byte that an assessor or a lead receives.

tests/canaries.py lists the places, plants the names, and makes the work; the pages and the API are walked as in test_blindness.py and
test_api_blindness.py. What a browser makes of the pages for people who do not see them: tests/browser/test_blindness_tree.py.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

import pytest
from django.db import transaction

from cairn.apps.assessment.models import ScoreSheet
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.queries import workspace
from cairn.kernel import clock
from tests import files_world
from tests.api_world import Program, operations
from tests.canaries import IN_FILES, MOMENTS, PLACES, READ, Planted, begun, captions, files, hidden, named, plant, split
from tests.canaries_around import AROUND, surrounded
from tests.integration import test_api_blindness as api
from tests.integration.test_blindness import Met, everything, letters_to, walk
from tests.learning_world import browser, words
from tests.routes_world import address_of, routes
from tests.world import World

pytestmark = pytest.mark.django_db
_reached: dict[str, list[Met]] = {}
_own: dict[str, str] = {}


@pytest.fixture
def reached(request) -> dict[str, list[Met]]:
    """Everything that a reader receives, and then the lead: made once, as it takes a while."""
    if not _reached:
        with clock.at(READ):
            planted = _prepared(request.getfixturevalue("world"))
            met = {"reader": _met_by(planted, planted.readers[0])}
            split(planted)
            met["lead"] = _met_by(planted, planted.lead)
        _own.update(planted.own)
        _reached.update(met)
    return _reached


def _prepared(world) -> Planted:
    planted = plant(world)
    world.enrollment, world.educator = planted.run, planted.educator  # whom test_api_blindness.py asks for
    planted.own |= {path: etag for path in SEEN_BY_EDUCATOR if (etag := _version(planted, path))}
    return planted


def _met_by(planted: Planted, actor) -> list[Met]:
    """On pages and in letters; and by the API, which is asked for everything: what that changed is undone."""
    met, before = everything(actor), transaction.savepoint()
    if ScoreSheet.objects.filter(assessor_id=actor.person_id, state="open").exists():
        met += api.everything(planted.world, Program(actor))
    transaction.savepoint_rollback(before)
    return met


SEEN_BY_EDUCATOR = ("", "/check", "/narratives/place", "/files", "/citations", "/attempts")


def _version(planted: Planted, path: str) -> str:
    """What the educator's program is told to name this state of it by; short ones are numbers, as everything has them."""
    etag = Program(planted.educator).get(f"/enrollments/{planted.run.pk}{path}").get("ETag", "").strip('W/"')
    return etag if len(etag) > 6 else ""


def found(reached, *secrets: str | bytes) -> list[tuple[str, str, bytes]]:
    """Who met what, and where; whole or in any of the forms in which programs write it."""
    forms = {form for secret in secrets for form in ({secret} if isinstance(secret, bytes) else {form.encode() for form in hidden(secret)})}
    return [(who, met.address, form) for who, all_met in reached.items() for met in all_met for form in forms if form in haystack(met)]


@cache
def haystack(met: Met) -> bytes:
    everything = (met.address.encode() + met.headers + files_world.everything_in(met.content)).replace(b"\0", b"")
    return everything + everything.lower()


def test_more_than_25_places_each_with_a_name_of_its_own():
    assert len(set(PLACES.values())) == len(PLACES) >= 25
    assert not any(one != other and one in other for one in PLACES.values() for other in PLACES.values())


@pytest.mark.parametrize("place", IN_FILES)
def test_the_name_is_planted(place):
    """Otherwise finding nothing would mean nothing."""
    assert any(files_world.says(data, named(place)) for data in (captions(), *(data for _, _, data in files())))


@pytest.mark.parametrize("place", PLACES)
def test_a_reader_or_lead_never_meets(reached, place):
    assert found(reached, named(place), *(part for part in named(place).split() if part not in COMMON)) == []


COMMON = {"School", "District", "Hollow", "Vale", "laptop", "Circle", "Poole", "Quay"}


def test_everything_was_opened(reached):
    for who, met in reached.items():
        kinds = {kind for each in met for kind in re.findall(rb"Content-Type: ([\w./+-]+)", each.headers)}
        assert {
            b"text/html",
            b"image/png",
            b"image/jpeg",
            b"video/mp4",
            b"text/vtt",
            b"application/octet-stream",
            b"application/json",
        } <= kinds, who
        assert any(each.address.startswith("letter") for each in met), who


def test_no_id_or_version_of_the_educators_stands_in_anything(reached):
    assert found(reached, *_own.values()) == []


def test_no_moment_at_which_the_work_was_written_stands_in_anything(reached):
    assert found(reached, *MOMENTS) == []


def test_no_hash_stands_in_anything_by_which_the_educators_own_file_could_be_known(reached):
    digests = [made(data) for _, _, data in files() for made in (hashlib.sha256, hashlib.md5, hashlib.sha1)]
    assert found(reached, *(digest.hexdigest() for digest in digests), *(digest.digest() for digest in digests)) == []


def test_files_have_neutral_names_and_numbers_for_an_order(reached):
    for who, all_met in reached.items():
        given = {name.decode() for met in all_met for name in re.findall(rb'filename="([^"]+)"', met.headers)}
        assert given == {"document-1.pdf", "document-2.docx", "image-3.jpg", "image-4.png", "spreadsheet-5.xlsx", "video-6.mp4"}, who


def test_nothing_blind_is_kept_by_a_cache_or_dated(reached):
    for all_met in reached.values():
        for met in all_met:
            headers = dict(re.findall(r"^([\w-]+): (.*)$", met.headers.decode().lower(), re.M))
            assert "last-modified" not in headers, met.address
            if "/scoring/" in met.address or "/f/" in met.address:
                assert "private" in headers["cache-control"], met.address
                assert "no-store" in headers["cache-control"] or "no-cache" in headers["cache-control"], met.address


def test_what_waits_stands_in_an_order_that_tells_nothing(world):
    """By the day when it is due, and then by code names that are drawn by lot: not by name, and not by who was first."""
    reader, _ = world.assessors(2)
    for name in ("Zephyrine Quill", "Ambrose Birt", "Octavia Blenk"):
        world.submitted(world.person(name))
    codes = sorted(ScoreSheet.objects.filter(assessor_id=reader.person_id).values_list("code_name", flat=True))
    assert len(codes) == 3
    page = words(browser(reader).get("/scoring/"))
    assert sorted(codes, key=page.index) == codes
    assert [line["code_name"] for line in Program(reader).read("/scoring/sheets")["items"]] == codes


def test_the_watch_finds_a_name_in_each_form():
    for form in hidden(named("the school")):
        assert found({"reader": [Met("/", b"", b"<p>" + form.encode())]}, named("the school"))
    for encoding in ("utf-16-le", "utf-16-be"):
        assert found({"reader": [Met("/", b"", named("the school").encode(encoding))]}, named("the school"))
    assert found({"reader": [Met("/", b"", files()[1][2])]}, named("a tracked change in a Word file"))


@pytest.mark.long
def test_neither_reader_nor_the_lead_meets_any_of_it_at_any_time(world):
    """Before, while and after they score."""
    with clock.at(READ):
        planted = _prepared(world)
        met = {f"reader {number}": _met_by(planted, reader) for number, reader in enumerate(planted.readers)}
        sheet = split(planted)
        met |= {f"reader {number} afterward": _met_by(planted, reader) for number, reader in enumerate(planted.readers)}
        met["lead"] = _met_by(planted, planted.lead)
        planted.world.score(sheet)
        met["lead afterward"] = _met_by(planted, planted.lead)
    assert all(len(each) > 20 for each in met.values())
    assert found(met, *PLACES.values(), *planted.own.values(), *MOMENTS) == []


# --- What grows around the work ------------------------------------------------------------------------------------------


def asked_for(actor, things: dict[str, str]) -> list[Met]:
    """Every page and every read of the API, at the addresses of those things; whatever is answered."""
    client, program = browser(actor), Program(actor)
    pages = [address_of(route, things) for route, name in routes() if not route.startswith(("api/", "demo/")) and "logout" not in name]
    reads = [address_of(path, things) for method, path, _ in operations() if method == "GET"]
    return [
        Met("", b"", client.get(address).getvalue()) for address in pages
    ] + [Met("", b"", program.get(address).getvalue()) for address in reads]  # fmt: skip


@pytest.mark.long
def test_seat_team_money_talk_and_survey_reach_no_reader_and_no_other_organization(db):
    """Of work that is scored, what its educator does around it: not a byte to whoever scores it, or coordinates elsewhere."""
    far = World()
    elsewhere, around = far.person("Distant Stone", coordinator=far.issuer), surrounded()
    around.world.enrollment, around.world.educator = around.run, around.educator
    own = {"sheet_id": ScoreSheet.objects.filter(assessor_id=around.readers[0].person_id).first().pk, "detail": "1a", "key": "1a"}
    reached = {
        "reader": [*everything(around.readers[0]), *asked_for(around.readers[0], {**around.things, **own})],
        "other coordinator": [*walk(browser(elsewhere), "/home/"), *asked_for(elsewhere, around.things), *letters_to(elsewhere)],
    }
    assert all(len(met) > 100 for met in reached.values())
    assert found(reached, *around.own) == []
    assert found({"educator": asked_for(around.educator, {**around.things, "slug": "around"})}, *AROUND.values()), (
        "otherwise it means nothing"
    )


# --- What an educator writes ---------------------------------------------------------------------------------------------


def test_whoever_names_themselves_in_their_own_text_is_told_before_it_is_handed_in(world):
    """A text goes to the readers as it was written: its educator is shown each name and where it stands, on the page and by the API."""
    planted = begun(world)
    school, name = named("the school"), named("what one is called")
    texts = {"place": f"In the {school.upper()}, last year.", "change": f"I, {name.split()[1]}, will begin a week earlier."}
    for answer in (answer for part in workspace(planted.educator, planted.run.pk).parts for answer in part.answers):
        if answer.prompt.key in texts:
            portfolio.write(
                actor=planted.educator, enrollment_id=planted.run.pk, prompt=answer.prompt.key, text=texts[answer.prompt.key],
                revision=answer.revision,
            )  # fmt: skip
    page = words(browser(planted.educator).get(f"/portfolio/{planted.run.pk}/check/"))
    assert school in page
    assert name.split()[1] in page
    told = str(Program(planted.educator).read(f"/enrollments/{planted.run.pk}/check"))
    assert school in told
    assert name.split()[1] in told
