"""Groups, and who is in them from when to when."""

from __future__ import annotations

from datetime import date

from cairn.apps.ledger.steps import record
from cairn.apps.people import events, policy
from cairn.apps.people.commands.persons import plain_name
from cairn.apps.people.models import Group, GroupMember, Organization
from cairn.apps.people.states import GROUP_KINDS
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel.errors import Invalid


@command
def form_group(*, actor: Actor, organization_id: str, name: str, kind: str) -> Group:
    organization = Organization.objects.locked(pk=organization_id)
    policy.MANAGE_PEOPLE.require(actor, organization)
    if kind not in GROUP_KINDS:
        raise Invalid("kind-unknown", f"“{kind}” is not a kind of group.", f"Use one of {', '.join(GROUP_KINDS)}.")
    group = Group.objects.create(name=plain_name(name), kind=kind, organization=organization)
    record(events.GROUP_FORMED, actor=actor, subject=group, organization=organization.pk, name=group.name, kind=kind)
    return group


@command
def join_group(*, actor: Actor, group_id: str, person_id: str, joined_on: date) -> GroupMember:
    group = Group.objects.visible_to(actor).select_related("organization").locked(pk=group_id)
    policy.MANAGE_PEOPLE.require(actor, group.organization)
    member, made = GroupMember.objects.get_or_create(group=group, person_id=person_id, left_on=None, defaults={"joined_on": joined_on})
    if made:
        record(events.GROUP_JOINED, actor=actor, subject=member, organization=group.organization_id, person=person_id)
    return member


@command
def leave_group(*, actor: Actor, group_id: str, person_id: str, left_on: date) -> GroupMember:
    group = Group.objects.visible_to(actor).select_related("organization").locked(pk=group_id)
    policy.MANAGE_PEOPLE.require(actor, group.organization)
    member = GroupMember.objects.filter(group=group, left_on=None).locked(person_id=person_id)
    member.left_on = left_on
    member.save(update_fields=["left_on"])
    record(events.GROUP_LEFT, actor=actor, subject=member, organization=group.organization_id, person=person_id)
    return member
