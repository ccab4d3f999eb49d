"""Run in a process beside a site, on its data folder and database: makes its people, settles what is open, tells what is kept.

python -m tests.faults_world arrange EDUCATORS     prints who is there, each with a session to act in
python -m tests.faults_world cast                  the same of everybody in tests.cast, and where their things are found
python -m tests.faults_world settle                does what workers that were killed have left, as if an hour had gone by
python -m tests.faults_world tell                  prints every row that must be there once, as the tables hold it
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

READERS = 2  # whoever scores: as many as a case takes


def arrange(educators: str) -> object:
    from tests.world import World

    world = World()
    return {
        "offering": world.offering.pk,
        "organization": world.issuer.slug,
        "admin": signed_in(world.person("Ada Stone", organization_admin=world.issuer)),
        "readers": [signed_in(reader) for reader in world.assessors(READERS)],
        "educators": [signed_in(world.person()) for _ in range(int(educators))],
        "errands": [errand(told) for told in errands(2 + int(educators) // 8)],
    }


def signed_in(actor) -> dict[str, str]:
    from django.test import Client

    from cairn.apps.people.models import Account

    client, account = Client(headers={"host": "localhost"}), Account.objects.get(person__pk=actor.person_id)
    client.force_login(account)
    return {"person": actor.person_id, "session": client.session.session_key, "address": account.email}


def cast() -> object:
    from tests.acts.world import arranged

    return arranged(signed_in)


def errands(count: int):
    """Pilots with one seat, each with two who want it, a meeting that has begun, and a community; one price, survey and voucher for all."""
    from cairn.apps.communities import commands as communities
    from cairn.apps.payments import commands as payments
    from cairn.apps.payments.queries import shown_code
    from cairn.apps.programs import commands as programs
    from cairn.apps.programs.queries import sold
    from cairn.kernel import clock
    from tests.teams_world import ShortTeams
    from tests.world import SYSTEM

    world, now = ShortTeams(), clock.now()
    world.members = count
    desk = world.person("Desk Stone", coordinator=world.issuer, organization_admin=world.issuer)
    survey = programs.found_survey(actor=SYSTEM, program_id=world.program.pk, title="Before", scales=[], questions=["What is hard?"],
                                   irb_number="", consent_text="")  # fmt: skip
    asked = programs.open_round(actor=SYSTEM, round_id=survey.rounds.get(kind="before").pk)
    voucher = payments.issue_voucher(actor=SYSTEM, organization_id=world.issuer.pk, label="Half", uses=count, percent=50,
                                     starts_on=now.date() - timedelta(days=9))  # fmt: skip
    rules = programs.OfferingRules(clock_event="first access", seats_max=1)
    for number, microcredential in enumerate(world.microcredentials):
        pilot = programs.offer(
            actor=SYSTEM, program_id=world.program.pk, microcredential_id=microcredential.pk, kind="pilot",
            opens_on=now.date() - timedelta(days=9), last_day=None, days=120, rules=rules,
        )  # fmt: skip
        payments.set_price(actor=SYSTEM, sold=sold(pilot), audience_id=None, cents=200_00, starts_on=now.date() - timedelta(days=9))
        with clock.at(now - timedelta(hours=1)):
            meeting = programs.plan_meeting(
                actor=SYSTEM, program_id=world.program.pk, offering_id=pilot.pk, kind="other", title="Come",
                times=[programs.Time.lasting(now - timedelta(minutes=9), 30, "America/Chicago")],
            )  # fmt: skip
        talk = communities.found_community(
            actor=desk, slug=f"talk-{pilot.slug}", title=f"Talk {number}", offering_id=pilot.pk, opens_at=now - timedelta(days=9),
            closes_at=None,
        )  # fmt: skip
        yield {
            "first": world.person(), "second": world.person(), "desk": desk, "pilot": pilot.slug, "offering": pilot.pk,
            "community": talk.slug, "meeting": meeting.pk, "time": meeting.times.get().pk, "round": asked.pk, "code": shown_code(voucher),
        }  # fmt: skip


def errand(told: dict) -> dict:
    return told | {name: signed_in(told[name]) for name in ("first", "second", "desk")}


# What is kept once: the table, and the columns that say which thing it is.
ROWS = {
    "group": ("people.Group", ("name",)),
    "run": ("programs.Enrollment", ("person_id", "microcredential_id")),
    "enrollment": ("programs.Enrollment", ("id",)),
    "writing": ("portfolio.Writing", ("submission__enrollment_id", "prompt", "text")),
    "file": ("portfolio.Artifact", ("enrollment_id", "original_name")),
    "citation": ("portfolio.Citation", ("submission__enrollment_id", "detail", "explanation")),
    "submission": ("portfolio.Submission", ("enrollment_id", "attempt", "state")),
    "case": ("assessment.Case", ("enrollment_id", "attempt")),
    "sheet": ("assessment.ScoreSheet", ("id", "state")),
    "score": ("assessment.Score", ("sheet_id", "detail", "rationale")),
    "decision": ("assessment.Decision", ("enrollment_id", "attempt", "outcome")),
    "credential": ("credentials.Credential", ("enrollment_id", "state")),
    "letter": ("comms.Letter", ("cause", "kind", "address")),
    "delivery": ("ledger.Delivery", ("fact__uid", "consequence")),
    "place": ("programs.Registration", ("offering_id", "person_id", "state")),
    "attendance": ("programs.Attendance", ("meeting_id", "person_id")),
    "extension": ("programs.Extension", ("enrollment_id", "state", "until")),
    "use": ("payments.VoucherUse", ("entitlement_id",)),
    "order": ("payments.Order", ("po_number",)),
    "payment": ("payments.Payment", ("order_id", "kind")),
    "invoice": ("payments.Invoice", ("order_id", "kind")),
    "post": ("communities.Post", ("author_id", "text")),
    "response": ("programs.SurveyResponse", ("round_id", "person_id")),
    "team": ("programs.Team", ("founder_id", "name")),
    "asked": ("programs.TeamInvitation", ("team__name", "address")),
    "listed": ("programs.Registration", ("offering_id", "person__email")),
    "newcomer": ("people.Person", ("email",)),
    "page": ("credentials.SharedPage", ("title",)),
    "sentence": ("assessment.SavedComment", ("text",)),
    "rationale": ("assessment.Score", ("rationale",)),
    "explanation": ("portfolio.Citation", ("explanation",)),
    "proposal": ("licensure.Proposal", ("title",)),
    "carried out": ("ledger.Fact", ("command",)),
    "did": ("ledger.Fact", ("command", "request")),
}


def tell() -> object:
    from django.apps import apps

    from cairn.apps.communities.outward import is_kept
    from cairn.apps.ledger.models import Delivery
    from cairn.apps.portfolio import outward
    from cairn.apps.reports.queries import integrity
    from cairn.frame.actor import system
    from cairn.kernel import clock
    from cairn.site.worker import drain

    with clock.at(clock.now() + timedelta(hours=1)):
        drain()
    with clock.at(clock.now() + timedelta(days=2)):
        outward.clear(system("tests"), is_kept)
    rows = {kind: [list(row) for row in _rows(apps.get_model(label), columns)] for kind, (label, columns) in ROWS.items()}
    unsound = [sentence for finding in integrity(system("tests")) for sentence in finding.failures]
    unsound += [f"{path} belongs to nothing." for path in _orphans()]
    undone = list(Delivery.objects.exclude(state="done").values_list("consequence", "state", "reason"))
    return {"rows": rows, "unsound": unsound, "undone": undone}


def _orphans():
    """Files that no row knows, once the job that tidies has run."""
    from django.conf import settings

    from cairn.apps.communities.models import PostFile
    from cairn.apps.portfolio.models import Artifact, Upload

    kept = (Artifact.objects.all(), PostFile.objects.filter(erased_at=None), Upload.objects.filter(settled_at=None))
    known = {pk for rows in kept for pk in rows.values_list("pk", flat=True)}
    for folder in (settings.MEDIA_STORE, settings.UPLOADS):
        yield from (path for path in Path(folder).rglob("*") if path.is_file() and path.name.partition(".")[0] not in known)


def _rows(model, columns):
    return model._default_manager.order_by().values_list(*columns)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.site.settings")
    import django

    django.setup()
    work = {"arrange": arrange, "cast": cast, "tell": tell}[sys.argv[1]]
    print(json.dumps(work(*sys.argv[2:]), default=str))


if __name__ == "__main__":
    main()
