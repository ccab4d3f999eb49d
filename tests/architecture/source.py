"""The source as trees, read once: what the architecture tests look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "cairn"
APPS = PACKAGE / "apps"
# The line of capabilities, the lowest first (.importlinter holds imports to it; here foreign keys are).
LINE = ("ledger", "people", "imports", "comms", "catalog", "payments", "programs", "portfolio", "assessment", "communities",
        "credentials", "licensure", "reports")  # fmt: skip
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def files(folder: Path = PACKAGE) -> list[Path]:
    """Every Python file below the folder, without migrations."""
    return sorted(p for p in folder.rglob("*.py") if "migrations" not in p.parts)


def app_files(kind: str) -> list[Path]:
    """Files of a kind in every app: models.py, or what stands in models/."""
    return sorted([*APPS.glob(f"*/{kind}.py"), *APPS.glob(f"*/{kind}/*.py")])


def app_of(path: Path) -> str:
    return path.relative_to(APPS).parts[0]


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def calls(node: ast.AST) -> Iterator[ast.Call]:
    return (found for found in ast.walk(node) if isinstance(found, ast.Call))


def is_command(function: Function) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "command" for d in function.decorator_list)


def commands() -> list[tuple[Path, Function]]:
    return [(path, function) for path in app_files("commands") for function in functions(path) if is_command(function)]
