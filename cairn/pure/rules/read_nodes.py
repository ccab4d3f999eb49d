"""The tree of requirements out of its YAML: one operator for each node, what is inherited from above, and what contradicts itself.

Not here: the fields around the tree (read_versions), filters and what a tally counts (read_tallies).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain, combinations, product

from cairn.pure.rules.read_tallies import read_tally
from cairn.pure.rules.read_where import Vocabulary, read_span, read_value
from cairn.pure.rules.reading import MAX_NAME, Fields
from cairn.pure.rules.spec import ANY_TIME, Group, Has, Node, Renewals, Score, Tally, Within

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_NODES, MAX_USES, MAX_TERMS = 1000, 8, 60
OPERATORS = ("all", "any", "at_least", "count", "sum", "has", "score", "renewals", "officer", "use")


@dataclass
class Tree:
    """What reading one version's tree knows: its vocabulary, its defined nodes, and the ids and names met so far."""

    words: Vocabulary
    defined: dict[str, Fields] = field(default_factory=dict)
    ids: dict[str, Fields] = field(default_factory=dict)
    using: tuple[str, ...] = ()
    prefix: str = ""
    name: str | None = None  # the id of the next node, where it gives none
    used: list[Fields] = field(default_factory=list)


def read_node(fields: Fields, tree: Tree, cite: str, within: Within) -> Node:
    """The node and all below it; `cite` and `within` are what stands above and holds where the node does not say otherwise."""
    if len(tree.ids) >= MAX_NODES or len(tree.using) > MAX_USES:
        most = f"At most {MAX_NODES:,} are allowed, and {MAX_USES} “use” within one another."
        fields.problem("id", "This version has too many requirements.", most)
        fields.ignore()
        return Node(f"{tree.prefix}{len(tree.ids)}", "", cite, "officer")
    id = _id(fields, tree)
    title, cite = fields.text("title", ""), fields.text("cite", cite)
    note = fields.text("note", "")
    within = read_within(fields, "within", tree.words, within)
    operators = [name for name in OPERATORS if fields.has(name)]
    if len(operators) != 1:
        found = f"This requirement has {', '.join(operators) or 'no operator'}."
        fields.problem(operators[1] if operators else "id", found, f"It must have one of: {', '.join(OPERATORS)}.")
        fields.ignore()
        return Node(id, title, cite, "officer")
    node = READERS[operators[0]](fields, tree, Node(id, title, cite, operators[0], within=within, note=note))
    _modifiers(fields, node)
    if fields.has("unless"):
        below = fields.fields("unless", required=True)
        node = replace(node, unless=read_node(below, tree, cite, within) if below else None)
    if fields.has("once"):
        node = replace(node, once=(read_once(fields, "once", node, fields.names("once")),))
    return node


def _id(fields: Fields, tree: Tree) -> str:
    id = tree.prefix + fields.text("id", tree.name)
    tree.name = None
    _take_id(id, fields, tree)
    return id


def _take_id(id: str, fields: Fields, tree: Tree) -> None:
    if id in tree.ids:
        fields.problem(
            "id", f"The id “{id}” is taken; it stands on line {tree.ids[id].line_of('id')} already.", "Give one of the two another."
        )
    elif not all(ID.fullmatch(part) and len(part) <= MAX_NAME for part in id.split(".")):
        allowed = f"It must be of lower-case letters, digits and single hyphens, {MAX_NAME} at most."
        fields.problem("id", f"The id is “{id[:MAX_NAME]}”.", allowed)
    tree.ids[id] = fields


def _modifiers(fields: Fields, node: Node) -> None:
    tally = node.detail if isinstance(node.detail, Tally) else None
    if node.operator in ("has", "renewals", "officer") and fields.has("within"):
        fields.problem("within", f"“within” stands at a requirement with “{node.operator}”.", "It belongs to what counts entries.")
    if tally is None:
        for name in ("each", "carry_over", "after", "newest", "adjust", "lasts", "counts_on"):
            if fields.has(name):
                fields.problem(name, f"“{name}” stands at a requirement with “{node.operator}”.", "It belongs to “count” or “sum”.")
    elif tally.each and node.within.kind == "any":
        fields.problem("each", "“each” stands at a requirement without a window.", "Say in “within” which periods there are.")


