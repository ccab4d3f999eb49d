"""A whole state at once: what is known of its educators, laid out in columns, and every route evaluated over all of them by one query.

Not here: the queries themselves (pure.rules.columns), or keeping what comes out (commands).
"""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
from django.db import connection

from cairn.apps.licensure.models import EducatorLicense, StandingRun
from cairn.apps.licensure.models.records import OWN, RUNS_OUT
from cairn.apps.licensure.queries.licenses import today_in
from cairn.apps.licensure.queries.rules import book, jurisdiction
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.pure import rules
from cairn.pure.rules import Record, RuleSet, Term, Version
from cairn.pure.rules.columns import STATES, TABLES, query
from cairn.pure.rules.evaluate import RANK, versions_on
from cairn.pure.rules.model import FIELDS, SEVERAL
from cairn.pure.rules.spec import Node

ALONE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}  # nothing is fetched from anywhere
# What comes along of each table of the site, as text; moments are UTC.
_WHO = ("id", "person_id", "type", "valid_from", "valid_to", "entered_on", "renewals_used", "events")
_RAW = ("id", "person_id", "kind", "on", "until", "at", "submitted_on", "submitted_at", "amount", "unit", "fields", "revoked_at",
        "suspended", "withdrawn_at")  # fmt: skip
_LISTED = ("body", "slug", "approved_from", "approved_until")
_KEPT = ("license_id", "rules", "marks")


def marks(route: RuleSet, standing: rules.Standing) -> str:
    """What a standing says line by line, in short: equal for equal states of all requirements under one version."""
    version = route.version(standing.version) if standing.version else None
    states = {node.id: RANK[found.state] for node in _requirements(version) if (found := standing.find(node.id))}
    return _digest(version, (f"{id}={state}" for id, state in sorted(states.items())))


def _digest(version: Version | None, lines: Iterator[str]) -> str:
    return hashlib.sha256(f"{version.effective if version else ''}|{','.join(lines)}".encode()).hexdigest()


def _requirements(version: Version | None) -> Iterator[Node]:
    return version.requires.walk() if version and version.requires else iter(())


@dataclass(frozen=True)
class Turned:
    """A license on which a change turns: which way (states.TURNS), and the lines that make the difference."""

    license_id: str
    turn: str
    lines: tuple[rules.Turn, ...]


@dataclass(frozen=True)
class Change:
    """What another version would do to those who are here: how many are met by both, by one of them alone, by neither; of the last,
    how many an officer must judge under the later one."""

    licenses: int
    both: int
    gained: int
    lost: int
    neither: int
    judged: int
    turned: tuple[Turned, ...]


class Statewide:
    """The educators of one jurisdiction in columns, on a day of its calendar."""

    def __init__(self, db: duckdb.DuckDBPyConnection, code: str, on: date) -> None:
        self.db, self.code, self.on = db, code, on

    def changed(self, route: RuleSet) -> list[str]:
        """Ids of the licenses whose standing on the route, line by line, is not the one that is kept."""
        found: list[str] = []
        for chosen, entered in holding(route, self.on):
            computed = [version for version in chosen if version.requires]
            for number, version in enumerate(computed):
                self._evaluate(route, version, f"by_{number}", entered)
            now = _best(computed) if computed else _uncomputed(route, chosen, entered)
            self.db.execute(f"SELECT w.id FROM ({now}) n JOIN who w USING (number) LEFT JOIN kept k ON k.license_id = w.id AND k.rules = ? "
                            "WHERE k.marks IS DISTINCT FROM n.marks ORDER BY w.id", [route.slug])  # fmt: skip
            found += [row[0] for row in self.db.fetchall()]
        return found

    def changed_anywhere(self) -> list[str]:
        """Ids of the licenses whose standing changed on any route that leads on from them."""
        found = (pk for route in book().rules.values() if route.jurisdiction.code == self.code for pk in self.changed(route))
        return sorted(set(found))

    @property
    def licenses(self) -> int:
        found = self.db.execute("SELECT count(*) FROM who").fetchone()
        return int(found[0]) if found else 0

    def change(self, route: RuleSet, before: Version, after: Version, listed: Sequence[str] = ()) -> Change:
        """What it would mean for everybody from whom the route leads on, had `after` been the rule in place of `before`; of the licenses
        in `listed`, those on which it turns."""
        assert before.requires is not None
        assert after.requires is not None
        ways = (("was", before), ("now", after))
        one, other = (
            f"(SELECT educator, {_states(version)} AS {name} FROM ({query(route, version, self.on)}) r)" for name, version in ways
        )
        self.db.execute(
            f"CREATE OR REPLACE TABLE compared AS SELECT w.id, was, now, {_TURN} AS turn FROM who w JOIN {one} a ON a.educator = w.number "
            f"JOIN {other} b ON b.educator = w.number WHERE {_leads_on(route)}"
        )
        counts = dict(self.db.execute("SELECT turn, count(*) FROM compared GROUP BY turn").fetchall())
        both, gained, lost, judged, rest = (counts.get(turn, 0) for turn in ("both", "gains", "loses", "officer", "neither"))
        found = self.db.execute(
            "SELECT id, turn, was, now FROM compared WHERE turn NOT IN ('both', 'neither') AND id IN (SELECT unnest(?)) ORDER BY id",
            [list(listed)],
        )  # fmt: skip
        turned = tuple(
            Turned(pk, turn, rules.turns(before.requires, after.requires, _named(before, was), _named(after, now)))
            for pk, turn, was, now in found.fetchall()
        )
        return Change(sum(counts.values()), both, gained, lost, judged + rest, judged, turned)

    def _evaluate(self, route: RuleSet, version: Version, table: str, entered: str) -> None:
        """A table with everybody's state of the whole, and the marks of all requirements."""
        names = sorted(node.id for node in _requirements(version))
        assert version.requires is not None
        lines = ", ',', ".join(f"'{name}=', r.\"{name}\"" for name in names)
        said = f"sha256(concat('{version.effective}|', {lines}))"
        self.db.execute(
            f'CREATE OR REPLACE TABLE {table} AS SELECT w.number, r."{version.requires.id}" AS root, {said} AS marks '
            f"FROM ({query(route, version, self.on)}) r JOIN who w ON w.number = r.educator WHERE {_leads_on(route)} AND {entered}"
        )


