"""Two persons who are one: asked by the one, agreed to by the other, finished by the one; and then everything changes hands.

Not here: what capabilities above hold against it (site.wiring, OBJECTIONS), the letters (comms).
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from cairn.apps.ledger.steps import record
from cairn.apps.people import events, policy
from cairn.apps.people.models import Merging, Person, SupportAccess
from cairn.apps.people.queries import asked_by, owner_of_address, unclaimed
from cairn.apps.people.steps import close_account, end_what_both_hold, hand_over
from cairn.frame import wiring
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.facts import Recorded

OPEN_FOR = timedelta(hours=48)
A_DAY = 5  # questions, each of them a letter to somebody


@command
def ask_merging(*, actor: Actor, address: str) -> Merging:
    """Say that whoever has the address is oneself too. The answer is the same whether anybody has it or not."""
    kept = Person.objects.visible_to(actor).locked(pk=actor.person_id)
    policy.ASK_MERGING.require(actor, kept)
    gone, now = owner_of_address(address), clock.now()
    if gone == kept.pk and not (gone := unclaimed(address)):  # somebody on a roster, who is written to there too
        remedy = "Give the address of the other account."
        raise Invalid("address-own", "This address is yours already.", remedy, {"email": remedy})
    mine = Merging.objects.filter(kept=kept)
    if mine.filter(asked_at__gt=now - timedelta(days=1)).count() >= A_DAY:
        raise Conflict("asked-enough", f"You have asked {A_DAY} times today.", "Look for our letters, or ask again tomorrow.")
    mine.filter(outcome="").update(outcome="replaced", settled_at=now)
    merging = Merging.objects.create(kept=kept, gone_id=gone, address=address.lower(), asked_at=now, ends_at=now + OPEN_FOR)
    record(events.MERGING_ASKED, actor=actor, subject=merging, address=merging.address)
    return merging


@command
def agree_merging(*, actor: Actor, link: str) -> Merging:
    """The other says yes. Whoever asked then sees who that is: neither an address mistyped nor a stranger's yes makes two one."""
    merging = _asked(actor, link)
    policy.AGREE_MERGING.require(actor, merging)
    if merging.agreed_at is None:
        merging.agreed_at = clock.now()
        merging.ends_at = merging.agreed_at + OPEN_FOR
        merging.save(update_fields=["agreed_at", "ends_at"])
        record(events.MERGING_AGREED, actor=actor, subject=merging)
    return merging


@command
def decline_merging(*, actor: Actor, link: str) -> Merging:
    merging = _asked(actor, link)
    policy.DECLINE_MERGING.require(actor, merging)
    _settle(merging, "declined")
    record(events.MERGING_DECLINED, actor=actor, subject=merging)
    return merging


@command
def merge(*, actor: Actor, link: str) -> Person:
    """Make the two one. Whoever asked stays; the other's account closes, and its addresses open the one that stays."""
    merging = _asked(actor, link)
    policy.MERGE.require(actor, merging)
    kept, gone = _locked(merging.kept_id, str(merging.gone_id))
    if kept.merged_into_id or gone.merged_into_id:
        raise Conflict("merged-before", "One of the two has become another person already.", "Sign in as that person, and ask from there.")
    if SupportAccess.objects.filter(Q(operator=kept, person=gone) | Q(operator=gone, person=kept)).exists():
        raise Conflict("looked-at-each-other", "One of the two has looked through the other's eyes as support.", "Ask another operator.")
    wiring.object_to(events.PERSONS_MERGED, viewer=actor, gone=gone.pk, kept=kept.pk)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    end_what_both_hold(actor=actor, gone=gone, kept=kept)
    moved = hand_over(actor=actor, gone=gone, kept=kept)
    close_account(actor=actor, gone=gone, kept=kept, address=merging.address)
    _settle(merging, "merged")
    record(events.PERSONS_MERGED, actor=actor, subject=kept, gone=gone.pk, moved=moved)
    return kept


def _asked(actor: Actor, link: str) -> Merging:
    """What the letter asks: its link is half of the proof, being signed in the other half."""
    return Merging.objects.visible_to(actor).select_related("gone").locked(pk=asked_by(link))


def _locked(kept: str, gone: str) -> tuple[Person, Person]:
    """Both rows, always locked in one order, so that two mergings at once wait for one another."""
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=[kept, gone]).order_by("pk")
    both = {person.pk: person for person in rows}
    return both[kept], both[gone]


def _settle(merging: Merging, outcome: str) -> None:
    merging.outcome, merging.settled_at = outcome, clock.now()
    merging.save(update_fields=["outcome", "settled_at"])


@command
def follow_merging(*, actor: Actor, fact: Recorded) -> Person:
    """Consequence of a merging: what was being written for the other at that very moment follows too, to whoever they are by now."""
    now = Person.objects.visible_to(actor).get_or_not_found(pk=fact.data["gone"]).merged_into_id
    kept, gone = _locked(str(now), fact.data["gone"])
    moved = hand_over(actor=actor, gone=gone, kept=kept)
    if moved:
        record(events.ROWS_FOLLOWED, actor=actor, subject=kept, gone=gone.pk, moved=moved)
    return kept
