"""What must hold across all capabilities: checking it, and every kind of fact that they declare."""

from cairn.apps.reports.queries.checks import Finding, declared_events, integrity

__all__ = ["Finding", "declared_events", "integrity"]