_TURN = (
    "CASE WHEN was[1] = 2 AND now[1] = 2 THEN 'both' WHEN now[1] = 2 THEN 'gains' WHEN was[1] = 2 THEN 'loses' "
    "WHEN now[1] = 1 THEN 'officer' ELSE 'neither' END"
)


def _states(version: Version) -> str:
    """The states of all lines as one list, the whole tree's first."""
    names = ", ".join(f'r."{node.id}"' for node in _requirements(version))
    return f"[{names}]"


def _named(version: Version, states: Sequence[int]) -> dict[str, str]:
    return {node.id: STATES[state] for node, state in zip(_requirements(version), states, strict=True)}


def _leads_on(route: RuleSet) -> str:
    kinds = ", ".join(f"'{each}'" for each in (route.from_, route.renews) if each)
    return f"w.type IN ({kinds})" if kinds else "FALSE"


def _uncomputed(route: RuleSet, chosen: Sequence[Version], entered: str) -> str:
    said = _digest(chosen[0] if chosen else None, iter(()))
    return f"SELECT number, '{said}' AS marks FROM who w WHERE {_leads_on(route)} AND {entered}"


def _best(computed: Sequence[Version]) -> str:
    """Where either of two versions may be used, the one that serves better; the later one where both serve alike."""
    if len(computed) == 1:
        return "SELECT number, marks FROM by_0"
    return "SELECT a.number, CASE WHEN b.root > a.root THEN b.marks ELSE a.marks END AS marks FROM by_0 a JOIN by_1 b USING (number)"


def holding(route: RuleSet, on: date) -> list[tuple[tuple[Version, ...], str]]:
    """The versions that hold on a day, and for whom: where a route is locked on entry, by when somebody entered."""
    if not route.is_locked_on_entry:
        return [(tuple(versions_on(route, Record(), on)), "TRUE")]
    ends = {version.until + timedelta(days=1) for version in route.versions if version.until}
    starts = [date.min, *sorted({version.effective for version in route.versions} | ends)]
    found = []
    for start, following in zip(starts, [*starts[1:], date.max], strict=True):
        chosen = tuple(versions_on(route, Record(license=Term("", start, None, entered=start)), on))
        found.append((chosen, f"w.entry_day >= DATE '{start}' AND w.entry_day < DATE '{following}'"))
    return found


# --- Laying it out ------------------------------------------------------------------------------------------------------


def last_run(viewer: Actor) -> StandingRun | None:
    """The latest look at everybody: how far it is, or was; for operators."""
    return StandingRun.objects.visible_to(viewer).order_by("-began_at").first()


def held_in(viewer: Actor) -> list[str]:
    """For the system: the jurisdictions of which anybody here holds a license."""
    found = EducatorLicense.objects.visible_to(viewer).current() if viewer.is_system else EducatorLicense.objects.none()
    return [code for code in found.order_by().values_list("jurisdiction", flat=True).distinct() if code in book().jurisdictions]


@contextmanager
def statewide(viewer: Actor, code: str) -> Iterator[Statewide]:
    """For the system: everything known of the educators of a jurisdiction, while it is looked at."""
    if not viewer.is_system or code not in book().jurisdictions:
        raise NotFound("jurisdiction")
    place = jurisdiction(code)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config=ALONE) as db:
        db.execute(TABLES)
        db.execute(f"CREATE MACRO local_day(m) AS ((regexp_replace(m, '[+]00(:00)?$', '')::TIMESTAMP AT TIME ZONE 'UTC') "
                   f"AT TIME ZONE '{place.zone or 'UTC'}')::DATE")  # fmt: skip
        for name, columns, sql in _tables(code):
            _read(db, Path(folder) / f"{name}.csv", name, columns, sql)
        for sql in (_NUMBERED, _EDUCATORS, _LISTS, _entries()):
            db.execute(sql)
        yield Statewide(db, code, today_in(place))


