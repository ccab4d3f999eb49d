"""Builders for recognizers: a district with its council, educators who claim and propose, and the bodies of other states."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import cairn
from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.credentials.models import Credential
from cairn.apps.licensure import commands
from cairn.apps.licensure.commands import Ask, Done, Paper, Written
from cairn.apps.people import commands as people
from cairn.apps.people.models import Organization
from cairn.apps.people.queries import actor_of
from cairn.kernel import clock
from cairn.site.worker import drain
from tests import files_world
from tests.world import SYSTEM, World

KANSAS = Path(cairn.__file__).parent / "data" / "packs" / "kansas-renewal"
APPEAL = "You may appeal to the state’s licensure review committee."
ENOUGH = " ".join(["word"] * 45)
SOURCES = tuple(
    {"title": title, "url": f"https://library.example/{n}", "adds": "A study."} for n, title in enumerate(("One", "Two", "Three"))
)


class District(World):
    """A school district in Kansas whose council has five members, each in a building of their own but for one at the educator's school."""

    slug = "award-steps"

    def __init__(self, votes_needed=3, members=5):
        self.district = self.founded("prairie-fork-unified", "Prairie Fork Unified", "district", "us-ks")
        self.school = self.founded("prairie-fork-grade", "Prairie Fork Grade School", "school", "us-ks", self.district)
        self.high = self.founded("prairie-fork-high-school", "Prairie Fork High", "school", "us-ks", self.district)
        self.admin = self.person("Ada Admin", organization_admin=self.district)
        self.members = [self.person(f"Member{n} Pike", works_at=self.high, council_member=self.district) for n in range(members)]
        commands.set_recognizer(actor=self.admin, organization_id=self.district.pk, votes_needed=votes_needed, appeal=APPEAL)

    def founded(self, slug, name, kind, jurisdiction="", parent=None) -> Organization:
        return people.found_organization(
            actor=SYSTEM, slug=slug, name=name, kind=kind, jurisdiction=jurisdiction, parent_id=parent.pk if parent else None
        )

    def recognizer(self, slug, name, kind, jurisdiction, schedule, *, effective=date(2015, 7, 1), text="", body="person"):
        """An organization that gives what a shipped schedule says, and the one person who answers for it."""
        body_of = self.founded(slug, name, kind, jurisdiction)
        clerk = self.person(f"Clerk of {slug}", council_member=body_of)
        commands.set_recognizer(actor=SYSTEM, organization_id=body_of.pk, body=body, appeal=APPEAL)
        return clerk, commands.adopt_schedule(actor=SYSTEM, organization_id=body_of.pk, effective=effective, slug=schedule, text=text)

    @cached_property
    def teacher(self):
        return self.person("Priya Nair", works_at=self.school)

    # --- Proposals -------------------------------------------------------------------------------------------------------

    @cached_property
    def template(self) -> Microcredential:
        catalog.import_pack(actor=SYSTEM, files={path.name: path.read_text() for path in KANSAS.glob("*.yaml")})
        drain()
        return Microcredential.objects.get(slug="professional-learning-project")

    def written(self, *, sources=SOURCES, **answers):
        asked = ("rationale", "hypothesis", "goals", "literature", "implementation", "impact", "results", "share")
        return Written("Reading corners", {name: answers.get(name, ENOUGH) for name in asked}, sources)

    def proposed(self, written=None, actor=None):
        """A proposal as it was sent."""
        self.template  # noqa: B018 - what it is earned by
        actor = actor or self.teacher
        begun = commands.begin_proposal(actor=actor, organization_id=self.district.pk, title="Reading corners")
        return self.resent(begun, written or self.written(), actor)

    def resent(self, proposal, written, actor=None):
        actor = actor or self.teacher
        proposal.refresh_from_db()
        commands.save_proposal(actor=actor, proposal_id=proposal.pk, written=written, revision=proposal.revision)
        commands.send_proposal(actor=actor, proposal_id=proposal.pk)
        drain()
        proposal.refresh_from_db()
        return proposal

    def vote(self, proposal, *votes, words="Say more."):
        """One after the other by the members in order; those after the one that settles it do not vote."""
        for member, vote in zip(self.members, votes, strict=False):
            commands.vote_on_proposal(actor=actor_of(member.person_id), proposal_id=proposal.pk, vote=vote, words=words)
        drain()
        proposal.refresh_from_db()
        return proposal

    # --- Claims ----------------------------------------------------------------------------------------------------------

    def adopt(self, schedule="us/ks/schedules/points", effective=date(2015, 7, 1)):
        return commands.adopt_schedule(actor=self.admin, organization_id=self.district.pk, effective=effective, slug=schedule)

    def approved(self, title, on, actor=None):
        """The council has said beforehand that it will count."""
        with clock.at(noon(on)):
            asked = commands.ask_approval(actor=actor or self.teacher, organization_id=self.district.pk, title=title)
            return commands.answer_approval(actor=self.members[0], approval_id=asked.pk, is_approved=True)

    def claimed(self, version, on, *, done=None, actor=None, **ask):
        """A claim that is sent on a day, at noon."""
        with clock.at(noon(on)):
            return commands.claim(actor=actor or self.teacher, done=done or Done(), asks=[Ask(version.pk, **ask)])

    def granted(self, claim, on, members=None):
        return self.answered(claim, on, "grant", members)

    def answered(self, claim, on, vote, members=None, **told):
        """By as many members as settle it."""
        with clock.at(noon(on)):
            for member in members or self.members:
                commands.vote_on_claim(actor=member, claim_id=claim.pk, vote=vote, **told)
                claim.refresh_from_db()
                if claim.state != "submitted":
                    break
            drain()
        return claim

    def awarded(self, actor, at, microcredential=None):
        """A credential that was awarded at a moment, and signed."""
        with clock.at(at):
            if microcredential is not None:
                self.microcredential = microcredential
                self.__dict__.pop("offering", None)
            _, run = self.earned(actor)
        return Credential.objects.get(enrollment=run)


