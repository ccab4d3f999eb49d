"""Programs of the demonstration with their boards and meetings, a pilot whose seats are taken, and lists of what was run before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from cairn.apps.catalog import commands as catalog
from cairn.apps.people import commands as people
from cairn.apps.people import queries as known
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries as running
from cairn.apps.programs.commands import RecordLine
from cairn.interfaces.cli.demo.journeys import SYSTEM
from cairn.interfaces.cli.demo.texts import read
from cairn.interfaces.cli.programs import enter
from cairn.pure.packs import parse_program


def bring_in(today: date) -> None:
    """Packs beside the demonstration's own, the programs with their boards, and the lists."""
    told = read("pilots")
    frameworks = sorted(settings.FRAMEWORKS_DIR.glob("*.yaml"))
    for pack in told["packs"]:
        paths = [*sorted((settings.PACKS_DIR / pack).glob("*.yaml")), *frameworks]
        catalog.import_pack(actor=SYSTEM, files={path.name: path.read_text(encoding="utf-8") for path in paths})
    for name in told["programs"]:
        path = settings.PACKS_DIR.parent / "programs" / f"{name}.yaml"
        list(enter(parse_program(path.name, path.read_text(encoding="utf-8")), today))


def limit(today: date) -> None:
    """The pilot has so many seats from its first day on, people come to it who are in no other story, and the program has its board."""
    told = read("pilots")
    offering = _offering()
    programs.enter_lines(actor=SYSTEM.with_key("demo: board"), program_id=offering.program_id, lines=told["board"])
    programs.set_roadmap(actor=SYSTEM.with_key("demo: roadmap"), program_id=offering.program_id, counts=told["roadmap"])
    programs.change_seats(actor=SYSTEM.with_key("demo: seats"), offering_id=offering.pk, seats_min=told["seats"]["min"],
                          seats_max=told["seats"]["max"])  # fmt: skip
    for who, person in told["people"].items():
        account = people.open_account(actor=SYSTEM.with_key(f"demo: account of {who}"), email=person["email"], password=None,
                                      name=person["name"], time_zone="America/Chicago")  # fmt: skip
        works = known.organization(SYSTEM, person["at"])
        people.affiliate(actor=SYSTEM.with_key(f"demo: {who} works"), person_id=account.pk, organization_id=works.pk, title=person["as"],
                         started_on=today - timedelta(days=900))  # fmt: skip


def carry_out(number: int, step: Mapping[str, Any], today: date) -> None:
    person = known.person_by_email(SYSTEM, read("pilots")["people"][step["who"]]["email"])
    assert person is not None
    me, offering = known.actor_of(person.pk).with_key(f"demo: pilot {number}"), _offering()
    place = running.my_place(me, offering.pk)
    if step["do"] == "register":
        programs.register(actor=me, offering_id=offering.pk, acknowledges=True)
    elif place and step["do"] == "leave":
        programs.give_up_place(actor=me, registration_id=place.pk, reason=step["reason"])
    elif place and place.enrollment_id:
        until = today + timedelta(days=step["until"])
        programs.ask_extension(actor=me, enrollment_id=place.enrollment_id, until=until, why=step["why"])


def enter_lists(today: date) -> None:
    told = read("pilots")["lists"]
    program = running.program(SYSTEM, told["program"])
    for source, lines in _lists(told).items():
        programs.enter_records(actor=SYSTEM, program_id=program.pk, source=source, lines=lines)
    programs.set_finish(actor=SYSTEM, program_id=program.pk, finish_at=told["finish_at"])


def _offering() -> Any:
    slug = read("pilots")["pilot"]
    every = running.offerings_in(SYSTEM, running.program(SYSTEM, read("people")["program"]).pk)
    return next(offering for offering in every if offering.kind == "pilot" and offering.microcredential.slug == slug)


def _lists(told: Mapping[str, Any]) -> dict[str, list[RecordLine]]:
    began, finished = date.fromisoformat(told["began"]), date.fromisoformat(told["finished"])
    roster, provider, own = told["roster"], told["provider"], told["own"]
    done, late = roster["finished"], provider["second_attempts"]
    gone = range(done, done + roster["left_for_time"])
    return {
        "Roster": [
            RecordLine(
                f"R{n:02}", initiated_on=began + timedelta(days=n % 25), earned=2 if n < done else None,
                finished_on=finished + timedelta(days=n * 11 % 97 - 60) if n < done else None,
                relicensed="yes" if n < roster["renewed"] else "",
                group="Rural" if n < roster["rural"] else "Town", left_because="time" if n in gone else "",
            )
            for n in range(roster["people"])
        ],
        "Provider": [
            RecordLine(f"B{n:02}", route="external", earned=1, submitted=1, passed_first=int(n >= late), resubmitted=int(n < late),
                       passed_second=int(n < late))
            for n in range(provider["people"])
        ],
        "Own design": [
            RecordLine(f"S{n:02}", route="self-created", earned=1, submitted=1, passed_first=1, resubmitted=0, passed_second=0)
            for n in range(own["people"])
        ],
    }  # fmt: skip
