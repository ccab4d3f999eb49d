"""Opening a community, who is in it, who looks after it. Not here: what is said in it (prompts, talk, moderating)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from cairn.apps.catalog import queries as catalog
from cairn.apps.communities import events, policy, queries
from cairn.apps.communities.models import Community, Facilitator, Presence, Removal
from cairn.apps.communities.states import APPEARANCES
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.people import steps as groups
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor, system
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel import text as plain
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.facts import Recorded

_SYSTEM = system("communities")
RESERVED = ("begin",)  # a page stands there
TITLE_LIMIT, ABOUT_LIMIT, REASON_LIMIT = 120, 500, 500


@command
def found_community(
    *, actor: Actor, slug: str, title: str, about: str = "", opens_at: datetime, closes_at: datetime | None, offering_id: str = "",
    stack_id: str = "", group_id: str = "", program_id: str = "",
) -> Community:  # fmt: skip
    """For the cohort of an offering, the club of a stack (within a program), or a group that is there; its people are members at once."""
    community = _of(actor, offering_id, stack_id, group_id, program_id)
    policy.FOUND.require(actor, community)
    if plain.slug(slug) in RESERVED or Community.objects.filter(slug=slug).exists():
        raise Invalid("slug-taken", f"There is a community at “{slug}” already.", "Choose another.", {"slug": "This one is taken."})
    community.slug, community.zone = slug, str(people.zone_of(actor.person_id))
    _say(community, title, about, opens_at, closes_at)
    _only_one(community)
    record(events.FOUNDED, actor=actor, subject=community, organization=community.organization_id, slug=slug, title=community.title,
           offering=community.offering_id or "", stack=community.stack_id or "", opens_at=opens_at.isoformat(),
           closes_at=closes_at.isoformat() if closes_at else "")  # fmt: skip
    if not group_id:
        told = {"organization_id": community.organization_id, "name": community.title, "kind": "cohort"}
        community.group_id = groups.form_group(actor=actor, **told).pk
    community.save(force_insert=True)
    for person_id in queries.participants(_SYSTEM, community):
        _enter(actor, community, person_id)
    if actor.person_id and actor.holds("coordinator") and queries.objection(community, actor.person_id) is None:
        _name(actor, community, actor.person_id, "coordinator")
    return community


def _of(actor: Actor, offering_id: str, stack_id: str, group_id: str, program_id: str) -> Community:
    if [bool(offering_id), bool(stack_id), bool(group_id)].count(True) != 1:
        words = "Choose one of them."
        raise Invalid("community-of-what", "A community belongs to one offering, one stack, or one group.", words, {"of": words})
    if group_id:
        group = people.groups(actor).filter(pk=group_id).first()
        if group is None:
            raise NotFound("group")
        return Community(group_id=group.pk, organization_id=group.organization_id)
    if offering_id:
        offering = programs.offering(actor, offering_id)
        return Community(program=offering.program, organization_id=offering.program.organization_id, offering=offering)
    stack, program = catalog.stacks(actor).filter(pk=stack_id).first(), programs.programs(actor).filter(pk=program_id).first()
    if stack is None or program is None:
        raise NotFound("stack")
    return Community(program=program, organization_id=program.organization_id, stack=stack)


def _only_one(community: Community) -> None:
    """Said before the database says it less kindly."""
    same = {"group": community.group_id} if community.group_id else {"offering": community.offering_id, "stack": community.stack_id}
    if Community.objects.filter(organization_id=community.organization_id, **same).exists():
        raise Conflict("community-here-already", "It has a community already.", "Open that one; its window can be changed.")


def _say(community: Community, title: str, about: str, opens_at: datetime, closes_at: datetime | None) -> None:
    community.title = " ".join(plain.clean(title, limit=TITLE_LIMIT, field="title", name="This title").split())
    community.about = plain.clean(about, limit=ABOUT_LIMIT, field="about", name="This text").strip()
    if not community.title:
        raise Invalid("title-missing", "A community needs a title.", "Give it one.", {"title": "Give it a title."})
    if closes_at is not None and closes_at <= opens_at:
        words = "Give a day that comes after the first."
        raise Invalid("window-wrong", "A community closes after it opens.", words, {"closes_on": words})
    community.opens_at, community.closes_at = opens_at, closes_at


@command
def change_community(
    *, actor: Actor, community_id: str, title: str, about: str, opens_at: datetime, closes_at: datetime | None
) -> Community:
    community = Community.objects.visible_to(actor).locked(pk=community_id)
    policy.RUN.require(actor, community)
    _say(community, title, about, opens_at, closes_at)
    community.save(update_fields=["title", "about", "opens_at", "closes_at"])
    record(events.CHANGED, actor=actor, subject=community, organization=community.organization_id, title=community.title,
           opens_at=opens_at.isoformat(), closes_at=closes_at.isoformat() if closes_at else "")  # fmt: skip
    return community


# --- Members ---------------------------------------------------------------------------------------------------------


def _enter(actor: Actor, community: Community, person_id: str) -> None:
    """Into the group, unless they were taken out or may have to score its members: whoever scores reads nothing of it."""
    if community.group_id in people.groups_of(people.actor_of(person_id)) or queries.was_removed(community, person_id):
        return
    if queries.objection(community, person_id) is None:
        today = clock.today(ZoneInfo(community.zone))
        groups.join_group(actor=actor, group_id=community.group_id, person_id=person_id, joined_on=today)
        record(events.ENTERED, actor=actor, subject=community, organization=community.organization_id, person=person_id)


def _leave(actor: Actor, community: Community, person_id: str) -> None:
    today = clock.today(ZoneInfo(community.zone))
    if groups.leave_group(actor=actor, group_id=community.group_id, person_id=person_id, left_on=today):
        record(events.LEFT, actor=actor, subject=community, organization=community.organization_id, person=person_id)


@command
def follow_participant(*, actor: Actor, fact: Recorded) -> None:
    """Consequence of somebody beginning, holding a seat, or leaving: the communities of what it is about have them, or no longer."""
    told = queries.participant(actor, fact)
    if told is None:
        return
    for community in queries.communities_about(_SYSTEM, told.offering_id).select_for_update(of=("self",)).order_by("pk"):
        if told.person_id in queries.participants(_SYSTEM, community):
            _enter(actor, community, told.person_id)
        elif not Facilitator.objects.filter(community=community, person_id=told.person_id, ended_at=None).exists():
            _leave(actor, community, told.person_id)


follow_participant.rank = 4  # type: ignore[attr-defined]  # of a roster there are thousands; the rest of the roster goes first


@command
def remove_member(*, actor: Actor, community_id: str, person_id: str, reason: str) -> Removal:
    """Take somebody out, for a reason that they are told. What they wrote stays, and can be hidden."""
    community = Community.objects.visible_to(actor).locked(pk=community_id)
    policy.LEAD.require(actor, community)
    reason = reason_of(reason)
    if Facilitator.objects.filter(community=community, person_id=person_id, ended_at=None).exists():
        raise Conflict("facilitates", "A facilitator is not taken out like a member.", "Whoever runs the program ends that first.")
    if removed := Removal.objects.filter(community=community, person_id=person_id, ended_at=None).first():
        return removed
    removal = Removal.objects.create(community=community, person_id=person_id, reason=reason)
    record(events.MEMBER_REMOVED, actor=actor, subject=removal, organization=community.organization_id, person=person_id, reason=reason)
    today = clock.today(ZoneInfo(community.zone))
    if groups.leave_group(actor=actor, group_id=community.group_id, person_id=person_id, left_on=today) is None:
        raise NotFound("member")
    return removal


def reason_of(text: str) -> str:
    text = plain.clean(text, limit=REASON_LIMIT, field="reason", name="This reason").strip()
    if not text:
        raise Invalid("reason-missing", "A reason is needed.", "Say why, in a sentence.", {"reason": "Say why, in a sentence."})
    return text


@command
def allow_back(*, actor: Actor, community_id: str, person_id: str) -> Removal:
    """Whoever was taken out is a member again, where they still take part in what the community is about."""
    community = Community.objects.visible_to(actor).locked(pk=community_id)
    policy.LEAD.require(actor, community)
    removal = Removal.objects.filter(community=community, ended_at=None).locked(person_id=person_id)
    removal.ended_at = clock.now()
    removal.save(update_fields=["ended_at"])
    record(events.MEMBER_ALLOWED_BACK, actor=actor, subject=removal, organization=community.organization_id, person=person_id)
    if not (community.offering_id or community.stack_id) or person_id in queries.participants(_SYSTEM, community):
        _enter(actor, community, person_id)
    return removal


@command
def choose_appearance(*, actor: Actor, community_id: str, appears: str) -> Presence:
    """How the other members see one's name."""
    community = Community.objects.visible_to(actor).get_or_not_found(pk=community_id)
    policy.belongs(actor, community)
    if appears not in APPEARANCES:
        raise Invalid("appearance-unknown", "One appears by the whole name, or by the first.", "Choose one of the two.")
    presence, made = Presence.objects.get_or_create(community=community, person_id=actor.person_id, defaults={"appears": appears})
    if made or presence.appears != appears:
        presence.appears = appears
        presence.save(update_fields=["appears"])
        record(events.APPEARANCE_CHOSEN, actor=actor, subject=presence, organization=community.organization_id, appears=appears)
    return presence


