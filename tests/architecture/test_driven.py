"""Every command is carried out while processes are killed, or stands in the short table of those that are not, with a reason."""

from __future__ import annotations

import importlib

from cairn.frame.commands import COMMANDS
from cairn.site.wiring import CONSEQUENCES, IMPORTERS
from tests.acts.left_out import LEFT_OUT, by_command
from tests.architecture.source import PACKAGE, app_files, app_of

for _path in app_files("commands"):
    importlib.import_module(".".join(_path.relative_to(PACKAGE.parent).with_suffix("").parts))  # a command registers itself
OWN = {name: command for name, command in COMMANDS.items() if name.split(".")[0] in {app_of(path) for path in app_files("commands")}}


def driven() -> set[str]:
    """Builders of tests register commands of their own, so that they are known no sooner than they are needed."""
    from tests import driver, errands
    from tests.acts.all import ACTS

    return {act.command for act in ACTS if act.command} | driver.CARRIED | errands.CARRIED


def follows() -> set[str]:
    """What the worker does because of a fact."""
    handlers = [*IMPORTERS.values(), *(handler for named in CONSEQUENCES.values() for handler in named.values())]
    return {name for name, command in OWN.items() if command in handlers}


def test_each_command_is_driven_or_left_out_for_a_reason():
    assert sorted(set(OWN) - driven() - follows() - set(by_command())) == [], "an act of tests/acts, or a line in its left_out.py"


def test_what_is_left_out_is_a_command_and_stands_there_once():
    names = [name for told in LEFT_OUT.values() for name in told.split()]
    assert [name for name in names if name not in OWN] == []
    assert len(names) == len(set(names))
    assert set(names) & (driven() | follows()) == set()
    assert all(why.endswith(".") for why in LEFT_OUT)


def test_what_is_driven_is_a_command():
    assert driven() - set(OWN) == set()
