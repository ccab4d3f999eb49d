"""How a status board looks: its lines on shelves, each with its drawing; and what stands in the catalog, stack by stack. Not here: how a
line stands (programs)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from cairn.apps.catalog import queries as catalog
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.interfaces.web import stones, wording
from cairn.interfaces.web.art import Badge
from cairn.interfaces.web.forms.public import HeldForm
from cairn.pure.packs import read_status

SHELVES = {
    "room": ("Pilots with free seats", "Who takes part earns the real badge, and helps to make the final version better."),
    "full": ("Running, and full", "Join the waiting list: a seat that comes free goes to the first in line."),
    "open": ("Open to all", "Begin whenever you like."),
    "making": ("Being made", "Times are hopes until a date is fixed."),
}  # fmt: skip
_KINDS = {"room": "seats", "full": "half", "open": "met", "making": "later"}


@dataclass(frozen=True)
class Row:
    """A line of the board with its drawing; no badge where it names nothing in the catalog."""

    line: programs.BoardLine
    badge: Badge | None
    kind: str
    url: str
    note: str
    program: str = ""  # where a board shows several


def shelf_of(line: programs.BoardLine) -> str:
    """By what live records say; by its own words where they say nothing."""
    told = read_status(line.progress.stated) if line.progress.stated else None
    if told and told.seats:
        return "full" if told.seats == "full" else "room"
    if line.progress.offering and line.progress.offering.kind == "pilot":
        return "full" if line.progress.is_full else "room"
    return "open" if line.progress.stage == "published" else "making"


def _row(line: programs.BoardLine, program: str = "") -> Row:
    shelf, offering = shelf_of(line), line.progress.offering
    url = f"/catalog/{line.line.slug}/" if line.line and line.line.state != "planned" else ""
    if offering and offering.kind == "pilot":
        url = f"/pilots/{offering.slug}/"
    told = [words for words in (line.line.stack.title if line.line else "", program) if words]
    if line.progress.is_full and line.progress.seats and line.progress.seats.waiting:
        told.append(f"{line.progress.seats.waiting} waiting")
    return Row(line, stones.badge_of(line.line) if line.line else None, _KINDS[shelf], url, ". ".join(told), program)


def board_of(lines: list[programs.BoardLine], titles: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The board as its page shows it: shelves that have something on them, and how many lines each. `titles`: of the programs, by id,
    where it shows several."""
    named = titles or {}
    rows = {name: [_row(line, named.get(line.listing.program_id, "")) for line in lines if shelf_of(line) == name] for name in SHELVES}
    shelves = [(title, about if _leads_on(name, rows[name]) else "", rows[name]) for name, (title, about) in SHELVES.items() if rows[name]]
    room = sum(line.progress.takes_people for line in lines)  # of which live records know
    counts = {
        "open": len(rows["open"]), "pilot": len(rows["room"]) + len(rows["full"]), "room": room, "said": len(rows["room"]) - room,
        "making": len(rows["making"]),
    }  # fmt: skip
    return {"shelves": shelves, "lines": len(lines), "counts": counts, "headline": _headline(room, len(rows["room"])),
            "told_by": _told_by(sum(bool(line.progress.stated) for line in lines), len(lines))}  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """A stack in the catalog, its micro-credentials as this reader sees them."""

    group: catalog.Group
    stones: tuple[stones.Shown, ...]

    @property
    def said(self) -> str:
        """How many there are of each: "two open now, five written, six planned"."""
        is_open = sum(stone.kind == "seats" for stone in self.stones)
        planned = self.group.planned + self.group.stack.unnamed
        counts = ((is_open, "open now"), (self.group.written, "written"), (planned, "planned"))
        return ", ".join(f"{count} {words}" for count, words in counts if count) or "nothing named yet"


def held_of(viewer: Actor, organization_id: str, sent: Any) -> dict[str, Any]:
    """What an organization has in the catalog, as its pages show it: what was asked, and a page of what answers to it."""
    form = HeldForm(sent)
    held = catalog.held_by(viewer, organization_id, form.words(), form.page())
    lines = [line for group in held.groups for line in group.lines]
    kinds, runs = stones.offered(viewer, lines), stones.mine(viewer)
    return {"held": held, "kept": [Kept(group, stones.shown(group.lines, kinds, runs)) for group in held.groups], "held_form": form}


def table_of(lines: list[programs.BoardLine]) -> list[list[str | int]]:
    """The board as a table: a line for each, with the seats that are open where there is a number and the program tells it."""
    head: list[str | int] = ["Micro-credential", "Stack", "Status", "Stage", "Seats open", "Waiting", "Last day", "Page"]
    return [head, *(_cells(line) for line in lines)]


def _cells(line: programs.BoardLine) -> list[str | int]:
    seats, offering = line.progress.seats, line.progress.offering
    is_open = seats is not None and seats.is_told and seats.open is not None
    url = _row(line).url
    return [
        line.line.title if line.line else line.title, line.line.stack.title if line.line else "", line.progress.said,
        programs.STAGES[line.progress.stage], (seats.open or 0) if seats and is_open else "", seats.waiting if seats else "",
        offering.last_day.isoformat() if offering and offering.last_day else "", f"{settings.SITE_URL}{url}" if url else "",
    ]  # fmt: skip


def _leads_on(name: str, rows: list[Row]) -> bool:
    """Whether what the shelf says holds: nobody joins or begins what was only typed."""
    return name not in ("full", "open") or any(row.line.progress.offering for row in rows)


def _headline(room: int, said: int) -> str:
    """What is counted before what a line only says."""
    if room:
        return f"{wording.spelled(room).capitalize()} {'pilot has' if room == 1 else 'pilots have'} room today."
    if said:
        return f"{wording.spelled(said).capitalize()} {'pilot is' if said == 1 else 'pilots are'} said to have room."
    return "No pilot has room today."


def _told_by(typed: int, lines: int) -> str:
    """Whose word the lines are: those that an editor typed are nobody's count."""
    if not typed:
        return "This board is drawn from live records; nobody types how many seats there are."
    if typed == lines:
        return "Each line says what the program's editor wrote; nothing live is known of them."
    which = "One line says" if typed == 1 else f"{wording.spelled(typed).capitalize()} lines say"
    return f"{which} what the program's editor wrote; the others are drawn from live records."
