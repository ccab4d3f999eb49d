"""Everything that people do through pages, each thing sent twice, while web and worker are killed: what was acknowledged stands among the
facts as the command that was meant, and all that follows from it comes about.

Which commands these are, and which are left out and why, is compared in tests/architecture/test_driven.py.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from functools import partial

import pytest

from tests import faults
from tests.acts.all import ACTS
from tests.acts.further import ASIDE
from tests.acts.player import Player
from tests.driver import Ledger, Visitor
from tests.faults import Killer

LEAVES = "call"  # what would go to an address that is nobody's
NOT = "no "


def played(site: faults.Site, told: dict, ledger: Ledger, troubles: list[str]) -> threading.Thread:
    """One after the other; what anybody began they bring to its end."""

    def note(command: str, person: str, key: str) -> None:
        ledger.note("did", command, hashlib.sha256(f"person:{person}\n{key}".encode()).hexdigest())

    def play() -> None:
        sessions = {name: each["session"] for name, each in told["people"].items() if "session" in each}
        visitors = {name: Visitor(site.port, session, ledger) for name, session in sessions.items()}
        player = Player(visitors, told["people"], told["addresses"], note, partial(ledger.note, "saw"))
        for act in ACTS:
            try:
                player.play(act)
            except Exception as error:
                troubles.append(f"{act.command} by {act.who}: {type(error).__name__} {error}"[:900])

    thread = threading.Thread(target=play)
    thread.start()
    return thread


def holds(rows: dict[str, list[list[str]]], kind: str, *words: str) -> bool:
    """Whether the table has such a row, or has none where that is what was acknowledged."""
    return (list(words) in rows[kind.removeprefix(NOT)]) != kind.startswith(NOT)


@pytest.mark.long
@pytest.mark.soak
def test_what_everybody_does_is_there_after_web_and_worker_were_killed(tmp_path):
    between, troubles = faults.count(middle=12, full=1), []
    with faults.copied(tmp_path / "data", os.environ.get("CAIRN_DB", ""), "cast") as (site, told), faults.running(site):
        ledger, kill = Ledger(tmp_path / "acknowledged"), Killer(site)
        thread, reached = played(site, told, ledger, troubles), 0
        while thread.is_alive():
            if len(ledger.lines) >= reached + between:
                reached = len(ledger.lines)
                kill()
            time.sleep(0.05)
        site.stop()
        found = json.loads(site.beside("tell"))
    assert not troubles, "\n".join(troubles)
    assert ledger.unclear == []
    there = {tuple(row) for row in found["rows"]["did"]}
    assert [row for row in ledger.rows("did") if tuple(row) not in there] == [], "acknowledged, and no such fact"
    assert {command for command, _ in ledger.rows("did")} == {act.command for act in ACTS if act.command and not act.row}
    assert [row for row in ledger.rows("saw") if not holds(found["rows"], *row)] == []
    assert len(ledger.rows("saw")) == sum(bool(act.row) for act in ACTS)
    assert found["unsound"] == []
    assert [row for row in found["undone"] if row[0] != LEAVES and row[2] != ASIDE] == []
    killed = {f"of {name}": count for name, count in kill.killed.items()}
    faults.told("every command under kill -9", acts=len(ACTS), acknowledged=len(ledger.lines), **killed)
