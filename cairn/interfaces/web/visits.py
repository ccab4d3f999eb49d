"""What a session remembers of its last visit, so that its person can tell a browser of theirs from a stranger's.

Not here: how long a session lasts (sessions), ending one (people).
"""

from __future__ import annotations

import ipaddress

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from cairn.kernel import clock

VISIT = "visit"  # what the session's row takes its columns from (people)
EVERY = 300  # seconds: a visit is written at most so often, unless it comes from another place
# By what a browser says of itself; the first that fits, since most claim to be several.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox", "FxiOS": "Firefox",
            "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari"}  # fmt: skip
SYSTEMS = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "CrOS": "Chromebook", "Windows": "Windows", "Mac OS X": "Mac",
           "Linux": "Linux"}  # fmt: skip


def device(user_agent: str) -> str:
    """ "Firefox on Windows", as far as it can be told."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return " on ".join(filter(None, (browser, system))) or "A browser that does not say which"


def place(address: str) -> str:
    """The network of an address, so that nobody's whole address is kept: a /24, or a /48 of version 6."""
    try:
        whole = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{whole}/{24 if whole.version == 4 else 48}", strict=False))


def nameless(key: str, prefix: str, version: int) -> str:
    """What a try is counted under: told from others, and not to be read back to an address."""
    return salted_hmac("cairn tries", f"{version}:{key}", algorithm="sha256").hexdigest()


def note(request: HttpRequest) -> None:
    now, where = clock.now().timestamp(), place(get_client_ip(request) or "")
    before = request.session.get(VISIT)
    if before and before["place"] == where and now - before["seen"] < EVERY:
        return
    began = before["began"] if before else now
    which = device(request.headers.get("User-Agent", ""))
    request.session[VISIT] = {"device": which, "place": where, "began": began, "seen": now}
