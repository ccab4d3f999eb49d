"""Many people and organizations at once, as lists name them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Lower

from cairn.apps.people.models import Affiliation, Organization, Person

MANY = 5000  # of one query


def organizations_called(names: Iterable[str]) -> dict[str, str]:
    """By name or slug in lower case -> id; a name that two organizations have is left out."""
    asked = sorted({name.lower() for name in names})
    found: dict[str, set[str]] = {}
    for start in range(0, len(asked), MANY):
        some = asked[start : start + MANY]
        called = Organization.objects.annotate(called=Lower("name")).filter(Q(called__in=some) | Q(slug__in=some))
        for pk, name, slug in called.values_list("pk", "called", "slug"):
            found.setdefault(name, set()).add(pk)
            found.setdefault(slug, set()).add(pk)
    return {name: ids.pop() for name, ids in found.items() if len(ids) == 1}


def work_now(person_ids: Iterable[str]) -> set[tuple[str, str]]:
    """Person and organization, for each place where one of these works and no end is known."""
    asked = sorted(set(person_ids))
    found: set[tuple[str, str]] = set()
    for start in range(0, len(asked), MANY):
        rows = Affiliation.objects.filter(person__in=asked[start : start + MANY], ended_on=None)
        found |= set(rows.values_list("person_id", "organization_id"))
    return found


def with_account(person_ids: Iterable[str]) -> set[str]:
    """Those who sign in by themselves, and so keep their own address."""
    asked = sorted(set(person_ids))
    found: set[str] = set()
    for start in range(0, len(asked), MANY):
        found |= set(Person.objects.filter(pk__in=asked[start : start + MANY]).exclude(account=None).values_list("pk", flat=True))
    return found
