"""Which micro-credentials a body has approved, from when to when. Not here: what its approval counts for (pure.rules)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cairn.frame.fields import IdField
from cairn.frame.querysets import PublicQuerySet
from cairn.kernel import clock


class ApprovedListing(models.Model):
    """A micro-credential on a body's list. `body` is what rules call it in `approved_by`."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")  # who keeps the list
    body = models.SlugField(max_length=80)
    microcredential = models.ForeignKey("catalog.Microcredential", on_delete=models.PROTECT, related_name="+")
    approved_from = models.DateField()
    approved_until = models.DateField(null=True)  # the last day
    cite = models.CharField(max_length=300, blank=True)
    listed_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    listed_at = models.DateTimeField(default=clock.now)

    objects = PublicQuerySet["ApprovedListing"].as_manager()

    class Meta:
        verbose_name = "listing"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_until=None) | Q(approved_until__gte=F("approved_from")), name="listing_ends_after_start"
            ),
            models.UniqueConstraint(fields=["body", "microcredential"], condition=Q(approved_until=None), name="approved_once"),
        ]
        indexes = [models.Index(fields=["microcredential"])]
