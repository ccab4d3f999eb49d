"""Writes of people's tables that a command of a capability above makes inside its own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.ledger.steps import Entry, record, record_all
from cairn.apps.people import events
from cairn.apps.people.models import (
    Account,
    Affiliation,
    ApiToken,
    Group,
    GroupMember,
    Merging,
    Organization,
    Person,
    RoleGrant,
    Session,
    SupportAccess,
)  # fmt: skip
from cairn.frame.actor import Actor
from cairn.frame.commands import running
from cairn.frame.wiring import object_to
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid


def ensure_organization(
    *, actor: Actor, slug: str, name: str, kind: str, jurisdiction: str = "", website: str = ""
) -> Organization:  # fmt: skip
    """The organization of this slug, entered if it is not there; an existing one keeps its own name."""
    running()
    told = {"name": name, "kind": kind, "jurisdiction": jurisdiction, "website": website}
    organization, made = Organization.objects.get_or_create(slug=slug, defaults=told)
    if made:
        record(events.ORGANIZATION_FOUNDED, actor=actor, subject=organization, organization=organization.pk, slug=slug, name=name,
               kind=kind, parent="")  # fmt: skip
    return organization


def make_admin(*, actor: Actor, person_id: str, organization: Organization) -> RoleGrant:
    """Whoever brings an organization looks after it from the first day."""
    running()
    grant = RoleGrant.objects.create(
        person_id=person_id, role="organization admin", scope="organization", scope_id=organization.pk, scope_name=organization.name,
        organization=organization,
    )  # fmt: skip
    record(events.ROLE_GRANTED, actor=actor, subject=grant, organization=organization.pk, person=person_id, role=grant.role,
           scope=grant.scope, scope_id=grant.scope_id)  # fmt: skip
    return grant


def plain_name(text: str, most: int = 120) -> str:
    """A name as it is kept; Invalid where it has no signs, too many, or hidden ones."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= most:
        words = f"Write a name of 1 to {most} characters."
        raise Invalid("name-invalid", f"A name has 1 to {most} characters; this one has {len(name):,}.", words, {"name": words})
    if not name.isprintable():
        words, remedy = "This name holds signs that cannot be seen.", "Type it anew instead of pasting it."
        raise Invalid("name-hidden", words, remedy, {"name": f"{words} {remedy}"})
    return name


def enter_person(*, actor: Actor, name: str, email: str) -> Person:
    """Somebody who is on a list, and signs in some day or never."""
    running()
    return enter_persons(actor=actor, named=[(name, email)])[0]


def enter_persons(*, actor: Actor, named: Iterable[tuple[str, str]]) -> list[Person]:
    """All who are on a list, by name and address."""
    running()
    persons = Person.objects.bulk_create(Person(name=plain_name(name), email=email.lower()) for name, email in named)
    record_all(events.PERSON_BEGUN, actor=actor, entries=[Entry(each, {"name": each.name, "email": each.email}) for each in persons])
    return persons


def change_unclaimed_address(*, actor: Actor, person_id: str, email: str) -> Person:
    """Another address for somebody without an account; whoever has one changes it themself."""
    running()
    person = Person.objects.filter(account=None, merged_into=None).locked(pk=person_id)
    person.email = email.lower()
    person.save(update_fields=["email"])
    record(events.ADDRESS_CHANGED, actor=actor, subject=person, email=person.email)
    return person


def affiliate_from(*, actor: Actor, person_id: str, organization_id: str, started_on: date) -> Affiliation:
    """They work there, from that day where it is not known yet; what is known stays."""
    running()
    known = Affiliation.objects.filter(person_id=person_id, organization_id=organization_id, ended_on=None).first()
    if known:
        return known
    made, is_new = Affiliation.objects.get_or_create(person_id=person_id, organization_id=organization_id, started_on=started_on)
    if is_new:
        record(events.AFFILIATED, actor=actor, subject=made, organization=organization_id, person=person_id, title="",
               started_on=started_on.isoformat())  # fmt: skip
    return made


