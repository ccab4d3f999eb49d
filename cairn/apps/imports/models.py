"""Files of rows on their way in: read, judged row by row, confirmed, taken in. Not here: what the rows become (capabilities above)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.imports.states import IMPORT, OUTCOMES, WRITES
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class ImportQuerySet(VisibleQuerySet["Import"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever chose the file, and admins of the organization that it is for."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(person_id=viewer.person_id) | Q(organization_id__in=viewer.scopes("organization admin", "organization"))


class Import(models.Model):
    """One file for one purpose. `about` is the id of what it is for, `page` the address of that thing's page."""

    id = IdField()
    kind = models.CharField(max_length=30)
    about = models.CharField(max_length=80)
    title = models.CharField(max_length=200)  # "Roster of Spring pilot"
    page = models.CharField(max_length=200)
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")  # none: the command line
    state = models.CharField(max_length=10, choices=IMPORT.choices, default=IMPORT.initial)
    name = models.CharField(max_length=200)  # of the file
    sha256 = models.CharField(max_length=64)
    how = models.CharField(max_length=200)  # it was read
    ignored = models.JSONField(default=list)  # headings that nobody asked for
    options = models.JSONField(default=dict)  # what was chosen besides the file
    found = models.PositiveIntegerField(null=True)  # rows, as soon as they are known of a file that is being read
    unread = models.TextField(blank=True)  # why it could not be read
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "about", "state"]), models.Index(fields=["state", "read_at"])]

    @property
    def writes(self) -> int:
        """Rows that change something."""
        return self.new + self.changed

    @property
    def total(self) -> int:
        return self.writes + self.unchanged + self.refused


class HeldFileQuerySet(VisibleQuerySet["HeldFile"]):
    def seen_by(self, viewer: Actor) -> Q:
        return everyone() if viewer.is_system else nobody()


class HeldFile(models.Model):
    """A long file until it is read: its bytes, how to read them (tables.Unread), and the command that judges its rows."""

    source = models.OneToOneField(Import, primary_key=True, on_delete=models.CASCADE, related_name="+")
    content = models.BinaryField()
    how = models.JSONField()
    command = models.CharField(max_length=80)
    given = models.JSONField()

    objects = HeldFileQuerySet.as_manager()


class ImportRowQuerySet(VisibleQuerySet["ImportRow"]):
    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(Import.objects.visible_to(viewer).filter(pk=OuterRef("source_id"))))

    def to_write(self) -> ImportRowQuerySet:
        """Those that change something and have not done so yet, in the order of the file."""
        return self.filter(outcome__in=WRITES, is_taken=False).order_by("line", "pk")


class ImportRow(models.Model):
    """What was found in a line, and what becomes of it. The cells are erased when the import ends."""

    id = IdField()
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=list(OUTCOMES.items()))
    cells = models.JSONField()
    column = models.CharField(max_length=200, blank=True)
    why = models.TextField(blank=True)  # what changes, or why not and what to do
    is_taken = models.BooleanField(default=False)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["source", "outcome", "line"]),
            models.Index(fields=["source", "line", "id"], condition=Q(is_taken=False), name="rows_not_taken"),
        ]
