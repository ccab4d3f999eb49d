"""Teams that take part in an offering together, and who was asked to join. Not here: what they write together (portfolio)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.people import queries as people
from cairn.apps.programs.models.core import Offering, run_by
from cairn.apps.programs.states import TEAM_MODES
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock
from cairn.kernel.ids import Id


class TeamQuerySet(VisibleQuerySet["Team"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Its members; those who run the program."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(group_id__in=people.groups_of(viewer)) | Q(Exists(run_by(viewer).filter(pk=OuterRef("offering_id"))))

    def of(self, person_id: str) -> TeamQuerySet:
        """Those that a person is in now."""
        return self.filter(group_id__in=people.groups_of(Actor(person_id=Id(person_id))))


class Team(models.Model):
    """People who earn the same micro-credential together, each for themself. Whoever is in its group is a member."""

    id = IdField()
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("catalog.MicrocredentialVersion", on_delete=models.PROTECT, related_name="+")  # all have begun this one
    group = models.OneToOneField("people.Group", on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=12, choices=list(TEAM_MODES.items()))
    name = models.CharField(max_length=80)
    founder = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    formed_at = models.DateTimeField(default=clock.now)

    objects = TeamQuerySet.as_manager()


class TeamInvitationQuerySet(VisibleQuerySet["TeamInvitation"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever has confirmed its address; the team."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(address__in=people.confirmed_by(viewer.person_id)) | Q(team__group_id__in=people.groups_of(viewer))


class TeamInvitation(models.Model):
    """That whoever has an address is asked to join, until they answer or are no longer asked. Whether anybody has it is not told."""

    id = IdField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField()
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(default=False)  # and whoever has the address has not left since

    objects = TeamInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        constraints = [models.UniqueConstraint(fields=["team", "address"], condition=Q(ended_at=None), name="asked_to_a_team_once")]
