"""Organizations that ask to come in. Not here: what they run once they are (core)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cairn.apps.programs.models.core import Program
from cairn.apps.programs.states import JOINING
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class JoiningQuerySet(VisibleQuerySet["Joining"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever asked, operators, and admins of those who own the program that is named."""
        if viewer.is_system or viewer.holds("operator"):
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(person_id=viewer.person_id) | Q(program__in=Program.objects.owned_by(viewer))


class Joining(models.Model):
    """An organization that asks to come in, as somebody of it says. Nobody else sees anything of it before it is accepted."""

    id = IdField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")  # who asks, and looks after it once accepted
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=20)
    jurisdiction = models.CharField(max_length=10, blank=True)  # "us-mo"
    website = models.URLField(max_length=200, blank=True)
    contact = models.CharField(max_length=160)  # who answers questions, and how
    wishes = models.TextField()  # what it wants to run
    program = models.ForeignKey(Program, on_delete=models.PROTECT, null=True, related_name="+")  # that it wants to take part in
    state = models.CharField(max_length=8, choices=JOINING.choices, default=JOINING.initial)
    asked_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)  # why not, as whoever asked is told
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, null=True, related_name="+")

    objects = JoiningQuerySet.as_manager()

    class Meta:
        verbose_name = "request to join"
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], condition=Q(state="asked"), name="asked_once_at_a_time"),
            models.CheckConstraint(condition=~Q(state="accepted") | ~Q(organization=None), name="who_came_in_is_there"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="who_declines_says_why"),
        ]
        indexes = [models.Index(fields=["state", "asked_at"])]
