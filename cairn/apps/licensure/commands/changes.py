"""A change of a rule is looked at before it takes effect: an officer asks, the worker computes it over everybody, it is kept."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import Authority, ChangedLicense, RuleChange
from cairn.apps.licensure.queries.changes import meant
from cairn.apps.licensure.queries.statewide import Change
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel.text import clean

TEXT_LIMIT, AT_ONCE = 100_000, 1_000


@command
def ask_change(*, actor: Actor, authority_id: str, rules: str, before: date, after: date, text: str = "") -> RuleChange:
    """Ask what it would do to everybody if one version took the place of another; the answer is computed by the worker."""
    authority = Authority.objects.visible_to(actor).get_or_not_found(pk=authority_id)
    policy.LOOK_AHEAD.require(actor, authority)
    text = clean(text, limit=TEXT_LIMIT, field="text").strip()
    two = meant(authority.jurisdiction, rules, before, after, text)
    row = RuleChange(authority=authority, rules=rules, before=before, after=after, text=text, asked_by_id=actor.person_id)
    row.save(force_insert=True)
    record(events.CHANGE_ASKED, actor=actor, subject=row, organization=authority.organization_id, rules=rules, before=before.isoformat(),
           after=after.isoformat(), hashes=[two.before.hash, two.after.hash], is_written=bool(text))  # fmt: skip
    return row


@command
def keep_change(*, actor: Actor, change_id: str, on: date, told: Change) -> RuleChange:
    """Keep what was computed: the counts, and by name those who are listed. Kept once; a second time changes nothing."""
    policy.COUNT.require(actor, None)
    row = RuleChange.objects.visible_to(actor).locked(pk=change_id)
    if row.on is not None:
        return row
    counts = {name: number for name, number in asdict(told).items() if name != "turned"}
    row.on, row.counts = on, counts
    row.save(update_fields=["on", "counts"])
    found = [
        ChangedLicense(
            change=row, license_id=one.license_id, turn=one.turn,
            lines=[{"title": each.node.title, "cite": each.node.cite, "is_gone": each.is_gone} for each in one.lines],
        )
        for one in told.turned
    ]  # fmt: skip
    ChangedLicense.objects.bulk_create(found, batch_size=AT_ONCE)
    record(events.CHANGE_COMPUTED, actor=actor, subject=row, on=on.isoformat(), listed=len(found), **counts)
    return row
