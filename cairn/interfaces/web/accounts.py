"""What the sign-in library asks of us: forms in our words, persons for accounts, and mail that goes through our letters."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as library
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from cairn.apps.comms import commands as comms
from cairn.apps.people import commands as people
from cairn.apps.people.queries import account_of_address, actor_of, actor_of_account, handle_of, person_of_account
from cairn.frame.actor import system
from cairn.interfaces.web.signing import has_shown_second_step
from cairn.kernel import clock

_ME = system("sign-in")
RULE = "At least 10 characters, not only digits, and not one that many people use."
# Field of the library: its label and its hint.
WORDS = {
    "login": ("E-mail address", ""),
    "email": ("E-mail address", ""),
    "password": ("Password", ""),
    "oldpassword": ("Your password until now", ""),
    "password1": ("New password", RULE),
    "password2": ("The same once more", ""),
}


class PlainWords:
    """Our words on the library's fields; nothing stands in a field before somebody writes there."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label, field.help_text = WORDS.get(name, (field.label, field.help_text))
            field.error_messages["required"] = "Fill this in."
            field.widget.attrs.pop("placeholder", None)


class SignInForm(PlainWords, library.LoginForm):  # type: ignore[misc]
    pass


class SignUpForm(PlainWords, library.SignupForm):  # type: ignore[misc]
    name = forms.CharField(
        max_length=120,
        label="Your name",
        help_text="As it should stand on what you earn.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "Password"

    def clean_name(self) -> str:
        """Refused here, before the library has made an account that then would have no person."""
        name = " ".join(self.cleaned_data["name"].split())
        if not name.isprintable():
            raise forms.ValidationError("This name holds signs that cannot be seen. Type it anew instead of pasting it.")
        return name

    def validate_unique_email(self, value: str) -> str:
        """Taken is what opens an account, not what somebody has merely added to theirs."""
        self.account_already_exists = account_of_address(value) is not None
        return value


class AddAddressForm(PlainWords, library.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Another address of yours"
        self.fields["email"].help_text = "We send a link to it, which confirms it."

    def save(self, request: HttpRequest) -> Any:
        """One that opens another account looks the same here, and is never confirmed. Whoever is written to so far hears of it."""
        address = super().save(request)
        get_adapter().send_notification_mail("account/email/email_added", request.user, {"added_email": address.email})
        return address


class ChangePasswordForm(PlainWords, library.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(PlainWords, library.SetPasswordForm):  # type: ignore[misc]
    pass


class ForgottenPasswordForm(PlainWords, library.ResetPasswordForm):  # type: ignore[misc]
    def clean_email(self) -> str:
        """The library would also let whoever reads an address that somebody added by mistake choose that account's password."""
        email = str(super().clean_email())
        opens = account_of_address(email)
        self.users: list[Any] = [user for user in self.users if user.pk == opens]
        return email


class NewPasswordForm(PlainWords, library.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class StillYouForm(PlainWords, library.ReauthenticateForm):  # type: ignore[misc]
    pass


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This address and this password do not belong together. Check both, or choose a new password.",
        "too_many_login_attempts": "That was too many tries. Wait five minutes or more, or choose a new password.",
        "enter_current_password": "This is not your password.",
        "incorrect_password": "This is not your password.",
        "duplicate_email": "This address is among yours already.",
        "max_email_addresses": "An account has at most %d addresses. Remove one first.",
    }

    def clean_email(self, email: str) -> str:
        """The library's fields know no limit; the database does (RFC 5321 section 4.5.3.1 makes it 254)."""
        if len(email) > 254:
            raise forms.ValidationError("No e-mail address is longer than 254 characters.")
        return email

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """The library makes the account; a person comes with it."""
        account = super().save_user(request, user, form, commit)
        people.begin_person(actor=system("sign-up"), name=form.cleaned_data["name"], email=account.email, account_id=account.pk)
        return account

    def post_login(self, request: HttpRequest, user: Any, **told: Any) -> HttpResponse:
        """An account without a person (made by hand, or cut off while it was made) gets one, named by its address until they change it."""
        person = people.begin_person(actor=_ME, name=user.email.partition("@")[0][:120], email=user.email, account_id=user.pk)
        shown = [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
        people.note_sign_in(actor=_ME, person_id=person.pk, how=", ".join(shown) or "a confirmed address")
        answer: HttpResponse = super().post_login(request, user, **told)
        return answer

    def logout(self, request: HttpRequest) -> None:
        """An operator who signs out looks no more."""
        if access := request.support:  # type: ignore[attr-defined]
            people.end_support(actor=actor_of(access.operator_id), access_id=access.pk)
        super().logout(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Whoever holds a role that asks for a second step, and has none, sets it up first."""
        asked_for = actor_of_account(request.user, lambda: has_shown_second_step(request)).withheld
        return reverse("mfa_index") if asked_for else str(super().get_login_redirect_url(request))

    def is_reauthentication_required(self, *, app: str, **told: Any) -> bool:
        """Not of somebody who signed in, or proved it again, within the last minutes."""
        records = get_authentication_records(self.request, self.request.user)
        recently = records and clock.now().timestamp() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not recently and bool(super().is_reauthentication_required(app=app, **told))

    def is_safe_url(self, url: str) -> bool:
        """After signing in one goes on within this site, never to the files host or elsewhere."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Letters are written in the product and sent by the worker: sign-up works while the mail server is down."""
        words = {**context, "site": settings.SITE_URL}
        subject = render_to_string(f"{template_prefix}_subject.txt", words)
        text = render_to_string(f"{template_prefix}_message.txt", words)
        kind = f"account.{template_prefix.rsplit('/', 1)[-1]}"
        comms.write_letter(actor=_ME, kind=kind, address=email, subject=subject, text=text)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Called whenever something about an account has changed: where it is the address, our own letters follow; a new password
        ends every session but the one that it was given in."""
        what = template_prefix.rpartition("/")[2]
        if what == "email_changed":
            people.follow_address(actor=_ME, account_id=user.pk)
        if person_id := person_of_account(user.pk):
            people.note_sign_in_change(actor=_ME, person_id=person_id, what=what)
            if what.startswith("password_"):
                people.end_sessions(actor=_ME, person_id=person_id, but=handle_of(self.request.session.session_key or ""))
        super().send_notification_mail(template_prefix, user, context, email)
