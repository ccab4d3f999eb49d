"""A license as its page shows it: what is missing by when, the way so far and ahead, what happens if nothing changes.

Not here: where it stands (licensure.queries), sentences of single lines (licensure.queries.said).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from cairn.apps.licensure import queries as licensure
from cairn.apps.licensure.queries import Known, LicenseLine, LicensePage, Said, SaidLine
from cairn.frame.actor import Actor
from cairn.interfaces.web.art import Waypoint
from cairn.interfaces.web.ruled import STANDINGS
from cairn.pure import rules
from cairn.pure.clocks import long_date
from cairn.pure.rules.words import SMALL

SOON, STEPS = 120, 5  # days; stops on the way


@dataclass(frozen=True)
class Act:
    title: str
    url: str


@dataclass(frozen=True)
class OtherRoute:
    slug: str
    title: str
    headline: str
    mark: str
    said: str


@dataclass(frozen=True)
class Shown:
    """`kind` names the way, `headline` what is missing; `said` is nothing where no rule is computed."""

    page: LicensePage
    kind: str
    headline: str
    lead: str
    act: Act | None
    trail: tuple[Waypoint, ...]
    standing: rules.Standing | None
    said: Said | None
    route: str
    rule_url: str
    cite: str
    notice: str
    no_rule: str
    ask: str
    routes: tuple[OtherRoute, ...]
    consequence: tuple[str, ...]
    tone: str


def shown(page: LicensePage, route: str = "") -> Shown:
    """The route that was asked for, or the one that its holder most likely works toward."""
    line = page.license
    known = next((each for each in page.routes if each.route.slug == route), page.main)
    said = licensure.said(known.standing) if known and known.standing.root else None
    is_pending = known is not None and known.route.slug in page.applied
    consequence = _consequence(line, is_pending)
    headline = f"Pending with the {_office(line)}" if is_pending else _headline(line, said)
    lead = "You have applied, and an officer answers." if is_pending else _lead(line, said)
    return Shown(
        page=page, kind=_kind(line, known), headline=headline, lead=lead, act=None if is_pending else _act(line, known, said),
        trail=_trail(line, known, said), standing=known.standing if known else None, said=said, route=known.route.slug if known else "",
        rule_url=f"/rules/{known.route.slug}/" if known else f"/rules/{line.jurisdiction.code}/", cite=said.cite if said else "",
        notice=known.route.notice if known else rules.NOTICE, no_rule=_no_rule(line, known),
        ask=reverse("license-apply", args=[line.id]) + (f"?route={known.route.slug}" if known else ""),
        routes=tuple(_other(each) for each in page.routes if each is not known), consequence=consequence,
        tone="stopped" if line.is_over else "soon",
    )  # fmt: skip


def _kind(line: LicenseLine, known: Known | None) -> str:
    if known is None:
        return f"{line.type.title}, {line.jurisdiction.name}"
    if known.route.renews == line.type.slug:
        return f"Renewing your {line.type.title}, {line.jurisdiction.name}"
    return f"From {line.type.title} to {known.route.title}, {line.jurisdiction.name}"


def _headline(line: LicenseLine, said: Said | None) -> str:
    if line.ended_on is not None:
        return f"This license ended on {long_date(line.ended_on)}"
    if said is not None:
        return said.headline
    return f"{line.days_left:,} days left" if line.days_left is not None and line.days_left >= 0 else line.type.title


def _lead(line: LicenseLine, said: Said | None) -> str:
    left = line.days_left
    told = "" if left is None or line.ended_on or (said is None and left >= 0) else _left(left, line)
    if said is None and not line.is_over:
        told = f"{told} What it asks of you is not computed here: the {_office(line)} says it.".strip()
    return " ".join(part for part in (told, said.lead if said else "") if part)


def _left(left: int, line: LicenseLine) -> str:
    if left < 0:
        last = long_date(line.valid_to) if line.valid_to else ""
        return f"The last day that you entered, {last}, is past; only {line.jurisdiction.authority or 'the state'} says what that means."
    return "Today is its last day." if left == 0 else f"You have {left:,} day{'' if left == 1 else 's'}."


def _act(line: LicenseLine, known: Known | None, said: Said | None) -> Act | None:
    if line.ended_on is not None:
        return None
    if known is None or said is None:
        return Act(f"What is known of {line.jurisdiction.name}", f"/rules/{line.jurisdiction.code}/")
    if known.standing.state == rules.MET:
        return Act("Ask the state to decide", f"{reverse('license-apply', args=[line.id])}?route={known.route.slug}")
    return Act("Plan the shortest way", f"{reverse('license-plan', args=[line.id])}?route={known.route.slug}")


def _no_rule(line: LicenseLine, known: Known | None) -> str:
    if known is None:
        return f"What leads on from this license, “{line.type.title}”, is not among the rules of {line.jurisdiction.name} that are here."
    return "The text of this rule was not found, so nothing is computed. Ask the state’s office, and take your record with you."


def _other(known: Known) -> OtherRoute:
    mark, words = STANDINGS[known.standing.state]
    headline = licensure.said(known.standing).headline if known.standing.root else "Its text was not found; nothing is computed."
    return OtherRoute(known.route.slug, known.route.title, headline, mark, words)


def _office(line: LicenseLine) -> str:
    return (line.jurisdiction.authority or f"state of {line.jurisdiction.name}").removeprefix("The ").removeprefix("the ")


def _consequence(line: LicenseLine, is_pending: bool) -> tuple[str, ...]:
    """What the end of the license means, in the words of the state's file, and when letters come."""
    if line.valid_to is None or line.ended_on is not None:
        return ()
    if line.is_over:
        told = (
            f"Your application is pending with the {_office(line)}" if is_pending else "If you have applied, it is pending with the state"
        )
        return (f"{told}: nothing here declares a license void.", *_stops(line))
    after = long_date(line.valid_to + timedelta(days=1))
    days = [line.valid_to - timedelta(days=days) for days in licensure.ALERTS]
    today = line.valid_to - timedelta(days=line.days_left or 0)
    ahead = [long_date(day) for day in days if day > today]
    remind = f"We will remind you on {_and(ahead)}." if ahead else ""
    return tuple(part for part in (f"On {after} this license would have ended.", *_stops(line), remind) if part)


