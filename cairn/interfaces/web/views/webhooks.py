"""An organization's webhooks: registering one, seeing its secret once, trying it, and what became of its calls."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.apps.comms import commands
from cairn.apps.comms import queries as comms
from cairn.apps.people import queries as people
from cairn.apps.reports.queries import declared_events
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.forms.letters import ChangedWebhookForm, WebhookForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done, managing
from cairn.kernel.errors import NotFound
from cairn.kernel.ids import Id
from cairn.pure.webhooks import written

CALLS_A_PAGE = 25


def _kinds() -> list[tuple[str, str]]:
    """Each with its sentence, for those who choose."""
    events = declared_events()
    return [(kind, f"{events[kind].about} ({kind})") for kind in comms.offered_kinds()]


def _host(webhook: Any) -> str:
    return urlsplit(webhook.url).hostname or str(webhook.url)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def webhooks(request: Request, org: Any) -> HttpResponse:
    form = WebhookForm(request.POST or None, kinds=_kinds())
    made: list[Any] = []

    def register(told: dict[str, Any]) -> None:
        made.append(commands.register_webhook(actor=request.actor, organization_id=org.pk, **told))

    if form.is_bound and done(form, register):
        return _shown_once(request, org, made[0])
    lines = [(each, _host(each)) for each in comms.webhooks(request.actor, org.pk)]
    context = {"org": org, "form": form, "lines": lines}
    return render(request, "letters/webhooks.html", context, status=422 if form.errors else 200)


def _shown_once(request: Request, org: Any, hook: Any) -> HttpResponse:
    """The page that answers the form is the only one that ever shows the secret."""
    context = {"org": org, "webhook": hook, "host": _host(hook), "secret": written(comms.secret(hook))}
    return render(request, "letters/secret.html", context)


def one_of(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """With the organization and its webhook, for its admins; for everybody else there is no such page."""

    @wraps(view)
    @managing
    def guarded(request: Request, org: Any, webhook_id: Id, **ids: str) -> HttpResponse:
        hook = comms.webhook(request.actor, webhook_id)
        if hook.organization_id != org.pk or hook.state == "removed":
            raise NotFound("webhook")
        return view(request, org, hook, **ids)

    return guarded


@require_safe
@one_of
def webhook(request: Request, org: Any, hook: Any) -> HttpResponse:
    page = Paginator(comms.calls(request.actor, hook.pk), CALLS_A_PAGE).get_page(request.GET.get("page"))
    kinds = [(kind, words) for kind, words in _kinds() if kind in hook.kinds]
    context = {"org": org, "webhook": hook, "host": _host(hook), "page": page, "query": "", "kinds": kinds,
               "zone": people.zone_of(request.actor.person_id)}  # fmt: skip
    return render(request, "letters/webhook.html", context)


@require_POST
@one_of
def try_it(request: Request, org: Any, hook: Any) -> HttpResponse:
    commands.try_webhook(actor=request.actor, webhook_id=hook.pk)
    messages.success(request, "A trial is on its way. Reload this page to see what became of it.")
    return redirect("webhook", org.slug, hook.pk)


@require_POST
@one_of
def renew(request: Request, org: Any, hook: Any) -> HttpResponse:
    return _shown_once(request, org, commands.renew_secret(actor=request.actor, webhook_id=hook.pk))


@require_POST
@one_of
def start(request: Request, org: Any, hook: Any) -> HttpResponse:
    commands.start_webhook(actor=request.actor, webhook_id=hook.pk)
    messages.success(request, "It is called again. What was given up meanwhile you send again below.")
    return redirect("webhook", org.slug, hook.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@one_of
def change(request: Request, org: Any, hook: Any) -> HttpResponse:
    now = {"url": hook.url, "kinds": hook.kinds, "is_paused": hook.state == "paused"}
    form = ChangedWebhookForm(request.POST or None, kinds=_kinds(), initial=now)
    if form.is_bound and done(form, lambda told: commands.change_webhook(actor=request.actor, webhook_id=hook.pk, **told)):
        messages.success(request, "It is changed. Its secret is the same.")
        return redirect("webhook", org.slug, hook.pk)
    context = {"org": org, "webhook": hook, "host": _host(hook), "form": form}
    return render(request, "letters/change_webhook.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@one_of
def remove(request: Request, org: Any, hook: Any) -> HttpResponse:
    if request.method != "POST":
        return render(request, "letters/remove_webhook.html", {"org": org, "webhook": hook, "host": _host(hook)})
    commands.remove_webhook(actor=request.actor, webhook_id=hook.pk)
    messages.success(request, f"{_host(hook)} is told nothing from now on.")
    return redirect("webhooks", org.slug)


@require_POST
@one_of
def send_again(request: Request, org: Any, hook: Any, call_id: Id) -> HttpResponse:
    if comms.call(request.actor, call_id).webhook_id != hook.pk:
        raise NotFound("call")
    commands.send_again(actor=request.actor, call_id=call_id)
    messages.success(request, "It is on its way again, under the same id.")
    return redirect("webhook", org.slug, hook.pk)


urlpatterns = [
    path("org/<slug:slug>/webhooks/", webhooks, name="webhooks"),
    path("org/<slug:slug>/webhooks/<id:webhook_id>/", webhook, name="webhook"),
    path("org/<slug:slug>/webhooks/<id:webhook_id>/change/", change, name="webhook_change"),
    path("org/<slug:slug>/webhooks/<id:webhook_id>/try/", try_it, name="webhook_try"),
    path("org/<slug:slug>/webhooks/<id:webhook_id>/renew/", renew, name="webhook_renew"),
    path("org/<slug:slug>/webhooks/<id:webhook_id>/start/", start, name="webhook_start"),
    path("org/<slug:slug>/webhooks/<id:webhook_id>/remove/", remove, name="webhook_remove"),
    path("org/<slug:slug>/webhooks/<id:webhook_id>/calls/<id:call_id>/", send_again, name="webhook_send_again"),
]
