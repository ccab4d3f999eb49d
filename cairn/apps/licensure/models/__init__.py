"""Rules as they were read, licenses, records, standings, approved lists and plans."""

from cairn.apps.licensure.models.licenses import AlertSent, EducatorLicense, EducatorProfile, OfLicenseQuerySet
from cairn.apps.licensure.models.plans import Goal, GrowthPlan, Planned
from cairn.apps.licensure.models.records import RecordDocument, RecordEntry
from cairn.apps.licensure.models.registry import ApprovedListing
from cairn.apps.licensure.models.rules import RuleFile, RuleSetVersion
from cairn.apps.licensure.models.standings import Standing, StandingRun

__all__ = [
    "AlertSent",
    "ApprovedListing",
    "EducatorLicense",
    "EducatorProfile",
    "Goal",
    "GrowthPlan",
    "OfLicenseQuerySet",
    "Planned",
    "RecordDocument",
    "RecordEntry",
    "RuleFile",
    "RuleSetVersion",
    "Standing",
    "StandingRun",
]
