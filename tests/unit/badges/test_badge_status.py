"""Bitstring Status Lists."""

import base64
import gzip
import zlib

import pytest

from cairn.pure.badges import StatusEntry
from cairn.pure.badges.errors import CannotTell
from cairn.pure.badges.status import LENGTH, MAX_INFLATED, bit, decode, encode, entry, list_bits
from tests.badges_world import SITE, status_list


def packed(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(data, mtime=0)).decode().rstrip("=")


def test_index_nought_is_the_left_most_bit() -> None:
    bits = decode(encode([0, 9, LENGTH - 1]))
    assert bits[0] == 0b1000_0000
    assert bits[1] == 0b0100_0000
    assert bits[-1] == 0b0000_0001
    assert sum(byte.bit_count() for byte in bits) == 3


def test_a_list_holds_at_least_sixteen_kilobytes() -> None:
    assert len(decode(encode([]))) == 16 * 1024
    with pytest.raises(ValueError, match="at least"):
        encode([], 1024)
    with pytest.raises(ValueError, match="outside"):
        encode([LENGTH])


def test_the_same_bits_give_the_same_text() -> None:
    assert encode([5, 7]) == encode([7, 5, 7])
    assert encode([]).startswith("uH4sI")
    assert base64.urlsafe_b64decode(encode([])[1:] + "==")[4:8] == bytes(4), "gzip holds a time"


def test_a_bit_outside_the_list_cannot_be_told() -> None:
    with pytest.raises(CannotTell) as refusal:
        bit(decode(encode([])), LENGTH)
    assert refusal.value.code == "range"


LONG = bytes(LENGTH // 8)
MALFORMED = {
    "nothing": ("", "malformed-value"),
    "no text": (None, "malformed-value"),
    "no prefix": (packed(LONG)[1:], "malformed-value"),
    "another base": ("z" + packed(LONG)[1:], "malformed-value"),
    "padded": (packed(LONG) + "=", "malformed-value"),
    "plain base64": (packed(LONG) + "+/", "malformed-value"),
    "not compressed": ("u" + base64.urlsafe_b64encode(LONG).decode().rstrip("="), "malformed-value"),
    "zlib, not gzip": ("u" + base64.urlsafe_b64encode(zlib.compress(LONG)).decode().rstrip("="), "malformed-value"),
    "cut short": (packed(LONG)[:-8], "malformed-value"),
    "an odd letter": (packed(LONG)[:-1] + "A" * 2, "malformed-value"),
    "two of them": ("u" + base64.urlsafe_b64encode(gzip.compress(LONG) * 2).decode().rstrip("="), "malformed-value"),
    "a bomb": (packed(bytes(MAX_INFLATED + 1)), "malformed-value"),
    "too few": (packed(LONG[:-1]), "status-list-length"),
}


@pytest.mark.parametrize(("encoded", "code"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_list_cannot_be_told(encoded: object, code: str) -> None:
    with pytest.raises(CannotTell) as refusal:
        decode(encoded)
    assert refusal.value.code == code


def test_an_entry_reads_back_as_it_was_written() -> None:
    place = StatusEntry(f"{SITE}/status/1", 4711, "suspension")
    assert entry(place.as_json()) == place
    assert entry({**place.as_json(), "statusListIndex": 4711}) == place
    assert place.as_json()["id"] != place.list_url


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "1EdTechRevocationList"},
        {"type": None},
        {"statusPurpose": "message"},
        {"statusPurpose": ["revocation"]},
        {"statusSize": 2},
        {"statusListIndex": "-1"},
        {"statusListIndex": "01"},
        {"statusListIndex": "1e3"},
        {"statusListIndex": "٣"},
        {"statusListIndex": True},
        {"statusListIndex": None},
        {"statusListCredential": "status/1"},
        {"statusListCredential": None},
        {"id": f"{SITE}/status/1"},
    ],
)
def test_an_entry_of_another_kind_cannot_be_told(changes: dict[str, object]) -> None:
    with pytest.raises(CannotTell):
        entry({**StatusEntry(f"{SITE}/status/1", 4711).as_json(), **changes})


def test_a_list_credential_reads_back() -> None:
    listing = status_list((3,))
    assert listing["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    bits = list_bits(listing, "revocation")
    assert [bit(bits, index) for index in (2, 3, 4)] == [False, True, False]


@pytest.mark.parametrize(
    "changes",
    [{"type": ["VerifiableCredential"]}, {"credentialSubject": None}, {"credentialSubject": {"type": "Other"}}],
)
def test_what_is_no_status_list_cannot_be_told(changes: dict[str, object]) -> None:
    with pytest.raises(CannotTell):
        list_bits({**status_list(), **changes}, "revocation")


def test_a_list_for_another_purpose_cannot_be_told() -> None:
    with pytest.raises(CannotTell, match="not one for suspension"):
        list_bits(status_list(), "suspension")
