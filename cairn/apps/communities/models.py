"""Communities: prompts, posts and what becomes of them. Who is in one, is a group of people's. Not here: letters about it (comms)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.communities.states import APPEARANCES, FACILITATOR_KINDS, POST, REPORT_OUTCOMES
from cairn.apps.people import queries as people
from cairn.apps.portfolio.queries import PEOPLE_SHOWN
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import M, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


def runs(viewer: Actor) -> Q:
    """Communities of programs that the viewer runs, alone or for one of several owners, and of organizations."""
    organizations = viewer.scopes("coordinator", "organization") | viewer.scopes("organization admin", "organization")
    return Q(organization_id__in=organizations) | Q(program_id__in=programs.run_programs(viewer).values("pk"))


def facilitates(viewer: Actor) -> Q:
    """Communities that the viewer was named for, while they hold the role of a coach or coordinator."""
    if not (viewer.holds("coach") or viewer.holds("coordinator")):
        return nobody()
    named = Facilitator.objects.filter(community=OuterRef("pk"), person_id=viewer.person_id, ended_at=None)
    return Q(Exists(named))


class CommunityQuerySet(VisibleQuerySet["Community"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Its members, its facilitators, and those who run its program: nobody else knows that it is there, and support is nobody."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id or viewer.only_looks:
            return nobody()
        return Q(group_id__in=people.groups_of(viewer)) | facilitates(viewer) | runs(viewer)

    def led_by(self, viewer: Actor) -> Self:
        """Those in which the viewer may schedule prompts and moderate."""
        if viewer.is_system:
            return self.all()
        return self.filter(facilitates(viewer) | runs(viewer)) if viewer.person_id and not viewer.only_looks else self.none()


class Community(models.Model):
    """People who learn together: the cohort of an offering, a stack's club, or a group. Whoever is in its group is a member."""

    id = IdField()
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    about = models.CharField(max_length=500, blank=True)
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey("programs.Program", on_delete=models.PROTECT, null=True, related_name="+")
    offering = models.ForeignKey("programs.Offering", on_delete=models.PROTECT, null=True, related_name="+")
    stack = models.ForeignKey("catalog.Stack", on_delete=models.PROTECT, null=True, related_name="+")
    group = models.OneToOneField("people.Group", on_delete=models.PROTECT, related_name="+")
    zone = models.CharField(max_length=60)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    founded_at = models.DateTimeField(default=clock.now)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=models.F("opens_at")), name="community_closes_after_opening"
            ),
            models.CheckConstraint(condition=Q(offering=None) | Q(stack=None), name="community_of_one_thing"),
            models.UniqueConstraint(fields=["offering"], condition=Q(offering__isnull=False), name="one_community_per_offering"),
            models.UniqueConstraint(fields=["stack", "organization"], condition=Q(stack__isnull=False), name="one_community_per_stack"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether its members may write at this moment."""
        now = clock.now()
        return self.opens_at <= now and (self.closes_at is None or now <= self.closes_at)

    @property
    def has_closed(self) -> bool:
        return self.closes_at is not None and clock.now() > self.closes_at


class InsideQuerySet(VisibleQuerySet[M]):
    """Rows that belong to a community are seen by whoever sees the community."""

    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(Community.objects.visible_to(viewer).filter(pk=OuterRef("community_id"))))


class LedQuerySet(VisibleQuerySet[M]):
    """Rows that only those see who lead the community."""

    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(Community.objects.led_by(viewer).filter(pk=OuterRef("community_id"))))


class Facilitator(models.Model):
    """A coach or coordinator who looks after the talk, from when to when."""

    id = IdField()
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=list(FACILITATOR_KINDS.items()))
    named_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    objects = InsideQuerySet["Facilitator"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "person"], condition=Q(ended_at=None), name="facilitates_once"),
        ]


class Presence(models.Model):
    """How a member wants to be called in a community. Without a row: by their whole name."""

    id = IdField()
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    appears = models.CharField(max_length=8, choices=list(APPEARANCES.items()), default="full")

    objects = InsideQuerySet["Presence"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "person"], name="one_presence")]


class Removal(models.Model):
    """A member whom a facilitator took out, and why. They do not come back by beginning something anew."""

    id = IdField()
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    removed_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)  # they may come back

    objects = LedQuerySet["Removal"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "person"], condition=Q(ended_at=None), name="removed_once")]


class PromptQuerySet(VisibleQuerySet["Prompt"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Members once it has opened, until it is withdrawn; those who lead the community always."""
        if viewer.is_system:
            return everyone()
        sees = Community.objects.visible_to(viewer).filter(pk=OuterRef("community_id"))
        leads = Community.objects.led_by(viewer).filter(pk=OuterRef("community_id"))
        return Q(Exists(sees), opens_at__lte=clock.now(), withdrawn_at=None) | Q(Exists(leads))


class Prompt(models.Model):
    """A question to the community, from when, and by when an answer counts as in time."""

    id = IdField()
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    text = models.TextField(blank=True)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_required = models.BooleanField(default=True)
    announced_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = PromptQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(due_at__gt=models.F("opens_at")), name="prompt_due_after_opening")]
        indexes = [models.Index(fields=["community", "opens_at"])]


