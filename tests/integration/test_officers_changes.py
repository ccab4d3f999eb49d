"""A rule that changes: officers see who gains and who loses before it takes effect, by name those who have asked them."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from cairn.apps.licensure import commands, queries
from cairn.apps.licensure.models import ChangedLicense, RuleChange
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, Invalid, NotFound
from cairn.site.worker import drain
from tests.licensure_world import on
from tests.officers_world import TRANSITION, Office
from tests.scoring_world import signed_in
from tests.world import SYSTEM

OLD, NEW = date(2010, 7, 1), date(2020, 7, 1)
HARDER = ("approved_by: missouri-dese}, at_least: 3", "approved_by: missouri-dese}, at_least: 4")


class Changing(Office):
    """Dana with three approved micro-credentials has asked; Keiko with as many has not; Sal has asked with two."""

    def __init__(self):
        super().__init__()
        self.mc(self.dana, "mc-3", "2024-02-20", approved_by="missouri-dese")
        self.asked()
        self.keiko, _ = self.like_dana("Keiko Lindqvist", 3)
        self.sal, held = self.like_dana("Sal Ortiz", 2)
        self.application = commands.apply_for(actor=self.sal, license_id=held.pk, rules=TRANSITION)

    def like_dana(self, name, awards):
        actor, held = self.licensed(self.person(name))
        for year in range(2020, 2024):
            self.known(actor, "experience", f"{year}-08-01", unit="year", role="administrator")
        self.known(actor, "mentoring", "2022-05-22", 2, "year")
        for number in range(awards):
            self.mc(actor, f"mc-{number}", "2023-05-20", approved_by="missouri-dese")
        return actor, held

    def change(self, before=OLD, after=NEW, text="", actor=None):
        actor = actor or self.officer
        row = commands.ask_change(actor=actor, authority_id=self.authority.pk, rules=TRANSITION, before=before, after=after, text=text)
        drain()
        return row

    def named(self, row, turn, actor=None):
        page = queries.change_page(actor or self.officer, row.pk, turn)
        return [(line.educator, [title for title, _, _ in line.lines]) for line in page.lines]


def text(*changes):
    found = queries.shipped()[f"{TRANSITION}.yaml"]
    for before, after in changes:
        assert before in found
        found = found.replace(before, after)
    return found


@pytest.fixture
def world(db):
    with clock.at(on("2024-03-01")):
        yield Changing()


def test_those_who_asked_are_named_with_the_line_on_which_it_turns_and_the_others_are_counted(world):
    row = world.change()
    told = RuleChange.objects.get(pk=row.pk)
    assert told.on == date(2024, 3, 1)
    assert told.counts == {"licenses": 3, "both": 0, "gained": 2, "lost": 0, "neither": 1, "judged": 1}
    assert world.named(row, "gains") == [("Dana Whitfield", ["Three micro-credentials approved by the department"])]
    assert world.named(row, "officer") == [("Sal Ortiz", ["Several of these together"])]
    back = world.change(NEW, OLD)
    assert world.named(back, "loses") == [("Dana Whitfield", ["Three micro-credentials approved by the department"])]
    assert queries.change_page(world.officer, back.pk).lines[0].lines[0][2]  # only the first version has that line
    harder = world.change(NEW, NEW, text(HARDER))
    assert RuleChange.objects.get(pk=harder.pk).counts["lost"] == 2
    assert not queries.change_page(world.officer, harder.pk, "loses").lines[0].lines[0][2]


def test_who_takes_an_application_back_is_named_no_more_and_nobody_else_ever_sees_it(world):
    row = world.change()
    commands.withdraw_application(actor=world.sal, application_id=world.application.pk)
    assert world.named(row, "officer") == []
    elsewhere = world.person("Noor Adeyemi", licensing_officer=world.office("Another Office", "us/ks"))
    admin = world.person("Ada Brand", organization_admin=world.agency)
    for stranger in (world.dana, world.keiko, elsewhere, admin, world.person(organization_admin=world.issuer)):
        with pytest.raises(NotFound):
            queries.change_page(stranger, row.pk)
        with pytest.raises(Forbidden):
            world.change(actor=stranger)
        assert list(ChangedLicense.objects.visible_to(stranger)) == []
        page = signed_in(stranger)
        for address in (f"/officer/offices/{world.authority.pk}/changes/", f"/officer/changes/{row.pk}/",
                        f"/officer/changes/{row.pk}/educators.csv"):  # fmt: skip
            assert page.get(address).status_code == 404, address


def test_asking_twice_computing_twice_and_reading_a_list_page_by_page_change_nothing(world, monkeypatch):
    row = world.change(actor=world.officer.with_key("k"))
    assert world.change(actor=world.officer.with_key("k")).pk == row.pk
    assert RuleChange.objects.count() == 1
    kept = RuleChange.objects.get(pk=row.pk)
    with queries.statewide(SYSTEM, "us/mo") as state:
        route = queries.rule_set(TRANSITION)
        again = state.change(route, *route.versions)
    assert commands.keep_change(actor=SYSTEM, change_id=row.pk, on=date(2025, 1, 1), told=again).on == kept.on
    with pytest.raises(Forbidden):
        commands.keep_change(actor=world.officer, change_id=row.pk, on=date(2025, 1, 1), told=again)
    for name in ("Ann Abel", "Zoe Zeller", "Ann Abel"):
        actor, held = world.like_dana(name, 3)
        commands.apply_for(actor=actor, license_id=held.pk, rules=TRANSITION)
    monkeypatch.setattr("cairn.apps.licensure.queries.changes.A_PAGE", 2)
    row, after, names = world.change(), "", []
    while page := queries.change_page(world.officer, row.pk, "gains", after):
        names += [line.educator for line in page.lines]
        after = page.next
        if not after:
            break
    assert names == ["Ann Abel", "Ann Abel", "Dana Whitfield", "Zoe Zeller"]


def test_pages_and_tables_of_a_change(world):
    page, address = signed_in(world.officer), f"/officer/offices/{world.authority.pk}/changes/"
    assert 'value="2010-07-01"' in page.get(f"{address}?rules={TRANSITION}").content.decode()
    sent = page.post(address, {"rules": TRANSITION, "before": "2010-07-01", "after": "2020-07-01", "text": ""})
    assert sent.status_code == 302
    assert b"being computed" in page.get(sent["Location"]).content
    drain()
    with CaptureQueriesContext(
        connection,
    ) as few:
        answer = page.get(sent["Location"]).content.decode()
    assert "Two would gain, nobody would lose" in answer
    assert "Dana Whitfield" in answer
    assert "Keiko" not in answer
    table = page.get(f"{sent['Location']}educators.csv").content.decode("utf-8-sig")
    assert "Dana Whitfield" in table
    assert "Three micro-credentials approved by the department" in table
    assert "Keiko" not in table
    rows = list(load_workbook(io.BytesIO(page.get(f"{sent['Location']}educators.xlsx").content)).active.values)
    assert len(rows) == 3
    assert "2 gain, 0 lose" in page.get(address).content.decode()
    for number in range(6):
        actor, held = world.like_dana(f"Person {number}", 3)
        commands.apply_for(actor=actor, license_id=held.pk, rules=TRANSITION)
    row = world.change()
    with CaptureQueriesContext(connection) as many:
        assert b"Person 5" in page.get(f"/officer/changes/{row.pk}/").content
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"before": "2011-01-01"},
            "No version that computes something is effective from January 1, 2011. Give July 1, 2010 or July 1, 2020.",
        ),
        ({"before": "2020-07-01"}, "Both are the same version of this rule, so nobody gains and nobody loses. Choose two versions"),
        ({"after": "2031-02-30"}, "Enter a valid date"),
        ({"text": "rules: us/mo/another\n"}, "Line 1: "),
        ({"rules": "us/ks/professional-renewal"}, "Choose one of these."),
    ],
)
def test_versions_that_cannot_be_compared_are_refused_with_the_remedy_and_nothing_typed_is_lost(world, given, words):
    page = signed_in(world.officer)
    sent = {"rules": TRANSITION, "before": "2010-07-01", "after": "2020-07-01", "text": "", **given}
    answer = page.post(f"/officer/offices/{world.authority.pk}/changes/", sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not RuleChange.objects.exists()


def test_a_text_that_changes_nothing_is_not_held_against_the_version_that_it_repeats(world):
    with pytest.raises(Invalid) as refused:
        world.change(NEW, NEW, text())
    assert "Write what is to change in it." in refused.value.fields["text"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([("at_least: 3", "at_least: many")], "Line "),
        ([("rules: us/mo/transition-administrator", "rules: us/mo/a-new-rule")], "It must be the file's path"),
        ([("unit: contact-hour", "unit: fortnight")], "fortnight"),
        ([("effective: 2020-07-01", "effective: 2010-07-01")], "Line "),
        ([("      id: all\n", "      id: all\n      unless: {id: all, all: []}\n")], "Line "),
        ([("title: Transition", "title: &a [*a]\nother: Transition")], "Line "),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_with_its_line(world, changes, words):
    with pytest.raises(Invalid) as refused:
        world.change(NEW, NEW, text(*changes))
    assert words in refused.value.fields["text"]
