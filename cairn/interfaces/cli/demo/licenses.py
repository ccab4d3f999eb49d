"""Licenses of the demonstration's people, what is in their records, and who confirmed it. Not here: when (loading)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cairn.apps.licensure import commands
from cairn.apps.licensure import queries as licensure
from cairn.apps.people import queries as people
from cairn.interfaces.cli.demo.journeys import SYSTEM, actor, microcredential
from cairn.interfaces.cli.demo.texts import read

LEAST = 120  # days that the coming June 30 is away


def open_office(today: date) -> None:
    """The state's office decides, and has a list."""
    told = read("licenses")
    office = people.organization(SYSTEM, told["authority"]["organization"])
    rules = {name: told["authority"][name] for name in ("jurisdiction", "signatures", "answer_days")}
    commands.load_rules(actor=SYSTEM, files=licensure.shipped())
    commands.set_authority(actor=SYSTEM.with_key("demo: office"), organization_id=office.pk, **rules)
    approves = told["approves"]
    for slug in approves["microcredentials"]:
        commands.approve_microcredential(
            actor=SYSTEM.with_key(f"demo: approves {slug}"), organization_id=office.pk, microcredential_id=microcredential(slug).id,
            approved_from=today + timedelta(days=approves["from"]), body=approves["body"], cite=approves["cite"],
        )  # fmt: skip


def enter(number: int, told: Mapping[str, Any], today: date) -> None:
    """A license, as its educator enters it; and whether their association may hear."""
    me, ends = actor(told["who"]), june(today, told["ends"])
    commands.add_license(
        actor=me.with_key(f"demo: license {number}"), jurisdiction=read("licenses")["authority"]["jurisdiction"], license_type=told["type"],
        valid_from=date(ends.year - told["years"], 7, 1), valid_to=ends, number=told["number"],
    )  # fmt: skip
    if told.get("hears"):
        association = people.organization(SYSTEM, read("licenses")["association"])
        commands.set_profile(actor=me.with_key(f"demo: hears {number}"), jurisdiction="us/mo", association_id=association.pk)


def june(today: date, later: int) -> date:
    """June 30 of the school year, or of one later."""
    year = today.year if today + timedelta(days=LEAST) <= date(today.year, 6, 30) else today.year + 1
    return date(year + later, 6, 30)


def record(number: int, told: Mapping[str, Any], today: date) -> None:
    """An entry; and where it says so the officer's word for it."""
    office = people.organization(SYSTEM, read("licenses")["authority"]["organization"])
    entry = commands.add_entry(
        actor=actor(told["who"]).with_key(f"demo: entry {number}"), kind=told["kind"], title=told["title"],
        on=today + timedelta(days=told["done"]), amount=Decimal(told["amount"]), unit=told["unit"], fields=told.get("fields", {}),
        asked_id=office.pk,
    )  # fmt: skip
    if told["confirmed"]:
        commands.verify_entry(actor=actor(read("licenses")["officer"]).with_key(f"demo: confirms {number}"), entry_id=entry.pk)


def plan(number: int, told: Mapping[str, Any], today: date) -> None:
    goals = [commands.Aim(goal["words"], goal["bucket"]) for goal in told["goals"]]
    ends = june(today, 0)
    commands.begin_plan(actor=actor(told["who"]).with_key(f"demo: plan {number}"), title=told["title"],
                        starts_on=date(ends.year - 1, 8, 1), ends_on=ends, goals=goals)  # fmt: skip


def ask(number: int, told: Mapping[str, Any]) -> None:
    """Somebody asks the office to decide on the license that runs."""
    me = actor(told["who"])
    held = licensure.licenses_of(me, str(me.person_id))[0]
    commands.apply_for(actor=me.with_key(f"demo: asks {number}"), license_id=held.pk, rules=told["rules"], words=told["words"])


def send_back(number: int, told: Mapping[str, Any], today: date) -> None:
    """The officer asks for something more."""
    (row,) = (each for each in licensure.my_applications(actor(told["who"])) if each.rules == told["rules"])
    officer = actor(read("licenses")["officer"]).with_key(f"demo: returns {number}")
    commands.return_application(
        actor=officer, application_id=row.pk, reason=told["asks"], until=today + timedelta(days=told["returned"] + told["until"])
    )


def sign(number: int, told: Mapping[str, Any]) -> None:
    """The officer signs what was computed."""
    officer = actor(read("licenses")["officer"])
    (row,) = (each for each in licensure.my_applications(actor(told["who"])) if each.rules == told["rules"])
    seen = licensure.application(officer, row.pk).now.digest
    commands.determine(actor=officer.with_key(f"demo: signs {number}"), application_id=row.pk, outcome=told["outcome"],
                       reason=told["reason"], seen=seen)  # fmt: skip
