"""Counting and summing: from the entries that stand to what they come to, in one order that never depends on how they were given.

Gathered (filter, deadline, window), told apart by key, turned into amounts, capped. The property tests hold the columnar evaluation to the
same. Not here: what is done with the number (evaluate).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from itertools import combinations

from cairn.pure.rules.calendar import DAY, Window, plus, year_of
from cairn.pure.rules.case import Case, LeftOut
from cairn.pure.rules.matching import share
from cairn.pure.rules.model import Entry
from cairn.pure.rules.spec import After, Part, Rate, Tally
from cairn.pure.rules.words import said_amount, said_day, said_number, said_unit

NONE, ONE = Decimal(0), Decimal(1)
MICRO_CREDENTIAL = "micro-credential"
SHARED_OUT = 2  # the engine from which on no entry fills two minimums, and each maximum holds what matches it
Found = tuple[date, Entry]  # the day that counts, which is the day of submission where the rule says so
Unmatched = Callable[[Entry], str]


@dataclass(slots=True)
class Total:
    """What entries come to; `counted` has each with its day and amount, in the order of days."""

    have: Decimal
    counted: list[tuple[date, Entry, Decimal]]
    left_out: LeftOut
    met_on: date | None = None  # where it is known beforehand

    def reached(self, need: Decimal) -> date | None:
        """The day on which the amounts first came to `need`."""
        if self.met_on:
            return self.met_on
        so_far = NONE
        for day, _, amount in self.counted:
            so_far += amount
            if so_far >= need:
                return day
        return None


def gather(case: Case, tally: Tally, window: Window) -> tuple[list[Found], LeftOut]:
    """The entries that may count, by their day, and the others of these kinds with the first reason against them."""
    entries, left = case.of(tally.of)
    if window.missing:
        return [], left
    deadline = _Deadline(case, tally.after, entries) if tally.after else None
    if tally.newest is not None:
        entries, older = _newest(entries, case.filter(tally.newest))
        left += older
    unmatched = case.filter(tally.where)
    start, end, on = window.start or date.min, window.end or date.max, case.on
    found: list[Found] = []
    for entry in entries:
        day = (entry.submitted or entry.on) if tally.on_submission else entry.on
        reason = unmatched(entry)
        if reason or (deadline and (reason := deadline.missed(entry, day))):
            left.append((entry.id, reason))
        elif entry.amount < tally.smallest:
            left.append(
                (entry.id, f"{said_amount(entry.amount, entry.unit)}; what counts is {said_number(tally.smallest)} or more at once")
            )
        elif tally.lasts and _lapsed(tally, day, on):
            left.append((entry.id, f"older than {tally.lasts}"))
        elif start <= day <= end:
            found.append((day, entry))
        else:
            left.append((entry.id, _outside(day, entry, window)))
    if tally.on_submission:
        found.sort(key=lambda pair: (pair[0], pair[1].id))
    return found, left


def _newest(entries: list[Entry], unmatched: Unmatched) -> tuple[list[Entry], LeftOut]:
    matching = [entry for entry in entries if not unmatched(entry)]
    return matching[-1:], [(entry.id, "a newer one stands in its place") for entry in matching[:-1]]


def _lapsed(tally: Tally, day: date, on: date) -> bool:
    last = plus(day, tally.lasts) if tally.lasts else date.max
    return on >= last if tally.lasts_excluding else on > last


def _outside(day: date, entry: Entry, window: Window) -> str:
    both = f"submitted {said_day(day)}, awarded {said_day(entry.on)}; " if day != entry.on else ""
    if window.start and day < window.start:
        return f"{both}before {said_day(window.start)}"
    late = (day - window.end).days if window.end else 0
    if entry.submitted and entry.submitted != entry.on and not both:
        both = f"awarded {said_day(day)}, submitted {said_day(entry.submitted)}; "
    return f"{both}{said_number(late)} {'day' if late == 1 else 'days'} after {said_day(window.end or day)}"


class _Deadline:
    """Whether an entry follows, in time, one that it depends on."""

    def __init__(self, case: Case, after: After, entries: list[Entry]) -> None:
        self.after = after
        self.before: dict[object, list[date]] = {}
        unmatched = case.filter(after.where)
        for entry in entries:
            if not unmatched(entry):
                self.before.setdefault(entry.fields.get(after.same), []).append(entry.on)

    def missed(self, entry: Entry, day: date) -> str:
        same = entry.fields.get(self.after.same)
        days = [earlier for earlier in self.before.get(same, ()) if earlier <= day] if same is not None else []
        if not days:
            return f"nothing with the same {self.after.same} came before it"
        last = plus(max(days), self.after.within)
        last = last - DAY if self.after.excluding else last
        return f"later than {said_day(last)}, {self.after.within} after what it follows" if day > last else ""


def total(case: Case, tally: Tally, found: list[Found], where: Unmatched | None = None) -> Total:
    """What the entries come to, or those of them that match `where`."""
    left: LeftOut = []
    chosen = found if where is None else [pair for pair in found if not where(pair[1])]
    if may_supersede(tally):
        chosen = _superseded(tally, chosen, left)
    chosen = _distinct(tally, chosen, left)
    counted = _amounts(tally, chosen, left) if tally.unit else [(day, entry, ONE) for day, entry in chosen]
    if tally.cap:
        per = tally.cap.per
        counted = _capped(counted, tally.cap.at_most, lambda day, _: year_of(per, day, case.jurisdiction, case.record), left)
    if tally.maximums:
        counted = _within_maximums(case, tally.maximums, counted, left)
    return Total(sum((amount for _, _, amount in counted), NONE), counted, left)


def _distinct(tally: Tally, found: list[Found], left: LeftOut) -> list[Found]:
    """One of each micro-credential, the earliest; everything else by itself."""
    if not tally.by_key:
        return found
    seen: dict[object, str] = {}
    out = []
    for pair in found:
        entry = pair[1]
        key = key_of(entry)
        if key in seen:
            left.append((entry.id, "the same one counts once, and an earlier award of it counts"))
        else:
            seen[key] = entry.id
            out.append(pair)
    return out


def key_of(entry: Entry) -> object:
    """What makes it the same thing done again: a micro-credential's key, or the entry itself."""
    key = entry.fields.get("key")
    return (key,) if key is not None else entry.id


