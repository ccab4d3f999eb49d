"""Groups, and who is in them from when to when."""

from __future__ import annotations

from datetime import date

from cairn.apps.people import policy, steps
from cairn.apps.people.models import Group, GroupMember, Organization
from cairn.apps.people.states import GROUP_KINDS
from cairn.apps.people.steps import plain_name
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel.errors import Invalid, NotFound


@command
def form_group(*, actor: Actor, organization_id: str, name: str, kind: str) -> Group:
    organization = Organization.objects.locked(pk=organization_id)
    policy.MANAGE_PEOPLE.require(actor, organization)
    if kind not in GROUP_KINDS:
        raise Invalid("kind-unknown", f"“{kind}” is not a kind of group.", f"Use one of {', '.join(GROUP_KINDS)}.")
    return steps.form_group(actor=actor, organization_id=organization.pk, name=plain_name(name), kind=kind)


@command
def join_group(*, actor: Actor, group_id: str, person_id: str, joined_on: date) -> GroupMember:
    group = Group.objects.visible_to(actor).select_related("organization").locked(pk=group_id)
    policy.MANAGE_PEOPLE.require(actor, group.organization)
    return steps.join_group(actor=actor, group_id=group.pk, person_id=person_id, joined_on=joined_on)


@command
def leave_group(*, actor: Actor, group_id: str, person_id: str, left_on: date) -> GroupMember:
    group = Group.objects.visible_to(actor).select_related("organization").locked(pk=group_id)
    policy.MANAGE_PEOPLE.require(actor, group.organization)
    member = steps.leave_group(actor=actor, group_id=group.pk, person_id=person_id, left_on=left_on)
    if member is None:
        raise NotFound("member")
    return member
