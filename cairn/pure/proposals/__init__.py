"""Proposals for micro-credentials that educators design for themselves: what a council's criteria ask for, and what is not there yet.

Not here: the council (apps.licensure), the micro-credential that follows (apps.catalog).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from cairn.kernel.errors import Invalid
from cairn.kernel.text import word_count

SOURCE_FIELDS = ("title", "url", "adds")


@dataclass(frozen=True)
class Asked:
    """One question of a component, with the fewest words that answer it."""

    id: str
    label: str
    words_min: int


@dataclass(frozen=True)
class Component:
    """`sources_min`: how many sources it needs, 0 where it asks for none."""

    id: str
    title: str
    asks: tuple[Asked, ...]
    sources_min: int = 0


@dataclass(frozen=True)
class Template:
    """The components that a governing body asks for. `template` is the slug of the micro-credential whose text is taken over."""

    slug: str
    title: str
    cite: str
    notice: str
    template: str
    days: int
    components: tuple[Component, ...]

    @property
    def asks(self) -> tuple[Asked, ...]:
        return tuple(asked for component in self.components for asked in component.asks)


@dataclass(frozen=True)
class Finding:
    """What is not there yet, in which component, as the educator reads it. `by`: "check", or "council" for what a person saw."""

    component: str
    words: str
    by: str = "check"
    source: int = -1  # number of the source that it speaks of, from 0

    def to_json(self) -> dict[str, Any]:
        return {"component": self.component, "words": self.words, "by": self.by, "source": self.source}


def read(text: str) -> Template:
    """A template from its YAML. Invalid names the first field that is missing or of another kind."""
    try:
        told = yaml.safe_load(text)
        components = tuple(_component(each) for each in told["components"])
        return Template(told["proposal"], told["title"], told["cite"], told["notice"], told["template"], int(told["days"]), components)
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise Invalid(
            "proposal-template-invalid", f"The template cannot be read: {error}.", "Compare it with six-components.yaml."
        ) from error


def _component(told: Mapping[str, Any]) -> Component:
    asks = tuple(Asked(each["id"], each["label"], int(each.get("words_min", 1))) for each in told["asks"])
    return Component(told["id"], told["title"], asks, int(told.get("sources_min", 0)))


def findings(template: Template, content: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What the checklist misses in `content` (question id -> text; "sources" -> [{"title", "url", "adds"}]); at most one a component."""
    found = (_finding(component, content) for component in template.components)
    return tuple(finding for finding in found if finding is not None)


def _finding(component: Component, content: Mapping[str, Any]) -> Finding | None:
    texts = {asked.id: str(content.get(asked.id, "")).strip() for asked in component.asks}
    if component.sources_min:
        sources = named_sources(content)
        if len(sources) < component.sources_min:
            missing = component.sources_min - len(sources)
            words = f"{component.title} needs {component.sources_min} sources; {len(sources)} are named. Add {missing} more."
            return Finding(component.id, words)
    if not any(texts.values()):
        return Finding(component.id, f"{component.title} is missing. Write it.")
    short = next((asked for asked in component.asks if word_count(texts[asked.id]) < asked.words_min), None)
    if short is None:
        return None
    words = f"{component.title}: “{short.label}” has {word_count(texts[short.id])} words; at least {short.words_min} are asked for."
    return Finding(component.id, words)


def named_sources(content: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    """Sources with a title; empty lines of a form are none."""
    return [source for source in content.get("sources", ()) if str(source.get("title", "")).strip()]
