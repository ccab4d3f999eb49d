"""Prompts for a community, from a YAML file that anybody may copy and change. Not here: on which days they fall (apps.communities)."""

from __future__ import annotations

from dataclasses import dataclass

from cairn.pure.packs.problems import PackInvalid, Problem
from cairn.pure.packs.section import Once, Section
from cairn.pure.packs.tree import read_tree

LONGEST = 3660  # days


@dataclass(frozen=True)
class Question:
    """`after_days` counts from the first day of the whole; `days` are those in which it can be answered in time, 0 for one day alone."""

    title: str
    text: str
    after_days: int
    days: int
    is_required: bool


@dataclass(frozen=True)
class Questions:
    title: str
    questions: tuple[Question, ...]


def read_questions(file: str, text: str) -> Questions:
    """The prompts written in `text`, in their order. Raises PackInvalid with every problem found."""
    problems: list[Problem] = []
    root = Section(file, read_tree(file, text, problems), "", problems)
    if not root.node.entries:
        raise PackInvalid(problems)
    root.one_of("kind", ("prompts",))
    title, once = root.title("title"), Once("question")
    found = tuple(_question(section, once) for section in root.sections("prompts"))
    root.report_unknown()
    if problems:
        raise PackInvalid(problems)
    return Questions(title, found)


def _question(section: Section, once: Once) -> Question:
    return Question(
        title=once.claim(section, "title", section.title("title")),
        text=section.text("text", optional=True),
        after_days=section.integer("after_days", 0, LONGEST),
        days=section.integer("days", 0, LONGEST),
        is_required=section.flag("required", True),
    )
