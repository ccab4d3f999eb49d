"""Whatever is sent, by whomever, to wherever: an answer in words, never an error of ours; and what was written is not lost."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import transaction

from cairn.interfaces.cli.reference import DOOR, LIBRARY, routes
from cairn.kernel.ids import new_id
from tests.cast import Cast
from tests.learning_world import JSON, autosave, browser, root, words
from tests.routes_world import committed

pytestmark = pytest.mark.django_db

# What stands in a field in place of what belongs there.
NASTY = {
    "a zero byte": "a\0b",
    "far too much": "x" * 70_000,
    "half a character": "a\ud800b",
    "signs that turn the text around": "a\u202eb",
    "a sign that is none": "a\uffffb",
    "markup": "<script>alert(1)</script>",
    "nothing": "",
    "spaces": " \t \n ",
    "a huge number": "9" * 400,
    "less than nothing": "-1",
    "a day that is none": "2025-02-31",
    "somebody's id": "0" * 20,
    "a path": "../../etc/passwd",
    "two values": ["a", "b"],
}
WORST = ("a zero byte", "far too much")
PEOPLE = ("visitor", "educator", "assessor", "admin", "operator")  # who are shown all the forms there are
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
FIELD = re.compile(r'<(input|textarea|select|button)\b([^>]*\bname="([^"]+)"[^>]*)>([^<]*(?:<option.*?</select>)?)', re.S)


def forms_of(page, address):
    """Address and fields, as they would be sent, of each form on the page that changes something."""
    found = []
    for attributes, inside in FORM.findall(page.content.decode()):
        if 'method="post"' in attributes:
            action = re.search(r'action="([^"]*)"', attributes)
            fields = {name: _value(kind, told, text) for kind, told, name, text in FIELD.findall(inside)}
            fields.pop("csrfmiddlewaretoken", None)  # forged forms are tested by themselves
            found.append((unescape(action[1]) if action and action[1] else address, fields))
    return found


def _value(kind, attributes, text):
    if kind == "textarea":
        return unescape(text.strip("\n"))
    told = re.search(r'value="([^"]*)"', text if kind == "select" else attributes)
    return unescape(told[1]) if told else ""


def send(client, address, fields, **options):
    body = urlencode({**fields, "key": new_id()}, doseq=True, errors="surrogatepass")
    return client.post(address, body, content_type="application/x-www-form-urlencoded", **options)


def answered(client, address, fields):
    """The status; what was changed is undone."""
    before = transaction.savepoint()
    try:
        return send(client, address, fields).status_code
    finally:
        transaction.savepoint_rollback(before)
        transaction.savepoint_commit(before)  # rolled back to it is still there, and each that stands makes the next dearer


def clients(cast):
    for name in PEOPLE:
        client = browser(cast.members[name])
        client.raise_request_exception = False
        yield name, client


def addresses(cast, who=""):
    """Every address; for somebody those that may show them a form, by the table of who gets in where."""
    table = committed() if who else {}
    for route, called in routes():
        is_ours = not (called.startswith(LIBRARY) and "<" in route) and not route.startswith(("api/", f"{DOOR}/", "^"))
        if is_ours and table.get(f"`GET /{route}`", {}).get(who, "yes") == "yes":
            yield cast.address(route)
    yield from (f"{root(cast.draft)}{more}" for more in ("narrative/", "portfolio/", "analysis/1b/?cite=1"))


def every_form(cast):
    """Each form that somebody is shown: whose, where it is sent, its fields."""
    seen = set()
    for name, client in clients(cast):
        for address in addresses(cast, name):
            page = client.get(address)
            if page.status_code == 200 and "html" in page["Content-Type"]:
                for action, fields in forms_of(page, address):
                    if (action, tuple(fields)) not in seen:
                        seen.add((action, tuple(fields)))
                        yield name, client, action, fields


def broken_by(cast, nasty):
    """Every field of every form in turn."""
    broken, tried = [], 0
    for name, client, action, fields in every_form(cast):
        for field in fields:
            for what in nasty:
                tried += 1
                status = answered(client, action, {**fields, field: NASTY[what]})
                if status >= 500:
                    broken.append((name, action, field, what, status))
    return broken, tried


def test_no_field_of_any_form_can_be_broken():
    broken, tried = broken_by(Cast(), WORST)
    assert broken == []
    assert tried > 100


@pytest.mark.long
def test_no_field_of_any_form_can_be_broken_by_anything():
    broken, tried = broken_by(Cast(), NASTY)
    assert broken == []
    assert tried > 800


# --- Requests that are wrong as a whole ----------------------------------------------------------------------------------


def test_more_text_than_a_form_takes_is_refused_in_a_sentence_once_all_of_it_was_sent(world):
    actor, enrollment = world.enrolled()
    client, text = browser(actor), "word " * 1_100_000
    for address, fields, options in (
        ("/verify/", {"text": text}, {}),
        (f"{root(enrollment)}narrative/", {"place": text}, {}),
        (f"{root(enrollment)}narrative/", {"field": "place", "value": text, "version": 0}, {"headers": JSON}),
    ):
        answer = send(client, address, fields, **options)
        assert answer.status_code == 413
        said = answer.json()["message"] if options else words(answer)
        assert re.search(r"More than 5 MB .* none of it was read\.", said)
        assert answer.wsgi_request.read() == b""  # a browser that is cut off while it sends would show no answer


BROKEN = {
    "cut short": ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nx'),
    "another boundary": (
        "multipart/form-data; boundary=other",
        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nx\r\n--b--\r\n',
    ),
    "no boundary": ("multipart/form-data", b"--b--"),
    "a boundary that is none": ("multipart/form-data; boundary=\xe9", b"--b--"),
    "a part without a name": ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
    "3,000 fields": ("application/x-www-form-urlencoded", b"&".join(b"f%d=x" % n for n in range(3000))),
    "bytes that are no text": ("application/x-www-form-urlencoded", b"text=%ff%fe&\xff=\xfe"),
    "JSON": ("application/json", b'{"text": "x"}'),
    "nothing": ("", b""),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_request_that_cannot_be_read_is_answered_all_the_same(world, what):
    actor, enrollment = world.enrolled()
    kind, body = BROKEN[what]
    for address in ("/verify/", f"{root(enrollment)}narrative/", f"{root(enrollment)}portfolio/plan/"):
        answer = browser(actor, raise_request_exception=False).generic("POST", address, body, content_type=kind)
        assert answer.status_code in (200, 302, 400, 413, 422)
        assert answer.status_code == 302 or "<h1" in answer.content.decode()


@pytest.mark.long
def test_other_methods_than_those_of_a_page_break_nothing():
    cast = Cast()
    broken = []
    for name, client in clients(cast):
        if name in ("educator", "admin"):
            asked = [(method, address) for address in addresses(cast) for method in ("PUT", "DELETE")]
            broken += [(name, *each) for each in asked if client.generic(*each, b"x=y").status_code >= 500]
    assert broken == []


@pytest.mark.parametrize("forged", ["0" * 19, "0" * 21, "O" * 20, "0" * 19 + "%00", "..%2f" * 4, "%ed%a0%80", "é" * 20, "1"])
def test_what_is_no_id_is_not_found_before_anything_is_asked(world, forged):
    client = browser(world.person())
    for address in ("enroll/{}/", "portfolio/{}/", "portfolio/{}/check/", "scoring/{}/", "scoring/{}/1a/", "credentials/{}/",
                    "demo/mail/{}/", "org/small-steps-institute/people/groups/{}/", "operations/deliveries/{}/set-aside/"):  # fmt: skip
        assert client.get(f"/{address.format(forged)}").status_code == 404


@pytest.mark.parametrize(
    ("field", "version", "status"),
    [("nothing", 0, 404), ("why.nothing", 0, 404), (f"why.{'0' * 20}", 0, 404), ("", 0, 404), ("place", "", 422), ("place", "x", 422),
     ("place", "9" * 30, 422), ("place", "-1", 422), ("place", "٣", 422), ("place", 7, 409)],
)  # fmt: skip
def test_a_save_of_nothing_known_or_over_no_known_version_saves_nothing(world, field, version, status):
    actor, enrollment = world.enrolled()
    client = browser(actor)
    answer = autosave(client, enrollment, field, "What I wrote.", version)
    assert answer.status_code == status
    assert answer.json()["message"]
    assert "What I wrote." not in words(client.get(f"{root(enrollment)}narrative/"))
