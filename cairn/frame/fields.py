"""The primary key that every table uses."""

from __future__ import annotations

from typing import Any

from django.db import models

from cairn.kernel import ids


class IdField(models.CharField):  # type: ignore[type-arg]
    """An opaque public id (kernel.ids): the same in the database, in URLs and in credentials."""

    def __init__(self, **options: Any) -> None:
        options.update(primary_key=True, max_length=ids.LENGTH, default=ids.new_id, editable=False)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for key in ("primary_key", "max_length", "default", "editable"):
            options.pop(key, None)
        return name, path, args, options
