"""What people say of their letters and dates: how they want them, that they have read them, where a calendar may ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from cairn.apps.comms import events, policy
from cairn.apps.comms.models import CalendarFeed, Letter, Preferences
from cairn.apps.comms.queries.preferences import ended_by, how_of
from cairn.apps.comms.states import CATEGORIES, DIGEST
from cairn.apps.ledger.steps import record
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Invalid


@command
def change_preferences(
    *, actor: Actor, hows: Mapping[str, str], quiet_from: time | None = None, quiet_until: time | None = None
) -> Preferences:
    """Say how one wants letters of each category, and when none should come; what is not named is as before."""
    policy.CHOOSE.require(actor, None)
    for category, how in hows.items():
        if category not in CATEGORIES or how not in CATEGORIES[category].hows:
            words = "These letters cannot be had like that."
            raise Invalid("how-unknown", words, "Choose from the list.", {category: "Choose from the list."})
    if (quiet_from is None) != (quiet_until is None) or (quiet_from is not None and quiet_from == quiet_until):
        words = "Quiet hours need a beginning and an end that differ; leave both out for none."
        raise Invalid("quiet-hours-open", words, "", {"quiet_until" if quiet_from else "quiet_from": words})
    preferences = _own(str(actor.person_id))
    preferences.hows = {**preferences.hows, **hows}
    preferences.quiet_from, preferences.quiet_until, preferences.changed_at = quiet_from, quiet_until, clock.now()
    preferences.save()
    record(events.PREFERENCES_CHANGED, actor=actor, subject=preferences, hows=preferences.hows, how="page")
    return preferences


@command
def end_letters(*, actor: Actor, link: str) -> Preferences:
    """What a letter's link asks for, whoever follows it: no more of its category by e-mail. Done twice is done once."""
    letter = ended_by(link)
    preferences = _own(str(letter.person_id))
    if letter.kind == DIGEST:
        gathered = [category for category in CATEGORIES if how_of(preferences, category) in ("daily", "weekly")]
    else:
        gathered = [letter.category]
    ended = {category: "here" for category in gathered if "here" in CATEGORIES[category].hows}
    if ended.items() - preferences.hows.items():
        preferences.hows = {**preferences.hows, **ended}
        preferences.changed_at = clock.now()
        preferences.save(update_fields=["hows", "changed_at"])
        record(events.PREFERENCES_CHANGED, actor=actor, subject=preferences, hows=preferences.hows, how="link")
    return preferences


def _own(person_id: str) -> Preferences:
    Preferences.objects.get_or_create(person_id=person_id)
    return Preferences.objects.locked(person_id=person_id)


@command
def mark_read(*, actor: Actor, letter_id: str) -> Letter:
    """No fact: what somebody reads is theirs."""
    letter = Letter.objects.visible_to(actor).locked(pk=letter_id)
    policy.READ.require(actor, letter)
    if letter.read_at is None:
        letter.read_at = clock.now()
        letter.save(update_fields=["read_at"])
    return letter


@command
def mark_all_read(*, actor: Actor) -> None:
    policy.CHOOSE.require(actor, None)
    Letter.objects.visible_to(actor).filter(person_id=actor.person_id, read_at=None).update(read_at=clock.now())


# --- A calendar of one's own -------------------------------------------------------------------------------------------


@command
def begin_feed(*, actor: Actor) -> CalendarFeed:
    """A secret address for one's dates; the one before ends with it."""
    policy.CHOOSE.require(actor, None)
    _own(str(actor.person_id))  # of several at once, each ends the one before
    CalendarFeed.objects.visible_to(actor).filter(person_id=actor.person_id, ended_at=None).update(ended_at=clock.now())
    feed = CalendarFeed.objects.create(person_id=str(actor.person_id))
    record(events.FEED_BEGUN, actor=actor, subject=feed)
    return feed


@command
def end_feed(*, actor: Actor) -> CalendarFeed | None:
    policy.CHOOSE.require(actor, None)
    feed = CalendarFeed.objects.visible_to(actor).filter(person_id=actor.person_id, ended_at=None).select_for_update().first()
    if feed is not None:
        feed.ended_at = clock.now()
        feed.save(update_fields=["ended_at"])
        record(events.FEED_ENDED, actor=actor, subject=feed)
    return feed
