"""The words for where somebody stands with a pilot: the head of its page, the trail, the choices of times. Templates show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from cairn.apps.programs.queries import MeetingLine, Offering, Registration, Seats, Standing
from cairn.apps.reports.queries import Funnel, Traveler
from cairn.interfaces.web.art import Waypoint
from cairn.interfaces.web.wording import lasting, spelled
from cairn.kernel import clock
from cairn.pure.clocks import long_date, long_moment


@dataclass(frozen=True)
class Head:
    """`act`: the one filled button and what it does: "choose", "register", "wait", "offer", "open", "begin", "sign-in", "interest", ""."""

    title: str
    lead: str
    act: str


def seats_words(seats: Seats, begins_text: str = "") -> str:
    """3 of 10 seats free; open; full, 2 waiting."""
    if seats.open is None or not seats.is_told:
        return "Seats open" if not seats.is_full else "Full"
    if not seats.is_full:
        return f"{seats.open} of {seats.most} seats free"
    return f"All {seats.most} seats taken" + (f", {seats.waiting} waiting" if seats.waiting else "")


def place_words(place: Registration, zone: ZoneInfo) -> tuple[str, str]:
    """A state (of the tag `state`) and its words, for lists of one's own."""
    if place.state == "offered" and place.offered_until:
        return "soon", f"A seat is kept for you until {long_moment(place.offered_until, zone)}"
    words = {"applied": "Applied", "waiting": "In line", "seated": "You have a seat"}
    return ("met" if place.state == "seated" else "later"), words.get(place.state, place.state)


def head_of(where: Standing, zone: ZoneInfo) -> Head:
    return _HEADS[where.step](where, zone)


def _meeting(where: Standing, zone: ZoneInfo) -> Head:
    gate = where.gate()
    if gate is None or not gate.open_times:
        lead = "One may register after an information meeting. Say that you are interested, and we write to you when there is one."
        return Head("The next meeting is not planned yet", lead, "interest")
    number = len(gate.open_times)
    lead = "You hear what the pilot asks of you and can say no. Registration opens for you the minute your attendance is noted."
    if where.at == "kept" and gate.mine and gate.mine.time:
        said = long_moment(gate.mine.time.starts_at, zone)
        return Head(f"Your place is kept: {said}", f"{lead} Until it begins you may choose another time.", "")
    first = f"Choose one of {spelled(number)} times" if number > 1 else "Keep a place at the meeting"
    if where.seats.is_full:
        return Head(f"{first}; then you can stand in line", f"Every seat is taken now. {lead}", "choose")
    return Head(f"{first}; then you can register", f"{lead} Seats go in the order people register.", "choose")


_FIRST = "Finish or leave one of them first."


def _register(where: Standing, zone: ZoneInfo) -> Head:
    place, offering = where.place, where.offering
    if where.at == "applied":
        return Head("You have applied", "The coordinator chooses among those who apply, and writes to you either way.", "")
    if where.at == "waiting":
        number, all_ = where.line
        lead = f"Nothing to do. We write to you when a seat comes free; it is then kept for you for {offering.offer_hours} hours."
        return Head(f"You are number {number} of {all_} in line", lead, "")
    if where.at == "offered" and place and place.offered_until:
        if clock.now() > place.offered_until:
            return Head("The offer has ended", "The seat goes to the next in line. You may register again.", "")
        lead = f"Until {long_moment(place.offered_until, zone)}. After that it goes to the next in line."
        return Head("A seat is kept for you", f"{lead} {where.bar} {_FIRST}" if where.bar else lead, "offer")
    if where.bar:
        return Head("One pilot after the other", f"{where.bar} {_FIRST}", "")
    if where.at == "full":
        line = "You would be the first in line." if not where.seats.waiting else f"You would be number {where.seats.waiting + 1} in line."
        lead = f"{line} A seat that comes free is offered to the first in line for {offering.offer_hours} hours."
        return Head("Every seat is taken", lead, "wait")
    chosen = " The coordinator chooses among those who apply." if offering.is_chosen else ""
    first = "You were at the meeting: register now" if offering.asks_meeting else "You can register now"
    return Head(first, f"{seats_words(where.seats)}. Seats go in the order people register.{chosen}", "register")