def affiliate_all_from(*, actor: Actor, organizations: Mapping[str, str], started_on: date) -> None:
    """By person, where they work from that day on; what is known stays."""
    running()
    works = Affiliation.objects.filter(person__in=organizations).filter(Q(ended_on=None) | Q(started_on=started_on))
    known = set(works.values_list("person_id", "organization_id"))
    made = [Affiliation(person_id=p, organization_id=o, started_on=started_on) for p, o in organizations.items() if (p, o) not in known]
    Affiliation.objects.bulk_create(made)
    record_all(events.AFFILIATED, actor=actor, entries=[
        Entry(each, {"person": each.person_id, "title": "", "started_on": started_on.isoformat()}, organization=each.organization_id)
        for each in made
    ])  # fmt: skip


def confirm_address(account: Account) -> None:
    """Let the account's address open it, in the sign-in library's own table: whoever made the account stands for it."""
    running()
    apps.get_model("account.EmailAddress")._default_manager.create(user_id=account.pk, email=account.email, verified=True, primary=True)


def forget_authenticators(person: Person) -> None:
    """Apps, passkeys and recovery codes of somebody, in the sign-in library's own table."""
    running()
    apps.get_model("mfa.Authenticator")._default_manager.filter(user_id=person.account_id).delete()


# --- Groups --------------------------------------------------------------------------------------------------------


def form_group(*, actor: Actor, organization_id: str, name: str, kind: str) -> Group:
    group = Group.objects.create(name=name, kind=kind, organization_id=organization_id)
    record(events.GROUP_FORMED, actor=actor, subject=group, organization=organization_id, name=name, kind=kind)
    return group


def join_group(*, actor: Actor, group_id: str, person_id: str, joined_on: date) -> GroupMember:
    """The membership that runs; begun unless a capability above objects."""
    running()
    group = Group.objects.locked(pk=group_id)
    if member := GroupMember.objects.filter(group=group, person_id=person_id, left_on=None).first():
        return member
    object_to(events.GROUP_JOINED, viewer=actor, group_id=group_id, person_id=person_id)
    member = GroupMember.objects.create(group=group, person_id=person_id, joined_on=joined_on)
    record(events.GROUP_JOINED, actor=actor, subject=member, organization=group.organization_id, person=person_id)
    return member


def leave_group(*, actor: Actor, group_id: str, person_id: str, left_on: date) -> GroupMember | None:
    """The membership that has ended with this; None where there was none."""
    running()
    member = GroupMember.objects.filter(group_id=group_id, person_id=person_id, left_on=None).select_for_update().first()
    if member is None:
        return None
    member.left_on = max(left_on, member.joined_on)
    member.save(update_fields=["left_on"])
    organization = Group.objects.values_list("organization_id", flat=True).get(pk=group_id)
    record(events.GROUP_LEFT, actor=actor, subject=member, organization=organization, person=person_id)
    return member


# --- Two persons who become one ------------------------------------------------------------------------------------


