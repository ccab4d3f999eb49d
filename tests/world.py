"""Builders: a small world of people and micro-credentials, arranged through commands alone."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from functools import cached_property

from cairn.apps.assessment import commands as assessment
from cairn.apps.assessment.models import ScoreSheet
from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.people import commands as people
from cairn.apps.people.models import Organization
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.outward import receive
from cairn.apps.portfolio.queries import workspace
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment, Program
from cairn.frame.actor import Actor, system
from cairn.kernel import clock
from cairn.pure.packs.model import VersionContent
from cairn.site.worker import drain
from tests import files_world
from tests.packs_world import name_of, pack_files

SYSTEM = system("tests")
_number = itertools.count(1)


class World:
    """One issuer with a small pack, an open offering, and whoever a test needs."""

    slug = "small-steps"

    @cached_property
    def issuer(self) -> Organization:
        self.microcredential  # noqa: B018 - the pack brings its issuer
        return Organization.objects.get(pk=self.microcredential.issuer_id)

    @cached_property
    def microcredential(self) -> Microcredential:
        catalog.import_pack(actor=SYSTEM, files=pack_files(self.slug))
        drain()
        return Microcredential.objects.get(slug=name_of(self.slug, 0))

    @cached_property
    def program(self) -> Program:
        self.issuer  # noqa: B018
        return Program.objects.get(organization=self.issuer)

    @cached_property
    def offering(self):
        return self.offer(days=120)

    def offer(self, *, kind="open", days=None, last_day=None, opens_on=None):
        return programs.offer(
            actor=SYSTEM, program_id=self.program.pk, microcredential_id=self.microcredential.pk, kind=kind,
            opens_on=opens_on or clock.now().date() - timedelta(days=400), last_day=last_day, days=days,
        )  # fmt: skip

    def organization(self, name="", kind="district", parent=None) -> Organization:
        name = name or f"District {next(_number)}"
        return people.found_organization(
            actor=SYSTEM, slug=name.lower().replace(" ", "-"), name=name, kind=kind, parent_id=parent.pk if parent else None
        )

    def person(self, name="", *, works_at=None, zone="America/Chicago", **roles) -> Actor:
        """A person with an account; e.g. person("Dana", works_at=school), person(assessor=organization)."""
        number = next(_number)
        name = name or f"Person {number}"
        email = f"{name.split()[0].lower()}{number}@example.org"
        person = people.open_account(actor=SYSTEM, email=email, password="a long passphrase", name=name, time_zone=zone)
        if works_at is not None:
            people.affiliate(actor=SYSTEM, person_id=person.pk, organization_id=works_at.pk, title="Principal", started_on=date(2020, 1, 1))
        for role, organization in roles.items():
            self.grant(person.pk, role.replace("_", " "), organization)
        return actor_of(person.pk)

    def grant(self, person_id, role, organization):
        return people.grant_role(actor=SYSTEM, person_id=person_id, role=role, organization_id=organization.pk)

    def assessors(self, count=2) -> list[Actor]:
        return [self.person(f"Reader{n} Stone", assessor=self.issuer) for n in range(count)]

    def lead(self) -> Actor:
        return self.person("Lead Stone", lead_assessor=self.issuer)

    def enrolled(self, actor: Actor | None = None) -> tuple[Actor, Enrollment]:
        actor = actor or self.person("Dana Whitfield")
        return actor, programs.enroll(actor=actor, offering_id=self.offering.pk)

    def fill(self, actor: Actor, enrollment: Enrollment) -> None:
        """Everything that the workspace asks for, with real files."""
        work = workspace(actor, enrollment.pk)
        for part in work.parts:
            for answer in part.answers:
                if not answer.is_locked:
                    text = " ".join(["evidence"] * answer.prompt.words_min)
                    portfolio.write(actor=actor, enrollment_id=enrollment.pk, prompt=answer.prompt.key, text=text or "evidence",
                                    revision=answer.revision)  # fmt: skip
            for slot in part.slots:
                for _ in range(slot.requirement.files_min - len(slot.artifacts)):
                    self.add_file(actor, enrollment, slot.requirement.key)
        work = workspace(actor, enrollment.pk)
        for artifact in work.artifacts:
            if not artifact.people_shown:
                portfolio.describe_artifact(actor=actor, enrollment_id=enrollment.pk, artifact_id=artifact.pk, title="Plan",
                                            people_shown="nobody")  # fmt: skip
        paper = next(artifact for artifact in work.artifacts if artifact.seconds is None)
        for detail in work.open_details:
            portfolio.cite(actor=actor, enrollment_id=enrollment.pk, detail=detail, artifact_id=paper.pk, page=1,
                           explanation="It shows the plan.")  # fmt: skip

    def add_file(self, actor: Actor, enrollment: Enrollment, requirement: str, data: bytes | None = None, name="plan.pdf"):
        import io

        data = data if data is not None else files_world.make_pdf(pages=2)
        return receive(actor, enrollment.pk, requirement, io.BytesIO(data), name=name, size=len(data))

    def submitted(self, actor: Actor | None = None) -> tuple[Actor, Enrollment]:
        """A complete attempt, submitted, with the worker's work done."""
        actor, enrollment = self.enrolled(actor)
        self.fill(actor, enrollment)
        portfolio.submit(actor=actor, enrollment_id=enrollment.pk)
        drain()
        return actor, enrollment

    def sheets(self, enrollment: Enrollment, kind="reader") -> list[ScoreSheet]:
        found = ScoreSheet.objects.filter(case__enrollment=enrollment, kind=kind).exclude(state="stepped_aside")
        return list(found.filter(case__attempt=found.order_by("-case__attempt").values("case__attempt")[:1]).order_by("assigned_at", "pk"))

    def score(self, sheet: ScoreSheet, levels: dict[str, str] | None = None, lock=True) -> None:
        """Score every open detail at the bar, but for those that `levels` names."""
        actor = actor_of(sheet.assessor_id)
        content = self.content(sheet.case.version_id)
        for detail in sheet.case.open_details:
            level = (levels or {}).get(detail, content.bar.key)
            assessment.record_score(actor=actor, sheet_id=sheet.pk, detail=detail, level=level, rationale=f"Page 1 shows {detail}.",
                                    advice="Show one more step.", revision=0)  # fmt: skip
        if lock:
            assessment.lock_sheet(actor=actor, sheet_id=sheet.pk)
            drain()

    def content(self, version_id: str) -> VersionContent:
        from cairn.apps.catalog.queries import content

        return content(SYSTEM, version_id)

    def earned(self, actor: Actor | None = None) -> tuple[Actor, Enrollment]:
        """From an educator to a signed credential."""
        self.assessors(2)
        actor, enrollment = self.submitted(actor)
        for sheet in self.sheets(enrollment):
            self.score(sheet)
        return actor, enrollment
