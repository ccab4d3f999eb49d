"""The catalog pack format: text of YAML files in, frozen values or every problem out. Not here: storing or showing them (apps.catalog)."""

from cairn.pure.packs.codec import canonical, content_hash, from_json, to_json
from cairn.pure.packs.comparing import SECTIONS, Piece, SectionChange, compare, take_over
from cairn.pure.packs.model import Framework, Microcredential, Pack, Stack, VersionContent
from cairn.pure.packs.problems import PackInvalid, Problem
from cairn.pure.packs.programs import ProgramPlan, parse_program
from cairn.pure.packs.read import parse
from cairn.pure.packs.statuses import Status, read_line, read_status

__all__ = [
    "SECTIONS",
    "Framework",
    "Microcredential",
    "Pack",
    "PackInvalid",
    "Piece",
    "Problem",
    "ProgramPlan",
    "SectionChange",
    "Stack",
    "Status",
    "VersionContent",
    "canonical",
    "compare",
    "content_hash",
    "from_json",
    "parse",
    "parse_program",
    "read_line",
    "read_status",
    "take_over",
    "to_json",
]