def end_what_both_hold(*, actor: Actor, gone: Person, kept: Person) -> None:
    """Roles and groups of the other that the one has too, looks of support by or at the other, tokens: held twice, or meant for another."""
    running()
    now = clock.now()
    for grant in RoleGrant.objects.current().filter(person=gone):
        if RoleGrant.objects.current().filter(person=kept, role=grant.role, scope=grant.scope, scope_id=grant.scope_id).exists():
            RoleGrant.objects.filter(pk=grant.pk).update(ended_at=now)
            record(events.ROLE_ENDED, actor=actor, subject=grant, organization=grant.organization_id, person=gone.pk, role=grant.role,
                   scope=grant.scope, scope_id=grant.scope_id)  # fmt: skip
    together = GroupMember.objects.filter(person=kept, left_on=None).values("group")
    for member in GroupMember.objects.filter(person=gone, left_on=None, group__in=together).select_related("group"):
        GroupMember.objects.filter(pk=member.pk).update(left_on=clock.today(ZoneInfo(gone.time_zone)))
        record(events.GROUP_LEFT, actor=actor, subject=member, organization=member.group.organization_id, person=gone.pk)
    for token in ApiToken.objects.filter(person=gone, revoked_at=None):
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=now)
        record(events.TOKEN_REVOKED, actor=actor, subject=token)
    for access in SupportAccess.objects.filter(Q(operator=gone) | Q(person=gone), ended_at=None):
        SupportAccess.objects.filter(pk=access.pk).update(ended_at=min(now, access.ends_at))
        if access.ends_at > now:
            record(events.SUPPORT_ENDED, actor=actor, subject=access, person=access.person_id)
    for twin in Affiliation.objects.filter(person=gone):  # of the same place and day the one that lasts longer says how long
        mine = Affiliation.objects.filter(person=kept, organization=twin.organization_id, started_on=twin.started_on)
        mine.filter(ended_on__isnull=False).filter(Q(ended_on__lt=twin.ended_on) if twin.ended_on else Q()).update(ended_on=twin.ended_on)


def hand_over(*, actor: Actor, gone: Person, kept: Person) -> dict[str, list[str]]:
    """Every row of every capability that is the other's becomes the one's: table and key -> ids. What the one has word for word stays."""
    running()
    moved = {}
    for key in _keys_to_persons():
        rows = key.model._base_manager.filter(**{key.name: gone}).exclude(pk__in=_twins(key, gone, kept))
        ids = sorted(str(pk) for pk in rows.values_list("pk", flat=True))
        if ids:
            rows.update(**{key.name: kept})
            moved[f"{key.model._meta.label}.{key.name}"] = ids
    return moved


def _keys_to_persons() -> list[models.ForeignKey[Any, Any]]:
    """Of all tables, read from the tables themselves, so that none is forgotten; but those that tell of the merging."""
    relations = [relation for relation in Person._meta.get_fields(include_hidden=True) if isinstance(relation, models.ManyToOneRel)]
    return sorted((relation.field for relation in relations if relation.related_model is not Merging), key=str)


def _twins(key: models.ForeignKey[Any, Any], gone: Person, kept: Person) -> list[str]:
    """Rows of the other that a unique constraint would not let stand beside the one's."""
    ids: set[str] = set()
    for rule in key.model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and key.name in rule.fields:
            same = {name: OuterRef(name) for name in rule.fields if name != key.name}
            applies = rule.condition or Q()
            theirs = key.model._base_manager.filter(applies, **{key.name: kept}, **same)
            mine = key.model._base_manager.filter(applies, Exists(theirs), **{key.name: gone})
            ids |= set(mine.values_list("pk", flat=True))
    return sorted(ids)


def close_account(*, actor: Actor, gone: Person, kept: Person, address: str) -> None:
    """The other's confirmed addresses open the one's account; nothing else of their sign-in opens anything any more."""
    running()
    addresses = apps.get_model("account.EmailAddress")._default_manager
    if gone.account_id is None:
        if addresses.filter(email=address, verified=True).exclude(user_id=kept.account_id).exists():
            raise Conflict("address-taken", f"{address} opens a third account by now.", "Sign in with it, and ask from there.")
        addresses.update_or_create(user_id=kept.account_id, email=address, defaults={"verified": True})
    else:
        addresses.filter(user_id=gone.account_id, verified=False).delete()
        theirs = addresses.filter(user_id=gone.account_id).values_list("email", flat=True)
        addresses.filter(user_id=kept.account_id, email__in=list(theirs)).delete()  # added there, and never confirmed
        addresses.filter(user_id=gone.account_id).update(user_id=kept.account_id, primary=False)
        forget_authenticators(gone)
        Session.objects.filter(account_id=gone.account_id).delete()
        account = Account.objects.get(pk=gone.account_id)
        account.email, account.is_active = f"{account.pk}@merged.invalid", False
        account.set_unusable_password()
        account.save()
    Person.objects.filter(pk=gone.pk).update(email="")
