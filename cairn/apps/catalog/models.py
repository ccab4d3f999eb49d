"""What can be earned: frameworks, stacks, micro-credentials and their versions. Not here: who offers them (programs)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cairn.apps.catalog.states import ADOPTION, MICROCREDENTIAL, SHARING, VERSION
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import PublicQuerySet, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class Framework(models.Model):
    """A published set of standards that micro-credentials align to."""

    id = IdField()
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    version = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=300, blank=True)

    objects = PublicQuerySet["Framework"].as_manager()


class FrameworkItem(models.Model):
    id = IdField()
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    order = models.PositiveIntegerField(default=0)

    objects = PublicQuerySet["FrameworkItem"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="one_item_per_code")]


class Stack(models.Model):
    """Micro-credentials that belong together."""

    id = IdField()
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    issuer = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    pack = models.SlugField(max_length=80)
    summary = models.TextField(blank=True)
    who_should_apply = models.TextField(blank=True)
    family = models.CharField(max_length=20, blank=True)
    shape = models.CharField(max_length=20, blank=True)
    order = models.PositiveIntegerField(default=0)
    is_planned = models.BooleanField(default=False)
    unnamed = models.PositiveIntegerField(default=0)  # planned members whose names are not known yet

    objects = PublicQuerySet["Stack"].as_manager()


class Microcredential(models.Model):
    """One competency, assessed by evidence; never a course. Its words live in its versions."""

    id = IdField()
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    stack = models.ForeignKey(Stack, on_delete=models.PROTECT, related_name="members")
    issuer = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField(default=0)
    mark = models.CharField(max_length=20, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    origin = models.CharField(max_length=20, default="packaged")
    state = models.CharField(max_length=10, choices=MICROCREDENTIAL.choices, default=MICROCREDENTIAL.initial)
    words = models.TextField(blank=True)  # lower-case text of the version in force, for search
    created_at = models.DateTimeField(default=clock.now)
    # Who designed it for themselves: nobody else begins it, and no list shows it. Its page can be read, so that its badge can be judged.
    owner = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    objects = PublicQuerySet["Microcredential"].as_manager()

    class Meta:
        verbose_name = "micro-credential"


class Alias(models.Model):
    """Another spelling in an address, which leads to the micro-credential."""

    id = IdField()
    slug = models.SlugField(max_length=80, unique=True)
    microcredential = models.ForeignKey(Microcredential, on_delete=models.PROTECT, related_name="+")

    objects = PublicQuerySet["Alias"].as_manager()


class Facet(models.Model):
    """One searchable property of the version in force: ("audience", "principal"), ("framework", "psel-2015")..."""

    id = IdField()
    microcredential = models.ForeignKey(Microcredential, on_delete=models.CASCADE, related_name="facets")
    name = models.CharField(max_length=20)
    value = models.CharField(max_length=80)
    label = models.CharField(max_length=160)

    objects = PublicQuerySet["Facet"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["microcredential", "name", "value"], name="one_facet_value")]
        indexes = [models.Index(fields=["name", "value"])]


class VersionQuerySet(VisibleQuerySet["MicrocredentialVersion"]):
    def seen_by(self, viewer: Actor) -> Q:
        """What is or was in force is public; drafts are for the issuer's authors and admins."""
        if viewer.is_system:
            return everyone()
        own = viewer.scopes("author", "organization") | viewer.scopes("organization admin", "organization")
        return ~Q(state="draft") | Q(microcredential__issuer_id__in=own)


class MicrocredentialVersion(models.Model):
    """The whole text of a micro-credential at one number. Once published a trigger refuses any change of its words."""

    id = IdField()
    microcredential = models.ForeignKey(Microcredential, on_delete=models.PROTECT, related_name="versions")
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=VERSION.choices, default=VERSION.initial)
    content = models.JSONField()  # pure.packs: VersionContent.to_json
    content_hash = models.CharField(max_length=64)  # hex SHA-256 of pure.packs.canonical
    forked_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")  # another issuer's version
    created_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version"
        constraints = [
            models.UniqueConstraint(fields=["microcredential", "number"], name="one_version_per_number"),
            models.UniqueConstraint(fields=["microcredential"], condition=Q(state="published"), name="one_version_in_force"),
        ]


class SharingRule(models.Model):
    """Whether other organizations may adopt what an issuer publishes, and make their own of it. None: on request."""

    id = IdField()
    issuer = models.OneToOneField("people.Organization", on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=list(SHARING.items()))

    objects = PublicQuerySet["SharingRule"].as_manager()


class AdoptionQuerySet(VisibleQuerySet["Adoption"]):
    def seen_by(self, viewer: Actor) -> Q:
        """What is adopted is public; what is asked for, or was declined, the two organizations know."""
        if viewer.is_system:
            return everyone()
        own = viewer.scopes("author", "organization") | viewer.scopes("organization admin", "organization")
        mine = Q(organization_id__in=own) | Q(microcredential__issuer_id__in=own) if own else nobody()
        return Q(state="adopted") | mine


class Adoption(models.Model):
    """An organization offers another's micro-credential in its own programs; its badges name both."""

    id = IdField()
    microcredential = models.ForeignKey(Microcredential, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ADOPTION.choices, default=ADOPTION.initial)
    asked_at = models.DateTimeField(default=clock.now)
    adopted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["microcredential", "organization"], condition=Q(state__in=["asked", "adopted"]), name="adopted_once"
            ),
            models.CheckConstraint(condition=~Q(state="adopted") | ~Q(adopted_at=None), name="adopted_on_a_day"),
        ]
        indexes = [models.Index(fields=["organization", "state"])]
