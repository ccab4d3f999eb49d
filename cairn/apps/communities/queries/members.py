"""Who belongs to a community, who takes part, and who must stay out because they may have to score its members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from cairn.apps.communities import policy
from cairn.apps.communities.models import Community, CommunityQuerySet, Facilitator, Post, Presence, Prompt, Removal
from cairn.apps.people import queries as people
from cairn.apps.people.queries import RoleGrant
from cairn.apps.programs import events as happened
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor, system
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Refused
from cairn.kernel.facts import Recorded

_SYSTEM = system("communities")
_SCORE = ("assessor", "lead assessor")


@dataclass(frozen=True)
class Participant:
    person_id: str
    offering_id: str


def participant(viewer: Actor, fact: Recorded) -> Participant | None:
    """Whom a fact of programs is about, and which offering; for the system alone."""
    if not viewer.is_system:
        return None
    by_place = fact.kind in (happened.SEATED.kind, happened.PLACE_LEFT.kind)
    about = programs.place(viewer, fact.subject_id) if by_place else programs.enrollment(viewer, fact.subject_id)
    return Participant(about.person_id, about.offering_id)


def participants(viewer: Actor, community: Community) -> set[str]:
    """Who takes part in what the community is about: holds a seat, or has begun and not left; for the system alone."""
    if not viewer.is_system:
        return set()
    if community.program is None:
        return {member.person_id for member in people.members_of(viewer, community.group_id)}
    runs = programs.enrollments_in(viewer, community.program).exclude(state="withdrawn")
    if community.offering is None:
        return set(runs.filter(microcredential__stack_id=community.stack_id).values_list("person_id", flat=True))
    seated = programs.places_in(viewer, community.offering).filter(state="seated")
    began = runs.filter(offering_id=community.offering_id)
    return {*began.values_list("person_id", flat=True), *seated.values_list("person_id", flat=True)}


def communities_about(viewer: Actor, offering_id: str) -> CommunityQuerySet:
    """That of the offering, and those of its stack within the program; for the system alone."""
    offering = programs.offering(viewer, offering_id)
    club = Q(stack_id=offering.microcredential.stack_id, program_id=offering.program_id)
    found = Community.objects.visible_to(viewer).filter(Q(offering_id=offering_id) | club)
    return found if viewer.is_system else found.none()


def was_removed(community: Community, person_id: str) -> bool:
    return Removal.objects.filter(community=community, person_id=person_id, ended_at=None).exists()


def objection(community: Community, person_id: str) -> Refused | None:
    """Whoever may be given its members' work to score stays out of the talk; the reason names nobody."""
    scopes = {"organization": community.organization_id, "program": community.program_id or ""}
    issuers = [community.organization_id]
    if community.offering is not None:
        scopes["microcredential"] = community.offering.microcredential_id
        issuers.append(community.offering.microcredential.issuer_id)
    if community.stack is not None:
        issuers.append(community.stack.issuer_id)
    for role in _SCORE:
        held = set(people.holders(_SYSTEM, role, scopes))
        for issuer in issuers:
            held |= set(people.holders(_SYSTEM, role, {"organization": issuer}))
        if person_id in held:
            said = "They hold the role of an assessor here, and may be given work of this community's members to score."
            return Conflict("may-score-members", said, "End that role first, or choose somebody else.")
    return None


def object_to_joining(*, viewer: Actor, group_id: str, person_id: str) -> None:
    """What communities hold against somebody joining a group: see `objection`."""
    found = Community.objects.filter(group_id=group_id).select_related("offering__microcredential", "stack").first()
    if found is None:
        return
    if was_removed(found, person_id):
        raise Conflict("was-removed", "They were taken out of this group's community.", "Whoever leads it allows them back first.")
    if against := objection(found, person_id):
        raise against


def removals(viewer: Actor, community: Community) -> QuerySet[Removal]:
    """Who was taken out and why, for those who lead the community."""
    found = Removal.objects.visible_to(viewer).filter(community=community, ended_at=None)
    return found.select_related("person").order_by("removed_at", "pk")


# --- Names -----------------------------------------------------------------------------------------------------------


def names(viewer: Actor, community: Community, posts: Iterable[Post] = ()) -> Mapping[str, str]:
    """How the viewer reads the names of members, and of authors who have left: whole, or as each chose to appear."""
    found = {member.person_id: member.person.name for member in people.members_of(_SYSTEM, community.group_id)}
    found |= {post.author_id: post.author.name for post in posts}
    if leads(viewer, community):
        return found
    short = set(Presence.objects.filter(community=community, appears="first").values_list("person_id", flat=True)) - {viewer.person_id}
    return {person: _shortened(name) if person in short else name for person, name in found.items()}


