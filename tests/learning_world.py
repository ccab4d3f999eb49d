"""What the tests of the educator's pages share: a browser that is signed in, and words read off a page."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cairn.apps.people.models import Account
from cairn.apps.portfolio.queries import workspace
from cairn.kernel.ids import new_id
from tests import files_world

JSON = {"accept": "application/json"}


def browser(actor=None, **options) -> Client:
    client = Client(headers={"host": "localhost"}, **options)
    if actor is not None:
        client.force_login(Account.objects.get(person__pk=actor.person_id))
    return client


def words(page) -> str:
    """What stands on the page, without its marks."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).replace("\u00a0", " ")


def root(enrollment) -> str:
    return f"/portfolio/{enrollment.pk}/"


def upload(name="plan.pdf", data=None):
    return SimpleUploadedFile(name, files_world.make_pdf(2) if data is None else data)


def send(client, enrollment, *files, slot="plan", **options):
    """Files sent to a slot of the small pack's portfolio."""
    return client.post(f"{root(enrollment)}portfolio/{slot}/", {"file": list(files), "key": new_id()}, **options)


def opened(page, attribute="src"):
    """What the files host answers behind the page's link."""
    (address,) = re.findall(rf'{attribute}="(http://{settings.FILES_HOST}[^"#]*)', page.content.decode())
    parts = urlsplit(address)
    return Client(headers={"host": settings.FILES_HOST}).get(f"{parts.path}?{parts.query}")


def autosave(client, enrollment, field, value, version=0, at="narrative/"):
    """As static/cairn/js/autosave.js sends it."""
    return client.post(f"{root(enrollment)}{at}", {"field": field, "value": value, "version": version}, headers=JSON)


def answer(actor, enrollment, key):
    return next(a for part in workspace(actor, enrollment.pk).parts for a in part.answers if a.prompt.key == key)


def seen(page, name) -> str:
    """What the page remembers of a text, to be sent back with it."""
    found = re.search(rf'name="seen-{re.escape(name)}" value="([^"]*)"', page.content.decode())
    assert found, f"the page has no text {name}"
    return found[1]
