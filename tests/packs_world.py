"""Small packs made by programs: short ones for tests, many micro-credentials for benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

PIGMENTS = ("spruce", "slate", "ochre", "clay", "heather", "lichen", "lake", "iron", "rose", "dusk")
MARKS = ("book", "compass", "bridge", "seedling", "lens", "dialogue", "steps", "loop", "layers", "horizon")
LEVELS = {"developing": "Says that it is done.", "proficient": "Shows one case of it.", "advanced": "Shows several cases and what changed."}


def pack_files(
    slug: str = "river-bend",
    micro_credentials: int = 1,
    *,
    outcomes: int = 1,
    details: int = 2,
    words: tuple[int, int] = (3, 60),
    per_stack: int = 10,
    number: str = "1.0",
    aliases: Mapping[str, list[str]] | None = None,
    change: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """The files of a valid pack, file name to text: `micro_credentials` of them, `per_stack` in each stack.

    `aliases` maps slugs to further names; `change` replaces top-level fields of every micro-credential.
    """
    names = [name_of(slug, index) for index in range(micro_credentials)]
    files = {"pack.yaml": pack_yaml(slug, names, per_stack), "frameworks/river-standards.yaml": dump(framework())}
    for index, name in enumerate(names):
        fields = microcredential(name, index, outcomes, details, words) | {"number": number, "aliases": (aliases or {}).get(name, [])}
        files[f"{name}.yaml"] = dump(fields | dict(change or {}))
    return files


def name_of(pack: str, index: int) -> str:
    return f"{pack}-skill-{index + 1}"


def pack_yaml(slug: str, names: list[str], per_stack: int) -> str:
    stacks = [
        {
            "slug": f"{slug}-stack-{place}",
            "title": f"Stack {place} of {slug}",
            "order": place,
            "state": "published",
            "summary": "Skills that belong together.",
            "who_should_apply": "Anyone who teaches here.",
            "audiences": ["teachers"],
            "career_stages": ["beginning", "experienced"],
            "pigment": PIGMENTS[place % len(PIGMENTS)],
            "shape": "pebble",
            "members": [{"slug": name} for name in names[start : start + per_stack]],
        }
        for place, start in enumerate(range(0, len(names), per_stack), 1)
    ]
    return dump(
        {
            "kind": "pack",
            "slug": slug,
            "title": f"The {slug} pack",
            "license": "CC-BY-4.0",
            "notice": "Made for a test.",
            "issuer": {"slug": f"{slug}-institute", "name": "River Bend Institute", "kind": "provider"},
            "co_issuers": [{"slug": f"{slug}-district", "name": "River Bend District", "kind": "district"}],
            "program": {"slug": f"{slug}-program", "title": "River Bend Program", "summary": "A program of a test."},
            "frameworks": ["river-standards"],
            "stacks": stacks,
        }
    )


def framework() -> dict[str, Any]:
    items = [{"code": "R1", "title": "Plan"}, {"code": "R2", "title": "Reflect"}]
    return {
        "kind": "framework",
        "slug": "river-standards",
        "title": "River Standards",
        "publisher": "River Board",
        "year": 2020,
        "items": items,
    }


def microcredential(name: str, index: int = 0, outcomes: int = 1, details: int = 2, words: tuple[int, int] = (3, 60)) -> dict[str, Any]:
    """Its fields as they stand in its file."""
    keys = [f"{outcome}{chr(ord('a') + letter)}" for outcome in range(1, outcomes + 1) for letter in range(details)]
    return {
        "kind": "micro-credential",
        "slug": name,
        "title": f"Skill {index + 1}",
        "number": "1.0",
        "mark": MARKS[index % len(MARKS)],
        "level": 1 + index % 3,
        "rigor": "application",
        "summary": "Show that you can do this one thing.",
        "competency": "You do this one thing with your own students.",
        "key_method": "Plan, do, look.",
        "method_components": [{"title": "Plan", "text": "Write down what you will do."}],
        "rationale": ["It helps."],
        "resources": [{"title": "A book", "reference": "In any library"}],
        "observable_actions": ["You do it."],
        "rubric": [
            {"key": "developing", "title": "Developing"},
            {"key": "proficient", "title": "Proficient", "bar": True},
            {"key": "advanced", "title": "Advanced"},
        ],
        "outcomes": [outcome(str(number), [key for key in keys if key.startswith(str(number))]) for number in range(1, outcomes + 1)],
        "parts": parts(keys, words),
        "decision": {"policy": "every-detail-at-bar"},
        "scoring": {
            "assessors": 2,
            "adjudicate_when": ["split", "two-levels-apart"],
            "decide_within_business_days": 14,
            "revision_days": 30,
            "attempts_before_coach": 3,
        },
        "alignments": [{"framework": "river-standards", "code": "R1"}, {"framework": "river-standards", "code": "R2", "target": keys[0]}],
        "audiences": ["teachers"],
        "career_stages": ["beginning"],
        "hours": {"estimated": {"min": 2, "max": 4}, "estimated_by": "the author", "credit": {"amount": 0.5, "unit": "ceu"}},
        "developer": "River Bend Institute",
        "authors": ["A teacher"],
    }


def outcome(number: str, keys: list[str]) -> dict[str, Any]:
    details = [
        {"key": key, "text": f"You do thing {key}.", "question": f"What shows that you did {key}?", "levels": dict(LEVELS)} for key in keys
    ]
    return {"key": number, "title": f"Outcome {number}", "details": details}


def parts(keys: list[str], words: tuple[int, int]) -> list[dict[str, Any]]:
    limits = {"min": words[0], "max": words[1]}
    return [
        {
            "key": "narrative",
            "kind": "narrative",
            "title": "Narrative",
            "instructions": "Tell it.",
            "prompts": [{"key": "place", "question": "Where was it?", "words": limits, "serves": "whole"}],
        },
        {
            "key": "portfolio",
            "kind": "portfolio",
            "title": "Portfolio",
            "instructions": "Add files.",
            "artifacts": slots(keys),
        },
        {
            "key": "analysis",
            "kind": "analysis",
            "title": "Analysis",
            "instructions": "Say what your files show.",
            "prompt_for_each_detail": {"words": limits},
        },
        {
            "key": "reflection",
            "kind": "reflection",
            "title": "Reflection",
            "instructions": "Look back.",
            "prompts": [
                {"key": "change", "question": "What will you change?", "words": limits},
                {"key": "share", "question": "Whom will you tell?", "words": {"min": 0, "max": words[1]}, "required": False},
            ],
        },
    ]


def slots(keys: list[str]) -> list[dict[str, Any]]:
    plan = {
        "key": "plan",
        "title": "Plan",
        "what_belongs": "What you wrote before you began.",
        "types": ["document", "image"],
        "files": {"min": 1, "max": 3},
        "max_megabytes": 10,
        "max_pages": 20,
        "serves": keys[:1],
    }
    recording = {
        "key": "recording",
        "title": "Recording",
        "what_belongs": "You at work.",
        "types": "video",
        "files": {"min": 0, "max": 1},
        "seconds": {"min": 1, "max": 300},
        "minors_may_appear": True,
    }
    return [plan, recording]


class Dumper(yaml.CSafeDumper):
    """Writes every value out: packs have no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def dump(fields: Mapping[str, Any]) -> str:
    return yaml.dump(dict(fields), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120)
