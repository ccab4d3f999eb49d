"""What acts need beside the cast, each built for one act or two: people who applied, meetings that are on, second accounts, drafts, orders.

Not here: the acts (further).
"""

from __future__ import annotations

from datetime import date, timedelta

from cairn.apps.assessment.models import Precheck
from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.credentials.models import Credential
from cairn.apps.imports import commands as imports
from cairn.apps.licensure import commands as licensure
from cairn.apps.payments import commands as payments
from cairn.apps.payments import queries as money
from cairn.apps.people import commands as people
from cairn.apps.people import queries as people_queries
from cairn.apps.programs import commands as programs
from cairn.apps.programs.queries.prices import sold
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.cast import Cast
from tests.imports_world import read_roster
from tests.packs_world import pack_files
from tests.pilots_world import CENTRAL
from tests.recognizers_world import APPEAL
from tests.teams_world import ShortTeams, address_of
from tests.world import SYSTEM, World

SLUG, ORIGINAL = "wanted-steps", "origin-steps"
AFTER = timedelta(minutes=30)  # a batch that begins then waits while people act, and is taken in before all is looked at


class Needs(World):
    """An organization of its own. `people`: who acts, by name; `addresses`: where, by name."""

    slug = SLUG

    def __init__(self, cast: Cast) -> None:
        catalog.import_pack(actor=SYSTEM, files=pack_files(SLUG, 6))
        drain()
        self.left = list(Microcredential.objects.filter(stack__pack=SLUG).order_by("order"))
        self.microcredential = self.left[0]
        self.admin = self.person("Wanda Stone", organization_admin=self.issuer, author=self.issuer)
        self.people: dict[str, Actor] = {"desk": self.admin}
        drain()
        cast.grant(cast.educator.person_id, "evaluator", cast.issuer)
        self.addresses = {"aside": f"/operations/deliveries/{cast._parked()}/set-aside/"}
        self.assessors()
        for part in (self._places, self._meetings, self._money, self._checks, self._accounts, self._originals):
            part()
        self._bought(cast)
        drain()

    def _pilot(self, **rules: object) -> object:
        today, mc = clock.today(CENTRAL), self.left.pop()
        return programs.offer(
            actor=SYSTEM, program_id=self.program.pk, microcredential_id=mc.pk, kind="pilot", opens_on=today - timedelta(days=9),
            last_day=today + timedelta(days=100), days=50, rules=programs.OfferingRules(clock_event="first access", **rules),
        )  # fmt: skip

    def _someone(self, name: str) -> Actor:
        self.people[name] = self.person(f"{name.title()} Stone")
        return self.people[name]

    def _places(self) -> None:
        """Two have applied where some are chosen; one is offered the only seat; a list is half in; one asks for time."""
        chosen, single = self._pilot(is_chosen=True), self._pilot(seats_max=1)
        for name in ("choose", "turn down"):
            place = programs.register(actor=self.person(), offering_id=chosen.pk)
            self.addresses[name] = f"/pilots/{chosen.slug}/run/people/{place.pk}/"
        holds, waits = self.person(), self._someone("waiting")
        seat = programs.register(actor=holds, offering_id=single.pk)
        programs.register(actor=waits, offering_id=single.pk)
        programs.give_up_place(actor=holds, registration_id=seat.pk)
        self.addresses["offer"] = f"/pilots/{single.slug}/"
        self.addresses["launch"] = f"/pilots/{single.slug}/launch/"
        late, run = self.enrolled()
        programs.ask_extension(actor=late, enrollment_id=run.pk, until=run.due_at.date() + timedelta(days=9), why="Our school moves.")
        self.addresses["asked time"] = f"/pilots/{self.offering.slug}/run/time/{run.pk}/"
        source = read_roster(self.admin, chosen, ("Name", "E-mail"), ("Kim Lee", "kim.lee@example.org"))
        with clock.at(clock.now() + AFTER):
            imports.confirm(actor=self.admin, import_id=source.pk, sha256=source.sha256)
        self.addresses["import"] = f"/imports/{source.pk}/"

    def _meetings(self) -> None:
        """One that is on, with somebody noted who was not there; and the recording of it."""
        pilot, begins = self._pilot(asks_meeting=True, recording_satisfies=True), clock.now() - timedelta(minutes=9)
        with clock.at(begins - timedelta(hours=1)):
            meeting = programs.plan_meeting(
                actor=SYSTEM, program_id=self.program.pk, offering_id=pilot.pk, kind="information", title="Come and see",
                times=[programs.Time.lasting(begins, 180, "America/Chicago")],
            )  # fmt: skip
        programs.describe_meeting(actor=SYSTEM, meeting_id=meeting.pk, title="Come and see", about="",
                                  recording_url="https://video.example.org/1")  # fmt: skip
        time, here, run = meeting.times.get(), self._someone("present"), f"/pilots/{pilot.slug}/run/"
        programs.choose_time(actor=here, time_id=time.pk)
        programs.choose_time(actor=self.person("Cal Reed"), time_id=time.pk, phone_ending="4711")
        self._someone("watching")
        self.addresses |= {
            "here": f"/here/{time.sign_in_code}/",
            "attendance": f"{run}attendance/{time.pk}/",
            "recorded": f"/pilots/{pilot.slug}/",
        }
        self.addresses |= {f"{kind} file": f"{run}files/{kind}/" for kind in ("meetings", "attendance")}
        self.addresses["rules"] = f"{run}settings/"

    def _checks(self) -> None:
        """Two who submitted are looked through first; two organizations ask to come in."""
        programs.set_checking(actor=SYSTEM, program_id=self.program.pk, checks_first=True)
        for name in ("whole", "incomplete"):
            _, run = self.submitted(self.person())
            self.addresses[name] = f"/checks/{Precheck.objects.get(case__enrollment=run).pk}/"
        for name in ("let in", "turn away"):
            asked = programs.ask_to_join(
                actor=self.person(), name=f"{name.title()} Principals", kind="association", contact="Olive Reed", wishes="A pilot for ten.",
                program_id=self.program.pk,
            )  # fmt: skip
            self.addresses[name] = f"/join/asked/{asked.pk}/"

    def _accounts(self) -> None:
        """Pairs of accounts, one asked by the other whether both are one person's; and somebody who is asked into a team."""
        for name in ("one", "no"):
            kept, gone = self._someone(f"{name} account"), self._someone(f"{name} other account")
            merging = people.ask_merging(actor=kept, address=address_of(gone))
            self.addresses[name] = f"/account/other/{people_queries.merging_link(merging)}/"
        teams, mate = ShortTeams(), self._someone("teammate")
        founder = teams.enrolled()
        teams.enrolled(mate)
        asked = programs.ask_to_team(actor=founder[0], team_id=teams.form(founder).pk, address=address_of(mate))
        self.addresses["asked into a team"] = f"/teams/invitations/{asked.pk}/"

    def _money(self) -> None:
        """An order without an invoice; a price that a later membership lowers; a sheet that is owed for."""
        what, today = sold(self.offering), clock.today(CENTRAL)
        partner = self.organization("Near Principals", kind="association")
        for audience, cents in ((None, 200_00), (partner.pk, 180_00)):
            payments.set_price(actor=SYSTEM, sold=what, audience_id=audience, cents=cents, starts_on=date(2020, 1, 1))
        payments.set_terms(actor=SYSTEM, organization_id=self.issuer.pk, address="", how_to_pay="", days_to_pay=30,
                           provider="purchase-order", rebate_days=10)  # fmt: skip
        buyer, member = self._someone("buyer"), self._someone("new member")
        for who in (buyer, member):
            programs.enroll(actor=who, offering_id=self.offering.pk)
        (place,) = money.to_order(buyer)
        self.addresses["order"] = f"/account/orders/{payments.place_order(actor=buyer, entitlement_ids=[place.pk]).pk}/"
        payments.enter_member(actor=SYSTEM, organization_id=partner.pk, email=address_of(member),
                              name="New Member", valid_from=today, valid_to=None)  # fmt: skip
        payments.set_rate(actor=SYSTEM, organization_id=self.issuer.pk, cents=10_00, starts_on=date(2020, 1, 1))
        _, run = self.submitted(self.person())
        self.score(self.sheets(run)[0])
        self.addresses["owed"] = f"/org/{self.issuer.slug}/money/assessors/"

    def _originals(self) -> None:
        """Two that anybody may make their own; of one that is done already, and the original is at another version since."""
        catalog.import_pack(actor=SYSTEM, files=pack_files(ORIGINAL, 2))
        first, second = Microcredential.objects.filter(stack__pack=ORIGINAL).order_by("order")
        catalog.set_sharing(actor=SYSTEM, organization_id=first.issuer_id, mode="open")
        fork = catalog.fork(actor=self.admin, microcredential_id=first.pk, organization_id=self.issuer.pk, slug="wanted-original")
        catalog.publish_draft(actor=self.admin, version_id=fork.pk)
        changed = pack_files(ORIGINAL, 2, number="1.1", change={"rationale": ["It helps a great deal."]})
        catalog.import_pack(actor=SYSTEM, files=changed)
        shared = f"/org/{self.issuer.slug}/shared/"
        self.addresses |= {
            "own shared": shared,
            "to fork": f"{shared}adopt/{second.pk}/",
            "original": f"{shared}forks/{fork.microcredential_id}/",
        }

    def _bought(self, cast: Cast) -> None:
        """The educator of the cast is granted credit that costs a fee, and a draft of theirs has a paper."""
        college = people.found_organization(actor=SYSTEM, slug="granite-college", name="Granite College", kind="higher-education")
        clerk = self.people["clerk"] = self.person("Clerk Stone", council_member=college)
        told = {"actor": SYSTEM, "organization_id": college.pk}
        licensure.set_recognizer(**told, body="person", appeal=APPEAL)
        rule = licensure.adopt_schedule(**told, effective=date(2015, 7, 1), slug="us/vt/schedules/vermont-nea", text="")
        done = licensure.Done(credential_id=Credential.objects.get(person_id=cast.educator.person_id).pk)
        claim = licensure.claim(actor=cast.educator, done=done, asks=[licensure.Ask(rule.pk, buys=True)])
        licensure.vote_on_claim(actor=clerk, claim_id=claim.pk, vote="grant")
