"""Credentials: reading and verifying, for anyone; revoking, and the facts behind one, for the issuer's admins and operators."""

from __future__ import annotations

import json

from ninja import Query

from cairn.apps.credentials import commands
from cairn.apps.credentials import queries as credentials
from cairn.apps.people import queries as people
from cairn.interfaces.api.frame import Request, Routes
from cairn.interfaces.api.paging import Page, Paging, page
from cairn.interfaces.api.problems import Problem
from cairn.interfaces.api.shapes.base import Id, Slug
from cairn.interfaces.api.shapes.credentials import (
    ChainShown,
    CredentialShown,
    IssuedShown,
    Reason,
    ReasonShown,
    RecordShown,
    ToVerify,
    VerificationShown,
)

routes = Routes("credentials")
CREDENTIAL = "/credentials/{credential_id}"


@routes.get(CREDENTIAL, CredentialShown)
def credential(request: Request, credential_id: Id) -> CredentialShown:
    """What anyone may know of a credential, verified just now. The signed file itself is at `document`."""
    found = CredentialShown.model_validate(credentials.page(request.actor, credential_id))
    return found.model_copy(update={"document": f"{credentials.credential_url(credential_id)}.json"})


@routes.ask("/verify", VerificationShown)
def verify(request: Request, body: ToVerify) -> VerificationShown:
    """Check a credential. Nothing that is sent is kept, and nothing is fetched from elsewhere."""
    told = credentials.verify(request.actor, _brought(request, body))
    own = credentials.known(request.actor, told)
    return VerificationShown.model_validate(told).model_copy(update={"record": own.id if own else None})


def _brought(request: Request, body: ToVerify) -> str:
    ways = [body.credential, body.text, body.address]
    if sum(way is not None for way in ways) != 1:
        remedy = "Send credential, or text, or address."
        raise Problem(422, "one-of-three", "It is not clear what is to be checked.", remedy)
    if body.address is not None:
        return credentials.signed_at(request.actor, body.address)
    return body.text if body.text is not None else json.dumps(body.credential)


@routes.get("/organizations/{slug}/credentials", Page[IssuedShown], scope="organizations:read")
def issued(request: Request, slug: Slug, paging: Query[Paging]) -> Page[IssuedShown]:
    """What an organization has issued or is about to, the latest first."""
    found = credentials.issued_by(request.actor, people.organization(request.actor, slug).pk)
    return page(found, ("-awarded_at", "pk"), paging, IssuedShown.model_validate)


def _record(request: Request, credential_id: str) -> RecordShown:
    reasons = [ReasonShown.model_validate(each) for each in credentials.reasons(request.actor, credential_id)]
    return RecordShown.model_validate(credentials.managed(request.actor, credential_id)).model_copy(update={"reasons": reasons})


@routes.get(CREDENTIAL + "/record", RecordShown, scope="organizations:read")
def record(request: Request, credential_id: Id) -> RecordShown:
    """A credential as its issuer's admins manage it."""
    return _record(request, credential_id)


@routes.post(CREDENTIAL + "/revoke", RecordShown, scope="organizations:write", status=200)
def revoke(request: Request, credential_id: Id, body: Reason) -> RecordShown:
    """Take a credential back; its page says so at once."""
    commands.revoke(actor=request.actor, credential_id=credential_id, reason=body.reason)
    return _record(request, credential_id)


@routes.post(CREDENTIAL + "/reinstate", RecordShown, scope="organizations:write", status=200)
def reinstate(request: Request, credential_id: Id, body: Reason) -> RecordShown:
    """Give a revoked credential back."""
    commands.reinstate(actor=request.actor, credential_id=credential_id, reason=body.reason)
    return _record(request, credential_id)


@routes.get(CREDENTIAL + "/chain", ChainShown, scope="organizations:read")
def chain(request: Request, credential_id: Id) -> ChainShown:
    """The facts behind a credential, each leaf recomputed."""
    return ChainShown.model_validate(credentials.chain(request.actor, credential_id))
