"""Rules of licensing at the command line: checking files, keeping the versions that they hold. Not here: what they mean (pure.rules)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

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


def rules(arguments: argparse.Namespace) -> int:
    """`check` reads and says every problem; `load` also keeps what is new, for this site's decisions to be recomputed by; `count` looks at
    everybody's licenses now, as is done each night."""
    if arguments.what == "count":
        return _count()
    files = _files(Path(arguments.folder)) if arguments.folder else licensure.shipped()
    try:
        if arguments.what == "check":
            book = law.parse(files)
            print(f"{len(book.jurisdictions)} jurisdictions, {len(book.rules)} routes and {len(book.schedules)} schedules are well formed.")
            return 0
        return keep(files)
    except RulesInvalid as invalid:
        for problem in invalid.problems:
            print(problem, file=sys.stderr)
        count = len(invalid.problems)
        print(f"cairn: Nothing was kept: {count} problem{'' if count == 1 else 's'}.", file=sys.stderr)
        return 1


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
    print(f"{len(new)} new version{'' if len(new) == 1 else 's'} of rules")
    return 0


def _files(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*.yaml") if not path.name.endswith(".cases.yaml"))
    if not found:
        raise Invalid("rules-missing", f"There are no rules in {folder}.", "Name a folder such as cairn/data/licensure.")
    return {str(path.relative_to(folder)): text_of(path) for path in found}
