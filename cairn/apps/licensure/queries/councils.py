"""Who of a council is asked about what somebody claims or proposes, and what their votes come to. Not here: casting one (commands)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cairn.apps.assessment import queries as assessment
from cairn.apps.licensure.models import Recognizer
from cairn.apps.people import queries as people
from cairn.frame.actor import system
from cairn.pure.clocks import business_days_after

_SYSTEM = system("licensure")
ASIDE = "aside"


@dataclass(frozen=True)
class Tally:
    """Votes so far: how many of each, how many of those who are asked have not voted, and how many equal votes settle it."""

    counts: Mapping[str, int]
    left: int
    needed: int

    @property
    def verdict(self) -> str:
        """What has been settled, or nothing: also where two kinds of votes are enough and equally many."""
        enough = {vote: count for vote, count in self.counts.items() if vote != ASIDE and self.needed and count >= self.needed}
        most = [vote for vote, count in enough.items() if count == max(enough.values())]
        return most[0] if len(most) == 1 else ""

    @property
    def asked(self) -> int:
        return sum(self.counts.values()) + self.left

    @property
    def is_for_nobody(self) -> bool:
        """Whether nobody is free to answer: all work in one building with the educator or have stepped aside, or there is no member."""
        return self.needed == 0

    @property
    def is_undecided(self) -> bool:
        """Whether all have voted and it is not settled, so that only a changed vote settles it."""
        return not (self.left or self.verdict or self.is_for_nobody)


class Councils:
    """The members of several recognizers and where they work, read once: asked about any number of claims with the same few queries."""

    def __init__(self, organization_ids: Iterable[str], educators: Iterable[str]) -> None:
        asked = sorted(set(organization_ids))
        self.recognizers = {each.organization_id: each for each in Recognizer.objects.filter(organization_id__in=asked)}
        self._members = {one: frozenset(people.holders(_SYSTEM, "council member", {"organization": one})) for one in asked}
        everybody = {person for members in self._members.values() for person in members} | set(educators)
        self._places: dict[str, set[str]] = {person: set() for person in everybody}
        for person, place in people.work_now(everybody):
            self._places[person].add(place)

    def asked_about(self, educator: str, organization_id: str) -> frozenset[str]:
        """Members who may vote: never the educator, nor whoever works in the same building."""
        hers = self._places.get(educator, set()) - {organization_id}
        return frozenset(m for m in self._members[organization_id] if m != educator and not (self._places[m] & hers))

    def tally(self, educator: str, organization_id: str, votes: Mapping[str, str]) -> Tally:
        """`votes`: person -> vote. Where fewer are free to vote than settle a claim, all of those who are must agree."""
        asked = self.asked_about(educator, organization_id)
        cast = {person: vote for person, vote in votes.items() if person in asked}
        counts = {vote: sum(each == vote for each in cast.values()) for vote in dict.fromkeys(cast.values())}
        free = len(asked) - counts.get(ASIDE, 0)
        recognizer = self.recognizers.get(organization_id)
        return Tally(counts, len(asked) - len(cast), min(recognizer.votes_needed if recognizer else 1, free))


def answer_due(recognizer: Recognizer, sent_on: date) -> date:
    """The last day of its answer: so many business days on, its closed days left out."""
    closed = assessment.closed_days(_SYSTEM, recognizer.organization_id).values_list("day", flat=True)
    return business_days_after(sent_on, recognizer.answer_days, frozenset(closed))


def reason_of(words: Collection[str]) -> str:
    """What those who settled it wrote, in an order that says nothing of who wrote what."""
    return "\n\n".join(sorted({each.strip() for each in words if each.strip()}))
