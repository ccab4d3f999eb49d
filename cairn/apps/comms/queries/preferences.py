"""How people want letters: what they chose, when one goes, and the link that ends them. Feeds of dates too."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing

from cairn.apps.comms.models import CalendarFeed, Letter, Preferences
from cairn.apps.comms.states import CATEGORIES, DIGEST, HOWS, URGENT, Category
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.kernel.ids import LENGTH, is_id
from cairn.pure.clocks import next_at, quiet_until

_signer = signing.Signer(salt="letters")
MORNING = time(7)  # when digests go, on their reader's clocks
MONDAY = 0


@dataclass(frozen=True)
class Choice:
    """A category, what may be chosen for it, and what counts now."""

    key: str
    category: Category
    hows: tuple[tuple[str, str], ...]
    how: str


def choices(preferences: Preferences | None) -> tuple[Choice, ...]:
    return tuple(
        Choice(key, each, tuple((how, words) for how, words in HOWS.items() if how in each.hows), how_of(preferences, key))
        for key, each in CATEGORIES.items()
    )


def my_preferences(viewer: Actor) -> Preferences | None:
    return Preferences.objects.visible_to(viewer).filter(person_id=viewer.person_id).first()


def how_of(preferences: Preferences | None, category: str) -> str:
    """What was chosen, as long as it may be; else the category's own first."""
    allowed = CATEGORIES[category].hows
    chosen = preferences.hows.get(category) if preferences else None
    return chosen if chosen in allowed else allowed[0]


@dataclass(frozen=True)
class Route:
    """What becomes of a letter that is written now."""

    state: str
    waits_for: str = ""
    goes_at: datetime | None = None


@dataclass(frozen=True)
class Routes:
    """The ways to several people, read at once."""

    preferences: Mapping[str, Preferences]
    zones: Mapping[str, str]

    def zone_of(self, person_id: str) -> ZoneInfo:
        return ZoneInfo(self.zones.get(person_id) or "America/Chicago")

    def of(self, person_id: str, category: str, now: datetime) -> Route:
        chosen, zone = self.preferences.get(person_id), self.zone_of(person_id)
        how = how_of(chosen, category)
        if how == "here":
            return Route("kept")
        goes_at = now if how == "now" else next_at(now, MORNING, zone, weekday=MONDAY if how == "weekly" else None)
        if chosen and chosen.quiet_from is not None and chosen.quiet_until is not None and category not in URGENT:
            goes_at = quiet_until(goes_at, chosen.quiet_from, chosen.quiet_until, zone) or goes_at
        return Route("queued") if goes_at == now else Route("waiting", "morning" if how == "now" else how, goes_at)


def routes(viewer: Actor, person_ids: Iterable[str]) -> Routes:
    """For the system, which writes letters, and for whoever may write to these people."""
    ids = set(person_ids)
    chosen = {each.person_id: each for each in Preferences.objects.filter(person_id__in=ids)}
    return Routes(chosen, people.zones_of(ids))


# --- One click ends them ---------------------------------------------------------------------------------------------


def may_end(letter: Letter) -> bool:
    """Whether its addressee may say: no more of these by e-mail."""
    return letter.person_id is not None and (letter.kind == DIGEST or "here" in CATEGORIES[letter.category].hows)


def end_link(letter: Letter) -> str:
    """Path at which one click ends letters like this one. It names the letter alone, and only to whoever has it."""
    return f"/letters/{_signer.sign(letter.pk)}/"


def ended_by(link: str) -> Letter:
    """The letter that holds the link; NotFound where none does."""
    try:
        letter_id = _signer.unsign(link)
    except signing.BadSignature:
        raise NotFound("page") from None
    letter = Letter.objects.filter(pk=letter_id).first()
    if letter is None or not may_end(letter):
        raise NotFound("page")
    return letter


def meant_by(link: str) -> tuple[str, ...]:
    """The titles of what the link ends: one category, or all that come in a digest."""
    letter = ended_by(link)
    return ("Digests",) if letter.kind == DIGEST else (CATEGORIES[letter.category].title,)


# --- Feeds of dates ----------------------------------------------------------------------------------------------------


def my_feed(viewer: Actor) -> CalendarFeed | None:
    return CalendarFeed.objects.visible_to(viewer).live().filter(person_id=viewer.person_id).first()


def feed_token(feed: CalendarFeed) -> str:
    """What its address holds: whoever has it reads the dates."""
    return str(feed.pk) + hmac.new(settings.SECRET_KEY.encode(), f"calendar\n{feed.pk}".encode(), hashlib.sha256).hexdigest()[:40]


def feed_owner(token: str) -> str:
    """Id of the person whose dates the secret address shows; NotFound where it is none, or has ended."""
    feed_id = token[:LENGTH]
    feed = CalendarFeed.objects.live().filter(pk=feed_id).first() if is_id(feed_id) else None
    if feed is None or not hmac.compare_digest(feed_token(feed).encode(), token.encode()):
        raise NotFound("calendar")
    return str(feed.person_id)
