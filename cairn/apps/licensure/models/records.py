"""What is known about an educator: one row for each thing that a rule may count. Not here: whether a rule counts it (pure.rules)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cairn.apps.licensure.models.applications import Application
from cairn.apps.licensure.models.papers import KeptPaper
from cairn.apps.licensure.states import ENTRY, ENTRY_KINDS, ENTRY_SOURCES
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock

# What educators enter themselves counts once it is done, on its last day; but these run out after that day.
OWN, RUNS_OUT = ("own word", "document"), ("approval", "attribute")


class RecordEntryQuerySet(VisibleQuerySet["RecordEntry"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Its educator; whoever is asked to verify it; the licensing officers whom the educator has asked to decide."""
        if viewer.is_system:
            return everyone()
        own = Q(person_id=viewer.person_id) if viewer.person_id else nobody()
        officers = viewer.scopes("licensing officer", "organization")
        asked = Q(asked_id__in=viewer.scopes("organization admin", "organization") | officers)
        applied = Application.objects.visible_to(viewer).filter(person=OuterRef("person_id"), authority__organization_id__in=officers)
        return own | asked | Q(Exists(applied)) if officers else own | asked

    def counting(self) -> RecordEntryQuerySet:
        """What a rule may count, and what it says of entries that were taken back; own words wait until they are verified."""
        return self.filter(state="verified")


class RecordEntry(models.Model):
    """A micro-credential, hours, credit, a degree, a year of experience... with its days and where it comes from."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=list(ENTRY_KINDS.items()))
    title = models.CharField(max_length=200)
    holder = models.CharField(max_length=200, blank=True)  # the name on its document, where it is not the educator's
    on = models.DateField()
    until = models.DateField(null=True)  # last day of what lasts: a year of experience, or an approval
    at = models.DateTimeField(null=True)  # the moment, where it is known: its day depends on the jurisdiction's calendar
    submitted_on = models.DateField(null=True)
    submitted_at = models.DateTimeField(null=True)
    amount = models.DecimalField(max_digits=9, decimal_places=2, default=1)
    unit = models.CharField(max_length=20, blank=True)
    fields = models.JSONField(default=dict)  # what filters of rules ask for: key, stack, level, role, rating...
    revoked_at = models.DateTimeField(null=True)
    suspended = models.JSONField(default=list)  # [from, to or null] of times when it does not count
    source = models.CharField(max_length=12, choices=list(ENTRY_SOURCES.items()))
    source_id = models.CharField(max_length=20, blank=True)  # the credential, claim or import
    state = models.CharField(max_length=10, choices=ENTRY.choices, default=ENTRY.initial)
    asked = models.ForeignKey("people.Organization", on_delete=models.PROTECT, null=True, related_name="+")  # to verify it
    verified_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)  # when it was verified or declined
    reason = models.CharField(max_length=500, blank=True)  # why it was declined
    entered_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = RecordEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "entry"
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("on")), name="entry_ends_after_start"),
            models.UniqueConstraint(fields=["source", "source_id"], condition=~Q(source_id=""), name="one_entry_a_source"),
        ]
        indexes = [models.Index(fields=["person", "kind"]), models.Index(fields=["asked", "state"])]

    @property
    def is_done_by_its_end(self) -> bool:
        """Whether its last day is the one on which it was done, such as a year of experience, and not the one after which it runs out."""
        return self.until is not None and self.source in OWN and self.kind not in RUNS_OUT

    @property
    def done_on(self) -> date:
        return self.until if self.until is not None and self.is_done_by_its_end else self.on

    @property
    def runs_until(self) -> date | None:
        return None if self.is_done_by_its_end else self.until


class RecordDocumentQuerySet(VisibleQuerySet["RecordDocument"]):
    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(RecordEntry.objects.visible_to(viewer).filter(pk=OuterRef("entry_id"))))


class RecordDocument(KeptPaper):
    """The paper behind an entry."""

    entry = models.ForeignKey(RecordEntry, on_delete=models.PROTECT, related_name="documents")

    objects = RecordDocumentQuerySet.as_manager()
