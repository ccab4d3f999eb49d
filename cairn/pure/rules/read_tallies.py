"""What a `count` or a `sum` asks for, out of YAML, with what contradicts itself. Not here: filters (read_where), the tree (read_nodes)."""

from __future__ import annotations

from decimal import Decimal

from cairn.pure.rules.model import FIELDS, KINDS, SEVERAL
from cairn.pure.rules.read_where import Vocabulary, read_kinds, read_span, read_unit, read_when, read_where
from cairn.pure.rules.reading import Fields
from cairn.pure.rules.spec import PERIODS, Adjust, After, Cap, Part, Rate, Span, Tally, Where

UNITLESS = ("micro-credential", "degree", "test", "program", "approval")  # kinds whose entries carry no unit
NONE, ONE, MAX_PARTS = Decimal(0), Decimal(1), 6


def read_tally(fields: Fields, operator: str, id: str, words: Vocabulary, cite: str) -> Tally:
    """The tally of a node: its operator's own mapping, and the modifiers that stand beside it."""
    below = fields.fields(operator, required=True)
    if below is None:
        return Tally(("hours",))
    of = read_kinds(below)
    at_most = below.number("at_most", NONE) if below.has("at_most") else None
    at_least = below.number("at_least", NONE if at_most is not None else None)
    is_count = operator == "count"
    unit = "" if is_count else read_unit(below, "unit", words)
    tally = Tally(
        of=of,
        where=read_where(below, words),
        unit=unit,
        by_key=below.one_of("distinct", ("key", "entry"), "key" if "micro-credential" in of else "entry") == "key",
        at_least=at_least,
        at_most=at_most,
        smallest=NONE if is_count else below.number("smallest", NONE),
        convert={} if is_count else _convert(below, words, unit, of),
        minimums=_parts(below, "minimums", "at_least", id, words, cite),
        is_shared=below.one_of("double_use", ("forbid", "allow"), "forbid") == "allow",
        maximums=_parts(below, "maximums", "at_most", id, words, cite),
        cap=None if is_count else _cap(below, words),
        on_submission=fields.one_of("counts_on", ("award", "submission"), "award") == "submission",
        each=fields.one_of("each", PERIODS, ""),
        carry_over=_carry_over(fields),
        after=_after(fields, words),
        newest=_newest(fields, words),
        adjust=tuple(Adjust(read_when(one), one.number("times")) for one in fields.list_of_fields("adjust")),
        lasts=_lasts(fields),
        lasts_excluding=fields.is_mapping("lasts") and (lasts := fields.fields("lasts")) is not None and lasts.flag("excluding"),
    )
    _contradictions(fields, below, tally, words)
    return tally


def _contradictions(fields: Fields, below: Fields, tally: Tally, words: Vocabulary) -> None:
    if tally.at_most is not None and tally.at_most < tally.at_least:
        found = f"“at_most” is {tally.at_most}, below “at_least”, which is {tally.at_least}."
        below.problem("at_most", found, "It must be at least as much.")
    for part in tally.minimums:
        if part.amount > tally.at_least:
            found = f"A minimum asks for {part.amount}; all together {tally.at_least} are asked for."
            below.problem("minimums", found, "A minimum cannot be more than the whole.")
        if any(most.where == part.where and most.amount < part.amount for most in tally.maximums):
            below.problem("maximums", "A maximum is below the minimum for the same entries.", "It must be at least as much.")
    _shares(below, tally)
    if not tally.at_least and tally.at_most is None and not tally.minimums:
        below.problem("at_least", "Nothing is asked for.", "“at_least” must be above nothing.")
    if fields.has("carry_over") and not tally.each:
        fields.problem("carry_over", "“carry_over” stands without “each”.", "Say in “each” from which period to which.")
    known_period(fields, "each", tally.each, words)
    has_blocks = any(rate.every for rate in tally.convert.values())
    if bool(tally.cap) + bool(tally.maximums) + has_blocks > 1:
        found = "Two of “cap”, “maximums” and “every” stand together, so that what counts would hang on which entry came first."
        below.problem("of", found, "Use one of them, or ask for two sums.")
    if tally.smallest and tally.convert:
        below.problem("smallest", "“smallest” stands beside “convert”.", "It is for what is counted in the sum's own unit.")
    if tally.each and tally.at_most is not None:
        below.problem("at_most", "“at_most” stands beside “each”.", "Hold what a period gives with “cap”, or leave “each” out.")
    amounts = {"at_least": (tally.at_least, *(part.amount for part in tally.minimums)),
               "at_most": (tally.at_most or NONE, *(part.amount for part in tally.maximums))}  # fmt: skip
    for name, numbers in amounts.items():
        if not tally.unit and any(one != int(one) for one in numbers):
            below.problem(name, "A part of an entry is asked for.", "“count” counts whole ones; “sum” adds up amounts.")
    _never(below, tally)
    if not tally.unit and tally.of and any(below.has(name) for name in ("unit", "convert", "cap")):
        name = next(name for name in ("unit", "convert", "cap") if below.has(name))
        below.problem(name, f"“{name}” stands in a “count”.", "It belongs to “sum”.")


