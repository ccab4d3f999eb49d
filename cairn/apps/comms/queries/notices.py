"""Reading letters, and the shape in which other capabilities say whom to tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from cairn.apps.comms.models import Letter, Webhook
from cairn.apps.comms.states import DIGEST
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.facts import Recorded
from cairn.kernel.ids import Id
from cairn.pure.clocks import long_moment


@dataclass(frozen=True)
class Notice:
    """Whom to tell, and the words that the template `comms/<kind>.txt` needs. Whoever is nobody here has an address alone."""

    kind: str
    person_id: str
    name: str
    address: str
    words: Mapping[str, Any] = field(default_factory=dict)


def my_notices(viewer: Actor) -> QuerySet[Letter]:
    """One's own letters as notices: unread first, then the latest. A digest only repeats them."""
    mine = Letter.objects.visible_to(viewer).filter(person_id=viewer.person_id).exclude(kind=DIGEST)
    return mine.order_by(ExpressionWrapper(Q(read_at=None), BooleanField()).desc(), "-created_at", "-pk")


def unread(viewer: Actor) -> int:
    return Letter.objects.visible_to(viewer).filter(person_id=viewer.person_id, read_at=None).count() if viewer.is_known else 0


def waiting_people(viewer: Actor) -> list[str]:
    """Ids of those of whose letters some have waited long enough; for the system."""
    due = Letter.objects.visible_to(viewer).filter(state="waiting", goes_at__lte=clock.now())
    return sorted(set(due.values_list("person_id", flat=True))) if viewer.is_system else []


def letter(viewer: Actor, letter_id: Id) -> Letter:
    return Letter.objects.visible_to(viewer).get_or_not_found(pk=letter_id)


def letters(viewer: Actor) -> QuerySet[Letter]:
    """The latest first."""
    return Letter.objects.visible_to(viewer).order_by("-created_at", "-id")


def support_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Whoever is looked at by support. It stands here and not in people, which knows no letters."""
    access = people.support_accesses(viewer).get(pk=fact.subject_id)
    until = long_moment(access.ends_at, people.zone_of(access.person_id))
    words = {"operator": access.operator.name, "reason": access.reason, "minutes": fact.data["minutes"], "until": until}
    return (Notice(fact.kind, access.person_id, access.person.name, access.person.email, words),)


def merging_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """The question, to the address that was named, and word of it to whoever asked; the latter alone where nobody has the address."""
    merging = people.merging(viewer, fact.subject_id)
    words = {"asked_by": merging.kept.name, "address": merging.address, "has_account": bool(merging.gone and merging.gone.account_id)}
    asked = Notice(fact.kind, merging.kept_id, merging.kept.name, merging.kept.email, {**words, "link": ""})
    if merging.gone is None:
        return (asked,)
    link = f"/account/other/{people.merging_link(merging)}/"
    return asked, Notice(fact.kind, merging.gone.pk, merging.gone.name, merging.address, {**words, "link": link})


def agreed_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Whoever asked, of the other's yes: who that is, and where to go on."""
    merging = people.merging(viewer, fact.subject_id)
    words = {"other": merging.gone.name if merging.gone else "", "address": merging.address}
    words["link"] = f"/account/other/{people.merging_link(merging)}/"
    return (Notice(fact.kind, merging.kept_id, merging.kept.name, merging.kept.email, words),)


def merged_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To every address that opens the account by now, those of the closed one included: whoever lost it against their will hears of it."""
    person = people.persons(viewer).get(pk=fact.subject_id)
    told = dict.fromkeys([person.email, *people.addresses_of(person)])
    return tuple(Notice(fact.kind, person.pk, person.name, address, {"kept": person.email}) for address in told)


def token_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Whoever a program may act as from now on."""
    token = people.token(viewer, fact.subject_id)
    until = long_moment(token.expires_at, people.zone_of(token.person_id))
    words = {"token": token.name, "scopes": token.scopes, "until": until}
    return (Notice(fact.kind, token.person_id, token.person.name, token.person.email, words),)


def person_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Of what happened to a person's own account, in words that need nothing more."""
    person = people.persons(viewer).get(pk=fact.subject_id)
    return (Notice(fact.kind, person.pk, person.name, person.email),)


def stopped_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Every admin of the organization whose webhook was stopped: where it led, and what the last answer was."""
    webhook = Webhook.objects.visible_to(viewer).select_related("organization").get(pk=fact.subject_id)
    last = webhook.calls.exclude(tried_at=None).order_by("-tried_at").first()
    words = {
        "organization": webhook.organization.name, "host": urlsplit(webhook.url).hostname, "reason": last.reason if last else "none",
        "path": f"/org/{webhook.organization.slug}/webhooks/",
    }  # fmt: skip
    admins = people.holders(viewer, "organization admin", {"organization": webhook.organization_id})
    persons = people.persons(viewer).filter(pk__in=admins)
    return tuple(Notice(fact.kind, person.pk, person.name, person.email, words) for person in persons)
