"""What a licensing officer relies on, in words: the five links behind an award, and the sentence that a page begins with.

Not here: what the links are and whether they hold (licensure).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cairn.apps.assessment.queries import Rigor
from cairn.apps.licensure.queries import ApplicationPage, AwardChain, lines_to_judge, open_lines
from cairn.interfaces.web.wording import joined, spelled
from cairn.pure import rules
from cairn.pure.clocks import long_date
from cairn.pure.rules.words import said_amount


@dataclass(frozen=True)
class Link:
    title: str
    words: str
    holds: bool
    fingerprint: str = ""


@dataclass(frozen=True)
class Relied:
    """An award that counts, with its links from the rule down to the evidence."""

    chain: AwardChain
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Opening:
    """The first sentences of an officer's page."""

    title: str
    lead: str
    holding: int
    links: int


def relied(chains: Sequence[AwardChain], zone: ZoneInfo) -> tuple[Relied, ...]:
    return tuple(Relied(chain, tuple(_links(chain, zone))) for chain in chains)


def opening(page: ApplicationPage, found: Sequence[Relied]) -> Opening:
    links = [link.holds for one in found for link in one.links]
    broken = links.count(False)
    if broken:
        title = f"{_count(broken, 'link').capitalize()} of {len(links)} {'does' if broken == 1 else 'do'} not hold"
        return Opening(title, "Look at what is marked below before you sign anything.", len(links) - broken, len(links))
    checked = f"{spelled(len(links)).capitalize()} of {spelled(len(links))} links hold, checked just now. " if links else ""
    standing, to_judge = page.standing, lines_to_judge(page.standing)
    questions = [node for node in standing.walk() if node.id in to_judge]
    if standing.state == rules.MET:
        return Opening("Every line is met, as computed", f"{checked}What is left is your signature.", len(links), len(links))
    if standing.state == rules.OFFICER and questions:
        awards = f"You can rely on {_awards(len(found))}. " if found else ""
        title = f"{awards}{spelled(len(questions)).capitalize()} question{' is' if len(questions) == 1 else 's are'} yours."
        named = joined([f"“{node.title}”" for node in questions])
        return Opening(title, f"{checked}{named}: this is not computed, and an officer must judge.", len(links), len(links))
    unmet = len(open_lines(standing))
    title = f"{_count(unmet, 'line').capitalize()} {'is' if unmet == 1 else 'are'} not met, as computed"
    return Opening(title, f"{checked}You may return it, sign that the rule is not met, or record an exception.", len(links), len(links))


def _awards(number: int) -> str:
    return {1: "the award", 2: "both awards"}.get(number, f"all {spelled(number)} awards")


def _count(number: int, noun: str) -> str:
    return f"{spelled(number)} {noun}" if number == 1 else f"{spelled(number)} {noun}s"


def _links(chain: AwardChain, zone: ZoneInfo) -> list[Link]:
    accepts, genuine, followed, sheets, sealed = chain.links
    listing, rigor, seal = chain.listing, chain.rigor, chain.sealed
    counts = _credits(chain) or "It counts by a line that asks for no list."
    listed = f"On the list of {listing.organization.name} since {long_date(listing.approved_from)}." if listing else ""
    cited = f" {listing.cite}." if listing and listing.cite else ""
    passed = [check for check in chain.verification.checks if check.result == "passed"]
    return [
        Link("The rule accepts it" if accepts else "On no list of this authority on the day of the award",
             (f"{listed}{cited}" if listing else counts) if accepts else "It may count by another line of the rule; see which, above.",
             accepts),
        Link("The award is genuine" if genuine else "The award does not verify",
             f"{chain.credential.issuer.name} to {chain.credential.earner or 'this educator'}, {long_date(chain.credential.awarded_on)}. "
             f"{len(passed)} of {len(chain.verification.checks)} checks passed just now.", genuine),
        Link("The decision followed its rule" if followed else "The record of this award does not hold", _decided(rigor, zone), followed),
        Link(_sheets_title(rigor), _sheets(rigor, zone), sheets),
        Link("The evidence is what they read" if sealed else "The evidence is no longer what was sealed",
             f"{_count(seal.files, 'file').capitalize()} and {seal.words:,} words, sealed on "
             f"{long_date(seal.sealed_at.astimezone(zone).date())}. You see the fingerprint, not the work, which stays closed.",
             sealed, seal.fingerprint),
    ]  # fmt: skip


def _credits(chain: AwardChain) -> str:
    """What recognizers gave for it, each with its day and clause."""
    told = []
    for row in chain.credits:
        cited = f" ({row.cite})" if row.cite else ""
        told.append(f"{row.organization.name} gave {said_amount(row.amount, row.unit)} for it on {long_date(row.granted_on)}{cited}.")
    return " ".join(told)


def _decided(rigor: Rigor, zone: ZoneInfo) -> str:
    attempt = {1: "first", 2: "second", 3: "third"}.get(rigor.attempt, f"{rigor.attempt}th")
    carried = f" {_count(rigor.carried, 'detail').capitalize()} had been shown before." if rigor.carried else ""
    day = long_date(rigor.decided_at.astimezone(zone).date())
    outcome = "Earned" if rigor.outcome == "earned" else "Not yet"
    return f"{outcome} on the {attempt} attempt, {day}, by version {rigor.number} of its rubric.{carried}"


def _sheets_title(rigor: Rigor) -> str:
    count = len(rigor.readers)
    if rigor.lead is not None:
        return f"{spelled(count).capitalize()} sheets, then a lead's"
    return "One sheet" if count == 1 else f"{spelled(count).capitalize()} sheets agree" if count else "No sheet"


def _sheets(rigor: Rigor, zone: ZoneInfo) -> str:
    days = joined(list(dict.fromkeys(long_date(sheet.locked_at.astimezone(zone).date()) for sheet in rigor.readers)))
    names = joined([sheet.code_name for sheet in rigor.readers])
    said = f"Locked separately on {days} ({names}), without a name and free of conflict. "
    said += f"Same level on {len(rigor.alike)} of {rigor.scored} details"
    said += f"; one level apart on {joined(rigor.adjacent)}" if rigor.adjacent else ""
    said += f"; two or more apart on {joined(rigor.apart)}" if rigor.apart else ""
    if rigor.lead is None:
        return f"{said}."
    return (
        f"{said}. A lead who had read neither locked a sheet on {long_date(rigor.lead.locked_at.astimezone(zone).date())}, and settled it."
    )
