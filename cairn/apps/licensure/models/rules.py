"""Rule sets as they were read, kept for ever so that a past decision can be recomputed. Not here: what they say (pure.rules)."""

from __future__ import annotations

from django.db import models

from cairn.frame.fields import IdField
from cairn.frame.querysets import PublicQuerySet
from cairn.kernel import clock


class RuleFile(models.Model):
    """The exact text of a file of rules, licenses or a schedule, at the moment it was first read."""

    id = IdField()
    path = models.CharField(max_length=160)  # "us/mo/career-administrator"
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    loaded_at = models.DateTimeField(default=clock.now)

    objects = PublicQuerySet["RuleFile"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["path", "sha256"], name="rule_file_kept_once")]


class RuleSetVersion(models.Model):
    """One dated version of one route: the hash stands in every standing and determination that was computed from it."""

    id = IdField()
    slug = models.CharField(max_length=160)  # "us/mo/career-administrator"
    hash = models.CharField(max_length=64)
    effective = models.DateField()
    status = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    file = models.ForeignKey(RuleFile, on_delete=models.PROTECT, related_name="+")
    licenses = models.ForeignKey(
        RuleFile, on_delete=models.PROTECT, null=True, related_name="+"
    )  # license types and calendar it was read with
    loaded_at = models.DateTimeField(default=clock.now)

    objects = PublicQuerySet["RuleSetVersion"].as_manager()

    class Meta:
        verbose_name = "rule set version"
        constraints = [models.UniqueConstraint(fields=["slug", "hash"], name="rule_version_kept_once")]
