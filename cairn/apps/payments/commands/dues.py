"""What assessors earn, are owed, and are paid."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.payments import events, policy
from cairn.apps.payments.commands.prices import affordable
from cairn.apps.payments.models import Due, Rate
from cairn.apps.payments.queries.dues import earned_on
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock, text
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.facts import Recorded


@command
def set_rate(*, actor: Actor, organization_id: str, cents: int, starts_on: date, microcredential_id: str | None = None) -> Rate:
    """Say what one locked sheet earns from a day on; what is owed already stays as it is."""
    policy.SET_PRICES.require(actor, organization_id)
    if microcredential_id and not catalog.microcredentials_of(actor, organization_id).filter(pk=microcredential_id).exists():
        remedy = "Choose one of the list."
        raise Invalid("microcredential-unknown", "The organization has no such micro-credential.", remedy, {"microcredential": remedy})
    rate = Rate.objects.create(
        organization_id=organization_id, microcredential_id=microcredential_id, cents=affordable(cents), starts_on=starts_on
    )
    record(events.RATE_SET, actor=actor, subject=rate, organization=organization_id, microcredential=microcredential_id or "", cents=cents,
           starts_on=starts_on.isoformat())  # fmt: skip
    return rate


@command
def owe(*, actor: Actor, fact: Recorded) -> Due | None:
    """Consequence of a locked sheet: its assessor is owed the rate of that day, once, whatever is decided. None where nothing is paid."""
    if due := Due.objects.filter(sheet_id=fact.subject_id).first():
        return due
    assessor = people.who_now(fact.actor, people.became()).removeprefix("person:")
    day = fact.at.astimezone(people.zone_of(assessor)).date()
    cents = _rate(fact.organization, fact.data["microcredential"], day)
    if not cents:
        return None
    due = Due.objects.create(
        assessor_id=assessor, organization_id=fact.organization, sheet_id=fact.subject_id, code_name=fact.data["code_name"], cents=cents,
        earned_at=fact.at,
    )  # fmt: skip
    record(events.OWED, actor=actor, subject=due, organization=fact.organization, sheet=fact.subject_id, cents=cents)
    return due


def _rate(organization_id: str, microcredential_id: str, day: date) -> int:
    """The latest entered for the micro-credential, else for all."""
    standing = Rate.objects.filter(Q(microcredential_id=microcredential_id) | Q(microcredential=None), organization_id=organization_id)
    rates = sorted(standing.filter(starts_on__lte=day), key=lambda rate: (rate.microcredential_id is not None, rate.entered_at))
    return rates[-1].cents if rates else 0


@command
def pay_out(*, actor: Actor, organization_id: str, assessor_id: str, up_to: date, reference: str) -> list[Due]:
    """Enter that an assessor was paid all that was earned up to a day, by the number of the payment."""
    policy.SET_PRICES.require(actor, organization_id)
    reference = " ".join(text.clean(reference, limit=80, field="reference", name="The reference").split())
    if not reference:
        remedy = "Give the number of the check or transfer."
        raise Invalid("reference-missing", "Without a reference nobody finds the payment again.", remedy, {"reference": remedy})
    owed = Due.objects.visible_to(actor).filter(organization_id=organization_id, assessor_id=assessor_id, paid_at=None)
    dues = [due for due in owed.select_for_update(of=("self",)).order_by("pk") if earned_on(due) <= up_to]
    if not dues:
        raise Conflict("nothing-owed", "Nothing is owed up to that day.", "Reload the page; perhaps somebody entered the payment already.")
    Due.objects.filter(pk__in=[due.pk for due in dues], paid_at=None).update(paid_at=clock.now(), payout=reference)
    record(events.PAID_OUT, actor=actor, subject=dues[0], organization=organization_id, assessor=assessor_id,
           cents=sum(due.cents for due in dues), sheets=len(dues), reference=reference)  # fmt: skip
    return dues
