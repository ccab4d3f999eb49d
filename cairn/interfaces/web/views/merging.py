"""Another account of one's own: asking to make the two one, and the page on which the other says yes or no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cairn.apps.people import commands, policy
from cairn.apps.people import queries as people
from cairn.frame.addresses import path
from cairn.interfaces.web.forms.people import AddressForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done

SENT = "If somebody here has confirmed that address, a letter is on its way to it. It says how to go on."
AGREED = "You said yes. A letter is on its way to your other account, which makes the two one."
ONE = "The two are one now. Sign in with any of the addresses, and the password of this account."


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def other_account(request: Request) -> HttpResponse:
    form = AddressForm(request.POST or None)
    form.fields["email"].label, form.fields["email"].help_text = "Its e-mail address", "One that is confirmed there."

    def ask(told: dict[str, Any]) -> None:
        commands.ask_merging(actor=request.actor, address=told["email"])

    if form.is_bound and done(form, ask):
        messages.success(request, SENT)
        return redirect("account")
    return render(request, "people/other_account.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def other_answer(request: Request, link: str) -> HttpResponse:
    """For the two whom it is about; there is no such page for anybody else."""
    answer: HttpResponse = _answer(request, people.merging(request.actor, people.asked_by(link)), link)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]
def _answer(request: Request, merging: Any, link: str) -> HttpResponse:
    may_finish = policy.MERGE.allows(request.actor, merging)
    if request.method == "POST":
        act, said = _acts(may_finish or merging.outcome == "merged", request.POST.get("answer") == "yes")
        act(actor=request.actor, link=link)
        messages.success(request, said)
        return redirect("account")
    is_asked = policy.AGREE_MERGING.allows(request.actor, merging) and not merging.agreed_at
    context = {"merging": merging, "may_finish": may_finish, "is_asked": is_asked, "is_other": request.actor.person_id == merging.gone_id}
    return render(request, "people/other_answer.html", context)


def _acts(finishes: bool, says_yes: bool) -> tuple[Callable[..., object], str]:
    """`finishes` is so also where they are one already: whoever presses twice hears the same twice."""
    if not says_yes:
        return commands.decline_merging, "You said no. Nothing was changed."
    return (commands.merge, ONE) if finishes else (commands.agree_merging, AGREED)


urlpatterns = [
    path("account/other/", other_account, name="other_account"),
    path("account/other/<str:link>/", other_answer, name="other_answer"),
]
