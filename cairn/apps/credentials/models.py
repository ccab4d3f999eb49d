"""Signing keys, status lists and credentials. Not here: how one is built or signed (pure.badges)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cairn.apps.credentials.states import CREDENTIAL
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import InternalQuerySet, PublicQuerySet, VisibleQuerySet, everyone, nobody
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


class StatusReason(models.Model):
    """Why a credential was revoked or reinstated: for the issuer's admins and operators alone."""

    id = IdField()
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="+")
    change = models.CharField(max_length=12)  # revoked | reinstated
    reason = models.TextField()
    made_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Visible(VisibleQuerySet["StatusReason"]):
        def seen_by(self, viewer: Actor) -> Q:
            if viewer.is_system or viewer.holds("operator"):
                return everyone()
            own = viewer.scopes("organization admin", "organization")
            return Q(credential__issuer_id__in=own) if own else nobody()

    objects = Visible.as_manager()
