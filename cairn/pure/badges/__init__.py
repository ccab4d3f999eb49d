"""Open Badges 3.0 and Verifiable Credentials 2.0: build, sign, bake, verify, revoke.

Pure: keys, moments and fetched documents come in as arguments. Not here: which credentials exist, and who may issue them.
"""

from cairn.pure.badges.baking import bake, unbake
from cairn.pure.badges.build import (
    Achievement,
    Alignment,
    Award,
    Evidence,
    Identity,
    Image,
    Level,
    Profile,
    Result,
    ResultDescription,
    build,
    email_identity,
    name_identity,
)
from cairn.pure.badges.contexts import Contexts
from cairn.pure.badges.gather import gather
from cairn.pure.badges.keys import did_document, did_document_url, did_from_url, encode_public, public_key, verification_method
from cairn.pure.badges.proof import sign
from cairn.pure.badges.reading import read
from cairn.pure.badges.status import StatusEntry, list_bits, list_credential
from cairn.pure.badges.verify import Check, Verification, verify

__all__ = [
    "Achievement",
    "Alignment",
    "Award",
    "Check",
    "Contexts",
    "Evidence",
    "Identity",
    "Image",
    "Level",
    "Profile",
    "Result",
    "ResultDescription",
    "StatusEntry",
    "Verification",
    "bake",
    "build",
    "did_document",
    "did_document_url",
    "did_from_url",
    "email_identity",
    "encode_public",
    "gather",
    "list_bits",
    "list_credential",
    "name_identity",
    "public_key",
    "read",
    "sign",
    "unbake",
    "verification_method",
    "verify",
]
