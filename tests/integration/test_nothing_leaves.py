"""No request leaves because of anything that somebody typed: hundreds of addresses in every place that takes words, files or headers.

Three watches stand: listeners on this machine, on each port that an address names; an audit hook in this process; and one in the cells, i
n
which files are worked on. CASES lists the places.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import socket
import sys
import urllib.request
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cairn.apps.catalog import commands as catalog
from cairn.apps.credentials.models import Credential
from cairn.apps.portfolio import commands as portfolio
from cairn.frame import cell
from cairn.kernel.errors import Refused
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests import files_world
from tests.api_world import Program
from tests.cast import Cast
from tests.hostile import films, packages, pages, pdfs, pictures
from tests.integration.test_blindness import walk
from tests.integration.test_verify import signed_elsewhere
from tests.learning_world import browser, upload
from tests.packs_world import microcredential, pack_files, pack_yaml
from tests.scoring_world import signed_in
from tests.typing_world import Typist, as_upload, credential_saying
from tests.watched_room import NAMED, OUTWARD, TOLD
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


# --- The addresses -------------------------------------------------------------------------------------------------------

HERE = (
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "127.255.255.254", "localhost", "LOCALHOST", "localhost.", "localhost.localdomain",
    "ip6-localhost", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "0177.0.0.01",
    "127.0.0.1.nip.io", "localtest.me", "lvh.me", "7f000001.c0a80001.rbndr.us", "make-127.0.0.1-rebind-1.1.1.1.1u.ms", "①②⑦.⓪.⓪.①",
    "127。0。0。1", "ⓛocalhost", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[::1%25lo]", "example.org@127.0.0.1", "localhost:80@127.0.0.1", "127.0.0.1#@localhost",
    "127.0.0.1%2523@localhost", "127.0.0.1\\@localhost",
)  # fmt: skip
NEAR = (
    "10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.254", "192.168.0.1", "100.64.0.1", "100.100.100.200", "198.18.0.1",
    "169.254.169.254", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.43518", "[::ffff:169.254.169.254]", "[fe80::1%25eth0]",
    "[fd00:ec2::254]", "[fc00::1]", "metadata.google.internal", "instance-data", "169.254.169.254.nip.io", "kubernetes.default.svc",
    "255.255.255.255", "224.0.0.1", "router.local", "intranet", "example.org", "xn--e1afmkfd.xn--p1ai",
)  # fmt: skip
SHAPES = ("http://{host}:{port}/x", "https://{host}:{port}/", "//{host}:{port}/x", "HTTP:\\\\{host}:{port}\\x", "{host}:{port}")
NAMED_ONLY = ("http://{host}/latest/meta-data/", "did:web:{host}")
ELSE = tuple(
    line.format(port="{port}", named=NAMED)
    for line in (
        "file:///tmp/{named}", "file://localhost/tmp/{named}", "file:/tmp/{named}", "/tmp/{named}", "../../../../tmp/{named}",
        "\\\\127.0.0.1\\{named}", "\\\\127.0.0.1@{port}\\{named}\\a.dotx", "//127.0.0.1/{named}", "smb://127.0.0.1/{named}",
        "file://127.0.0.1/{named}", "gopher://127.0.0.1:{port}/_GET%20/", "dict://127.0.0.1:{port}/info", "ftp://127.0.0.1:{port}/x",
        "tftp://127.0.0.1:{port}/x", "ldap://127.0.0.1:{port}/x", "sftp://127.0.0.1:{port}/x", "ws://127.0.0.1:{port}/x",
        "wss://127.0.0.1:{port}/x", "jar:http://127.0.0.1:{port}/a.jar!/x", "view-source:http://127.0.0.1:{port}/",
        "feed:http://127.0.0.1:{port}/", "telnet://127.0.0.1:{port}", "rtsp://127.0.0.1:{port}/x", "rtmp://127.0.0.1:{port}/x",
        "hls+http://127.0.0.1:{port}/x", "concat:http://127.0.0.1:{port}/x|file:///tmp/{named}",
        "subfile,,start,0,end,64,,:/tmp/{named}", "php://filter/resource=http://127.0.0.1:{port}/", "netdoc:///tmp/{named}",
        "blob:http://127.0.0.1:{port}/x", "did:web:127.0.0.1%3A{port}", "did:web:127.0.0.1%3A{port}:people:1#key-0", "did:ethr:0x1",
        "did:ion:x", "ipfs://x", "urn:uuid:0", "http:127.0.0.1:{port}", "http:/127.0.0.1:{port}/",
        "http://127.0.0.1:{port}/a\r\nHost: b", " http://127.0.0.1:{port}/ ", "http://127.0.0.1:{port}/%0d%0aX-A:1",
        "url:http://127.0.0.1:{port}/", "http://[127.0.0.1]:{port}/", "http://127.0.0.1:{port}/../credentials/x",
        "http://localhost/credentials/@127.0.0.1:{port}/", "http://localhost:{port}/credentials/{named}", "$(curl 127.0.0.1:{port})",
        "`curl 127.0.0.1:{port}`", "|curl 127.0.0.1:{port}", "${{jndi:ldap://127.0.0.1:{port}/x}}",
        "ssh://-oProxyCommand=curl%20127.0.0.1:{port}/x", "http://127.0.0.1:{port}/\0", "http://0x7f.1:{port}/",
        "https://127.0.0.1:{port}/x.pdf", "https://127.0.0.1:{port}/x.json",
    )
)  # fmt: skip
SHAPED = [shape.replace("{host}", host) for host in (*HERE, *NEAR) for shape in SHAPES]
ADDRESSES = [*SHAPED, *(shape.replace("{host}", host) for host in NEAR for shape in NAMED_ONLY), *ELSE]


def test_more_than_three_hundred_addresses():
    assert len(set(ADDRESSES)) == len(ADDRESSES) >= 300


# --- The watches ---------------------------------------------------------------------------------------------------------


class Watch:
    """What reached out, by this process, by its cells, or as far as a port of this machine."""

    on: Watch | None = None

    def __init__(self, told: Path) -> None:
        self.told, self.asked = told, []
        self.ports = [socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) for _ in range(2)]
        self.numbers = [port.getsockname()[1] for port in self.ports]
        for port in self.ports:
            port.setblocking(False)

    def addresses(self, every: int = 1) -> list[str]:
        """With the ports that are listened at."""
        return [address.replace("{port}", str(number)) for address, number in zip(ADDRESSES[::every], cycle(self.numbers), strict=False)]

    def found(self) -> list[str]:
        called = [f"port {number} was called" for port, number in zip(self.ports, self.numbers, strict=True) if _called(port)]
        return [*self.asked, *(line for line in self.told.read_text().splitlines() if TOLD in line), *called]

    def close(self) -> None:
        for port in self.ports:
            port.close()


def _called(port: socket.socket) -> bool:
    with contextlib.suppress(BlockingIOError):
        port.accept()[0].close()
        return True
    return False


def _hear(event: str, about: tuple[object, ...]) -> None:
    if Watch.on is None or (event.startswith("socket.") and isinstance(about[0], socket.socket) and about[0].family == socket.AF_UNIX):
        return
    if event.startswith("subprocess.") and "cairn.frame.cell" in str(about):
        return
    if event.startswith(OUTWARD) or (event == "open" and NAMED in str(about[0])):
        Watch.on.asked.append(f"{event} {about}")


sys.addaudithook(_hear)


@contextlib.contextmanager
def _told_in(path: Path) -> Iterator[None]:
    """Processes that begin here write their errors to this file."""
    own = os.dup(2)
    with path.open("w") as file:
        os.dup2(file.fileno(), 2)
    yield
    os.dup2(own, 2)
    os.close(own)


@pytest.fixture
def watch(tmp_path) -> Iterator[Watch]:
    with _told_in(tmp_path / "told"):
        block, cell._current = cell._current, cell.Block("tests.watched_room")
    watch = Watch.on = Watch(tmp_path / "told")
    yield watch
    Watch.on = None
    watch.close()
    cell._current.close()
    cell._current = block


def test_the_watch_sees_what_reaches_out_of_this_process(watch):
    for act in (
        lambda: urllib.request.urlopen(f"http://127.0.0.1:{watch.numbers[0]}", timeout=0.1),
        lambda: socket.getaddrinfo("localhost", 80),
        lambda: open(f"/tmp/{NAMED}").close(),
    ):
        with contextlib.suppress(OSError):
            act()
    told = " ".join(watch.found())
    assert all(
        word in told for word in ("urllib.Request", "socket.connect", "socket.getaddrinfo", "open", f"port {watch.numbers[0]} was called")
    )


@pytest.mark.parametrize("work", ["reach", "open_file", "start"])
def test_the_watch_sees_what_reaches_out_of_a_cell(watch, work):
    options = {"address": f"http://127.0.0.1:{watch.numbers[1]}"} if work == "reach" else {}
    cell.run(work, **options)
    told = watch.found()
    assert any(TOLD in line for line in told)
    assert (f"port {watch.numbers[1]} was called" in told) == (work == "reach")


# --- The places ----------------------------------------------------------------------------------------------------------


def whole(addresses: list[str], most: int = 4_000) -> Iterator[str]:
    """As many as go into one text, until all have been in one."""
    said = ""
    for address in addresses:
        if said and len(said) + len(address) >= most:
            yield said
            said = ""
        said += f"{address} "
    yield said


def verify(**brought) -> None:
    assert browser().post("/verify/", brought).status_code in (200, 422)


def typed_at_verify(world, addresses):
    for address in addresses:
        verify(address=address)


def credential_pasted(world, addresses):
    for address in addresses:
        verify(text=credential_saying(address).decode())


def credential_uploaded(world, addresses):
    for address in addresses[::4]:
        verify(file=as_upload(credential_saying(address)))


def picture_with_a_credential(world, addresses):
    for address in addresses[::4]:
        told, out = PngInfo(), io.BytesIO()
        told.add_itxt("openbadgecredential", credential_saying(address).decode("ascii", "ignore"))
        told.add_text("openbadges", address.encode("ascii", "ignore").decode())
        Image.new("RGB", (8, 8)).save(out, "PNG", pnginfo=told)
        verify(file=as_upload(out.getvalue(), "badge.png"))


def credential_signed_elsewhere(world, addresses):
    """Its signature holds, so that everything else in it is looked at."""
    world.earned(world.person("Dana Whitfield"))
    document = json.loads(Credential.objects.get().signed)
    for address in addresses[::3]:
        status = {"id": address, "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "1",
                  "statusListCredential": address}  # fmt: skip
        with contextlib.suppress(Refused):  # an address that no signature could cover
            verify(text=signed_elsewhere(document, credentialStatus=status, id=address))


def did_of_an_issuer(world, addresses):
    """A credential of ours, said to be by somebody whose key lies elsewhere."""
    world.earned(world.person("Dana Whitfield"))
    document = json.loads(Credential.objects.get().signed)
    for address in addresses[::3]:
        proof = document["proof"] | {"verificationMethod": f"{address}#key"}
        verify(text=json.dumps(document | {"issuer": document["issuer"] | {"id": address}, "proof": proof}))
        verify(text=json.dumps(document | {"@context": [*document["@context"], address]}))


def pack(world, addresses):
    """Every text that an author writes; where a pack that says this is refused, that was all."""
    for said in whole(addresses, 300):
        told = microcredential("x")
        change = {name: f"{value} {said}" for name, value in told.items() if name in ("summary", "competency", "key_method", "developer")}
        change |= {"rationale": [said], "resources": [{"title": said[:60], "reference": said}], "image": said, "art": said}
        for each in (change, {name: value for name, value in change.items() if name not in ("image", "art")}):
            with contextlib.suppress(Refused):
                catalog.import_pack(actor=SYSTEM, files=pack_files(f"pack-{new_id()[:6]}", change=each))
        bound = {"pack.yaml": pack_yaml("p", [said], 1), "more.yaml": f"!!python/object/apply:urllib.request.urlopen ['{addresses[0]}']\n"}
        with contextlib.suppress(Refused):
            catalog.import_pack(actor=SYSTEM, files=bound)
    drain()


def evidence(world, addresses):
    """Files that fetch, each with other addresses; then whoever reads them does."""
    makers = (
        (films.playlist, "lesson.mp4"), (packages.docx_with_parts_elsewhere, "plan.docx"), (packages.xlsx_that_calls, "plan.xlsx"),
        (pages.svg, "wall.svg"), (pdfs.pdf_with_form, "plan.pdf"), (pdfs.pdf_with_picture_elsewhere, "plan.pdf"),
        (pages.xml_with_entity, "plan.xml"), (films.playlist_in_avi, "lesson.avi"), (films.mp4_with_html, "lesson.mp4"),
        (films.mp4_elsewhere, "lesson.mp4"), (films.webm_with_attachment, "lesson.webm"), (packages.docx_with_dde, "plan.docx"),
        (packages.docx_with_page, "plan.docx"), (packages.docx_with_entity, "plan.docx"), (packages.pptx_that_launches, "plan.pptx"),
        (pages.html, "plan.html"), (pages.xhtml, "plan.xhtml"), (pages.svgz, "wall.svgz"), (pages.xml_with_style_sheet, "plan.xml"),
        (pages.mhtml, "plan.mhtml"), (pages.formulas, "plan.csv"), (pdfs.pdf_with_script, "plan.pdf"),
        (pdfs.pdf_that_launches, "plan.pdf"), (pdfs.pdf_with_attachment, "plan.pdf"), (pdfs.pdf_that_leads_elsewhere, "plan.pdf"),
        (pictures.png_with_html, "wall.png"), (pictures.jpeg_with_script, "wall.jpg"), (pictures.webp_with_html, "wall.webp"),
    )  # fmt: skip
    plain = [address for address in addresses if address.isascii() and address.isprintable() and not set(address) & set("'\"<>&")]
    reader, _ = world.assessors(2)
    actor, run = world.enrolled()
    kept = []
    for (make, name), address in zip(cycle(makers), plain[:: 1 + len(plain) // 100], strict=False):
        with contextlib.suppress(Refused):
            kept.append(world.add_file(actor, run, "recording" if name.startswith("lesson") else "plan", make(address), name))
        if len(kept) > 1:
            portfolio.remove_artifact(actor=actor, enrollment_id=run.pk, artifact_id=kept.pop(0).pk)
    world.add_file(actor, run, "plan", pdfs.pdf_that_leads_elsewhere(addresses[0]))
    world.fill(actor, run)
    portfolio.submit(actor=actor, enrollment_id=run.pk)
    drain()
    met = list(walk(signed_in(reader)))
    assert any(b"image/png" in each.headers for each in met), "no page of a file was drawn"


def captions(world, addresses):
    actor, run = world.enrolled()
    film = world.add_file(actor, run, "recording", files_world.make_mp4(5), "lesson.mp4")
    for said in whole([*addresses, *(f"STYLE\n::cue{{background:url({address})}}\n\n" for address in addresses[::9])]):
        text = f"WEBVTT {addresses[0]}\n\nNOTE {said}\n\n00:01.000 --> 00:02.000\n<c.x>{said}</c>\n"
        sent = {"language": "en", "captions": upload("lesson.vtt", text.encode())}
        assert browser(actor).post(f"/portfolio/{run.pk}/file/{film.pk}/captions/", sent).status_code in (302, 422)


def words_and_names(world, addresses):
    """Narrative, title of a file, its name, and what one is called oneself."""
    actor, run = world.enrolled()
    client, root = browser(actor), f"/portfolio/{run.pk}"
    for said in whole(addresses):
        assert client.post(f"{root}/narrative/", {"place": said, "seen-place": "", "key": new_id()}).status_code in (302, 409, 422)
        client.post("/account/", {"name": said[:80], "time_zone": said[:80], "key": new_id()})
    for address in addresses[::20]:
        sent = {"file": upload(f"{address}.pdf", files_world.make_pdf(1, text=address)), "key": new_id()}
        assert client.post(f"{root}/portfolio/plan/", sent).status_code in (302, 409, 422)


def upload_metadata(world, addresses):
    """Of a resumable upload, and the address at which it is to lie."""
    actor, run = world.enrolled()
    for address in addresses:
        told = base64.b64encode(address.encode()).decode()
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "9",
                   "Upload-Metadata": f"slot {told},filename {told},sha256 {told},url {told}",
                   "Upload-Concat": f"final;{''.join(address.split())}".encode("ascii", "ignore").decode()}  # fmt: skip
        assert browser(actor).post(f"/portfolio/{run.pk}/uploads/", headers=headers).status_code < 500


def headers_and_next(world, addresses):
    """What stands around a request: who asks for what, by which way, and where to go then."""
    names = ("host", "x-forwarded-host", "x-forwarded-for", "x-forwarded-proto", "forwarded", "origin", "referer", "x-original-url",
             "x-rewrite-url", "true-client-ip", "x-wap-profile", "contact", "from", "user-agent", "x-callback-url", "link")  # fmt: skip
    for number, address in enumerate(addresses):
        said = "".join(sign for sign in address if sign.isascii() and sign.isprintable())
        for name in (names[number % len(names)], names[(number // len(names)) % len(names)]):
            assert browser().get("/verify/", headers={name: said}).status_code < 500
        assert browser().get("/account/login/", {"next": address, "url": address}).status_code < 500
        assert browser().get(f"/credentials/{said.replace('/', '%2f')}").status_code < 500


def reset_of_a_password(world, addresses):
    """A letter is written, and no server of the typed domain is asked."""
    for address in addresses[::10]:
        mail = f"a@{''.join(sign for sign in address if sign.isalnum() or sign in '.-:[]')}"
        assert browser().post("/account/password/reset/", {"email": mail}).status_code < 500
    drain()


def bodies_of_the_api(world, addresses):
    actor, run = world.enrolled()
    program = Program(actor)
    for said in whole(addresses):
        for method, path, body in (
            ("PUT", f"/enrollments/{run.pk}/narratives/place", {"text": said}),
            ("PUT", "/me/profile", {"name": said[:80], "time_zone": said[:80], "shows_name": True}),
            ("POST", "/verify", {"address": said, "credential": said, "url": said}),
            ("POST", "/enrollments", {"offering": said[:80]}),
        ):
            assert program.send(method, path, body, etag="*").status_code < 500


CASES = (
    typed_at_verify, credential_pasted, credential_uploaded, picture_with_a_credential, credential_signed_elsewhere, did_of_an_issuer, pack
    ,
    evidence, captions, words_and_names, upload_metadata, headers_and_next, reset_of_a_password, bodies_of_the_api,
)  # fmt: skip


@pytest.mark.parametrize("place", CASES, ids=lambda place: place.__name__)
def test_a_few_addresses_lead_nowhere(world, watch, place):
    place(world, watch.addresses(every=29))
    assert watch.found() == []


@pytest.mark.long
@pytest.mark.parametrize("place", CASES, ids=lambda place: place.__name__)
def test_each_of_hundreds_of_addresses_leads_nowhere(world, watch, place):
    place(world, watch.addresses())
    assert watch.found() == []


@pytest.mark.long
def test_no_field_of_any_form_or_operation_leads_anywhere(watch):
    """Whoever may type there types all of them, in turns; then everybody reads what came of it."""
    typist, turns = Typist(Cast()), cycle(watch.addresses())

    def said(place: str, most: int) -> str:
        text = next(turns)
        while len(text) + 60 < min(most, 4_000):
            text += f" {next(turns)}"
        return text[:most]

    forms = typist.forms()
    typed = [*typist.type_forms(forms, said, lambda place: True), *typist.type_operations(said, lambda place: True)]
    drain()
    assert len(typed) > 50
    assert sum(1 for _ in typist.pages([*typist.letters(), *typist.addresses(2)])) > 100
    assert watch.found() == []
