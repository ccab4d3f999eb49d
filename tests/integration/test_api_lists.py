"""Lists a page at a time, and how many requests fit in a minute."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta

import pytest
from django.test import RequestFactory

from cairn.apps.people import commands as people
from cairn.interfaces.api import limits
from cairn.kernel import clock
from tests.api_world import Program, code, token
from tests.packs_world import pack_files
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


def walk(program, path, limit):
    """Every item, page by page; at most a hundred pages."""
    found, cursor = [], ""
    for _ in range(100):
        page = program.read(f"{path}{'&' if '?' in path else '?'}limit={limit}&cursor={cursor}")
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next"]
        if not cursor:
            return found
    raise AssertionError("it does not end")


def test_pages_hold_everything_once_in_one_order(world):
    dana = world.person("Dana Whitfield")
    for number in range(7):
        with clock.at(clock.now() + timedelta(minutes=number // 2)):  # some at the very same moment
            token(dana)
    program = Program(dana)
    whole = program.read("/me/tokens")["items"]
    assert len(whole) == 8
    for limit in (1, 2, 3, 8):
        assert [each["id"] for each in walk(program, "/me/tokens", limit)] == [each["id"] for each in whole]


def test_what_comes_and_goes_meanwhile_neither_repeats_nor_hides_anything(world):
    admin, org = Program(world.person("Ada Stone", organization_admin=world.issuer)), world.issuer
    for name in "bcdefg":
        people.form_group(actor=SYSTEM, organization_id=org.pk, name=name, kind="plc")
    path = f"/organizations/{org.slug}/groups"
    first = admin.read(f"{path}?limit=3")
    for name in "ad":  # before the cursor, and beyond it
        people.form_group(actor=SYSTEM, organization_id=org.pk, name=f"{name}{name}", kind="plc")
    rest = admin.read(f"{path}?limit=10&cursor={first['next']}")
    assert [group["name"] for group in first["items"]] == ["b", "c", "d"]
    assert [group["name"] for group in rest["items"]] == ["dd", "e", "f", "g"]


def test_the_catalog_is_found_by_words_and_choices_and_pages_alike(world):
    from cairn.apps.catalog import commands as catalog

    catalog.import_pack(actor=SYSTEM, files=pack_files("wide-river", 9))
    everything = walk(Program(), "/catalog", 4)
    assert [line["slug"] for line in everything] == sorted(line["slug"] for line in everything)
    assert len(everything) == 9
    assert [line["slug"] for line in walk(Program(), "/catalog?q=skill 3&audience=teachers", 4)] == ["wide-river-skill-3"]
    assert walk(Program(), "/catalog?availability=pilot", 4) == []


def test_a_cursor_of_another_list_leads_nowhere(world):
    dana = world.person("Dana Whitfield")
    token(dana)
    program = Program(dana)
    cursor = program.read("/me/tokens?limit=1")["next"]
    assert code(program.get(f"/enrollments?cursor={cursor}")) == (422, "cursor-unknown")
    assert code(program.get(f"/me/tokens?cursor={cursor[:-1]}x")) == (422, "cursor-unknown")


# --- A minute ------------------------------------------------------------------------------------------------------


@pytest.fixture
def three_a_minute(settings):
    settings.API_RATE = 3
    with clock.at(clock.now().replace(second=5) + timedelta(days=400)):  # a minute of its own
        yield


def test_headers_say_what_is_left_and_the_one_too_many_is_told_when_to_come_again(world, three_a_minute):
    program = Program(secret=token(world.person("Dana Whitfield")))
    answers = [program.get("/me") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert code(answers[3]) == (429, "too-many-requests")
    assert answers[0]["RateLimit-Policy"] == '"person";q=3;w=60'
    assert [answer["RateLimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert 0 < int(answers[3]["Retry-After"]) <= 60


def test_a_minute_later_there_is_room_again(world, three_a_minute):
    program = Program(secret=token(world.person("Dana Whitfield")))
    assert [program.get("/me").status_code for _ in range(4)][-1] == 429
    with clock.at(clock.now() + timedelta(seconds=60)):
        assert program.get("/me").status_code == 200


def test_all_tokens_of_a_person_count_together_and_two_persons_apart(world, three_a_minute):
    dana, other = world.person("Dana Whitfield"), Program(secret=token(world.person("Other Stone")))
    programs = [Program(secret=token(dana)) for _ in range(4)]
    assert [program.get("/me").status_code for program in programs] == [200, 200, 200, 429]
    assert other.get("/me").status_code == 200


def test_strangers_and_wrong_tokens_count_by_their_address(db, three_a_minute):
    here, there = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "192.0.2.8"}
    assert [Program(**here).get("/catalog").status_code for _ in range(2)] == [200, 200]
    assert [Program(secret="wrong", **here).get("/me").status_code for _ in range(2)] == [401, 429]
    assert Program(**there).get("/catalog").status_code == 200


def test_a_change_that_is_one_too_many_is_not_made(world, three_a_minute):
    program = Program(secret=token(world.person("Dana Whitfield")))
    for _ in range(3):
        program.get("/me")
    profile = {"name": "Other", "time_zone": "America/Chicago", "shows_name": True}
    assert program.put("/me/profile", profile).status_code == 429
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert program.read("/me")["name"] == "Dana Whitfield"


@pytest.mark.parametrize(
    ("address", "forwarded", "proxies", "told"),
    [
        ("192.0.2.7", "", 0, "192.0.2.7"),
        ("192.0.2.7", "203.0.113.9", 0, "192.0.2.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", 1, "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", 2, "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9", 2, "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),
        ("", "", 0, "unknown"),
        ("10.0.0.1", "nonsense", 1, "unknown"),
    ],
)
def test_whose_address_counts(settings, address, forwarded, proxies, told):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert limits.address_of(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)) == told


def _count_many(results):
    results.put([limits._count("person:shared", 12345) for _ in range(500)])


def test_two_processes_count_as_one(db):
    """Forked as web processes are; each opens the file for itself."""
    fork = multiprocessing.get_context("fork")
    results = fork.SimpleQueue()
    limits._file.cache_clear()
    processes = [fork.Process(target=_count_many, args=(results,)) for _ in range(2)]
    for process in processes:
        process.start()
    counted = [number for _ in processes for number in results.get()]
    for process in processes:
        process.join()
    assert sorted(counted) == list(range(1, 1001))
