"""What members write: answers to prompts, ideas, replies; changing and deleting them; reporting what does not belong here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cairn.apps.communities import events, policy
from cairn.apps.communities.commands.files import beside, put_beside, take_out
from cairn.apps.communities.commands.founding import reason_of
from cairn.apps.communities.models import Community, Mention, Post, Prompt, Report, Version
from cairn.apps.communities.states import POST
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.apps.portfolio.outward import Attached
from cairn.frame.actor import Actor, system
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.facts import Event
from cairn.kernel.text import clean

TEXT_LIMIT, LINK_LIMIT, MENTIONS_AT_MOST = 8_000, 500, 20
_WEB = re.compile(r"https?://[^\s<>\"]+")
_SYSTEM = system("communities")


@command
def answer(
    *,
    actor: Actor,
    prompt_id: str,
    text: str,
    link: str = "",
    mentions: Sequence[str] = (),
    files: Sequence[Attached] = (),
    people_shown: str = "",
) -> Post:
    """One answer to a prompt for each member; until the community closes, though it counts as late after the day when it was due."""
    prompt = Prompt.objects.visible_to(actor).select_related("community").get_or_not_found(pk=prompt_id)
    policy.WRITE.require(actor, prompt.community)
    if prompt.opens_at > clock.now() or prompt.withdrawn_at:
        raise Conflict("prompt-not-open", "This question is not open.", "Answer one that is.")
    words = _words(text, link)
    mine = Post.objects.filter(prompt=prompt, parent=None, author_id=actor.person_id).exclude(state="deleted").first()
    if mine is not None:
        if (mine.text, mine.link) == (words["text"], words["link"]):
            return mine
        raise Conflict("answered-already", "You have answered this question.", "Change the answer that is there.")
    post = Post.objects.create(community=prompt.community, prompt=prompt, author_id=str(actor.person_id), **words)
    return _put_up(events.ANSWERED, actor, post, mentions, files, people_shown, prompt=prompt.pk)


@command
def share(
    *,
    actor: Actor,
    community_id: str,
    text: str,
    link: str = "",
    mentions: Sequence[str] = (),
    files: Sequence[Attached] = (),
    people_shown: str = "",
) -> Post:
    """An idea, perhaps with a link, to all."""
    community = Community.objects.visible_to(actor).get_or_not_found(pk=community_id)
    policy.WRITE.require(actor, community)
    post = Post.objects.create(community=community, author_id=str(actor.person_id), **_words(text, link))
    return _put_up(events.POSTED, actor, post, mentions, files, people_shown)


@command
def reply(
    *, actor: Actor, post_id: str, text: str, mentions: Sequence[str] = (), files: Sequence[Attached] = (), people_shown: str = ""
) -> Post:
    """Below an answer or an idea, one level deep: a reply to a reply stands beside it."""
    target = Post.objects.visible_to(actor).select_related("community").get_or_not_found(pk=post_id)
    top = Post.objects.select_for_update(of=("self",)).get(pk=target.parent_id or target.pk)
    policy.WRITE.require(actor, target.community)
    if top.state != "shown":
        raise Conflict("post-gone", "What you reply to was taken out of sight.", "Go back to the talk.")
    if top.is_closed:
        raise Conflict("thread-closed", "This takes no more replies.", "Share a thought of its own instead.")
    post = Post.objects.create(
        community=target.community, prompt_id=top.prompt_id, parent=top, author_id=str(actor.person_id), **_words(text)
    )
    return _put_up(events.REPLIED, actor, post, mentions, files, people_shown, parent=top.pk)


def _put_up(
    event: Event, actor: Actor, post: Post, mentions: Sequence[str], files: Sequence[Attached], people_shown: str, **told: str
) -> Post:
    """Who is named in a new post, the fact, and the files beside it."""
    named = _mention(post, mentions)
    record(event, actor=actor, subject=post, organization=post.community.organization_id, community=post.community_id, mentions=named,
           **told)  # fmt: skip
    put_beside(actor, post, files, people_shown)
    return post


def _words(text: str, link: str = "") -> dict[str, str]:
    text = clean(text, limit=TEXT_LIMIT, field="text", name="This text").strip()
    link = clean(link, limit=LINK_LIMIT, field="link", name="This address").strip()
    if not text:
        raise Invalid("nothing-written", "There is nothing written.", "A few honest lines are enough.", {"text": "Write something first."})
    if link and not _WEB.fullmatch(link):
        words = "Give an address that begins with https://."
        raise Invalid("link-wrong", "This is no address of the web.", words, {"link": words})
    return {"text": text, "link": link}


def _mention(post: Post, person_ids: Sequence[str]) -> list[str]:
    """Those named for the first time; only members and facilitators can be."""
    chosen = list(dict.fromkeys(p for p in person_ids if p != post.author_id))
    members = {member.person_id for member in people.members_of(_SYSTEM, post.community.group_id)}
    if set(chosen) - members or len(chosen) > MENTIONS_AT_MOST:
        words = f"Choose up to {MENTIONS_AT_MOST} members of this community."
        raise Invalid("mention-unknown", "Only members can be named.", words, {"mentions": words})
    known = set(Mention.objects.filter(post=post).values_list("person_id", flat=True))
    fresh = [person for person in chosen if person not in known]
    Mention.objects.bulk_create(Mention(post=post, person_id=person) for person in fresh)
    Mention.objects.filter(post=post).exclude(person__in=chosen).delete()
    return fresh


@command
def edit_post(
    *, actor: Actor, post_id: str, text: str, revision: int, link: str = "", mentions: Sequence[str] = (), files: Sequence[Attached] = (),
    people_shown: str = "", without: Sequence[str] = (),
) -> Post:  # fmt: skip
    """What it said before is kept for those who lead the community; the files `without` which it goes on are not."""
    post = _own(actor, post_id)
    policy.WRITE.require(actor, post.community)
    words = _words(text, link)
    named = _mention(post, mentions)
    leaving = list(beside(post).filter(pk__in=list(without)))
    if (post.text, post.link) == (words["text"], words["link"]) and not (named or files or leaving):
        return post
    if post.revision != revision:
        raise Conflict(
            "changed-elsewhere", "You changed this in another tab since you opened it here.", "Compare the two, then save again."
        )
    _keep_version(post)
    post.text, post.link, post.revision, post.changed_at = words["text"], words["link"], revision + 1, clock.now()
    post.save(update_fields=["text", "link", "revision", "changed_at"])
    record(events.EDITED, actor=actor, subject=post, organization=post.community.organization_id, community=post.community_id,
           revision=post.revision, mentions=named)  # fmt: skip
    take_out(actor, post, leaving)
    put_beside(actor, post, files, people_shown)
    return post


@command
def delete_post(*, actor: Actor, post_id: str) -> Post:
    """Its words and files go out of everybody's sight at once; its place and the replies stay."""
    post = Post.objects.visible_to(actor).select_related("community").locked(pk=post_id)
    policy.the_author(actor, post)
    if post.state == "deleted":
        return post
    _keep_version(post)
    POST.move(post, to="deleted")
    post.text, post.link = "", ""
    post.save(update_fields=["state", "text", "link"])
    Mention.objects.filter(post=post).delete()
    record(events.DELETED, actor=actor, subject=post, organization=post.community.organization_id, community=post.community_id)
    take_out(actor, post, beside(post))
    return post


def _own(actor: Actor, post_id: str) -> Post:
    post = Post.objects.visible_to(actor).select_related("community").locked(pk=post_id)
    policy.EDIT.require(actor, post)
    return post


def _keep_version(post: Post) -> None:
    Version.objects.get_or_create(post=post, revision=post.revision, defaults={"text": post.text, "link": post.link})


@command
def report_post(*, actor: Actor, post_id: str, reason: str) -> Report:
    """Tell those who lead the community that a post does not belong here; who told is not shown to the members."""
    post = Post.objects.visible_to(actor).select_related("community").get_or_not_found(pk=post_id)
    policy.REPORT.require(actor, post.community)
    reason = reason_of(reason)
    if post.state != "shown":
        raise NotFound("post")
    report, made = Report.objects.get_or_create(post=post, reporter_id=actor.person_id, outcome="", defaults={"reason": reason})
    if made:
        record(events.REPORTED, actor=actor, subject=report, organization=post.community.organization_id, community=post.community_id,
               reason=reason)  # fmt: skip
    return report
