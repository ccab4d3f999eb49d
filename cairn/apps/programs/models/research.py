"""A program's research log: what was read for it, who was asked, and where somebody went. Not here: surveys of those who take part."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.programs.models.core import Enrollment, Program
from cairn.apps.programs.states import RESEARCH_KINDS
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock

FIRST_DAY = date(1900, 1, 1)


def taking_part(viewer: Actor) -> models.QuerySet[Enrollment]:
    """The viewer's runs, but for those that they left."""
    return Enrollment.objects.filter(person_id=viewer.person_id).exclude(state="withdrawn")


class ResearchEntryQuerySet(VisibleQuerySet["ResearchEntry"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Those who run the program, and those who take part in it."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        takes_part = taking_part(viewer).filter(offering__program_id=OuterRef("program_id"))
        return Q(Exists(takes_part)) | Q(program__in=Program.objects.run_by(viewer))


class ResearchEntry(models.Model):
    """One thing that was read, one consultation, or one visit, and what was learned by it."""

    id = IdField()
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")  # who entered it
    kind = models.CharField(max_length=12, choices=list(RESEARCH_KINDS.items()))
    day = models.DateField()  # when it was read, or took place
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=160, blank=True)  # where it was, or who published it
    link = models.URLField(max_length=500, blank=True)
    learned = models.TextField()
    entered_at = models.DateTimeField(default=clock.now)

    objects = ResearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "entry of the research log"
        constraints = [
            models.CheckConstraint(condition=Q(day__gte=FIRST_DAY), name="research_is_dated"),
            models.CheckConstraint(condition=~Q(kind="visit") | ~Q(place=""), name="a_visit_has_a_place"),
        ]
        indexes = [models.Index(fields=["program", "-day"])]
