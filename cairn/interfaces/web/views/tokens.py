"""One's own tokens for the API: making one, seeing its secret once, revoking."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cairn.apps.people import commands
from cairn.apps.people import queries as people
from cairn.frame.addresses import path
from cairn.interfaces.web.forms.tokens import TokenForm
from cairn.interfaces.web.views.frame import Request
from cairn.kernel import clock
from cairn.kernel.errors import Refused

A_PAGE = 25


@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: Request) -> HttpResponse:
    """The list, and the form below it. The page that answers the form is the only one that ever shows the secret."""
    form = TokenForm(request.POST) if request.method == "POST" else TokenForm()
    secret = _made(request, form) if form.is_bound and form.is_valid() else ""
    page = Paginator(people.tokens(request.actor), A_PAGE).get_page(request.GET.get("page"))
    zone = people.zone_of(request.actor.person_id)
    shown = {"form": TokenForm() if secret else form, "secret": secret, "page": page, "now": clock.now(), "zone": zone}
    return render(request, "people/tokens.html", shown, status=422 if form.errors else 200)


def _made(request: Request, form: TokenForm) -> str:
    """The new token's secret; none where the form now says why not."""
    told, secret = form.cleaned_data, people.new_secret(request.actor)
    day = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)  # a form sent twice means the same moment
    try:
        commands.make_token(
            actor=request.actor, name=told["name"], scopes=told["scopes"], expires_at=day + timedelta(days=int(told["days"]) + 1),
            secret=secret, shown_second_step=not request.actor.withheld,
        )  # fmt: skip
    except Refused as refusal:
        form.add_error("scopes" if "scopes" in refusal.fields else None, str(refusal))
        return ""
    return secret


@login_required
@require_POST
def revoke(request: Request, token_id: str) -> HttpResponse:
    token = commands.revoke_token(actor=request.actor, token_id=token_id)
    messages.success(request, f"“{token.name}” is revoked. Whatever used it is answered 401 from now on.")
    return redirect("tokens")


urlpatterns = [
    path("account/tokens/", tokens, name="tokens"),
    path("account/tokens/<id:token_id>/revoke/", revoke, name="token_revoke"),
]
