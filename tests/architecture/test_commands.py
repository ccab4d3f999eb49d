"""Writing: commands alone write, each is one transaction, and none calls another."""

from __future__ import annotations

import ast
import importlib
import inspect

import pytest

from cairn.frame.actor import Actor
from cairn.frame.commands import COMMANDS
from tests.architecture.source import (
    APPS,
    PACKAGE,
    Function,
    app_files,
    app_of,
    calls,
    commands,
    files,
    functions,
    is_command,
    name_of,
    tree,
)

for _path in app_files("commands"):
    importlib.import_module(".".join(_path.relative_to(PACKAGE.parent).with_suffix("").parts))  # a command registers itself
WRITES = {"create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "aupdate", "adelete", "acreate"}
# Writers that are no commands: the user model's maker, which the sign-in library calls, and sessions that have run out.
ALLOWED = {"cairn/apps/people/models.py", "cairn/site/jobs.py"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_keyword_only_with_its_actor_first(name):
    parameters = list(inspect.signature(COMMANDS[name]).parameters.values())
    assert parameters[0].name == "actor"
    assert parameters[0].annotation in (Actor, "Actor")
    assert {p.kind for p in parameters} == {inspect.Parameter.KEYWORD_ONLY}


def test_commands_stand_in_commands_files():
    strays = [f"{name_of(p)}:{f.lineno}" for p in files() if p not in app_files("commands") for f in functions(p) if is_command(f)]
    assert strays == []


def _imported_commands(module: ast.Module) -> set[str]:
    """Names by which a module knows some app's commands."""
    return {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("cairn.apps.")
        for alias in node.names
        if alias.name == "commands" or node.module.endswith(".commands")
    }


def test_no_command_calls_a_command():
    """Django refuses a durable transaction inside another; writes shared downward are steps."""
    named = {(app_of(path), function.name) for path, function in commands()}
    found = []
    for path in [*app_files("commands"), *app_files("steps"), *app_files("queries"), *app_files("policy"), *app_files("models")]:
        foreign = _imported_commands(tree(path))
        for call in calls(tree(path)):
            target = call.func
            own = isinstance(target, ast.Name) and ((app_of(path), target.id) in named or target.id in foreign)
            other = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in foreign
            if own or other:
                found.append(f"{name_of(path)}:{call.lineno} {ast.unparse(target)}")
    assert found == []


def _chain(node: ast.AST) -> set[str]:
    """Attribute names along a call chain: Model.objects.filter(...).update -> {objects, filter, update}."""
    names: set[str] = set()
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
            node = node.value
        else:
            node = node.func
    return names


def test_only_commands_and_steps_write():
    writers = {*app_files("commands"), *app_files("steps")}
    found = []
    for path in [p for p in files() if p not in writers and name_of(p) not in ALLOWED]:
        for call in calls(tree(path)):
            from_rows = _chain(call.func) & {"objects", "_default_manager", "_base_manager"}
            if from_rows and isinstance(call.func, ast.Attribute) and call.func.attr in WRITES:
                found.append(f"{name_of(path)}:{call.lineno} {ast.unparse(call.func)}")
    assert found == []


def test_steps_raise_outside_a_command():
    """Each step asks for the running command, or records a fact, which asks for it."""

    def asks(function: Function) -> bool:
        return any(isinstance(c.func, ast.Name | ast.Attribute) and ast.unparse(c.func).split(".")[-1] in ("running", "record")
                   for c in calls(function))  # fmt: skip

    public = [(p, f) for p in app_files("steps") for f in tree(p).body if isinstance(f, ast.FunctionDef) and _takes_actor(f)]
    assert public
    assert [f"{name_of(p)}:{f.lineno} {f.name}" for p, f in public if not asks(f)] == []


def _takes_actor(function: ast.FunctionDef) -> bool:
    return any(arg.arg == "actor" for arg in function.args.kwonlyargs)


def test_what_leaves_the_process_stays_out_of_commands():
    """Mail, sockets and subprocesses are outward work; a command may render words, never send them."""
    leaving = {"EmailMessage", "send_mail", "urlopen", "requests", "httpx", "socket", "subprocess", "smtplib"}
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in [*app_files("commands"), *app_files("steps"), *app_files("queries"), *app_files("models")]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom) and leaving & {alias.name.split(".")[0] for alias in node.names}
    ]
    assert found == []


def test_apps_know_no_face():
    found = [name_of(p) for p in files(APPS) if "cairn.interfaces" in p.read_text() or "HttpRequest" in p.read_text()]
    assert found == []


def test_only_the_kernel_reads_the_clock():
    """kernel.clock is the only clock, so that a test or a demo can move it."""
    clocks = {"now", "today", "utcnow"}
    found = [
        f"{name_of(path)}:{call.lineno} {ast.unparse(call.func)}"
        for path in files(PACKAGE)
        if path != PACKAGE / "kernel" / "clock.py"
        for call in calls(tree(path))
        if isinstance(call.func, ast.Attribute) and call.func.attr in clocks
        and ast.unparse(call.func.value).split(".")[-1] in ("datetime", "date", "timezone", "time")
    ]  # fmt: skip
    assert found == []


def test_pure_opens_nothing():
    """Bytes and text come in as arguments."""
    found = [f"{name_of(p)}:{c.lineno}" for p in files(PACKAGE / "pure") for c in calls(tree(p)) if ast.unparse(c.func) == "open"]
    assert found == []
