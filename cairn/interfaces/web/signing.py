"""What a session has shown of its person: a second step at sign-in, or the door of the demonstration.

Not here: the pages and forms of sign-in (accounts), which roles ask for a second step (people).
"""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailConfirmationHMAC
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from cairn.apps.people import queries as people
from cairn.frame.sealing import sealer
from cairn.kernel.errors import Forbidden

BORROWED = "cairn.interfaces.web.signing.BorrowedEyes"
SHOWN = "second_step_shown_by"  # in the session: whose second step was set up here
SECRETS = "second steps"  # of codes and keys, sealed


class BorrowedEyes(ModelBackend):
    """How one comes in through the demonstration's door. Settings name it in demo mode alone, so its sessions end where that ends."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:  # type: ignore[override]
        """Never by a form."""


def has_shown_second_step(request: HttpRequest) -> bool:
    """Asked at each request: a second step that was taken away has not been shown."""
    if request.session.get(BACKEND_SESSION_KEY) == BORROWED:
        return True
    given = any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))
    return (given or request.session.get(SHOWN) == request.user.pk) and people.has_second_step(str(request.user.pk))


def owner_first(request: HttpRequest, key: str) -> HttpResponse | None:
    """A further address is confirmed by whoever is signed in to its account, and not by whoever reads mail that went astray.

    The library would also sign whoever is signed in to another account out of it, at a mere look.
    """
    found = EmailConfirmationHMAC.from_key(key)
    owner = str(found.email_address.user_id) if found else ""
    if not owner or owner == request.user.pk:
        return None
    if request.user.is_authenticated:
        remedy = "Sign out, and open the link again. If you have no such account, do nothing."
        raise Forbidden("sign-in-as-owner", "This link belongs to an account that you are not signed in to.", remedy)
    return redirect_to_login(request.get_full_path()) if people.has_confirmed_address(owner) else None


def note_second_step(account: Any) -> None:
    """It has just been set up in this session, with a code or a key that was right."""
    context.request.session[SHOWN] = account.pk


class SecondSteps(DefaultMFAAdapter):  # type: ignore[misc]
    """What the library asks of us: secrets sealed with the data folder's own, names, and our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This is not right, or it was used before. Wait for the next code, or try once more.",
        "cannot_generate_recovery_codes": "Recovery codes stand in for a second step. Set one up first.",
    }

    def encrypt(self, text: str) -> str:
        return sealer(SECRETS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealer(SECRETS).decrypt(encrypted_text).decode()

    def get_totp_issuer(self) -> str:
        return f"Cairn {settings.SITE_HOST}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The host of the address that the data folder fixes, whatever the request called it."""
        return {"id": settings.SITE_HOST, "name": "Cairn"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return f"Passkey {people.passkeys_of(user.pk) + 1}"
