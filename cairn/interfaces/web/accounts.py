"""What the sign-in library asks of us: a form that also takes a name, and mail that goes through our letters."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from cairn.apps.comms import commands as comms
from cairn.apps.people import commands as people
from cairn.frame.actor import system


class SignUpForm(SignupForm):  # type: ignore[misc]
    name = forms.CharField(
        max_length=120, label="Your name", help_text="As it should stand on what you earn.", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["name", "email", "password1"]


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """The library makes the account; a person comes with it."""
        account = super().save_user(request, user, form, commit)
        people.begin_person(actor=system("sign-up"), name=form.cleaned_data["name"], email=account.email, account_id=account.pk)
        return account

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Letters are written in the product and sent by the worker: sign-up works while the mail server is down."""
        words = {**context, "site": settings.SITE_URL}
        subject = render_to_string(f"{template_prefix}_subject.txt", words)
        text = render_to_string(f"{template_prefix}_message.txt", words)
        kind = f"account.{template_prefix.rsplit('/', 1)[-1]}"
        comms.write_letter(actor=system("sign-in"), kind=kind, address=email, subject=subject, text=text)