def may_supersede(tally: Tally) -> bool:
    """Whether it may count both an award and what was recognized for one."""
    return MICRO_CREDENTIAL in tally.of and len(tally.of) > 1


def _superseded(tally: Tally, found: list[Found], left: LeftOut) -> list[Found]:
    """An award steps back where credit that was recognized for it counts beside it; credit in a unit that counts nothing here does not."""
    awards = {entry.fields.get("award") for _, entry in found if not tally.unit or _named(tally, entry)}
    keys = {key_of(entry) for _, entry in found if entry.id in awards}
    if not keys:
        return found
    left.extend((entry.id, "what was recognized for it counts in its place") for _, entry in found if key_of(entry) in keys)
    return [pair for pair in found if key_of(pair[1]) not in keys]


def _amounts(tally: Tally, found: list[Found], left: LeftOut) -> list[tuple[date, Entry, Decimal]]:
    counted = []
    waiting: dict[str, tuple[Decimal, list[Entry]]] = {}
    for day, entry in found:
        name = _named(tally, entry)
        rate = Rate(ONE) if name and name == tally.unit else tally.convert.get(name)
        if rate is None:
            what = f"{said_unit(entry.unit)} are" if entry.unit else "an amount without a unit is"
            left.append((entry.id, f"{what} not turned into {said_unit(tally.unit)}"))
        elif not rate.every:
            counted.append((day, entry, entry.amount * rate.gives))
        else:
            before, waiters = waiting.get(name, (NONE, []))
            blocks = _blocks(before + entry.amount, rate) - _blocks(before, rate)
            waiting[name] = before + entry.amount, [] if blocks else [*waiters, entry]
            counted.append((day, entry, blocks * rate.gives))
    for name, (_, waiters) in waiting.items():
        rate = tally.convert[name]
        reason = f"waits for another: {said_number(rate.every)} give {said_amount(rate.gives, tally.unit)}"
        left.extend((entry.id, reason) for entry in waiters)
    kept_back = {entry.id for _, waiters in waiting.values() for entry in waiters}
    return [one for one in counted if one[1].id not in kept_back] if kept_back else counted


def _named(tally: Tally, entry: Entry) -> str:
    """The unit or kind by which a sum counts an entry; nothing where it does not."""
    if entry.unit == tally.unit:
        return tally.unit
    return next((name for name in (entry.unit, entry.kind) if name in tally.convert), "")


def _blocks(amount: Decimal, rate: Rate) -> Decimal:
    return (amount / rate.every).to_integral_value(ROUND_FLOOR)


Counted = list[tuple[date, Entry, Decimal]]


