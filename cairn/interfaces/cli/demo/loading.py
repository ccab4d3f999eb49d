"""Loading the demonstration: a schedule of steps in the past, carried out in order with the clock moved to each.

Not here: what a step does for an educator (journeys), and the data (texts).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cairn.apps.assessment import commands as assessment
from cairn.apps.catalog import commands as catalog
from cairn.apps.credentials import commands as credentials
from cairn.apps.ledger import queries as ledger
from cairn.apps.people import commands as people
from cairn.apps.people import queries as known
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries as running
from cairn.interfaces.cli.demo import journeys, licenses, money, pilots, recognizing, shown, talk
from cairn.interfaces.cli.demo.journeys import SYSTEM, actor, microcredential
from cairn.interfaces.cli.demo.texts import journeys as all_journeys
from cairn.interfaces.cli.demo.texts import read
from cairn.kernel import clock
from cairn.kernel.errors import Conflict

WORKER = "cairn.site.worker"  # lies above this floor, so it is called by name
ZONE = ZoneInfo("America/Chicago")
FIRST_DAY = -430


@dataclass(frozen=True)
class Step:
    at: datetime
    work: Callable[[], object]


def people_lines() -> list[tuple[str, str]]:
    """Through whose eyes the demonstration can be looked at: names, and what each is in the middle of."""
    return [(p["name"], p["door"]["words"]) for p in read("people")["people"].values() if "door" in p]


def load(report: Callable[[str], None]) -> None:
    """Load the demonstration, or go on with a load that was cut off; where all of it is there, nothing happens."""
    today = _first_begun() or clock.today(ZONE)
    steps = sorted(_schedule(today), key=lambda step: step.at)
    todo = _left(steps)
    if len(todo) > 1:
        report("Loading the demonstration: invented people, and a year of their work ...")
    _carry_out(todo, report if len(todo) > 1 else lambda words: None)
    if len(todo) > 1:
        credentials.refresh_status_lists(actor=SYSTEM)  # those signed in the past have run out since
        report("    done")


def _carry_out(todo: list[Step], report: Callable[[str], None]) -> None:
    month = ""
    for left, step in zip(range(len(todo), 0, -1), todo, strict=True):
        if month != (month := f"{step.at:%B %Y}"):
            report(f"    {month:<16} {left:>3} steps left")
        with clock.at(step.at):
            step.work()
            import_module(WORKER).drain()


def _first_begun() -> date | None:
    """The day from which a load counts that was begun before; refused where others live here."""
    if not settings.DEMO:
        raise Conflict("not-in-demo-mode", "The demonstration belongs in demo mode, which is off.", "Set CAIRN_DEMO=1 and try again.")
    begun = known.organizations(SYSTEM).filter(slug=read("people")["organizations"][0]["slug"]).first()
    if begun:
        return begun.created_at.astimezone(ZONE).date() - timedelta(days=FIRST_DAY)
    if known.persons(SYSTEM).exists():
        raise Conflict("demo-not-empty", "There are other people in this data folder.", "Choose an empty folder with --data.")
    return None


def _left(steps: list[Step]) -> list[Step]:
    """Steps that are not known to be finished: from the last one that something is known to have followed from."""
    last = ledger.deliveries(SYSTEM, "done").first()
    begun = [step for step in steps if last and last.ended_at and step.at <= last.ended_at]
    return steps[max(0, len(begun) - 1) :]


def _schedule(today: date) -> Iterator[Step]:
    def at(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(today + timedelta(days=day), time(hour, minute), ZONE)

    cast = read("people")
    yield Step(at(FIRST_DAY, 9), _organizations)
    yield Step(at(FIRST_DAY, 10), _catalog)
    for number, (who, told) in enumerate(cast["people"].items()):
        came = max(FIRST_DAY + 1, told["works"][0]["from"])
        yield Step(at(came, 8, number), partial(_person, who, told))
        for tie in told["works"]:
            yield Step(at(max(FIRST_DAY + 1, tie["from"]), 9, number), partial(_tie, who, tie, today))
            if "to" in tie:
                yield Step(at(tie["to"], 17, number), partial(_untie, who, tie, today))
        yield Step(at(came, 10, number), partial(_roles, who, told))
    for number, offering in enumerate(cast["offerings"]):
        yield Step(at(offering["opens"], 8, 30 + number), partial(_offer, offering, today))
    yield Step(at(cast["offerings"][-1]["opens"], 9), partial(pilots.limit, today))
    yield from _pilots(at, today)
    yield from _money(at, today)
    for number, group in enumerate(cast["groups"]):
        yield Step(at(-110, 12, number), partial(_group, group, today))
    yield Step(at(read("talk")["community"]["opens"], 12), partial(talk.found, today))
    for number, step in enumerate(read("talk")["steps"]):
        yield Step(at(step["day"], 13, number), partial(talk.carry_out, number, step, today))
    for number, told in enumerate(read("sharing")["pages"]):
        yield Step(at(told["day"], 18, number), partial(shown.share, number, told, today))
        for day in told["opened"]:
            yield Step(at(day, 19, number), partial(shown.open_it, told))
    yield from _licenses(at, today)
    yield Step(at(FIRST_DAY + 1, 14), partial(recognizing.found, today))
    for number, told in enumerate(read("recognizing")["steps"]):
        yield Step(at(told["day"], told.get("hour", 10), 30 + number % 30), partial(recognizing.carry_out, number, told, today))
    for journey in all_journeys():
        for number, step in enumerate(journey.steps):
            minute = 17 * journey.number + 5 * number % 16  # no two journeys act at the same moment
            yield Step(at(step["day"], 15 + minute // 60, minute % 60), partial(journeys.carry_out, journey, step))


def _pilots(at: Callable[..., datetime], today: date) -> Iterator[Step]:
    for number, step in enumerate(read("pilots")["steps"]):
        yield Step(at(step["day"], step.get("hour", 11), number), partial(pilots.carry_out, number, step, today))
    yield Step(at(-20, 7), partial(pilots.bring_in, today))
    yield Step(at(-20, 8), partial(pilots.enter_lists, today))


def _licenses(at: Callable[..., datetime], today: date) -> Iterator[Step]:
    yield Step(at(FIRST_DAY + 1, 7), partial(licenses.open_office, today))
    held = read("licenses")
    for number, told in enumerate(held["licenses"]):
        yield Step(at(told["day"], 17, number), partial(licenses.enter, number, told, today))
    for number, told in enumerate(held["entries"]):
        yield Step(at(-57, 17, number), partial(licenses.record, number, told, today))
    for number, told in enumerate(held["plans"]):
        yield Step(at(-56, 17, number), partial(licenses.plan, number, told, today))
    for number, told in enumerate(held["applications"]):
        yield Step(at(told["day"], 17, number), partial(licenses.ask, number, told))
        if "returned" in told:
            yield Step(at(told["returned"], 10, number), partial(licenses.send_back, number, told, today))
        if "signed" in told:
            yield Step(at(told["signed"], 10, number), partial(licenses.sign, number, told))


def _money(at: Callable[..., datetime], today: date) -> Iterator[Step]:
    told = read("money")
    for part, work in money.PARTS.items():
        yield Step(at(told[part]["day"], 14), partial(work, today))
    for number, step in enumerate(told["steps"]):
        yield Step(at(step["day"], 20, number), partial(money.carry_out, number, step))


def _organizations() -> None:
    cast = read("people")
    ids: dict[str, str] = {}
    for told in [*cast["organizations"], cast["site"]]:
        parent, place = ids.get(told.get("parent", "")), told.get("jurisdiction", "")
        founded = people.found_organization(actor=SYSTEM, slug=told["slug"], name=told["name"], kind=told["kind"], jurisdiction=place,
                                            parent_id=parent)  # fmt: skip
        ids[told["slug"]] = founded.pk


def _catalog() -> None:
    folders = settings.PACKS_DIR / read("people")["program"], settings.FRAMEWORKS_DIR
    paths = [path for folder in folders for path in sorted(folder.glob("*.yaml"))]
    catalog.import_pack(actor=SYSTEM, files={path.name: path.read_text(encoding="utf-8") for path in paths})


def _organization_id(slug: str) -> str:
    return str(known.organization(SYSTEM, slug).pk)


def _person(who: str, told: Mapping[str, Any]) -> None:
    """Without a password: the door is the only way in, until somebody asks for one by mail."""
    people.open_account(actor=SYSTEM.with_key(f"demo: account of {who}"), email=told["email"], password=None, name=told["name"],
                        time_zone=told.get("zone", "America/Chicago"))  # fmt: skip


def _tie(who: str, tie: Mapping[str, Any], today: date) -> None:
    people.affiliate(actor=SYSTEM, person_id=str(actor(who).person_id), organization_id=_organization_id(tie["at"]), title=tie["as"],
                     started_on=today + timedelta(days=tie["from"]))  # fmt: skip


def _untie(who: str, tie: Mapping[str, Any], today: date) -> None:
    organization = _organization_id(tie["at"])
    for affiliation in known.affiliations_of(SYSTEM, str(actor(who).person_id)):
        if affiliation.organization_id == organization and affiliation.ended_on is None:
            people.end_affiliation(actor=SYSTEM, affiliation_id=affiliation.pk, ended_on=today + timedelta(days=tie["to"]))


def _roles(who: str, told: Mapping[str, Any]) -> None:
    person_id = str(actor(who).person_id)
    for role in told.get("roles", ()):
        people.grant_role(actor=SYSTEM, person_id=person_id, role=role["role"], organization_id=_organization_id(role["of"]))
    for slug in told.get("reads", ()):
        line, issuer = microcredential(slug), _organization_id(read("people")["issuer"])
        people.grant_role(actor=SYSTEM, person_id=person_id, role="assessor", organization_id=issuer, scope="microcredential",
                          scope_id=line.id, scope_name=line.title)  # fmt: skip
    for text in told.get("keeps", ()):
        assessment.keep_comment(actor=actor(who), text=text)


def _offer(told: Mapping[str, Any], today: date) -> None:
    program = running.program(SYSTEM, read("people")["program"])
    last_day = today + timedelta(days=told["ends"]) if "ends" in told else None
    programs.offer(actor=SYSTEM.with_key(f"demo: offering of {told['earns']}"), program_id=program.pk,
                   microcredential_id=microcredential(told["earns"]).id, kind=told["kind"],
                   opens_on=today + timedelta(days=told["opens"]), last_day=last_day, days=told["days"],
                   rules=programs.OfferingRules(completions_needed=told.get("needs", 8)))  # fmt: skip


def _group(told: Mapping[str, Any], today: date) -> None:
    group = people.form_group(actor=SYSTEM.with_key(f"demo: {told['name']}"), organization_id=_organization_id(told["of"]),
                              name=told["name"], kind=told["kind"])  # fmt: skip
    for who in told["members"]:
        people.join_group(actor=SYSTEM, group_id=group.pk, person_id=str(actor(who).person_id), joined_on=today - timedelta(days=110))
