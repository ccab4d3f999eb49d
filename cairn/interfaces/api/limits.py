"""How many requests a minute: counted for each person, and for each address of strangers, by all web processes together.

The counts lie in one small file of the data folder, which the processes of this machine lock for a few microseconds. Several machines
count each for itself. Nothing here outlives its minute; a file that cannot be written limits nobody.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import struct
import threading
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from cairn.interfaces.api.problems import Problem
from cairn.kernel import clock

MINUTE = 60
SLOTS = 8192
_SLOT = struct.Struct("<8sQI")  # whose, which minute, how many; the latest to come has the slot
_alone = threading.Lock()


@dataclass(frozen=True)
class Standing:
    """What is left of this minute. `most` is 0 where nothing is limited."""

    kind: str
    most: int
    used: int
    seconds: int

    @property
    def left(self) -> int:
        return max(0, self.most - self.used)


def count(request: HttpRequest, person_id: str | None) -> Standing:
    kind, who = ("person", person_id) if person_id else ("address", address_of(request))
    now = int(clock.now().timestamp())
    used = _count(f"{kind}:{who}", now // MINUTE) if settings.API_RATE else 0
    return Standing(kind, settings.API_RATE, used, MINUTE - now % MINUTE)


def require(standing: Standing) -> None:
    if standing.most and standing.used > standing.most:
        words = f"More than {standing.most:,} requests came within a minute."
        raise Problem(429, "too-many-requests", words, f"Wait {standing.seconds} seconds.", Retry_After=str(standing.seconds))


def tell(standing: Standing, response: HttpResponseBase) -> None:
    """draft-ietf-httpapi-ratelimit-headers-10."""
    if standing.most:
        response["RateLimit-Policy"] = f'"{standing.kind}";q={standing.most};w={MINUTE}'
        response["RateLimit"] = f'"{standing.kind}";r={standing.left};t={standing.seconds}'


def address_of(request: HttpRequest) -> str:
    """The stranger's own address: behind proxies, the one that the outermost of ours saw. Of IPv6 the part that one customer has."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    seen = [*request.headers.get("X-Forwarded-For", "").split(","), str(request.META.get("REMOTE_ADDR", ""))]
    try:
        address = ip_address(seen[-1 - min(proxies, len(seen) - 1)].strip())
    except ValueError:
        return "unknown"
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def _count(who: str, minute: int) -> int:
    """One more for whoever it is; how many that makes this minute."""
    digest = hashlib.sha256(who.encode()).digest()
    whose, place = digest[:8], int.from_bytes(digest[8:12], "little") % SLOTS * _SLOT.size
    try:
        file = _file()
        with _alone:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                return _one_more(file, place, whose, minute)
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)
    except OSError:
        return 0


def _one_more(file: int, place: int, whose: bytes, minute: int) -> int:
    kept = os.pread(file, _SLOT.size, place)
    before = _SLOT.unpack(kept) if len(kept) == _SLOT.size else (b"", 0, 0)
    number: int = before[2] + 1 if before[:2] == (whose, minute) else 1
    os.pwrite(file, _SLOT.pack(whose, minute, min(number, 2**32 - 1)), place)
    return number


@lru_cache(maxsize=1)
def _file() -> int:
    """Opened by each process for itself: a lock belongs to whoever opened the file."""
    return os.open(settings.FOLDER.path / "requests-this-minute", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
