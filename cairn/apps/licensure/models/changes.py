"""What a change of a rule would do, as an authority looks at it before it takes effect. Not here: computing it (queries.statewide)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.licensure.models.applications import Authority
from cairn.apps.licensure.models.licenses import EducatorLicense
from cairn.apps.licensure.states import TURNS
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone
from cairn.kernel import clock


class RuleChangeQuerySet(VisibleQuerySet["RuleChange"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The officers of the authority."""
        return everyone() if viewer.is_system else Q(authority__organization_id__in=viewer.scopes("licensing officer", "organization"))


class RuleChange(models.Model):
    """One version of a route in place of another, over everybody from whom it leads on; `counts` once that is computed."""

    id = IdField()
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    rules = models.CharField(max_length=160)  # the route: "us/mo/transition-administrator"
    before = models.DateField()  # from which day each version is effective
    after = models.DateField()
    text = models.TextField(blank=True)  # what the second version is read from, where it is not the shipped one
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    on = models.DateField(null=True)  # the day on which everybody was looked at
    counts = models.JSONField(default=dict)  # licenses, both, gained, lost, neither, and of these to judge

    objects = RuleChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "change of a rule"
        indexes = [models.Index(fields=["authority", "asked_at"])]


class ChangedLicenseQuerySet(VisibleQuerySet["ChangedLicense"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The officers, as long as they see the license itself: its educator has asked them, and has not taken that back."""
        if viewer.is_system:
            return everyone()
        change = RuleChange.objects.visible_to(viewer).filter(pk=OuterRef("change_id"))
        held = EducatorLicense.objects.visible_to(viewer).filter(pk=OuterRef("license_id")).exclude(person_id=viewer.person_id or "")
        return Q(Exists(change)) & Q(Exists(held))


class ChangedLicense(models.Model):
    """A license on which a change turns, of those whose educators had asked the authority; everybody else is counted."""

    id = IdField()
    change = models.ForeignKey(RuleChange, on_delete=models.PROTECT, related_name="licenses")
    license = models.ForeignKey(EducatorLicense, on_delete=models.PROTECT, related_name="+")
    turn = models.CharField(max_length=10, choices=list(TURNS.items()))
    lines = models.JSONField(default=list)  # on which it turns: title, citation, whether only the version before has it

    objects = ChangedLicenseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "license"], name="changed_once")]
        indexes = [models.Index(fields=["change", "turn"])]
