"""Codes and passkeys, as they are set up and given. Not here: checking them (the sign-in library), which roles ask for them (people)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.mfa.base import forms as codes
from allauth.mfa.totp import forms as app
from allauth.mfa.webauthn import forms as passkeys
from django import forms

from cairn.interfaces.web.signing import SecondSteps, note_second_step

T = TypeVar("T")
NAME = "E.g. “Phone” or “Key on my key ring”: so that you know which one to remove when it is lost."


class PlainCode:
    """Our words on the library's field."""

    fields: dict[str, forms.Field]
    hint = "Six digits from your app, or one of your recovery codes."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label, code.help_text, code.error_messages["required"] = "Code", self.hint, "Fill this in."
        code.widget.attrs.pop("placeholder", None)


class CodeForm(PlainCode, codes.AuthenticateForm):  # type: ignore[misc]
    pass


class StillYouByCodeForm(PlainCode, codes.ReauthenticateForm):  # type: ignore[misc]
    pass


class AppForm(PlainCode, app.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app; from then on one is asked for at each sign-in."""

    hint = "The six digits that your app shows now."

    def clean_code(self) -> str:
        code: str = super().clean_code()
        note_second_step(self.user)
        return code


def _understood(check: Callable[[], T]) -> T:
    """What a browser sends of a passkey is taken apart by two libraries, which raise what they please where it is not one."""
    try:
        return check()
    except forms.ValidationError:
        raise
    except (ArithmeticError, AttributeError, LookupError, NotImplementedError, TypeError, ValueError) as error:
        raise SecondSteps().validation_error("incorrect_code") from error


class AddPasskeyForm(passkeys.AddWebAuthnForm):  # type: ignore[misc]
    """Whether it can sign in alone is for the passkey to say, so nobody is asked."""

    name = forms.CharField(max_length=60, required=False, label="Its name", help_text=NAME)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = _understood(super().clean)
        if told.get("credential"):
            note_second_step(self.user)
        return told


class PasskeyForm(passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Any:
        return _understood(super().clean_credential)


class StillYouByPasskeyForm(PasskeyForm):
    reauthenticated = True


class SignInByPasskeyForm(passkeys.LoginWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Any:
        return _understood(super().clean_credential)


class NamePasskeyForm(passkeys.EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(max_length=60, label="Its name", help_text=NAME, error_messages={"required": "Give it a name."})
