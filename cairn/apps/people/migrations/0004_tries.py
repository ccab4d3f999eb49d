"""Tries at signing in are counted in a table, which all web processes share. The framework's cache keeps it (settings.CACHES)."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", "people_tries", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("people", "0003_sessions")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
