"""The one way out for HTTP, with real sockets: what may be called, what comes of it, and that nothing else calls."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cairn.frame.egress import check, fetch, is_public
from cairn.kernel.errors import Invalid, NotYet, Refused

HOST = "hooks.example.test"


class Talker(BaseHTTPRequestHandler):
    """Says what was asked of it, or behaves as badly as the path says."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_) -> None:
        """Nothing on the terminal."""

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers), self._body()))
        getattr(self, self.path.strip("/").partition("?")[0] or "plain", self.plain)()

    do_POST = do_GET

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def plain(self) -> None:
        self._answer(200, b"hello")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def away(self) -> None:
        self._answer(302, b"", Location=f"http://127.0.0.1:{self.server.server_port}/plain")

    def broken(self) -> None:
        self._answer(500, b"sorry")

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(b"x" * 100_000)

    def drip(self) -> None:
        """A byte now and then: each comes in time, all together never."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        with contextlib.suppress(OSError):
            while not self.server.is_over.wait(0.05):
                self.wfile.write(b"x")

    def short(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhalf")
        self.close_connection = True

    def gibberish(self) -> None:
        self.wfile.write(b"220 mail.example.test ready\r\n")
        self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Talker)
        self.asked: list[tuple] = []
        self.is_over = threading.Event()
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request, client_address) -> None:
        """Clients that hang up are what is tested."""


@contextlib.contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.is_over.set()
    server.shutdown()
    thread.join()
    server.server_close()


class Names:
    """A resolver with a table; each name's answers in turn, the last for good."""

    def __init__(self, **table) -> None:
        self.table, self.asked = table, []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        answers = self.table["here" if host == HOST else "there"]
        return [answers.pop(0) if len(answers) > 1 else answers[0]]


HERE = Names(here=["127.0.0.1"])


@pytest.fixture
def server(settings) -> Iterator[Server]:
    with serving() as server:
        settings.EGRESS_TRUSTED = frozenset({f"{HOST}:{server.server_port}"})
        server.root = f"http://{HOST}:{server.server_port}"
        yield server


# --- Addresses -----------------------------------------------------------------------------------------------------------

PRIVATE = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.254", "100.64.0.1", "100.100.100.200", "100.127.255.254", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.254", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1",
    "198.18.0.1", "198.19.255.254", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::1", "2002:a9fe:a9fe::1", "3fff::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "5f00::1", "not an address", "",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_of_the_open_internet_is_never_connected_to(address):
    assert not is_public(address)
    with pytest.raises(Refused) as no:
        fetch("GET", "https://elsewhere.example.test/", resolve=lambda host, port: [address])
    assert no.value.code == "address-private"


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "11.0.0.1", "2606:4700::1111",
                                     "2a00:1450::1", "2620:fe::fe"])  # fmt: skip
def test_what_is_of_the_open_internet_may_be(address):
    assert is_public(address)


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(Refused, match="open internet"):
        fetch("GET", "https://elsewhere.example.test/", resolve=lambda host, port: ["93.184.216.34", "10.0.0.1"])


NASTY = (
    "http://hooks.example.org/", "ftp://hooks.example.org/", "file:///etc/passwd", "gopher://hooks.example.org/", "//hooks.example.org/",
    "hooks.example.org", "", "https://", "https:///x", "https://user@hooks.example.org/", "https://user:word@hooks.example.org/",
    "https://hooks.example.org@127.0.0.1/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://hooks.example.0x7f/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/", "https://localhost/", "https://localhost./", "https://metadata/", "https://hooks.example.org./",
    "https://hooks..example.org/", "https://-hooks.example.org/", "https://hooks_.example.org/", "https://hooks.example.org:80/",
    "https://hooks.example.org:8443/", "https://hooks.example.org:22/", "https://hooks.example.org:0/", "https://hooks.example.org:99999/",
    "https://hooks.example.org:x/", "https://hooks.example.org\\@127.0.0.1/", "https://hooks.example.org/a b",
    "https://hooks.example.org/\r\nX: y",
    "https://hooks.example.org/\0", "https://①②⑦.⓪.⓪.①/", "https://ⓗooks.example.org/", "https://[127.0.0.1]/", "https://[::1",
    f"https://{'a' * 64}.example.org/", f"https://hooks.example.org/{'a' * 2_000}", "https://%68ooks.example.org/",
)  # fmt: skip


@pytest.mark.parametrize("url", NASTY, ids=lambda url: repr(url)[:40])
def test_a_nasty_address_is_refused_before_anybody_is_asked(url):
    names = Names(here=["93.184.216.34"], there=["93.184.216.34"])
    with pytest.raises(Invalid) as no:
        fetch("GET", url, resolve=names)
    assert no.value.code == "address-forbidden"
    assert "url" in no.value.fields
    assert names.asked == []


def test_an_ordinary_address_passes_the_check_of_a_form():
    check("https://hooks.example.org/cairn?key=1")
    check("https://xn--bcher-kva.example:443/")


