"""Closing an offering to new people, and opening it again. Not here: its last day, and taking people for longer (reviews)."""

from __future__ import annotations

from cairn.apps.ledger.steps import record
from cairn.apps.programs import events, policy
from cairn.apps.programs.commands.core import check_window
from cairn.apps.programs.commands.seats import end_place, tell_of
from cairn.apps.programs.models import Interest, Offering, Registration
from cairn.apps.programs.states import OFFERING
from cairn.frame.actor import Actor
from cairn.frame.commands import command


@command
def close_offering(*, actor: Actor, offering_id: str) -> Offering:
    """Nobody new comes, and the line ends: whoever stands in it hears so, and stands on the list of those who are told of the next one.
    Seats that are held or offered stay."""
    offering = _run(actor, offering_id)
    OFFERING.move(offering, to="closed")
    offering.save(update_fields=["state"])
    record(events.OFFERING_CLOSED, actor=actor, subject=offering, organization=offering.program.organization_id)
    for place in Registration.objects.in_line().filter(offering=offering).select_for_update(of=("self",)):
        place.offering = offering
        end_place(place, "line ended")
        tell_of(events.LINE_ENDED, actor, place)
        _keep_interest(actor, place)
    return offering


@command
def reopen_offering(*, actor: Actor, offering_id: str) -> Offering:
    """People may come again, up to its last day; those whose line ended ask anew."""
    offering = _run(actor, offering_id)
    OFFERING.move(offering, to="open")
    check_window(
        offering.program, offering.microcredential_id, offering.kind, offering.opens_on, offering.last_day, itself=offering.pk
    )  # fmt: skip
    offering.save(update_fields=["state"])
    record(events.OFFERING_REOPENED, actor=actor, subject=offering, organization=offering.program.organization_id)
    return offering


def _run(actor: Actor, offering_id: str) -> Offering:
    offering = Offering.objects.select_related("program").locked(pk=offering_id)
    policy.RUN_PROGRAM.require(actor, offering.program)
    return offering


def _keep_interest(actor: Actor, place: Registration) -> None:
    program, microcredential_id = place.offering.program, place.offering.microcredential_id
    interest, is_new = Interest.objects.get_or_create(
        program=program, microcredential_id=microcredential_id, person_id=place.person_id, ended_at=None
    )
    if is_new:
        record(events.INTEREST_SHOWN, actor=actor, subject=interest, organization=program.organization_id,
               microcredential=microcredential_id)  # fmt: skip