def _shortened(name: str) -> str:
    """Dana W."""
    first, _, last = name.rpartition(" ")
    return f"{first.split()[0]} {last[0]}." if first else name


def heard_of_late(viewer: Actor, community: Community, most: int) -> set[str]:
    """Facilitators, and the authors of the latest posts."""
    latest = Post.objects.visible_to(viewer).filter(community=community, state="shown").order_by("-written_at")[:most]
    return {post.author_id for post in latest} | {f.person_id for f in facilitators(viewer, community)}


def leads(viewer: Actor, community: Community) -> bool:
    return Community.objects.led_by(viewer).filter(pk=community.pk).exists()


def facilitators(viewer: Actor, community: Community) -> QuerySet[Facilitator]:
    found = Facilitator.objects.visible_to(viewer).filter(community=community, ended_at=None)
    return found.select_related("person").order_by("named_at", "pk")


def candidates(viewer: Actor, community: Community) -> tuple[RoleGrant, ...]:
    """Coaches and coordinators of the organization, each once, who may be named as facilitators; for those who run the community."""
    if not policy.RUN.allows(viewer, community):
        return ()
    found = people.leaders_in(_SYSTEM, community.organization_id)
    return tuple({grant.person_id: grant for grant in found}.values())


def appearance(viewer: Actor, community: Community) -> str:
    mine = Presence.objects.filter(community=community, person_id=viewer.person_id).values_list("appears", flat=True).first()
    return mine or "full"


# --- Taking part -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taking:
    """How a member takes part: required prompts answered, of how many; of those that are due, how many are missing; ideas and files that
    they shared with the group."""

    person_id: str
    name: str
    done: int
    required: int
    late: int
    last_at: datetime | None
    ideas: int
    files: int


def required_prompts(community_ids: Iterable[str]) -> QuerySet[Prompt]:
    return Prompt.objects.filter(community__in=list(community_ids), is_required=True, withdrawn_at=None)


def taking_part(viewer: Actor, community: Community) -> tuple[Taking, ...]:
    """Every member but those who facilitate, whoever lacks most first; for those who lead the community."""
    if not leads(viewer, community):
        return ()
    asked = dict(required_prompts([community.pk]).values_list("pk", "due_at"))
    given = Post.objects.filter(prompt__in=list(asked), parent=None, state="shown").values_list("author_id", "prompt_id")
    done: dict[str, set[str]] = {}
    for author, prompt in given:
        done.setdefault(author, set()).add(prompt)
    last = dict(Post.objects.filter(community=community).values_list("author_id").annotate(at=Max("written_at")))
    talk = Post.objects.filter(community=community, state="shown").values_list("author_id")
    ideas = dict(talk.filter(prompt=None, parent=None).annotate(n=Count("pk")))
    files = dict(talk.filter(files__isnull=False, files__removed_at=None).annotate(n=Count("files")))
    due = {prompt for prompt, due_at in asked.items() if due_at < clock.now()}
    looking_after = set(facilitators(viewer, community).values_list("person_id", flat=True))
    rows = [
        Taking(m.person_id, m.person.name, len(done.get(m.person_id, ())), len(asked), len(due - done.get(m.person_id, set())),
               last.get(m.person_id), ideas.get(m.person_id, 0), files.get(m.person_id, 0))
        for m in people.members_of(_SYSTEM, community.group_id) if m.person_id not in looking_after
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.late, row.done, row.name)))


def answered(viewer: Actor, offering_id: str, person_id: str) -> tuple[int, int]:
    """(4, 4): required prompts of the offering's community that somebody answered, of how many; for them, and for those who lead it."""
    community = Community.objects.visible_to(viewer).filter(offering_id=offering_id).first()
    if community is None or (viewer.person_id != person_id and not leads(viewer, community)):
        return 0, 0
    asked = list(required_prompts([community.pk]).values_list("pk", flat=True))
    given = Post.objects.filter(prompt__in=asked, parent=None, state="shown", author_id=person_id)
    return given.count(), len(asked)


def answered_by_all(viewer: Actor, offering_id: str) -> dict[str, tuple[int, int]]:
    """`answered` for every member at once; for those who lead the offering's community."""
    community = Community.objects.visible_to(viewer).filter(offering_id=offering_id).first()
    return {row.person_id: (row.done, row.required) for row in taking_part(viewer, community)} if community else {}
