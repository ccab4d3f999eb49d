"""License requirements as dated data: rule sets out of YAML, and where an educator's record stands under them on a day.

`parse` reads every file of every jurisdiction; `evaluate` decides. Python never names a state: what a state asks for, with its citations,
dates and cases, lies in cairn/data/licensure. Not here: what is stored of it (apps.licensure).
"""

from cairn.pure.rules.checking import Oddity, check_record, overlapping
from cairn.pure.rules.codec import from_json, record_from_json, to_json
from cairn.pure.rules.comparing import Turn, turns
from cairn.pure.rules.convert import convert, takes
from cairn.pure.rules.evaluate import evaluate, evaluate_version
from cairn.pure.rules.model import (
    ENGINE,
    MET,
    NOT_COMPUTED,
    OFFICER,
    OPEN,
    Attribute,
    Entry,
    NodeResult,
    Period,
    Record,
    Standing,
    Term,
)
from cairn.pure.rules.parse import Rulebook, parse
from cairn.pure.rules.planning import Proposal, propose, what_if
from cairn.pure.rules.reading import Problem, RulesInvalid
from cairn.pure.rules.schedules import Answer, Claim, Granted, Schedule
from cairn.pure.rules.spec import NOTICE, Jurisdiction, RuleSet, Version
from cairn.pure.rules.trying import try_cases

__all__ = [
    "ENGINE",
    "MET",
    "NOTICE",
    "NOT_COMPUTED",
    "OFFICER",
    "OPEN",
    "Answer",
    "Attribute",
    "Claim",
    "Entry",
    "Granted",
    "Jurisdiction",
    "NodeResult",
    "Oddity",
    "Period",
    "Problem",
    "Proposal",
    "Record",
    "RuleSet",
    "Rulebook",
    "RulesInvalid",
    "Schedule",
    "Standing",
    "Term",
    "Turn",
    "Version",
    "check_record",
    "convert",
    "evaluate",
    "evaluate_version",
    "from_json",
    "overlapping",
    "parse",
    "propose",
    "record_from_json",
    "takes",
    "to_json",
    "try_cases",
    "turns",
    "what_if",
]
