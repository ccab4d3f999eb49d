"""Lists a page at a time, by cursor: what comes or goes meanwhile neither repeats nor hides anything else.

A cursor holds the place of the last thing shown, sealed, so that it means nothing to others and cannot be made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import Annotated, Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from pydantic import BaseModel, Field

from cairn.interfaces.api.problems import Problem
from cairn.interfaces.api.shapes.base import Asked

T = TypeVar("T")
M = TypeVar("M", bound=Model)
MOST = 100


class Paging(Asked):
    """What every list takes."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="How many at most.", examples=[50])] = 50
    cursor: Annotated[
        str,
        Field(max_length=1000, pattern=r"^[\w.:=-]*$", description="`next` of the page before; the first page has none.", examples=[""]),
    ] = ""


class Page(BaseModel, Generic[T]):
    """One page of a list. `next` leads to the following one; null on the last."""

    items: list[T]
    next: str | None


def page(found: QuerySet[M], by: Sequence[str], paging: Paging, shown: Callable[[M], T]) -> Page[T]:
    """`by` orders the rows and ends with what no two share; "-" before a name is latest first."""
    found = found.order_by(*by)
    names = [name.lstrip("-") for name in by]
    if paging.cursor:
        found = found.filter(_after(by, _opened(paging.cursor, names)))
    rows = list(found[: paging.limit + 1])
    place = [attrgetter(name.replace("__", "."))(rows[paging.limit - 1]) for name in names] if len(rows) > paging.limit else None
    return Page(items=[shown(row) for row in rows[: paging.limit]], next=_sealed(place, names) if place else None)


def part(things: Iterable[M | Any], by: Sequence[str], paging: Paging, shown: Callable[[Any], T]) -> Page[T]:
    """The same for things in hand, which stand in rising order of `by`."""

    def place(thing: Any) -> list[Any]:
        return [_plain(attrgetter(name)(thing)) for name in by]

    after = _opened(paging.cursor, by) if paging.cursor else None
    left = sorted((thing for thing in things if after is None or place(thing) > after), key=place)
    more = len(left) > paging.limit
    return Page(items=[shown(t) for t in left[: paging.limit]], next=_sealed(place(left[paging.limit - 1]), by) if more else None)


def _after(by: Sequence[str], values: Sequence[Any]) -> Q:
    """(a, b) > (x, y) as SQL without row values, each part in its own direction."""
    beyond, equal = Q(pk__in=[]), Q()
    for name, value in zip(by, values, strict=True):
        bare = name.lstrip("-")
        beyond |= equal & Q(**{f"{bare}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{bare: value})
    return beyond


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _sealed(place: Sequence[Any], names: Sequence[str]) -> str:
    return signing.dumps([_plain(value) for value in place], salt=_salt(names))


def _opened(cursor: str, names: Sequence[str]) -> list[Any]:
    """Refused where it was made up, or belongs to a list of another order."""
    try:
        return list(signing.loads(cursor, salt=_salt(names)))
    except signing.BadSignature:
        remedy = "Begin again without a cursor."
        raise Problem(422, "cursor-unknown", "This cursor leads nowhere.", remedy, {"cursor": remedy}) from None


def _salt(names: Sequence[str]) -> str:
    return f"api cursor {' '.join(names)}"
