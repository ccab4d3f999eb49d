"""A coordinator and a pilot: who needs them, seats, applications, time, meetings and attendance, the rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any

from django.conf import settings as config
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cairn.apps.assessment import queries as assessment
from cairn.apps.comms import commands as letters
from cairn.apps.comms import queries as comms
from cairn.apps.communities import queries as communities
from cairn.apps.payments import queries as payments
from cairn.apps.programs import commands
from cairn.apps.programs import queries as programs
from cairn.apps.reports import queries as reports
from cairn.apps.reports.queries import Traveler
from cairn.interfaces.web.forms.pilots import (
    AboutForm,
    AnswerForm,
    AtOnceForm,
    CallerForm,
    CheckingForm,
    ChooseForm,
    MeetingForm,
    NudgeForm,
    ReasonForm,
    RulesForm,
    SeatsForm,
    TimeForm,
)
from cairn.interfaces.web.packed import table_file
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.people import done
from cairn.interfaces.web.views.pilots.saying import desk_head, first_act, seats_words, state_words, steps_of, without_kick_off
from cairn.kernel.errors import NotFound

A_PAGE, A_FEW = 100, 12


def running(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For those who run the pilot; for everybody else there is no such page. The view gets the offering."""

    @wraps(view)
    def guarded(request: Request, slug: str, **ids: str) -> HttpResponse:
        offering = programs.offering_by_slug(request.actor, slug)
        programs.require_runner(request.actor, offering)
        return view(request, offering, **ids)

    return login_required(guarded)


@require_safe
@login_required
def mine(request: Request) -> HttpResponse:
    """Every offering that the reader runs, where people need them first."""
    if not (request.actor.holds("coordinator") or request.actor.holds("organization admin")):
        raise NotFound("page")
    desks = reports.desks(request.actor)
    told = {"desks": [(each, seats_words(each.seats)) for each in desks], "stuck": sum(len(each.stuck) for each in desks),
            "programs": programs.run_programs(request.actor).order_by("title")[:A_FEW]}  # fmt: skip
    return render(request, "pilots/mine.html", told)


@require_safe
@running
def desk(request: Request, offering: Any) -> HttpResponse:
    """Who needs the coordinator, first; then the way from interest to badge."""
    way = reports.way(request.actor, offering)
    people, steps = way.people, steps_of(offering, way.funnel)
    counted = programs.seats(request.actor, [offering])[offering.pk]
    told = {"offering": offering, "head": desk_head(offering, people, counted, steps), "people": people[:A_FEW], "all": len(people),
            "seats": counted, "steps": steps, "first": first_act(offering, people), "gate": programs.gate(request.actor, offering.pk),
            "communities": _communities(request, offering),
            "answers": communities.answered_by_all(request.actor, offering.pk),
            "checks": [line for line in assessment.checks(request.actor) if line.check.program_id == offering.program_id]}  # fmt: skip
    return render(request, "pilots/desk.html", told)


def _communities(request: Request, offering: Any) -> list[Any]:
    return [line.community for line in communities.communities(request.actor) if line.community.offering_id == offering.pk]


@require_safe
@running
def everyone(request: Request, offering: Any) -> HttpResponse:
    people = Paginator(reports.journey(request.actor, offering), A_PAGE).get_page(request.GET.get("page"))
    answers = communities.answered_by_all(request.actor, offering.pk)
    return render(request, "pilots/everyone.html", {"offering": offering, "people": people, "answers": answers})


@running
def write(request: Request, offering: Any) -> HttpResponse:
    """A letter to participants who are chosen, from a template that may be changed first."""
    people = [person for person in reports.journey(request.actor, offering) if person.run or person.place]
    kind = request.POST.get("kind") or request.GET.get("kind") or "nudge.go_on"
    form = NudgeForm(_sent(request, "send"), kinds=comms.nudge_kinds(), initial=_words(request, offering, kind))
    sent = request.POST if request.method == "POST" else request.GET
    chosen = sent.getlist("person") if "person" in sent or request.method == "POST" else [p.person_id for p in people if p.act == "write"]
    if request.method == "POST" and done(form, lambda told: _nudge(request, offering, people, chosen, told)):
        messages.success(request, "The letters are on their way; whoever had one of this kind today gets no second.")
        return redirect("pilot-run", slug=offering.slug)
    told = {"offering": offering, "people": people, "chosen": chosen, "form": form, "kinds": comms.nudge_kinds(), "kind": kind}
    return render(request, "pilots/write.html", told, status=422 if form.errors else 200)


