"""What must hold across all capabilities, every kind of fact that they declare, and programs in figures."""

from cairn.apps.reports.queries.checks import Finding, declared_events, integrity
from cairn.apps.reports.queries.journey import Desk, Funnel, Traveler, Way, desks, journey, way
from cairn.apps.reports.queries.numbers import Days, Line, Numbers, agreement_in, numbers, published, table_of

__all__ = [
    "Days",
    "Desk",
    "Finding",
    "Funnel",
    "Line",
    "Numbers",
    "Traveler",
    "Way",
    "agreement_in",
    "declared_events",
    "desks",
    "integrity",
    "journey",
    "numbers",
    "published",
    "table_of",
    "way",
]
