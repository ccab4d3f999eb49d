"""Badges under invented input: round trips, mutations that must never verify, noise that must never crash."""

from __future__ import annotations

import functools
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cairn.kernel.errors import Invalid
from cairn.pure.badges import bake, build, did_document_url, did_from_url, email_identity, name_identity, read, unbake, verify
from cairn.pure.badges.keys import base58_decode, base58_encode, decode_public, encode_public
from cairn.pure.badges.reading import load
from cairn.pure.badges.status import LENGTH, bit, decode, encode
from cairn.pure.badges.values import is_printable, moment, stamp
from tests.badges_world import DID, NOW, achievement, award, check, contexts, issuer, leaves, signed, unsigned, with_leaf_changed
from tests.unit.badges.test_badge_baking import picture

settings = functools.partial(hypothesis_settings, deadline=None)  # a busy machine is no failure
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
WORDS = ANY_TEXT.filter(lambda text: is_printable(text) and bool(text.strip()))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(ANY_TEXT | st.sampled_from(["id", "type", "@id", "@type", "@value"]), inner, max_size=4)
    ),
    max_leaves=12,
)
SIGNED = signed()
LEAVES = list(leaves(SIGNED))
BADGE = json.dumps(SIGNED).encode()
BAKED = bake(picture(), json.dumps(SIGNED))


def said(value: Any) -> list[str]:
    """What a value says in JSON-LD: lists are sets, nulls are nothing, a value object is its value."""
    if isinstance(value, list):
        return sorted({text for inner in value for text in said(inner)})
    if isinstance(value, dict) and value.keys() == {"@value"}:
        return said(value["@value"])
    return [] if value is None else [json.dumps(value)]


def place(path: tuple[str | int, ...], document: dict[str, Any]) -> Any:
    inner: Any = document
    for step in path:
        inner = inner[step]
    return inner


@given(st.binary(max_size=80))
@settings()
def test_base58_reads_back(data: bytes) -> None:
    assert base58_decode(base58_encode(data)) == data


@given(st.binary(min_size=32, max_size=32))
@settings()
def test_public_keys_read_back(key: bytes) -> None:
    assert decode_public(encode_public(key)) == key


@given(
    st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z0-9]{1,10}){0,3}", fullmatch=True),
    st.none() | st.integers(1, 65535),
    st.lists(st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True), max_size=3),
)
@settings()
def test_a_did_leads_back_to_its_site(host: str, port: int | None, path: list[str]) -> None:
    site = "/".join([f"{host}:{port}" if port else host, *path])
    url = did_document_url(did_from_url(f"https://{site}"))
    assert url.partition("://")[2] == (f"{site}/did.json" if path else f"{site}/.well-known/did.json")


@given(st.datetimes(min_value=NOW.replace(year=1, tzinfo=None), timezones=st.timezones()))
@settings()
def test_moments_read_back_to_the_second(value: Any) -> None:
    try:
        written = stamp(value)
    except OverflowError:
        return
    assert len(written) == len("2026-11-21T08:00:00Z")
    assert abs(moment(written) - value) < timedelta(seconds=1)


@given(st.sets(st.integers(0, LENGTH - 1), max_size=50))
@settings(max_examples=30)
def test_status_bits_read_back(indexes: set[int]) -> None:
    bits = decode(encode(indexes))
    assert sum(byte.bit_count() for byte in bits) == len(indexes)
    assert all(bit(bits, index) for index in indexes)


@given(ANY_TEXT)
@settings()
def test_what_is_baked_in_comes_out_again(text: str) -> None:
    assert unbake(bake(picture(), text)) == text
    assert unbake(bake(bake(picture(), "another"), text)) == text


