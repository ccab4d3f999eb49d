"""Verify a badge the way Open Badges 3.0 section 8 describes, as named checks that a person can read.

Not here: fetching anything. The caller gives `resolve_did` (a DID, or an issuer's address, to its document) and `resolve_status`
(a list's address to its credential); both return None where they cannot tell, and then nothing is called valid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from cairn.kernel.errors import Invalid
from cairn.pure.badges import keys, proof, status, structure
from cairn.pure.badges.contexts import Contexts
from cairn.pure.badges.errors import CannotTell
from cairn.pure.badges.reading import load
from cairn.pure.badges.values import moment, parts

Document = Mapping[str, object]
ResolveDid = Callable[[str], Document | None]
ResolveStatus = Callable[[str], Document | bytes | str | None]
Found = TypeVar("Found")

MAX_PROOFS = 4
PASSED, FAILED, UNKNOWN = "passed", "failed", "unknown"
VALID, REVOKED, INVALID = "valid", "revoked", "invalid"
# Each check: what it is called, and what is expected. In the order in which they are made and shown.
CHECKS: Mapping[str, tuple[str, str]] = {
    "readable": ("The file holds a credential", "one JSON object, read the same way by every reader"),
    "structure": ("It is built as an Open Badge", "the parts that Open Badges 3.0 requires"),
    "subject": ("It says whom it is about", "an id or an identifier of a person"),
    "issuer": ("It was signed with a key of its issuer", "a key that the issuer lists for making statements"),
    "signature": ("Nothing was changed since it was signed", "a Data Integrity signature that fits every field"),
    "status": ("It has not been revoked", "an entry that is not set in the issuer's signed status list"),
    "period": ("It is within its validity period", "a moment from validFrom up to validUntil"),
}


@dataclass(frozen=True)
class Check:
    """One named check: `result` is passed, failed or unknown; `got` says in a sentence what was found."""

    key: str
    title: str
    result: str
    expected: str
    got: str


@dataclass(frozen=True)
class Verification:
    """All checks in their order, and the credential as it was read (None when it could not be).

    `verdict` is valid, revoked, invalid or unknown; only valid means that the badge may be relied on.
    """

    checks: tuple[Check, ...]
    credential: Document | None

    @property
    def verdict(self) -> str:
        results = {check.key: check.result for check in self.checks}
        if any(result == FAILED for key, result in results.items() if key != "status"):
            return INVALID
        if results["status"] == FAILED:
            return REVOKED
        return UNKNOWN if UNKNOWN in results.values() else VALID


@dataclass
class _Steps:
    """The checks made so far."""

    checks: dict[str, Check] = field(default_factory=dict)

    def take(self, key: str, step: Callable[[], tuple[Found, str]]) -> Found | None:
        """Make one check; what it found, or None when it did not pass."""
        try:
            found, got = step()
        except Invalid as refusal:
            self._note(key, UNKNOWN if isinstance(refusal, CannotTell) else FAILED, refusal.message)
            return None
        self._note(key, PASSED, got)
        return found

    def _note(self, key: str, result: str, got: str) -> None:
        title, expected = CHECKS[key]
        self.checks[key] = Check(key, title, result, expected, got)

    def done(self, credential: Document | None) -> Verification:
        """The report: a check that an earlier one stood in the way of is unknown."""
        for key in CHECKS:
            if key not in self.checks:
                self._note(key, UNKNOWN, "Not checked, because an earlier check did not pass.")
        return Verification(tuple(self.checks[key] for key in CHECKS), credential)


def verify(document: object, *, resolve_did: ResolveDid, resolve_status: ResolveStatus, contexts: Contexts, now: datetime) -> Verification:
    """Check a badge given as bytes (JSON or PNG), text or an object. Raises for no input; what a resolver raises goes through."""
    steps = _Steps()

    # 1. Read it: strict JSON, within limits.
    credential = steps.take("readable", lambda: (load(document), "A credential."))
    if credential is None:
        return steps.done(None)

    # 2. The structure that the specification's JSON Schema demands.
    steps.take("structure", lambda: _structure(credential))

    # 3. It names the person: an id, an identifier, or both.
    steps.take("subject", lambda: (True, f"Named by {structure.about_someone(credential)}."))

    # 4. The proof was made with a key that the issuer itself lists for making statements.
    public_keys = steps.take("issuer", lambda: _issuer_keys(credential, resolve_did, now))

    # 5. The proof covers the credential, every field of it.
    signed = public_keys and steps.take("signature", lambda: _signature(credential, public_keys, contexts, now))

    # 6. The issuer has not revoked it. Only a list that a genuine credential names is asked for.
    if signed:
        steps.take("status", lambda: _status(credential, resolve_did, resolve_status, contexts, now))

    # 7. It is valid already, and still.
    steps.take("period", lambda: _period(credential, now))
    return steps.done(credential)


def _structure(credential: Document) -> tuple[bool, str]:
    wrong = structure.problems(credential)
    if wrong:
        message = "; ".join(f"{path} {what}" for path, what in list(wrong.items())[:5]) + "."
        raise Invalid("bad-structure", message, "Ask the issuer for a new one.")
    return True, "All of them."


def _issuer_id(credential: Document) -> str:
    issuer = credential.get("issuer")
    id_ = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    if not isinstance(id_, str):
        raise Invalid("no-issuer", "It names no issuer.", "Ask the issuer for the original file.")
    return id_


def _proofs(credential: Document) -> list[Document]:
    """The proofs of a kind known here. A proof set may hold others, made for other readers (VC Data Integrity, section 2.1.1)."""
    entries = parts(credential.get("proof"))
    if not entries or len(entries) > MAX_PROOFS:
        raise Invalid("no-proof", f"It has {len(entries)} signatures.", "Ask the issuer for the original file.")
    known = [entry for entry in entries if isinstance(entry, Mapping) and proof.is_known(entry)]
    if not known:
        kinds = ", ".join(f"{entry.get('cryptosuite', entry.get('type'))!r:.60}" for entry in entries if isinstance(entry, Mapping))
        message = f"It is signed with {kinds or 'nothing readable'}; Cairn checks {', '.join(proof.SUITES)}."
        raise CannotTell("unknown-suite", message, "Use a verifier that knows it.")
    return known


def _issuer_keys(credential: Document, resolve_did: ResolveDid, now: datetime) -> tuple[list[bytes], str]:
    """The public key behind each proof, in order: a second proof counts as much as the first."""
    issuer = _issuer_id(credential)
    methods = [entry.get("verificationMethod") for entry in _proofs(credential)]
    for method in methods:
        if not isinstance(method, str) or method.partition("#")[0] != issuer:
            message = f"It was signed with {method!r:.120}, which is not a key of {issuer:.100}."
            raise Invalid("foreign-key", message, "Ask the issuer for the original file.")
    document = keys.did_key_document(issuer) if issuer.startswith("did:key:") else resolve_did(issuer)
    if document is None:
        raise CannotTell("issuer-out-of-reach", f"The keys of {issuer:.100} could not be looked up.", "Try again later.")
    found = [keys.assertion_key(document, str(method), now) for method in methods]
    return found, f"A key listed by {issuer}."


def _signature(credential: Document, public_keys: list[bytes], contexts: Contexts, now: datetime) -> tuple[bool, str]:
    proofs = _proofs(credential)
    for entry, public_key in zip(proofs, public_keys, strict=True):
        proof.check(credential, entry, public_key=public_key, contexts=contexts, now=now)
    return True, ", ".join(f"{entry['cryptosuite']} of {entry.get('created', 'an unnamed date')}" for entry in proofs)


def _period(credential: Document, now: datetime) -> tuple[bool, str]:
    """VC Data Model 2.0, section 4.9: from validFrom on, up to and including validUntil."""
    start = moment(credential.get("validFrom"))
    if start > now:
        raise Invalid("not-yet-valid", f"It becomes valid on {credential['validFrom']}.", "Come back then.")
    if "validUntil" not in credential:
        return True, f"Valid from {credential['validFrom']} without an end."
    if moment(credential["validUntil"]) < now:
        raise Invalid("expired", f"It expired on {credential['validUntil']}.", "Ask the issuer for a new one.")
    return True, f"Valid from {credential['validFrom']} to {credential['validUntil']}."


def _status(
    credential: Document, resolve_did: ResolveDid, resolve_status: ResolveStatus, contexts: Contexts, now: datetime
) -> tuple[bool, str]:
    """Bitstring Status List 1.0, section 3.2 (validate algorithm), for each entry."""
    entries = parts(credential.get("credentialStatus"))
    if not entries:
        return True, "The issuer keeps no status for it: it cannot be revoked."
    for part in entries:
        if not isinstance(part, Mapping):
            raise CannotTell("unknown-status", "Its status entry is malformed.", "Ask the issuer.")
        place = status.entry(part)
        bits = _status_bits(place, _issuer_id(credential), resolve_did, resolve_status, contexts, now)
        if status.bit(bits, place.index):
            raise Invalid("revoked", f"The issuer has {'suspended' if place.purpose == 'suspension' else 'revoked'} it.", "Ask the issuer.")
    return True, "The issuer's status list says so."


def _status_bits(
    place: status.StatusEntry, issuer: str, resolve_did: ResolveDid, resolve_status: ResolveStatus, contexts: Contexts, now: datetime
) -> bytes:
    """The bits of the list, once it is known to be the issuer's own, for this purpose, and current; CannotTell otherwise."""
    try:
        answer = resolve_status(place.list_url)
        if answer is None:
            raise Invalid("status-retrieval", "it could not be looked up.", "Try again later.")
        listing = load(answer)
        if listing.get("id") != place.list_url or _issuer_id(listing) != issuer:
            raise Invalid("status-verification", "it belongs to another address or issuer.", "Ask the issuer.")
        public_keys, _ = _issuer_keys(listing, resolve_did, now)
        _signature(listing, public_keys, contexts, now)
        _period(listing, now)
    except Invalid as refusal:
        message = f"The issuer's status list cannot be relied on: {refusal.message}"
        raise CannotTell(refusal.code, message, "Try again later.") from refusal
    return status.list_bits(listing, place.purpose)
