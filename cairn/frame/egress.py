"""The one way out for HTTP: wherever an address that somebody typed is called, it is called from here.

The host is a public name, resolved once; what it resolves to must be public too, and that very address is connected to, so that a name
which answers differently the second time gains nothing. https alone, no user names, no redirects, no proxies from the environment, bounds
on time and size. `settings.EGRESS_TRUSTED` names hosts ("sis.example.org:8443") to which none of this but the bounds applies.
Not here: what is called and how often (each app's outward work); mail (smtplib) and the store of files (boto3), whose operator names them.
"""

from __future__ import annotations

import http.client
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from cairn.kernel.errors import Invalid, NotYet, Refused

SECONDS = 10.0  # from resolving the name to the last byte
MOST_BYTES = 1_000_000
LONGEST_URL = 2_000
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"({_LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])?")  # the last label is no number, so this is no IPv4 address
# https://www.iana.org/assignments/iana-ipv4-special-registry, and the one public address that a cloud keeps for its machines (Azure).
_FORBIDDEN_4 = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
    "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
)  # fmt: skip
# https://www.iana.org/assignments/iana-ipv6-special-registry: of what is given out (2000::/3), tunnels and examples are not public either.
_PUBLIC_6 = "2000::/3"
_FORBIDDEN_6 = ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
_forbidden = tuple(ipaddress.ip_network(network) for network in (*_FORBIDDEN_4, *_FORBIDDEN_6))
_given_out = ipaddress.ip_network(_PUBLIC_6)

Resolver = Callable[[str, int], Sequence[str]]  # host and port -> IP addresses


@dataclass(frozen=True)
class Answer:
    """What came back; `headers` by their names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def check(url: str) -> None:
    """Invalid where the address could never be called; asks nobody, so that a form may."""
    _parts(url)


def is_public(address: str) -> bool:
    """Whether the IP address is one of the open internet."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.version == 6 and (ip.scope_id or ip not in _given_out):  # so that no address of version 4 hides in one of 6
        return False
    return not any(ip in network for network in _forbidden if network.version == ip.version)


def fetch(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
    resolve: Resolver | None = None,
) -> Answer:
    """Call the address once. Any status is an answer; Refused where the address or the answer is forbidden, NotYet where nobody answers."""
    if method not in METHODS:
        raise ValueError(f"{method} is none of {sorted(METHODS)}")
    parts, ends_at = _parts(url), time.monotonic() + seconds
    port = _port_of(parts)
    host = str(parts.hostname)
    found = _resolved(resolve or _ask_the_system, host, port, ends_at)
    if not _is_trusted(parts) and not all(is_public(address) for address in found):
        raise Refused("address-private", f"{host} does not lead to the open internet.", "Name a host that anyone could reach.")
    line = _Line(_connected(found, host, port, ends_at), host, is_secret=parts.scheme == "https", ends_at=ends_at)
    try:
        return line.ask(method, parts, {"User-Agent": "Cairn", **(headers or {}), "Host": parts.netloc}, body, most_bytes)
    finally:
        line.close()


# --- The address ---------------------------------------------------------------------------------------------------------


def _parts(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or set(' \\<>"{}|^`') & set(url):
        raise _invalid("It holds signs that no address has, or is too long.")
    try:
        parts = urlsplit(url)
        port = _port_of(parts)
    except ValueError:
        raise _invalid("It cannot be read.") from None
    if "@" in parts.netloc:
        raise _invalid("It holds a user name or password.")
    if _is_trusted(parts) and parts.scheme in ("http", "https"):
        return parts
    if parts.scheme != "https":
        raise _invalid("It does not begin with https://.")
    if not _NAME.fullmatch(parts.hostname or "") or len(parts.hostname or "") > 253:
        raise _invalid("Its host is no public name.")
    if port not in settings.EGRESS_PORTS:
        raise _invalid(f"Port {port} may not be called.")
    return parts


def _invalid(why: str) -> Invalid:
    words = f"This address cannot be called. {why}"
    return Invalid("address-forbidden", words, "Write it like https://hooks.example.org/cairn.", {"url": words})


def _port_of(parts: SplitResult) -> int:
    return parts.port if parts.port is not None else 443 if parts.scheme == "https" else 80


def _is_trusted(parts: SplitResult) -> bool:
    return f"{parts.hostname}:{_port_of(parts)}" in settings.EGRESS_TRUSTED


def _ask_the_system(host: str, port: int) -> Sequence[str]:
    return list(dict.fromkeys(str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def _resolved(resolve: Resolver, host: str, port: int, ends_at: float) -> Sequence[str]:
    """The answer of a resolver that may take its time: nobody waits for it longer than there is."""
    told: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            told.put(resolve(host, port))
        except (OSError, UnicodeError):
            told.put(())

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = told.get(timeout=_left(ends_at, host))
    except queue.Empty:
        found = ()
    if not found:
        raise NotYet("host-unknown", f"Nobody knows the host {host} just now.", "Check its name; it is tried again.")
    return found


# --- The line ------------------------------------------------------------------------------------------------------------


def _left(ends_at: float, host: str) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise _away(host, "takes too long to answer")
    return left


def _away(host: str, how: str) -> NotYet:
    return NotYet("host-away", f"{host} {how}.", "See that it runs; it is tried again.")


def _connected(addresses: Sequence[str], host: str, port: int, ends_at: float) -> socket.socket:
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=_left(ends_at, host))
        except OSError:
            continue
    raise _away(host, "cannot be reached")


class _Line:
    """A connection that ends at its time, however slowly the other side speaks."""

    def __init__(self, plain: socket.socket, host: str, *, is_secret: bool, ends_at: float) -> None:
        self.host, self._ends_at = host, ends_at
        self._socket = plain
        if is_secret:
            context = ssl.create_default_context()
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            self._socket = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        self._timer = threading.Timer(max(0.0, ends_at - time.monotonic()), self._hang_up)
        self._timer.daemon = True
        self._timer.start()

    def _hang_up(self) -> None:
        try:
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # below TLS: whoever reads hears the end
        except OSError:
            return

    def close(self) -> None:
        self._timer.cancel()
        self._socket.close()

    def ask(self, method: str, parts: SplitResult, headers: Mapping[str, str], body: bytes, most_bytes: int) -> Answer:
        try:
            if isinstance(self._socket, ssl.SSLSocket):
                self._socket.do_handshake()
            with self._answer(method, parts, headers, body) as answer:
                told = answer.read(most_bytes + 1)
                if answer.length and len(told) <= most_bytes:
                    raise http.client.IncompleteRead(told, answer.length)
        except ssl.SSLCertVerificationError as error:
            words = f"The certificate of {self.host} does not hold ({error.verify_message})."
            raise Refused("certificate-invalid", words, "Ask whoever runs it for one that browsers accept.") from error
        except (OSError, http.client.HTTPException) as error:
            too_late = time.monotonic() >= self._ends_at
            raise _away(self.host, "takes too long to answer" if too_late else "breaks off, or speaks no HTTP") from error
        if time.monotonic() >= self._ends_at:  # cut off, and so perhaps not whole
            raise _away(self.host, "takes too long to answer")
        if len(told) > most_bytes:
            raise Refused("answer-too-large", f"{self.host} answers with more than {most_bytes:,} bytes.", "Let it say less.")
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, told)

    def _answer(self, method: str, parts: SplitResult, headers: Mapping[str, str], body: bytes) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(self.host)
        connection.sock = self._socket
        connection.auto_open = 0
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body or (b"" if method in ("POST", "PUT", "PATCH") else None), dict(headers))
        return connection.getresponse()
