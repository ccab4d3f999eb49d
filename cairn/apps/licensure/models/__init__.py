"""Rules as they were read, licenses, records, standings, approved lists and plans."""

from cairn.apps.licensure.models.applications import APPLICATION_ENDS, Application, Authority, Determination, Snapshot, Step
from cairn.apps.licensure.models.changes import ChangedLicense, RuleChange
from cairn.apps.licensure.models.claims import CLAIMED, Claim, ClaimPaper, ClaimVote, CreditAward, Election
from cairn.apps.licensure.models.licenses import AlertSent, EducatorLicense, EducatorProfile, OfLicenseQuerySet
from cairn.apps.licensure.models.plans import Goal, GrowthPlan, Planned
from cairn.apps.licensure.models.proposals import Proposal, ProposalRound, ProposalVote
from cairn.apps.licensure.models.recognizers import PriorApproval, Recognizer, ScheduleVersion
from cairn.apps.licensure.models.records import RecordDocument, RecordEntry
from cairn.apps.licensure.models.registry import ApprovedListing
from cairn.apps.licensure.models.rules import RuleFile, RuleSetVersion
from cairn.apps.licensure.models.standings import Standing, StandingRun

__all__ = [
    "APPLICATION_ENDS",
    "CLAIMED",
    "AlertSent",
    "Application",
    "ApprovedListing",
    "Authority",
    "ChangedLicense",
    "Claim",
    "ClaimPaper",
    "ClaimVote",
    "CreditAward",
    "Determination",
    "EducatorLicense",
    "EducatorProfile",
    "Election",
    "Goal",
    "GrowthPlan",
    "OfLicenseQuerySet",
    "Planned",
    "PriorApproval",
    "Proposal",
    "ProposalRound",
    "ProposalVote",
    "Recognizer",
    "RecordDocument",
    "RecordEntry",
    "RuleChange",
    "RuleFile",
    "RuleSetVersion",
    "ScheduleVersion",
    "Snapshot",
    "Standing",
    "StandingRun",
    "Step",
]