def _words(request: Request, offering: Any, kind: str) -> dict[str, str]:
    if kind not in dict(comms.nudge_kinds()):
        raise NotFound("letter")
    words = comms.worded(request.actor, programs.writes_for(request.actor, offering.program), kind)
    return {"kind": kind, "subject": words.subject, "text": words.text}


def _nudge(request: Request, offering: Any, people: Sequence[Traveler], chosen: Sequence[str], told: dict[str, Any]) -> None:
    notices = programs.nudge_notices(request.actor, offering, told["kind"], [p.person_id for p in people if p.person_id in chosen])
    desk = programs.writes_for(request.actor, offering.program)
    letters.nudge(actor=request.actor, organization_id=desk, program_id=offering.program_id, notices=notices, kind=told["kind"],
                  subject=told["subject"], text=told["text"])  # fmt: skip


@require_safe
@running
def roster(request: Request, offering: Any, form: str) -> HttpResponse:
    """Everybody's place in the journey as a table that leaves."""
    head = ["Person", "State", "Next date", "Asked", "Seated", "Began", "Ended", "Attempt"]
    rows = [_row(person) for person in reports.journey(request.actor, offering)]
    return table_file([head, *rows], f"{offering.slug}-participants"[:60], form)


def _row(person: Traveler) -> list[Any]:
    place, run = person.place, person.run
    dates = [person.until, place and place.asked_at, place and place.seated_at, run and run.started_at, run and run.ended_at]
    return [person.name, state_words(person), *(each.date().isoformat() if each else "" for each in dates),
            person.progress.attempt if person.progress else ""]  # fmt: skip


@running
def place(request: Request, offering: Any, registration_id: str) -> HttpResponse:
    """One participant's place: choosing, turning down, beginning for them, taking the place away at their wish; what was paid for it."""
    found = programs.place(request.actor, registration_id)
    form = _place_form(request, found)
    if request.method == "POST" and _settled(request, found.pk, form):
        return redirect("pilot-run", slug=offering.slug)
    told = {"offering": offering, "place": found, "form": form, "run": found.enrollment,
            "fee": payments.entitlement_of(request.actor, found.pk), "order": payments.order_of(request.actor, found.pk)}  # fmt: skip
    return render(request, "pilots/place.html", told, status=422 if form.errors else 200)


def _place_form(request: Request, place: Any) -> ChooseForm | ReasonForm:
    if place.state == "applied" or "choose" in request.POST:
        sent = request.POST if "choose" in request.POST else None
        return ChooseForm(sent, warning=programs.choosing_warning(request.actor, place))
    return ReasonForm(request.POST if "begin" in request.POST else None)


def _settled(request: Request, registration_id: str, form: ChooseForm | ReasonForm) -> bool:
    actor = request.actor
    if "begin" in request.POST:
        return done(form, lambda told: commands.begin_for(actor=actor, registration_id=registration_id, reason=told["reason"]))
    if "choose" in request.POST:
        return done(form, lambda told: commands.choose(actor=actor, registration_id=registration_id, **told))
    if "turn-down" in request.POST:
        commands.turn_down(actor=actor, registration_id=registration_id)
    elif "remove" in request.POST:
        commands.give_up_place(actor=actor, registration_id=registration_id)
    return True


