"""Who owns a program with others, whom to ask, its status board and its roadmap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta, timezone
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Max

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.programs import events, policy
from cairn.apps.programs.models import Contact, Listing, Ownership, Program, Target
from cairn.apps.programs.states import OWNER_ROLES, STAGES, TARGETS
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.text import clean
from cairn.pure.clocks import long_date
from cairn.pure.packs import read_line

_EASTMOST = timezone(timedelta(hours=14))
LINES, LARGEST_TARGET = 500, 10_000
UNNAMED = "This line names no micro-credential. Say which one it means, or leave it as it was written."
UNKNOWN = "The catalog has no micro-credential of this name, so nothing live is known of it. Choose the one that it means."


def _said(value: str, limit: int, field: str, name: str) -> str:
    return " ".join(clean(value, limit=limit, field=field, name=name).split())


# --- Owners ---------------------------------------------------------------------------------------------------------------


@command
def join_program(*, actor: Actor, program_id: str, organization_id: str, role: str, joined_on: date) -> Ownership:
    """An organization owns, hosts, writes or takes part from a day on that has come; the same again answers with what is there."""
    program = Program.objects.locked(pk=program_id)
    policy.SHARE_PROGRAM.require(actor, program)
    if role not in OWNER_ROLES:
        words = f"Use one of: {', '.join(OWNER_ROLES)}."
        raise Invalid("part-unknown", f"“{role}” is no part that an organization has in a program.", words, {"role": words})
    organization = people.organization_by_id(actor, organization_id)
    if role == "owner" and organization.pk == program.organization_id:
        raise Conflict("leads-already", f"{organization.name} leads this program, so it owns it already.", "Choose another organization.")
    running = Ownership.objects.filter(program=program, organization_id=organization_id, role=role, left_on=None).first()
    if running:
        return running
    _require_come(actor, joined_on, "joined_on", "An organization cannot be said to have joined on a day to come.")
    joined = Ownership.objects.create(program=program, organization_id=organization_id, role=role, joined_on=joined_on)
    record(events.ORGANIZATION_JOINED, actor=actor, subject=joined, organization=program.organization_id, partner=organization_id,
           role=role, joined_on=joined_on.isoformat())  # fmt: skip
    return joined


@command
def leave_program(*, actor: Actor, ownership_id: str, left_on: date) -> Ownership:
    """From now on the organization's people run nothing here; what they did stays done. The day is one that has come."""
    part = Ownership.objects.visible_to(actor).select_related("program").locked(pk=ownership_id)
    policy.SHARE_PROGRAM.require(actor, part.program)
    if left_on < part.joined_on:
        words = f"Give a day from {long_date(part.joined_on)} on."
        raise Invalid("leaves-before-joining", "An organization cannot leave before it joined.", words, {"left_on": words})
    if part.left_on is None:
        _require_come(actor, left_on, "left_on", "An organization cannot be said to have left on a day to come.")
        part.left_on = left_on
        part.save(update_fields=["left_on"])
        record(events.ORGANIZATION_LEFT, actor=actor, subject=part, organization=part.program.organization_id,
               partner=part.organization_id, role=part.role, left_on=left_on.isoformat())  # fmt: skip
    return part


def _require_come(actor: Actor, day: date, field: str, message: str) -> None:
    """What is entered acts at once, so its day is one that has come somewhere: owners sit in several time zones."""
    if day > clock.now().astimezone(_EASTMOST).date():
        words = f"Give a day up to {long_date(clock.today(people.zone_of(actor.person_id)))}."
        raise Invalid("day-to-come", message, words, {field: words})


# --- Contacts -------------------------------------------------------------------------------------------------------------


@command
def add_contact(*, actor: Actor, program_id: str, role: str, name: str, email: str, phone: str) -> Contact:
    """Whom to ask about what; anyone may read it."""
    program = Program.objects.locked(pk=program_id)
    policy.EDIT_BOARD.require(actor, program)
    told = {
        "role": _said(role, 80, "role", "This role"), "name": _said(name, 120, "name", "This name"), "email": email.strip().lower(),
        "phone": _said(phone, 40, "phone", "This number"),
    }  # fmt: skip
    if not told["role"]:
        words = "Say what this contact is for, such as Pilot coordinator."
        raise Invalid("role-missing", "A contact needs a role.", words, {"role": words})
    if not (told["email"] or told["phone"]):
        words = "Give an e-mail address, a telephone number, or both."
        raise Invalid("contact-unreachable", "Nobody could reach this contact.", words, {"email": words})
    if told["email"]:
        _require_address(told["email"])
    last = Contact.objects.filter(program=program).aggregate(last=Max("order"))["last"]
    contact = Contact.objects.create(program=program, order=(last or 0) + 1, **told)
    record(events.CONTACT_ADDED, actor=actor, subject=contact, organization=program.organization_id, **told)
    return contact