def _kick_off(where: Standing, zone: ZoneInfo) -> Head:
    line = where.kick_off()
    kept = line.mine.time if line and line.mine else None
    if kept and kept.ends_at > clock.now():
        return Head(f"You have a seat; the kick-off is {long_moment(kept.starts_at, zone)}", "Your time begins with it.", "")
    if line and line.open_times:
        return Head("You have a seat: choose when you come to the kick-off", "Your time begins with it, so nothing runs before.", "choose")
    lead = "The kick-off is over or not planned yet. The coordinator can begin for you: write to them."
    return Head("You have a seat; your time has not begun", lead, "")


def _work(where: Standing, zone: ZoneInfo) -> Head:
    run = where.run
    if run is None or run.state not in ("active", "lapsed"):
        return Head("You have a seat: open the workspace when you are ready", "Your time begins when you open it.", "begin")
    due = long_moment(run.due_at, ZoneInfo(run.zone))
    aside = " You began it elsewhere, so you need no seat here." if _is_elsewhere(where) else ""
    if run.state == "lapsed":
        return Head("Your time has ended", f"It was due {due}. All your work is kept; ask for more time to go on.{aside}", "time")
    return Head(f"You are at work: due {due}", f"{run.due_sentence}{aside}", "open")


def _done(where: Standing, zone: ZoneInfo) -> Head:
    thanks = "" if _is_elsewhere(where) else " Thank you for taking part in the pilot."
    return Head("You have earned it", f"Your credential is in your portfolio.{thanks}", "open")


def _closed(where: Standing, zone: ZoneInfo) -> Head:
    refusal = where.refusal
    told = [refusal.message if refusal else ""]
    if where.place and where.place.state == "line ended":
        told.append("No seat came free for you before it closed.")
    listed, unlisted = "You are on the list of those who hear of the next one.", "Say that you are interested, and hear of the next one."
    told.append(listed if where.interest else unlisted)
    return Head("This pilot takes nobody new", " ".join(filter(None, told)), "interest")


_HEADS = {"meeting": _meeting, "register": _register, "kick-off": _kick_off, "work": _work, "done": _done, "closed": _closed}


def _is_elsewhere(where: Standing) -> bool:
    """Whether their work at this micro-credential belongs to another offering."""
    return where.step in ("work", "done") and where.run is not None and where.run.offering_id != where.offering.pk


def trail_of(where: Standing, zone: ZoneInfo) -> list[Waypoint]:
    """The way from asking to the last day, with where the reader is; none where they do not go it."""
    offering = where.offering
    if where.step == "closed" or _is_elsewhere(where):
        return []
    stops = [("meeting", "Meeting", "choose a time", "behind you")] if offering.asks_meeting else []
    opens = "opens after it" if where.step == "meeting" else _REGISTERING.get(where.at, "now")
    stops.append(("register", "Register", opens, "you have a seat"))
    if offering.clock_event == "kick-off":
        line = where.kick_off()
        first = min((t.time.starts_at for t in line.times if not t.time.is_canceled), default=None) if line else None
        stops.append(("kick-off", "Kick-off", _day(first, zone) if first else "not planned yet", "behind you"))
    last = f"until {long_date(offering.last_day)}" if offering.last_day else ""
    stops.append(("work", lasting(offering) or "Your work", last, last))
    stops.append(("done", "Decision", "blind, by two", "earned"))
    now = [name for name, *_ in stops].index(where.step)
    is_over = where.step == "done"
    return [
        Waypoint(title, passed if n < now or is_over else ahead, "passed" if n < now or is_over else "here" if n == now else "ahead")
        for n, (_, title, ahead, passed) in enumerate(stops)
    ]


_REGISTERING = {"full": "every seat is taken", "waiting": "in line", "offered": "a seat is offered", "applied": "you have applied"}


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return long_date(moment.astimezone(zone).date())


# --- For those who run it --------------------------------------------------------------------------------------------------


