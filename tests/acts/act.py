"""One thing that somebody does on a page: which command it is to carry out, and what is typed. Not here: how it is sent (player)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Act:
    """`who`, of the cast, opens the page `at` and sends the form on it that leads to `to`; both routes, as in the list of routes, or names
    under which an act before has kept where it led.

    What stands in the form is sent as it stands, but for `told`; of its buttons those that are named there are pressed. "@name" is the
    e-mail address of one of the cast, "#name" an id, "day+3" a day from today, "weekday+3" that day or the Monday after it, "="
    what stands there. `via`: a link on the page, to be followed first. `command` is empty where a step only leads to one.
    """

    command: str
    who: str
    at: str
    to: str = ""
    told: Mapping[str, object] = field(default_factory=dict)
    file: tuple[str, str, bytes] | None = None  # the field, and what is chosen there
    via: str = ""
    keep: str = ""
    row: tuple[str, ...] = ()  # where no fact tells of it: the table of faults_world and the words that are in it, or after "no " are not
