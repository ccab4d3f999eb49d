"""What was run before Cairn: one line for each person on a list that somebody kept. Not here: the figures made of them (reports)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cairn.apps.programs.models.core import Program
from cairn.apps.programs.states import LEAVING_REASONS, RECORD_ROUTES, RELICENSED
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone
from cairn.kernel import clock


class ProgramRecordQuerySet(VisibleQuerySet["ProgramRecord"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Those who run the program."""
        return everyone() if viewer.is_system else Q(program__in=Program.objects.run_by(viewer))


class ProgramRecord(models.Model):
    """A person, under a code, on one list: across lists nobody knows who is who. None: the list does not say."""

    id = IdField()
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=60)  # which list
    code = models.CharField(max_length=40)
    route = models.CharField(max_length=12, choices=list(RECORD_ROUTES.items()), blank=True)
    group = models.CharField(max_length=60, blank=True)  # by which figures may be shown apart: kind of school, district
    initiated_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)
    earned = models.PositiveSmallIntegerField(null=True)  # micro-credentials
    relicensed = models.CharField(max_length=3, choices=list(RELICENSED.items()), blank=True)
    submitted = models.PositiveSmallIntegerField(null=True)  # micro-credentials submitted at least once
    passed_first = models.PositiveSmallIntegerField(null=True)
    resubmitted = models.PositiveSmallIntegerField(null=True)
    passed_second = models.PositiveSmallIntegerField(null=True)
    left_because = models.CharField(max_length=10, choices=list(LEAVING_REASONS.items()), blank=True)
    entered_at = models.DateTimeField(default=clock.now)

    objects = ProgramRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "source", "code"], name="one_line_a_code"),
            models.CheckConstraint(
                condition=Q(passed_first=None) | Q(submitted=None) | Q(passed_first__lte=models.F("submitted")),
                name="passes_were_submitted",
            ),
            models.CheckConstraint(
                condition=Q(passed_second=None) | Q(resubmitted=None) | Q(passed_second__lte=models.F("resubmitted")),
                name="second_passes_were_resubmitted",
            ),
        ]