def _stops(line: LicenseLine) -> list[str]:
    return [clock.stop for clock in line.jurisdiction.cumulative if line.type.slug in clock.types]


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, and {parts[-1]}"


def _trail(line: LicenseLine, known: Known | None, said: Said | None) -> tuple[Waypoint, ...]:
    """Where it began, what was met on the way, today, what is missing, and where it leads."""
    if known is None or said is None or line.valid_to is None or line.is_over:
        return ()
    met = sorted({node.met_on: node for node in known.standing.walk() if _is_stop(node, line)}.items())[-1:]
    passed = [Waypoint(_short(node.title), long_date(day), "passed") for day, node in met if day is not None]
    ahead = [] if known.standing.state == rules.MET else [Waypoint("What is missing", f"by {long_date(line.valid_to)}", "ahead")]
    goal = line.jurisdiction.type(known.route.gives)
    lasts = f"for {SMALL[goal.years] if goal.years < len(SMALL) else goal.years} years" if goal and goal.years else ""
    return (
        Waypoint("License began", long_date(line.valid_from), "passed"), *passed, Waypoint("Today", _day(known.on), "here"), *ahead,
        Waypoint("Renewal", "", "ahead") if known.route.renews else Waypoint("Next license", lasts, "ahead"),
    )  # fmt: skip


def _is_stop(node: rules.NodeResult, line: LicenseLine) -> bool:
    return node.state == rules.MET and not node.children and node.met_on is not None and node.met_on > line.valid_from


def _short(title: str) -> str:
    """As much of it as stands beside a stop."""
    return title if len(title) <= 22 else f"{title[:23].rsplit(' ', 1)[0]}…"


def _day(day: date) -> str:
    return long_date(day).rpartition(",")[0]


@dataclass(frozen=True)
class Brief:
    """A license in a list: what is missing, and how long there is."""

    id: str
    title: str
    headline: str
    mark: str
    left: str


def brief(page: LicensePage) -> Brief:
    line, known = page.license, page.main
    said = licensure.said(known.standing) if known and known.standing.root else None
    mark = "met" if known and known.standing.state == rules.MET else "stopped" if line.is_over else "soon" if line.is_urgent else "half"
    days = line.days_left
    left = "No end" if days is None else "Past its last day" if days < 0 else "Ends today" if days == 0 else _days(days)
    return Brief(line.id, f"{line.type.title}, {line.jurisdiction.name}", _headline(line, said), mark, left)


def _days(days: int) -> str:
    return f"{days:,} day{'' if days == 1 else 's'} left"


# --- On paper --------------------------------------------------------------------------------------------------------


def paper(shown: Shown, name: str) -> dict[str, Any]:
    """The words of the paper; each line with its depth."""
    line, standing = shown.page.license, shown.standing
    until = long_date(line.valid_to) if line.valid_to else "no end"
    read = long_date(standing.on) if standing else ""
    version = long_date(standing.version) if standing and standing.version else ""
    return {
        "name": name, "kind": shown.kind, "headline": shown.headline, "license": line.type.title, "state": line.jurisdiction.name,
        "valid": f"{long_date(line.valid_from)} to {until}", "read": read, "version": version, "cite": shown.cite, "notice": shown.notice,
        "authority": line.jurisdiction.authority or "the state", "hash": standing.hash if standing else "",
        "joint": shown.said.joint if shown.said else "", "lines": _flat(shown.said.lines, 0, shown.cite) if shown.said else [],
        "no_rule": "" if shown.said else shown.no_rule,
    }  # fmt: skip


