"""Many people and organizations at once, as lists name them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from cairn.apps.people.models import Affiliation, Organization, Person
from cairn.apps.people.queries.core import zone_of
from cairn.kernel import clock

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


def at_work_in(organization_ids: Iterable[str]) -> QuerySet[Affiliation]:
    """Affiliations of today with one of these, or with a school of theirs: for rules of sight, which ask whether there is one."""
    today, own = clock.today(zone_of(None)), list(organization_ids)
    there = Q(organization__in=own) | Q(organization__parent__in=own, organization__kind="school")
    return Affiliation.objects.since(today).filter(there, started_on__lte=today)


def with_account(person_ids: Iterable[str]) -> set[str]:
    """Those who sign in by themselves, and so keep their own address."""
    asked = sorted(set(person_ids))
    found: set[str] = set()
    for start in range(0, len(asked), MANY):
        found |= set(Person.objects.filter(pk__in=asked[start : start + MANY]).exclude(account=None).values_list("pk", flat=True))
    return found
