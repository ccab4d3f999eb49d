"""Educators' licenses, where they work, and the reminders that were sent. Not here: what a license type asks for (pure.rules)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cairn.apps.licensure.models.applications import Application
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import M, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class EducatorProfileQuerySet(VisibleQuerySet["EducatorProfile"]):
    def seen_by(self, viewer: Actor) -> Q:
        if viewer.is_system:
            return everyone()
        return Q(person_id=viewer.person_id) if viewer.person_id else nobody()


class EducatorProfile(models.Model):
    """Where an educator works, and who may hear of their deadlines. Its row is locked while their licenses or entries change."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    jurisdiction = models.CharField(max_length=10, blank=True)  # "us/mo"
    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, null=True, related_name="+")  # hears, where chosen
    changed_at = models.DateTimeField(default=clock.now)

    objects = EducatorProfileQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], name="one_educator_profile")]


class EducatorLicenseQuerySet(VisibleQuerySet["EducatorLicense"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Their educator; the licensing officers of an authority that the educator has asked to decide on it."""
        if viewer.is_system:
            return everyone()
        own = Q(person_id=viewer.person_id) if viewer.person_id else nobody()
        offices = viewer.scopes("licensing officer", "organization")
        asked = Application.objects.visible_to(viewer).filter(license_id=OuterRef("pk"), authority__organization_id__in=offices)
        return own | Q(Exists(asked)) if offices else own

    def current(self) -> EducatorLicenseQuerySet:
        return self.filter(ended_on=None)


class EducatorLicense(models.Model):
    """One term of one license, as its educator entered it. The number is sealed with the site's secret; pages show its last four signs."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    jurisdiction = models.CharField(max_length=10)  # "us/mo"
    type = models.CharField(max_length=80)  # of the jurisdiction's license types
    number_sealed = models.TextField(blank=True)
    number_ending = models.CharField(max_length=4, blank=True)
    number_mark = models.CharField(max_length=64, blank=True)  # the same for the same number, and tells nothing of it
    holder = models.CharField(max_length=200, blank=True)  # the name on it, where it is not the educator's
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # none: it does not end
    entered_on = models.DateField()  # into the program or route; which version holds may depend on it
    renewals_used = models.PositiveSmallIntegerField(default=0)
    events = models.JSONField(default=dict)  # name -> day, e.g. {"orientation": "2017-09-12"}
    ended_on = models.DateField(null=True)  # given up or replaced before its time
    added_at = models.DateTimeField(default=clock.now)

    objects = EducatorLicenseQuerySet.as_manager()

    class Meta:
        verbose_name = "license"
        constraints = [
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="license_ends_after_start"),
            models.UniqueConstraint(
                fields=["person", "jurisdiction", "type", "valid_from"], condition=Q(ended_on=None), name="one_license_a_term"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "jurisdiction"]), models.Index(fields=["jurisdiction", "type"]),
            models.Index(fields=["jurisdiction", "number_mark"], condition=~Q(number_mark=""), name="licenses_by_number"),
        ]  # fmt: skip


class OfLicenseQuerySet(VisibleQuerySet[M]):
    """Rows that belong to a license are seen by whoever sees the license."""

    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(EducatorLicense.objects.visible_to(viewer).filter(pk=OuterRef("license_id"))))


class AlertSent(models.Model):
    """That an educator was reminded of the end of a license, so many days before."""

    id = IdField()
    license = models.ForeignKey(EducatorLicense, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    valid_to = models.DateField()
    sent_at = models.DateTimeField(default=clock.now)

    objects = OfLicenseQuerySet["AlertSent"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["license", "days", "valid_to"], name="alerted_once")]
