"""Letters: every e-mail that Cairn writes, kept so that it is sent once and can be read in the product."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cairn.apps.comms.states import LETTER
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class LetterQuerySet(VisibleQuerySet["Letter"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Your own. Not an operator's to read: sign-in links are among them."""
        if viewer.is_system:
            return everyone()
        return Q(person_id=viewer.person_id) if viewer.person_id else nobody()


class Letter(models.Model):
    id = IdField()
    kind = models.CharField(max_length=80)  # the event that it tells of, or the sign-in message
    cause = models.CharField(max_length=20, blank=True)  # uid of the fact that it tells of
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=LETTER.choices, default=LETTER.initial)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause", "kind", "address"], condition=~Q(cause=""), name="told_once"),
        ]
        indexes = [models.Index(fields=["person", "created_at"])]
