"""The only readers of programs for others."""

from cairn.apps.programs.models import Enrollment
from cairn.apps.programs.queries.core import (
    clock_for,
    enrolled_notice,
    enrollment,
    enrollments_in,
    my_enrollment,
    my_enrollments,
    object_to_merging,
    offering,
    offerings,
    offerings_in,
    program,
    programs,
    pursuers,
    running,
)

__all__ = [
    "Enrollment",
    "clock_for",
    "enrolled_notice",
    "enrollment",
    "enrollments_in",
    "my_enrollment",
    "my_enrollments",
    "object_to_merging",
    "offering",
    "offerings",
    "offerings_in",
    "program",
    "programs",
    "pursuers",
    "running",
]
