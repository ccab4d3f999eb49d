"""Names in an educator's writing that would tell an assessor whose it is. A warning, never a refusal: a word may be innocent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cairn.apps.people import queries as people
from cairn.apps.portfolio.queries.work import Workspace
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor


@dataclass(frozen=True)
class Told:
    """A name, and where it stands: a part with a prompt, or with a detail whose citation's explanation holds it."""

    part: str
    key: str
    name: str


def names_told(viewer: Actor, work: Workspace) -> tuple[Told, ...]:
    """The viewer's own name, those of their team, and of where they work, in the texts that this attempt may still change."""
    patterns = _patterns(viewer)
    mates = programs.members(work.shared.team).exclude(person=viewer.person_id) if work.shared else ()
    patterns += [named for mate in mates for named in _of_person(mate.person.name)]
    texts = [(part.part.key, a.prompt.key, a.text) for part in work.parts for a in part.answers if not a.is_locked]
    texts += [(part.part.key, d.detail.key, c.explanation) for part in work.parts for d in part.details if d.is_open for c in d.citations]
    found = [Told(part, key, name) for part, key, text in texts for name in _first_of(patterns, text)]
    return tuple(dict.fromkeys(found))


def names_in(viewer: Actor, texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Those that stand in each text, for whoever is about to show it to others."""
    patterns = _patterns(viewer)
    return [tuple(_first_of(patterns, text)) for text in texts]


def _patterns(viewer: Actor) -> list[tuple[str, re.Pattern[str]]]:
    works = [tie.organization.name for tie in people.affiliations_of(viewer, str(viewer.person_id))]
    return [*_of_person(people.me(viewer).name), *((name, _whole(name, re.IGNORECASE)) for name in works)]


def _of_person(name: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The whole name in any case; its parts as they are written, since a first name may be a word ("Grace", "will")."""
    yield name, _whole(name, re.IGNORECASE)
    for part in name.split():
        if len(part) > 2:
            yield part, _whole(part, re.NOFLAG)


def _whole(name: str, flags: re.RegexFlag) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name.strip())}(?!\w)", flags)


def _first_of(patterns: list[tuple[str, re.Pattern[str]]], text: str) -> Iterator[str]:
    """Names in the text, longest first; what lies within a name already found is not named again."""
    for name, pattern in sorted(patterns, key=lambda each: -len(each[0])):
        text, times = pattern.subn(" ", text)
        if times:
            yield name
