"""What the pages of a community show. Words of what is hidden or deleted never leave these functions but for whoever may read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from cairn.apps.communities import policy
from cairn.apps.communities.models import Community, Mention, Post, PostFile, Prompt, Report, Version
from cairn.apps.communities.queries import members
from cairn.apps.people import queries as people
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor, system
from cairn.kernel import clock
from cairn.kernel.errors import NotFound

_SYSTEM = system("communities")
POSTS_A_PAGE = 20


@dataclass(frozen=True)
class FileView:
    """A file beside a post. `is_picture`: it is shown there, all else is opened elsewhere."""

    id: str
    name: str
    kind: str
    extension: str
    size: int
    pages: int | None
    shows_students: bool

    @property
    def is_picture(self) -> bool:
        return self.kind == "image"


@dataclass(frozen=True)
class PostView:
    """A post as the viewer may read it. `said` stands in place of the words that they may not read, or beside those of a hidden one."""

    id: str
    author: str
    is_mine: bool
    text: str
    link: str
    state: str
    said: str
    written_at: datetime
    changed_at: datetime | None
    revision: int
    named: tuple[str, ...]
    named_ids: tuple[str, ...]
    replies: int
    is_closed: bool
    is_reply: bool
    top_id: str
    prompt_id: str
    files: tuple[FileView, ...]

    @property
    def shows_students(self) -> bool:
        return any(file.shows_students for file in self.files)


@dataclass(frozen=True)
class PromptView:
    """A prompt and where the viewer stands: answered, open, late, or not open yet."""

    prompt: Prompt
    mine: Post | None
    answers: int

    @property
    def state(self) -> str:
        if self.mine is not None:
            return "answered"
        now = clock.now()
        if self.prompt.opens_at > now:
            return "planned"
        return "open" if now <= self.prompt.due_at else "late"


@dataclass(frozen=True)
class CommunityView:
    """`due`: the prompt to answer now; `prompts` in their order, of which a member sees those that have opened."""

    community: Community
    is_member: bool
    leads: bool
    may_write: bool
    due: PromptView | None
    prompts: tuple[PromptView, ...]
    members: tuple[tuple[str, str], ...]
    facilitators: tuple[str, ...]
    done: int
    required: int
    reports: int
    meeting: programs.TimeLine | None  # the next one of the cohort


def community(viewer: Actor, slug: str) -> Community:
    found = Community.objects.visible_to(viewer).select_related(
        "offering__microcredential", "offering__program", "program", "stack", "organization", "group"
    )
    return found.get_or_not_found(slug=slug)


def view(viewer: Actor, slug: str) -> CommunityView:
    found = community(viewer, slug)
    called, leads = members.names(viewer, found), members.leads(viewer, found)
    prompts = _prompts(viewer, found)
    is_member = found.group_id in people.groups_of(viewer)
    asked = [p for p in prompts if p.prompt.is_required and not p.prompt.withdrawn_at]
    required = members.required_prompts([found.pk]).count()
    looking_after = {f.person_id: called.get(f.person_id, f.person.name) for f in members.facilitators(viewer, found)}
    reports = Report.objects.visible_to(viewer).filter(post__community=found, outcome="").count() if leads else 0
    return CommunityView(
        found, is_member, leads, policy.WRITE.allows(viewer, found), _due(prompts) if is_member and found.is_open else None, prompts,
        tuple((person, name) for person, name in called.items() if person not in looking_after), tuple(looking_after.values()),
        sum(p.mine is not None for p in asked), required, reports,
        programs.next_time(viewer, found.offering) if found.offering and found.is_open else None,
    )  # fmt: skip


def _prompts(viewer: Actor, found: Community) -> tuple[PromptView, ...]:
    seen = Prompt.objects.visible_to(viewer).filter(community=found, withdrawn_at=None).order_by("opens_at", "due_at", "pk")
    given = Post.objects.filter(community=found, parent=None, prompt__isnull=False).exclude(state="deleted")
    counts = dict(given.filter(state="shown").values_list("prompt_id").annotate(n=Count("pk")))
    mine = {post.prompt_id: post for post in given.filter(author_id=viewer.person_id)}
    return tuple(PromptView(prompt, mine.get(prompt.pk), counts.get(prompt.pk, 0)) for prompt in seen)


def _due(prompts: Sequence[PromptView]) -> PromptView | None:
    """What is required before what is not, what is late before what has time."""
    waiting = [p for p in prompts if p.state in ("open", "late") and (p.prompt.is_required or p.state == "open")]
    return min(waiting, key=lambda p: (not p.prompt.is_required, p.prompt.due_at), default=None)


def prompt_view(viewer: Actor, found: Community, prompt_id: str) -> PromptView:
    """NotFound for one that has not opened, but for those who lead the community."""
    view = next((p for p in _prompts(viewer, found) if p.prompt.pk == prompt_id), None)
    if view is None:
        raise NotFound("question")
    return view


# --- Posts -----------------------------------------------------------------------------------------------------------


def talk(viewer: Actor, found: Community) -> QuerySet[Post]:
    """Ideas, the latest first; pages of them are read by `shown`."""
    return _posts(viewer, found).filter(prompt=None, parent=None).order_by("-written_at", "-pk")


def answers(viewer: Actor, found: Community, prompt_id: str) -> QuerySet[Post]:
    return _posts(viewer, found).filter(prompt_id=prompt_id, parent=None).order_by("written_at", "pk")


def _posts(viewer: Actor, found: Community) -> QuerySet[Post]:
    rows = Post.objects.visible_to(viewer).filter(community=found).select_related("author")
    named = Prefetch("mentions", Mention.objects.order_by("pk"))
    files = Prefetch("files", PostFile.objects.visible_to(viewer).order_by("added_at", "pk"))
    return rows.prefetch_related(named).prefetch_related(files).annotate(reply_count=Count("replies", filter=Q(replies__state="shown")))


def shown(viewer: Actor, found: Community, posts: Iterable[Post]) -> tuple[PostView, ...]:
    """Rows as the viewer may read them. Of a deleted post its place is left while somebody has replied to it."""
    rows = list(posts)
    called, leads = members.names(viewer, found, rows), members.leads(viewer, found)
    return tuple(_shown(viewer, post, called, leads) for post in rows if post.state != "deleted" or _replies(post))


def _replies(post: Post) -> int:
    return int(getattr(post, "reply_count", 0))


def _shown(viewer: Actor, post: Post, called: Mapping[str, str], leads: bool) -> PostView:
    is_mine = post.author_id == viewer.person_id
    may_read = post.state == "shown" or (post.state == "hidden" and (is_mine or leads))
    said = ""
    if post.state == "deleted":
        said = "Deleted by its author."
    elif post.state == "hidden":
        said = f"Hidden by a facilitator: {post.hidden_for}"
    named = [m.person_id for m in post.mentions.all() if m.person_id in called] if may_read else []
    return PostView(
        post.pk, called.get(post.author_id, ""), is_mine, post.text if may_read else "", post.link if may_read else "", post.state, said,
        post.written_at, post.changed_at, post.revision, tuple(called[p] for p in named), tuple(named), _replies(post),
        post.is_closed, post.parent_id is not None, post.parent_id or post.pk, post.prompt_id or "",
        tuple(FileView(f.pk, f.name, f.kind, f.extension, f.size, f.pages, f.people_shown == "students") for f in post.files.all()),
    )  # fmt: skip


def file(viewer: Actor, found: Community, file_id: str) -> PostFile:
    """A file that the viewer may open now."""
    return PostFile.objects.visible_to(viewer).filter(post__community=found).get_or_not_found(pk=file_id)


@dataclass(frozen=True)
class Thread:
    post: PostView
    replies: tuple[PostView, ...]
    prompt: Prompt | None


def thread(viewer: Actor, found: Community, post_id: str) -> Thread:
    """A post with its replies; of a reply, the thread that it stands in."""
    target = Post.objects.visible_to(viewer).filter(community=found).get_or_not_found(pk=post_id)
    top = _posts(viewer, found).get(pk=target.parent_id or target.pk)
    replies = _posts(viewer, found).filter(parent=top).order_by("written_at", "pk")
    called, leads = members.names(viewer, found, [top, *replies]), members.leads(viewer, found)
    prompt = Prompt.objects.filter(pk=top.prompt_id).first() if top.prompt_id else None
    return Thread(_shown(viewer, top, called, leads), shown(viewer, found, replies), prompt)


def post(viewer: Actor, found: Community, post_id: str) -> PostView:
    row = _posts(viewer, found).filter(pk=post_id).first()
    if row is None:
        raise NotFound("post")
    return _shown(viewer, row, members.names(viewer, found, [row]), members.leads(viewer, found))


# --- Moderating ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reported:
    """A post with what was said against it, and what it said before."""

    post: PostView
    reports: tuple[Report, ...]
    versions: tuple[Version, ...]


def reported(viewer: Actor, found: Community, post_id: str = "") -> tuple[Reported, ...]:
    """Posts with open reports, or the one that is asked for; for those who lead the community."""
    if not members.leads(viewer, found):
        raise NotFound("page")
    of = (
        Report.objects.visible_to(viewer).filter(post__community=found, outcome="").select_related("reporter").order_by("reported_at", "pk")
    )
    reports = list(of.filter(post=post_id) if post_id else of)
    rows = list(_posts(viewer, found).filter(pk__in={post_id} if post_id else {report.post_id for report in reports}))
    if post_id and not rows:
        raise NotFound("post")
    versions = list(Version.objects.visible_to(viewer).filter(post__in=[row.pk for row in rows]).order_by("revision"))
    called = members.names(viewer, found, rows)
    return tuple(
        Reported(_shown(viewer, row, called, True), tuple(r for r in reports if r.post_id == row.pk),
                 tuple(v for v in versions if v.post_id == row.pk))
        for row in rows
    )  # fmt: skip


# --- All that are mine -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CommunityLine:
    """A community in a list: what waits in it for a member, and for whoever leads it."""

    community: Community
    is_member: bool
    leads: bool
    due: Prompt | None
    done: int
    required: int
    members: int
    stuck: int
    reports: int
    last_at: datetime | None


def communities(viewer: Actor) -> tuple[CommunityLine, ...]:
    """Those that the viewer is in or leads: what asks for an answer first, then the latest opened."""
    rows = list(Community.objects.visible_to(viewer).select_related("program", "organization").order_by("-opens_at", "pk"))
    led = set(Community.objects.led_by(viewer).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    mine = people.groups_of(viewer)
    last = dict(Post.objects.filter(community__in=rows).values_list("community_id").annotate(at=Max("written_at")))
    reports = Report.objects.visible_to(viewer).filter(outcome="", post__community__in=rows)
    told = dict(reports.values_list("post__community_id").annotate(n=Count("pk")))
    lines = [_line(viewer, row, row.group_id in mine, row.pk in led, told.get(row.pk, 0), last.get(row.pk)) for row in rows]
    return tuple(sorted(lines, key=lambda line: (line.due is None, line.due.due_at if line.due else line.community.opens_at)))


def _line(viewer: Actor, row: Community, is_member: bool, leads: bool, reports: int, last: datetime | None) -> CommunityLine:
    prompts = _prompts(viewer, row)
    taking = members.taking_part(viewer, row) if leads else ()
    due = _due(prompts) if is_member and row.is_open else None
    required = [p for p in prompts if p.prompt.is_required]
    count = len(taking) if leads else people.members_of(_SYSTEM, row.group_id).count()
    return CommunityLine(
        row, is_member, leads, due.prompt if due else None, sum(p.mine is not None for p in required), len(required), count,
        sum(t.late > 0 for t in taking), reports, last,
    )  # fmt: skip
