"""Signing keys, status lists, credentials, and pages that educators share. Not here: how a credential is built or signed (pure.badges)."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cairn.apps.credentials.states import CREDENTIAL, PART_KINDS
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import InternalQuerySet, M, PublicQuerySet, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class SigningKey(models.Model):
    """An Ed25519 key of the site. The private part is encrypted with the data folder's secret, which no backup of the database holds."""

    id = IdField()
    public = models.CharField(max_length=60, unique=True)  # multibase
    sealed = models.TextField()
    in_use = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True)

    objects = InternalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["in_use"], condition=Q(in_use=True), name="one_key_in_use")]


class StatusList(models.Model):
    """A Bitstring Status List; `signed` is the credential that verifiers fetch, made anew after each change."""

    id = IdField()
    number = models.PositiveIntegerField(unique=True)
    signed = models.TextField(blank=True)
    is_full = models.BooleanField(default=False)
    updated_at = models.DateTimeField(null=True)

    objects = PublicQuerySet["StatusList"].as_manager()


class CredentialQuerySet(VisibleQuerySet["Credential"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever has its unguessable address, once it is signed; before that its issuer's admins, who may have to stop it.

        Lists of them are made by queries for those entitled.
        """
        if viewer.is_system or viewer.holds("operator"):
            return everyone()
        return ~Q(signed="") | Q(issuer_id__in=viewer.scopes("organization admin", "organization"))


class Credential(models.Model):
    """One award of one micro-credential version to one person, traceable to one decision."""

    id = IdField()
    decision = models.OneToOneField("assessment.Decision", on_delete=models.PROTECT, related_name="+")
    enrollment = models.ForeignKey("programs.Enrollment", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("catalog.MicrocredentialVersion", on_delete=models.PROTECT, related_name="+")
    issuer = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CREDENTIAL.choices, default=CREDENTIAL.initial)
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="+")
    status_index = models.PositiveIntegerField()
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, null=True, related_name="+")
    unsigned = models.TextField()
    signed = models.TextField(blank=True)  # the exact JSON that is served, baked and verified
    awarded_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["status_list", "status_index"], name="one_status_index_each"),
            models.CheckConstraint(condition=~Q(state="issued") | ~Q(signed=""), name="issued_is_signed"),
        ]
        indexes = [models.Index(fields=["person", "awarded_at"])]


class StatusReasonQuerySet(VisibleQuerySet["StatusReason"]):
    def seen_by(self, viewer: Actor) -> Q:
        if viewer.is_system or viewer.holds("operator"):
            return everyone()
        own = viewer.scopes("organization admin", "organization")
        return Q(credential__issuer_id__in=own) if own else nobody()


class StatusReason(models.Model):
    """Why a credential was revoked or reinstated: for the issuer's admins and operators alone."""

    id = IdField()
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="+")
    change = models.CharField(max_length=12)  # revoked | reinstated
    reason = models.TextField()
    made_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = StatusReasonQuerySet.as_manager()


class AnnouncingConsentQuerySet(VisibleQuerySet["AnnouncingConsent"]):
    def seen_by(self, viewer: Actor) -> Q:
        return _own(viewer)

    def in_force(self) -> AnnouncingConsentQuerySet:
        return self.filter(withdrawn_at=None)


class AnnouncingConsent(models.Model):
    """That issuers may name an educator where they announce who has earned what: for one credential, or (none named) for all."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = AnnouncingConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "credential"], condition=Q(withdrawn_at=None, credential__isnull=False), name="announced_once_by_consent"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(withdrawn_at=None, credential=None), name="all_announced_by_one_consent"
            ),
        ]


# --- Pages that educators share -------------------------------------------------------------------------------------

PASSCODE_TRIES = 10  # wrong ones through one link
WINDOW = 600  # seconds within which a recipient who looks twice has looked once


def _own(viewer: Actor) -> Q:
    """The educator's alone: support looks at none of it. Whoever has a link comes in by its secret, and by that alone."""
    if viewer.is_system:
        return everyone()
    return Q(person_id=viewer.person_id) if viewer.person_id and not viewer.only_looks else nobody()


class SharedPageQuerySet(VisibleQuerySet["SharedPage"]):
    def seen_by(self, viewer: Actor) -> Q:
        return _own(viewer)


class SharedPage(models.Model):
    """What an educator chose to show, until when; nothing on it but its parts."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    words = models.TextField(blank=True)  # to whoever reads it
    allows_download = models.BooleanField(default=False)
    passcode = models.CharField(max_length=128, blank=True)  # hashed as passwords are
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # by the educator, before its time

    objects = SharedPageQuerySet.as_manager()

    class Meta:
        verbose_name = "shared page"
        constraints = [models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="shared_page_ends_after_start")]
        indexes = [models.Index(fields=["person", "made_at"])]

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


class OfPageQuerySet(VisibleQuerySet[M]):
    """Rows that belong to a page are seen by whoever sees the page."""

    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(SharedPage.objects.visible_to(viewer).filter(pk=OuterRef("page_id"))))


class SharedPart(models.Model):
    """One thing on the page, with the educator's note on it."""

    id = IdField()
    page = models.ForeignKey(SharedPage, on_delete=models.PROTECT, related_name="parts")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=list(PART_KINDS.items()))
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey("assessment.Decision", on_delete=models.PROTECT, null=True, related_name="+")
    artifact = models.ForeignKey("portfolio.Artifact", on_delete=models.PROTECT, null=True, related_name="+")
    writing = models.ForeignKey("portfolio.Writing", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    objects = OfPageQuerySet["SharedPart"].as_manager()

    class Meta:
        verbose_name = "part"
        constraints = [
            models.UniqueConstraint(fields=["page", "place"], name="one_shared_part_a_place"),
            models.CheckConstraint(
                condition=Q(kind="credential", credential__isnull=False, decision=None, artifact=None, writing=None)
                | Q(kind="feedback", credential=None, decision__isnull=False, artifact=None, writing=None)
                | Q(kind="file", credential=None, decision=None, artifact__isnull=False, writing=None)
                | Q(kind="answer", credential=None, decision=None, artifact=None, writing__isnull=False),
                name="shared_part_is_one_thing",
            ),
        ]


class Recipient(models.Model):
    """Whoever has a link of their own to a page: somebody by their address, or a team. Kept is a hash of the link's secret."""

    id = IdField()
    page = models.ForeignKey(SharedPage, on_delete=models.PROTECT, related_name="recipients")
    name = models.CharField(max_length=254)  # the address, or what the educator calls the team
    address = models.EmailField(blank=True)
    serial = models.PositiveSmallIntegerField(default=1)  # of the link: a new one ends the last
    secret_hash = models.CharField(max_length=64, unique=True)  # hex SHA-256
    wrong_tries = models.PositiveSmallIntegerField(default=0)  # at the passcode, since it was last right
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    objects = OfPageQuerySet["Recipient"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "name"], name="shared_once_with_each"),
            models.CheckConstraint(condition=Q(wrong_tries__lte=PASSCODE_TRIES), name="passcode_tries_are_few"),
        ]


class PageOpeningQuerySet(VisibleQuerySet["PageOpening"]):
    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(Recipient.objects.visible_to(viewer).filter(pk=OuterRef("recipient_id"))))


class PageOpening(models.Model):
    """That a page, or a file on it, was opened through a link: at most once in ten minutes, whatever the reader does."""

    id = IdField()
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="openings")
    part = models.ForeignKey(SharedPart, on_delete=models.PROTECT, null=True, related_name="+")  # a file; none for the page itself
    window = models.PositiveIntegerField()  # number of the ten minutes
    opened_at = models.DateTimeField(default=clock.now)

    objects = PageOpeningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "window"], condition=Q(part=None), name="one_opening_of_a_page_a_window"),
            models.UniqueConstraint(
                fields=["recipient", "part", "window"], condition=Q(part__isnull=False), name="one_opening_of_a_file_a_window"
            ),
        ]
        indexes = [models.Index(fields=["recipient", "opened_at"])]
