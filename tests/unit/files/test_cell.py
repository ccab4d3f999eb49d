"""Cells: work on hostile bytes in a process of its own, which may misbehave as it likes and harms nobody."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from pathlib import Path

import pytest

from cairn.frame import cell
from cairn.kernel.errors import Invalid, NotFound
from tests import files_world


@pytest.fixture(scope="module")
def block():
    block = cell.Block("tests.cell_room")
    yield block
    block.close()


@pytest.fixture
def out():
    with tempfile.TemporaryFile() as file:
        yield file


def holding(data: bytes):
    file = tempfile.TemporaryFile()  # noqa: SIM115 - its caller closes it
    file.write(data)
    return file


def test_open_files_and_plain_values_go_in_and_plain_values_come_out(block, out):
    with holding(b"ab") as source:
        assert block.run("double", source, out, words=["é", 1, None]) == {"words": ["é", 1, None], "size": 4}
    out.seek(0)
    assert out.read() == b"abab"


def test_a_refusal_arrives_as_it_was_raised(block):
    with pytest.raises(Invalid) as refused:
        block.run("refuse")
    no = refused.value
    assert (no.code, no.message, no.remedy, dict(no.fields)) == ("not-so", "This is not so.", "Make it so.", {"file": "Not so."})


@pytest.mark.parametrize("misdeed", ["spin", "sleep", "swell", "swell_in_c", "crash", "vanish", "babble"])
def test_what_takes_too_much_or_dies_is_refused_and_harms_nobody(block, misdeed, monkeypatch):
    monkeypatch.setattr(cell, "PATIENCE", 1)
    with pytest.raises(Invalid) as refused:
        block.run(misdeed, seconds=1)
    assert refused.value.code == "file-too-demanding"
    assert block.run("whoami") > 0


def test_what_breaks_is_refused_and_written_to_the_log(block, caplog):
    with pytest.raises(Invalid, match="This file cannot be read"):
        block.run("break_down")
    assert "RuntimeError: a library meets something it never saw" in caplog.text


def test_a_full_disk_is_no_fault_of_the_file(block):
    with pytest.raises(OSError, match="No space left on device"):
        block.run("full")


def test_a_cell_opens_few_files(block):
    with pytest.raises(OSError, match="Too many open files"):
        block.run("open_many")


def test_a_cell_knows_no_secret_of_ours(block, monkeypatch):
    monkeypatch.setenv("CAIRN_DB", "postgresql://user:secret@host/db")
    assert set(block.run("secrets")) <= {"PATH", "LANG", "LC_CTYPE"}


def test_each_piece_of_work_has_a_process_of_its_own(block):
    pids = [block.run("whoami") for _ in range(3)]
    assert len({*pids, os.getpid()}) == 4


def test_several_at_once_do_not_mix_their_answers(block):
    answers = {}

    def ask(number: int) -> None:
        with holding(b"x" * number) as source, tempfile.TemporaryFile() as sink:
            answers[number] = block.run("double", source, sink, words=number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: {"words": number, "size": 2 * number} for number in range(1, 13)}


def test_a_block_that_was_killed_is_followed_by_another(out):
    with holding(files_world.make_pdf(2)) as source:
        assert cell.run("clean", source, out)["pages"] == 2
        os.kill(cell._current._process.pid, signal.SIGKILL)
        out.truncate(0)
        assert cell.run("clean", source, out)["pages"] == 2


def test_a_block_ends_with_the_process_that_started_it(tmp_path):
    """Killed, that process cannot tell it."""
    told = tmp_path / "pid"
    if (child := os.fork()) == 0:
        started = cell.Block("tests.cell_room")
        told.write_text(str(started._process.pid))
        started.run("whoami")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    pid = int(told.read_text())
    for _ in range(100):
        if not _lives(pid):
            return
        time.sleep(0.05)
    raise AssertionError(f"block {pid} goes on without anybody who could ask it")


def _lives(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


# --- With the product's own work -----------------------------------------------------------------------------------------


def test_pages_are_drawn_and_read(out):
    with holding(files_world.make_pdf(3)) as source:
        cell.run("draw_page", source, out, number=2, width_px=200)
        out.seek(0)
        assert out.read(8) == b"\x89PNG\r\n\x1a\n"
        assert cell.run("read_page", source, number=2) == "Page 2. Evidence of the work."
        with pytest.raises(NotFound):
            cell.run("read_page", source, number=4)


@pytest.mark.parametrize("size", [(8000, 6000), (4000, 3000)], ids=["48 megapixels", "12 megapixels"])
def test_a_telephones_photo_fits_into_a_cell(out, size):
    with holding(files_world.make_photo(size, orientation=6)) as source:
        assert cell.run("clean", source, out)["kind"] == "jpeg"
    out.seek(0)
    width, height = files_world.picture_size(out.read())
    assert width < height
