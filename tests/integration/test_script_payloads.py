"""Two hundred scripts, typed into every field of every form and operation: on every page of every role they are words and nothing else.

Each calls luoxi() where it runs. A page is read as a browser reads it: the word may stand in text and in the values of plain attributes,
and nowhere that anything comes of it. tests/browser/test_script_payloads.py lets a browser try.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from itertools import chain

import pytest
from django.db import transaction

from cairn.apps.catalog import commands as catalog
from cairn.site.worker import drain
from tests import faults
from tests.cast import Cast
from tests.packs_world import microcredential, pack_files
from tests.typing_world import Form, Typist, as_upload, credential_saying
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
OUT_OF = (
    "", '">', "'>", "</title>", "</textarea>", "</script>", "-->", "]]>", "</style>", "</option></select>", "</svg>",
)  # fmt: skip
RUNS = (
    "<script>luoxi()</script>", "<img src=x onerror=luoxi()>", "<svg onload=luoxi()>", "<svg/onload=luoxi()//", "<body onload=luoxi()>",
    "<details open ontoggle=luoxi()>", "<input autofocus onfocus=luoxi()>", "<iframe srcdoc='<script>top.luoxi()</script>'></iframe>",
    "<video><source onerror=luoxi()></video>", "<a href=javascript:luoxi()>a</a>", "<object data=javascript:luoxi()>",
    "<form><button formaction=javascript:luoxi()>b</button></form>", "<math><mi xlink:href=javascript:luoxi()>",
)  # fmt: skip
ATTRIBUTES = (
    '" onmouseover=luoxi() x="', "' onmouseover=luoxi() x='", "x onerror=luoxi() ", '" autofocus onfocus="luoxi()',
    '" style="x:expression(luoxi())', '" srcdoc="&lt;script&gt;luoxi()&lt;/script&gt;', "` onload=luoxi() `",
    '" href="javascript:luoxi()', '"/onclick=luoxi()/x="', '" data-x="1" onpointerenter="luoxi()', '" accesskey="x" onclick="luoxi()',
    "\" onanimationstart='luoxi()",
)  # fmt: skip
ADDRESSES = (
    "javascript:luoxi()", "JaVaScRiPt:luoxi()", "java\tscript:luoxi()", "java\nscript:luoxi()", " javascript:luoxi()",
    "\x01javascript:luoxi()", "data:text/html,<script>luoxi()</script>", "vbscript:luoxi()", "javascript&colon;luoxi()",
    "javascript&#58;luoxi()", "//evil.example/luoxi()", "http://evil.example/'onclick='luoxi()",
    "https://evil.example/\"onmouseover=\"luoxi()", "mailto:a@b.example?subject=<script>luoxi()</script>",
)  # fmt: skip
MARKS = (
    "[a](javascript:luoxi())", "![a](x \"onerror=luoxi()\")", "<javascript:luoxi()>", "[a]: javascript:luoxi()\n\n[a]",
    "**<img src=x onerror=luoxi()>**", "```html\n</code><script>luoxi()</script>\n```",
    "[a](data:text/html;base64,PHNjcmlwdD56cXgoKTwvc2NyaXB0Pg==) luoxi()", "`<svg onload=luoxi()>`",
)  # fmt: skip
TEMPLATES = (
    "{{luoxi()}}", "{% include 'luoxi()' %}", "${luoxi()}", "#{luoxi()}", "<%= luoxi() %>", "{{constructor.constructor('luoxi()')()}}",
    "[[luoxi()]]", "{{ settings.SECRET_KEY }} luoxi()", "%(luoxi())s", "{0.__class__} luoxi()",
)  # fmt: skip
DISGUISES = (
    "&lt;script&gt;luoxi()&lt;/script&gt;", "&#60;script&#62;luoxi()&#60;/script&#62;", "%3Cscript%3Eluoxi()%3C/script%3E",
    "\\u003cscript\\u003eluoxi()", "＜script＞luoxi()＜/script＞", "<scr\u200bipt>luoxi()</script>", "<\u017fcript>luoxi()</script>",
    "+ADw-script+AD4-luoxi()+ADw-/script+AD4-", "\u202e<script>luoxi()</script>", "<script\x0c>luoxi()</script>",
    "<<script>luoxi()//<</script>", "<scr<script>ipt>luoxi()</scr</script>ipt>", "<script\n>luoxi()</script\n>",
    "<!--><script>luoxi()</script>", "<![CDATA[<script>luoxi()</script>]]>", "<?xml-stylesheet href='javascript:luoxi()'?>",
)  # fmt: skip
IN_SCRIPTS = (
    "';luoxi();//", '";luoxi();//', "\\';luoxi();//", "`;luoxi();`", "\u2028luoxi()//", "*/luoxi();/*", ");luoxi();(",
    "</script><script>luoxi()//", "${alert`luoxi()`}", "__proto__ luoxi()",
)  # fmt: skip
ELSEWHERE = (
    "luoxi()\r\nSet-Cookie: luoxi=1", "luoxi()\r\n\r\n<script>luoxi()</script>", "=cmd|'luoxi()'!A0",
    "luoxi()'; DROP TABLE people_person; --", "../../luoxi()", "<!--#exec cmd='luoxi()'-->", "<?php luoxi(); ?>luoxi()",
    "<!ENTITY z SYSTEM 'file:///etc/passwd'> luoxi()",
)  # fmt: skip
PAYLOADS = (
    *(f"{out}{run}" for run in RUNS for out in OUT_OF),
    *ATTRIBUTES, *ADDRESSES, *MARKS, *TEMPLATES, *DISGUISES, *IN_SCRIPTS, *ELSEWHERE,
)  # fmt: skip
# Attributes whose value is shown or sent, and never followed or run.
PLAIN = re.compile(r"value|title|alt|placeholder|content|label|aria-[\w-]+|data-[\w-]+|download")
LEADS = re.compile(r"href|src|action|formaction|hx-[\w-]+|poster|cite|data")


class Reading(HTMLParser):
    """What of the word stands where something comes of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.inside = tag if tag in ("script", "style") else ""
        if "luoxi" in tag:
            self.found.append(f"<{tag}>")
        for name, value in attributes:
            if "luoxi" in name or ("luoxi" in (value or "") and not self._is_plain(name, value)):
                self.found.append(f"<{tag} {name}={value!r}>")

    def _is_plain(self, name: str, value: str) -> bool:
        if LEADS.fullmatch(name):  # within an address of ours it is a part of the query, and every sign of it is written out
            return re.fullmatch(r"[/?#][^\s\"'<>`]*|mailto:\?[^\s\"'<>`]*", value) is not None and not value.startswith("//")
        return PLAIN.fullmatch(name) is not None

    def handle_data(self, data):
        if self.inside and "luoxi" in data:
            self.found.append(f"<{self.inside}> {data[:80]!r}")

    def handle_comment(self, data):
        if "luoxi" in data:
            self.found.append(f"<!-- {data[:80]!r}")

    def handle_endtag(self, tag):
        self.inside = ""


