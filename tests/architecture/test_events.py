"""Facts: each declared kind is recorded, says what happened, and leads where wiring says."""

from __future__ import annotations

import ast

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from cairn.apps.comms.outward import Tell
from cairn.apps.reports.queries import declared_events
from cairn.frame import wiring
from cairn.frame.states import TABLES
from cairn.kernel.facts import Event
from tests.architecture.source import APPS, app_files, app_of, calls, files, name_of, tree

EVENTS = declared_events()
ENVELOPE = {"actor", "subject", "thread", "organization", "cause"}


def _events_in(node: ast.AST) -> list[str]:
    """Names of the events that the code below the node speaks of, as `events.NAME`."""
    return [n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute) and ast.unparse(n.value) == "events"]


def _recorded() -> list[tuple[str, ast.Call, list[str]]]:
    """Every call of `record`: its place, and the names of the events that it may be given."""
    found = []
    for path in [*app_files("commands"), *app_files("steps"), *app_files("outward")]:
        for call in calls(tree(path)):
            if isinstance(call.func, ast.Name) and call.func.id == "record" and call.args:
                names = [f"{app_of(path)}.{name}" for name in _events_in(call.args[0])]
                found.append((f"{name_of(path)}:{call.lineno}", call, names))
    return found


def _by_constant() -> dict[str, Event]:
    """ "portfolio.SUBMITTED" -> the event, as the code names it."""
    import importlib

    found = {}
    for path in app_files("events"):
        module = importlib.import_module(f"cairn.apps.{app_of(path)}.events")
        found |= {f"{app_of(path)}.{name}": value for name, value in vars(module).items() if isinstance(value, Event)}
    return found


@pytest.mark.parametrize("event", EVENTS.values(), ids=str)
def test_an_event_says_what_happened_in_a_sentence(event):
    assert event.about[0].isupper()
    assert event.about.endswith(".")


def test_an_event_bears_the_name_of_its_capability():
    assert [name for name, event in _by_constant().items() if event.kind.split(".")[0] != name.split(".")[0]] == []


def test_no_two_events_share_a_kind():
    assert len(_by_constant()) == len(EVENTS)


def test_every_event_is_recorded_somewhere():
    writers = [*app_files("commands"), *app_files("steps"), *app_files("outward")]
    named = {f"{app_of(p)}.{name}" for p in writers for name in _events_in(tree(p))}
    assert sorted(set(_by_constant()) - named) == []


def test_what_is_recorded_is_declared_with_its_fields():
    """Read from the source, so that no test has to walk into every branch to find a misspelled field."""
    declared, wrong = _by_constant(), []
    for place, call, names in _recorded():
        given = {keyword.arg for keyword in call.keywords if keyword.arg} - ENVELOPE
        for name in names:
            unknown = given - set(declared[name].fields) if name in declared else {name}
            wrong += [f"{place}: {name} has no {field}" for field in sorted(unknown)]
    assert wrong == []


def test_every_wired_event_is_declared():
    assert set(wiring.table()) <= set(EVENTS)


@pytest.mark.parametrize("kind", sorted(k for k, work in wiring.table().items() if any(isinstance(h, Tell) for h in work.values())))
def test_whoever_is_told_is_told_in_words(kind):
    try:
        get_template(f"comms/{kind}.txt")
    except TemplateDoesNotExist:
        pytest.fail(f"Write comms/{kind}.txt: its first line is the subject.")


def test_consequences_are_wired_in_one_place():
    installing = [name_of(p) for p in files(APPS.parent) for c in calls(tree(p)) if ast.unparse(c.func).endswith("install")]
    assert installing == ["cairn/site/apps.py"]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_every_state_can_be_reached(table):
    reached, open_ = {table.initial}, [table.initial]
    while open_:
        for to in table.moves[open_.pop()]:
            if to not in reached:
                reached.add(to)
                open_.append(to)
    assert reached == set(table.moves)
