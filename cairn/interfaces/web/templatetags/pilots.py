"""How a participant's state is said in a pilot's tables."""

from django import template

from cairn.interfaces.web.views.pilots.saying import state_words

register = template.Library()
register.filter("pilot_state", state_words)
