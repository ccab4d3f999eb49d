"""Everything that anybody can type here, and everything that anybody can then read: forms are read off the pages, operations off the
description of the API, and who opens what off the committed table of access. What is new is typed into by itself.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import count
from urllib.parse import urldefrag, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cairn.apps.comms.models import Letter
from cairn.apps.people.models import Account
from cairn.interfaces.cli.reference import DOOR, LIBRARY, routes
from cairn.kernel import clock
from cairn.kernel.ids import new_id
from tests import files_world
from tests.api_world import Program, operations
from tests.cast import Cast
from tests.imports_world import table
from tests.pilots_world import CENTRAL
from tests.routes_world import address_of, committed

TEXTS = ("text", "search", "textarea", "url", "tel")
GIVEN = {"number": "1", "time": "10:00", "datetime-local": "2030-01-02T10:00", "password": "a long passphrase"}
# What stands in a field while another one is typed into: by its name; and where it must be filled, by its keyboard or its kind.
NAMED = {"slug": "plain-words", "phone_ending": "1234", "page": "1"}
NEEDED = {"numeric": "10", "decimal": "10", "url": "https://example.org/"}
LATER = {"started_on": -400, "opens_on": 3, "due_on": 9, "until": 170}  # days from today, by name; else today
# Forms that end a life: what they take is typed last.
LATE = ("/set-aside/", "/manage/", "/end/", "/moderate/", "/remove/")
API_LATE = ("revoke", "reinstate", "close", "set-aside", "submit", "lock", "step-aside", "withdraw")
WORK = re.compile(r"/((portfolio|scoring)|pilots/[\w-]+/run/meetings)/[0-9a-z]{20}/")
ANY_TEXT = r"^[^\x00]*$"
Text = Callable[[str, int], str]  # a name for a place, and how much it takes -> what is typed there
Wants = Callable[[str], bool]  # a name for a place -> whether anything is typed there


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    value: str = ""
    most: int = 10_000
    choices: tuple[str, ...] = ()
    accept: str = ""
    plain: str = ""  # what stands in it while another is typed into


@dataclass(frozen=True)
class Form:
    """A form as `member` found it at `at`."""

    member: str
    at: str
    action: str
    method: str
    fields: tuple[Field, ...]

    @property
    def place(self) -> tuple[object, ...]:
        return urlsplit(self.action).path, tuple(each.name for each in self.fields)

    def takes_text(self) -> bool:
        return any(each.kind in (*TEXTS, "file") for each in self.fields)


class FormsOn(HTMLParser):
    """The forms of a page, with what stands in them."""

    def __init__(self, member: str, at: str, page: str) -> None:
        super().__init__()
        self.member, self.at, self.found, self.fields, self.form = member, at, [], [], None
        self.select: Field | None = None
        self.area: Field | None = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        told = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.form = Form(self.member, self.at, urljoin(self.at, told.get("action", "")), told.get("method", "get").upper(), ())
            self.fields = []
        elif tag == "select":
            self.select = Field(told.get("name", ""), "select")
        elif tag == "option" and self.select:
            chosen = told.get("value", "") if "selected" in told else self.select.value
            self.select = replace(self.select, value=chosen, choices=(*self.select.choices, told.get("value", "")))
        elif tag == "textarea":
            self.area = Field(told.get("name", ""), "textarea", most=int(told.get("maxlength") or 10_000), plain=_plain(told))
        elif tag in ("input", "button") and told.get("name"):
            self._input({"type": "submit", **told} if tag == "button" else told)

    def _input(self, told: dict[str, str]) -> None:
        """Of several with one name the chosen one counts, else the first; of buttons the first."""
        kind = told.get("type", "text")
        if kind in ("radio", "checkbox", "submit") and self._has(told["name"]) and "checked" not in told:
            return
        most = int(told.get("maxlength") or 10_000)
        self.fields.append(Field(told["name"], kind, told.get("value", ""), most, accept=told.get("accept", ""), plain=_plain(told)))

    def _has(self, name: str) -> bool:
        return any(each.name == name for each in self.fields)

    def handle_data(self, data):
        if self.area:
            self.area = replace(self.area, value=self.area.value + data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.fields.append(self.area)
            self.area = None
        elif tag == "select" and self.select:
            first = next((choice for choice in self.select.choices if choice), "")
            self.fields.append(replace(self.select, value=self.select.value or first))
            self.select = None
        elif tag == "form" and self.form:
            self.found.append(replace(self.form, fields=tuple(self.fields)))
            self.form = None


def _plain(told: dict[str, str]) -> str:
    name = told.get("name", "")
    if name in NAMED or "required" not in told:
        return NAMED.get(name, "")
    if told.get("type") == "date":
        return (clock.today(CENTRAL) + timedelta(days=LATER.get(name, 0))).isoformat()
    return NEEDED.get(told.get("inputmode") or told.get("type", ""), "Plain words")


def links_on(page: str, at: str) -> list[str]:
    return [urldefrag(urljoin(at, unescape(link)))[0] for link in re.findall(r'<a [^>]*href="([^"]*)"', page)]


Typed = tuple[str, str, object]  # who, where, and what was answered


class Typist:
    """The whole cast at their keyboards, and their programs."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.table = cast, committed()
        self.clients = {name: self._browser(member) for name, member in cast.members.items()}
        self.cookies = {name: {key: each.value for key, each in client.cookies.items()} for name, client in self.clients.items()}
        self.programs = {name: Program(member) for name, member in cast.members.items()}
        self.numbers = count(1)
        self.shapes = self.clients["visitor"].get("/api/v1/openapi.json").json()["components"]["schemas"]

    def _browser(self, member) -> Client:
        client = Client(headers={"host": "localhost"})
        if member is not None:
            client.force_login(Account.objects.get(person__pk=member.person_id))
        return client

    def client(self, member: str) -> Client:
        """At their browser, signed in as they were at first."""
        client = self.clients[member]
        client.cookies.clear()
        client.cookies.load(self.cookies[member])
        return client

    # --- Reading

    def addresses(self, readers: int) -> Iterator[tuple[str, str]]:
        """Who opens which page: of those to whom it opens, so many of the nearest to its things."""
        for route, name in routes():
            if route.startswith("api/"):
                continue
            if name.startswith(LIBRARY) or route.startswith(f"{DOOR}/"):
                yield from (("visitor", address_of(route)), ("stranger", address_of(route)))
                continue
            opens = [who for who, said in self.table.get(f"`GET /{route}`", {}).items() if said == "yes"]
            for who in sorted(opens, key=_nearness)[:readers]:
                yield who, self.cast.address(route)

    def letters(self) -> list[tuple[str, str]]:
        return [("visitor", f"/demo/mail/{letter.pk}/") for letter in Letter.objects.order_by("-created_at")[:60]]

    def pages(self, places: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
        """Who, address, and page; with the pages of one's work and meetings that those lead to."""
        waiting, seen = [*places][::-1], set()
        while waiting:
            who, address = waiting.pop()
            if (who, address) in seen:
                continue
            seen.add((who, address))
            answer = self.client(who).get(address)
            if answer.status_code == 200 and answer.get("Content-Type", "").startswith(("text/html", "image/svg")):
                page = answer.content.decode()
                yield who, address, page
                if who in ("educator", "assessor", "admin"):
                    waiting += [(who, link) for link in links_on(page, address) if WORK.match(link)]

    def these(self, pages: set[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
        for who, address in sorted(pages):
            answer = self.client(who).get(address)
            if answer.status_code == 200:
                yield who, address, answer.content.decode()

    def forms(self) -> list[Form]:
        """Every form into which text or files go, once."""
        found: dict[tuple[object, ...], Form] = {}
        for who, address, page in self.pages(self.addresses(readers=1)):
            for form in FormsOn(who, address, page).found:
                if form.takes_text() and form.method == "POST":
                    found.setdefault(form.place, form)
        return sorted(found.values(), key=lambda form: any(end in form.action for end in LATE))

    # --- Typing

    def type_forms(self, forms: list[Form], text: Text, wants: Wants) -> Iterator[Typed]:
        """Everything at once and, where that is refused, each field by itself, in the form as it is then."""
        for form in forms:
            names = [each.name for each in form.fields if each.kind in (*TEXTS, "file") and wants(self._place(form, each))]
            if names:
                yield (typed := self._send(form, text, names))
                if typed[2].status_code == 422:
                    yield from (self._send(self._anew(form), text, [name]) for name in names)

    def _anew(self, form: Form) -> Form:
        """As it stands on its page now: what was kept since may have given it another revision."""
        page = self.client(form.member).get(form.at).content.decode()
        return next((each for each in FormsOn(form.member, form.at, page).found if each.place == form.place), form)

    def _send(self, form: Form, text: Text, names: list[str]) -> Typed:
        sent = {each.name: self._typed(form, each, text if each.name in names else None) for each in form.fields if each.name}
        sent = {name: value for name, value in sent.items() if value is not None} | ({"key": new_id()} if "key" in sent else {})
        return form.member, form.at, self.client(form.member).post(form.action, sent)

    def _place(self, form: Form, each: Field) -> str:
        return f"{urlsplit(form.action).path}.{each.name}"

    def _typed(self, form: Form, each: Field, text: Text | None) -> object:
        if each.kind in TEXTS:
            return text(self._place(form, each), each.most) if text else each.value or each.plain
        if each.kind == "email":
            return f"new{next(self.numbers)}@example.org" if form.action.startswith("/account/") else self.cast.known()["email"]
        if each.kind == "file":
            return self._file(each, text, self._place(form, each)) if text else None
        return each.value or each.plain if each.kind == "date" else each.value or GIVEN.get(each.kind, "")

    def _file(self, each: Field, text: Text, place: str) -> SimpleUploadedFile:
        name = text(place, 90)
        if "vtt" in each.accept:
            return SimpleUploadedFile(f"{name}.vtt", f"WEBVTT\n\n00:01.000 --> 00:02.000\n{name}\n".encode())
        if "csv" in each.accept:
            address = f"new{next(self.numbers)}@example.org"
            return table(("Name", "E-mail", "Code"), (name, address, "K1"))
        if "mp4" in each.accept:
            return SimpleUploadedFile(f"{name}.mp4", files_world.make_mp4(5 + next(self.numbers)))
        return SimpleUploadedFile(f"{name}.pdf", files_world.make_pdf(1, text=name))

    def type_operations(self, text: Text, wants: Wants) -> Iterator[Typed]:
        """Each operation that takes free text, by the nearest to whom the table says yes."""
        for method, path, told in sorted(operations(), key=lambda each: any(word in each[1] for word in API_LATE)):
            content = told.get("requestBody", {}).get("content", {}).get("application/json")
            willing = [who for who, said in self.table.get(f"`{method} {path}`", {}).items() if said == "yes"]
            if not content or not willing:
                continue
            who, example = min(willing, key=_nearness), content["example"]
            known = {name: value for name, value in self.cast.known().items() if name in example}
            for name, most in self._free_texts(content["schema"]):
                if wants(place := f"{path}.{name}"):
                    body = {**example, **known, name: text(place, most)}
                    yield who, place, self.programs[who].send(method, self.cast.address(path), body, etag="*")

    def _free_texts(self, schema: dict[str, object]) -> list[tuple[str, int]]:
        """Names and lengths of the fields that are neither chosen from a list nor held to a pattern."""
        shape = self.shapes[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        texts = {name: each for name, each in shape["properties"].items() if each.get("type") == "string"}
        is_free = lambda each: each.get("pattern", ANY_TEXT) == ANY_TEXT and not {"enum", "format"} & set(each)
        return [(name, each.get("maxLength", 10_000)) for name, each in texts.items() if is_free(each)]


def _nearness(who: str) -> int:
    near = ("educator", "assessor", "admin", "operator", "lead", "coordinator", "visitor", "stranger")
    return near.index(who) if who in near else len(near)


def credential_saying(text: str) -> bytes:
    """Something like a credential, with the text wherever one may stand."""
    told = {
        "@context": ["https://www.w3.org/ns/credentials/v2", text], "id": text, "type": ["VerifiableCredential", text], "name": text,
        "issuer": {"id": text, "type": ["Profile"], "name": text, "url": text, "image": {"id": text}},
        "validFrom": text, "validUntil": text, "credentialStatus": {"id": text, "type": text, "statusListCredential": text},
        "credentialSubject": {"id": text, "achievement": {"id": text, "name": text, "criteria": {"id": text, "narrative": text},
                                                          "image": {"id": text}}},
        "evidence": [{"id": text, "name": text}], "credentialSchema": {"id": text, "type": text},
        "proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "verificationMethod": text, "proofValue": text},
    }  # fmt: skip
    return json.dumps(told).encode()


def as_upload(data: bytes, name: str = "badge.json") -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file
