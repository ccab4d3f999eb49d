"""Verifying on the web: four answers, every check named, nothing kept, nothing fetched, and no input that breaks it."""

from __future__ import annotations

import io
import json
import socket
import zlib
from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, SimpleTestCase, TestCase

from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.credentials import commands
from cairn.apps.credentials import queries as credentials
from cairn.apps.credentials.models import Credential, SigningKey
from cairn.apps.credentials.steps import sign
from cairn.apps.people.queries import actor_of
from cairn.frame.actor import VISITOR
from cairn.interfaces.web import checked
from cairn.kernel import clock
from cairn.pure import badges
from cairn.pure.badges import Verification
from cairn.site import worker
from tests.badges_world import OTHER_KEY, contexts
from tests.packs_world import pack_files
from tests.world import SYSTEM, World

PNG = b"\x89PNG\r\n\x1a\n"


def post(**brought) -> Any:
    return Client(headers={"host": "localhost"}).post("/verify/", brought)


def upload(data: bytes, name="badge.json") -> Any:
    return post(file=SimpleUploadedFile(name, data))


def title(answer) -> str:
    return answer.content.decode().split("<title>")[1].split("</title>")[0].removesuffix(" | Cairn").strip()


def signed_elsewhere(document: dict[str, Any], **changes: Any) -> str:
    """The document as an issuer of their own signs it, who needs nobody's leave for that."""
    public = badges.encode_public(badges.public_key(OTHER_KEY))
    did = f"did:key:{public}"
    own = {name: value for name, value in {**document, **changes}.items() if name != "proof" and value is not None}
    own["issuer"] = {**document["issuer"], "id": did}
    method = f"{did}#{public}"
    return json.dumps(badges.sign(own, private_key=OTHER_KEY, verification_method=method, created=clock.now(), contexts=contexts()))


class PointsWorld(World):
    """Its micro-credential is earned by points over all details."""

    slug = "points"

    @cached_property
    def microcredential(self):
        files = pack_files(self.slug, change={"decision": {"policy": "compensatory", "cut": 4}})
        catalog.import_pack(actor=SYSTEM, files=files)
        worker.drain()
        return Microcredential.objects.get(slug__startswith=self.slug)


def chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


