"""Acknowledgements that never arrive: cut off by a proxy just as they set out, and asked for again with the same request key.

The site has done what was asked, and whoever asked cannot know. On PostgreSQL the site itself is told as little: another proxy cuts its
own connection at the word COMMIT. Nothing may happen twice, and nothing may be missing that was acknowledged in the end.
"""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack
from urllib.parse import parse_qs, urlsplit

import pytest

from cairn.kernel.ids import new_id
from tests import faults
from tests.driver import Crew, Ledger, Visitor
from tests.faults import CuttingProxy, enough, settled, wait_for


def is_answer_to_a_post(asked: bytes, answer: bytes) -> bool:
    return asked.startswith(b"POST ")


def is_commit(asked: bytes, answer: bytes) -> bool:
    """https://www.postgresql.org/docs/current/protocol-message-formats.html: CommandComplete, and what was complete."""
    return b"C\0\0\0\x0bCOMMIT\0" in answer


def site_behind_proxies(stack: ExitStack, tmp_path, educators: int):
    site, people = stack.enter_context(faults.site(tmp_path / "data", educators))
    commits = None
    if site.database:
        folder = parse_qs(urlsplit(site.database).query)["host"][0]

        def database() -> socket.socket:
            found = socket.socket(socket.AF_UNIX)
            found.connect(f"{folder}/.s.PGSQL.5432")
            return found

        commits = stack.enter_context(CuttingProxy(database, is_commit, chance=0.03))
        site.database = f"postgresql://cairn@127.0.0.1:{commits.port}{urlsplit(site.database).path}"
    stack.enter_context(faults.running(site))
    answers = stack.enter_context(CuttingProxy(lambda: socket.create_connection(("127.0.0.1", site.port)), is_answer_to_a_post, chance=0.5))
    return site, people, answers, commits


def cut_off(tmp_path, times: int) -> None:
    with ExitStack() as stack:
        site, people, answers, commits = site_behind_proxies(stack, tmp_path, enough(times // 12))
        ledger = Ledger(tmp_path / "acknowledged")
        with Crew(answers.port, people, ledger) as crew:
            wait_for(lambda: answers.cut >= times or crew.troubles, f"cutting {times} answers", patience=60 + times)
            if commits:
                commits.chance = 0
        same_key_at_once(site, people, ledger)
        figures = settled(site, crew)
    faults.told("acknowledgements cut", cut=answers.cut, **({"commits cut": commits.cut} if commits else {}), **figures)


def same_key_at_once(site, people, ledger) -> None:
    """A form sent by eight at the same moment: each is told that it is done, and it is done once."""
    admin, key, name = Visitor(site.port, people["admin"]["session"], ledger), new_id(), f"At once {new_id()}"
    barrier = threading.Barrier(8)

    def send():
        barrier.wait()
        admin.post(f"/org/{people['organization']}/people/groups/", {"name": name, "kind": "team", "key": key})
        ledger.note("group", name)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([row for row in ledger.rows("group") if row == [name]]) == 8


@pytest.mark.long
@pytest.mark.soak
def test_what_is_sent_again_because_no_answer_came_happens_once(tmp_path):
    cut_off(tmp_path, times=faults.count(middle=60, full=2000))
