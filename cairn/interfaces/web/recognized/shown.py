"""Claims, schedules and proposals in words, as pages show them. Not here: what was given (given), deciding anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cairn.apps.licensure.queries.answers import Said, said_of
from cairn.apps.licensure.queries.claims import Claimable, Desk, MyClaims, Waiting
from cairn.apps.licensure.queries.councils import Tally
from cairn.apps.licensure.queries.proposals import ProposalPage, findings_of
from cairn.apps.licensure.queries.schedules import schedule_of
from cairn.interfaces.web.art import Badge
from cairn.interfaces.web.stones import badge_of
from cairn.interfaces.web.wording import spelled
from cairn.kernel import clock
from cairn.pure.clocks import long_date
from cairn.pure.money import dollars
from cairn.pure.proposals import named_sources
from cairn.pure.rules.schedules import Schedule, Terms
from cairn.pure.rules.words import listed, said_amount, said_number, said_unit

# State of a claim or proposal -> how it is drawn, and what is said.
STATES = {
    "drafted": ("later", "Not sent yet"),
    "waiting": ("half", "Waits for another award"),
    "submitted": ("later", "Being read"),
    "returned": ("soon", "Came back with a question"),
    "approved": ("met", "Approved"),
    "granted": ("met", "Granted"),
    "declined": ("stopped", "Declined"),
    "withdrawn": ("later", "Taken back"),
}
OWN_PLAN = ("A plan of one’s own", "own-plan", 0)  # as badges of proposals are drawn
_SAID_OF_VOTES = {"grant": "for", "approve": "for", "return": "to return", "decline": "to decline", "aside": "stepped aside"}
_MARKS = {"grant": "met", "approve": "met", "return": "half", "decline": "stop", "aside": "officer"}


def amount(number: Decimal, unit: str) -> str:
    """10 points; 0.5 USBE credit."""
    return said_amount(number, unit)


def spaced(name: str) -> str:
    return name.replace("-", " ")


# --- The desk -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownWaiting:
    """A row of the desk: what is asked, what the rule says (sentences, the one that matters, clauses), what shows it, and the votes."""

    each: Waiting
    badge: Badge
    who: str
    title: str
    asked: tuple[str, ...]
    rule: tuple[str, ...]
    follows: str
    cites: str
    evidence: str
    votes: str
    marks: tuple[str, ...]


def line(each: Waiting) -> ShownWaiting:
    if each.claim is not None and each.said is not None:
        return _claim_line(each, each.claim, each.said)
    thing = each.thing
    badge = Badge(thing.pk, thing.title, *OWN_PLAN)
    found = tuple(finding.words for finding in each.findings)
    asked = ("Approval before they begin. " + ("All parts are there." if not found else "Something is not there yet."),)
    follows = "" if found else "It meets the checklist."
    return ShownWaiting(each, badge, thing.person.name, f"A plan of their own: {thing.title}", asked, found, follows, "", "",
                        votes(each.tally), marks(each.tally))  # fmt: skip


def _claim_line(each: Waiting, found: Any, said: Said) -> ShownWaiting:
    badge = _badge(found)
    title = f"{found.title}: {amount(found.asked or said.amount, said.unit)}" if found.asked or said.amount else found.title
    return ShownWaiting(
        each, badge, found.person.name, title, _asked(found, said), tuple(words for words, _ in said.reasons), follows(said), said.cites,
        found.evidence, votes(each.tally), marks(each.tally),
    )  # fmt: skip


def _badge(found: Any) -> Badge:
    """Of the award; of something else that was done, one that its title draws."""
    if found.credential is not None:
        return badge_of(found.credential.version.microcredential)
    return Badge(found.pk, found.title, "Activity", "activity", 0)


def _asked(found: Any, said: Said) -> tuple[str, ...]:
    what = f"{amount(found.asked, said.unit).capitalize()}" if found.asked else "What the rule gives"
    level = f" for {found.level}" if found.level else ""
    hours = f" ({said_amount(found.hours, 'clock-hour')})" if found.hours else _measured(found)
    did = "a micro-credential earned on" if found.credential_id else "something done up to"
    told = [f"{what}{level}{hours}, for {did} {long_date(found.done_on)}."]
    if found.rests_on:
        told.append(f"It goes on from “{found.rests_on.title}”, {found.rests_on.level}.")
    if found.bucket:
        told.append(f"Toward {spaced(found.bucket)} goals.")
    if found.elected:
        told.append(f"Counted as {spaced(found.elected)}.")
    if said.together:
        told.append(f"Claimed together with {spelled(len(said.together))} more.")
    return tuple(told)


def _measured(found: Any) -> str:
    """So much of the unit that it is claimed in: " (2 CEUs)"."""
    unit = found.unit or ("semester-hour" if found.kind == "credit" else "")
    return f" ({said_amount(found.quantity, unit)})" if unit else ""


def follows(said: Said) -> str:
    if said.is_refused:
        return "Nothing follows from it."
    if said.waits:
        return "It waits for another."
    return f"{amount(said.amount, said.unit)} follow{'s' if said.amount == 1 else ''}."


def votes(tally: Tally) -> str:
    """2 for, 1 to return, 2 still to vote."""
    told = [
        f"{count} {_SAID_OF_VOTES[vote]}"
        for vote, count in sorted(tally.counts.items(), key=lambda one: list(_SAID_OF_VOTES).index(one[0]))
    ]
    counted = ", ".join([*(told or ["0 for"]), f"{tally.left} still to vote"])
    if tally.is_for_nobody:
        return f"{counted}. Nobody else is free to answer it, until an admin names another member"
    needed = f"{spelled(tally.needed)} equal vote{'' if tally.needed == 1 else 's'}"
    return f"{counted}. It is settled by {needed}, and more of them than of any other: change a vote" if tally.is_undecided else counted


def marks(tally: Tally) -> tuple[str, ...]:
    """An icon for each vote, and for each that is still to come."""
    cast = [_MARKS[vote] for vote in _SAID_OF_VOTES for _ in range(tally.counts.get(vote, 0))]
    return (*cast, *["open"] * min(tally.left, 25))


def choices(each: Waiting, of_claims: Mapping[str, str], of_proposals: Mapping[str, str]) -> dict[str, str]:
    """What a member may choose: to grant what follows, or else to decline with the citation."""
    if each.claim is None or each.said is None:
        barred = {"approve"} if each.findings else set()
        return {vote: words for vote, words in of_proposals.items() if vote not in barred}
    said, told = each.said, dict(of_claims)
    if said.is_refused or not said.amount:
        del told["grant"]
        return told
    given = min(said.amount, each.claim.asked) if each.claim.asked else said.amount
    return told | {"grant": f"Grant {amount(given, said.unit)}", "decline": "Decline it, with a reason"}


def head(desk: Desk, zone: ZoneInfo) -> dict[str, Any]:
    """The sentence at the top, and what lies below it."""
    meets_at = desk.recognizers[0].meets_at if desk.recognizers else None
    return {**_title(desk), "meets_on": meets_at.astimezone(zone).date() if meets_at else None}


def _title(desk: Desk) -> dict[str, str]:
    count, due = len(desk.mine), desk.next_due
    if not count:
        return {
            "title": "Nothing waits for your vote",
            "lead": "What educators claim from your council comes here, with the rule beside it.",
        }
    late = sum(each.is_late for each in desk.mine)
    title = f"{spelled(count).capitalize()} wait{'s' if count == 1 else ''} for your vote"
    if late:
        title += f"; {spelled(late)} {'is' if late == 1 else 'are'} late"
    elif due and due.thing.due_on:
        title += f"; the first answer is due {long_date(due.thing.due_on)}"
    return {"title": title, "lead": _lead(desk.mine)}


def _lead(lines: Sequence[Waiting]) -> str:
    claims = [each for each in lines if each.said is not None]
    refused = sum(each.said.is_refused for each in claims if each.said)
    more = sum("asks-for-more" in each.said.flags for each in claims if each.said)
    plans = [each for each in lines if each.proposal is not None]
    lacking = sum(bool(each.findings) for each in plans)
    plain = len(claims) - refused - more
    told = [
        (plain, "follows straight from your rule", "follow straight from your rule"),
        (more, "asks for more than it gives", "ask for more than it gives"),
        (refused, "goes against it", "go against it"),
        (lacking, "is a plan that lacks something", "are plans that lack something"),
        (len(plans) - lacking, "is a plan with all its parts", "are plans with all their parts"),
    ]
    said = listed(f"{spelled(n)} {one if n == 1 else many}" for n, one, many in told if n)
    return f"{said[:1].upper()}{said[1:]}. You decide; the rule only stands beside each."


def voted(thing: Any) -> str:
    if thing.state == "submitted":
        return "Your vote is in. You may change it until it is settled."
    return f"Your vote settled it: {STATES[thing.state][1].lower()}."


# --- Claims and proposals in lists ----------------------------------------------------------------------------------------


def claim(found: Any) -> dict[str, Any]:
    """A claim in one's own list: its state in words, and what the rule says to it."""
    kind, words = STATES[found.state]
    said = said_of(found.answer) if found.answer else None
    if found.state == "submitted" and found.due_on:
        words = f"Answer due {long_date(found.due_on)}"
    if found.state == "approved":
        kind, words = ("later", "Approved; its credit is being posted") if found.is_fee_settled else ("soon", "Approved, with a fee to pay")
    if found.state == "granted" and said and said.amount:
        given = min(said.amount, found.asked) if found.asked else said.amount
        words = f"Granted: {amount(given, said.unit)}" if found.joined_to_id is None else "Granted together"
    return {
        "claim": found, "kind": kind, "words": words, "said": said, "follows": follows(said) if said else "",
        "asked": _asked(found, said) if said else (),
        "badge": _badge(found),
        "is_open": found.state in ("waiting", "submitted", "returned", "approved"), "may_send": found.state == "returned",
        "fee": f"${said.fee_cents / 100:,.0f}" if said and said.fee_cents else "",
    }  # fmt: skip


