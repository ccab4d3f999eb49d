"""Accounts and sessions (sign-in), persons (who a record is about), organizations, affiliations, groups, roles, tokens for the API."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cairn.apps.people.states import GROUP_KINDS, MERGING_OUTCOMES, ORGANIZATION_KINDS, ROLES, SCOPES
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import PublicQuerySet, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock

VISIT = "visit"  # in a session: device, place, and since when and when last it was used, in seconds since 1970


class AccountManager(BaseUserManager["Account"]):
    """What the sign-in library and `createsuperuser` call."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> Account:
        account = self.model(email=self.normalize_email(email).lower(), **more)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, email: str, password: str | None = None, **more: Any) -> Account:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **more)


class Account(AbstractBaseUser, PermissionsMixin):
    """A way to sign in, and nothing else."""

    id = IdField()
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=clock.now)

    objects = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]  # Django declares it for the class, its stubs for each instance


class PersonQuerySet(VisibleQuerySet["Person"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Yourself; organization admins and coordinators also whoever is affiliated with, or holds a role in, theirs."""
        if viewer.is_system or viewer.holds("operator"):
            return everyone()
        own = viewer.scopes("organization admin", "organization") | viewer.scopes("coordinator", "organization")
        seen = Q(pk=viewer.person_id) if viewer.person_id else nobody()
        if own:
            now = clock.now()
            works = Affiliation.objects.filter(Q(ended_on=None) | Q(ended_on__gte=now.date()), person=OuterRef("pk"), organization__in=own)
            holds = RoleGrant.objects.current().filter(person=OuterRef("pk"), scope="organization", scope_id__in=own)
            seen |= Q(Exists(works)) | Q(Exists(holds))
        return seen


class Person(models.Model):
    """Who a record is about. May have no account: a roster row, an earner elsewhere."""

    id = IdField()
    account = models.OneToOneField(Account, on_delete=models.PROTECT, null=True, related_name="person")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    time_zone = models.CharField(max_length=60, default="America/Chicago")
    shows_name = models.BooleanField(default=True)  # on public credential pages and inside credentials
    created_at = models.DateTimeField(default=clock.now)
    # Everything of theirs is that person's from then on. The database lets a final row change hands along this and in no other way.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    objects = PersonQuerySet.as_manager()


class SessionQuerySet(VisibleQuerySet["Session"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Its person alone."""
        if viewer.is_system:
            return everyone()
        return Q(account__person=viewer.person_id) if viewer.person_id else nobody()

    def live(self) -> SessionQuerySet:
        return self.filter(expire_date__gt=clock.now())


class Session(AbstractBaseSession):
    """A browser in which somebody is signed in, or only looks around. Its key stands in the browser's cookie and on no page."""

    handle = models.CharField(max_length=20, unique=True)  # what forms call it
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")
    device = models.CharField(max_length=60, blank=True)  # "Firefox on Windows"
    place = models.CharField(max_length=45, blank=True)  # the network that it was last used from, never the whole address
    began_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)

    objects = SessionQuerySet.as_manager()  # type: ignore[assignment,misc]

    class Meta(AbstractBaseSession.Meta):
        abstract = False


class SessionStore(db.SessionStore):
    """What settings.SESSION_ENGINE names this module for. Interfaces note the visit in the session; here it becomes columns."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    @staticmethod
    def handle_of(key: str) -> str:
        return hashlib.sha256(key.encode()).hexdigest()[:20]

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.handle = self.handle_of(row.session_key)
        row.account_id = data.get(SESSION_KEY)
        visit = data.get(VISIT)
        if visit:
            row.device, row.place = visit["device"], visit["place"]
            row.began_at, row.seen_at = (datetime.fromtimestamp(visit[when], UTC) for when in ("began", "seen"))
        return row


class Organization(models.Model):
    """A state agency, district, school, association, college, service agency, provider, or this site."""

    id = IdField()
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=list(ORGANIZATION_KINDS.items()))
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    jurisdiction = models.CharField(max_length=10, blank=True)  # "us-mo"
    website = models.URLField(blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = PublicQuerySet["Organization"].as_manager()


class Brand(models.Model):
    """How an organization looks on its own pages. Colors stand as they were chosen; what follows from them is computed (pure.colors)."""

    id = IdField()
    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="+")
    display_name = models.CharField(max_length=80, blank=True)
    tagline = models.CharField(max_length=160, blank=True)
    color = models.CharField(max_length=7, blank=True)  # "#1f5142", on light pages; empty: this site's own
    color_dark = models.CharField(max_length=7, blank=True)
    notice = models.TextField(blank=True)  # what the law asks to be said on each page
    logo = models.BinaryField(null=True)  # a picture that was drawn anew; small, so that it is kept and backed up with its row
    logo_kind = models.CharField(max_length=4, blank=True)  # "png" or "jpeg"
    logo_alt = models.CharField(max_length=160, blank=True)

    objects = PublicQuerySet["Brand"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(logo=None, logo_kind="") | (~Q(logo=None) & ~Q(logo_kind="")), name="a_logo_has_a_kind"),
        ]


class AffiliationQuerySet(VisibleQuerySet["Affiliation"]):
    def seen_by(self, viewer: Actor) -> Q:
        if viewer.is_system or viewer.holds("operator"):
            return everyone()
        own = viewer.scopes("organization admin", "organization")
        return Q(person_id=viewer.person_id) | Q(organization_id__in=own) if viewer.person_id else nobody()

    def since(self, moment: Any) -> AffiliationQuerySet:
        """Those that had not ended by `moment` (a date)."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=moment))


class Affiliation(models.Model):
    """Where somebody works, from when to when. Conflict-of-interest rules read it."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120, blank=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")), name="affiliation_ends_after_start"),
            models.UniqueConstraint(fields=["person", "organization", "started_on"], name="one_affiliation_per_start"),
        ]


class RoleGrantQuerySet(VisibleQuerySet["RoleGrant"]):
    def seen_by(self, viewer: Actor) -> Q:
        if viewer.is_system or viewer.holds("operator"):
            return everyone()
        own = viewer.scopes("organization admin", "organization")
        return Q(person_id=viewer.person_id) | Q(organization_id__in=own) if viewer.person_id else nobody()

    def current(self) -> RoleGrantQuerySet:
        return self.filter(ended_at=None)


class RoleGrant(models.Model):
    """A role that a person holds within an organization, a program or a micro-credential, until it is ended."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=list(ROLES.items()))
    scope = models.CharField(max_length=20, choices=list(SCOPES.items()))
    scope_id = models.CharField(max_length=20)  # an organization here, or a thing of a capability above
    scope_name = models.CharField(max_length=200)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")  # whose admins may end it
    granted_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "role", "scope", "scope_id"], condition=Q(ended_at=None), name="role_held_once"),
        ]
        indexes = [models.Index(fields=["role", "scope", "scope_id"], condition=Q(ended_at=None), name="who_holds")]


