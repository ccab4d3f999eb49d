"""The folder is the floor: which files an app may have, and how long files and functions may be."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from cairn.interfaces.web.art.icons import ICONS, STATES
from tests.architecture.source import APPS, PACKAGE, ROOT, Function, files, functions, name_of, tree

KINDS = {"models", "states", "policy", "commands", "steps", "queries", "events", "outward", "admin", "apps"}
FOLDERS = {"migrations", "templates"}
CAPABILITIES = sorted(p for p in APPS.iterdir() if (p / "__init__.py").is_file())
FILE_LINES, FUNCTION_LINES, VIEW_LINES = 400, 40, 15


@pytest.mark.parametrize("app", CAPABILITIES, ids=lambda app: app.name)
def test_an_app_has_only_the_known_kinds_of_files(app: Path):
    python = {p.stem for p in app.glob("*.py")} - {"__init__"}
    folders = {p.name for p in app.iterdir() if p.is_dir()} - {"__pycache__"}
    others = {p.name for p in app.iterdir() if p.is_file() and p.suffix != ".py"}
    assert python <= KINDS
    assert folders <= FOLDERS | KINDS
    assert others <= {"README.md"}


@pytest.mark.parametrize("app", CAPABILITIES, ids=lambda app: app.name)
def test_an_app_says_on_one_screen_what_it_is_for(app: Path):
    readme = app / "README.md"
    assert readme.is_file(), "write one screen: purpose, states, commands, events, pages"
    assert len(readme.read_text().splitlines()) <= 60


def test_templates_of_an_app_lie_under_its_name():
    strays = [name_of(p) for app in CAPABILITIES for p in (app / "templates").glob("*") if p.name != app.name]
    assert strays == []


def test_every_icon_and_state_that_a_template_names_is_drawn():
    templates = {path: path.read_text() for path in (PACKAGE / "interfaces").rglob("*.html")}
    named = {(name_of(path), *found) for path, text in templates.items() for found in re.findall(r'{% (icon|state) "([^"]+)"', text)}
    assert len(named) > 50
    assert [each for each in sorted(named) if each[2] not in (STATES if each[1] == "state" else {**ICONS, **STATES})] == []


def test_files_are_short():
    long = {name_of(p): lines for p in files() if (lines := len(p.read_text().splitlines())) > FILE_LINES}
    assert long == {}, f"a file of more than {FILE_LINES} lines becomes a folder of the same name"


def _lines(function: Function) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def _is_view(path: Path, function: Function) -> bool:
    first = function.args.args[0].arg if function.args.args else ""
    return bool({"views", "routes"} & set(path.parts)) and first == "request" and not function.name.startswith("_")


def test_functions_are_short():
    long = {f"{name_of(p)}:{f.lineno} {f.name}": _lines(f) for p in files() for f in functions(p) if _lines(f) > FUNCTION_LINES}
    assert long == {}


def test_views_only_translate():
    long = {f"{name_of(p)}:{f.lineno} {f.name}": _lines(f) for p in files(PACKAGE / "interfaces") for f in functions(p)
            if _is_view(p, f) and _lines(f) > VIEW_LINES}  # fmt: skip
    assert long == {}


def test_modules_say_what_they_are_for():
    code = [p for p in files() if p.stat().st_size and p.name not in ("__init__.py", "apps.py")]
    assert [name_of(p) for p in code if ast.get_docstring(tree(p)) is None] == []


def test_nothing_is_left_for_later():
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "for " + "now")
    kept = [*files(), *files(ROOT / "tests"), *files(ROOT / "tools"), *PACKAGE.rglob("*.html"), *(ROOT / "docs").rglob("*.md")]
    assert [(name_of(p), mark) for p in kept for mark in marks if mark in p.read_text()] == []


def test_source_prints_only_at_the_command_line():
    printed = [f"{name_of(p)}:{node.lineno}" for p in files() if "cli" not in p.parts for node in ast.walk(tree(p))
               if isinstance(node, ast.Name) and node.id == "print"]  # fmt: skip
    assert printed == []
