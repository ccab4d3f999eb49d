"""Blind scoring at the level of bytes: nothing that an assessor can reach says whose work it is, or who else reads it.

Every name is planted where such names hide, then every address that leads on from the queue is opened, and every byte is searched:
pages, headers, addresses, pictures of pages, files and what is compressed in them, and letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from cairn.apps.assessment import queries as assessment
from cairn.apps.assessment.models import ScoreSheet
from cairn.apps.comms.models import Letter
from cairn.apps.people import commands as people
from cairn.apps.people.models import Person
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.queries import workspace
from cairn.site.worker import drain
from tests import files_world
from tests.scoring_world import body, opened, signed_in
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db
SITE = "http://localhost"
NAME, FAMILY = "Zephyrine", "Quillfeather"
SCHOOL, DISTRICT = "Ninefold Hollow School", "Umberlake District"
PLANTED = "Xanthippe Vale"  # in each file's metadata: its author's name
TITLES = ("Gloaming notes", "Harrowgate plan", "Juniperus picture", "Kestrelwood lesson")
FILE_NAMES = ("zq-plan-ninefold", "zq-notes-ninefold", "zq-photo-ninefold", "zq-lesson-ninefold")
# Style sheets; the demonstration, in which anyone may look through anyone's eyes; published rules of all states but one, which are alike.
NOT_FOLLOWED = re.compile(r"/static/|/demo/|/rules/us/(?!mo/)|/license/add/\?\w+=us(?:/|%2F|-)(?!mo\b)")


@dataclass(frozen=True)
class Met:
    """Something that reached the assessor: from where, under which headers, and what it holds."""

    address: str
    headers: bytes
    content: bytes


class Links(HTMLParser):
    """Every address that a page names, in whatever attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("href", "src", "hx-get", "data-save-url") and value]


def walk(client, start="/scoring/") -> Iterator[Met]:
    """Everything that can be opened from one page on, by links alone."""
    waiting, seen = [f"{SITE}{start}"], set()
    while waiting:
        address = urldefrag(waiting.pop())[0]
        host = urlsplit(address).hostname
        if address in seen or host not in ("localhost", "127.0.0.1") or NOT_FOLLOWED.search(address):
            continue
        seen.add(address)
        answer = opened(address) if host == "127.0.0.1" else client.get(address.removeprefix(SITE))
        content = body(answer)
        yield Met(address, "\n".join(f"{name}: {value}" for name, value in answer.items()).encode(), content)
        if answer.status_code == 302:
            waiting.append(urljoin(address, answer["Location"]))
        elif host == "localhost" and "html" in answer["Content-Type"]:
            links = Links()
            links.feed(content.decode())
            waiting += [urljoin(address, link) for link in links.found]


@pytest.fixture(scope="module")
def one_world(standing):
    """Work full of names, given to two readers."""
    world = World()
    district = world.organization(DISTRICT)
    school = world.organization(SCHOOL, kind="school", parent=district)
    world.readers = world.assessors(2)
    world.educator = world.person(f"{NAME} {FAMILY}", works_at=school)
    world.actor, world.enrollment = world.enrolled(world.educator)
    files = (
        ("plan", files_world.make_pdf(2, title=PLANTED, author=PLANTED), "pdf"),
        ("plan", files_world.make_docx(author=PLANTED, photo=files_world.make_photo(author=PLANTED)), "docx"),
        ("plan", files_world.make_photo(author=PLANTED), "jpg"),
        ("recording", files_world.make_mp4(seconds=5, title=PLANTED, artist=PLANTED, telemetry=PLANTED.encode()), "mp4"),
    )
    for (slot, data, suffix), name, title in zip(files, FILE_NAMES, TITLES, strict=True):
        assert files_world.says(data, PLANTED)
        kept = world.add_file(world.educator, world.enrollment, slot, data, f"{name}.{suffix}")
        portfolio.describe_artifact(actor=world.educator, enrollment_id=world.enrollment.pk, artifact_id=kept.pk, title=title,
                                    people_shown="nobody")  # fmt: skip
    world.fill(world.educator, world.enrollment)
    film = workspace(world.educator, world.enrollment.pk).artifacts[-1]
    portfolio.cite(actor=world.educator, enrollment_id=world.enrollment.pk, detail="1b", artifact_id=film.pk, from_seconds=1, to_seconds=3,
                   explanation="The lesson.")  # fmt: skip
    submit(world)
    world.school, world.district = school, district
    return world


@pytest.fixture
def blind(one_world, db):
    return deepcopy(one_world)


def submit(world):
    portfolio.submit(actor=world.educator, enrollment_id=world.enrollment.pk)
    drain()


def educators_names(world) -> list[str]:
    """Everything that could say whose work it is."""
    work = workspace(world.educator, world.enrollment.pk)
    email = Person.objects.get(pk=world.educator.person_id).account.email
    return [
        NAME, FAMILY, email, email.partition("@")[0], SCHOOL, DISTRICT, world.school.slug, world.district.slug, PLANTED, PLANTED.split()[0],
        *TITLES, *FILE_NAMES, world.educator.person_id, world.school.pk, world.district.pk, world.enrollment.pk, work.submission.pk,
        *(artifact.pk for artifact in work.artifacts),
    ]  # fmt: skip


def assessors_names(actor) -> list[str]:
    """Everything that could say who another reader is, and under which code names that reader works."""
    person = Person.objects.get(pk=actor.person_id)
    sheets = ScoreSheet.objects.filter(assessor=person)
    return [person.name, person.pk, person.account.email, *(s.pk for s in sheets), *(s.code_name for s in sheets)]


