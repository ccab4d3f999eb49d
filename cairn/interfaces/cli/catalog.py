"""Bringing packs in from files. Not here: what a pack must hold (pure.packs), what an import changes (apps.catalog)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from django.conf import settings

from cairn.apps.catalog import commands
from cairn.frame.actor import system
from cairn.kernel.errors import Invalid
from cairn.pure.packs import PackInvalid

LARGEST = 5_000_000  # bytes of one file


def import_pack(arguments: argparse.Namespace) -> int:
    texts = {str(path): text_of(path) for given in arguments.paths for path in _files(Path(given))}
    names = {Path(name).name for name in texts}
    shipped = {f"frameworks/{f.name}": f.read_text() for f in sorted(settings.FRAMEWORKS_DIR.glob("*.yaml")) if f.name not in names}
    try:
        done = commands.import_pack(actor=system("cli"), files=shipped | texts)
    except PackInvalid as invalid:
        for problem in invalid.problems:
            print(f"{problem.file}:{problem.line}: {problem.message} {problem.remedy}".lstrip(":0 "), file=sys.stderr)
        count = len(invalid.problems)
        print(f"cairn: Nothing was imported: {count} problem{'s' if count > 1 else ''}.", file=sys.stderr)
        return 1
    for word, lines in (("new", done.new), ("unchanged", done.unchanged)):
        for line in lines:
            print(f"{word:<10} {line}")
    print(f"{done.pack}: {len(done.new)} new, {len(done.unchanged)} unchanged")
    return 0


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix in (".yaml", ".yml"))
        if not found:
            raise Invalid("pack-empty", f"There are no YAML files in {path}.", "Name the folder that holds pack.yaml.")
        return found
    if not path.is_file():
        raise Invalid("pack-missing", f"There is no file or folder {path}.", "Check the spelling.")
    return [path]


def text_of(path: Path) -> str:
    """The text of a file; Invalid where it is too large, no text, or cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise Invalid("file-too-large", f"{path} has more than {LARGEST // 1_000_000} MB.", "Take out what does not belong in a pack.")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = 1 + error.object.count(b"\n", 0, error.start)
        raise Invalid("file-not-text", f"{path}, line {line}, is not text in UTF-8.", "Save it as UTF-8.") from None
    except OSError as error:
        raise Invalid("file-unreadable", f"{path} cannot be read ({error.strerror}).", "Check its permissions.") from None
