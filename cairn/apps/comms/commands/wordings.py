"""An organization's own words for its letters: written, taken back, tried on oneself."""

from __future__ import annotations

from cairn.apps.comms import events, policy
from cairn.apps.comms.models import Letter, Wording
from cairn.apps.comms.queries.wordings import require_sound, sample
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel.errors import Conflict, NotFound
from cairn.kernel.text import clean


@command
def word(*, actor: Actor, organization_id: str, kind: str, subject: str, text: str, number: int) -> Wording:
    """Write the next version; `number` is the one that its writer saw."""
    _require_admin(actor, organization_id)
    subject = " ".join(clean(subject, limit=10_000, field="subject").split())
    text = clean(text, limit=100_000, field="text")
    require_sound(kind, subject, text)
    return _add(actor, organization_id, kind, number, subject, text)


@command
def word_as_ours(*, actor: Actor, organization_id: str, kind: str, number: int) -> Wording:
    """Go back to our words; the organization's own stay in the list of versions."""
    _require_admin(actor, organization_id)
    return _add(actor, organization_id, kind, number, "", "")


def _require_admin(actor: Actor, organization_id: str) -> str:
    organization = people.organizations(actor, [organization_id]).first()
    if organization is None:
        raise NotFound("organization")
    policy.WORD.require(actor, organization)
    return str(organization.name)


def _add(actor: Actor, organization_id: str, kind: str, number: int, subject: str, text: str) -> Wording:
    own = Wording.objects.filter(organization_id=organization_id, kind=kind)
    last = own.select_for_update(of=("self",)).order_by("-number").first()
    if number != (last.number if last else 0):
        raise Conflict("wording-changed", "Somebody else has written this letter anew meanwhile.", "Reload the page, then enter yours.")
    made = Wording.objects.create(
        organization_id=organization_id, kind=kind, number=number + 1, subject=subject, text=text, made_by_id=actor.person_id
    )
    record(events.WORDED, actor=actor, subject=made, organization=organization_id, kind=kind, number=made.number, is_ours=not subject)
    return made


@command
def try_wording(*, actor: Actor, organization_id: str, kind: str, subject: str, text: str) -> Letter:
    """Send the letter to oneself with sample words, before it is saved."""
    name = _require_admin(actor, organization_id)
    me = people.me(actor)
    subject, text = sample(kind, subject, text, organization=name, name=me.name)
    letter = Letter.objects.create(
        kind="comms.trial", category="news", person_id=me.pk, organization_id=organization_id, address=me.email, subject=subject, text=text
    )
    record(events.POSTED, actor=actor, subject=letter, organization=organization_id, kind=letter.kind)
    return letter
