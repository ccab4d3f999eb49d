"""Reading credentials: what is published, the public page, verification, lists for earner and issuer, the chain of facts."""

from cairn.apps.credentials.models import Credential
from cairn.apps.credentials.queries.audit import Chain, chain
from cairn.apps.credentials.queries.composing import compose
from cairn.apps.credentials.queries.notices import issued_notice, reinstated_notice, revoked_notice
from cairn.apps.credentials.queries.pages import (
    CredentialLine,
    CredentialPage,
    credential,
    credential_of,
    issued_by,
    known,
    line,
    managed,
    mine,
    page,
    reasons,
    signed,
)
from cairn.apps.credentials.queries.publishing import contexts, credential_url, did_document, issuer_did, status_list, status_url
from cairn.apps.credentials.queries.verifying import CHECKS, says_revoked, signed_at, verify
from cairn.apps.ledger.queries import Link

__all__ = [
    "CHECKS",
    "Chain",
    "Credential",
    "CredentialLine",
    "CredentialPage",
    "Link",
    "chain",
    "compose",
    "contexts",
    "credential",
    "credential_of",
    "credential_url",
    "did_document",
    "issued_by",
    "issued_notice",
    "issuer_did",
    "known",
    "line",
    "managed",
    "mine",
    "page",
    "reasons",
    "reinstated_notice",
    "revoked_notice",
    "says_revoked",
    "signed",
    "signed_at",
    "status_list",
    "status_url",
    "verify",
]
