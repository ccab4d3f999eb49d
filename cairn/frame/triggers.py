"""Migration operations that make the database itself refuse changes: the last guard, whoever holds the connection.

Where a later migration alters a guarded table, it lists the guard again after that: SQLite makes such a table anew, without triggers.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import migrations

_POSTGRES = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$
BEGIN
  {guard}RAISE EXCEPTION '{words}';
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER {name} BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""
_POSTGRES_GUARD = "IF NOT ({when}) THEN RETURN COALESCE(NEW, OLD); END IF;\n  "


def refuse(table: str, *, on: tuple[str, ...] = ("update", "delete"), when: str = "", words: str) -> migrations.RunPython:
    """Refuse UPDATE and/or DELETE on `table`, where the SQL condition `when` (over OLD and NEW) holds or always."""

    def forward(apps: object, schema_editor: object) -> None:
        connection = schema_editor.connection  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            for event in on:
                name = f"{table}_no_{event}"
                # OLD and NEW exist for updates; a delete has only OLD, so conditions there speak of OLD alone.
                if connection.vendor == "postgresql":
                    guard = _POSTGRES_GUARD.format(when=when) if when else ""
                    cursor.execute(_POSTGRES.format(name=name, guard=guard, words=words, events=event.upper(), table=table))
                else:
                    clause = f"WHEN {when}" if when else ""
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                    cursor.execute(
                        f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} {clause} BEGIN SELECT RAISE(ABORT, '{words}'); END"
                    )

    return migrations.RunPython(forward, _without(table, on))


def lift(table: str, *, on: tuple[str, ...] = ("update", "delete")) -> migrations.RunPython:
    """No guard any more: where SQLite makes a table anew that the guards of others read, they are lifted before and listed again after."""
    return migrations.RunPython(_without(table, on), migrations.RunPython.noop)


def _without(table: str, on: tuple[str, ...]) -> Callable[[object, object], None]:
    def dropped(apps: object, schema_editor: object) -> None:
        connection = schema_editor.connection  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            for event in on:
                suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}{suffix}")

    return dropped
