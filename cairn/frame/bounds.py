"""What a column can keep. Texts that are too long and numbers that are too large are refused in a sentence, before the database is asked:
PostgreSQL would fail on them, and SQLite would keep them until nobody could move the data to PostgreSQL.

The last net beneath every command. Not here: what a command itself bounds, with better words (kernel.text.clean); writes of many rows at
once, whose callers have read every value.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models.signals import pre_save

from cairn.kernel.errors import Invalid


def watch() -> None:
    """Look at every row of ours before it is saved."""
    pre_save.connect(_look, dispatch_uid="cairn.frame.bounds")


def _look(
    sender: type[models.Model], instance: models.Model, raw: bool = False, update_fields: frozenset[str] | None = None, **_: object
) -> None:
    for field, least, most in () if raw else _bounded(sender):
        if update_fields is None or field.name in update_fields:
            _check(field, getattr(instance, field.attname), least, most)


@cache
def _bounded(model: type[models.Model]) -> tuple[tuple[models.Field[Any, Any], Decimal, Decimal], ...]:
    """The columns of a model with a longest text or a range of numbers; those of other people's libraries are theirs to bound."""
    if not model.__module__.startswith("cairn."):
        return ()
    return tuple((field, *bounds) for field in model._meta.concrete_fields if (bounds := _bounds(field)))


def _bounds(field: models.Field[Any, Any]) -> tuple[Decimal, Decimal] | None:
    if field.is_relation:
        return None
    if isinstance(field, models.CharField) and field.max_length:
        return Decimal(0), Decimal(field.max_length)
    if isinstance(field, models.DecimalField) and field.max_digits is not None:
        places = field.decimal_places or 0
        most = Decimal(10) ** (field.max_digits - places) - Decimal(10) ** -places
        return -most, most
    if isinstance(field, models.IntegerField):
        least, largest = BaseDatabaseOperations.integer_field_ranges[field.get_internal_type()]
        return Decimal(least), Decimal(largest)
    return None


def _check(field: models.Field[Any, Any], value: object, least: Decimal, most: Decimal) -> None:
    name = str(field.verbose_name)
    if isinstance(value, str) and isinstance(field, models.CharField) and len(value) > most:
        over = len(value) - int(most)
        said = f"Take out at least {over:,} character{'' if over == 1 else 's'}."
        raise Invalid("text-too-long", f"The {name} has {len(value):,} characters; at most {most:,} can be kept.", said, {field.name: said})
    if isinstance(value, int | Decimal) and not least <= value <= most:
        said = f"Give a number from {least:,} to {most:,}."
        raise Invalid("number-out-of-range", f"The {name} is out of range.", said, {field.name: said})
