"""A ClamAV daemon that lives for one test run: it knows a few signatures of our own, so it starts at once and needs no download."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tools.machine import clamd

CONFIGURATION = """LocalSocket {folder}/socket
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
Foreground yes
LogFile {folder}/log
AlertExceedsMax yes
StreamMaxLength 40M
MaxFileSize 20M
MaxScanSize 40M
"""


@contextmanager
def throwaway(signatures: Mapping[str, bytes]) -> Iterator[str]:
    """The path of its socket, for CAIRN_CLAMD. `signatures` are names with the bytes by which each is known."""
    program = clamd()
    if program is None:
        raise SystemExit("The tests need ClamAV; install with: sudo apt install clamav-daemon")
    with tempfile.TemporaryDirectory(prefix="cairn-clamav-") as name:
        folder = Path(name)
        (folder / "signatures").mkdir()
        (folder / "signatures" / "own.ndb").write_text("".join(f"{known}:0:*:{sign.hex()}\n" for known, sign in signatures.items()))
        (folder / "configuration").write_text(CONFIGURATION.format(folder=folder))
        with (folder / "output").open("w") as output:
            process = subprocess.Popen([program, "-c", str(folder / "configuration")], stdout=output, stderr=output)
        try:
            while not (folder / "socket").exists():
                if process.poll() is not None:
                    raise SystemExit(f"clamd stopped with code {process.returncode}:\n{(folder / 'output').read_text()}")
                time.sleep(0.05)
            yield str(folder / "socket")
        finally:
            process.terminate()
            process.wait()
