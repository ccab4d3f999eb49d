"""Work on bytes that may be hostile: in a process of its own, with little memory, little time and none of our secrets.

A block of cells is one small process that has the pure code loaded and forks for each piece of work; it ends with the process that
started it. Files go in and out as open handles, everything else as JSON, so that nothing a cell says is trusted further than its words.
Not here: what is done with the bytes (pure), and how long it may take for a given file (whoever asks).
"""

from __future__ import annotations

import array
import atexit
import errno
import fcntl
import gc
import importlib
import json
import logging
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from cairn.kernel import errors
from cairn.kernel.errors import Invalid, Refused

log = logging.getLogger("cairn.cell")
ROOM = "cairn.pure.files"  # what a block has loaded before the first piece of work comes
MEMORY = 280_000_000  # bytes of its own; with what it shares, a cell stays below 300 MB
SECONDS = 2  # of computing; waiting for the disk or for other processes does not count
PATIENCE = 5  # how many times as long it may take altogether
OUTPUT = 4_000_000_000  # bytes of a file that is written
LONGEST_ANSWER = 1_000_000  # bytes
BEGUN = b"\n"  # the first thing that a cell says
LEAST = 100_000  # bytes: a disk that has fewer is full
_FILES = 16
_turns = threading.BoundedSemaphore(os.cpu_count() or 1)  # so that many at once cannot take all the memory there is


def run(work: str, *files: BinaryIO, seconds: int = SECONDS, **options: Any) -> Any:
    """What the function `work` of ROOM answers, given the open files and plain options. Its refusals are raised here; Invalid where it
    needs more time or memory than there is, or breaks."""
    block = _block()
    try:
        return block.run(work, *files, seconds=seconds, **options)
    except BrokenPipeError:
        block.close()
        return _block().run(work, *files, seconds=seconds, **options)


def _require_room(files: Sequence[BinaryIO]) -> None:
    """A library that writes may break on a full disk without a word of it; that is not the fault of the file it reads."""
    if any(file.writable() and shutil.disk_usage(file.fileno()).free < LEAST for file in files):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def too_demanding() -> Invalid:
    sentence = "This file takes more time or memory to check than a file may."
    return Invalid("file-too-demanding", sentence, "Save it in a simpler or smaller form, for example as a new PDF.", {"file": sentence})


def _refusal(kind: str, code: str, message: str, remedy: str, fields: dict[str, str]) -> Refused:
    if kind == "NotFound":
        return errors.NotFound(code=code, what="page")
    return Invalid(code, message, remedy, fields)


# --- The process that asks -------------------------------------------------------------------------------------------


class Block:
    """The process that forks cells, as its owner holds it; `room` is the module whose functions they run."""

    def __init__(self, room: str = ROOM) -> None:
        self.owner, self._lock = os.getpid(), threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cairn.frame.cell", str(theirs.fileno()), room], pass_fds=[theirs.fileno()],
                cwd=Path(__file__).parents[2], env={"PATH": os.defpath, "LANG": "C.UTF-8"}, stdin=subprocess.DEVNULL, process_group=0,
            )  # fmt: skip

    @property
    def is_usable(self) -> bool:
        return self.owner == os.getpid() and self._process.poll() is None

    def run(self, work: str, *files: BinaryIO, seconds: int = SECONDS, **options: Any) -> Any:
        """As `run` above; BrokenPipeError where the block is dead."""
        for file in files:
            file.flush()
        asked = json.dumps({"work": work, "options": options, "seconds": seconds, "at_most": seconds * PATIENCE}).encode()
        with _turns:
            told = self._asked(asked, [file.fileno() for file in files])
        if not told:
            raise BrokenPipeError  # no cell began: the block is dead
        if told == BEGUN:
            _require_room(files)
            raise too_demanding()
        answer = json.loads(told.removeprefix(BEGUN))
        if "refused" in answer:
            raise _refusal(**answer["refused"])
        if "errno" in answer:
            raise OSError(answer["errno"], os.strerror(answer["errno"]))
        if "broken" in answer:
            _require_room(files)
            log.error("%s broke on a file:\n%s", work, answer["broken"])
            raise Invalid("file-unreadable", "This file cannot be read.", "Open it on your own device and save it anew.")
        return answer["done"]

    def _asked(self, asked: bytes, files: Sequence[int]) -> bytes:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            try:
                with self._lock:
                    socket.send_fds(self._control, [b"."], [theirs.fileno()])
            except OSError:
                raise BrokenPipeError from None
            theirs.close()
            rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))
            try:
                ours.sendmsg([asked], [rights])
                return _heard(ours)
            except ConnectionResetError:
                raise BrokenPipeError from None

    def close(self) -> None:
        if self.owner == os.getpid():
            self._control.close()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def _heard(cell: socket.socket) -> bytes:
    """All that a cell says, unless it says too much."""
    told = bytearray()
    while more := cell.recv(1 << 16):
        told += more
        if len(told) > LONGEST_ANSWER:
            return BEGUN
    return bytes(told)


_current: Block | None = None
_starting = threading.Lock()


def _block() -> Block:
    """This process's own block: a fork does not share its parent's, and one that died is followed by another."""
    global _current
    with _starting:
        if _current is None or not _current.is_usable:
            _current = Block()
            atexit.register(_current.close)
        return _current


# --- The block, and a cell in it -------------------------------------------------------------------------------------


def _serve(control: socket.socket, room: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a cell ended: its last words, or none, tell
    works = importlib.import_module(room)
    gc.freeze()
    while True:
        message, cells, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            _be_a_cell(socket.socket(fileno=cells[0]), works)
        for cell in cells:
            os.close(cell)


def _be_a_cell(asker: socket.socket, works: ModuleType) -> None:
    try:
        request, files, _, _ = socket.recv_fds(asker, 1 << 16, _FILES)
        asked = json.loads(request)
        _confine(asked["seconds"], asked["at_most"])
        asker.sendall(BEGUN)
        asker.sendall(json.dumps(_answer(getattr(works, asked["work"]), files, asked["options"])).encode())
    finally:
        os._exit(0)


def _confine(seconds: int, at_most: int) -> None:
    signal.setitimer(signal.ITIMER_REAL, at_most)  # its signal, uncaught, ends the process
    for limit, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_NOFILE, 2 * _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _answer(work: Callable[..., Any], files: Sequence[int], options: dict[str, Any]) -> dict[str, Any]:
    try:
        with_handles = [os.fdopen(file, _mode(file)) for file in files]
        done = work(*with_handles, **options)
        for handle in with_handles:
            handle.flush()
        return {"done": done}
    except Refused as no:
        told = {"kind": type(no).__name__, "code": no.code, "message": no.message, "remedy": no.remedy, "fields": dict(no.fields)}
        return {"refused": told}
    except MemoryError:
        os._exit(1)
    except OSError as error:
        return {"errno": error.errno or errno.EIO}
    except Exception:
        return {"broken": traceback.format_exc()}


def _mode(file: int) -> str:
    return "rb" if fcntl.fcntl(file, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY else "r+b"


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