def desk_head(offering: Offering, people: Sequence[Traveler], seats: Seats, steps: Sequence[tuple[str, int]]) -> Head:
    stuck = sum(1 for person in people if person.is_stuck)
    need = f"{spelled(stuck)} {'person needs' if stuck == 1 else 'people need'} you" if stuck else "nobody needs you just now"
    earned, needed = steps[-1][1], offering.completions_needed
    left = (
        f" {spelled(needed - earned).capitalize()} more must finish before the board can judge whether it is ready."
        if earned < needed
        else ""
    )
    began = sum(person.run is not None for person in people)
    done = f"{spelled(earned).capitalize()} of {spelled(began)} who began have earned it." if earned else "Nobody has earned it yet."
    empty = "Nobody has asked for a place yet. What people see is the pilot's page; share its address."
    return Head(f"{offering.microcredential.title}: {need}", f"{done}{left}" if people else empty, "")


def first_act(offering: Offering, people: Sequence[Traveler]) -> tuple[str, str] | None:
    """What to do for whoever needs the coordinator most, as an address and words; None where there is nothing."""
    first = next((person for person in people if person.is_stuck and person.act), None)
    if first is None:
        return None
    if first.act == "answer" and first.run:
        return reverse("pilot-extension", args=[offering.slug, first.run.pk]), f"Answer {first.name}"
    if first.act in ("choose", "begin") and first.place:
        said = "Choose or turn down" if first.act == "choose" else "Begin for"
        return reverse("pilot-place", args=[offering.slug, first.place.pk]), f"{said} {first.name}"
    return reverse("pilot-write", args=[offering.slug]), "Write to those who are stuck"


def without_kick_off(offering: Offering, lines: Sequence[MeetingLine]) -> bool:
    """Whether the kick-off is to start the clock, and none is to come: who registers then begins at once."""
    times = [each for line in lines if line.meeting.kind == "kick-off" for each in line.times]
    is_to_come = any(not (each.is_over or each.time.is_canceled) for each in times)
    return offering.state == "open" and offering.clock_event == "kick-off" and not is_to_come


def steps_of(offering: Offering, counts: Funnel) -> list[tuple[str, int]]:
    met = [("Came to a meeting", counts.attended)] if offering.asks_meeting else []
    return [("Showed interest", counts.interested), *met, ("Took a seat", counts.seated), ("Began", counts.began),
            ("Submitted", counts.submitted), ("Earned", counts.earned)]  # fmt: skip


def state_words(person: Traveler) -> str:
    place, run, days = person.place, person.run, person.days
    words = {
        "asked": "Asks for more time", "applied": "Has applied", "lapsed": "Time has ended", "missed": "Missed the kick-off",
        "quiet": f"Nothing saved for {days} days", "near": "Due soon", "owes feedback": "Earned, feedback form missing",
        "offered": "A seat is kept for them", "working": "At work", "revising": "Revising", "with assessors": "With assessors",
        "decision late": "The decision is overdue",
        "seated": "Has a seat, not begun", "waiting": "Waits in line", "earned": f"Earned on day {days}", "left": "Left",
        "passed": "Let the offer go", "not chosen": "Not chosen",
        "line ended": "The line ended before a seat came free",
    }  # fmt: skip
    attempt = person.progress.attempt if person.progress else 1
    more = f", attempt {attempt}" if attempt > 1 and person.state in ("revising", "with assessors", "quiet", "near") else ""
    return words[person.state] + more if place or run else ""


def time_choices(line: MeetingLine, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Open times as form choices, in the meeting's zone and the reader's where that differs."""
    found = []
    for each in line.open_times:
        time, own = each.time, ZoneInfo(each.time.zone)
        said = long_moment(time.starts_at, own)
        here = long_moment(time.starts_at, zone)
        parts = [said + (f" ({here.rpartition(', ')[2]})" if here != said else "")]
        if time.places is not None:
            parts.append(f"{each.taken} of {time.places} places taken")
        found.append((str(time.pk), ". ".join([*parts, *([time.note] if time.note else [])])))
    return found