def read_within(fields: Fields, name: str, words: Vocabulary, above: Within) -> Within:
    """A window: license, any, or a mapping with `event`, `since` or `last`."""
    if not fields.has(name):
        return above
    if fields.is_text(name):
        return Within(fields.one_of(name, ("any", "license")))
    window = fields.fields(name, required=True)
    if window is None:
        return ANY_TIME
    if window.has("last"):
        return Within("last", span=read_span(window, "last"), excluding=window.flag("excluding"))
    if window.has("since"):
        return Within("since", window.called("since"), read_span(window, "after") if window.has("after") else Within().after)
    event, terms = window.called("event"), window.whole("terms", 0)
    parts = [f"{window.whole(unit)} {unit}" for unit in ("years", "months", "days") if window.has(unit)]
    if bool(terms) == bool(parts) or len(parts) > 1:
        found = f"The window from “{event}” lasts {', '.join(parts) or 'no time'}{' and terms' if terms else ''}."
        window.problem("event", found, "It must have one of: terms, years, months, days, above nothing.")
    if terms > MAX_TERMS:
        window.problem("terms", f"“terms” is {terms}.", f"It must be {MAX_TERMS} at most.")
    if terms and not words.jurisdiction.terms:
        window.problem("terms", f"{words.jurisdiction.name} has no academic terms.", "List its “terms” in licenses.yaml.")
    span = read_span(window, unit) if (unit := next((u for u in ("years", "months", "days") if window.has(u)), "")) else None
    after = read_span(window, "after") if window.has("after") else None
    return Within("event", event, after or Within().after, span or Within().span, terms, window.flag("excluding"))