@running
def time(request: Request, offering: Any, enrollment_id: str) -> HttpResponse:
    """Grant or decline more time, with every date there was."""
    run = programs.enrollment(request.actor, enrollment_id)
    history = programs.extensions(request.actor, run.pk)
    asked = next((each for each in history if each.state == "asked"), None)
    form = AnswerForm(request.POST or None, initial={"until": asked.until if asked else None})
    if request.method == "POST" and done(form, lambda told: _answer(request, run, asked, told)):
        return redirect("pilot-run", slug=offering.slug)
    told = {"offering": offering, "run": run, "asked": asked, "history": history, "form": form,
            "latest": programs.latest_day(request.actor, run)}  # fmt: skip
    return render(request, "pilots/answer.html", told, status=422 if form.errors else 200)


def _answer(request: Request, run: Any, asked: Any, told: dict[str, Any]) -> None:
    answered = asked or programs.extensions(request.actor, run.pk).last()
    if "decline" in request.POST and answered:
        commands.decline_extension(actor=request.actor, extension_id=answered.pk, reason=told["reason"])
    else:
        commands.extend(actor=request.actor, enrollment_id=run.pk, until=told["until"], reason=told["reason"])


@running
def settings(request: Request, offering: Any) -> HttpResponse:
    """Dates, rules and seats."""
    rules = RulesForm(request.POST if "rules" in request.POST else None, initial=offering.__dict__)
    seats = SeatsForm(request.POST if "seats" in request.POST else None, initial=offering.__dict__)
    once = AtOnceForm(request.POST if "once" in request.POST else None, initial=_at_once(offering.program))
    checking = CheckingForm(request.POST if "checking" in request.POST else None, initial=offering.program.__dict__)
    if request.method == "POST" and _set(request, offering, rules, seats, once, checking):
        messages.success(request, "Saved.")
        return redirect("pilot-settings", slug=offering.slug)
    waiting = programs.seats(request.actor, [offering])[offering.pk].waiting
    told = {"offering": offering, "rules": rules, "seats": seats, "once": once, "checking": checking, "waiting": waiting}
    return render(request, "pilots/settings.html", told, status=422 if any(form.errors for form in (rules, seats, once)) else 200)


def _at_once(program: Any) -> dict[str, Any]:
    return {"limit": program.at_once, "mode": program.at_once_mode, "counts_decisions": program.at_once_counts_decisions}


def _set(request: Request, offering: Any, rules: RulesForm, seats: SeatsForm, once: AtOnceForm, checking: CheckingForm) -> bool:
    actor = request.actor
    if "checking" in request.POST:
        return done(checking, lambda told: commands.set_checking(actor=actor, program_id=offering.program_id, **told))
    if "rules" in request.POST:
        return done(rules, lambda told: commands.change_offering(
            actor=actor, offering_id=offering.pk, opens_on=told["opens_on"], last_day=told["last_day"], days=told["days"],
            rules=rules.rules(),
        ))  # fmt: skip
    if "seats" in request.POST:
        return done(seats, lambda told: commands.change_seats(actor=actor, offering_id=offering.pk, **told))
    if "close" in request.POST or "reopen" in request.POST:
        settle = commands.reopen_offering if "reopen" in request.POST else commands.close_offering
        settle(actor=actor, offering_id=offering.pk)
        return True
    return done(once, lambda told: commands.set_at_once(actor=actor, program_id=offering.program_id, **told))


@running
def meetings(request: Request, offering: Any) -> HttpResponse:
    """The meetings of the pilot and its program, and planning another."""
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and done(form, lambda told: commands.plan_meeting(
        actor=request.actor, program_id=offering.program_id, offering_id=offering.pk, **told)):  # fmt: skip
        return redirect("pilot-meetings", slug=offering.slug)
    lines = programs.meetings(request.actor, offering)
    due = next((each.time.pk for line in lines for each in line.times if each.is_to_note), None)
    bare = next((line.meeting.pk for line in lines if not line.times), None)
    told = {"offering": offering, "lines": lines, "due": due, "bare": bare, "form": form,
            "without_kick_off": without_kick_off(offering, lines)}  # fmt: skip
    return render(request, "pilots/meetings.html", told, status=422 if form.errors else 200)


