"""What cells are made to do in tests: work well, and in each way that a hostile file could make a library misbehave."""

from __future__ import annotations

import ctypes
import os
import signal
import time

from cairn.kernel.errors import Invalid


def double(source, out, *, words):
    source.seek(0)
    out.write(source.read() * 2)
    return {"words": words, "size": out.tell()}


def refuse():
    raise Invalid("not-so", "This is not so.", "Make it so.", {"file": "Not so."})


def spin():
    while True:
        pass


def sleep():
    time.sleep(3600)


def swell():
    held = []
    while True:
        held.append(bytearray(10_000_000))


def swell_in_c():
    return len([ctypes.create_string_buffer(50_000_000) for _ in range(40)])


def crash():
    ctypes.string_at(0)


def vanish():
    os.kill(os.getpid(), signal.SIGKILL)


def break_down():
    raise RuntimeError("a library meets something it never saw")


def babble():
    return "x" * 2_000_000


def full():
    raise OSError(28, "No space left on device")


def open_many():
    return len([open("/dev/null") for _ in range(100)])


def secrets():
    return sorted(os.environ)


def whoami():
    return os.getpid()
