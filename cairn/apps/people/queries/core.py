"""Reading people: who acts, who works where, who holds what. Not here: groups, tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet

from cairn.apps.people import states
from cairn.apps.people.models import (
    Account,
    Affiliation,
    Merging,
    Organization,
    Person,
    RoleGrant,
    Session,
    SessionStore,
    SupportAccess,
)
from cairn.frame.actor import VISITOR, Actor, Grant
from cairn.kernel.errors import NotFound
from cairn.kernel.ids import Id

# Name -> what it means, for those who choose.
ROLES, GROUP_KINDS, ORGANIZATION_KINDS, TOKEN_SCOPES = states.ROLES, states.GROUP_KINDS, states.ORGANIZATION_KINDS, states.TOKEN_SCOPES
MANY = 5000  # addresses of one query


def actor_of(person_id: str) -> Actor:
    """The person with every role held at this moment: asked anew for each request, so that a role ends at once."""
    held = RoleGrant.objects.current().filter(person_id=person_id).values_list("role", "scope", "scope_id")
    return Actor(person_id=Id(person_id), grants=frozenset(Grant(*row) for row in held))


def actor_of_account(account: Any, has_shown_second_step: Callable[[], bool]) -> Actor:
    """VISITOR where nobody is signed in, or the account has no person yet. Guarded roles are withheld until a second step was shown."""
    if not account.is_authenticated:
        return VISITOR
    person_id = Person.objects.filter(account_id=account.pk).values_list("pk", flat=True).first()
    if person_id is None:
        return VISITOR
    return guarded(actor_of(person_id), has_shown_second_step)


def guarded(person: Actor, has_shown_second_step: Callable[[], bool]) -> Actor:
    """Without the roles that ask for a second step, unless it was shown."""
    held = {grant for grant in person.grants if grant.role in states.GUARDED_ROLES}
    if not held or has_shown_second_step():
        return person
    return replace(person, grants=person.grants - held, withheld=tuple(sorted({grant.role for grant in held})))


def has_second_step(account_id: str) -> bool:
    """An app that shows codes, or a passkey; recovery codes alone are none."""
    return _authenticators(account_id, "totp", "webauthn").exists()


def passkeys_of(account_id: str) -> int:
    return _authenticators(account_id, "webauthn").count()


def _authenticators(account_id: str, *kinds: str) -> QuerySet[Any]:
    """The sign-in library's table of second steps."""
    found: QuerySet[Any] = apps.get_model("mfa.Authenticator")._default_manager.filter(user_id=account_id, type__in=kinds)
    return found


def person_of_account(account_id: str) -> str | None:
    """Id of the person who signs in with the account; for the system only, which has seen them do it."""
    return Person.objects.filter(account_id=account_id).values_list("pk", flat=True).first()


def sessions(viewer: Actor) -> QuerySet[Session]:
    """Where the viewer is signed in, the latest used first."""
    return Session.objects.visible_to(viewer).live().order_by("-seen_at")


def handle_of(session_key: str) -> str:
    """What pages call a session, whose key they never show."""
    return SessionStore.handle_of(session_key)


def session_is_live(key: str) -> bool:
    """Asked by those who hold the key of a session, not its cookie."""
    return Session.objects.live().filter(session_key=key).exists()


def through_their_eyes(operator: Actor, access_id: str) -> tuple[SupportAccess, Actor] | None:
    """The look that the operator may take now, and who asks while they take it; None where it is over, ended, or theirs no more."""
    may_look = operator.holds("operator") and not operator.holds("assessor") and not operator.holds("lead assessor")
    live = SupportAccess.objects.live().filter(operator_id=operator.person_id).select_related("person")
    access = live.filter(pk=access_id).first() if may_look else None
    return (access, replace(actor_of(access.person_id), only_looks=True, on_behalf=operator.person_id)) if access else None


def support_accesses(viewer: Actor) -> QuerySet[SupportAccess]:
    """Those that the viewer may know of, the latest first."""
    return SupportAccess.objects.visible_to(viewer).select_related("operator", "person").order_by("-began_at")


def looked_at(viewer: Actor) -> SupportAccess | None:
    """Support that sees the viewer's pages at this moment."""
    live = SupportAccess.objects.live().filter(person_id=viewer.person_id)
    return live.select_related("operator").order_by("-ends_at").first()


def _confirmed(**of: Any) -> QuerySet[Any]:
    """Confirmed addresses, in the sign-in library's own table."""
    found: QuerySet[Any] = apps.get_model("account.EmailAddress")._default_manager.filter(verified=True, **of)
    return found


def account_of_address(address: str) -> str | None:
    """Id of the account that the address opens: where it is confirmed; else the one that signed up with it and has confirmed none yet.

    An address that somebody merely added to theirs, by mistake or on purpose, is nobody's until its owner says so.
    """
    confirmed = _confirmed(email=address.lower()).values_list("user_id", flat=True).first()
    if confirmed:
        return str(confirmed)
    others = Exists(_confirmed(user_id=OuterRef("pk")))
    return Account.objects.filter(~others, email=address.lower()).values_list("pk", flat=True).first()


def has_confirmed_address(account_id: str) -> bool:
    return _confirmed(user_id=account_id).exists()


def owner_of_address(address: str) -> str | None:
    """Id of the one person who has confirmed the address; or, of those without an account, whose only address it is."""
    confirmed = _confirmed(email=address.lower()).values("user_id")
    found = Person.objects.filter(account__in=confirmed, account__is_active=True).values_list("pk", flat=True).first()
    return found or unclaimed(address)