class TestAnswers(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.world = World()
        cls.world.earned(cls.world.person("Dana Whitfield"))
        cls.ada = cls.world.person("Ada Stone", organization_admin=cls.world.issuer)
        cls.credential = Credential.objects.get()
        cls.text = cls.credential.signed
        cls.document = json.loads(cls.text)
        cls.address = f"{settings.SITE_URL}/credentials/{cls.credential.pk}"

    def change(self, act):
        act(actor=actor_of(self.ada.person_id), credential_id=self.credential.pk, reason="It has one.")

    def test_a_genuine_one_is_valid_however_it_is_brought(self):
        picture = Client(headers={"host": "localhost"}).get(f"/credentials/{self.credential.pk}.png").content
        address = self.address
        for answer in (
            upload(self.text.encode()), upload(b"\xef\xbb\xbf" + self.text.encode()), upload(picture, "badge.png"),
            upload(picture, "badge.json"), post(text=self.text), post(text=f"\n  {json.dumps(self.document, indent=2)}\n"),
            post(address=address), post(address=f"{address}/"), post(address=f"{address}.json"), post(address=f"  {address}.png "),
            post(address=address.removeprefix("http://")), post(address=f"{address}/?utm=mail#top"),
        ):  # fmt: skip
            assert answer.status_code == 200
            assert title(answer).startswith("Valid: ")
            page = answer.content.decode()
            assert "earned by Dana Whitfield" in page
            assert f"/credentials/{self.credential.pk}/" in page
            assert page.count('data-label="Result"') == len(credentials.CHECKS)
            assert page.count("Did not pass") == page.count("Could not check") == 0

    def test_every_check_is_named_with_what_was_expected_and_found(self):
        page = post(text=self.text).content.decode()
        for name, expected in credentials.CHECKS.values():
            assert name in page
            assert expected[1:].replace("'", "&#x27;") in page

    def test_a_changed_one_is_not_to_be_relied_on_and_is_not_introduced(self):
        for old, new in (
            ("Dana", "Dora"),
            ("Proficient", "Advanced"),
            ("AchievementSubject", "Nothing"),
            (settings.SITE_URL, "http://x.example"),
        ):
            answer = post(text=self.text.replace(old, new))
            assert title(answer) in ("Do not rely on it", "We cannot tell")
            assert "earned by" not in answer.content.decode()
        assert title(post(text=self.text.replace("Dana", "Dora"))) == "Do not rely on it"

    def test_a_revoked_one_is_revoked_from_that_moment_with_its_date_and_without_the_reason(self):
        self.change(commands.revoke)
        for _ in range(2):
            answer = post(text=self.text)
            assert title(answer).startswith("Revoked on ")
            assert "It has one." not in answer.content.decode()
            assert "Do not rely on it" in answer.content.decode()
            worker.drain()
        self.change(commands.reinstate)
        assert title(post(text=self.text)).startswith("Valid: ")
        worker.drain()
        assert title(post(text=self.text)).startswith("Valid: ")

    def test_what_another_issuer_signed_is_never_called_valid_whatever_name_it_bears(self):
        for changes in ({"credentialStatus": None}, {"credentialStatus": None, "id": "urn:uuid:1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"}, {}):
            answer = post(text=signed_elsewhere(self.document, **changes))
            assert title(answer) == "We cannot tell"
            page = answer.content.decode()
            assert "Nothing here proves it" in page
            assert "did:key:" in page

    def test_a_status_list_that_cannot_be_one_of_ours_is_not_looked_up(self):
        for number in ("²", "٣", "-1", "1e3", "9" * 30, "1/../2"):
            status = {**self.document["credentialStatus"], "statusListCredential": f"{settings.SITE_URL}/status/{number}"}
            told = credentials.verify(VISITOR, signed_elsewhere(self.document, credentialStatus=status))
            assert told.verdict == "unknown"

    def test_what_is_signed_here_but_in_no_record_is_left_to_a_person(self):
        other = self.text.replace(self.credential.pk, "0" * 20)
        assert title(post(text=other)) == "Do not rely on it"
        document = {name: value for name, value in json.loads(other).items() if name != "proof"}
        answer = post(text=sign(SigningKey.objects.get(), document))
        assert title(answer) == "We cannot tell"
        assert "its records do not hold it" in answer.content.decode()

    def test_a_status_list_that_ran_out_makes_it_unknown(self):
        with clock.at(clock.now() + timedelta(days=31)):
            assert title(post(text=self.text)) == "We cannot tell: " + self.document["name"]
            commands.refresh_status_lists(actor=SYSTEM)
            assert title(post(text=self.text)).startswith("Valid: ")

    def test_nothing_that_is_brought_is_kept(self):
        def rows():
            return {model._meta.label: model._base_manager.count() for model in apps.get_models()}

        before, files = rows(), sorted(str(p) for p in settings.FOLDER.path.rglob("*") if "drawn" not in p.parts)
        for answer in (post(text=self.text), upload(self.text.encode()), post(address=self.address), post(text="{}")):
            assert answer.status_code == 200
        assert rows() == before
        assert sorted(str(p) for p in settings.FOLDER.path.rglob("*") if "drawn" not in p.parts) == files

    def test_a_compensatory_rule_does_not_claim_that_every_detail_reached_the_bar(self):
        world = PointsWorld()
        world.assessors(2)
        _, enrollment = world.submitted()
        for sheet in world.sheets(enrollment):
            world.score(sheet, {"1a": "developing", "1b": "advanced"})
        signed = Credential.objects.get(enrollment=enrollment).signed
        document = json.loads(signed)
        assert "1 of 2 details of the rubric were judged at or above Proficient" in document["evidence"][0]["narrative"]
        achievement = document["credentialSubject"]["achievement"]
        assert "all together reach 4" in achievement["criteria"]["narrative"]
        assert not any("requiredLevel" in description for description in achievement["resultDescription"])
        assert title(post(text=signed)).startswith("Valid: ")


def hostile() -> Iterator[bytes]:
    yield from (
        b" ",
        b"\x00" * 1000,
        b"null",
        b"[]",
        b"{}",
        b"3",
        b'"text"',
        b"true",
        b"hello",
        b"\xff\xfe\x00\x00",
        b"\x1f\x8b" + b"\x00" * 50,
    )
    yield b"1" * 100_000
    yield b"[" * 200_000
    yield b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield b'{"a":' * 40 + b"1" + b"}" * 40
    yield json.dumps({"a": list(range(6000))}).encode()
    yield json.dumps({"a": "x" * 2_100_000}).encode()
    yield b'{"a":1e999,"b":-1e999}'
    yield b'{"a":NaN}'
    yield b'{"a":Infinity}'
    yield b'{"a":1,"a":2}'
    yield b'{"a":"\\ud800"}'
    yield b'{"\\ud800":1}'
    yield '{"a":"ü"}'.encode("utf-16")
    yield '{"a":"ü"}'.encode("latin-1")
    yield b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    yield b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    yield b"eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.c2ln"
    yield b"%PDF-1.7\n%\xe2\xe3"
    yield b"PK\x03\x04" + b"\x00" * 100


def pictures(text: str) -> Iterator[bytes]:
    header, end = chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0"), chunk(b"IEND", b"")
    data = chunk(b"IDAT", zlib.compress(b"\0\0"))
    held = chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + text.encode())
    yield PNG
    yield PNG + header
    yield PNG + header + data + end  # a screenshot
    yield PNG + header + held + held + data + end  # two
    yield PNG + header + held[:-1] + b"\0" + data + end  # damaged
    yield PNG + header + held + data  # cut short
    yield PNG + header + held + data + end + b"more"
    yield PNG + held + header + data + end
    yield PNG + header + (0xFFFFFFFF).to_bytes(4, "big") + b"iTXt"
    bomb = zlib.compress(b"0" * 50_000_000)
    yield PNG + header + chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + bomb) + data + end
    yield PNG + header + chunk(b"zTXt", b"openbadgecredential\0\0" + bomb) + data + end
    yield PNG + header + chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0\xff\xfe") + data + end
    yield PNG + header + chunk(b"tEXt", b"x") * 20_000 + end
    yield PNG + b"\0" * 9_000_000


