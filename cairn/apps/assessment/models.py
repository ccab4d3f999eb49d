"""Cases, score sheets, scores and decisions. Not here: evidence (portfolio), statistics of agreement."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cairn.apps.assessment.states import CASE, OUTCOMES, PRECHECK, SHEET, SHEET_KINDS
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.frame.fields import IdField
from cairn.frame.querysets import InternalQuerySet, VisibleQuerySet, everyone, nobody
from cairn.kernel import clock


def _in_charge(viewer: Actor, role: str) -> Q:
    """Cases within the scopes of a role that the viewer holds."""
    organizations = viewer.scopes(role, "organization")
    return (
        Q(microcredential_id__in=viewer.scopes(role, "microcredential"))
        | Q(program_id__in=viewer.scopes(role, "program"))
        | Q(organization_id__in=organizations)
        | Q(issuer_id__in=organizations)
    )


class CaseQuerySet(VisibleQuerySet["Case"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Lead assessors of its scope, never of their own work; its assessors reach it through their sheet."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return _in_charge(viewer, "lead assessor") & ~Q(person_id=viewer.person_id)


class Case(models.Model):
    """One submitted attempt on its way to a decision."""

    id = IdField()
    submission = models.OneToOneField("portfolio.Submission", on_delete=models.PROTECT, related_name="+")
    enrollment = models.ForeignKey("programs.Enrollment", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("catalog.MicrocredentialVersion", on_delete=models.PROTECT, related_name="+")
    microcredential = models.ForeignKey("catalog.Microcredential", on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey("programs.Program", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    issuer = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField()
    open_details = models.JSONField()
    carried = models.JSONField(default=dict)  # detail -> level, from earlier attempts
    state = models.CharField(max_length=12, choices=CASE.choices, default=CASE.initial)
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    told_late_at = models.DateTimeField(null=True)  # when its educator was told that it takes longer than was said

    objects = CaseQuerySet.as_manager()


class PrecheckQuerySet(VisibleQuerySet["Precheck"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Those who run the program, but for their own work. None of it shows what the educator wrote."""
        if viewer.is_system:
            return everyone()
        return Q(program__in=programs.run_programs(viewer)) & ~Q(person_id=viewer.person_id) if viewer.person_id else nobody()


class Precheck(models.Model):
    """Whether a submission is whole, by the next business day, before assessors are asked. Whether it is good is theirs to say."""

    id = IdField()
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey("programs.Program", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")  # whose work it is
    state = models.CharField(max_length=8, choices=PRECHECK.choices, default=PRECHECK.initial)
    asked_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    missing = models.CharField(max_length=1000, blank=True)  # as the educator is told

    objects = PrecheckQuerySet.as_manager()

    class Meta:
        verbose_name = "pre-check"
        constraints = [
            models.CheckConstraint(condition=~Q(state="returned") | ~Q(missing=""), name="who_gives_back_says_why"),
            models.CheckConstraint(condition=Q(state="open") | ~Q(settled_at=None), name="a_settled_check_has_its_day"),
        ]
        indexes = [models.Index(fields=["program", "state", "due_at"])]


class Recusal(models.Model):
    """Somebody who had a say in a micro-credential before it could be earned, and so never scores it."""

    id = IdField()
    microcredential = models.ForeignKey("catalog.Microcredential", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = InternalQuerySet["Recusal"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["microcredential", "person"], name="recused_once")]


class TeamScore(models.Model):
    """A detail that a team shows together, in one member's case. It is scored in the `first` case with that evidence, and nowhere else."""

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("programs.Team", on_delete=models.PROTECT, related_name="+")
    detail = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)  # stands for all that is read for the detail
    first = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    is_first = models.BooleanField(default=False)

    objects = InternalQuerySet["TeamScore"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "detail"], name="one_team_score_per_detail"),
            models.UniqueConstraint(fields=["team", "detail", "digest"], condition=Q(is_first=True), name="same_evidence_scored_once"),
        ]


