"""Whom to tell of what happens in a community. The words of posts stay behind the sign-in."""

from __future__ import annotations

from cairn.apps.comms.queries import Notice
from cairn.apps.communities.models import Community, Facilitator, Post, Prompt, Removal, Report
from cairn.apps.communities.queries import members
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import long_moment


def _path(community: Community, rest: str = "") -> dict[str, str]:
    return {"community": community.title, "path": f"/communities/{community.slug}/{rest}"}


def prompt_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Every member who has not answered yet, but those who facilitate."""
    prompt = Prompt.objects.visible_to(viewer).select_related("community").get(pk=fact.subject_id)
    done = set(Post.objects.filter(prompt=prompt, parent=None).exclude(state="deleted").values_list("author_id", flat=True))
    done |= set(Facilitator.objects.filter(community=prompt.community, ended_at=None).values_list("person_id", flat=True))
    words = {"title": prompt.title, "is_required": prompt.is_required, **_path(prompt.community, f"prompts/{prompt.pk}/")}
    asked = [m.person for m in people.members_of(viewer, prompt.community.group_id) if m.person_id not in done]
    return tuple(
        Notice(fact.kind, p.pk, p.name, p.email, {**words, "due": long_moment(prompt.due_at, people.zone_of(p.pk))}) for p in asked
    )


def mention_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Whom a post names, and whose post it replies to; members of this moment alone, by names as they are shown to each."""
    post = Post.objects.visible_to(viewer).select_related("community", "author", "parent").get(pk=fact.subject_id)
    if post.state != "shown":
        return ()
    told = dict.fromkeys(fact.data["mentions"], "mention")
    if post.parent is not None and fact.kind.endswith("replied") and post.parent.author_id != post.author_id:
        told.setdefault(post.parent.author_id, "reply")
    present = {m.person_id: m.person for m in people.members_of(viewer, post.community.group_id)}
    words = _path(post.community, f"posts/{post.parent_id or post.pk}/")
    return tuple(
        Notice(fact.kind, person, present[person].name, present[person].email,
               {**words, "why": why, "by": members.names(Actor(person_id=present[person].pk), post.community, [post])[post.author_id]})
        for person, why in told.items() if person in present
    )  # fmt: skip


def reported_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """Those who facilitate; where there are none, nobody is written to, and the community's page says it."""
    report = Report.objects.visible_to(viewer).select_related("post__community").get(pk=fact.subject_id)
    community = report.post.community
    found = members.facilitators(viewer, community)
    return tuple(Notice(fact.kind, f.person_id, f.person.name, f.person.email, _path(community, "run/")) for f in found)


def hidden_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """The author, with the reason."""
    post = Post.objects.visible_to(viewer).select_related("community", "author").get(pk=fact.subject_id)
    words = {**_path(post.community, f"posts/{post.parent_id or post.pk}/"), "reason": post.hidden_for}
    return (Notice(fact.kind, post.author_id, post.author.name, post.author.email, words),) if post.state == "hidden" else ()


def removed_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    removal = Removal.objects.visible_to(viewer).select_related("community", "person").get(pk=fact.subject_id)
    words = {"community": removal.community.title, "reason": removal.reason}
    return (Notice(fact.kind, removal.person_id, removal.person.name, removal.person.email, words),)
