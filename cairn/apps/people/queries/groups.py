"""Groups: who is in them, who coaches whom, and what ties two persons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from cairn.apps.people import states
from cairn.apps.people.models import (
    Affiliation,
    Group,
    GroupMember,
    Person,
    RoleGrant,
    SupportAccess,
)
from cairn.frame.actor import Actor


def groups(viewer: Actor) -> QuerySet[Group]:
    return Group.objects.visible_to(viewer).order_by("name")


def groups_in(viewer: Actor, organization_id: str) -> list[GroupLine]:
    """The groups of an organization with those who are in them now."""
    found = list(groups(viewer).filter(organization_id=organization_id))
    members = GroupMember.objects.visible_to(viewer).filter(group__in=found, left_on=None).select_related("person").order_by("person__name")
    rows = list(members)
    return [GroupLine(group, tuple(member for member in rows if member.group_id == group.pk)) for group in found]


def group_in(viewer: Actor, organization_id: str, group_id: str) -> GroupLine:
    group = Group.objects.visible_to(viewer).filter(organization_id=organization_id).get_or_not_found(pk=group_id)
    members = GroupMember.objects.visible_to(viewer).filter(group=group, left_on=None).select_related("person").order_by("person__name")
    return GroupLine(group, tuple(members))


def members_of(viewer: Actor, group_id: str) -> QuerySet[GroupMember]:
    """Who is in a group now, by name; for the system, and for whoever may see the group."""
    found = GroupMember.objects.visible_to(viewer).filter(group_id=group_id, left_on=None)
    return found.select_related("person").order_by("person__name", "person_id")


def groups_of(viewer: Actor) -> set[str]:
    """Ids of the groups that the viewer is in at this moment."""
    if not viewer.person_id:
        return set()
    return set(GroupMember.objects.filter(person_id=viewer.person_id, left_on=None).values_list("group_id", flat=True))


def coaches_of(viewer: Actor) -> QuerySet[Person]:
    """Who is in one of the viewer's groups and coaches, or runs programs: the only ones to whom a draft may be opened."""
    together = GroupMember.objects.filter(group__in=groups_of(viewer), left_on=None, person=OuterRef("pk"))
    leads = RoleGrant.objects.current().filter(person=OuterRef("pk"), role__in=states.COACHING_ROLES)
    return Person.objects.filter(Exists(together), Exists(leads)).exclude(pk=viewer.person_id).order_by("name")


def leaders_in(viewer: Actor, organization_id: str) -> QuerySet[RoleGrant]:
    """Who coaches, or runs programs, under an organization; for the system only."""
    found = RoleGrant.objects.current().filter(organization_id=organization_id, role__in=states.COACHING_ROLES)
    return (found if viewer.is_system else found.none()).select_related("person").order_by("person__name", "-role")


@dataclass(frozen=True)
class GroupLine:
    group: Group
    members: tuple[GroupMember, ...]


@dataclass(frozen=True)
class Ties:
    """What could bias a reader: employers within the window, groups, and persons seen as support, by id. A school's district counts as
    employer too."""

    employers: frozenset[str]
    groups: frozenset[str]
    seen: frozenset[str]


def ties_of(viewer: Actor, person_ids: Iterable[str], since: date) -> dict[str, Ties]:
    """Employers now or since `since`, their parents among districts and schools, and groups, of each person; for the system only."""
    if not viewer.is_system:
        return {}
    ids = list(person_ids)
    works: dict[str, set[str]] = {i: set() for i in ids}
    rows = Affiliation.objects.since(since).filter(person_id__in=ids).values_list("person_id", "organization_id", "organization__parent_id",
                                                                                  "organization__kind")  # fmt: skip
    for person_id, employer, parent, kind in rows:
        works[person_id].add(employer)
        if parent and kind == "school":
            works[person_id].add(parent)
    together: dict[str, set[str]] = {i: set() for i in ids}
    members = GroupMember.objects.filter(Q(left_on=None) | Q(left_on__gte=since), person_id__in=ids).values_list("person_id", "group_id")
    for person_id, group_id in members:
        together[person_id].add(group_id)
    seen: dict[str, set[str]] = {i: set() for i in ids}
    looks = SupportAccess.objects.filter(operator_id__in=ids, ends_at__date__gte=since).values_list("operator_id", "person_id")
    for operator_id, person_id in looks:
        seen[operator_id].add(person_id)
    return {i: Ties(frozenset(works[i]), frozenset(together[i]), frozenset(seen[i])) for i in ids}
