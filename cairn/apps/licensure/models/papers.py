"""A paper that somebody put beside what it shows. Not here: what it lies beside, and who reads it (records, claims)."""

from __future__ import annotations

from django.db import models

from cairn.frame.fields import IdField
from cairn.kernel import clock


class KeptPaper(models.Model):
    """A transcript, a certificate. Small, so that it is kept and backed up with its row."""

    id = IdField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4)  # "pdf", "png" or "jpeg"
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True
