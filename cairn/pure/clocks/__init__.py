"""Clocks: deadlines, business days and how a moment is said. Not here: what time it is now (kernel.clock), which is passed in."""

from cairn.pure.clocks.deadlines import Due, business_days_after, due, end_of_day, revision_due
from cairn.pure.clocks.hours import moment_at, next_at, quiet_until
from cairn.pure.clocks.terms import Terms, read_terms
from cairn.pure.clocks.words import days_left, long_date, long_moment

__all__ = [
    "Due",
    "Terms",
    "business_days_after",
    "days_left",
    "due",
    "end_of_day",
    "long_date",
    "long_moment",
    "moment_at",
    "next_at",
    "quiet_until",
    "read_terms",
    "revision_due",
]