def unclaimed(address: str) -> str | None:
    """Id of the only person without an account who has the address."""
    found = list(Person.objects.filter(account=None, merged_into=None, email=address.lower()).values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def owners_of_addresses(addresses: Iterable[str]) -> dict[str, str]:
    """As `owner_of_address` for many at once: address in lower case -> id of its person, where it has one."""
    asked = sorted({address.lower() for address in addresses})
    found: dict[str, str] = {}
    for start in range(0, len(asked), MANY):
        some = asked[start : start + MANY]
        alone: dict[str, list[str]] = {}
        for email, person_id in Person.objects.filter(account=None, merged_into=None, email__in=some).values_list("email", "pk"):
            alone.setdefault(email, []).append(person_id)
        found |= {email: ids[0] for email, ids in alone.items() if len(ids) == 1}
        confirmed = _confirmed(email__in=some, user__is_active=True).exclude(user__person=None)
        found |= dict(confirmed.values_list("email", "user__person"))
    return found


def addresses_of(person: Person) -> list[str]:
    """Every address that opens their account."""
    return sorted(_confirmed(user_id=person.account_id).values_list("email", flat=True))


def confirmed_by(person_id: str) -> list[str]:
    """Every address that a person has confirmed."""
    return sorted(_confirmed(user__person=person_id).values_list("email", flat=True))


def merging_link(merging: Merging) -> str:
    """What only a letter holds: whoever has it reads the mail of the address that it went to."""
    return signing.dumps(merging.pk, salt="merging")


def asked_by(link: str) -> str:
    """Id of the merging whose letter holds the link."""
    try:
        return str(signing.loads(link, salt="merging"))
    except signing.BadSignature:
        raise NotFound("page") from None


def merging(viewer: Actor, merging_id: str) -> Merging:
    return Merging.objects.visible_to(viewer).select_related("kept", "gone").get_or_not_found(pk=merging_id)


def became() -> dict[str, str]:
    """Who has become whom, by id: for those who compare facts, which never change, with rows that have changed hands."""
    return dict(Person.objects.exclude(merged_into=None).values_list("pk", "merged_into_id"))


def who_now(reference: str, became: Mapping[str, str]) -> str:
    """Who a person of a fact, "person:<id>" or the bare id, is by now."""
    lead, colon, person = reference.rpartition(":")
    return f"{lead}{colon}{became.get(person, person)}"


def me(viewer: Actor) -> Person:
    return Person.objects.visible_to(viewer).get_or_not_found(pk=viewer.person_id)


def zone_of(person_id: str | None) -> ZoneInfo:
    name = Person.objects.filter(pk=person_id).values_list("time_zone", flat=True).first() if person_id else None
    return ZoneInfo(name or "America/Chicago")


def zones_of(person_ids: Iterable[str]) -> dict[str, str]:
    """Names of the time zones of several people."""
    return dict(Person.objects.filter(pk__in=list(person_ids)).values_list("pk", "time_zone"))


def persons(viewer: Actor) -> QuerySet[Person]:
    return Person.objects.visible_to(viewer).order_by("name")


def person_by_email(viewer: Actor, email: str) -> Person | None:
    """For admins who give a role by address: by any that is confirmed, and only by the whole of it, so that nobody can be listed."""
    if not (viewer.is_system or viewer.holds("operator") or viewer.holds("organization admin")):
        return None
    return Person.objects.filter(pk=owner_of_address(email.strip())).first()


def organization(viewer: Actor, slug: str) -> Organization:
    return Organization.objects.visible_to(viewer).get_or_not_found(slug=slug)


def organizations(viewer: Actor, ids: Iterable[str] | None = None) -> QuerySet[Organization]:
    found = Organization.objects.visible_to(viewer).order_by("name")
    return found if ids is None else found.filter(pk__in=list(ids))


def roles_in(viewer: Actor, organization_id: str) -> QuerySet[RoleGrant]:
    """Every role held now under the organization, with its holder."""
    found = RoleGrant.objects.visible_to(viewer).current().filter(organization_id=organization_id)
    return found.select_related("person").order_by("person__name", "role")


def roles_of(viewer: Actor, person_id: str) -> QuerySet[RoleGrant]:
    """Every role that a person holds now, as far as the viewer may see."""
    found = RoleGrant.objects.visible_to(viewer).current().filter(person_id=person_id)
    return found.select_related("organization").order_by("role", "scope_name")


def role(viewer: Actor, grant_id: str) -> RoleGrant:
    return RoleGrant.objects.visible_to(viewer).select_related("person", "organization").get_or_not_found(pk=grant_id)


def affiliations_in(viewer: Actor, organization_id: str) -> QuerySet[Affiliation]:
    return Affiliation.objects.visible_to(viewer).filter(organization_id=organization_id).select_related("person").order_by("person__name")


def affiliation(viewer: Actor, affiliation_id: str) -> Affiliation:
    return Affiliation.objects.visible_to(viewer).select_related("person").get_or_not_found(pk=affiliation_id)


def affiliations_of(viewer: Actor, person_id: str) -> QuerySet[Affiliation]:
    return Affiliation.objects.visible_to(viewer).filter(person_id=person_id).select_related("organization").order_by("-started_on")


def holders(viewer: Actor, role: str, scopes: dict[str, str] | None = None) -> list[str]:
    """Ids of the persons who hold `role` in any of `scopes` ({"organization": id, ...}), or anywhere; for the system only."""
    if not viewer.is_system:
        return []
    any_scope = Q() if scopes is None else Q(pk__in=[])
    for scope, scope_id in (scopes or {}).items():
        any_scope |= Q(scope=scope, scope_id=scope_id)
    found = RoleGrant.objects.current().filter(any_scope, role=role).values_list("person_id", flat=True)
    return sorted(set(found))
