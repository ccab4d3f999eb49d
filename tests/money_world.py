"""Builders for money: two associations, an offering with a price for everyone and one for members, rosters as files."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.imports import commands as imports
from cairn.apps.payments import commands as payments
from cairn.apps.payments import queries
from cairn.apps.people import queries as people
from cairn.apps.people.models import Person
from cairn.apps.programs import commands as programs
from cairn.apps.programs.queries.prices import sold
from cairn.frame import tables
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.packs_world import pack_files
from tests.world import SYSTEM, World


def noon(day: str) -> datetime:
    """Noon in the middle of the United States."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=18)


class MoneyWorld(World):
    """The issuer of small steps sells at $200, to members of two associations at $180 and $190."""

    @cached_property
    def principals(self):
        return self.organization("Elementary Principals", kind="association")

    @cached_property
    def secondary(self):
        return self.organization("Secondary Principals", kind="association")

    @cached_property
    def admin(self):
        return self.person("Ada Admin", organization_admin=self.issuer)

    @cached_property
    def secretary(self):
        """Keeps the rosters of both associations."""
        actor = self.person("Sam Secretary", organization_admin=self.principals)
        self.grant(actor.person_id, "organization admin", self.secondary)
        return people.actor_of(actor.person_id)

    @cached_property
    def sold(self):
        return sold(self.offering)

    @cached_property
    def another(self):
        """An offering of another pack's micro-credential, sold by another program of the issuer, at $70.01."""
        program = programs.found_program(actor=SYSTEM, slug="second", title="Second", summary="", organization_id=self.issuer.pk)
        catalog.import_pack(actor=SYSTEM, files=pack_files("far-bend"))
        drain()
        more = Microcredential.objects.filter(state="published").exclude(pk=self.microcredential.pk).get()
        begun = (clock.now() - timedelta(days=9)).date()
        offering = programs.offer(
            actor=SYSTEM, program_id=program.pk, microcredential_id=more.pk, kind="open", opens_on=begun, last_day=None, days=120
        )
        self.price(70_01, what=sold(offering))
        return offering

    def begun(self, actor, offering):
        """The entitlement of somebody who begins."""
        return queries.entitlement_of(actor, programs.enroll(actor=actor, offering_id=offering.pk).pk)

    def price(self, cents, audience=None, starts_on="2020-01-01", ends_on=None, what=None):
        last = date.fromisoformat(ends_on) if ends_on else None
        return payments.set_price(
            actor=SYSTEM, sold=what or self.sold, audience_id=audience.pk if audience else None, cents=cents,
            starts_on=date.fromisoformat(starts_on), ends_on=last,
        )  # fmt: skip

    def prices(self):
        self.price(200_00)
        self.price(180_00, self.principals)
        self.price(190_00, self.secondary)

    def email(self, actor) -> str:
        return Person.objects.get(pk=actor.person_id).email

    def member(self, actor, of=None, valid_from="2025-07-01", valid_to=None):
        return payments.enter_member(
            actor=SYSTEM, organization_id=(of or self.principals).pk, email=self.email(actor), name="Dana Whitfield",
            valid_from=date.fromisoformat(valid_from), valid_to=date.fromisoformat(valid_to) if valid_to else None,
        )  # fmt: skip

    def quote(self, actor):
        return queries.price_for(actor, self.sold)

    def owing(self, name="", cents=200_00, **more):
        """Somebody who has begun at a price: the actor and the entitlement."""
        if not queries.prices_in(SYSTEM, self.issuer.pk).exists():
            self.price(cents)
        actor = self.person(name, **more)
        run = programs.enroll(actor=actor, offering_id=self.offering.pk)
        return actor, queries.entitlement_of(actor, run.pk)

    def ordered(self, actor=None, entitlement=None, **more):
        if entitlement is None:
            actor, entitlement = self.owing()
        return payments.place_order(actor=actor, entitlement_ids=[entitlement.pk], **more)

    def read_roster(self, text, of=None, actor=None, complete=False, name="members.csv", work="read_table"):
        """The dry run of a file."""
        data = text if isinstance(text, bytes) else text.encode()
        chosen = tables.read(io.BytesIO(data), queries.ROSTER, name=name, work=work)
        return payments.read_roster(
            actor=actor or self.secretary, organization_id=(of or self.principals).pk, chosen=chosen, complete=complete,
        )  # fmt: skip

    def take_roster(self, text, **more):
        source = self.read_roster(text, **more)
        if source.writes:
            imports.confirm(actor=more.get("actor") or self.secretary, import_id=source.pk, sha256=source.sha256, leaves_out=True)
            drain()
            source.refresh_from_db()
        return source


def priced(microcredential) -> None:
    """Whoever begins it from now on is asked for $200."""
    what = queries.Sold("microcredential", microcredential.pk, microcredential.title, microcredential.issuer_id)
    payments.set_price(actor=SYSTEM, sold=what, audience_id=None, cents=200_00, starts_on=date(2020, 1, 1))


def money_things(actor, run, organization) -> dict[str, str]:
    """What addresses hold of somebody's order for a run at a priced thing, and of how its organization sells."""
    place = queries.entitlement_of(actor, run.pk)
    order = payments.place_order(actor=actor, entitlement_ids=[place.pk], po_number="PO-1")
    first = date(2020, 1, 1)
    voucher = payments.issue_voucher(actor=SYSTEM, organization_id=organization.pk, label="Helpers", uses=1, percent=50, starts_on=first)
    member = payments.enter_member(actor=SYSTEM, organization_id=organization.pk, email="kim@example.org", name="Kim Lee", valid_from=first)
    return {"entitlement_id": place.pk, "order_id": order.pk, "invoice_id": order.invoices.get().pk, "voucher_id": voucher.pk,
            "membership_id": member.pk, "price_id": place.price_id}  # fmt: skip
