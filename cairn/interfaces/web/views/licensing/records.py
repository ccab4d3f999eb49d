"""One's record: what is in it and counts, entering something with its document; and those who confirm entries of others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.apps.licensure import commands, outward
from cairn.apps.licensure import queries as licensure
from cairn.interfaces.web.forms.licensing import EntryForm, SettleForm
from cairn.interfaces.web.packed import attached
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.kernel.errors import NotFound

A_PAGE = 50
FORM = ["GET", "HEAD", "POST"]
MEDIA = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}


@login_required
@require_safe
def record(request: Request) -> HttpResponse:
    """Everything in it, and for what each thing counts now."""
    pages = licensure.my_pages(request.actor)
    lines = licensure.lines(request.actor, str(request.actor.person_id), [known.standing for each in pages for known in each.routes])
    page, titles = Paginator(lines, A_PAGE).get_page(request.GET.get("page")), {line.id: line.title for line in lines}
    odd = {(odd.entry, odd.message): (titles.get(odd.entry, ""), odd) for odd in licensure.my_oddities(request.actor, pages)}
    return render(request, "licensing/record.html", {"page": page, "total": len(lines), "odd": odd.values()})


@login_required
@require_safe
def kinds(request: Request) -> HttpResponse:
    return render(request, "licensing/record_add.html", {"kinds": licensure.kinds_to_enter()})


@login_required
@require_http_methods(FORM)
def add(request: Request, kind: str) -> HttpResponse:
    """One kind of thing, with what the rules where one works ask of it."""
    asked = licensure.entry_asked(request.actor, kind)
    form = EntryForm(request.POST or None, request.FILES or None, fields=asked.fields, units=asked.units, asked=asked.organizations)
    if form.is_bound and done(form, lambda told: outward.enter(request.actor, kind=kind, **form.told(), **_paper(told["document"]))):
        messages.success(request, "It is in your record. It counts once it is confirmed.")
        return redirect("license-record")
    return render(request, "licensing/record_add.html", {"form": form, "chosen": asked.title}, status=422 if form.errors else 200)


def _paper(file: Any) -> dict[str, Any]:
    return {"document": file, "name": file.name, "size": file.size} if file else {}


@login_required
@require_POST
def withdraw(request: Request, entry_id: str) -> HttpResponse:
    entry = commands.withdraw_entry(actor=request.actor, entry_id=entry_id)
    messages.success(request, f"“{entry.title}” is withdrawn; it counts nowhere any more.")
    return redirect("license-record")


@login_required
@require_safe
def document(request: Request, document_id: str) -> HttpResponse:
    found = licensure.document(request.actor, document_id)
    return attached(bytes(found.content), MEDIA[found.kind], f"document.{found.kind}")


@login_required
@require_safe
def waiting(request: Request) -> HttpResponse:
    """For admins and licensing officers of organizations that are asked."""
    found = licensure.to_settle(request.actor)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "licensing/waiting.html", {"page": page, "total": page.paginator.count})


@login_required
@require_http_methods(FORM)
def settle(request: Request, entry_id: str) -> HttpResponse:
    entry = licensure.to_settle(request.actor).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("entry that waits for you")
    form = SettleForm(request.POST or None)
    if request.method == "POST" and done(form, lambda told: _settle(request, entry_id, told["reason"])):
        messages.success(
            request, "Confirmed: it counts from now on." if request.POST.get("act") == "verify" else "The educator is told why."
        )
        return redirect("record-waiting")
    return render(request, "licensing/settle.html", {"entry": entry, "form": form}, status=422 if form.errors else 200)


def _settle(request: Request, entry_id: str, reason: str) -> None:
    if request.POST.get("act") == "verify":
        commands.verify_entry(actor=request.actor, entry_id=entry_id)
    else:
        commands.decline_entry(actor=request.actor, entry_id=entry_id, reason=reason)
