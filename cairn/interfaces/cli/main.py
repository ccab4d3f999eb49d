"""`cairn`: what can be asked at the command line, and how a "no" is said there: one sentence, the remedy, exit code 1.

Django is set up only once it is clear what is asked. Not here: the work itself, in one module for each group.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cairn.kernel.errors import Refused

MOST = 256  # processes or threads
Argument = tuple[tuple[str, ...], Mapping[str, Any]]


@dataclass(frozen=True)
class Asked:
    """A command: `work` names the function in this package that does it, "module:function"; it takes the parsed arguments."""

    about: str
    work: str
    arguments: tuple[Argument, ...] = ()
    needs_site: bool = True  # False: it runs before there is a data folder to take settings from


def _arg(*names: str, **options: Any) -> Argument:
    return names, options


def _a_few(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number from 1 to {MOST}")
    return int(text)


HOST = _arg("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1, this machine alone)")
PORT = _arg("--port", type=int, help="the port to listen on (default: PORT, or 8000)")
PROCESSES = _arg("--processes", type=_a_few, default=1, help="how many web processes (default: 1)")
THREADS = _arg("--threads", type=_a_few, default=8, help="requests that each process handles at once (default: 8)")
KINDS = ("roster", "meetings", "attendance", "members", "records", "responses")  # of files of rows
COMMANDS: Mapping[str, Asked] = {
    "run": Asked("prepare the data folder, then start web and worker together", "processes:run", (HOST, PORT)),
    "serve": Asked("start the web server alone", "processes:serve", (HOST, PORT, PROCESSES, THREADS)),
    "worker": Asked("carry out what follows from facts; any number may run", "processes:worker"),
    "migrate": Asked("bring the database up to this version", "processes:migrate"),
    "import-pack": Asked(
        "bring a catalog pack in; what is known already stays as it is",
        "catalog:import_pack",
        (_arg("paths", nargs="+", metavar="PATH", help="a folder with the pack's YAML files, or the files"),),
    ),
    "import-program": Asked(
        "bring a program in with its contacts, roadmap, board, pilots and meetings; what is there already stays",
        "programs:import_program",
        (_arg("file", metavar="FILE", help="a YAML file of kind program, e.g. one of cairn/data/programs"),),
    ),
    "import": Asked(
        "read a roster, meetings, attendance, members, records or survey answers, say what would change, and take them in",
        "imports:take_in",
        (
            _arg("kind", metavar="KIND", choices=(*KINDS, "go-on"), help=f"{', '.join(KINDS)}; or go-on, with what was stopped"),
            _arg("file", metavar="FILE", help="CSV, tabs, or an Excel workbook (.xlsx), with headings; for go-on the id that was said"),
            _arg("--pilot", metavar="SLUG", help="for roster, meetings, attendance: the pilot's name in addresses"),
            _arg("--organization", metavar="SLUG", help="for members: the association's name in addresses"),
            _arg("--complete", action="store_true", help="for members: the file lists every one of them"),
            _arg("--program", metavar="SLUG", help="for records: the program's name in addresses"),
            _arg("--list", metavar="NAME", help="for records: what the list is called; the same name again corrects it"),
            _arg("--survey", metavar="ID", help="for responses: the survey's id in the address of its results"),
            _arg("--round", choices=("before", "after"), help="for responses: which round they answer"),
            _arg("--time", metavar="START", help="for attendance: when the meeting began, e.g. 2027-04-07"),
            _arg("--whole-program", action="store_true", help="the meetings are for every pilot of the program"),
            _arg("--yes", action="store_true", help="take in what the report says"),
            _arg("--leave-out", action="store_true", help="also where rows are left out"),
            _arg("--all", action="store_true", help="report every row"),
        ),
    ),
    "rules": Asked(
        "check the rules of licensing and their cases, or keep the versions that are new; cairn migrate keeps those that are shipped",
        "rules:rules",
        (
            _arg(
                "what",
                choices=("check", "load", "count"),
                help="check: read them and try their cases; load: keep what is new; count: look at everybody's licenses now",
            ),
            _arg(
                "folder",
                nargs="?",
                default="",
                metavar="PATH",
                help="a folder with states in it, a state, or a file (default: shipped)",
            ),
        ),
    ),
    "found-organization": Asked(
        "enter an organization",
        "people:found_organization",
        (
            _arg("slug", metavar="SLUG", help="its name in addresses, e.g. springfield-schools"),
            _arg("name", metavar="NAME", help="its name as people read it"),
            _arg("--kind", default="district", help="district, school, state-agency... (default: district)"),
            _arg("--parent", default="", metavar="SLUG", help="the organization that it belongs to"),
        ),
    ),
    "grant": Asked(
        "give a person a role in an organization",
        "people:grant",
        (
            _arg("email", metavar="EMAIL", help="the address of the person's account"),
            _arg("role", metavar="ROLE", help="e.g. assessor, “lead assessor”, coordinator, “organization admin”"),
            _arg("organization", metavar="ORGANIZATION-SLUG", help="where the role holds"),
        ),
    ),
    "operator": Asked(
        "make somebody who has signed up an operator of this site",
        "people:operator",
        (_arg("email", metavar="EMAIL", help="the address of the person's account"),),
    ),
    "forget-second-step": Asked(
        "let somebody in who has lost phone and recovery codes; find out first whether it is they",
        "people:forget_second_step",
        (_arg("email", metavar="EMAIL", help="the address of the person's account"),),
    ),
    "demo": Asked(
        "load the demonstration: invented people in every state of the journey",
        "processes:demo",
        (_arg("--tokens", metavar="FILE", help="write a token for the API of each of its people, as JSON"),),
    ),
    "check": Asked(
        "check everything that must be true of the records",
        "checking:check",
        (_arg("--json", action="store_true", help="print one JSON object"),),
    ),
    "backup": Asked(
        "keep everything of this site in one file, while it runs",
        "backup:backup",
        (
            _arg("to", metavar="FILE|DIR", help="the file to write, or the folder for one named after this moment"),
            _arg("--without-secret", action="store_true", help="leave out the secret that opens the signing keys"),
        ),
    ),
    "restore": Asked(
        "bring a backup back, into an empty folder",
        "backup:restore",
        (
            _arg("archive", metavar="FILE", help="what cairn backup wrote"),
            _arg("folder", metavar="DIR", help="the data folder to be; with --db URL for an empty PostgreSQL database"),
            _arg("--secret", metavar="FILE", help="the secret.key of the site, where the archive was written without it"),
        ),
        needs_site=False,
    ),
    "verify": Asked(
        "verify a credential and print each check by name",
        "checking:verify",
        (_arg("source", metavar="FILE|URL", help="a JSON or PNG file, or the address of a credential of this site"),),
    ),
    "docs": Asked(
        "write docs/reference from the code",
        "reference:docs",
        (_arg("--check", action="store_true", help="write nothing; fail where a page is out of date"),),
    ),
}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="cairn", description="Cairn: micro-credentials for educators, from evidence to a verifiable badge.")
    groups = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, asked in COMMANDS.items():
        about = f"{asked.about[0].upper()}{asked.about[1:]}."
        own = groups.add_parser(name, help=asked.about, description=about)
        for names, options in asked.arguments:
            own.add_argument(*names, **options)
        own.add_argument("--data", metavar="DIR", help="the data folder (default: CAIRN_DATA, or data)")
        own.add_argument("--db", metavar="URL", help="postgresql://user:password@host:port/name (default: CAIRN_DB, or embedded SQLite)")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    typed = sys.argv[1:] if argv is None else argv
    if any(map(_is_torn, typed)):
        return _say_no("What was typed is not text in UTF-8. Set the terminal to UTF-8, or rename the file.")
    arguments = parser().parse_args(typed)
    for name, value in (("CAIRN_DATA", arguments.data), ("CAIRN_DB", arguments.db), ("PORT", getattr(arguments, "port", None))):
        if value is not None:
            os.environ[name] = str(value)
    try:
        return _do(arguments)
    except Refused as refusal:
        return _say_no(str(refusal))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _is_torn(text: str) -> bool:
    """Bytes that are no text come in as halves of characters (PEP 383)."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def _do(arguments: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.site.settings")
    import django
    from django.db import DatabaseError, DataError, IntegrityError

    django.setup()
    module, function = COMMANDS[arguments.command].work.split(":")
    work = getattr(importlib.import_module(f"cairn.interfaces.cli.{module}"), function)
    try:
        return work(arguments) or 0
    except DatabaseError as error:
        if isinstance(error, DataError | IntegrityError):
            raise  # a mistake of ours; the others tell that the database is away, not migrated, or damaged
        first = str(error).strip().split("\n")[0]
        return _say_no(f"The database does not answer ({first}). Check CAIRN_DB, that it runs, and that cairn migrate was run.")


def _say_no(sentence: str) -> int:
    print(f"cairn: {sentence}", file=sys.stderr)
    return 1