def odd_shapes() -> Iterator[dict[str, Any]]:
    """Credentials with a part of the wrong type, of an issuer who is out of reach and of this site."""
    for issuer in ("did:web:elsewhere.example", credentials.issuer_did(), "https://elsewhere.example/issuer"):
        sound: dict[str, Any] = {
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "type": ["VerifiableCredential", "OpenBadgeCredential"], "id": "urn:x:1",
            "issuer": {"id": issuer, "type": ["Profile"], "name": "X"}, "validFrom": "2026-01-01T00:00:00Z", "name": "A badge",
            "credentialSubject": {"type": ["AchievementSubject"], "id": "urn:x:2", "achievement": {
                "id": "urn:x:3", "type": ["Achievement"], "name": "N", "description": "D", "criteria": {"narrative": "C"}}},
            "proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod",
                      "verificationMethod": f"{issuer}#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "proofValue": "z" + "2" * 88},
        }  # fmt: skip
        yield sound
        for value in (None, 0, -1.5, True, "", "x" * 5000, [], [[]], {}, {"id": {"id": []}}, ["a", 1, None], {"": ""}):
            for name in sound:
                yield {**sound, name: value}
            for name in ("achievement", "id", "type"):
                yield {**sound, "credentialSubject": {**sound["credentialSubject"], name: value}}
            yield {**sound, "issuer": {**sound["issuer"], "id": value}}
            yield {**sound, "issuer": {**sound["issuer"], "name": value}}


@pytest.mark.django_db
@pytest.mark.parametrize("data", [pytest.param(data, id=f"{number}: {data[:24]!r}") for number, data in enumerate(hostile())])
def test_hostile_text_is_answered(data):
    for answer in (upload(data), upload(data, "badge.png"), post(text=data.decode("utf-8", "replace"))):
        assert answer.status_code in (200, 422)
        assert title(answer) in ("Do not rely on it", "We cannot tell", "Error: Verify a credential")


@pytest.mark.django_db
@pytest.mark.parametrize("data", [pytest.param(data, id=str(number)) for number, data in enumerate(pictures("{}"))])
def test_a_hostile_picture_is_answered(data):
    answer = upload(data, "badge.png")
    assert answer.status_code == 200
    assert title(answer) == "Do not rely on it"


@pytest.mark.django_db
def test_parts_of_the_wrong_type_are_answered():
    for document in odd_shapes():
        answer = post(text=json.dumps(document))
        assert answer.status_code == 200
        assert title(answer) in ("Do not rely on it", "We cannot tell")


