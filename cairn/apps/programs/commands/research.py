"""What a program's research log says, and who may add to it. Not here: who reads it (models)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.programs import events, policy
from cairn.apps.programs.models import Program, ResearchEntry
from cairn.apps.programs.states import RESEARCH_KINDS
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Invalid
from cairn.kernel.facts import Event
from cairn.kernel.text import clean, is_web_address

EARLIEST = date(1900, 1, 1)
_LIMITS = {"title": 200, "place": 160, "link": 500, "learned": 4000}


@dataclass(frozen=True)
class Research:
    """An entry as somebody gives it. `day`: when it was read, or took place; `place`: where, or who published it."""

    kind: str
    day: date
    title: str
    learned: str
    place: str = ""
    link: str = ""

    def plain(self, today: date) -> Research:
        """As it is kept; Invalid where no log can hold it, with all that is wrong at once."""
        told = {name: clean(getattr(self, name), limit=limit, field=name).strip() for name, limit in _LIMITS.items()}
        told |= {name: " ".join(told[name].split()) for name in ("title", "place")}
        if wrong := _wrong(self.kind, self.day, told, today):
            words = "This cannot stand in the log yet." if len(wrong) > 1 else next(iter(wrong.values()))
            raise Invalid("research-wrong", words, "Correct what is marked.", wrong)
        return Research(kind=self.kind, day=self.day, **told)


def _wrong(kind: str, day: date, told: dict[str, str], today: date) -> dict[str, str]:
    wrong = {}
    if kind not in RESEARCH_KINDS:
        wrong["kind"] = f"Choose one: {', '.join(RESEARCH_KINDS.values())}."
    if day > today:
        wrong["day"] = "Enter it once it has taken place."
    elif day < EARLIEST:
        wrong["day"] = f"Give a day from {EARLIEST.year} on."
    if not told["title"]:
        wrong["title"] = "Say what it was."
    if not told["learned"]:
        wrong["learned"] = "Say what was learned; a line is enough."
    if kind == "visit" and not told["place"]:
        wrong["place"] = "Say where it was."
    if told["link"] and not is_web_address(told["link"]):
        wrong["link"] = "Give an address of the web, such as https://example.org/article."
    return wrong


@command
def log_research(*, actor: Actor, program_id: str, research: Research) -> ResearchEntry:
    """Something was read, asked or seen for the program."""
    program = Program.objects.visible_to(actor).get_or_not_found(pk=program_id)
    policy.ADD_RESEARCH.require(actor, program)
    told = research.plain(clock.today(people.zone_of(actor.person_id)))
    entry = ResearchEntry.objects.create(program=program, person_id=str(actor.person_id), **asdict(told))
    _record(events.RESEARCH_LOGGED, actor, entry)
    return entry


@command
def correct_research(*, actor: Actor, research_id: str, research: Research) -> ResearchEntry:
    """By whoever entered it, or those who run the program."""
    entry = _held(actor, research_id)
    told = asdict(research.plain(clock.today(people.zone_of(actor.person_id))))
    if any(getattr(entry, name) != value for name, value in told.items()):
        for name, value in told.items():
            setattr(entry, name, value)
        entry.save(update_fields=list(told))
        _record(events.RESEARCH_CORRECTED, actor, entry)
    return entry


@command
def remove_research(*, actor: Actor, research_id: str) -> Program:
    entry = _held(actor, research_id)
    program = entry.program
    record(events.RESEARCH_REMOVED, actor=actor, subject=program, organization=program.organization_id, title=entry.title)
    ResearchEntry.objects.filter(pk=entry.pk).delete()
    return program


@command
def let_add_research(*, actor: Actor, program_id: str, by_all: bool) -> Program:
    """Those who take part add to the log too, or only read it."""
    program = Program.objects.visible_to(actor).locked(pk=program_id)
    policy.RUN_PROGRAM.require(actor, program)
    if program.research_by_all != by_all:
        program.research_by_all = by_all
        program.save(update_fields=["research_by_all"])
        record(events.RESEARCH_OPENED, actor=actor, subject=program, organization=program.organization_id, by_all=by_all)
    return program


def _held(actor: Actor, research_id: str) -> ResearchEntry:
    entry = ResearchEntry.objects.visible_to(actor).select_related("program").locked(pk=research_id)
    policy.CHANGE_RESEARCH.require(actor, entry)
    return entry


def _record(event: Event, actor: Actor, entry: ResearchEntry) -> None:
    record(event, actor=actor, subject=entry, organization=entry.program.organization_id, research=entry.kind, day=entry.day.isoformat(),
           title=entry.title)  # fmt: skip
