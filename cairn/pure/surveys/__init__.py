"""Surveys and program figures: scales, change, reliability, shares, what may be shown. Not here: asking and storing (apps.programs)."""

from cairn.pure.surveys.agreement import exact_agreement
from cairn.pure.surveys.changes import Change, paired_change, share_changed
from cairn.pure.surveys.proportions import ENOUGH, Share, wilson
from cairn.pure.surveys.reliability import Alpha, alpha
from cairn.pure.surveys.scales import Answers, Item, Scale, read_scale, reverse, score, scored
from cairn.pure.surveys.suppression import FLOOR, Cells, is_small, shown_share, suppressed
from cairn.pure.surveys.survival import Step, completion_curve, shown_curve

__all__ = [
    "ENOUGH",
    "FLOOR",
    "Alpha",
    "Answers",
    "Cells",
    "Change",
    "Item",
    "Scale",
    "Share",
    "Step",
    "alpha",
    "completion_curve",
    "exact_agreement",
    "is_small",
    "paired_change",
    "read_scale",
    "reverse",
    "score",
    "scored",
    "share_changed",
    "shown_curve",
    "shown_share",
    "suppressed",
    "wilson",
]