def ran(page: str) -> list[str]:
    return Reading(page).found if "luoxi" in page else []


@pytest.mark.parametrize(
    "page",
    ["<p>luoxi()<script>luoxi()</script>", "<img src=x onerror=luoxi()>", "<a href='javascript:luoxi()'>", "<p luoxi>",
     "<style>luoxi</style>", "<a href='//evil.example/luoxi'>", "<a href=' javascript:luoxi()'>", "<!-- luoxi -->",
     '<p title="" onclick=luoxi() x="">', "<luoxi>", "<iframe srcdoc='luoxi'>", "<a style='luoxi'>"],
)  # fmt: skip
def test_the_reading_finds_what_would_run(page):
    assert ran(page)


@pytest.mark.parametrize(
    "page", ["<p>&lt;script&gt;luoxi()", '<input value="luoxi()">', "<a href='/catalog/?q=luoxi%28%29'>", "<p>luoxi()"]
)
def test_the_reading_lets_words_pass(page):
    assert not ran(page)


def test_two_hundred_scripts():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 200


class Keys:
    """What is typed: as many of the payloads as go into a place, each place going on where it stopped."""

    def __init__(self) -> None:
        self.left: dict[str, list[str]] = {}
        self.typed: dict[str, str] = {}
        self.said: set[str] = set()

    def text(self, place: str, most: int) -> str:
        start = 7 * len(self.left) % len(PAYLOADS)
        left = self.left.setdefault(place, [*PAYLOADS[start:], *PAYLOADS[:start]][::-1])
        said = [left.pop() if left else PAYLOADS[start]]
        while left and sum(map(len, said)) + len(said) + len(left[-1]) <= min(most, MOST):
            said.append(left.pop())
        self.said.update(each for each in said if len(each) <= most)
        self.typed[place] = " ".join(said)
        return self.typed[place][:most]

    def wants(self, place: str) -> bool:
        """Whether not all of them have been typed there."""
        return self.left.get(place) != []

    def is_done(self) -> bool:
        return not any(self.left.values())