def _never(below: Fields, tally: Tally) -> None:
    """What nothing could ever meet."""
    if tally.unit:
        for kind in tally.of:
            if kind in UNITLESS and kind not in (tally.unit, *tally.convert):
                below.problem("of", f"“{kind}” has no unit, and so gives nothing.", f"Say in “convert” how many {tally.unit} one gives.")
    if tally.at_most is not None and tally.smallest > tally.at_most:
        below.problem("smallest", f"“smallest” is {tally.smallest}, above “at_most”.", f"It must be {tally.at_most} or less.")
    if tally.cap and tally.cap.per == tally.each and tally.cap.at_most < tally.at_least and not tally.adjust:
        found = f"A {tally.each} gives at most {tally.cap.at_most}, and {tally.at_least} are asked for in each."
        below.problem("cap", found, "“at_most” must be at least as much.")
    for part in tally.maximums:
        if part.where == tally.where and part.amount < tally.at_least and not tally.adjust:
            found = f"At most {part.amount} count of all that is asked for, and {tally.at_least} are asked for."
            below.problem("maximums", found, "“at_most” must be at least as much.")
    for name, parts in (("minimums", tally.minimums), ("maximums", tally.maximums)):
        if len({part.where for part in parts}) < len(parts):
            below.problem(name, f"Two of the “{name}” are about the same entries.", "Make one of the two.")


def _shares(below: Fields, tally: Tally) -> None:
    """Whether minimums, among which an entry is shared out, and maximums can be held together."""
    together = sum((part.amount for part in tally.minimums), NONE)
    if len(tally.minimums) > 1 and not tally.is_shared and together > tally.at_least:
        found = f"The minimums ask for {together} together; all together {tally.at_least} are asked for."
        below.problem("minimums", found, "Ask for as much, or write “double_use: allow” where one entry may fill several.")
    if below.has("double_use") and len(tally.minimums) < 2:
        below.problem("double_use", "“double_use” stands without two “minimums”.", "It says whether one entry may fill several of them.")
    for name, parts in (("minimums", tally.minimums), ("maximums", tally.maximums)):
        if len(parts) > MAX_PARTS and not (name == "minimums" and tally.is_shared):
            below.problem(name, f"There are {len(parts)} “{name}”.", f"At most {MAX_PARTS} are allowed; ask for several sums.")
    for name, amount, parts in (("minimums", "at_least", tally.minimums), ("maximums", "at_most", tally.maximums)):
        for one, part in zip(below.list_of_fields(name), parts, strict=True):
            if not part.amount:
                one.problem(amount, f"“{amount}” is 0.", "It must be above nothing.")


def known_period(fields: Fields, name: str, period: str, words: Vocabulary) -> None:
    place = words.jurisdiction
    known = {"fiscal-year": place.fiscal_year, "school-year": place.school_year, "academic-term": place.terms or None}
    if period in known and known[period] is None:
        field = {"academic-term": "terms"}.get(period, period.replace("-", "_"))
        fields.problem(name, f"{place.name} has no {period.replace('-', ' ')}.", f"Give its “{field}” in licenses.yaml.")


def _convert(below: Fields, words: Vocabulary, unit: str, of: tuple[str, ...]) -> dict[str, Rate]:
    rates = below.fields("convert")
    found = {}
    for name in rates or ():
        assert rates is not None
        if name not in words.units and name not in KINDS:
            rates.not_among(name, f"“{name}” is neither a unit nor a kind of entry.", name, [*words.units, *KINDS])
        if name == unit or (name in KINDS and name not in (*words.units, *of)):
            what = f"“{name}” is what is counted already, or no kind of entry that is."
            rates.problem(name, what, "Take it out, or name its kind in “of”.")
        if rates.is_mapping(name) and (rate := rates.fields(name)):
            found[name] = Rate(rate.number("gives"), rate.number("every"))
            if not found[name].every:
                rate.problem("every", "“every” is 0.", "It must be above nothing.")
        else:
            found[name] = Rate(rates.number(name))
        if not found[name].gives:
            rates.problem(name, f"“{name}” gives nothing.", "Leave it out; what is not named is not counted.")
    return found


def _parts(below: Fields, name: str, amount: str, id: str, words: Vocabulary, cite: str) -> tuple[Part, ...]:
    parts = []
    for number, one in enumerate(below.list_of_fields(name), 1):
        where: Where = read_where(one, words)
        if not where:
            one.problem("where", f"One of the “{name}” matches everything.", "Say in “where” what it is about.")
        own = one.text("id", f"{id}.{name[:-1]}-{number}")
        parts.append(Part(own, one.text("title", ""), where, one.number(amount), one.text("cite", cite)))
    return tuple(parts)


def _cap(below: Fields, words: Vocabulary) -> Cap | None:
    cap = below.fields("cap")
    if cap is None:
        return None
    per = cap.one_of("per", ("day", *PERIODS))
    known_period(cap, "per", per, words)
    at_most = cap.number("at_most")
    if not at_most:
        cap.problem("at_most", "Nothing would count.", "“at_most” must be above nothing.")
    return Cap(per, at_most)


def _carry_over(fields: Fields) -> Decimal | None:
    value = fields.text("carry_over", "none")
    return {"none": NONE, "all": None}[value] if value in ("none", "all") else fields.number("carry_over")


def _after(fields: Fields, words: Vocabulary) -> After | None:
    after = fields.fields("after")
    if after is None:
        return None
    where, same = read_where(after, words), after.one_of("same", [name for name in FIELDS if name not in SEVERAL], "activity")
    if not where:
        after.problem("where", "Nothing says what it comes after.", "Say in “where” what must have come before.")
    return After(where, same, read_span(after, "within"), after.flag("excluding"))


def _newest(fields: Fields, words: Vocabulary) -> Where | None:
    if fields.is_mapping("newest"):
        below = fields.fields("newest")
        return read_where(below, words) if below else ()
    return () if fields.flag("newest") else None


def _lasts(fields: Fields) -> Span | None:
    if not fields.has("lasts"):
        return None
    if fields.is_mapping("lasts"):
        below = fields.fields("lasts")
        return read_span(below, "for") if below else None
    return read_span(fields, "lasts")