_MARKS = {"met": "Met", "soon": "Not yet", "open": "Not yet", "officer": "For an officer"}


def _flat(lines: Sequence[SaidLine], depth: int, above: str) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for line in lines:
        title = f"{line.title}: {line.figures}" if line.figures else line.title
        counted = [entry.title if entry.words == "1" else f"{entry.title} ({entry.words})" for entry in line.counted]
        left = [f"{entry.title}: {entry.words}" for entry in line.left_out]
        out.append({
            "title": title, "mark": _MARKS[line.mark], "words": list(line.words), "depth": depth, "joint": line.joint,
            "cite": line.cite if line.cite != above else "", "counted": counted, "left": left,
        })  # fmt: skip
        out += _flat(line.below, depth + 1, line.cite)
    return out


# --- What a micro-credential counts for ------------------------------------------------------------------------------


@dataclass(frozen=True)
class WhereILook:
    """`code` is nothing until a state is chosen; `states` are those whose rules are here; `asked` is one that only the address names,
    which links carry on. `found` is the whole of it for one page, `told` a line each for a list."""

    code: str
    asked: str
    states: tuple[tuple[str, str], ...]
    found: licensure.WorthPage | None = None
    told: Mapping[str, licensure.WorthLine] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return dict(self.states).get(self.code, "")

    @property
    def carried(self) -> str:
        return f"?{urlencode({'where': self.asked})}" if self.asked else ""

    @property
    def counting(self) -> frozenset[str]:
        return frozenset(pk for pk, line in self.told.items() if line.counts)

    @property
    def silent(self) -> WhereILook:
        """The same place, with nothing to say of anything."""
        return replace(self, told={})

    @property
    def mine(self) -> tuple[str, ...]:
        """Of a page about one micro-credential, which the reader has: where it counts already."""
        return next(iter(self.told.values())).mine if len(self.told) == 1 else ()

    def line(self, microcredential_id: str) -> str:
        """Of one in a list; nothing of what is planned."""
        line = self.told.get(microcredential_id)
        if line is None:
            return ""
        if line.mine:
            return f"Counted on your license: {_and_more(line.mine)}"
        if not line.counts:
            return f"Not counted by itself in {self.name}"
        return f"In {self.name}: {_and_more([self._said(each) for each in (*line.routes, *line.recognized)])}"

    def of_stack(self, microcredential_ids: Sequence[str]) -> str:
        """Of all that can be earned on a shelf."""
        lines = [self.told[pk] for pk in microcredential_ids if pk in self.told]
        some = [line for line in lines if line.counts]
        if not some:
            return f"None of these counts by itself in {self.name}" if lines else ""
        titles = list(dict.fromkeys(self._titled(each) for line in some for each in (*line.routes, *line.recognized)))
        many = f"All {len(some)}" if len(some) == len(lines) > 1 else f"{len(some)} of {len(lines)}"
        return f"{many} {'counts' if len(some) == 1 else 'count'} in {self.name}: {_and_more(titles)}"

    def _titled(self, each: licensure.Worth) -> str:
        """Where the state is said already."""
        return each.title.removesuffix(f" in {self.name}")

    def _said(self, each: licensure.Worth) -> str:
        brief = ", ".join(filter(None, (each.brief, f"needs {' and '.join(each.needs)}" if each.needs else "")))
        return f"{self._titled(each)}{brief and f' ({brief})'}"


def _and_more(parts: Sequence[str]) -> str:
    """As much as stands in one line."""
    return parts[0] if len(parts) == 1 else f"{parts[0]}, and {len(parts) - 1} more"


def worth(viewer: Actor, microcredential_ids: Sequence[str], asked: str) -> WhereILook:
    """The whole of it, for the page of a micro-credential or a stack."""
    looked = worth_each(viewer, microcredential_ids, asked)
    return replace(looked, found=licensure.worth(viewer, microcredential_ids, looked.code) if looked.code else None)


def worth_each(viewer: Actor, microcredential_ids: Sequence[str], asked: str) -> WhereILook:
    """A line each, for a list: in the state that is asked for, or in which the reader works."""
    states = tuple((each.code, each.name) for each in licensure.jurisdictions())
    own = licensure.where_i_work(viewer)
    other = asked if asked in dict(states) and asked != own else ""
    told = licensure.worth_each(viewer, microcredential_ids, other or own) if other or own else {}
    return WhereILook(other or own, other, states, told=told)