def leaks(met: Met, names: list[str]) -> list[tuple[str, str]]:
    everything = met.address.encode() + met.headers + files_world.everything_in(met.content)
    lowered = everything.lower()
    encodings = [(name, name.lower().encode(encoding)) for name in names for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    return [(met.address, name) for name, planted in encodings if planted in lowered]


def letters_to(actor) -> Iterator[Met]:
    for letter in Letter.objects.filter(person_id=actor.person_id):
        yield Met(f"letter {letter.kind}", letter.subject.encode(), letter.text.encode())


def everything(actor) -> list[Met]:
    return [*walk(signed_in(actor)), *letters_to(actor)]


def kinds(met: list[Met]) -> set[str]:
    return {found for each in met for found in re.findall(rb"Content-Type: ([\w./+-]+)", each.headers)} | {
        each.address.partition(" ")[0].encode() for each in met if each.address.startswith("letter")
    }


def test_no_byte_that_reaches_a_reader_says_whose_work_it_is(blind):
    names = educators_names(blind)
    for reader in blind.readers:
        met = everything(reader)
        assert {b"text/html", b"image/png", b"image/jpeg", b"video/mp4", b"application/octet-stream", b"letter"} <= kinds(met)
        assert [leak for each in met for leak in leaks(each, names)] == []
        given = {name.decode() for each in met for name in re.findall(rb'filename="([^"]+)"', each.headers)}
        assert given == {"document-1.pdf", "document-2.docx", "image-3.jpg", "video-4.mp4"}


HIDING_PLACES = {
    "a page": Met("/", b"", f"<p>{NAME.upper()}</p>".encode()),
    "an address": Met(f"/files/{FILE_NAMES[0]}.pdf", b"", b""),
    "a header": Met("/", f'Content-Disposition: inline; filename="{FILE_NAMES[2]}.jpg"'.encode(), b""),
    "a PDF": Met("/", b"", files_world.make_pdf(1, author=PLANTED)),
    "a Word file": Met("/", b"", files_world.make_docx(author=PLANTED)),
    "a photo": Met("/", b"", files_world.make_photo(author=PLANTED)),
    "a film": Met("/", b"", files_world.make_mp4(artist=PLANTED)),
    "UTF-16": Met("/", b"", SCHOOL.encode("utf-16-be")),
}


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_the_search_finds_a_name_in(place):
    """Otherwise finding nothing would mean nothing."""
    assert leaks(HIDING_PLACES[place], [NAME, SCHOOL, PLANTED, *FILE_NAMES])


def test_no_reader_meets_the_other(blind):
    first, second = blind.readers
    for reader, other in ((first, second), (second, first)):
        assert [leak for each in everything(reader) for leak in leaks(each, assessors_names(other))] == []
    codes = {sheet.code_name for sheet in blind.sheets(blind.enrollment)}
    assert len(codes) == 2


def test_readers_stay_blind_after_locking_and_in_the_next_attempt(blind):
    names = educators_names(blind)
    for sheet in blind.sheets(blind.enrollment):
        blind.score(sheet, {"1a": "developing"})
    submit(blind)
    names += educators_names(blind)
    for reader, other in (blind.readers, reversed(blind.readers)):
        met = everything(reader)
        assert any(b"attempt 2" in each.content for each in met)
        assert any(b"This sheet is locked" in each.content for each in met)
        assert [leak for each in met for leak in leaks(each, names + assessors_names(other))] == []


def test_a_lead_who_settles_a_split_stays_blind_to_the_educator_and_to_both_readers(blind):
    lead = blind.lead()
    first, second = blind.sheets(blind.enrollment)
    blind.score(first)
    blind.score(second, {"1a": "developing"})
    names = educators_names(blind) + [name for reader in blind.readers for name in assessors_names(reader)]
    assert [leak for each in everything(lead) for leak in leaks(each, names)] == []
    (own,) = blind.sheets(blind.enrollment, kind="lead")
    blind.score(own)
    met = everything(lead)
    assert any("/compare/" in each.address and b"Second sheet" in each.content for each in met)
    assert [leak for each in met for leak in leaks(each, names)] == []
    assert [leak for each in everything(blind.readers[0]) for leak in leaks(each, assessors_names(lead))] == []


def test_a_case_that_waits_names_nobody_at_the_leads_desk(blind):
    lead = blind.lead()
    for reader in blind.readers:
        people.affiliate(
            actor=SYSTEM, person_id=reader.person_id, organization_id=blind.school.pk, title="Teacher", started_on=date(2021, 1, 1)
        )
    colleague = f"Philomena {FAMILY}"
    blind.submitted(blind.person(colleague, works_at=blind.school))
    met = everything(lead)
    assert any(b"2 by a possible conflict" in each.content for each in met)
    assert [leak for each in met for leak in leaks(each, [*educators_names(blind), colleague, "Philomena"])] == []


def test_educators_read_their_feedback_and_never_who_wrote_it(blind):
    for sheet in blind.sheets(blind.enrollment):
        blind.score(sheet, {"1a": "developing"})
    (told,) = assessment.feedback(blind.educator, blind.enrollment.pk)
    names = [name for reader in blind.readers for name in assessors_names(reader)]
    assert "Page 1 shows 1a." in repr(told)
    assert [name for name in names if name in repr(told)] == []
    met = [*walk(signed_in(blind.educator), f"/portfolio/{blind.enrollment.pk}/feedback/"), *letters_to(blind.educator)]
    assert any(b"Page 1 shows 1a." in each.content for each in met)
    assert [leak for each in met for leak in leaks(each, names)] == []
