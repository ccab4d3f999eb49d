"""Applications to a state's officers, what they were told, and what was determined. Not here: what a rule computes (pure.rules)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cairn.apps.licensure.states import APPLICATION, BASES, OUTCOMES, STEPS
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import M, PublicQuerySet, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class Authority(models.Model):
    """Who decides on the licenses of a jurisdiction, and how: anyone may read it."""

    id = IdField()
    jurisdiction = models.CharField(max_length=10, unique=True)  # "us/mo"
    organization = models.OneToOneField("people.Organization", on_delete=models.PROTECT, related_name="+")
    signatures = models.PositiveSmallIntegerField(default=1)  # officers who sign a determination
    answer_days = models.PositiveSmallIntegerField(default=10)  # business days
    appeal = models.CharField(max_length=500, blank=True)  # where a determination may be appealed, as the educator reads it

    objects = PublicQuerySet["Authority"].as_manager()

    class Meta:
        verbose_name_plural = "authorities"
        constraints = [
            models.CheckConstraint(condition=Q(signatures__range=(1, 2)), name="one_or_two_sign"),
            models.CheckConstraint(condition=Q(answer_days__range=(1, 120)), name="applications_are_answered"),
        ]


class ApplicationQuerySet(VisibleQuerySet["Application"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The educator, and the officers of the authority unless it was taken back before they decided."""
        if viewer.is_system:
            return everyone()
        own = Q(person_id=viewer.person_id) if viewer.person_id else nobody()
        offices = viewer.scopes("licensing officer", "organization")
        return own | (Q(authority__organization_id__in=offices) & ~Q(state="withdrawn") & ~Q(person_id=viewer.person_id or ""))

    def open(self) -> ApplicationQuerySet:
        return self.exclude(state__in=APPLICATION_ENDS)


APPLICATION_ENDS = tuple(state for state, moves in APPLICATION.moves.items() if not moves)


class Application(models.Model):
    """An educator asks an authority to decide on a route, and so opens what counts for it to the authority's officers."""

    id = IdField()
    license = models.ForeignKey("licensure.EducatorLicense", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    rules = models.CharField(max_length=160)  # the route: "us/mo/transition-administrator"
    state = models.CharField(max_length=12, choices=APPLICATION.choices, default=APPLICATION.initial)
    asked_at = models.DateTimeField(default=clock.now)
    due_on = models.DateField()  # last day of the answer
    until = models.DateField(null=True)  # while it is returned: by when the educator is asked to answer

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["license", "rules"], condition=~Q(state__in=APPLICATION_ENDS), name="one_open_application")
        ]
        indexes = [models.Index(fields=["authority", "state"])]


class OfApplicationQuerySet(VisibleQuerySet[M]):
    """Rows that belong to an application are seen by whoever sees the application."""

    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(Application.objects.visible_to(viewer).filter(pk=OuterRef("application_id"))))


class Snapshot(models.Model):
    """All that an officer's decision rests on, as it stood when the educator asked or answered: recomputed exactly at any later time."""

    id = IdField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="snapshots")
    on = models.DateField()
    version = models.ForeignKey("licensure.RuleSetVersion", on_delete=models.PROTECT, related_name="+")
    record = models.JSONField()  # pure.rules: the record as data
    result = models.JSONField()  # pure.rules: to_json of the standing
    made_at = models.DateTimeField(default=clock.now)

    objects = OfApplicationQuerySet["Snapshot"].as_manager()


class Step(models.Model):
    """What somebody said on the way of an application: kept in order, never edited."""

    id = IdField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=list(STEPS.items()))
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)
    to = models.CharField(max_length=120, blank=True)  # whom it was referred to
    made_at = models.DateTimeField(default=clock.now)

    objects = OfApplicationQuerySet["Step"].as_manager()


class Determination(models.Model):
    """What officers signed: the outcome, on what basis, why. Where two must sign, it holds once `signed_at` is set."""

    id = IdField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="determinations")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=list(OUTCOMES.items()))
    basis = models.CharField(max_length=10, choices=list(BASES.items()))
    lines = models.JSONField(default=list)  # ids of the lines that were judged, or excepted
    reason = models.TextField()
    first_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField(default=clock.now)
    second_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    is_set_aside = models.BooleanField(default=False)  # the second officer did not agree

    objects = OfApplicationQuerySet["Determination"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(second_by=None) | ~Q(second_by=F("first_by")), name="two_persons_sign"),
            models.UniqueConstraint(fields=["application"], condition=Q(signed_at__isnull=False), name="determined_once"),
        ]
