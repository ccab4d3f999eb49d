"""Programs, what they offer, and who is enrolled with which clock."""

from cairn.apps.programs.models.core import Enrollment, EnrollmentQuerySet, Offering, Program

__all__ = [
    "Enrollment",
    "EnrollmentQuerySet",
    "Offering",
    "Program",
]