@pytest.mark.django_db
def test_a_tangle_that_would_take_for_ever_is_given_up_on():
    names = [f"_:n{number}" for number in range(40)]
    tangle = [{"id": name, "type": ["Evidence"], "https://x.example/y": [{"id": other} for other in names]} for name in names]
    document = next(odd_shapes())
    document["issuer"], document["validFrom"] = {"id": "x", "type": ["Profile"], "name": "X"}, "2026-01-01T00:00:00Z"
    answer = post(text=signed_or_not({**document, "evidence": tangle}))
    assert title(answer) in ("Do not rely on it", "We cannot tell")


def signed_or_not(document: dict[str, Any]) -> str:
    """With a proof that leads to its issuer's key, so that everything before the signature passes."""
    public = badges.encode_public(badges.public_key(OTHER_KEY))
    did = f"did:key:{public}"
    proof = {**document["proof"], "verificationMethod": f"{did}#{public}", "created": "2026-01-01T00:00:00Z"}
    return json.dumps({**document, "issuer": {**document["issuer"], "id": did}, "proof": proof})


@pytest.mark.django_db
@pytest.mark.parametrize("address", [
    "https://badges.example.org/credentials/1", "http://[", "http://[::1", "javascript:alert(1)", "file:///etc/passwd",
    "//evil.example/credentials/x", "evil.example/credentials/00000000000000000000", "ftp://localhost/", "http://localhost.evil.example/",
    "http://localhost@evil.example/credentials/00000000000000000000", "http://169.254.169.254/latest", "x" * 1900, "\u202e",
    "http://\u2100.example/", "http://localhost:99999999/",
])  # fmt: skip
def test_an_address_elsewhere_is_refused_in_a_sentence_and_never_fetched(address, monkeypatch):
    def never(*_):
        raise AssertionError("something was to be fetched")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setattr(socket.socket, "connect", never)
    answer = post(address=address)
    assert answer.status_code == 422
    assert title(answer) == "Error: Verify a credential"
    assert "<li>" in answer.content.decode().split('id="errors"')[1]


@pytest.mark.django_db
def test_an_address_here_that_holds_no_credential_is_said_to_hold_none():
    for path in ("/", "/credentials/", f"/credentials/{'0' * 20}", "/catalog/", f"/status/{'0' * 20}", f"/x/credentials/{'0' * 20}"):
        answer = post(address=f"{settings.SITE_URL}{path}")
        assert answer.status_code == 422
        assert "There is no such credential at this address." in answer.content.decode()


@pytest.mark.django_db
def test_bringing_nothing_or_two_things_is_said():
    assert "There is nothing to check yet" in post().content.decode()
    assert "There is nothing to check yet" in post(text=" \n ", address="  ").content.decode()
    assert "This file is empty" in upload(b"").content.decode()
    both = Client(headers={"host": "localhost"}).post("/verify/", {"text": "{}", "file": SimpleUploadedFile("a.json", b"{}")})
    assert "You brought more than one" in both.content.decode()
    assert both.status_code == 422


@pytest.mark.django_db
def test_a_file_beyond_the_limit_is_refused_with_its_size():
    answer = upload(b"x" * 10_400_000)
    assert answer.status_code == 422
    assert "This file has 10.4 MB; a badge has at most 10 MB." in answer.content.decode()


@pytest.mark.django_db
def test_a_text_beyond_the_limit_is_refused():
    assert post(text="x" * 2_600_000).status_code == 422
    assert post(text="x" * 6_000_000).status_code in (400, 413)


@pytest.mark.django_db
def test_the_form_says_what_is_checked_before_anything_is_brought():
    page = Client(headers={"host": "localhost"}).get("/verify/").content.decode()
    for name, _ in credentials.CHECKS.values():
        assert name in page
    assert "<script" not in page.split("<main")[1].split("</main>")[0]


@pytest.mark.django_db
def test_a_form_from_another_site_is_refused():
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    assert client.post("/verify/", {"text": "{}"}).status_code == 403
    assert client.generic(
        "POST", "/verify/", io.BytesIO(b"--x\r\n").read(), content_type="multipart/form-data; boundary=x"
    ).status_code in (400, 403)


class TestClaims(SimpleTestCase):
    def test_what_a_file_says_of_itself_is_read_from_any_shape(self):
        for document in odd_shapes():
            said = checked.claims(Verification((), document))
            assert all(isinstance(text, str) and len(text) <= checked.MOST for text in (said.title, said.issuer, said.issuer_id))
        assert checked.claims(Verification((), None)) == checked.Claims("", "", "")