class PostQuerySet(VisibleQuerySet["Post"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever sees the community. Words of what is hidden or deleted are kept back by the page objects (queries)."""
        return Q(Exists(Community.objects.visible_to(viewer).filter(pk=OuterRef("community_id"))))


class Post(models.Model):
    """An answer to a prompt, an idea, or a reply to either. What it said before it was changed stands in its versions."""

    id = IdField()
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, null=True, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    author = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=POST.choices, default=POST.initial)
    hidden_for = models.CharField(max_length=500, blank=True)
    is_closed = models.BooleanField(default=False)  # takes no more replies
    revision = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prompt", "author"],
                condition=Q(prompt__isnull=False, parent=None) & ~Q(state="deleted"),
                name="one_response_per_prompt",
            ),
            models.CheckConstraint(condition=~Q(state="deleted") | Q(text="", link=""), name="deleted_says_nothing"),
        ]
        indexes = [models.Index(fields=["community", "parent", "written_at"]), models.Index(fields=["community", "author"])]


class PostFileQuerySet(VisibleQuerySet["PostFile"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever may read the words that it stands beside: members; of a hidden post its author and those who lead the community."""
        if viewer.is_system:
            return everyone()
        post = Post.objects.visible_to(viewer).filter(pk=OuterRef("post_id"))
        leads = Q(community__in=Community.objects.led_by(viewer).values("pk"))
        reads = Q(state="shown") | Q(Q(author_id=viewer.person_id) | leads, state="hidden")
        return Q(Exists(post.filter(reads)), removed_at=None)


class PostFile(models.Model):
    """A file beside the words of a post, scrubbed as evidence is; its bytes lie in the store of evidence under its id."""

    id = IdField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=100)  # as its author called it
    kind = models.CharField(max_length=20)  # pure.packs FileType: document, image...
    media_type = models.CharField(max_length=100)
    extension = models.CharField(max_length=8)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(null=True)
    people_shown = models.CharField(max_length=10, choices=list(PEOPLE_SHOWN.items()))
    added_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)  # taken out by its author, or deleted with the post
    erased_at = models.DateTimeField(null=True)  # its bytes are gone

    objects = PostFileQuerySet.as_manager()

    class Meta:
        verbose_name = "file"
        constraints = [models.CheckConstraint(condition=Q(erased_at=None) | Q(removed_at__isnull=False), name="erased_once_it_is_removed")]
        indexes = [models.Index(fields=["post", "added_at"])]


class OfPostQuerySet(VisibleQuerySet[M]):
    """Rows of a post that only those see who lead its community."""

    def seen_by(self, viewer: Actor) -> Q:
        if viewer.is_system:
            return everyone()
        led = Post.objects.filter(pk=OuterRef("post_id"), community__in=Community.objects.led_by(viewer).values("pk"))
        return Q(Exists(led))


class Version(models.Model):
    """What a post said before it was changed or deleted."""

    id = IdField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    text = models.TextField()
    link = models.URLField(max_length=500, blank=True)
    until = models.DateTimeField(default=clock.now)

    objects = OfPostQuerySet["Version"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "revision"], name="one_version_per_revision")]


class MentionQuerySet(VisibleQuerySet["Mention"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever sees the post."""
        return Q(Exists(Post.objects.visible_to(viewer).filter(pk=OuterRef("post_id"))))


class Mention(models.Model):
    """A member whom a post names: they are told."""

    id = IdField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="mentioned_once")]


class Report(models.Model):
    """A member says that a post does not belong here. Who said it is shown to those who lead the community alone."""

    id = IdField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    reporter = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    reported_at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=8, choices=list(REPORT_OUTCOMES.items()), blank=True)

    objects = OfPostQuerySet["Report"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "reporter"], condition=Q(outcome=""), name="reported_once")]
