"""Web and worker processes end when the one that started them is gone, even by SIGKILL, so that the next start finds the port free.

Not here: stopping in good order, which the parent does itself (processes).
"""

from __future__ import annotations

import os
import signal
import threading
import time

NAME = "CAIRN_PARENT"  # the process whose children are to end with it
LOOK = 0.5  # seconds between looks


def become() -> None:
    """What this process starts from now on ends with it."""
    os.environ[NAME] = str(os.getpid())


def end_with() -> None:
    """End this process soon after its parent, or at once where that is gone already, if the parent asked for it."""
    if parent := os.environ.get(NAME):
        threading.Thread(target=_watch, args=(int(parent),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
