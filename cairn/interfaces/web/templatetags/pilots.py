"""How a participant's state is said in a pilot's tables."""

from collections.abc import Mapping

from django import template

from cairn.interfaces.web.views.pilots.saying import state_words

register = template.Library()
register.filter("pilot_state", state_words)


@register.filter
def answered(answers: Mapping[str, tuple[int, int]], person_id: str) -> str:
    """3 of 4 prompts answered; empty where nothing is asked of them."""
    done, required = answers.get(person_id, (0, 0))
    return f"{done} of {required} prompts answered" if required else ""