def _require_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        words = "Write it like name@example.org."
        raise Invalid("email-invalid", "This is no e-mail address.", words, {"email": words}) from None


@command
def remove_contact(*, actor: Actor, contact_id: str) -> Program:
    contact = Contact.objects.visible_to(actor).select_related("program").locked(pk=contact_id)
    policy.EDIT_BOARD.require(actor, contact.program)
    record(events.CONTACT_REMOVED, actor=actor, subject=contact.program, organization=contact.program.organization_id, role=contact.role)
    Contact.objects.filter(pk=contact.pk).delete()
    return contact.program


# --- The board ------------------------------------------------------------------------------------------------------------


@command
def add_line(
    *, actor: Actor, program_id: str, title: str, stage: str, begins_text: str = "", microcredential_id: str | None = None
) -> Listing:
    """A line at the end of the board; a micro-credential that is listed already answers with its line."""
    program = Program.objects.locked(pk=program_id)
    policy.EDIT_BOARD.require(actor, program)
    told = _line(actor, title, stage, begins_text, microcredential_id)
    if microcredential_id and (known := Listing.objects.filter(program=program, microcredential_id=microcredential_id).first()):
        return known
    listing = Listing.objects.create(program=program, order=_next(program), **told)
    record(events.LINE_ADDED, actor=actor, subject=listing, organization=program.organization_id, title=listing.title, stage=stage)
    return listing


def put_on_board(actor: Actor, program: Program, microcredential_id: str, stage: str) -> None:
    """A line for a micro-credential that has none in the locked program."""
    if not Listing.objects.filter(program=program, microcredential_id=microcredential_id).exists():
        told = _line(actor, "", stage, "", microcredential_id)
        listing = Listing.objects.create(program=program, order=_next(program), **told)
        record(events.LINE_ADDED, actor=actor, subject=listing, organization=program.organization_id, title=listing.title, stage=stage)


def _next(program: Program) -> int:
    last = Listing.objects.filter(program=program).aggregate(last=Max("order"))["last"]
    return (last or 0) + 1


def _line(actor: Actor, title: str, stage: str, begins_text: str, microcredential_id: str | None) -> dict[str, Any]:
    if stage not in STAGES:
        words = f"Use one of: {', '.join(STAGES)}."
        raise Invalid("stage-unknown", f"“{stage}” is no stage of a micro-credential.", words, {"stage": words})
    title = _said(title, 160, "title", "This title")
    if microcredential_id:
        title = title or str(catalog.microcredential_by_id(actor, microcredential_id).title)
    if not title:
        words = "Write its title, or choose it from the catalog."
        raise Invalid("title-missing", "A line names what it is about.", words, {"title": words})
    begins = _said(begins_text, 80, "begins_text", "This time")
    return {"title": title, "stage": stage, "begins_text": begins, "microcredential_id": microcredential_id or None}


@command
def change_line(
    *, actor: Actor, listing_id: str, title: str, stage: str, begins_text: str = "", microcredential_id: str | None = None
) -> Listing:
    """Correct a line. Its flag is resolved with that, and what the list had said of it gives way."""
    listing = Listing.objects.visible_to(actor).select_related("program").locked(pk=listing_id)
    policy.EDIT_BOARD.require(actor, listing.program)
    told = _line(actor, title, stage, begins_text, microcredential_id) | {"flag": "", "stated": ""}
    others = Listing.objects.filter(program=listing.program_id, microcredential_id=microcredential_id).exclude(pk=listing.pk)
    if microcredential_id and others.exists():
        words = "It has its line on the board already. Choose another one, or take this line off."
        raise Conflict("listed-already", "This micro-credential has its line on the board already.", words, {"microcredential_id": words})
    for name, value in told.items():
        setattr(listing, name, value)
    listing.save(update_fields=list(told))
    record(
        events.LINE_CHANGED, actor=actor, subject=listing, organization=listing.program.organization_id, title=listing.title, stage=stage
    )
    return listing


@command
def keep_line(*, actor: Actor, listing_id: str) -> Listing:
    """Leave a flagged line as it was written: the flag goes, the words stay."""
    listing = Listing.objects.visible_to(actor).select_related("program").locked(pk=listing_id)
    policy.EDIT_BOARD.require(actor, listing.program)
    if listing.flag:
        listing.flag = ""
        listing.save(update_fields=["flag"])
        record(events.LINE_CHANGED, actor=actor, subject=listing, organization=listing.program.organization_id, title=listing.title,
               stage=listing.stage)  # fmt: skip
    return listing


