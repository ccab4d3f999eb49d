"""An educator and a pilot: where they stand, meetings, registering, offers, leaving, and asking for more time."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.catalog import queries as catalog
from cairn.apps.payments import queries as payments
from cairn.apps.people import queries as people
from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.interfaces.web.forms.pilots import ChoiceOfTime, LeavingForm, MoreTimeForm
from cairn.interfaces.web.stones import badge_of
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.pilots.saying import head_of, seats_words, time_choices, trail_of
from cairn.interfaces.web.wording import lasting
from cairn.kernel.errors import NotFound, Refused


@require_safe
def pilot(request: Request, slug: str) -> HttpResponse:
    return _pilot(request, programs.offering_by_slug(request.actor, slug))


def _pilot(request: Request, offering: Any, form: ChoiceOfTime | None = None, refusal: Refused | None = None) -> HttpResponse:
    """The page itself, with what is to be mended."""
    viewer = request.actor
    where = programs.standing(viewer, offering)
    gate = where.kick_off() if where.step == "kick-off" else where.gate()
    zone = people.zone_of(viewer.person_id)
    version = catalog.version_in_force(viewer, offering.microcredential_id)
    if gate and form is None:
        form = ChoiceOfTime(None, times=time_choices(gate, zone), initial=(gate.mine and gate.mine.time_id) or "")
    told = {"where": where, "offering": offering, "head": head_of(where, zone), "trail": trail_of(where, zone), "gate": gate, "form": form,
            "refusal": refusal, "zone": zone, "content": catalog.content(viewer, version.pk), "badge": badge_of(version.microcredential),
            "seats_words": seats_words(where.seats), "lasting": lasting(offering),
            "price": payments.price_held(viewer, programs.sold(offering), where.place.pk if where.place else "")}  # fmt: skip
    return render(request, "pilots/pilot.html", told, status=refusal.status if refusal else 422 if form and form.errors else 200)


@login_required
@require_POST
def choose_time(request: Request, slug: str) -> HttpResponse:
    """Keep a place at the meeting that is the next step."""
    offering = programs.offering_by_slug(request.actor, slug)
    where = programs.standing(request.actor, offering)
    gate = where.kick_off() if where.step == "kick-off" else where.gate()
    if gate is None:
        raise NotFound("meeting")
    form = ChoiceOfTime(request.POST, times=time_choices(gate, people.zone_of(request.actor.person_id)))
    if form.is_valid():
        try:
            commands.choose_time(actor=request.actor, time_id=form.cleaned_data["time"], phone_ending=form.cleaned_data["phone_ending"])
            return redirect("pilot", slug=slug)
        except Refused as refused:
            form.refuse(refused)
    return _pilot(request, offering, form)


@login_required
def register(request: Request, slug: str) -> HttpResponse:
    """A visit, after signing in say, leads to the pilot's page; a warning that must be read comes back with it."""
    offering = programs.offering_by_slug(request.actor, slug)
    if request.method != "POST":
        return redirect("pilot", slug=slug)
    try:
        place = commands.register(actor=request.actor, offering_id=offering.pk, acknowledges="acknowledges" in request.POST)
    except Refused as refused:
        return _pilot(request, offering, refusal=refused)
    return redirect(f"/portfolio/{place.enrollment_id}/") if place.enrollment_id else redirect("pilot", slug=slug)


@login_required
@require_POST
def answer_offer(request: Request, slug: str, registration_id: str) -> HttpResponse:
    place = programs.place(request.actor, registration_id)
    if "take" not in request.POST:
        commands.pass_offer(actor=request.actor, registration_id=place.pk)
        return redirect("pilot", slug=slug)
    try:
        place = commands.take_offer(actor=request.actor, registration_id=place.pk, acknowledges="acknowledges" in request.POST)
    except Refused as refused:
        return _pilot(request, programs.offering_by_slug(request.actor, slug), refusal=refused)
    return redirect(f"/portfolio/{place.enrollment_id}/") if place.enrollment_id else redirect("pilot", slug=slug)


@login_required
@require_POST
def begin(request: Request, slug: str, registration_id: str) -> HttpResponse:
    return redirect(f"/portfolio/{commands.begin(actor=request.actor, registration_id=registration_id).pk}/")


@login_required
def leave(request: Request, slug: str, registration_id: str) -> HttpResponse:
    """Give up one's place; asked once more, with the reason."""
    offering = programs.offering_by_slug(request.actor, slug)
    place = programs.my_place(request.actor, offering.pk)
    if place is None or place.pk != registration_id:
        raise NotFound("place")
    form = LeavingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        commands.give_up_place(actor=request.actor, registration_id=place.pk, reason=form.cleaned_data["reason"])
        messages.success(request, "You have given up your place.")
        return redirect("pilot", slug=slug)
    return render(request, "pilots/leave.html", {"offering": offering, "place": place, "form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def interest(request: Request, slug: str) -> HttpResponse:
    """Stand on the list of those who are told of the next pilot, or leave it."""
    offering = programs.offering_by_slug(request.actor, slug)
    standing = programs.my_interest(request.actor, offering.program_id, offering.microcredential_id)
    if standing and "end" in request.POST:
        commands.end_interest(actor=request.actor, interest_id=standing.pk)
    elif "end" not in request.POST:
        commands.show_interest(actor=request.actor, program_id=offering.program_id, microcredential_id=offering.microcredential_id)
        messages.success(request, "We will write to you when there is a pilot to join.")
    return redirect("pilot", slug=slug)


@login_required
@require_POST
def watched(request: Request, meeting_id: str) -> HttpResponse:
    """They say that they watched the recording."""
    meeting = programs.meeting(request.actor, meeting_id)
    commands.watch_recording(actor=request.actor, meeting_id=meeting.pk)
    messages.success(request, "Noted: you watched the recording.")
    return redirect("pilot", slug=meeting.offering.slug) if meeting.offering else redirect(f"/programs/{meeting.program.slug}/")


@login_required
def here(request: Request, code: str) -> HttpResponse:
    """What the link in the meeting leads to: one button that notes who is here."""
    time = programs.meeting_of_code(request.actor, code)
    if request.method == "POST":
        commands.sign_in(actor=request.actor, code=code)
        next_step = "" if time.meeting.offering else " Choose the micro-credential below, and register."
        messages.success(request, f"You are noted as present.{next_step}")
        return redirect(f"/pilots/{time.meeting.offering.slug}/" if time.meeting.offering else f"/programs/{time.meeting.program.slug}/")
    return render(request, "pilots/here.html", {"time": time, "zone": ZoneInfo(time.zone), "me": people.me(request.actor)})


@login_required
def more_time(request: Request, enrollment_id: str) -> HttpResponse:
    """Ask for more time, and every date there has been."""
    run = programs.my_enrollment(request.actor, enrollment_id)
    form = MoreTimeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.ask_extension(actor=request.actor, enrollment_id=run.pk, **form.cleaned_data)
            messages.success(request, "Your question is with the coordinator.")
            return redirect("work-time", enrollment_id=run.pk)
        except Refused as refused:
            form.refuse(refused)
    told = {"run": run, "form": form, "history": programs.extensions(request.actor, run.pk), "zone": ZoneInfo(run.zone)}
    return render(request, "pilots/more_time.html", told, status=422 if form.errors else 200)


@login_required
@require_POST
def take_back(request: Request, enrollment_id: str, extension_id: str) -> HttpResponse:
    commands.take_back_extension(actor=request.actor, extension_id=extension_id)
    return redirect("work-time", enrollment_id=enrollment_id)