def test_a_name_is_resolved_once_and_that_address_connected_to(server):
    """The second answer would lead elsewhere: whoever asked twice would go there."""
    names = Names(here=["127.0.0.1", "127.9.9.9"])
    assert fetch("GET", f"{server.root}/", resolve=names).status == 200
    assert names.asked == [HOST]


def test_trust_is_in_a_host_with_its_port_and_in_no_other(server, settings):
    settings.EGRESS_TRUSTED = frozenset({f"{HOST}:1"})
    with pytest.raises(Invalid):
        fetch("GET", f"{server.root}/", resolve=HERE)
    assert server.asked == []


# --- What is asked, and what comes back ---------------------------------------------------------------------------------


def test_the_request_arrives_as_it_was_meant(server):
    answer = fetch("POST", f"{server.root}/plain?a=1", headers={"X-Kind": "test"}, body=b"{}", resolve=HERE)
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"hello", "5")
    method, path, headers, body = server.asked[0]
    assert (method, path, body) == ("POST", "/plain?a=1", b"{}")
    assert headers["Host"] == f"{HOST}:{server.server_port}"
    assert headers["X-Kind"] == "test"
    assert headers["User-Agent"] == "Cairn"


def test_a_redirect_is_an_answer_and_is_not_followed(server):
    assert fetch("GET", f"{server.root}/away", resolve=HERE).status == 302
    assert len(server.asked) == 1


def test_a_failure_of_theirs_is_an_answer(server):
    assert fetch("POST", f"{server.root}/broken", resolve=HERE).status == 500


def test_proxies_of_the_environment_are_not_used(server, monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert fetch("GET", f"{server.root}/", resolve=HERE).status == 200


def test_an_endless_answer_is_cut_off(server):
    with pytest.raises(Refused) as no:
        fetch("GET", f"{server.root}/endless", most_bytes=10_000, resolve=HERE)
    assert no.value.code == "answer-too-large"


def test_an_answer_that_drips_ends_at_its_time(server):
    began = time.monotonic()
    with pytest.raises(NotYet, match="too long"):
        fetch("GET", f"{server.root}/drip", seconds=0.3, resolve=HERE)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("path", ["short", "gibberish"])
def test_an_answer_that_is_none_is_tried_again_later(server, path):
    with pytest.raises(NotYet) as away:
        fetch("GET", f"{server.root}/{path}", resolve=HERE)
    assert away.value.code == "host-away"


def test_a_port_where_nobody_listens_is_away(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        settings.EGRESS_TRUSTED = frozenset({f"{HOST}:{port}"})
        with pytest.raises(NotYet, match="cannot be reached"):
            fetch("GET", f"http://{HOST}:{port}/", resolve=HERE)


def test_a_port_that_listens_and_says_nothing_is_away(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.EGRESS_TRUSTED = frozenset({f"{HOST}:{port}"})
        with pytest.raises(NotYet, match="too long"):
            fetch("GET", f"http://{HOST}:{port}/", seconds=0.2, resolve=HERE)


def test_an_unknown_name_is_away():
    def unknown(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(NotYet) as away:
        fetch("GET", "https://nowhere.example.test/", resolve=unknown)
    assert away.value.code == "host-unknown"


def test_nobody_waits_for_a_resolver_for_ever():
    over = threading.Event()
    with pytest.raises(NotYet):
        fetch("GET", "https://slow.example.test/", seconds=0.1, resolve=lambda host, port: over.wait(5) and [])
    over.set()


# --- TLS -----------------------------------------------------------------------------------------------------------------


def _certificate(name: str, folder: Path) -> Path:
    """Certificate and key of a host that vouches for itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(begin).not_valid_after(begin + datetime.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secret_server(settings, tmp_path, monkeypatch):
    """Serves https, and keeps the names that clients ask for."""
    path, asked = _certificate(HOST, tmp_path), []
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(path)
    tls.sni_callback = lambda connection, name, context: asked.append(name)
    with serving(tls) as server:
        settings.EGRESS_PORTS = frozenset({server.server_port})
        settings.EGRESS_TRUSTED = frozenset(f"{name}:{server.server_port}" for name in (HOST, "other.example.test"))
        server.certificate, server.named = path, asked
        yield server


def test_a_certificate_is_checked_against_the_name(secret_server, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(secret_server.certificate))
    answer = fetch("GET", f"https://{HOST}:{secret_server.server_port}/", resolve=HERE)
    assert answer.body == b"hello"
    assert secret_server.named == [HOST]
    with pytest.raises(Refused) as no:
        fetch("GET", f"https://other.example.test:{secret_server.server_port}/", resolve=lambda host, port: ["127.0.0.1"])
    assert no.value.code == "certificate-invalid"


def test_a_certificate_that_nobody_vouches_for_is_refused(secret_server):
    with pytest.raises(Refused) as no:
        fetch("GET", f"https://{HOST}:{secret_server.server_port}/", resolve=HERE)
    assert no.value.code == "certificate-invalid"
    assert secret_server.asked == []