@command
def move_line(*, actor: Actor, listing_id: str, up: bool) -> Program:
    """Change places with the line before or after; the first does not go up, nor the last down."""
    program = Program.objects.locked(pk=Listing.objects.visible_to(actor).get_or_not_found(pk=listing_id).program_id)
    policy.EDIT_BOARD.require(actor, program)
    lines = list(Listing.objects.filter(program=program).order_by("order", "pk"))
    place = next(number for number, line in enumerate(lines) if line.pk == listing_id)
    other = place - 1 if up else place + 1
    if 0 <= other < len(lines):
        lines[place], lines[other] = lines[other], lines[place]
        for order, line in enumerate(lines, 1):
            line.order = order
        Listing.objects.bulk_update(lines, ["order"])
        record(events.BOARD_ORDERED, actor=actor, subject=program, organization=program.organization_id, lines=[line.pk for line in lines])
    return program


@command
def remove_line(*, actor: Actor, listing_id: str) -> Program:
    """Off the board. The micro-credential and its offerings stay as they are."""
    listing = Listing.objects.visible_to(actor).select_related("program").locked(pk=listing_id)
    policy.EDIT_BOARD.require(actor, listing.program)
    program = listing.program
    record(events.LINE_REMOVED, actor=actor, subject=program, organization=program.organization_id, title=listing.title)
    Listing.objects.filter(pk=listing.pk).delete()
    return program


@command
def enter_lines(*, actor: Actor, program_id: str, lines: Sequence[str]) -> Program:
    """Lines of a status page as somebody wrote them. Each is kept; one that names no micro-credential, or an unknown one, is flagged.
    The same lines again change nothing."""
    program = Program.objects.locked(pk=program_id)
    policy.EDIT_BOARD.require(actor, program)
    written = [line for line in map(str.strip, lines) if line]
    if len(written) > LINES:
        raise Invalid("too-many-lines", f"A board has at most {LINES} lines; these are {len(written):,}.", "Send fewer.")
    known = {(line.title.lower() or line.stated.lower()): line for line in Listing.objects.filter(program=program)}
    titles = catalog.microcredentials_called(actor, [read_line(line)[0] for line in written])
    entered, order = 0, _next(program)
    for line in written:
        told = _stated(line, titles)
        before = known.get(told["title"].lower() or told["stated"].lower())
        if before is None:
            known[told["title"].lower() or told["stated"].lower()] = Listing.objects.create(program=program, order=order, **told)
            entered, order = entered + 1, order + 1
        elif (before.stage, before.stated) != (told["stage"], told["stated"]):
            Listing.objects.filter(pk=before.pk).update(stage=told["stage"], stated=told["stated"], begins_text=told["begins_text"])
            entered += 1
    if entered:
        record(
            events.LINES_ENTERED, actor=actor, subject=program, organization=program.organization_id, lines=len(written), entered=entered
        )
    return program


def _stated(line: str, titles: Mapping[str, str]) -> dict[str, Any]:
    title, status, said = read_line(line)
    found = titles.get(title.lower())
    flag = "" if found or (title and status.stage in ("planned", "written", "")) else UNKNOWN if title else UNNAMED
    return {
        "title": _said(title, 160, "lines", "A title"), "stage": status.stage or "planned", "stated": _said(said, 200, "lines", "A line"),
        "begins_text": status.begins[:80], "microcredential_id": found, "flag": flag,
    }  # fmt: skip


@command
def set_notice(*, actor: Actor, program_id: str, notice: str) -> Program:
    """Say on every page of the program whose words stand there; the same again changes nothing."""
    program = Program.objects.locked(pk=program_id)
    policy.EDIT_BOARD.require(actor, program)
    notice = _said(notice, 300, "notice", "The notice")
    if notice != program.notice:
        program.notice = notice
        program.save(update_fields=["notice"])
        record(events.NOTICE_SET, actor=actor, subject=program, organization=program.organization_id, notice=notice)
    return program


@command
def set_roadmap(*, actor: Actor, program_id: str, counts: Mapping[str, int | None]) -> Program:
    """How many the program means to make, by what is counted; None takes a figure away."""
    program = Program.objects.locked(pk=program_id)
    policy.EDIT_BOARD.require(actor, program)
    if unknown := set(counts) - set(TARGETS):
        raise Invalid("target-unknown", f"A roadmap does not count “{min(unknown)}”.", f"Use some of: {', '.join(TARGETS)}.")
    before = dict(Target.objects.filter(program=program).values_list("what", "count"))
    for what, count in counts.items():
        if count is None:
            Target.objects.filter(program=program, what=what).delete()
        elif not 0 <= count <= LARGEST_TARGET:
            words = f"Give a number from 0 to {LARGEST_TARGET:,}."
            raise Invalid("target-wrong", f"{count:,} is no number for a roadmap.", words, {what.replace(" ", "_"): words})
        else:
            Target.objects.update_or_create(program=program, what=what, defaults={"count": count})
    after = dict(Target.objects.filter(program=program).values_list("what", "count"))
    if after != before:
        record(events.ROADMAP_SET, actor=actor, subject=program, organization=program.organization_id, counts=after)
    return program
