"""What a program tells the public of itself: whom to ask, what it makes and how far that is, what it means to make.

Not here: who owns it (core), and how many seats are open, which the board reads from the offerings themselves.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cairn.apps.programs.models.core import Program
from cairn.apps.programs.states import STAGES, TARGETS
from cairn.frame.fields import IdField
from cairn.frame.querysets import PublicQuerySet


class Contact(models.Model):
    """Whom to ask about what. Public, so a name or a desk stands here because whoever bears it wants that."""

    id = IdField()
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=80)  # "Pilot coordinator", in the program's own words
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    order = models.PositiveIntegerField(default=0)

    objects = PublicQuerySet["Contact"].as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="a_contact_can_be_reached")]


class Listing(models.Model):
    """A line of the status board. With its micro-credential, offerings say how it stands; without, what was stated does."""

    id = IdField()
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    microcredential = models.ForeignKey("catalog.Microcredential", on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=160, blank=True)
    stage = models.CharField(max_length=12, choices=list(STAGES.items()), default="planned")
    stated = models.CharField(max_length=200, blank=True)  # the line's own words, where it came from a list
    begins_text = models.CharField(max_length=80, blank=True)  # "mid February", until a date is fixed
    order = models.PositiveIntegerField(default=0)
    flag = models.CharField(max_length=200, blank=True)  # what the editor should look at; nobody else is told

    objects = PublicQuerySet["Listing"].as_manager()

    class Meta:
        verbose_name = "line"
        constraints = [
            models.UniqueConstraint(fields=["program", "microcredential"], name="listed_once"),
            models.CheckConstraint(condition=~Q(title="") | ~Q(stated=""), name="a_line_says_something"),
        ]


class Target(models.Model):
    """How many a program says that it will make: shown where nothing can be counted yet, and beside what can."""

    id = IdField()
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=list(TARGETS.items()))
    count = models.PositiveIntegerField()

    objects = PublicQuerySet["Target"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "what"], name="one_target_each")]
