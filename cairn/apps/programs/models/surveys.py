"""Surveys before and after, what people answered, and who agreed to research. Not here: figures (pure.surveys) and who may ask (policy)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.programs.models.core import Enrollment, Offering, Program
from cairn.apps.programs.states import ROUND_KINDS, SURVEY_ROUND
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


class SurveyQuerySet(VisibleQuerySet["Survey"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Those who run the program, and whoever is or was at work in what it asks about."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        runs = Enrollment.objects.filter(person_id=viewer.person_id, offering__program=OuterRef("program"))
        its_own = runs.filter(Q(offering=OuterRef("offering")))
        asked = Q(Exists(runs), offering=None) | Q(Exists(its_own))
        return Q(program__in=Program.objects.run_by(viewer)) | asked


class Survey(models.Model):
    """What a program asks its participants. `content` holds the scales and questions as they were when it was made: they never change."""

    id = IdField()
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=160)
    content = models.JSONField()  # {"scales": [as in data/surveys], "questions": [{"key", "text"}]}
    irb_number = models.CharField(max_length=60, blank=True)  # without one nobody is asked about research
    consent_text = models.TextField(blank=True)
    themes = models.JSONField(default=list)  # what open answers may be read as, set by those who read them
    created_at = models.DateTimeField(default=clock.now)

    objects = SurveyQuerySet.as_manager()


class SurveyRoundQuerySet(VisibleQuerySet["SurveyRound"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever sees the survey."""
        return Q(Exists(Survey.objects.visible_to(viewer).filter(pk=OuterRef("survey_id"))))


class SurveyRound(models.Model):
    """One time of asking: before or after."""

    id = IdField()
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="rounds")
    kind = models.CharField(max_length=6, choices=list(ROUND_KINDS.items()))
    state = models.CharField(max_length=10, choices=SURVEY_ROUND.choices, default=SURVEY_ROUND.initial)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = SurveyRoundQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "kind"], name="one_round_of_a_kind")]


class SurveyResponseQuerySet(VisibleQuerySet["SurveyResponse"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever answered, and nobody else: those who run the program read figures, and words without names."""
        if viewer.is_system:
            return everyone()
        return Q(person_id=viewer.person_id) if viewer.person_id else nobody()


class SurveyResponse(models.Model):
    """One person's answers in one round. `code` is the same in both rounds and says nothing; imported answers have no person."""

    id = IdField()
    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="responses")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)  # item -> step
    words = models.JSONField(default=dict)  # question -> text
    revisions = models.JSONField(default=dict)  # field -> how often it was saved
    saved_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True)

    objects = SurveyResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], condition=Q(person__isnull=False), name="one_response_a_round"),
            models.UniqueConstraint(fields=["round", "code"], name="one_code_a_round"),
        ]


class ConsentQuerySet(VisibleQuerySet["ResearchConsent"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Whoever was asked, and nobody else: a program cannot see who said no."""
        if viewer.is_system:
            return everyone()
        return Q(person_id=viewer.person_id) if viewer.person_id else nobody()


class ResearchConsent(models.Model):
    """A person lets a study use their answers under a code: apart from taking part, and withdrawn whenever they like."""

    id = IdField()
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    irb_number = models.CharField(max_length=60)
    text = models.TextField()  # what they agreed to, as they read it
    agreed_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "person"], condition=Q(withdrawn_at=None), name="one_consent_in_force"),
        ]


class ThemeReadingQuerySet(VisibleQuerySet["ThemeReading"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Those who run the program."""
        if viewer.is_system:
            return everyone()
        return Q(Exists(Survey.objects.filter(pk=OuterRef("response__round__survey"), program__in=Program.objects.run_by(viewer))))


class ThemeReading(models.Model):
    """What one reader found in one open answer: any number of themes, or none."""

    id = IdField()
    response = models.ForeignKey(SurveyResponse, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=80)
    reader = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    themes = models.JSONField(default=list)
    read_at = models.DateTimeField(default=clock.now)

    objects = ThemeReadingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "question", "reader"], name="one_reading_each")]
