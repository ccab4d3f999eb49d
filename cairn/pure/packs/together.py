"""What a team shows together: details that it chose among those that may be, and the answers and files that take part in them.

Not here: who is in a team, and what they wrote (apps).
"""

from __future__ import annotations

from collections.abc import Collection

from cairn.pure.packs.model import ArtifactRequirement, Detail, Prompt, VersionContent


def may_be_together(content: VersionContent) -> tuple[Detail, ...]:
    """Details that a team may show together; what serves one of them serves no detail of another sort (see read_version)."""
    return tuple(detail for detail in content.details if detail.is_together)


def is_shared(each: Prompt | ArtifactRequirement, details: Collection[str]) -> bool:
    """Whether an answer or a slot is the team's, where it shows `details` together: all that it serves is among them."""
    return bool(each.serves) and set(each.serves) <= set(details)


def rests_on_shared(content: VersionContent, detail: str, details: Collection[str]) -> bool:
    """Whether everything that shows the detail is the team's, so that one score of it can count for all."""
    everything: tuple[Prompt | ArtifactRequirement, ...] = (*content.prompts, *content.artifacts)
    serving = [each for each in everything if detail in each.serves]
    return detail in details and all(is_shared(each, details) for each in serving)
