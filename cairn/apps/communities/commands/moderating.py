"""What those who lead a community do to posts: hide, show again, close, keep in spite of a report."""

from __future__ import annotations

from cairn.apps.communities import events, policy
from cairn.apps.communities.commands.founding import reason_of
from cairn.apps.communities.models import Post, Report
from cairn.apps.communities.states import POST
from cairn.apps.ledger.steps import record
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel.errors import NotFound


def _led(actor: Actor, post_id: str) -> Post:
    post = Post.objects.visible_to(actor).select_related("community").locked(pk=post_id)
    policy.LEAD.require(actor, post.community)
    return post


def _settle(actor: Actor, post: Post, outcome: str) -> None:
    for report in Report.objects.filter(post=post, outcome="").order_by("pk"):
        report.outcome = outcome
        report.save(update_fields=["outcome"])
        record(events.REPORT_SETTLED, actor=actor, subject=report, organization=post.community.organization_id,
               community=post.community_id, outcome=outcome)  # fmt: skip


@command
def hide_post(*, actor: Actor, post_id: str, reason: str) -> Post:
    """Out of the members' sight, for a reason that they read; its author still reads it. Reports of it are settled with that."""
    post = _led(actor, post_id)
    reason = reason_of(reason)
    if post.state == "hidden":
        return post
    POST.move(post, to="hidden")
    post.hidden_for = reason
    post.save(update_fields=["state", "hidden_for"])
    record(
        events.HIDDEN, actor=actor, subject=post, organization=post.community.organization_id, community=post.community_id, reason=reason
    )
    _settle(actor, post, "hidden")
    return post


@command
def show_post(*, actor: Actor, post_id: str) -> Post:
    post = _led(actor, post_id)
    if post.state != "shown":
        POST.move(post, to="shown")
        post.hidden_for = ""
        post.save(update_fields=["state", "hidden_for"])
        record(events.SHOWN_AGAIN, actor=actor, subject=post, organization=post.community.organization_id, community=post.community_id)
    return post


@command
def keep_post(*, actor: Actor, post_id: str) -> Post:
    """It was reported, and stays."""
    post = _led(actor, post_id)
    _settle(actor, post, "kept")
    return post


@command
def close_thread(*, actor: Actor, post_id: str) -> Post:
    post = _thread(actor, post_id)
    if not post.is_closed:
        post.is_closed = True
        post.save(update_fields=["is_closed"])
        record(events.THREAD_CLOSED, actor=actor, subject=post, organization=post.community.organization_id, community=post.community_id)
    return post


@command
def reopen_thread(*, actor: Actor, post_id: str) -> Post:
    post = _thread(actor, post_id)
    if post.is_closed:
        post.is_closed = False
        post.save(update_fields=["is_closed"])
        record(events.THREAD_REOPENED, actor=actor, subject=post, organization=post.community.organization_id, community=post.community_id)
    return post


def _thread(actor: Actor, post_id: str) -> Post:
    post = _led(actor, post_id)
    if post.parent_id:
        raise NotFound("thread")
    return post
