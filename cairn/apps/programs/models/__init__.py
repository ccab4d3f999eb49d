"""Programs, what they offer, who asks for a place, when they meet, and whose clock runs to when."""

from cairn.apps.programs.models.board import Contact, Listing, Target
from cairn.apps.programs.models.clock import Extension, Reminder
from cairn.apps.programs.models.core import Enrollment, EnrollmentQuerySet, Offering, Ownership, Program
from cairn.apps.programs.models.joining import Joining
from cairn.apps.programs.models.meetings import Attendance, Caller, Meeting, MeetingTime
from cairn.apps.programs.models.records import ProgramRecord
from cairn.apps.programs.models.research import ResearchEntry, taking_part
from cairn.apps.programs.models.reviews import BoardVote, DeveloperFeedback, LaunchReview
from cairn.apps.programs.models.seats import LIVE, Interest, Registration
from cairn.apps.programs.models.surveys import ResearchConsent, Survey, SurveyResponse, SurveyRound, SurveyRoundQuerySet, ThemeReading
from cairn.apps.programs.models.teams import Team, TeamInvitation

__all__ = [
    "LIVE",
    "Attendance",
    "BoardVote",
    "Caller",
    "Contact",
    "DeveloperFeedback",
    "Enrollment",
    "EnrollmentQuerySet",
    "Extension",
    "Interest",
    "Joining",
    "LaunchReview",
    "Listing",
    "Meeting",
    "MeetingTime",
    "Offering",
    "Ownership",
    "Program",
    "ProgramRecord",
    "Registration",
    "Reminder",
    "ResearchConsent",
    "ResearchEntry",
    "Survey",
    "SurveyResponse",
    "SurveyRound",
    "SurveyRoundQuerySet",
    "Target",
    "Team",
    "TeamInvitation",
    "ThemeReading",
    "taking_part",
]
