"""Rules of licensing at the command line: checking files, keeping the versions that they hold. Not here: what they mean (pure.rules)."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from rich.console import Console
from rich.progress import Progress

from cairn.apps.licensure import commands
from cairn.apps.licensure import queries as licensure
from cairn.apps.licensure.outward import count_everybody
from cairn.frame.actor import system
from cairn.interfaces.cli.catalog import text_of
from cairn.kernel.errors import Invalid
from cairn.pure import rules as law
from cairn.pure.rules import RulesInvalid

CASES, LICENSES = ".cases.yaml", "licenses.yaml"
JURISDICTION = re.compile(r"^jurisdiction:\s*(\S+)", re.M)


def rules(arguments: argparse.Namespace) -> int:
    """`check` reads, tries the cases beside and says every problem; `load` keeps what is new, for this site's decisions to be recomputed
    by; `count` looks at everybody's licenses now, as is done each night."""
    if arguments.what == "count":
        return _count()
    try:
        if arguments.what == "check":
            return _check(Path(arguments.folder or settings.LICENSURE_DIR))
        return keep(_read(Path(arguments.folder))[1] if arguments.folder else licensure.shipped())
    except RulesInvalid as invalid:
        for problem in invalid.problems:
            print(problem, file=sys.stderr)
        kept = "" if arguments.what == "check" else "Nothing was kept: "
        print(f"cairn: {kept}{_some(len(invalid.problems), 'problem')}.", file=sys.stderr)
        return 1


def _check(path: Path) -> int:
    """Read everything, try the cases of what was named, and say what comes out otherwise."""
    root, files = _read(path)
    book = law.parse(files)
    tried = law.try_cases(book, _named(files, root, path.resolve()))
    places, routes, schedules = (_some(len(each), word) for each, word in (
        (book.jurisdictions, "jurisdiction"), (book.rules, "route"), (book.schedules, "schedule")))  # fmt: skip
    print(f"{places}, {routes} and {schedules} are well formed.")
    for line in (*(f"{bare} has no cases beside it." for bare in tried.without), *tried.differences):
        print(line, file=sys.stderr)
    if tried.differences:
        print(f"cairn: {_some(len(tried.differences), 'thing')} in {_some(tried.count, 'case')} came out otherwise.", file=sys.stderr)
        return 1
    print(f"{_some(tried.count, 'case')} came out as expected.")
    return 0


def _some(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _count() -> int:
    with Progress(*Progress.get_default_columns()[:3], console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Licenses", total=None)
        for run in count_everybody(system("cli")):
            bar.update(task, total=run.total, completed=run.done)
    print(
        f"{run.total:,} license{'' if run.total == 1 else 's'} looked at, {run.changed:,} standing{'' if run.changed == 1 else 's'} changed"
    )
    return 0


def keep(files: Mapping[str, str]) -> int:
    new = commands.load_rules(actor=system("cli"), files=files)
    for version in new:
        print(f"new        {version.slug}, effective {version.effective}")
    print(f"{_some(len(new), 'new version')} of rules")
    return 0


def _read(path: Path) -> tuple[Path, dict[str, str]]:
    """The folder of states, and path below it -> text: every file of it, or of the one state that a file or folder belongs to."""
    root = state = start = path.resolve()
    above = [folder for folder in (start, *start.parents) if (folder / LICENSES).is_file()]
    if known := [*above[:1], *(each.parent for each in sorted(start.rglob(LICENSES))[:1])]:
        code = JURISDICTION.search(text_of(known[0] / LICENSES))
        depth = len(code[1].split("/")) if code else 2
        root = known[0].parents[min(depth, len(known[0].parents)) - 1]
        state, root = (above or [start])[0], root if start.is_relative_to(root) else start
    found = sorted(state.rglob("*.yaml"))
    if not found or not path.exists():
        raise Invalid("rules-missing", f"There are no rules in {path}.", "Name a file beside a licenses.yaml, or a folder with states.")
    return root, {str(each.relative_to(root)): text_of(each) for each in found}


def _named(files: Mapping[str, str], root: Path, path: Path) -> dict[str, str]:
    """Those of the files that were named; a file of rules goes with its cases."""
    stem = str(path).removesuffix(CASES).removesuffix(".yaml")
    pair = (f"{stem}.yaml", f"{stem}{CASES}")
    return {name: text for name, text in files.items() if (root / name).is_relative_to(path) or str(root / name) in pair}
