"""Rubrics: what a score sheet may say, and what two sheets decide. Not here: who scores what, and storing (apps.assessment)."""

from cairn.pure.rubrics.checking import TEXT_LIMIT, Problem, check
from cairn.pure.rubrics.deciding import EARNED, NOT_YET, Decided, Split, decide
from cairn.pure.rubrics.policies import POLICIES, TRIGGERS, Policy
from cairn.pure.rubrics.values import Mark, Scale, Sheet

__all__ = [
    "EARNED",
    "NOT_YET",
    "POLICIES",
    "TEXT_LIMIT",
    "TRIGGERS",
    "Decided",
    "Mark",
    "Policy",
    "Problem",
    "Scale",
    "Sheet",
    "Split",
    "check",
    "decide",
]