def read_once(fields: Fields, name: str, node: Node, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of counts that share no entry; all of them must be asked for whatever else is met, and count alike."""
    reachable = {leaf.id: leaf for leaf in _always(node)}
    for id in ids:
        if id not in {below.id for below in node.walk()}:
            fields.not_among(name, f"“{name}” names “{id}”, which is not below it.", id, reachable)
        elif id not in reachable:
            allowed = "Only a “count” without minimums, reached through “all” alone, can share entries with no other."
            fields.problem(name, f"“{name}” names “{id}”.", allowed)
    details = {_likeness(reachable[id]) for id in ids if id in reachable}
    if len(ids) != len(set(ids)) or not 2 <= len(ids) <= 6:
        fields.problem(name, f"“{name}” names {len(ids)} requirements, or one twice.", "It must name two to six different ones.")
    if len(details) > 1 or any(carries for *_, carries in details):
        found = f"The requirements of “{name}” differ in “distinct”, in “each” or its window, or carry over."
        fields.problem(name, found, "They must be alike in these, with no carry-over.")
    return ids


def _likeness(node: Node) -> tuple[bool, str, Within | None, bool]:
    assert isinstance(node.detail, Tally)
    each = node.detail.each
    return node.detail.by_key, each, node.within if each else None, node.detail.carry_over != 0


def _always(node: Node) -> list[Node]:
    if isinstance(node.detail, Tally):
        fit = node.operator == "count" and not node.detail.minimums and not node.detail.maximums and not node.unless
        return [node] if fit else []
    return [leaf for child in node.children for leaf in _always(child)] if node.operator == "all" and not node.unless else []


def _children(fields: Fields, tree: Tree, node: Node, name: str) -> tuple[Node, ...]:
    return tuple(read_node(child, tree, node.cite, node.within) for child in fields.list_of_fields(name, required=True))


def _all(fields: Fields, tree: Tree, node: Node) -> Node:
    children = _children(fields, tree, node, "all")
    for one, other in chain.from_iterable(product(_asked(one), _asked(other)) for one, other in combinations(children, 2)):
        if _rules_out(one, other) or _rules_out(other, one):
            found = f"One of “{one.id}” and “{other.id}” rules out what the other asks for, and both are asked for."
            tree.ids.get(other.id, fields).problem("id", found, "Change one of the two, or ask for either of them.")
    return replace(node, children=children, detail=Group(len(children)))


def _asked(node: Node) -> list[Node]:
    """The lines that must be met for this one to be."""
    if node.operator == "all" and node.unless is None:
        return [line for child in node.children for line in _asked(child)]
    return [] if node.unless else [node]


def _rules_out(one: Node, other: Node) -> bool:
    """Whether a line excludes what the other must have, or allows less of the same, or of more than that, than the other must have."""
    if isinstance(one.detail, Has) and isinstance(other.detail, Has):
        no, yes = one.detail.condition, other.detail.condition
        return one.detail.attribute == other.detail.attribute and no.negated > yes.negated and yes.values == no.values
    if not isinstance(one.detail, Tally) or not isinstance(other.detail, Tally) or one.detail.at_most is None:
        return False
    of_same = set(one.detail.where) <= set(other.detail.where) and one.within == other.within
    bare, as_bare = (replace(each, where=(), minimums=(), at_least=Decimal(0), at_most=None) for each in (one.detail, other.detail))
    return of_same and bare == as_bare and not bare.adjust and other.detail.at_least > one.detail.at_most


def _any(fields: Fields, tree: Tree, node: Node) -> Node:
    return replace(node, children=_children(fields, tree, node, "any"), detail=Group(1))


def _at_least(fields: Fields, tree: Tree, node: Node) -> Node:
    below = fields.fields("at_least", required=True)
    if below is None:
        return replace(node, detail=Group(1))
    count, children = below.whole("count"), _children(below, tree, node, "of")
    if not 1 <= count <= len(children):
        below.problem("count", f"{count} of {len(children)} are asked for.", f"It must be 1 to {len(children)}.")
    return replace(node, children=children, detail=Group(count))


def _tally(fields: Fields, tree: Tree, node: Node) -> Node:
    tally = read_tally(fields, node.operator, node.id, tree.words, node.cite)
    for part in (*tally.minimums, *tally.maximums):
        _take_id(part.id, fields, tree)
    return replace(node, detail=tally)


def _has(fields: Fields, tree: Tree, node: Node) -> Node:
    below = fields.fields("has", required=True)
    names = list(below or ())
    if below is None or len(names) != 1:
        fields.problem("has", f"“has” names {len(names)} attributes.", "It must name one, with its value or values.")
        return replace(node, operator="officer")
    return replace(node, detail=Has(names[0], read_value(below, names[0], tree.words)))


def _score(fields: Fields, tree: Tree, node: Node) -> Node:
    below = fields.fields("score", required=True)
    if below is None:
        return replace(node, operator="officer")
    below.one_of("of", ("sem",), "sem")
    return replace(node, detail=Score(below.text("test"), below.number("tolerance", Decimal(0))))


def _renewals(fields: Fields, tree: Tree, node: Node) -> Node:
    below = fields.fields("renewals", required=True)
    fewer = below.whole("fewer_than") if below else 1
    if not fewer and below:
        below.problem("fewer_than", "Nobody has fewer than none.", "“fewer_than” must be 1 or more.")
    return replace(node, detail=Renewals(fewer))


def _officer(fields: Fields, tree: Tree, node: Node) -> Node:
    return replace(node, note=fields.text("officer"))


def _use(fields: Fields, tree: Tree, node: Node) -> Node:
    """A defined node in this place, under this id; what lies below it is called by both ids."""
    name = fields.text("use")
    if name in tree.using:
        fields.problem("use", f"“{name}” uses itself: {' → '.join((*tree.using, name))}.", "A requirement cannot lead back to itself.")
    elif name not in tree.defined:
        fields.not_among("use", f"“use” names “{name}”, which is not defined.", name, tree.defined)
    else:
        tree.used.append(tree.defined[name])
        inner = Tree(tree.words, tree.defined, tree.ids, (*tree.using, name), f"{node.id}.", name, tree.used)
        used = read_node(tree.defined[name], inner, node.cite, node.within)
        tree.ids.pop(used.id, None)
        return replace(used, id=node.id, title=node.title or used.title)
    return replace(node, operator="officer")


READERS: dict[str, Callable[[Fields, Tree, Node], Node]] = {
    "all": _all, "any": _any, "at_least": _at_least, "count": _tally, "sum": _tally, "has": _has, "score": _score, "renewals": _renewals,
    "officer": _officer, "use": _use,
}  # fmt: skip
