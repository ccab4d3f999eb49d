"""The parts of a submission: prompts with their word limits, and slots with what may lie in them. Not here: the rubric (read_version)."""

from __future__ import annotations

from cairn.pure.packs.model import ArtifactRequirement, Detail, Part, Prompt, TypeRule
from cairn.pure.packs.section import Once, Section
from cairn.pure.packs.words import PAGES, FileType, PartKind

WHOLE = "whole"
MAX_WORDS = 10_000
MAX_SECONDS = 4 * 60 * 60
TIMED = frozenset({FileType.VIDEO, FileType.AUDIO})
PAGED = frozenset({FileType.DOCUMENT, FileType.PRESENTATION})


def read_parts(root: Section, details: tuple[Detail, ...]) -> tuple[Part, ...]:
    """The parts in the order in which they are submitted. Keys are unique in the version, so that answers and files can go by them."""
    keys = Once("key of a part, prompt or artifact")
    return tuple(_part(section, details, keys) for section in root.sections("parts"))


def read_serves(section: Section, name: str, details: tuple[Detail, ...]) -> tuple[str, ...]:
    """The detail keys that the field names; none for “whole” and where it is left out."""
    if not section.has(name):
        return ()
    found = section.distinct(name, section.texts(name))
    known = [detail.key for detail in details]
    for key in found:
        if known and key not in known and (key != WHOLE or len(found) > 1):
            message = f"“{name}” is “{key}”; it must be “{WHOLE}” or keys of details: {', '.join(known)}."
            section.problem(name, message, "Correct the key.")
    return tuple(key for key in found if key in known)


def _part(section: Section, details: tuple[Detail, ...], keys: Once) -> Part:
    key, kind = keys.claim(section, "key", section.key()), section.choice("kind", PartKind)
    if key in PAGES:
        section.problem("key", f"“{key}” is a page of the workspace, so it cannot be the key of a part.", "Choose another key.")
    prompts = [_prompt(child, details, keys) for child in section.sections("prompts", least=0)]
    if section.has("prompt_for_each_detail"):
        prompts += _prompt_for_each(section, key, details, keys)
    artifacts = tuple(_artifact(child, details, keys) for child in section.sections("artifacts", least=0))
    if kind is PartKind.PORTFOLIO and not artifacts:
        section.problem("", "The portfolio asks for no artifacts.", "Add “artifacts” with what belongs in each slot.")
    if kind is not PartKind.PORTFOLIO and not prompts and details:
        section.problem("", f"The {kind} asks nothing.", "Add “prompts”, or “prompt_for_each_detail” with its limits of words.")
    return Part(key, kind, section.title("title"), section.text("instructions"), tuple(prompts), artifacts)


def _prompt(section: Section, details: tuple[Detail, ...], keys: Once) -> Prompt:
    low, high = section.span("words", 0, MAX_WORDS)
    return Prompt(
        key=keys.claim(section, "key", section.key()),
        question=section.text("question", most=1000),
        words_min=low,
        words_max=_some_words(section, high),
        serves=read_serves(section, "serves", details),
        is_required=section.flag("required", True),
    )


def _prompt_for_each(section: Section, part: str, details: tuple[Detail, ...], keys: Once) -> list[Prompt]:
    """A prompt that asks each detail's guiding question, under the key of part and detail."""
    child = section.section("prompt_for_each_detail")
    low, high = child.span("words", 0, MAX_WORDS)
    _some_words(child, high)
    return [
        Prompt(keys.claim(child, "", f"{part}-{detail.key}"), detail.guiding_question, low, high, (detail.key,), is_required=True)
        for detail in details
        if detail.key
    ]


def _some_words(section: Section, most: int) -> int:
    if most == 0 and section.has("words"):
        section.problem("words", "At most 0 words may be written.", "Allow some, or remove the prompt.")
    return most


def _artifact(section: Section, details: tuple[Detail, ...], keys: Once) -> ArtifactRequirement:
    types = _types(section)
    low, high = section.span("files", 0, 50, default=(1, 1))
    if high < _least_files(types):
        section.problem("files", f"At most {high} files are allowed, and the types ask for {_least_files(types)}.", "Allow more files.")
    seconds_min, seconds_max = None, None
    if section.has("seconds"):
        seconds_min, seconds_max = section.span("seconds", 1, MAX_SECONDS)
    for name, kinds in (("seconds", TIMED), ("max_pages", PAGED)):
        if section.has(name) and not types.types & kinds:
            message = f"“{name}” is given, and no type here has any: {types}."
            section.problem(name, message, f"Remove it, or allow {' or '.join(sorted(kinds))}.")
    return ArtifactRequirement(
        key=keys.claim(section, "key", section.key()),
        title=section.title("title"),
        what_belongs=section.text("what_belongs", most=1000),
        types=types,
        files_min=low,
        files_max=high,
        max_megabytes=section.maybe_integer("max_megabytes", 1, 5000),
        seconds_min=seconds_min,
        seconds_max=seconds_max,
        max_pages=section.maybe_integer("max_pages", 1, 1000),
        minors_may_appear=section.flag("minors_may_appear", False),
        serves=read_serves(section, "serves", details),
    )


def _types(section: Section) -> TypeRule:
    """`types` is a type, a list of which any will do, or a mapping with `any_of` or `all_of`."""
    rules = [_type_item(section, "types", item) for item in section.mixed("types")]
    if len(rules) == 1 and isinstance(rules[0], TypeRule):
        return rules[0]
    return TypeRule(False, tuple(rules) or (FileType.DOCUMENT,))


def _type_item(section: Section, name: str, item: str | Section) -> FileType | TypeRule:
    if isinstance(item, Section):
        word = "all_of" if item.has("all_of") else "any_of"
        if item.has("all_of") and item.has("any_of"):
            item.problem("any_of", "“all_of” and “any_of” stand side by side.", "Put one into the other.")
        return TypeRule(word == "all_of", tuple(_type_item(item, word, each) for each in item.mixed(word)))
    if item not in list(FileType):
        section.not_among(name, item, [str(kind) for kind in FileType])
        return FileType.DOCUMENT
    return FileType(item)


def _least_files(rule: TypeRule) -> int:
    needs = [_least_files(item) if isinstance(item, TypeRule) else 1 for item in rule.items]
    return sum(needs) if rule.needs_all else min(needs, default=1)
