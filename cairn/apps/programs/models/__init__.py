"""Programs, what they offer, who asks for a place, when they meet, and whose clock runs to when."""

from cairn.apps.programs.models.clock import Extension, Reminder
from cairn.apps.programs.models.core import Enrollment, EnrollmentQuerySet, Offering, Program
from cairn.apps.programs.models.meetings import Attendance, Meeting, MeetingTime
from cairn.apps.programs.models.seats import LIVE, Interest, Registration

__all__ = [
    "LIVE",
    "Attendance",
    "Enrollment",
    "EnrollmentQuerySet",
    "Extension",
    "Interest",
    "Meeting",
    "MeetingTime",
    "Offering",
    "Program",
    "Registration",
    "Reminder",
]