class ClosedDayQuerySet(VisibleQuerySet["ClosedDay"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Admins and coordinators of the organization."""
        if viewer.is_system:
            return everyone()
        mine = viewer.scopes("organization admin", "organization") | viewer.scopes("coordinator", "organization")
        return Q(organization_id__in=mine) if mine else nobody()


class ClosedDay(models.Model):
    """A weekday on which nobody scores for an organization, so that no business day is counted."""

    id = IdField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    title = models.CharField(max_length=80)

    objects = ClosedDayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "day"], name="closed_once_a_day")]


class SheetQuerySet(VisibleQuerySet["ScoreSheet"]):
    def seen_by(self, viewer: Actor) -> Q:
        """Its assessor. A lead reads the readers' sheets only through queries that check that the own one is locked."""
        if viewer.is_system:
            return everyone()
        return Q(assessor_id=viewer.person_id) & ~Q(state="stepped_aside") if viewer.person_id else nobody()


class ScoreSheet(models.Model):
    """A case given to one assessor under a code name, and what they say of it."""

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sheets")
    assessor = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=list(SHEET_KINDS.items()))
    state = models.CharField(max_length=14, choices=SHEET.choices, default=SHEET.initial)
    code_name = models.CharField(max_length=30, unique=True)
    assigned_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = "score sheet"
        constraints = [
            models.UniqueConstraint(fields=["case", "assessor"], name="one_sheet_per_assessor"),
            models.UniqueConstraint(fields=["case"], condition=Q(kind="lead") & ~Q(state="stepped_aside"), name="one_lead_per_case"),
        ]
        indexes = [models.Index(fields=["assessor", "state"])]


class ScoreQuerySet(VisibleQuerySet["Score"]):
    def seen_by(self, viewer: Actor) -> Q:
        return Q(Exists(ScoreSheet.objects.visible_to(viewer).filter(pk=OuterRef("sheet_id"))))


class Score(models.Model):
    """One outcome detail on one sheet. A trigger refuses changes once the sheet is locked."""

    id = IdField()
    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, related_name="scores")
    detail = models.CharField(max_length=20)
    level = models.CharField(max_length=40, blank=True)
    rationale = models.TextField(blank=True)  # what was seen and where, for the educator
    advice = models.TextField(blank=True)  # what would show it, asked for below the bar
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=clock.now)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "detail"], name="one_score_per_detail")]


class DecisionQuerySet(VisibleQuerySet["Decision"]):
    def seen_by(self, viewer: Actor) -> Q:
        """The educator; lead assessors of its scope."""
        if viewer.is_system:
            return everyone()
        if not viewer.person_id:
            return nobody()
        return Q(person_id=viewer.person_id) | Q(Exists(Case.objects.visible_to(viewer).filter(pk=OuterRef("case_id"))))


class Decision(models.Model):
    """What a case came to, with the sheets that counted and why. Insert-only."""

    id = IdField()
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision")
    enrollment = models.ForeignKey("programs.Enrollment", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("catalog.MicrocredentialVersion", on_delete=models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=list(OUTCOMES.items()))
    levels = models.JSONField()  # detail -> final level, carried ones included
    reopened = models.JSONField()
    sheets = models.JSONField()  # ids of the sheets that counted
    trace = models.JSONField()
    decided_at = models.DateTimeField(default=clock.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrollment"], condition=Q(outcome="earned"), name="earned_once"),
        ]


class SavedComment(models.Model):
    """A sentence that an assessor uses often: their own comment bank."""

    id = IdField()
    assessor = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)

    class Visible(VisibleQuerySet["SavedComment"]):
        def seen_by(self, viewer: Actor) -> Q:
            return Q(assessor_id=viewer.person_id) if viewer.person_id else nobody()

    objects = Visible.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessor", "text"], name="comment_kept_once")]
