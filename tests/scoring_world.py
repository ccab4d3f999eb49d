"""Assessors at their pages: signed in over HTTP, opening evidence on the files host."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.test import Client

from cairn.apps.people.models import Account


def signed_in(actor) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Account.objects.get(person__pk=actor.person_id))
    return client


def opened(url, **headers):
    """What the files host answers to an address that a page names; it gets no cookie."""
    parts = urlsplit(url)
    assert parts.hostname == "127.0.0.1"
    return Client(headers={"host": parts.netloc}).get(f"{parts.path}{'?' + parts.query if parts.query else ''}", headers=headers)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
