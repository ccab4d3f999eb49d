"""A count or a sum over all educators at once, in the steps and the order of `tallies.total`. Not here: what is done with it (writing)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from cairn.pure.rules.columns import sql
from cairn.pure.rules.model import KINDS
from cairn.pure.rules.spec import After, Tally
from cairn.pure.rules.tallies import NONE, demands, may_supersede

KEY = 'coalesce(s."key", chr(1) || s.id)'  # no key begins with a control character
DAY = 's."on"'
SUBMITTED = 'coalesce(s.submitted, s."on")'
Add = Callable[[str, str], str]  # adds a common table by a prefix and its query; gives its name


def needs_order(tally: Tally) -> bool:
    """Whether what counts depends on which entry came first."""
    blocks = any(rate.every for rate in tally.convert.values())
    return bool(tally.unit and tally.by_key) or blocks or bool(tally.cap) or bool(tally.maximums) or may_supersede(tally)


def is_plain(tally: Tally) -> bool:
    """Whether each entry counts by itself, so that one look at all entries serves every such tally."""
    return is_simple(tally) and not tally.by_key


def is_simple(tally: Tally) -> bool:
    """Whether an entry counts or not whatever others there are, but for those with the same key."""
    return not (needs_order(tally) or tally.after or tally.newest is not None)


def day_of(tally: Tally) -> str:
    return SUBMITTED if tally.on_submission else DAY


def rows(tally: Tally, on: date, add: Add, window: str, period: str, capped: Callable[[str], str], has_id: bool = False) -> str:
    """The entries that may count (`tallies.gather`): the name of a table with educator, id, day, key, amount and what later steps ask."""
    kinds = f"s.kind IN ({sql.texts(tally.of)})"
    source, where = "entry", [kinds, sql.stands(on)]
    if tally.newest is not None:
        newest = sql.both([kinds, sql.stands(on), sql.matches(tally.newest, on)])
        place = 'row_number() OVER (PARTITION BY s.educator ORDER BY s."on" DESC, s.id DESC)'
        source, where = add("n", sql.look("s.*", newest, tail=f"QUALIFY {place} = 1")), []
    where += [sql.matches(tally.where, on), _large(tally), window, _lasting(tally, on), _deadline(tally, on) if tally.after else ""]
    minimums = [f"({sql.matches(part.where, on)}) AS m{n}" for n, part in enumerate(tally.minimums)]
    maximums = [f"coalesce({sql.matches(part.where, on)}, FALSE) AS x{n}" for n, part in enumerate(tally.maximums)]
    needs_key = tally.by_key or may_supersede(tally)
    ordered = ["s.kind", "s.unit", "s.amount AS given", 's."award"'] if needs_order(tally) else []
    columns = ["s.id"] if has_id or ordered else []
    columns += ["s.educator", f"{day_of(tally)} AS day", f"{amount(tally)} AS amount", *ordered, *minimums, *maximums]
    columns += [f"{KEY} AS key"] if needs_key else []
    columns += [f"{period} AS period"] if period else []
    columns += [f"{capped(tally.cap.per)} AS capped"] if tally.cap else []
    return add("r", sql.look(", ".join(columns), sql.both(where), source))


def amount(tally: Tally) -> str:
    """What an entry comes to, before blocks; none where its unit is not converted."""
    if not tally.unit:
        return "1"
    by_unit = " ".join(f"WHEN s.unit = {sql.text(unit)} THEN s.amount * {sql.number(rate.gives)}" for unit, rate in tally.convert.items())
    kinds = ((kind, rate) for kind, rate in tally.convert.items() if kind in KINDS)
    by_kind = " ".join(f"WHEN s.kind = {sql.text(kind)} THEN s.amount * {sql.number(rate.gives)}" for kind, rate in kinds)
    return f"CASE WHEN s.unit = {sql.text(tally.unit)} THEN s.amount {by_unit} {by_kind} END"


def _large(tally: Tally) -> str:
    return f"s.amount >= {sql.number(tally.smallest)}" if tally.smallest else ""


def _lasting(tally: Tally, on: date) -> str:
    if tally.lasts is None:
        return ""
    return f"{sql.plus(day_of(tally), tally.lasts)} {'>' if tally.lasts_excluding else '>='} {sql.day(on)}"


def _deadline(tally: Tally, on: date) -> str:
    after = tally.after
    assert isinstance(after, After)
    same, day, first = sql.name(after.same), day_of(tally), 'r."on"'
    last = f"{sql.plus(first, after.within)} {'>' if after.excluding else '>='} {day}"
    asked = [f"r.kind IN ({sql.texts(tally.of)})", sql.stands(on, "r"), sql.matches(after.where, on, "r")]
    follows = [f"r.educator = s.educator AND r.{same} = s.{same}", f"{first} <= {day}", last, *asked]
    return f"EXISTS (SELECT 1 FROM entry r WHERE {sql.both(follows)})"


def total(tally: Tally, add: Add, source: str, has_period: bool, only: str = "") -> str:
    """What the rows come to for each educator, or period of one: an expression over `source` where order does not matter, else the name of
    a table that holds the rows which count, with their amounts."""
    by = ("educator", "period") if has_period else ("educator",)
    if only:
        source = add("f", f"SELECT * FROM {source} WHERE {only}")
    if may_supersede(tally):
        source = add("u", _standing_alone(tally, source, by))
    if tally.by_key:
        first = f"row_number() OVER (PARTITION BY {', '.join(by)}, key ORDER BY day, id)"
        source = add("d", f"SELECT * FROM {source} QUALIFY {first} = 1")
    for unit, rate in tally.convert.items():
        if rate.every:
            source = add("b", _in_blocks(tally, source, by, unit, sql.number(rate.every), sql.number(rate.gives)))
    if tally.unit:
        source = add("a", f"SELECT * FROM {source} WHERE amount IS NOT NULL")
    if tally.cap:
        source = add("c", _held(source, (*by, "capped"), sql.number(tally.cap.at_most)))
    return source


def have(tally: Tally) -> str:
    """What the rows that count come to, where their order mattered; whichever maximums are chosen, they are held together."""
    if not tally.maximums:
        return "sum(amount)" if tally.unit else f"count({'DISTINCT key' if tally.by_key else '*'})"
    limits = []
    for some in range(1 << len(tally.maximums)):
        chosen = [(f"x{place}", part.amount) for place, part in enumerate(tally.maximums) if some >> place & 1]
        outside = f" FILTER (WHERE NOT ({' OR '.join(column for column, _ in chosen)}))" if chosen else ""
        limits.append(f"coalesce(sum(amount){outside}, 0) + {sql.number(sum((most for _, most in chosen), NONE))}")
    return f"least({', '.join(limits)})"


def _standing_alone(tally: Tally, source: str, by: tuple[str, ...]) -> str:
    same = " AND ".join(f"one.{column} = other.{column}" for column in by)
    counts = "other.amount IS NOT NULL AND " if tally.unit else ""
    recognized = f"SELECT one.key FROM {source} one JOIN {source} other ON {same} AND one.id = other.award WHERE {counts}"
    here = " AND ".join(f"one.{column} = x.{column}" for column in by)
    return f"SELECT * FROM {source} x WHERE NOT EXISTS ({recognized}{here} AND one.key = x.key)"


def _in_blocks(tally: Tally, source: str, by: tuple[str, ...], unit: str, every: str, gives: str) -> str:
    """Amounts of one unit or kind in whole blocks, each given where it becomes whole."""
    own = f"WHEN unit = {sql.text(tally.unit)} THEN '' WHEN unit IN ({sql.texts(tally.convert)}) THEN unit"
    named = f"CASE {own} ELSE kind END = {sql.text(unit)}"
    so_far = f"sum(given) OVER (PARTITION BY {', '.join(by)}, {named} ORDER BY day, id)"
    blocks = f"({_whole(so_far, every)} - {_whole(f'({so_far} - given)', every)}) * {gives}"
    return f"SELECT * REPLACE (CASE WHEN {named} THEN ({blocks})::DECIMAL(24, 6) ELSE amount END AS amount) FROM {source}"


def _whole(amount: str, every: str) -> str:
    """How many whole blocks; a quotient of decimals would not be exact."""
    return f"round(({amount} - {amount} % {every}) / {every})"


def _held(source: str, by: tuple[str, ...], at_most: str) -> str:
    before = f"(sum(amount) OVER (PARTITION BY {', '.join(by)} ORDER BY day, id) - amount)"
    return f"SELECT * REPLACE (least(amount, greatest({at_most} - {before}, 0)) AS amount) FROM {source}"


def value(tally: Tally, on: date, window: str, some: tuple[int, ...] = ()) -> tuple[str, str, str]:
    """What a plain tally comes to, or some of its minimums: how it is gathered, of which entries that stand, and what of each."""
    where = [f"s.kind IN ({sql.texts(tally.of)})", sql.matches(tally.where, on), _large(tally), window, _lasting(tally, on)]
    where += [" OR ".join(f"({sql.matches(tally.minimums[place].where, on)})" for place in some)]
    return "sum" if tally.unit else "count", sql.both(where), amount(tally)


def summed(tally: Tally, only: str = "") -> str:
    """The sum of rows as an expression, where their order does not matter."""
    what = "count(DISTINCT key)" if tally.by_key and not tally.unit else "count(*)" if not tally.unit else "sum(amount)"
    return f"{what} FILTER (WHERE {only})" if only else what


def parts(tally: Tally) -> tuple[tuple[str, str, str], ...]:
    """Of each group of minimums that must have enough together: a column for it, which rows are of it, and how much is enough."""
    wanted = enumerate(demands(tally))
    return tuple((f"d{n}", " OR ".join(f"m{place}" for place in some), sql.number(amount)) for n, (some, amount) in wanted)
