"""Who belongs to which association, from when to when."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class MembershipQuerySet(VisibleQuerySet["Membership"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The member; admins of the association."""
        if viewer.is_system:
            return everyone()
        own = viewer.scopes("organization admin", "organization")
        return Q(person_id=viewer.person_id) | Q(organization_id__in=own) if viewer.person_id else nobody()

    def on(self, day: date) -> MembershipQuerySet:
        """Those that hold on a day; the last one is a member's day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class Membership(models.Model):
    """One term of a membership; a renewal after a lapse is another."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")  # the association
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, blank=True)  # by which the association knows its member
    email = models.EmailField(blank=True)  # as the association has it, lower case
    tier = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # its last day
    entered_at = models.DateTimeField(default=clock.now)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="membership_ends_after_start"),
            models.UniqueConstraint(fields=["organization", "number", "valid_from"], condition=~Q(number=""), name="one_term_per_number"),
            models.UniqueConstraint(fields=["organization", "person", "valid_from"], name="one_term_per_person"),
        ]
        indexes = [models.Index(fields=["person"]), models.Index(fields=["email"])]
