"""What was read, asked and seen for a program: who enters it, who reads it, and what no log can hold."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import ResearchEntry
from cairn.apps.programs.queries import research_log
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, Invalid, NotFound
from tests.learning_world import browser
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PAPER = programs.Research("literature", date(2025, 3, 4), "Short cycles", "Two weeks are enough.", link="https://example.org/a?b=1#c")
VISIT = programs.Research("visit", date(2025, 4, 8), "A day of lessons", "Rooms have two doors.", place="A village school, Wisconsin")


class Logged(World):
    def __init__(self) -> None:
        self.taker, self.run = self.enrolled()
        self.runner, self.stranger = self.person(coordinator=self.issuer), self.person("Stranger Stone")
        self.elsewhere = self.person(coordinator=self.organization("Elsewhere"))

    def log(self, actor=None, research=PAPER):
        return programs.log_research(actor=actor or self.runner, program_id=self.program.pk, research=research)

    @property
    def at(self) -> str:
        return f"/programs/{self.program.slug}/research"


def sent(**changes) -> dict[str, str]:
    return {"kind": "literature", "day": "2025-03-04", "title": "Short cycles", "learned": "Enough.", "place": "", "link": ""} | changes


def test_those_who_run_a_program_keep_its_log_and_those_who_take_part_read_it():
    here = Logged()
    entry, again = (here.log(here.runner.with_key("once")) for _ in range(2))
    assert entry == again == ResearchEntry.objects.get()
    visit = here.log(research=VISIT)
    assert [list(research_log(actor, here.program.slug).entries) for actor in (here.runner, here.taker)] == [[visit, entry]] * 2
    assert research_log(here.taker, here.program.slug, "visit").counts == {"literature": 1, "consultation": 0, "visit": 1}
    for actor in (here.stranger, here.elsewhere):
        with pytest.raises(NotFound):
            research_log(actor, here.program.slug)
        assert not ResearchEntry.objects.visible_to(actor).exists()
        with pytest.raises(Forbidden):
            here.log(actor)
        with pytest.raises(NotFound):
            programs.remove_research(actor=actor, research_id=entry.pk)
    with pytest.raises(Forbidden):
        programs.let_add_research(actor=here.taker, program_id=here.program.pk, by_all=True)


def test_those_who_take_part_add_where_they_are_let_and_change_only_their_own():
    here = Logged()
    theirs = here.log()
    with pytest.raises(Forbidden):
        here.log(here.taker)
    programs.let_add_research(actor=here.runner, program_id=here.program.pk, by_all=True)
    own = here.log(here.taker, VISIT)
    with pytest.raises(Forbidden):
        programs.correct_research(actor=here.taker, research_id=theirs.pk, research=VISIT)
    assert programs.correct_research(actor=here.taker, research_id=own.pk, research=PAPER).title == "Short cycles"
    programs.remove_research(actor=here.runner, research_id=own.pk)
    assert [e.pk for e in research_log(here.taker, here.program.slug).entries] == [theirs.pk]
    programs.withdraw(actor=here.taker, enrollment_id=here.run.pk)
    with pytest.raises(NotFound):
        research_log(here.taker, here.program.slug)


LINKS = (
    "javascript:alert(1)", "ftp://example.org/a", "https://", "http://localhost/a", "https://a b.org/", "https://user:word@example.org/",
    "https://example.org:port/", "https://-a.org", "//example.org", "example", "https://example.org/\"><b>", "data:text/html,x",
)  # fmt: skip


def test_what_no_log_can_hold_is_refused_field_by_field():
    today = date(2025, 6, 1)
    for link in LINKS:
        with pytest.raises(Invalid) as no:
            programs.Research("literature", today, "Title", "Learned", link=link).plain(today)
        assert list(no.value.fields) == ["link"], link
    for link in ("https://example.org", "http://Example.ORG:8080/ä?q=1", "https://bücher.example/a_(b)"):
        assert programs.Research("literature", today, "Title", "Learned", link=link).plain(today).link == link
    wrong = programs.Research("gossip", today + timedelta(days=1), " ", "\u202e", link="no")
    with pytest.raises(Invalid) as no:
        wrong.plain(today)
    assert set(no.value.fields) == {"kind", "day", "title", "learned", "link"}
    for kind, day, place, field in (
        ("visit", today, " ", "place"),
        ("visit", date(1899, 12, 31), "P", "day"),
        ("visit", date.min, "P", "day"),
    ):
        with pytest.raises(Invalid) as no:
            programs.Research(kind, day, "Title", "Learned", place=place).plain(today)
        assert list(no.value.fields) == [field]
    assert programs.Research("visit", date(1900, 1, 1), "T", "L", place="P").plain(today).place == "P"


def test_the_page_of_a_log_takes_an_entry_and_gives_back_what_was_typed_wrong():
    here = Logged()
    runner, taker, stranger = browser(here.runner), browser(here.taker), browser(here.stranger)
    assert "The research log of this program is empty." in runner.get(f"{here.at}/").content.decode()
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    answer = runner.post(f"{here.at}/", sent(day=tomorrow, title="Kept words", link="javascript:1"))
    page = answer.content.decode()
    assert (answer.status_code, "Kept words" in page, "Enter it once it has taken place." in page) == (422, True, False)
    answer = runner.post(f"{here.at}/", sent(day=tomorrow, title="Kept words"))
    assert (answer.status_code, "Enter it once it has taken place." in answer.content.decode()) == (422, True)
    assert runner.post(f"{here.at}/", sent(day="2025-02-30")).status_code == 422
    assert runner.post(f"{here.at}/", sent(kind="visit", title="=1+1", place="A school")).status_code == 302
    assert taker.post(f"{here.at}/", sent()).status_code == 422
    page = taker.get(f"{here.at}/").content.decode()
    assert ("=1+1" in page, "Add an entry" in page, "Change" in page) == (True, False, False)
    entry = ResearchEntry.objects.get()
    assert (taker.get(f"{here.at}/{entry.pk}/").status_code, stranger.get(f"{here.at}/").status_code) == (404, 404)
    assert (stranger.get(f"{here.at}.csv").status_code, browser().get(f"{here.at}/").status_code) == (404, 302)
    table = list(csv.reader(io.StringIO(taker.get(f"{here.at}.csv").content.decode("utf-8-sig"))))
    assert table[1][1:5] == ["Field visit", "'=1+1", "A school", ""]
    assert runner.post(f"{here.at}/{entry.pk}/", sent(title="A day of lessons")).status_code == 302
    assert ResearchEntry.objects.get().title == "A day of lessons"
    assert runner.post(f"{here.at}/adding/", {"by_all": "yes"}).status_code == 302
    assert "Add an entry" in taker.get(f"{here.at}/").content.decode()
    assert runner.post(f"{here.at}/{entry.pk}/remove/").status_code == 302
    assert not ResearchEntry.objects.exists()
    shown = [c.get(f"/programs/{here.program.slug}/").content.decode() for c in (runner, taker, stranger)]
    assert ["Research log" in page for page in shown] == [True, True, False]


def test_a_log_of_many_entries_asks_the_database_as_often_as_one_of_few():
    here = Logged()
    here.log()
    client = browser(here.runner)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{here.at}/").status_code == 200
        return len(asked)

    count()
    few = count()
    for _ in range(30):
        here.log()
    assert count() <= few + 1
