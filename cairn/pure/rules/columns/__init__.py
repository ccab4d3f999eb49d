"""A version of a rule set over a whole state at once: one DuckDB query that gives every educator's states, equal to `evaluate`'s.

The query reads two tables, `educator` and `entry` (TABLES), and gives a row for each educator: a column for each requirement, by its id,
with 0 for open, 1 for officer, 2 for met (STATES), the whole tree's first. An entry carries the days of its educator's license, so that
most looks at entries join nothing. Not here: filling the tables and running it (apps.licensure).
"""

from __future__ import annotations

from datetime import date

from cairn.pure.rules.columns.writing import STATES, write
from cairn.pure.rules.model import FIELDS, KINDS, SEVERAL
from cairn.pure.rules.spec import RuleSet, Version

__all__ = ["STATES", "TABLES", "query"]

_FIELDS = ",\n    ".join(f'"{field}" VARCHAR{"[]" if field in SEVERAL else ""}' for field in FIELDS)
TABLES = f"""
CREATE TYPE kind AS ENUM ({", ".join(f"'{kind}'" for kind in KINDS)});
CREATE TABLE educator (
    id BIGINT, license_from DATE, license_to DATE, renewals_used INTEGER,
    attributes STRUCT(name VARCHAR, value VARCHAR, since DATE, until DATE)[], events MAP(VARCHAR, DATE)
);
CREATE TABLE entry (
    educator BIGINT, license_from DATE, license_to DATE, id VARCHAR, kind kind, "on" DATE, amount DECIMAL(12, 4), unit VARCHAR,
    until DATE, submitted DATE, revoked DATE, withdrawn DATE, verified BOOLEAN, suspended STRUCT("from" DATE, "to" DATE)[],
    {_FIELDS}
);
"""


def query(rules: RuleSet, version: Version, on: date) -> str:
    """The query for a version on a day; ValueError where the version computes nothing. Which version holds for whom is the caller's."""
    if version.requires is None:
        raise ValueError("This version computes nothing.")
    return write(rules, version, on)