def fee(found: Any) -> dict[str, str]:
    """Credit that was approved for a fee: what is given, and how the fee stands."""
    said = said_of(found.answer)
    kind, words = ("met", "Paid") if found.is_fee_settled else ("soon", f"Waits for {dollars(said.fee_cents)}")
    if found.waived:
        words = f"No fee: {found.waived}"
    elif found.order is not None and found.order.state in ("void", "refunded"):
        words = "Its order was called off, or the money given back"
    return {"given": amount(said.amount, said.unit), "kind": kind, "words": words}


def my_groups(found: MyClaims, decided: Iterable[Any]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Of each that holds something: its name in addresses, its title, and its claims."""
    told = (
        ("wanted", "Needs something from you", found.wanted), ("drafts", "Drafts", found.drafts), ("waiting", "Being read", found.waiting),
        ("decided", "Decided", decided),
    )  # fmt: skip
    shown = [(name, title, [claim(each) for each in claims]) for name, title, claims in told]
    return [group for group in shown if group[2]]


def my_head(found: MyClaims, awards: Sequence[Claimable], offered: Sequence[Any]) -> str:
    """What is next for an educator. `offered`: where they may claim."""
    wanted, reading = len(found.wanted), len(found.waiting)
    unread = sum(not each.claims for each in awards)
    if wanted:
        return f"{spelled(wanted).capitalize()} claim{' needs' if wanted == 1 else 's need'} something from you"
    if reading:
        return f"{spelled(reading).capitalize()} claim{'' if reading == 1 else 's'} {'is' if reading == 1 else 'are'} being read"
    if found.drafts:
        count = len(found.drafts)
        return f"{spelled(count).capitalize()} draft{'' if count == 1 else 's'} that nobody reads yet"
    if not offered:
        return "Nobody takes claims from where you work yet"
    if unread:
        return f"{spelled(unread).capitalize()} award{'' if unread == 1 else 's'} that you could claim for"
    return "Nothing to claim just now"


def proposal(found: Any) -> dict[str, Any]:
    kind, words = STATES[found.state]
    if found.state == "submitted" and found.due_on:
        words = f"Answer due {long_date(found.due_on)}"
    return {"proposal": found, "kind": kind, "words": words, "badge": Badge(found.pk, found.title, *OWN_PLAN)}


def plan(page: ProposalPage) -> dict[str, Any]:
    """A proposal's page: where it stands, and the trail of what was sent."""
    last = page.last
    content = last.content if last and not page.is_mine else page.proposal.content
    parts = [
        (each.title, [(asked.label, content.get(asked.id, "")) for asked in each.asks], each.sources_min > 0)
        for each in page.template.components
    ]
    found = findings_of(last) if last else ()
    flagged = {each.source for each in found}
    trail = [(each, findings_of(each), STATES[each.outcome][1] if each.outcome else "Being read") for each in page.rounds]
    return {
        **proposal(page.proposal), "parts": parts, "trail": trail, "findings": found,
        "found": [each for each in found if each.by == "council"],
        "sources": [(n, source, n in flagged, _silent(last, source)) for n, source in enumerate(named_sources(content))],
    }  # fmt: skip


def _silent(last: Any, source: Mapping[str, str]) -> str:
    """The day on which its address was asked last and did not answer."""
    day = last.silent.get(source["url"], "") if last and source.get("url") else ""
    return long_date(date.fromisoformat(day)) if day else ""


# --- Schedules in words ---------------------------------------------------------------------------------------------------


def schedule(version: Any) -> dict[str, Any]:
    """A schedule in plain sentences, each with its clause."""
    read = schedule_of(version)
    terms = read.on(version.effective) or read.on(clock.now().date()) or read.versions[-1]
    return {"version": version, "schedule": read, "lines": list(_sentences(read, terms)), "notice": read.notice, "cite": terms.cite}


def terms(read: Schedule) -> list[tuple[str, str]]:
    """What a shipped schedule says last, in sentences with their clauses."""
    return list(_sentences(read, read.versions[-1]))


def _sentences(read: Schedule, terms: Terms) -> Iterable[tuple[str, str]]:
    for gift in terms.gives:
        own = [said_unit(unit, 1) for each in gift.where if each.field == "unit" for unit in sorted(each.values)]
        what = listed(own, "or") or _GIVEN_FOR.get(gift.for_, spaced(gift.for_).removesuffix("s"))
        what = f"hour of a {what}" if gift.by == "hours" and gift.for_ != "hours" else what
        each = f"Each {what}" if gift.each == 1 else f"Every {said_number(gift.each)} {what}s together"
        yield f"{each} gives {amount(gift.amount, terms.unit)}.", gift.cite
    if len(terms.levels) > 1:
        first, *others = terms.levels.items()
        told = listed(f"{level} {said_number(times / first[1])} times that" for level, times in others)
        joins = "They add up." if terms.combine == "add" else "They do not add up: the highest counts."
        yield f"For {first[0]} as it is; {told}. {joins}", ""
    for cap in terms.caps:
        per = (
            f"for each {said_number(cap.blocks_of)} of {cap.of}"
            if cap.blocks_of
            else "in all"
            if cap.per == "total"
            else f"for one {spaced(cap.per)}"
        )
        yield f"At most {amount(cap.at_most, terms.unit)} {per}{f' for {cap.level}' if cap.level else ''}.", cap.cite
    for deadline in terms.deadlines:
        level = deadline.level.capitalize() or "It"
        yield f"{level} may be claimed within {deadline.within} of the {spaced(deadline.anchor)}.", deadline.cite
    yield from ((_NEEDS.get(need, f"It needs {spaced(need)}."), "") for need in terms.needs)
    if terms.elect:
        final = " The choice is final." if terms.is_final else ""
        yield f"The educator chooses one of: {listed((spaced(each) for each in terms.elect), 'or')}.{final}", ""
    if terms.buckets:
        yield f"It counts toward {listed(spaced(each) for each in terms.buckets)} goals; {_SAME[terms.same_award]}", ""
    if terms.lasts:
        yield f"What is given lasts {terms.lasts}.", ""
    if terms.fee:
        yield f"{terms.fee.gives} may be bought for ${terms.fee.cents / 100:,.0f}.", terms.fee.cite


_GIVEN_FOR = {"hours": "clock hour", "credit": "semester hour"}
_NEEDS = {
    "prior-approval": "It must be approved in writing beforehand.",
    "knowledge-granted": "Further levels open once knowledge is granted.",
}
_SAME = {
    "allow": "one award may count in several.",
    "forbid": "one award counts in one of them.",
    "split": "one award may be split among them.",
}
