"""Programs that several organizations own, boards, brands, and what associations share, arranged through commands alone."""

from __future__ import annotations

from datetime import date, timedelta

from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.people.models import Organization
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Program
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.packs_world import microcredential, pack_files
from tests.world import SYSTEM, World

# As the source's list of January 2019 had them: title, how it stood, seats of the pilot, whether they were told, fuzzy beginning.
ILLINOIS = (
    ("Collaborative Leadership Coaching", "available", None, True, ""),
    ("Reflective Leadership Coaching", "pilot", 3, True, ""),
    ("Directive Leadership Coaching", "pilot", 13, True, ""),
    ("Communication Standards", "pilot", None, False, "mid February"),
    ("Educational Advocate", "pilot", None, False, "mid February"),
    ("Communication Structures", "pilot", None, False, "mid February"),
    ("Personal Communicator", "pilot", 3, True, "mid February"),
)

SOURCE = """
  • Collaborative Leadership Coaching - available on ELN
  • Reflective Leadership Coaching - currently in pilot (3 pilot spots open)
  • Directive Leadership Coaching - currently in pilot (13 pilot spots open)
  • Communication Standards (pilot spots open; pilot to begin in mid February)
  • Educational Advocate (pilot spots open; pilot to begin in mid February)
  • Communication Structures (pilot spots open; pilot to begin in mid February)
  • Personal Communicator (3 pilot spots open; pilot to begin in mid February)
  • Currently in pilot (full)
"""


class Association(World):
    """An association with micro-credentials of these titles, its program, and people who run it."""

    def __init__(self, slug: str, name: str, titles: tuple[str, ...]) -> None:
        self.slug, self.name, self.titles = slug, name, titles

    def build(self) -> Association:
        import yaml

        files = pack_files(self.slug, len(self.titles))
        pack = yaml.safe_load(files["pack.yaml"])
        pack["issuer"] = {"slug": self.slug, "name": self.name, "kind": "association"}
        pack["co_issuers"] = []
        pack["program"] = {"slug": f"{self.slug}-program", "title": f"Program of {self.name}", "summary": "Pilots of an association."}
        from tests.packs_world import dump

        files["pack.yaml"] = dump(pack)
        for number, title in enumerate(self.titles):
            name = f"{self.slug}-skill-{number + 1}"
            files[f"{name}.yaml"] = dump(microcredential(name, number) | {"title": title, "aliases": []})
        self.files = files
        catalog.import_pack(actor=SYSTEM, files=files)
        drain()
        return self

    def called(self, title: str) -> Microcredential:
        return Microcredential.objects.get(title=title, issuer=self.issuer)

    @property
    def issuer(self) -> Organization:
        return Organization.objects.get(slug=self.slug)

    @property
    def program(self) -> Program:
        return Program.objects.get(slug=f"{self.slug}-program")

    @property
    def microcredential(self) -> Microcredential:
        return self.called(self.titles[0])

    def pilot(self, mc: Microcredential, *, seats=None, shows=True, begins="", program=None):
        today = clock.now().date()
        rules = programs.OfferingRules(seats_max=seats, shows_seats=shows, begins_text=begins)
        return programs.offer(
            actor=SYSTEM, program_id=(program or self.program).pk, microcredential_id=mc.pk, kind="pilot",
            opens_on=today + timedelta(days=30) if begins else today - timedelta(days=30), last_day=None, days=120, rules=rules,
        )  # fmt: skip

    def open_to_all(self, mc: Microcredential, program: Program | None = None):
        return programs.offer(
            actor=SYSTEM, program_id=(program or self.program).pk, microcredential_id=mc.pk, kind="open", opens_on=date(2018, 10, 1),
            last_day=None, days=120,
        )  # fmt: skip


def illinois() -> Association:
    """The association of the status board, with the seven that it names."""
    return Association("illinois", "Illinois Leaders Association", tuple(title for title, *_ in ILLINOIS)).build()


def illinois_board() -> Association:
    """Offerings as the list says, and the list itself entered as it was written."""
    here = illinois()
    for title, kind, seats, is_told, begins in ILLINOIS:
        if kind == "available":
            here.open_to_all(here.called(title))
        else:
            here.pilot(here.called(title), seats=seats or 8, shows=is_told, begins=begins)
    programs.enter_lines(actor=SYSTEM, program_id=here.program.pk, lines=SOURCE.splitlines())
    return here


def sharing_things(here: World, elsewhere: World) -> dict[str, str]:
    """What the addresses of boards and of sharing name, for the cast of who gets in where."""
    program, mc = here.program, here.microcredential
    line = programs.add_line(actor=SYSTEM, program_id=program.pk, title="A line", stage="planned")
    contact = programs.add_contact(actor=SYSTEM, program_id=program.pk, role="Pilots", name="", email="pilots@example.org", phone="")
    part = programs.join_program(
        actor=SYSTEM, program_id=program.pk, organization_id=elsewhere.organization("A Host").pk, role="host", joined_on=date(2024, 1, 1)
    )
    adoption = catalog.adopt(actor=SYSTEM, microcredential_id=mc.pk, organization_id=elsewhere.organization("A Partner").pk)
    read = programs.Research("literature", date(2024, 2, 1), "A paper on short cycles", "Two weeks are enough.")
    programs.let_add_research(actor=SYSTEM, program_id=program.pk, by_all=True)
    entry = programs.log_research(actor=here.educator, program_id=program.pk, research=read)
    return {
        "listing_id": line.pk, "research_id": entry.pk, "contact_id": contact.pk, "ownership_id": part.pk, "adoption_id": adoption.pk,
        "mark": "1f5142-93ccb3", "microcredential_id": mc.pk, "version_id": mc.versions.get(state="published").pk,
    }  # fmt: skip
