"""What members read and write: their communities, a prompt, a thread. Not here: leading a community (leading)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from cairn.apps.communities import commands, outward, policy
from cairn.apps.communities import queries as communities
from cairn.interfaces.web.forms.communities import AppearanceForm, EditForm, ReasonForm, TalkForm
from cairn.interfaces.web.packed import streamed
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel.errors import Forbidden, NotFound

MANY = 60  # names that one form can offer


@login_required
def mine(request: Request) -> HttpResponse:
    lines = communities.communities(request.actor)
    waiting = [line for line in lines if line.due]
    may_found = request.actor.holds("coordinator") or request.actor.holds("organization admin")
    return render(request, "communities/mine.html", {"lines": lines, "waiting": waiting, "may_found": may_found})


def _others(request: Request, found: Any) -> list[tuple[str, str]]:
    """Whom a post may name: every member, or in a large community whoever has said something of late."""
    called = communities.names(request.actor, found)
    if len(called) > MANY:
        heard = communities.heard_of_late(request.actor, found, MANY)
        called = {person: name for person, name in called.items() if person in heard}
    return sorted(((person, name) for person, name in called.items() if person != request.actor.person_id), key=lambda each: each[1])


def _form(request: Request, found: Any, label: str, **options: Any) -> TalkForm:
    """Bound where it was sent, which only those may do who may write."""
    if request.method == "POST":
        policy.WRITE.require(request.actor, found)
    return TalkForm(request.POST or None, request.FILES or None, members=_others(request, found), label=label, auto_id="talk-%s", **options)


def _sending(command: Callable[..., object], request: Request, **where: Any) -> Callable[[dict[str, Any]], object]:
    """What `done` carries out: a command of the talk, with the files that were sent."""
    return lambda told: outward.with_files(command, actor=request.actor, **where, **told)


@login_required
def community(request: Request, slug: str) -> HttpResponse:
    """What to answer now, then the talk; sharing an idea."""
    seen = communities.view(request.actor, slug)
    form = _form(request, seen.community, "Share an idea with the group")
    if form.is_bound and done(form, _sending(commands.share, request, community_id=seen.community.pk)):
        messages.success(request, "Shared.")
        return redirect("community", slug)
    page = Paginator(communities.talk(request.actor, seen.community), communities.POSTS_A_PAGE).get_page(request.GET.get("page"))
    shown = {"seen": seen, "posts": communities.shown(request.actor, seen.community, page), "page": page, "form": form}
    return render(request, "communities/community.html", shown, status=422 if form.errors else 200)


@login_required
def prompt(request: Request, slug: str, prompt_id: str) -> HttpResponse:
    """A question with its answers; answering it."""
    seen = communities.view(request.actor, slug)
    asked = communities.prompt_view(request.actor, seen.community, prompt_id)
    form = _form(request, seen.community, "Your answer")
    if form.is_bound and done(form, _sending(commands.answer, request, prompt_id=prompt_id)):
        messages.success(request, "Your answer is there for the group.")
        return redirect("community-prompt", slug, prompt_id)
    answers = communities.shown(request.actor, seen.community, communities.answers(request.actor, seen.community, prompt_id))
    shown = {"seen": seen, "asked": asked, "answers": answers, "form": form}
    return render(request, "communities/prompt.html", shown, status=422 if form.errors else 200)


@login_required
def post(request: Request, slug: str, post_id: str) -> HttpResponse:
    """A post with its replies; replying."""
    seen = communities.view(request.actor, slug)
    thread = communities.thread(request.actor, seen.community, post_id)
    form = _form(request, seen.community, "Your reply", with_link=False)
    if form.is_bound and done(form, _sending(commands.reply, request, post_id=post_id)):
        messages.success(request, "Your reply is there.")
        return redirect("community-post", slug, thread.post.id)
    shown = {"seen": seen, "thread": thread, "form": form}
    return render(request, "communities/post.html", shown, status=422 if form.errors else 200)


def _own(request: Request, slug: str, post_id: str) -> tuple[Any, communities.PostView]:
    """The community, and the viewer's own post in it."""
    found = communities.community(request.actor, slug)
    own = communities.post(request.actor, found, post_id)
    if not own.is_mine:
        raise Forbidden("not-yours", "Only its author may change a post.", "Reply to it, or report it if it does not belong here.")
    if own.state == "deleted":
        raise NotFound("post")
    return found, own


@login_required
def edit(request: Request, slug: str, post_id: str) -> HttpResponse:
    found, own = _own(request, slug, post_id)
    start = {"text": own.text, "link": own.link, "revision": own.revision, "mentions": own.named_ids}
    form = EditForm(request.POST or None, request.FILES or None, initial=start, members=_others(request, found), label="What you wrote",
                    with_link=not own.is_reply, here=[(each.id, each.name) for each in own.files])  # fmt: skip
    if form.is_bound and done(form, _sending(commands.edit_post, request, post_id=post_id)):
        messages.success(request, "Changed.")
        return redirect("community-post", slug, own.top_id)
    may_write = policy.WRITE.allows(request.actor, found)
    shown = {"community": found, "post": own, "form": form, "may_write": may_write}
    return render(request, "communities/edit.html", shown, status=422 if form.errors else 200)


@login_required
@require_safe
def file(request: Request, slug: str, attached_id: str) -> StreamingHttpResponse:
    """Handed over as a download; a picture is shown in its post as well."""
    found = communities.file(request.actor, communities.community(request.actor, slug), attached_id)
    name = f"{slugify(found.name.rpartition('.')[0] or found.name) or 'file'}.{found.extension}"
    return streamed(outward.stream(found), found.media_type, name, found.size)


@login_required
def delete(request: Request, slug: str, post_id: str) -> HttpResponse:
    """Asked for on the page where the post is changed."""
    own = _own(request, slug, post_id)[1]
    if request.method != "POST":
        return redirect("community-post-edit", slug, post_id)
    commands.delete_post(actor=request.actor, post_id=post_id)
    messages.success(request, "Deleted.")
    if own.prompt_id and not own.is_reply:
        return redirect("community-prompt", slug, own.prompt_id)
    return redirect("community-post", slug, own.top_id) if own.is_reply else redirect("community", slug)


@login_required
def report(request: Request, slug: str, post_id: str) -> HttpResponse:
    """Saying that a post does not belong here."""
    found = communities.community(request.actor, slug)
    target = communities.post(request.actor, found, post_id)
    if target.state != "shown" or target.is_mine:
        raise NotFound("post")
    form = ReasonForm(request.POST or None, hint="Those who lead the community read it; the author does not learn who said it.")
    if form.is_bound and done(form, lambda told: commands.report_post(actor=request.actor, post_id=post_id, **told)):
        messages.success(request, "Those who lead the community will look at it.")
        return redirect("community-post", slug, target.top_id)
    shown = {"community": found, "post": target, "form": form}
    return render(request, "communities/report.html", shown, status=422 if form.errors else 200)


@login_required
def you(request: Request, slug: str) -> HttpResponse:
    """How the others see one's name."""
    found = communities.community(request.actor, slug)
    policy.belongs(request.actor, found)
    form = AppearanceForm(request.POST or None, initial={"appears": communities.appearance(request.actor, found)})
    if form.is_bound and done(form, lambda told: commands.choose_appearance(actor=request.actor, community_id=found.pk, **told)):
        messages.success(request, "Saved.")
        return redirect("community", slug)
    return render(request, "communities/you.html", {"community": found, "form": form}, status=422 if form.errors else 200)
