"""The files of rules as they are shipped, and those written in tests to the same shape."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cairn.pure import rules
from cairn.pure.rules.parse import CASES
from tests.architecture.source import ROOT

SHIPPED = ROOT / "cairn" / "data" / "licensure"
READINGS = Path(__file__).parent / "readings"


def files(folder: Path = SHIPPED) -> dict[str, str]:
    """Path within the folder -> text, with the cases."""
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yaml"))}


@cache
def book(folder: Path = SHIPPED) -> rules.Rulebook:
    return rules.parse(files(folder))


def cases(folder: Path = SHIPPED) -> dict[str, str]:
    return {path: text for path, text in files(folder).items() if path.endswith(CASES)}
