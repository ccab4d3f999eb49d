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
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from cairn.kernel import errors
from cairn.kernel.errors import Invalid, Refused

log = logging.getLogger("cairn.cell")
ROOM = "cairn.pure.files"  # what a block has loaded before the first piece of work comes
MEMORY = 280_000_000  # bytes of its own; with what it shares, a cell stays below 300 MB
SECONDS = 2  # of computing; waiting for the disk or for other processes does not count
PATIENCE = 5  # how many times as long it may take altogether
OUTPUT = 4_000_000_000  # bytes of a file that is written
LEAST = 100_000  # bytes: a disk that has fewer is full
_FILES = 16
_turns = threading.BoundedSemaphore(os.cpu_count() or 1)  # so that many at once cannot take all the memory there is


def run(work: str, *files: BinaryIO, seconds: int = SECONDS, **options: Any) -> Any:
    """What the function `work` of ROOM answers, given the open files and plain options. Its refusals are raised here; Invalid where it
    needs more time or memory than there is, or breaks."""
    for file in files:
        file.flush()
    asked = json.dumps({"work": work, "options": options, "seconds": seconds}).encode()
    with _turns:
        told = _asked(asked, [file.fileno() for file in files])
    if not told:
        _require_room(files)
        raise too_demanding()
    answer = json.loads(told)
    if "refused" in answer:
        raise _refusal(**answer["refused"])
    if "errno" in answer:
        raise OSError(answer["errno"], os.strerror(answer["errno"]))
    if "broken" in answer:
        _require_room(files)
        log.error("%s broke on a file:\n%s", work, answer["broken"])
        raise Invalid("file-unreadable", "This file cannot be read.", "Open it on your own device, save it anew and choose the new copy.")
    return answer["done"]


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


def _asked(asked: bytes, files: Sequence[int]) -> bytes:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        _block().take(theirs)
        theirs.close()
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))
        try:
            ours.sendmsg([asked], [rights])
            return b"".join(iter(lambda: ours.recv(1 << 16), b""))
        except (BrokenPipeError, ConnectionResetError):
            return b""


# --- The process that asks -------------------------------------------------------------------------------------------


class _Block:
    """The process that forks cells, as its owner holds it."""

    def __init__(self) -> None:
        self.owner, self._lock = os.getpid(), threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cairn.frame.cell", str(theirs.fileno())], pass_fds=[theirs.fileno()],
                cwd=Path(__file__).parents[2], env={"PATH": os.defpath, "LANG": "C.UTF-8"}, stdin=subprocess.DEVNULL, process_group=0,
            )  # fmt: skip

    @property
    def is_usable(self) -> bool:
        return self.owner == os.getpid() and self._process.poll() is None

    def take(self, cell: socket.socket) -> None:
        with self._lock:
            socket.send_fds(self._control, [b"."], [cell.fileno()])

    def close(self) -> None:
        if self.owner == os.getpid():
            self._control.close()
            self._process.wait()


_current: _Block | None = None
_starting = threading.Lock()


def _block() -> _Block:
    """This process's own block: a fork does not share its parent's, and one that died is followed by another."""
    global _current
    with _starting:
        if _current is None or not _current.is_usable:
            _current = _Block()
            atexit.register(_current.close)
        return _current


# --- The block, and a cell in it -------------------------------------------------------------------------------------


def _serve(control: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a cell ended: its last words, or none, tell
    importlib.import_module(ROOM)
    gc.freeze()
    while True:
        message, cells, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            _be_a_cell(socket.socket(fileno=cells[0]))
        for cell in cells:
            os.close(cell)


def _be_a_cell(asker: socket.socket) -> None:
    try:
        request, files, _, _ = socket.recv_fds(asker, 1 << 16, _FILES)
        asked = json.loads(request)
        _confine(asked["seconds"])
        asker.sendall(json.dumps(_answer(asked, files)).encode())
    finally:
        os._exit(0)


def _confine(seconds: int) -> None:
    signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE)  # its signal, uncaught, ends the process
    for limit, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_NOFILE, 2 * _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _answer(asked: dict[str, Any], files: Sequence[int]) -> dict[str, Any]:
    work = getattr(importlib.import_module(ROOM), asked["work"])
    try:
        with_handles = [os.fdopen(file, _mode(file)) for file in files]
        done = work(*with_handles, **asked["options"])
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
    _serve(socket.socket(fileno=int(sys.argv[1])))
