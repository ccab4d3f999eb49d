"""Work with everything that grows around it in a pilot: a seat, a team, money, talk, a survey; a name of its own is planted in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cairn.apps.communities import commands as communities
from cairn.apps.credentials import commands as credentials
from cairn.apps.credentials.queries import Chosen, choices
from cairn.apps.payments import commands as payments
from cairn.apps.payments.queries import to_order
from cairn.apps.people import commands as people
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment, Offering
from cairn.apps.programs.queries import sold
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.sharing_world import Showing
from tests.teams_world import ShortTeams, address_of
from tests.world import SYSTEM

AROUND = {
    "what one is called": "Octavian Thornbury",
    "a mate in the team": "Philippa Tarrant",
    "the one who pays": "Larkhollow Schools",
    "the name of a team": "Evander Pomfret",
    "an answer to a survey": "Barnaby Wexcombe",
    "a purchase order": "Ravensbourne 7",
    "a question for more time": "Araminta Foxglove",
    "an answer to it": "Lavinia Cawdor",
    "an idea shared in a community": "Jocasta Pennyfeather",
    "a question to a coach": "Ignatia Bellgrave",
    "a coach's note": "Hortensia Mellowby",
    "the title of a shared page": "Crispin Mallory",
}


@dataclass
class Surrounded:
    """`things` are what addresses hold of the educator; `readers` have the work of the educator and of the mate."""

    world: ShortTeams
    educator: Actor
    run: Enrollment
    readers: list[Actor]
    things: dict[str, str]

    @property
    def own(self) -> list[str]:
        """What nobody but the educator's own people may meet: the names, in whole and by parts, the address and every id."""
        names = [part for name in AROUND.values() for part in (name, *name.split()) if len(part) > 1 and part != "Schools"]
        ids = [thing for name, thing in self.things.items() if name.endswith("_id") and name != "offering_id"]
        return [*names, address_of(self.educator), *ids]


def surrounded() -> Surrounded:
    world, now = ShortTeams(), clock.now()
    payer = world.organization(AROUND["the one who pays"])
    educator, mate = (world.person(AROUND[name], works_at=payer) for name in ("what one is called", "a mate in the team"))
    coach, desk, readers = world.person(coach=world.issuer), world.person(coordinator=world.issuer), world.assessors(2)
    pilot = _pilot(world)
    places = [programs.register(actor=actor, offering_id=pilot.pk) for actor in (educator, mate)]
    mine, theirs = ((actor, Enrollment.objects.get(pk=place.enrollment_id)) for actor, place in zip((educator, mate), places, strict=True))
    team = world.form(mine, name=AROUND["the name of a team"])
    world.join(team, educator, mate)
    things = {"registration_id": places[0].pk, "enrollment_id": mine[1].pk, "team_id": team.pk, "person_id": educator.person_id,
              "offering_id": pilot.pk, "slug": pilot.slug}  # fmt: skip
    until = mine[1].due_at.date() + timedelta(days=9)
    things["extension_id"] = programs.ask_extension(
        actor=educator, enrollment_id=mine[1].pk, until=until, why=AROUND["a question for more time"]
    ).pk
    programs.extend(actor=desk, enrollment_id=mine[1].pk, until=until, reason=AROUND["an answer to it"])
    things |= _asked(world, educator) | _bought(educator, payer) | _said(educator, mine[1], pilot, coach, desk, now)
    for who in (mine, theirs):
        world.send(who)
    things["page_id"] = _shown(educator)
    return Surrounded(world, educator, mine[1], readers, things)


def _pilot(world: ShortTeams) -> Offering:
    first = clock.now().date() - timedelta(days=9)
    pilot = programs.offer(
        actor=SYSTEM, program_id=world.program.pk, microcredential_id=world.microcredential.pk, kind="pilot", opens_on=first,
        last_day=None, days=120, rules=programs.OfferingRules(clock_event="registration", seats_max=9),
    )  # fmt: skip
    payments.set_price(actor=SYSTEM, sold=sold(pilot), audience_id=None, cents=200_00, starts_on=first)
    return pilot


def _asked(world: ShortTeams, educator: Actor) -> dict[str, str]:
    survey = programs.found_survey(actor=SYSTEM, program_id=world.program.pk, title="Before", scales=[], questions=["What is hard?"],
                                   irb_number="", consent_text="")  # fmt: skip
    asked = programs.open_round(actor=SYSTEM, round_id=survey.rounds.get(kind="before").pk)
    sent = programs.send_response(actor=educator, round_id=asked.pk, values={"q1": AROUND["an answer to a survey"]})
    return {"survey_id": survey.pk, "round_id": asked.pk, "response_id": sent.pk}


def _bought(educator: Actor, payer) -> dict[str, str]:
    place = to_order(educator).get()
    order = payments.place_order(actor=educator, entitlement_ids=[place.pk], payer_id=payer.pk, po_number=AROUND["a purchase order"])
    return {"entitlement_id": place.pk, "order_id": order.pk, "invoice_id": order.invoices.get().pk}


def _said(educator: Actor, run: Enrollment, pilot: Offering, coach: Actor, desk: Actor, now) -> dict[str, str]:
    talk = communities.found_community(
        actor=desk, slug="around", title="Around", offering_id=pilot.pk, opens_at=now - timedelta(days=9), closes_at=None
    )
    post = communities.share(actor=educator, community_id=talk.pk, text=AROUND["an idea shared in a community"])
    group = people.form_group(actor=SYSTEM, organization_id=pilot.program.organization_id, name="Circle", kind="plc")
    for actor in (educator, coach):
        people.join_group(actor=SYSTEM, group_id=group.pk, person_id=actor.person_id, joined_on=date(2024, 1, 1))
    portfolio.open_draft(actor=educator, enrollment_id=run.pk, coach_id=coach.person_id, asks=AROUND["a question to a coach"])
    portfolio.write(actor=educator, enrollment_id=run.pk, prompt="alone", text="I learned to ask.", revision=0)
    note = portfolio.note(actor=coach, enrollment_id=run.pk, prompt="alone", text=AROUND["a coach's note"])
    return {"community_id": talk.pk, "post_id": post.pk, "note_id": note.pk, "group_id": group.pk}


def _shown(educator: Actor) -> str:
    first = next(choice for group in choices(educator) for choice in group.choices if not choice.why_not)
    parts = [Chosen(first.kind, first.thing)]
    page = credentials.share_page(
        actor=educator, title=AROUND["the title of a shared page"], parts=parts, until=Showing.day(30), team="Mentors"
    )
    drain()
    return page.pk