def recognized_things(educator, organization) -> dict[str, str]:
    """For the cast of who gets in where: the organization recognizes, and the educator has asked, claimed, was granted and proposes."""
    told = {"actor": SYSTEM, "organization_id": organization.pk}
    commands.set_recognizer(**told, votes_needed=1)
    rule = commands.adopt_schedule(**told, effective=date(2015, 7, 1), slug="us/tn/schedules/pdp")
    member = World().person("Council Stone", council_member=organization)
    asking = commands.ask_approval(actor=educator, organization_id=organization.pk, title="A course on old maps")
    paper = Paper("log.pdf", "pdf", "0" * 64, files_world.make_pdf(pages=1))
    done = Done(title="A course on old maps", done_on=date(2024, 2, 1), kind="credit", quantity=Decimal(1), papers=(paper,))
    claim = commands.claim(actor=educator, done=done, asks=[Ask(rule.pk)])
    commands.vote_on_claim(actor=member, claim_id=claim.pk, vote="grant")
    plan = commands.begin_proposal(actor=educator, organization_id=organization.pk, title="Reading corners")
    sources = [{"title": "One", "url": "", "adds": ""}]
    commands.save_proposal(actor=educator, proposal_id=plan.pk, written=Written("Reading corners", {}, sources), revision=0)
    commands.send_proposal(actor=educator, proposal_id=plan.pk)
    return {"claim_id": claim.pk, "asking_id": asking.pk, "schedule_id": rule.pk, "proposal_id": plan.pk, "source": "0",
            "paper_id": claim.papers.get().pk}  # fmt: skip


def today() -> date:
    """On the calendar of the district, which is behind that of Greenwich for some hours of every day."""
    return clock.today(ZoneInfo("America/Chicago"))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
