"""The catalog pack format: text of YAML files in, frozen values or every problem out. Not here: storing or showing them (apps.catalog)."""

from cairn.pure.packs.codec import canonical, content_hash, from_json, to_json
from cairn.pure.packs.model import Framework, Microcredential, Pack, Stack, VersionContent
from cairn.pure.packs.problems import PackInvalid, Problem
from cairn.pure.packs.read import parse

__all__ = [
    "Framework",
    "Microcredential",
    "Pack",
    "PackInvalid",
    "Problem",
    "Stack",
    "VersionContent",
    "canonical",
    "content_hash",
    "from_json",
    "parse",
    "to_json",
]
