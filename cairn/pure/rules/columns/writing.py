"""A version's tree as one DuckDB query: windows in the educator's row, a table for each tally, a column of states for each requirement.

Not here: filters and dates (sql), the steps of a tally (tallies).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from cairn.pure.rules.calendar import plus
from cairn.pure.rules.columns import sql, tallies
from cairn.pure.rules.spec import Group, Has, Node, Renewals, RuleSet, Score, Tally, Version, Within
from cairn.pure.rules.tallies import demands

STATES = ("open", "officer", "met")  # as the numbers 0, 1, 2 of the query's columns


@dataclass
class Look:
    """One look at all entries, for whatever plain tallies ask of it: sums for each educator, or for each period of one. `met` counts the
    periods that have enough."""

    table: str
    period: str
    kinds: set[str] = field(default_factory=set)
    sums: dict[tuple[str, str, str], str] = field(default_factory=dict)
    met: dict[str, str] = field(default_factory=dict)

    def sum(self, value: tuple[str, str, str]) -> str:
        """The column of what `tallies.value` describes."""
        return self.sums.setdefault(value, f"v{len(self.sums)}")

    def tables(self, on: date) -> list[str]:
        by, period = ("educator, period", f", {self.period} AS period") if self.period else ("educator", "")
        sums = ", ".join(f"{how}(CASE WHEN {which} THEN {what} END) AS {column}" for (how, which, what), column in self.sums.items())
        shared = {which for _, which, _ in self.sums}
        where = sql.both([f"s.kind IN ({sql.texts(self.kinds)})", sql.stands(on), *(shared if len(shared) == 1 else ())])
        query = sql.look(f"s.educator{period}, {sums}", where, tail=f"GROUP BY {by}")
        if not self.period:
            return [f"{self.table} AS MATERIALIZED ({query})"]
        met = ", ".join(f"count(CASE WHEN {enough} THEN 1 END) AS {column}" for enough, column in self.met.items())
        counts = sql.enough(f"{self.table}_each", f"t.educator, {met}", "GROUP BY t.educator")
        return [f"{self.table}_each AS ({query})", f"{self.table} AS ({counts})"]


class Writer:
    """What one query is made of so far. `person` is `educator` with the windows that were asked for."""

    def __init__(self, rules: RuleSet, on: date) -> None:
        self.jurisdiction, self.on = rules.jurisdiction, on
        self.tables: list[str] = []
        self.windows: dict[Within, tuple[str, str, str]] = {}
        self.steps: list[tuple[list[str], list[str]]] = []
        self.results: list[str] = []
        self.columns: list[str] = []
        self.held: dict[str, str] = {}
        self.looks: dict[str, Look] = {}
        self.has_terms = False

    def query(self, root: Node) -> str:
        self.state(root)
        shown = ", ".join(f"{sql.name('=' + node.id)} AS {sql.name(node.id)}" for node in root.walk())
        terms = [sql.terms_table(self.jurisdiction)] if self.has_terms else []
        person, before = [], "educator"
        for number, (columns, joins) in enumerate(self.steps):
            person.append(f"p{number} AS (SELECT p.*, {', '.join(columns)} FROM {before} p {' '.join(joins)})")
            before = f"p{number}"
        person.append(f"person AS MATERIALIZED (SELECT * FROM {before})")
        looks = [table for look in self.looks.values() for table in look.tables(self.on)]
        joined = " ".join(f"LEFT JOIN {table} ON {table}.educator = p.id" for table in self.results)
        inner = f"SELECT p.id AS educator, {', '.join(self.columns)} FROM person p {joined}"
        return f"WITH {', '.join([*terms, *person, *looks, *self.tables])} SELECT educator, {shown} FROM ({inner})"

    def add(self, prefix: str, query: str) -> str:
        table = f"{prefix}{len(self.tables)}"
        self.tables.append(f"{table} AS ({query})")
        return table

    def state(self, node: Node) -> str:
        """The column with the state of a requirement, after those that it rests on."""
        for number, group in enumerate(node.once):
            self._allot(node, group, f"{node.id}.{number}")
        own = WRITERS[node.operator](self, node)
        if node.unless is not None:
            own = f"greatest({own}, {self.state(node.unless)})"
        column = sql.name("=" + node.id)
        self.columns.append(f"({own}) AS {column}")
        return column

    # --- Windows ----------------------------------------------------------------------------------------------------------

    def window(self, within: Within) -> tuple[str, str, str]:
        """First day, last day, and whether there is such a window, as columns of `person`; nothing where there is no limit."""
        if within.kind == "any":
            return "", "", ""
        if within.kind == "license":
            return "p.license_from", "p.license_to", "p.license_from IS NOT NULL"
        if within.kind == "last":
            start = plus(self.on, within.span, -1)
            return f"{sql.day(start)}{' + 1' * within.excluding}", sql.day(self.on), ""
        if within not in self.windows:
            self.windows[within] = self._from_event(within, len(self.windows))
        return self.windows[within]

    def _from_event(self, within: Within, number: int) -> tuple[str, str, str]:
        event = f"p.events[{sql.text(within.event)}]"
        start, column, joins = sql.plus(event, within.after), f"w{number}", []
        end = sql.plus(start, within.span) + (" - 1" if within.excluding else "")
        end = sql.day(self.on) if within.kind == "since" else end
        if within.terms:
            self.has_terms = True
            joins.append(f"ASOF LEFT JOIN terms one ON {start} <= one.last")
            joins.append(f"LEFT JOIN terms other ON other.place = one.place + {within.terms - 1}")
            start, end = f"greatest({start}, one.first)", "other.last"
        self.steps.append(([f"{start} AS {column}_start", f"{end} AS {column}_end"], joins))
        return f"p.{column}_start", f"p.{column}_end", f"p.{column}_start IS NOT NULL"

    # --- Counts and sums --------------------------------------------------------------------------------------------------

    def tally(self, node: Node) -> str:
        tally = node.detail
        assert isinstance(tally, Tally)
        start, end, known = self.window(node.within)
        if node.id in self.held:
            ok = self.held[node.id]
        elif tally.each:
            ok = self._each(node, tally, start, end)
        else:
            ok = self._whole(node, tally)
        return f"CASE WHEN {sql.both([known, ok])} THEN 2 ELSE 0 END"

    def need(self, tally: Tally) -> str:
        need = sql.number(tally.at_least)
        for adjust in tally.adjust:
            need = f"({need} * CASE WHEN {sql.has(adjust.when, self.on)} THEN {sql.number(adjust.times)} ELSE 1 END)"
        return need

    def rows(self, node: Node, tally: Tally, has_id: bool = False, only: str = "") -> str:
        """The table of entries that may count, with their period where there are any."""
        day = tallies.day_of(tally)
        period = self.period(tally.each, day) if tally.each else ""
        window = sql.both([self._inside(node, tally), only])
        source = tallies.rows(tally, self.on, self.add, window, period, lambda per: self._capped(per, day), has_id)
        if tally.each == "academic-term":
            source = self.add("e", f"SELECT * FROM {source} WHERE period IS NOT NULL")
        return source

    def period(self, each: str, day: str) -> str:
        if each == "academic-term":
            self.has_terms = True
            return f"(SELECT max(t.place) FROM terms t WHERE t.first <= {day} AND t.last >= {day})"
        begins = {"fiscal-year": self.jurisdiction.fiscal_year, "school-year": self.jurisdiction.school_year, "license-year": None}
        return sql.year_of(day, begins.get(each, (1, 1)))

    def _capped(self, per: str, day: str) -> str:
        return f"{day}::VARCHAR" if per == "day" else f"coalesce({self.period(per, day)}::VARCHAR, {day}::VARCHAR)"

    def look(self, tally: Tally, period: str = "") -> Look:
        if period not in self.looks:
            self.looks[period] = Look(f"look{len(self.looks)}", period)
            self.results.append(self.looks[period].table)
        self.looks[period].kinds.update(tally.of)
        return self.looks[period]

    def _values(self, node: Node, tally: Tally, look: Look, table: str) -> tuple[str, list[str]]:
        """What a plain tally comes to in a look, and whether it has each minimum."""
        inside = self._inside(node, tally)
        have = f"coalesce({table}.{look.sum(tallies.value(tally, self.on, inside))}, 0)"
        every = [(look.sum(tallies.value(tally, self.on, inside, some)), amount) for some, amount in demands(tally)]
        return have, [f"coalesce({table}.{column}, 0) >= {sql.number(amount)}" for column, amount in every]

    def _inside(self, node: Node, tally: Tally) -> str:
        start, end, _ = self.window(node.within)
        day = tallies.day_of(tally)
        return sql.both([f"{day} >= {start}" if start else "", f"({end} IS NULL OR {day} <= {end})" if end else ""])

    def _totals(self, tally: Tally, source: str, has_period: bool) -> str:
        """A table with what each educator, or each period of one, has in all (`have`) and of each minimum (`m0`, ...)."""
        by = "educator, period" if has_period else "educator"
        if not tallies.needs_order(tally):
            sums = [f"{tallies.summed(tally)} AS have", *(f"{tallies.summed(tally, of)} AS {d}" for d, of, _ in tallies.parts(tally))]
            return self.add("t", f"SELECT {by}, {', '.join(sums)} FROM {source} GROUP BY {by}")
        have = tallies.have(tally)
        every = [("have", ""), *((d, of) for d, of, _ in tallies.parts(tally))]
        chosen = [(column, tallies.total(tally, self.add, source, has_period, only)) for column, only in every]
        one = [self.add("s", f"SELECT {by}, {have} AS {column} FROM {table} GROUP BY {by}") for column, table in chosen]
        if len(one) == 1:
            return one[0]
        return self.add("t", f"SELECT * FROM {one[0]} {' '.join(f'LEFT JOIN {table} USING ({by})' for table in one[1:])}")

    def _whole(self, node: Node, tally: Tally) -> str:
        if tallies.is_plain(tally):
            look = self.look(tally)
            have, least = self._values(node, tally, look, look.table)
        else:
            table = self._totals(tally, self.rows(node, tally, only=self._enough_at_all(node, tally)), False)
            self.results.append(table)
            have = f"coalesce({table}.have, 0)"
            least = [f"coalesce({table}.{d}, 0) >= {amount}" for d, _, amount in tallies.parts(tally)]
        most = f"{have} <= {sql.number(tally.at_most)}" if tally.at_most is not None else ""
        return sql.both([f"{have} >= {self.need(tally)}", *least, most])

    def _enough_at_all(self, node: Node, tally: Tally) -> str:
        """Telling entries apart by their key is dear, and needed only for those who have as many as are asked for."""
        if tally.unit or tally.adjust or not tallies.is_simple(tally):
            return ""
        look = self.look(tally)
        column = look.sum(tallies.value(tally, self.on, self._inside(node, tally)))
        return f"s.educator IN (SELECT educator FROM {look.table} WHERE {column} >= {sql.number(tally.at_least)})"

    def _each(self, node: Node, tally: Tally, start: str, end: str) -> str:
        """Every period has enough: as many as there are in the window, or one after the other where something is carried over."""
        first, count = self._periods(tally, start, end)
        if tallies.is_plain(tally) and tally.carry_over == 0 and tally.each != "academic-term":
            look = self.look(tally, self.period(tally.each, tallies.day_of(tally)))
            have, minimums = self._values(node, tally, look, "t")
            enough = sql.both([f"{have} >= {self.need(tally)}", *minimums])
            return self._all_met(tally, f"{look.table}.{look.met.setdefault(enough, f'm{len(look.met)}')}", count)
        source = self._totals(tally, self.rows(node, tally), True)
        least = [f"coalesce(t.{d}, 0) >= {amount}" for d, _, amount in tallies.parts(tally)]
        if tally.carry_over is None or tally.carry_over > 0:
            return self._carried(tally, source, first, count, sql.both(least))
        enough = sql.both([f"t.have >= {self.need(tally)}", *least])
        table = self.add("y", sql.enough(source, "t.educator, count(*) AS met", "GROUP BY t.educator", enough))
        self.results.append(table)
        return self._all_met(tally, f"{table}.met", count)

    def _all_met(self, tally: Tally, met: str, count: str) -> str:
        """Whether as many periods have enough as there are; where nothing is needed, those without an entry have it too."""
        none_needed = f"{self.need(tally)} <= 0" if tally.adjust and not tally.minimums else "FALSE"
        return f"coalesce({count}, 0) > 0 AND ({none_needed} OR coalesce({met}, 0) = {count})"

    def _periods(self, tally: Tally, start: str, end: str) -> tuple[str, str]:
        """The number of the first period of the window, and how many there are."""
        if tally.each != "academic-term":
            first = self.period(tally.each, start)
            return first, f"({self.period(tally.each, end)} - {first} + 1)"
        self.has_terms, number = True, len(self.steps)
        self.steps.append(([f"{start} AS from{number}", f"{end} AS to{number}"], []))
        joins = [f"ASOF LEFT JOIN terms one ON p.from{number} <= one.last", f"ASOF LEFT JOIN terms other ON p.to{number} >= other.first"]
        self.steps.append(([f"one.place AS first{number}", f"(other.place - one.place + 1) AS count{number}"], joins))
        return f"p.first{number}", f"p.count{number}"

    def _carried(self, tally: Tally, source: str, first: str, count: str, enough: str) -> str:
        """Periods one after the other: what is left over, at most so much, or -1 from the first on that has not enough."""
        need = self.need(tally)
        places = (
            f"SELECT p.id AS educator, {need} AS need, unnest(range({first}, {first} + {count})) AS period FROM person p WHERE {count} > 0"
        )
        every = self.add("g", places)
        have = f"CASE WHEN {enough} THEN coalesce(t.have, 0) ELSE -1000000000000::DECIMAL(30, 6) END"
        listed = f"SELECT g.educator, any_value(g.need) AS need, list(({have})::DECIMAL(30, 6) ORDER BY g.period) AS haves FROM {every} g"
        lists = self.add("h", f"{listed} LEFT JOIN {source} t ON t.educator = g.educator AND t.period = g.period GROUP BY g.educator")
        left = "a + b - need" if tally.carry_over is None else f"least(a + b - need, {sql.number(tally.carry_over)})"
        fold = f"list_reduce(list_prepend(0::DECIMAL(30, 6), haves), lambda a, b: CASE WHEN a < 0 OR a + b < need THEN -1 ELSE {left} END)"
        table = self.add("y", f"SELECT educator, {fold} >= 0 AS is_met FROM {lists}")
        self.results.append(table)
        return f"coalesce({table}.is_met, FALSE)"

    # --- No entry twice ---------------------------------------------------------------------------------------------------

    def _allot(self, node: Node, group: tuple[str, ...], name: str) -> None:
        """Hall's condition: what a requirement can have is what the entries that suit some of them leave it (matching.allot)."""
        leaves = {leaf.id: leaf for leaf in node.walk()}
        found = [(leaves[id], detail) for id in group if isinstance(detail := leaves[id].detail, Tally)]
        each = found[0][1].each
        key = "key" if found[0][1].by_key else "id"
        by = "educator, period" if each else "educator"
        keyed = [self._keyed(leaf, tally, key, by, 1 << place) for place, (leaf, tally) in enumerate(found)]
        marks = self.add("q", f"SELECT {by}, key, bit_or(mark) AS mark FROM ({' UNION ALL '.join(keyed)}) GROUP BY {by}, key")
        sets = range(1, 1 << len(found))
        sums = ", ".join(f"count(*) FILTER (WHERE mark & {some} <> 0) AS u{some}" for some in sets)
        counts = self.add("v", f"SELECT {by}, {sums} FROM {marks} GROUP BY {by}")
        needs = [f"ceil({self.need(tally)})" for _, tally in found]
        haves = [f"{self._most(place, needs)} AS have{place}" for place in range(len(found))]
        own = ", ".join(f"t.{column}" for column in by.split(", "))
        table = self.add("o", sql.enough(counts, f"{own}, {', '.join(haves)}", ""))
        for place, (leaf, tally) in enumerate(found):
            self.held[leaf.id] = self._allotted(leaf, tally, table, place)
        if not each:
            self.results.append(table)

    def _keyed(self, leaf: Node, tally: Tally, key: str, by: str, mark: int) -> str:
        source = self.rows(leaf, tally, has_id=True)
        return f"SELECT {by}, {key} AS key, {mark} AS mark FROM {source}"

    def _most(self, place: int, needs: list[str]) -> str:
        limits = []
        for some in range(1 << place):
            others = [other for other in range(place) if some >> other & 1]
            limits.append(f"u{some | 1 << place}{''.join(f' - have{other}' for other in others)}")
        return f"least({', '.join([needs[place], *limits])})"

    def _allotted(self, leaf: Node, tally: Tally, table: str, place: int) -> str:
        if not tally.each:
            most = f" AND coalesce({table}.have{place}, 0) <= {sql.number(tally.at_most)}" if tally.at_most is not None else ""
            return f"coalesce({table}.have{place}, 0) >= {self.need(tally)}{most}"
        start, end, _ = self.window(leaf.within)
        _, count = self._periods(tally, start, end)
        enough = f"t.have{place} >= {self.need(tally)}"
        met = self.add("y", sql.enough(table, "t.educator, count(*) AS met", "GROUP BY t.educator", enough))
        self.results.append(met)
        return self._all_met(tally, f"{met}.met", count)

    # --- Everything else --------------------------------------------------------------------------------------------------

    def group(self, node: Node) -> str:
        """So many of the children: the state of the one that stands at that place when they are ordered from the best."""
        assert isinstance(node.detail, Group)
        states, least = [self.state(child) for child in node.children], node.detail.least
        if least == 1 or least == len(states):
            return f"{'greatest' if least == 1 else 'least'}({', '.join(states)})"
        return f"list_reverse_sort([{', '.join(states)}])[{least}]"

    def has(self, node: Node) -> str:
        assert isinstance(node.detail, Has)
        return f"CASE WHEN {sql.attribute(node.detail.condition, self.on)} THEN 2 ELSE 0 END"

    def score(self, node: Node) -> str:
        assert isinstance(node.detail, Score)
        start, end, _ = self.window(node.within)
        score, cut, sem = (sql.decimal_of(f's."{column}"') for column in ("score", "cut", "sem"))
        tolerance = sql.number(node.detail.tolerance)
        low = f"{cut} - {tolerance} * {sem}" if node.detail.tolerance else cut
        where = [
            "s.kind = 'test'", f's."name" = {sql.text(node.detail.test)}', sql.stands(self.on), f"{score} >= {low}",
            f'(s."on" >= {start})' if start else "", f'({end} IS NULL OR s."on" <= {end})' if end else "",
        ]  # fmt: skip
        table = self.add("t", sql.look("DISTINCT s.educator", sql.both(where)))
        self.results.append(table)
        return f"CASE WHEN {table}.educator IS NOT NULL THEN 2 ELSE 0 END"

    def renewals(self, node: Node) -> str:
        assert isinstance(node.detail, Renewals)
        return f"CASE WHEN p.license_from IS NOT NULL AND p.renewals_used < {node.detail.fewer_than} THEN 2 ELSE 0 END"

    def officer(self, node: Node) -> str:
        return "1"


WRITERS: dict[str, Callable[[Writer, Node], str]] = {
    "all": Writer.group, "any": Writer.group, "at_least": Writer.group, "count": Writer.tally, "sum": Writer.tally, "has": Writer.has,
    "score": Writer.score, "renewals": Writer.renewals, "officer": Writer.officer,
}  # fmt: skip


def write(rules: RuleSet, version: Version, on: date) -> str:
    assert version.requires is not None
    return Writer(rules, on).query(version.requires)
