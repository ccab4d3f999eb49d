"""An organization that comes in by itself: asking, letting it in, or saying why not."""

from __future__ import annotations

from datetime import timedelta

from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.people import steps as person_steps
from cairn.apps.programs import events, policy
from cairn.apps.programs.models import Joining, Ownership, Program
from cairn.apps.programs.states import JOINING
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock, text
from cairn.kernel.errors import Conflict, Invalid

MOST_A_DAY = 3  # of one person
_LONGEST = {"contact": 160, "wishes": 4000}


@command
def ask_to_join(
    *, actor: Actor, name: str, kind: str, contact: str, wishes: str, jurisdiction: str = "", website: str = "", program_id: str = ""
) -> Joining:  # fmt: skip
    """Somebody with a confirmed address asks for their organization; the same again answers with what is asked already."""
    policy.ASK_TO_JOIN.require(actor, None)
    me = people.me(actor)
    if kind not in people.ORGANIZATION_KINDS or kind == "platform":
        raise Invalid("kind-unknown", f"“{kind[:40]}” is not a kind of organization.", "Choose one of the list.", {"kind": "Choose one."})
    name = person_steps.plain_name(name, 160)
    told = {
        field: text.clean(said, limit=_LONGEST[field], field=field).strip() for field, said in (("contact", contact), ("wishes", wishes))
    }
    if empty := {field: "Say it in a line or two." for field, said in told.items() if not said}:
        raise Invalid("unsaid", "Whoever decides needs to know both.", "Fill in what is empty.", empty)
    mine = Joining.objects.filter(person_id=me.pk)
    if waiting := mine.filter(state="asked", name__iexact=name).first():
        return waiting
    if mine.filter(asked_at__gt=clock.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Conflict("asked-enough", f"You have asked {MOST_A_DAY} times since yesterday.", "Ask again tomorrow.")
    program = Program.objects.visible_to(actor).get_or_not_found(pk=program_id) if program_id else None
    asked = Joining.objects.create(person=me, name=name, kind=kind, jurisdiction=jurisdiction, website=website, program=program, **told)
    record(events.JOINING_ASKED, actor=actor, subject=asked, organization=program.organization_id if program else "", name=name, kind=kind)
    return asked


@command
def let_in(*, actor: Actor, joining_id: str, slug: str) -> Joining:
    """The organization is made, whoever asked is its admin, and it is a partner of the program that they named."""
    asked = _locked(actor, joining_id)
    slug = text.slug(slug)
    if people.organizations(actor).filter(slug=slug).exists():
        words = f"“{slug}” is the address of another organization here."
        raise Conflict("slug-taken", words, "Choose another address; or decline, where it is the same organization.", {"slug": words})
    organization = person_steps.ensure_organization(
        actor=actor, slug=slug, name=asked.name, kind=asked.kind, jurisdiction=asked.jurisdiction, website=asked.website
    )
    person_steps.make_admin(actor=actor, person_id=asked.person_id, organization=organization)
    if asked.program:
        today = clock.today(people.zone_of(actor.person_id))
        part = Ownership.objects.create(program=asked.program, organization=organization, role="partner", joined_on=today)
        record(events.ORGANIZATION_JOINED, actor=actor, subject=part, organization=asked.program.organization_id, partner=organization.pk,
               role="partner", joined_on=today.isoformat())  # fmt: skip
    asked.organization = organization
    _settle(actor, asked, "accepted")
    record(events.JOINING_ACCEPTED, actor=actor, subject=asked, organization=organization.pk, name=asked.name)
    return asked


@command
def turn_away(*, actor: Actor, joining_id: str, reason: str) -> Joining:
    """Not now, with the reason that whoever asked reads."""
    asked = _locked(actor, joining_id)
    asked.reason = text.clean(reason, limit=1000, field="reason").strip()
    if not asked.reason:
        raise Invalid("reason-missing", "Whoever asked is told why.", "One sentence is enough.", {"reason": "Say why."})
    _settle(actor, asked, "declined")
    record(events.JOINING_DECLINED, actor=actor, subject=asked, name=asked.name)
    return asked


def _locked(actor: Actor, joining_id: str) -> Joining:
    asked = Joining.objects.visible_to(actor).select_related("program").locked(pk=joining_id)
    policy.LET_IN.require(actor, asked)
    return asked


def _settle(actor: Actor, asked: Joining, to: str) -> None:
    JOINING.move(asked, to=to)
    asked.settled_at, asked.by_id = clock.now(), actor.person_id
    asked.save()