def _tables(code: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Of each: its name here, its columns, and the site's own query for them."""
    ours = f"SELECT {{}} FROM licensure_educatorlicense WHERE ended_on IS NULL AND jurisdiction = '{code}'"
    yield "licenses", _WHO, ours.format(", ".join(_WHO))
    done = f"until IS NOT NULL AND source IN {OWN} AND kind NOT IN {RUNS_OUT}"  # as RecordEntry.done_on and runs_until
    days = {"on": f'CASE WHEN {done} THEN until ELSE "on" END', "until": f"CASE WHEN {done} THEN NULL ELSE until END"}
    yield (
        "raw", _RAW,
        f"SELECT {', '.join(days.get(name, chr(34) + name + chr(34)) for name in _RAW)} FROM licensure_recordentry "
        "WHERE (state = 'verified' OR (state = 'withdrawn' AND verified_by_id IS NOT NULL)) "
        f"AND person_id IN ({ours.format('person_id')})",
    )  # fmt: skip
    yield (
        "listed", _LISTED,
        "SELECT l.body, m.slug, l.approved_from, l.approved_until FROM licensure_approvedlisting l "
        "JOIN catalog_microcredential m ON m.id = l.microcredential_id",
    )  # fmt: skip
    yield (
        "kept", _KEPT,
        f"SELECT license_id, rules, marks FROM licensure_standing WHERE is_current AND license_id IN ({ours.format('id')})",
    )  # fmt: skip


def _read(db: duckdb.DuckDBPyConnection, path: Path, name: str, columns: Sequence[str], sql: str) -> None:
    """The rows go through a file, so that no one of them is ever a Python object of ours."""
    with connection.cursor() as cursor, path.open("w", newline="", encoding="utf-8") as out:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)") as copied:
                for part in copied:
                    out.write(bytes(part).decode())
        else:
            csv.writer(out).writerows(cursor.execute(sql))
    names = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    file = f"read_csv('{path}', header = false, auto_detect = false, delim = ',', columns = {{{names}}}, quote = '\"', escape = '\"')"
    db.execute(f"CREATE TABLE {name} AS SELECT * FROM {file}")


_NUMBERED = """
CREATE TABLE who AS SELECT row_number() OVER (ORDER BY id) AS number, *,
    coalesce((events ->> 'entry')::DATE, entered_on::DATE, valid_from::DATE) AS entry_day FROM licenses
"""
_EDUCATORS = """
INSERT INTO educator
SELECT w.number, w.valid_from::DATE, w.valid_to::DATE, w.renewals_used::INTEGER, coalesce(a.attributes, []),
    map_from_entries(list_transform(json_keys(w.events), lambda k: {'k': k, 'v': (w.events ->> k)::DATE}))
FROM who w LEFT JOIN (
    SELECT person_id, list({
        'name': fields ->> 'name', 'value': fields ->> 'value', 'since': "on"::DATE, 'until': until::DATE
    }) AS attributes
    FROM raw WHERE kind = 'attribute' GROUP BY person_id
) a USING (person_id)
"""
_LISTS = """
CREATE TABLE approved AS SELECT r.id, list(DISTINCT l.body) AS bodies FROM raw r JOIN listed l
    ON l.slug = r.fields ->> 'key' AND l.approved_from::DATE <= coalesce(local_day(r."at"), r."on"::DATE)
    AND (l.approved_until IS NULL OR coalesce(local_day(r."at"), r."on"::DATE) <= l.approved_until::DATE)
    WHERE r.kind = 'micro-credential' GROUP BY r.id
"""


def _entries() -> str:
    fields = ", ".join(_field(name) for name in FIELDS)
    return f"""
INSERT INTO entry
SELECT w.number, w.valid_from::DATE, w.valid_to::DATE, r.id, r.kind::kind, coalesce(local_day(r."at"), r."on"::DATE),
    r.amount::DECIMAL(12, 4), coalesce(r.unit, ''), r.until::DATE, coalesce(local_day(r.submitted_at), r.submitted_on::DATE),
    local_day(r.revoked_at), local_day(r.withdrawn_at), TRUE,
    list_transform(from_json(r.suspended, '[["VARCHAR"]]'), lambda x: {{'from': x[1]::DATE, 'to': x[2]::DATE}}),
    {fields}
FROM raw r JOIN who w USING (person_id) LEFT JOIN approved ON approved.id = r.id WHERE r.kind <> 'attribute'
"""


def _field(name: str) -> str:
    """A field of an entry: one text, or for those that may hold several a list."""
    one = f"r.fields ->> '{name}'"
    if name not in SEVERAL:
        return one
    several = (f"CASE json_type(r.fields, '$.{name}') WHEN 'ARRAY' THEN from_json(r.fields -> '{name}', '[\"VARCHAR\"]') "
               f"ELSE CASE WHEN {one} IS NOT NULL THEN [{one}] END END")  # fmt: skip
    return f"nullif(list_distinct(list_concat({several}, approved.bodies)), [])" if name == "approved_by" else several