def demands(tally: Tally) -> list[tuple[tuple[int, ...], Decimal]]:
    """Minimums, by their places, that must have enough together. What no entry fills twice can be shared out among all of them exactly if
    for each choice of them the entries that match any come to what all of these ask for (Hall's condition)."""
    places = range(len(tally.minimums))
    sizes = (1,) if tally.is_shared else range(1, len(tally.minimums) + 1)
    chosen = [some for size in sizes for some in combinations(places, size)]
    return [(some, sum((tally.minimums[place].amount for place in some), NONE)) for some in chosen]


def fill(case: Case, tally: Tally, found: list[Found]) -> list[Total]:
    """What each minimum gets of the entries, in their order; where one entry would do for two, as much as those before it leave."""
    tests = [case.filter(part.where) for part in tally.minimums]
    alone = [total(case, tally, found, test) for test in tests]
    if tally.is_shared or case.engine < SHARED_OUT or len(tests) < 2 or _are_apart(tally, found, tests):
        return alone
    together = {some: total(case, tally, found, _any([tests[place] for place in some])) for some, _ in demands(tally)}
    have: list[Decimal] = []
    days: list[date | None] = []
    for place, part in enumerate(tally.minimums):
        groups = [(some, sum((have[other] for other in some[:-1]), NONE)) for some in together if some[-1] == place]
        have.append(max(min(part.amount, *(together[some].have - taken for some, taken in groups)), NONE))
        reached = [together[some].reached(part.amount + taken) for some, taken in groups]
        days.append(max(day for day in reached if day) if have[place] >= part.amount and all(reached) else None)
    whole = together[max(together, key=len)]
    amounts = {entry.id: amount for _, entry, amount in whole.counted}
    shares = share(amounts, [[entry.id for _, entry, _ in whole.counted if not test(entry)] for test in tests], have)
    return [
        Total(got, [(day, entry, shared[entry.id]) for day, entry, _ in whole.counted if shared.get(entry.id)], [], met_on)
        for got, shared, met_on in zip(have, shares, days, strict=True)
    ]


def _any(tests: list[Unmatched]) -> Unmatched:
    return lambda entry: "" if any(not test(entry) for test in tests) else "of none of them"


def _are_apart(tally: Tally, found: list[Found], tests: list[Unmatched]) -> bool:
    """Whether what each minimum gets has nothing to do with what the others get."""
    if tally.cap or tally.maximums or may_supersede(tally) or any(rate.every for rate in tally.convert.values()):
        return False
    places: dict[object, int] = {}
    for _, entry in found:
        key = key_of(entry) if tally.by_key else entry.id
        for place, test in enumerate(tests):
            if not test(entry) and places.setdefault(key, place) != place:
                return False
    return True


def _capped(counted: Counted, at_most: Decimal, group: Callable[[date, Entry], object], left: LeftOut) -> Counted:
    """At most so much for each group, the earliest first; what a group is too many is left out, in part or whole."""
    used: dict[object, Decimal] = {}
    out = []
    for day, entry, amount in counted:
        key = group(day, entry)
        given = min(amount, max(at_most - used.get(key, NONE), NONE))
        used[key] = used.get(key, NONE) + amount
        if given < amount:
            left.append((entry.id, f"{said_number(amount - given)} of it is over the most that counts, {said_number(at_most)}"))
        if given or not amount:
            out.append((day, entry, given))
    return out


def _within_maximums(case: Case, maximums: tuple[Part, ...], counted: Counted, left: LeftOut) -> Counted:
    """Whichever maximums are chosen, what matches any of them adds at most what they allow together to everything else: so each is held,
    an entry of two by both, and another entry never lowers the sum. An entry gives by what the sum grows with it."""
    tests = [case.filter(part.where) for part in maximums]
    limits = [sum((part.amount for place, part in enumerate(maximums) if some >> place & 1), NONE) for some in range(1 << len(maximums))]
    have, out = NONE, []
    for day, entry, amount in counted:
        own = sum(1 << place for place, test in enumerate(tests) if not test(entry))
        own = own if case.engine >= SHARED_OUT else own & -own  # the first that it matches
        limits = [limit if some & own else limit + amount for some, limit in enumerate(limits)]
        before, have = have, min(limits)
        given = have - before
        if given < amount:
            most = min(part.amount for place, part in enumerate(maximums) if (own & limits.index(have)) >> place & 1)
            left.append((entry.id, f"{said_number(amount - given)} of it is over the most that counts, {said_number(most)}"))
        if given or not amount:
            out.append((day, entry, given))
    return out