def hostile_pack() -> dict[str, str]:
    """Every text of a pack that an author writes."""
    script = "<script>luoxi()</script>"
    told = microcredential("x")
    change = {name: f"{value} {script}" for name, value in told.items() if name in ("summary", "competency", "key_method", "developer")}
    change |= {"title": f"Skill {script}"[:80], "rationale": [script], "observable_actions": [script], "authors": [script]}
    return pack_files("script-hills", change=change)


Place = tuple[str, str]  # who, and where
MOST = 480  # characters typed at one time: more is refused in many places
WITHIN = re.compile(r"/(?!account/)")  # where a form leads that signs nobody in or out
EVERYBODY = 100
SUPPORT = "/operations/support/"  # whoever looks through another's eyes sees nothing of their own


class Round:
    """Everything typed that `keys` wants, and pages read: all of them, or `pages`. What it changed is undone."""

    def __init__(self, typist: Typist, forms: list[Form], keys: Keys, pages: set[Place] | None = None, readers: int = 2) -> None:
        self.wrong: list[tuple[str, list[str]]] = []
        self.read: dict[Place, list[str]] = {}
        self.typist = typist
        before = transaction.savepoint()
        try:
            self._type(typist, [form for form in forms if form.action != SUPPORT], keys)
            everything = typist.pages([*typist.letters(), *typist.addresses(readers)]) if pages is None else typist.these(pages)
            for who, address, page in everything:
                self._read(who, address, page)
            for typed in typist.type_forms([form for form in forms if form.action == SUPPORT], keys.text, keys.wants):
                self._look(*typed)
            for who, address in (("operator", "/home/"), ("operator", "/portfolio/"), ("stranger", "/account/"), ("stranger", "/home/")):
                self._look(who, address, typist.client(who).get(address))
        finally:
            transaction.savepoint_rollback(before)
            transaction.savepoint_commit(before)

    def _type(self, typist: Typist, forms: list[Form], keys: Keys) -> None:
        for typed in chain(typist.type_forms(forms, keys.text, keys.wants), typist.type_operations(keys.text, keys.wants)):
            self._look(*typed)
        credential = credential_saying(keys.text("verify.credential", 400))
        for sent in ({"text": credential.decode()}, {"file": as_upload(credential)}, {"address": keys.text("verify.address", 200)}):
            self._look("visitor", "/verify/", typist.client("visitor").post("/verify/", sent))
        drain()

    def _look(self, who: str, where: str, answer) -> None:
        assert answer.status_code in (200, 201, 204, 302, 409, 412, 422), (who, where, answer.status_code)
        assert "luoxi" not in str(answer.headers).replace(answer.get("Location", "-"), ""), where
        if answer.get("Content-Type", "").startswith("text/html"):
            self._read(who, where, answer.content.decode())
        if answer.status_code == 302 and WITHIN.match(answer["Location"]):
            self._look(who, answer["Location"], self.typist.client(who).get(answer["Location"]))

    def _read(self, who: str, where: str, page: str) -> None:
        self.read.setdefault((who, where), []).append(page)
        if found := ran(page):
            self.wrong.append((f"{who} at {where}", found))

    def shown(self, keys: Keys) -> dict[str, set[Place]]:
        """By place, where its text was met again."""
        pages = {at: plain(unescape(" ".join(read))) for at, read in self.read.items()}
        return {place: {at for at, page in pages.items() if plain(said)[:40] in page} for place, said in keys.typed.items()}


def plain(text: str) -> str:
    """Without spaces and control characters, which are not kept as they were typed."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", "", text)


def begun() -> Typist:
    cast = Cast()
    catalog.import_pack(actor=SYSTEM, files=hostile_pack())
    drain()
    return Typist(cast)


@pytest.mark.long
@pytest.mark.soak
def test_each_of_the_two_hundred_is_words_in_every_field_to_everybody():
    """Everybody reads everything once. Then each field goes on, and is met where it is shown: for some rounds, or until it has had all."""
    typist, keys, rounds = begun(), Keys(), faults.count(middle=2, full=2 * len(PAYLOADS))
    forms = typist.forms()
    first = Round(typist, forms, keys, readers=EVERYBODY)
    shown, wrong = first.shown(keys), first.wrong
    assert [place for place, at in shown.items() if not at] == [], "typed, and read on no page: nobody has looked at it"
    assert len(first.read) > 150
    for _ in range(rounds):
        waiting = [at for place, at in shown.items() if keys.wants(place)]
        wrong += Round(typist, forms, keys, pages={each for at in waiting for each in sorted(at)[:1]}).wrong if waiting else []
    assert wrong == []
    assert keys.said == set(PAYLOADS)
    assert keys.is_done() or rounds < len(PAYLOADS)