@given(WORDS, WORDS, WORDS, WORDS)
@settings(max_examples=60)
def test_any_words_make_a_valid_badge_and_no_other_words_fit_its_signature(name: str, criteria: str, person: str, other: str) -> None:
    what = replace(achievement(), name=name, description=criteria, criteria=criteria)
    document = signed(build(award(identities=(name_identity(person), email_identity(person, other))), what, issuer()))
    assert check(json.dumps(document).encode()).verdict == "valid"
    if other != name:
        assert check({**document, "name": other}).verdict == "invalid"


@given(st.sampled_from(LEAVES), JSON)
@settings(max_examples=200)
def test_any_other_value_in_any_field_breaks_the_badge(path: tuple[str | int, ...], value: Any) -> None:
    changed = with_leaf_changed(SIGNED, path)
    place(path[:-1], changed)[path[-1]] = value
    assert said(value) == said(place(path, SIGNED)) or check(changed).verdict != "valid"


@given(st.sampled_from(sorted({path[:depth] for path in LEAVES for depth in range(len(path))}, key=str)), ANY_TEXT, JSON)
@settings(max_examples=200)
def test_a_field_added_anywhere_breaks_the_badge(path: tuple[str | int, ...], name: str, value: Any) -> None:
    changed = json.loads(BADGE)
    target = place(path, changed)
    if isinstance(target, dict) and name not in target:
        target[name] = value
        assert check(changed).verdict != "valid"


@given(st.integers(0, len(BADGE) * 8 - 1))
@settings(max_examples=300)
def test_one_flipped_bit_breaks_the_badge_or_changes_nothing(position: int) -> None:
    flipped = bytearray(BADGE)
    flipped[position // 8] ^= 1 << position % 8
    try:
        same = load(bytes(flipped)) == SIGNED
    except Invalid:
        same = False
    assert (check(bytes(flipped)).verdict == "valid") == same


@given(st.integers(0, len(BAKED) * 8 - 1))
@settings(max_examples=200)
def test_one_flipped_bit_in_a_baked_badge_is_noticed(position: int) -> None:
    flipped = bytearray(BAKED)
    flipped[position // 8] ^= 1 << position % 8
    assert check(bytes(flipped)).verdict != "valid"


@given(st.binary(max_size=400) | st.builds(lambda tail: b"\x89PNG\r\n\x1a\n" + tail, st.binary(max_size=400)))
@settings()
def test_noise_is_refused_and_never_crashes(data: bytes) -> None:
    for reader in (read, unbake):
        with suppress(Invalid):
            assert isinstance(reader(data), str)
    assert check(data).verdict != "valid"


@given(JSON)
@settings(max_examples=200)
def test_any_json_gets_a_verdict(document: Any) -> None:
    assert check(document).verdict in ("invalid", "unknown")
    assert check(json.dumps(document)).verdict in ("invalid", "unknown")


@given(st.sampled_from(sorted(unsigned())), JSON)
@settings(max_examples=200)
def test_any_json_in_place_of_a_part_gets_a_verdict(name: str, value: Any) -> None:
    assert (check({**SIGNED, name: value}).verdict == "valid") == (value == SIGNED[name])


@given(JSON, JSON)
@settings(max_examples=150)
def test_whatever_the_issuer_publishes_gets_a_verdict(keys: Any, listing: Any) -> None:
    found = {"id": DID, "assertionMethod": keys, "verificationMethod": keys}
    answers = {"resolve_did": lambda did: found, "resolve_status": lambda url: listing, "contexts": contexts(), "now": NOW}
    assert verify(SIGNED, **answers).verdict != "valid"
    assert check(SIGNED, resolve_status=lambda url: listing).verdict == "unknown"


@pytest.mark.long
@given(st.lists(st.tuples(st.sampled_from(LEAVES), JSON), min_size=1, max_size=4))
@settings(max_examples=10_000)
def test_ten_thousand_forgeries_are_refused(changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    changed = json.loads(BADGE)
    for path, value in changes:
        place(path[:-1], changed)[path[-1]] = value
    same = all(said(place(path, changed)) == said(place(path, SIGNED)) for path, _ in changes)
    assert same or check(changed).verdict != "valid"