class GroupQuerySet(VisibleQuerySet["Group"]):
    def seen_by(self, viewer: Actor) -> Q:
        if viewer.is_system or viewer.holds("operator"):
            return everyone()
        if not viewer.person_id:
            return nobody()
        member = GroupMember.objects.filter(group=OuterRef("pk"), person_id=viewer.person_id, left_on=None)
        own = viewer.scopes("organization admin", "organization") | viewer.scopes("coordinator", "organization")
        return Q(Exists(member)) | Q(organization_id__in=own)


class Group(models.Model):
    """People who work together, within or across organizations."""

    id = IdField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=list(GROUP_KINDS.items()))
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = GroupQuerySet.as_manager()


class GroupMemberQuerySet(VisibleQuerySet["GroupMember"]):
    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(Group.objects.visible_to(viewer).filter(pk=OuterRef("group_id"))))


class GroupMember(models.Model):
    id = IdField()
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "person"], condition=Q(left_on=None), name="in_a_group_once")]


class ApiTokenQuerySet(VisibleQuerySet["ApiToken"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Its person alone."""
        if viewer.is_system:
            return everyone()
        return Q(person_id=viewer.person_id) if viewer.person_id else nobody()

    def live(self) -> ApiTokenQuerySet:
        return self.filter(revoked_at=None, expires_at__gt=clock.now(), person__account__is_active=True)


class ApiToken(models.Model):
    """What a program signs in with in place of its person. Kept is a hash of the secret, which was shown once."""

    id = IdField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)  # hex SHA-256: the secret itself is 160 random bits
    ending = models.CharField(max_length=4)  # of the secret, so that its person can tell which one this is
    scopes = models.JSONField()
    shown_second_step = models.BooleanField()  # by its person when they made it; without it guarded roles are withheld
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "token"
        indexes = [models.Index(fields=["person", "made_at"])]


class SupportAccessQuerySet(VisibleQuerySet["SupportAccess"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever was looked at; operators all of them, so that each keeps an eye on the others."""
        if viewer.is_system or viewer.holds("operator"):
            return everyone()
        return Q(person_id=viewer.person_id) if viewer.person_id else nobody()

    def live(self) -> SupportAccessQuerySet:
        return self.filter(ended_at=None, ends_at__gt=clock.now())


class SupportAccess(models.Model):
    """For how long an operator sees what a person sees, and why. The person is told, and may end it."""

    id = IdField()
    operator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    began_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # before its time, by either of them

    objects = SupportAccessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator"], condition=Q(ended_at=None), name="one_look_at_a_time"),
            models.CheckConstraint(condition=~Q(operator=F("person")), name="nobody_looks_at_themself"),
        ]
        indexes = [models.Index(fields=["person", "ends_at"])]


class MergingQuerySet(VisibleQuerySet["Merging"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The two whom it is about."""
        if viewer.is_system:
            return everyone()
        return Q(kept_id=viewer.person_id) | Q(gone_id=viewer.person_id) if viewer.person_id else nobody()

    def open(self) -> MergingQuerySet:
        return self.filter(outcome="", ends_at__gt=clock.now())


class Merging(models.Model):
    """Somebody says that a second person here is them too. Whoever signs in as that one says yes or no; the first makes them one."""

    id = IdField()
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # who asked, signed in
    gone = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")  # none where nobody has the address
    address = models.EmailField()  # where the letter went: one of theirs that is confirmed
    asked_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)  # when the second said yes
    outcome = models.CharField(max_length=10, choices=list(MERGING_OUTCOMES.items()), blank=True)
    settled_at = models.DateTimeField(null=True)

    objects = MergingQuerySet.as_manager()