@running
def meeting(request: Request, offering: Any, meeting_id: str) -> HttpResponse:
    """One meeting: its times, its words, and another time."""
    found = next((line for line in programs.meetings(request.actor, offering) if line.meeting.pk == meeting_id), None)
    if found is None:
        raise NotFound("meeting")
    time = TimeForm(_sent(request, "add"), initial={"zone": "America/Chicago", "minutes": 30})
    about = AboutForm(_sent(request, "about"), initial=found.meeting.__dict__)
    if request.method == "POST" and _meeting_changed(request, found.meeting.pk, time, about):
        return redirect("pilot-meeting", slug=offering.slug, meeting_id=meeting_id)
    told = {"offering": offering, "line": found, "time": time, "about": about}
    return render(request, "pilots/meeting.html", told, status=422 if time.errors or about.errors else 200)


def _sent(request: Request, name: str) -> Any:
    return request.POST if name in request.POST else None


def _meeting_changed(request: Request, meeting_id: str, time: TimeForm, about: AboutForm) -> bool:
    if "cancel" in request.POST:
        commands.cancel_time(actor=request.actor, time_id=request.POST["cancel"])
        return True
    if "add" in request.POST:
        return done(time, lambda told: commands.add_time(actor=request.actor, meeting_id=meeting_id, time=time.time()))
    return done(about, lambda told: commands.describe_meeting(actor=request.actor, meeting_id=meeting_id, **told))


@running
def meeting_time(request: Request, offering: Any, time_id: str) -> HttpResponse:
    """Move one time of a meeting, or mend how to join; while it is on, too."""
    found = programs.meeting_time(request.actor, time_id)
    form = TimeForm(request.POST or None, initial=TimeForm.of(found))
    if request.method == "POST" and done(form, lambda told: commands.change_time(
        actor=request.actor, time_id=found.pk, time=_typed(form, found))):  # fmt: skip
        messages.success(request, "Saved. Those who keep a place there are told.")
        return redirect("pilot-meeting", slug=offering.slug, meeting_id=found.meeting_id)
    return render(request, "pilots/time.html", {"offering": offering, "time": found, "form": form}, status=422 if form.errors else 200)


def _typed(form: TimeForm, found: Any) -> commands.Time:
    """What was not sent at all stays as it is."""
    return form.time() if "help_url" in form.data else replace(form.time(), help_url=found.help_url)


@running
def attendance(request: Request, offering: Any, time_id: str) -> HttpResponse:
    """Who is expected and who came; the link to show; somebody who called."""
    time = programs.meeting_time(request.actor, time_id)
    caller: Form = CallerForm(_sent(request, "caller"))
    if request.method == "POST" and _noted(request, time.pk, caller):
        return redirect("pilot-attendance", slug=offering.slug, time_id=time_id)
    lines = _expected(request, time)
    came = sum(1 for _, _, row in lines if row and row.attended_at)
    told = {"offering": offering, "time": time, "lines": lines, "caller": caller, "came": came, "address": config.SITE_URL}
    return render(request, "pilots/attendance.html", told, status=422 if caller.errors else 200)


def _expected(request: Request, time: Any) -> list[tuple[str, str, Any]]:
    rows = {row.person_id: row for row in programs.attendance_at(request.actor, time.meeting)}
    return [(pk, name, rows.get(pk)) for pk, name in programs.expected(request.actor, time.meeting).items()]


def _noted(request: Request, time_id: str, caller: Form) -> bool:
    if "caller" in request.POST:
        return done(caller, lambda told: commands.note_caller(actor=request.actor, time_id=time_id, **told))
    commands.note_attendance(actor=request.actor, time_id=time_id, person_ids=request.POST.getlist("person"))
    messages.success(request, "Attendance is noted.")
    return True


@require_POST
@running
def undo(request: Request, offering: Any, attendance_id: str) -> HttpResponse:
    """Take back a mark that was a mistake."""
    row = commands.undo_attendance(actor=request.actor, attendance_id=attendance_id, reason=request.POST.get("reason", ""))
    return redirect("pilot-attendance", slug=offering.slug, time_id=row.time_id)
