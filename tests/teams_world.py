"""Builders for teams: the renewal pilot's template with four educators of two districts, and a short one for random play."""

from __future__ import annotations

import itertools
from functools import cached_property
from pathlib import Path

import cairn
from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.people.models import Person
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.queries import workspace, writing
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.site.worker import drain
from tests import files_world
from tests.packs_world import pack_files
from tests.world import SYSTEM, World

KANSAS = Path(cairn.__file__).parent / "data" / "packs" / "kansas-renewal"
TOGETHER, ALONE = {"1b", "2a"}, {"1a", "2b", "3a", "3b"}


class Teams(World):
    """The literature review (1b) and the implementation (2a) are shown together; results and sharing alone."""

    @cached_property
    def microcredential(self) -> Microcredential:
        catalog.import_pack(actor=SYSTEM, files={path.name: path.read_text() for path in KANSAS.glob("*.yaml")})
        drain()
        return Microcredential.objects.get(slug="professional-learning-project")

    def __init__(self):
        self.pages = itertools.count(1)

    def team(self, *names, mode="small group"):
        """Its founder and further members, in two districts by turns, each with a run of their own."""
        districts = [self.organization(), self.organization()]
        who = [self.enrolled(self.person(name, works_at=districts[n % 2])) for n, name in enumerate(names)]
        team = self.form(who[0], mode=mode)
        for actor, _ in who[1:]:
            self.join(team, who[0][0], actor)
        drain()
        return team, who

    def form(self, founder, name="Reading in every room", mode="small group"):
        return programs.form_team(actor=founder[0], enrollment_id=founder[1].pk, name=name, mode=mode)

    def join(self, team, by, actor):
        asked = programs.ask_to_team(actor=by, team_id=team.pk, address=address_of(actor))
        return portfolio.join_team(actor=actor, invitation_id=asked.pk)

    def write(self, who, prompt, text, revision=None):
        actor, run = who
        kept = self.written(who, prompt)
        seen = revision if revision is not None else (kept.revision if kept else 0)
        return portfolio.write(actor=actor, enrollment_id=run.pk, prompt=prompt, text=text, revision=seen)

    def written(self, who, prompt):
        return writing(who[0], who[1].pk, prompt)

    def add_file(self, actor, enrollment, requirement, data=None, name="plan.pdf"):
        return super().add_file(actor, enrollment, requirement, data or files_world.make_pdf(pages=next(self.pages)), name)

    def fill(self, actor, enrollment):
        """What is still missing: own words where there are none, and for each detail a file that may show it."""
        told = {"actor": actor, "enrollment_id": enrollment.pk}
        for part in workspace(actor, enrollment.pk).parts:
            for answer in part.answers:
                if not answer.is_locked and answer.words < answer.prompt.words_min:
                    text = " ".join(["evidence"] * answer.prompt.words_min)
                    portfolio.write(**told, prompt=answer.prompt.key, text=text, revision=answer.revision)
        for slot in [slot for part in workspace(actor, enrollment.pk).parts for slot in part.slots]:
            for _ in range(slot.requirement.files_min - len(slot.artifacts)):
                self.add_file(actor, enrollment, slot.requirement.key)
        work = workspace(actor, enrollment.pk)
        for artifact in work.artifacts:
            if not artifact.people_shown:
                portfolio.describe_artifact(**told, artifact_id=artifact.pk, title="Plan", people_shown="nobody")
        for detail in work.open_details if work.artifacts else ():
            paper = next(a for a in work.artifacts if (a.requirement == "notes") == (detail in TOGETHER))
            portfolio.cite(**told, detail=detail, artifact_id=paper.pk, page=1, explanation="It shows the plan.")

    def send(self, who):
        self.fill(*who)
        sent = portfolio.submit(actor=who[0], enrollment_id=who[1].pk)
        drain()
        return sent


class ShortTeams(Teams):
    """One detail together, one alone; one answer for each, and a slot for the team's files."""

    members = 1

    @cached_property
    def microcredential(self) -> Microcredential:
        limits = {"min": 1, "max": 60}
        details = [
            {"key": key, "text": f"You do thing {key}.", "question": "What shows it?", "levels": {"developing": "Says it.",
             "proficient": "Shows it.", "advanced": "Shows it twice."}, "together": key == "1a"} for key in ("1a", "1b")
        ]  # fmt: skip
        parts = [
            {"key": "ours", "kind": "narrative", "title": "Ours", "instructions": "Tell it.",
             "prompts": [{"key": "together", "question": "What did you do together?", "words": limits, "serves": "1a"}]},
            {"key": "mine", "kind": "reflection", "title": "Mine", "instructions": "Look back.",
             "prompts": [{"key": "alone", "question": "What did you learn?", "words": limits, "serves": "1b"}]},
        ]  # fmt: skip
        change = {"title": "Skill of a team", "outcomes": [{"key": 1, "title": "Done", "details": details}], "parts": parts}
        catalog.import_pack(actor=SYSTEM, files=pack_files("short-teams", self.members, change=change))
        drain()
        return self.microcredentials[0]

    @property
    def microcredentials(self) -> list[Microcredential]:
        return list(Microcredential.objects.filter(stack__pack="short-teams").order_by("order"))


def address_of(actor) -> str:
    return Person.objects.get(pk=actor.person_id).email


def names_in(team) -> list[str]:
    return [member.person.name for member in queries.members(team)]


def team_things(educator) -> dict[str, str]:
    """A team that the educator has formed, with a mate, and another that asks them to join."""
    world = ShortTeams()
    mine, mate, other = world.enrolled(educator), *(world.enrolled(world.person(name)) for name in ("Mate Stone", "Other Stone"))
    team = world.form(mine)
    world.join(team, educator, mate[0])
    asked = programs.ask_to_team(actor=other[0], team_id=world.form(other, name="Others").pk, address=address_of(educator))
    drain()
    return {"team_run": mine[1].pk, "invitation_id": asked.pk, "team_id": team.pk}