# --- Facilitators ----------------------------------------------------------------------------------------------------


@command
def name_facilitator(*, actor: Actor, community_id: str, person_id: str) -> Facilitator:
    """A coach or coordinator of the organization; they are in the group from then on, so that they never score its members."""
    community = Community.objects.visible_to(actor).locked(pk=community_id)
    policy.RUN.require(actor, community)
    kind = {grant.person_id: grant.role for grant in queries.candidates(actor, community)}.get(person_id)
    if kind is None:
        words = "Give them the role of coach or coordinator first."
        raise Invalid("no-coach", "Coaches and coordinators of the organization facilitate.", words, {"person": words})
    if against := queries.objection(community, person_id):
        raise against
    return _name(actor, community, person_id, kind)


def _name(actor: Actor, community: Community, person_id: str, kind: str) -> Facilitator:
    facilitator, made = Facilitator.objects.get_or_create(community=community, person_id=person_id, ended_at=None, defaults={"kind": kind})
    if made:
        organization = community.organization_id
        record(events.FACILITATOR_NAMED, actor=actor, subject=facilitator, organization=organization, person=person_id, kind=kind)
        today = clock.today(ZoneInfo(community.zone))
        groups.join_group(actor=actor, group_id=community.group_id, person_id=person_id, joined_on=today)
    return facilitator


@command
def end_facilitator(*, actor: Actor, community_id: str, person_id: str) -> Facilitator:
    community = Community.objects.visible_to(actor).locked(pk=community_id)
    policy.RUN.require(actor, community)
    facilitator = Facilitator.objects.filter(community=community, ended_at=None).locked(person_id=person_id)
    facilitator.ended_at = clock.now()
    facilitator.save(update_fields=["ended_at"])
    record(events.FACILITATOR_ENDED, actor=actor, subject=facilitator, organization=community.organization_id, person=person_id)
    if person_id not in queries.participants(_SYSTEM, community):
        _leave(actor, community, person_id)
    return facilitator
