"""Verifying a badge here: pure.badges makes the checks; this adds what only this site knows. Not here: fetching from anywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings

from cairn.apps.credentials.models import Credential, StatusList
from cairn.apps.credentials.queries.publishing import contexts, credential_url, did_document, issuer_did, status_url
from cairn.frame.actor import VISITOR, Actor
from cairn.kernel import clock
from cairn.kernel.errors import Invalid, NotFound
from cairn.kernel.ids import ALPHABET, LENGTH
from cairn.pure import badges
from cairn.pure.badges.verify import CHECKS as badge_checks

# Every check made here: what it is called, and what is expected.
CHECKS: Mapping[str, tuple[str, str]] = {
    **badge_checks,
    "known": ("This site knows who stands behind it", "a credential in the records of this site"),
}
_ADDRESS = re.compile(rf"/credentials/([{ALPHABET}]{{{LENGTH}}})(\.json|\.png)?/?")
_STATUS = re.compile(r"[1-9][0-9]{0,8}")


def verify(viewer: Actor, data: bytes | str) -> badges.Verification:
    """Named checks of a badge as JSON or PNG. Only what this site publishes is looked up: nothing typed here makes a request leave."""
    told = badges.verify(data, resolve_did=cache(_resolve_did), resolve_status=_resolve_status, contexts=contexts(), now=clock.now())
    own = own_record(told)
    return replace(told, checks=(*(_as_it_stands(check, own) for check in told.checks), _known(told, own)))


def _resolve_did(did: str) -> Mapping[str, object] | None:
    return did_document(VISITOR) if did == issuer_did() else None


def _resolve_status(url: str) -> str | None:
    prefix = status_url(0).removesuffix("0")
    number = url.removeprefix(prefix)
    if not url.startswith(prefix) or not _STATUS.fullmatch(number):
        return None
    return StatusList.objects.exclude(signed="").filter(number=int(number)).values_list("signed", flat=True).first()


def says_revoked(listing: str) -> frozenset[int] | None:
    """Places that a status list of this site, as it was signed, says are revoked; None when it is no such list."""
    told = badges.verify(listing, resolve_did=_resolve_did, resolve_status=_resolve_status, contexts=contexts(), now=clock.now())
    if told.credential is None or not _is_signed(told) or _issuer_of(told) != issuer_did():
        return None
    try:
        bits = badges.list_bits(told.credential, "revocation")
    except Invalid:
        return None
    return frozenset(8 * at + place for at, byte in enumerate(bits) if byte for place in range(8) if byte & 0x80 >> place)


def _issuer_of(told: badges.Verification) -> str:
    issuer = (told.credential or {}).get("issuer")
    return str(issuer.get("id") if isinstance(issuer, Mapping) else issuer)


def _is_signed(told: badges.Verification) -> bool:
    return any(check.key == "signature" and check.result == "passed" for check in told.checks)


def own_record(told: badges.Verification) -> Credential | None:
    """This site's record of a badge that it signed."""
    if told.credential is None or not _is_signed(told) or _issuer_of(told) != issuer_did():
        return None
    prefix, name = credential_url(""), str(told.credential.get("id"))
    if not name.startswith(prefix):
        return None
    return Credential.objects.filter(pk=name.removeprefix(prefix)).exclude(signed="").only("state").first()


def _as_it_stands(check: badges.Check, own: Credential | None) -> badges.Check:
    """A revocation counts from the moment it is made, not only once the status list is signed anew."""
    if check.key != "status" or own is None:
        return check
    soon = "The status list, which tells others, is being signed anew."
    if own.state == "revoked" and check.result == "passed":
        return replace(check, result="failed", got=f"The issuer has revoked it. {soon}")
    if own.state == "issued" and check.result == "failed":
        return replace(check, result="passed", got=f"The issuer has given it back. {soon}")
    return check


def _known(told: badges.Verification, own: Credential | None) -> badges.Check:
    """Who stands behind it: a signature alone proves only that an issuer, whoever that may be, signed it."""
    if own is not None:
        result, got = "passed", "It was issued here, and is in the records of this site."
    elif not _is_signed(told):
        result, got = "unknown", "Not checked, because an earlier check did not pass."
    elif _issuer_of(told) == issuer_did():
        result, got = "unknown", "It is signed with a key of this site, but its records do not hold it."
    else:
        stranger = f"It is signed by {_issuer_of(told):.100}, whom this site does not know."
        result, got = "unknown", f"{stranger} Anyone can sign as an issuer of their own."
    return badges.Check("known", CHECKS["known"][0], result, CHECKS["known"][1], got)


def signed_at(viewer: Actor, address: str) -> str:
    """The signed JSON behind an address of this site, as somebody typed it."""
    typed = address.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"//{typed}")
        host = parts.hostname
    except ValueError:
        raise Invalid("not-an-address", "This is not an address.", "Copy it whole from the browser.") from None
    if parts.scheme not in ("", "http", "https") or host != urlsplit(settings.SITE_URL).hostname:
        raise Invalid(
            "elsewhere", f"Only addresses of {settings.SITE_URL} are read; nothing is fetched from elsewhere.",
            "Download the credential there, and choose the file here or paste its text.",
        )  # fmt: skip
    found = _ADDRESS.fullmatch(parts.path)
    signed = found and Credential.objects.visible_to(viewer).exclude(signed="").filter(pk=found[1]).values_list("signed", flat=True).first()
    if not signed:
        raise NotFound("credential at this address", code="no-credential-there")
    return signed
