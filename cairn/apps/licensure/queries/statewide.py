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
from datetime import date
from pathlib import Path

import duckdb
from django.db import connection

from cairn.apps.licensure.models import ApprovedListing, EducatorLicense, RecordEntry, Standing
from cairn.apps.licensure.queries.licenses import today_in
from cairn.apps.licensure.queries.rules import book, jurisdiction
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.pure.rules import NodeResult, Record, RuleSet, Term, Version
from cairn.pure.rules.columns import STATES, TABLES, query
from cairn.pure.rules.evaluate import versions_on
from cairn.pure.rules.model import FIELDS, SEVERAL

ALONE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}  # nothing is fetched from anywhere
# Tables of the site as they are, and which of their columns come along; days and moments as text, in UTC.
_LICENSES = ("id", "person_id", "type", "valid_from", "valid_to", "entered_on", "renewals_used", "events")
_ENTRIES = ("id", "person_id", "kind", "on", "until", "at", "submitted_on", "submitted_at", "amount", "unit", "fields", "revoked_at",
            "suspended", "withdrawn_at")  # fmt: skip
_LISTINGS = ("body", "microcredential__slug", "approved_from", "approved_until")


class Statewide:
    """The educators of one jurisdiction in columns, on a day of its calendar."""

    def __init__(self, db: duckdb.DuckDBPyConnection, code: str) -> None:
        self.db, self.code, self.on = db, code, today_in(jurisdiction(code))

    @property
    def licenses(self) -> int:
        return self._one("SELECT count(*) FROM who")

    def _one(self, sql: str) -> int:
        found = self.db.execute(sql).fetchone()
        return int(found[0]) if found else 0

    def evaluate(self, route: RuleSet, version: Version, table: str) -> None:
        """A table with the states of every requirement for everybody from whom the route leads on, by this version."""
        kinds = ", ".join(f"'{each}'" for each in (route.from_, route.renews) if each)
        self.db.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT r.* FROM ({query(route, version, self.on)}) r "
                        f"JOIN who w ON w.number = r.educator WHERE w.type IN ({kinds})")  # fmt: skip

    def changed(self, route: RuleSet) -> list[str]:
        """Ids of the licenses whose standing on the route, line by line, is not the one that is kept."""
        found: list[str] = []
        for chosen, condition in holding(route, self.on):
            for number, version in enumerate(chosen):
                self.evaluate(route, version, f"by_{number}")
            marks = " , ".join(f"by_{n}" for n in range(len(chosen)))
            raise NotImplementedError(marks, condition)
        return found
