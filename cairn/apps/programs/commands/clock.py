"""More time: asking for it, granting it, declining it; reminders, and what happens when time is over.

Not here: the date that an attempt goes by (portfolio follows what is granted here).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cairn.apps.ledger.steps import record
from cairn.apps.programs import events, policy
from cairn.apps.programs.commands.runs import take_up
from cairn.apps.programs.models import Enrollment, Extension, Reminder
from cairn.apps.programs.states import ENROLLMENT, EXTENSION
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid
from cairn.kernel.facts import Recorded
from cairn.pure.clocks import end_of_day, long_date

REMINDED_BEFORE = (30, 14, 7, 1)  # days
LONGEST = timedelta(days=3660)


@command
def ask_extension(*, actor: Actor, enrollment_id: str, until: date, why: str) -> Extension:
    """Ask for time up to the end of `until`; what was asked before and not answered is taken back."""
    run = _locked(actor, enrollment_id)
    policy.ASK_EXTENSION.require(actor, run)
    _check_later(run, until)
    if not why.strip():
        raise Invalid("why-missing", "Say what you need the time for.", "One sentence is enough.", {"why": "Say what for."})
    taken_back = []
    for before in Extension.objects.filter(enrollment=run, state="asked"):
        EXTENSION.move(before, to="taken back")
        before.save(update_fields=["state"])
        taken_back.append(before)
    last = run.offering.last_day
    asked = Extension.objects.create(enrollment=run, until=until, why=why.strip(), is_beyond_end=bool(last and until > last))
    record(events.EXTENSION_ASKED, actor=actor, subject=asked, thread=run.pk, organization=run.offering.program.organization_id,
           until=until.isoformat(), why=asked.why)  # fmt: skip
    for before in taken_back:
        record(events.EXTENSION_TAKEN_BACK, actor=actor, subject=before, thread=run.pk, organization=run.offering.program.organization_id)
    return asked


@command
def take_back_extension(*, actor: Actor, extension_id: str) -> Extension:
    asked, run = _asked(actor, extension_id)
    policy.the_learner(actor, run)
    policy.still_asked(actor, asked)
    EXTENSION.move(asked, to="taken back")
    asked.save(update_fields=["state"])
    record(events.EXTENSION_TAKEN_BACK, actor=actor, subject=asked, thread=run.pk, organization=run.offering.program.organization_id)
    return asked


@command
def extend(*, actor: Actor, enrollment_id: str, until: date, reason: str) -> Extension:
    """Grant time up to the end of `until`, asked for or not. Past the last day of the offering it takes an owner, and a reason."""
    run = _locked(actor, enrollment_id)
    policy.RUN_PROGRAM.require(actor, run.offering.program)
    policy.still_running(actor, run)
    _check_later(run, until)
    beyond = _check_end(actor, run, until, reason)
    asked = Extension.objects.select_for_update(of=("self",)).filter(enrollment=run, state="asked").first()
    granted = asked or Extension(enrollment=run, until=until)
    EXTENSION.move(granted, to="granted")
    granted.until, granted.reason, granted.is_beyond_end = until, reason.strip(), beyond
    granted.decided_at, granted.decided_by_id = clock.now(), actor.person_id
    granted.due_before, granted.due_after = run.due_at, end_of_day(until, ZoneInfo(run.zone))
    granted.save()
    run.due_at, run.due_reason = granted.due_after, "extension"
    run.due_sentence = f"More time was granted; it was {long_date(granted.due_before.astimezone(ZoneInfo(run.zone)).date())}."
    run.save(update_fields=["due_at", "due_reason", "due_sentence"])
    record(events.EXTENDED, actor=actor, subject=granted, thread=run.pk, organization=run.offering.program.organization_id,
           due_before=granted.due_before.isoformat(), due_after=granted.due_after.isoformat(), beyond_end=beyond, reason=granted.reason,
           sentence=run.due_sentence)  # fmt: skip
    take_up(actor, run)
    return granted


@command
def decline_extension(*, actor: Actor, extension_id: str, reason: str) -> Extension:
    asked, run = _asked(actor, extension_id)
    policy.RUN_PROGRAM.require(actor, run.offering.program)
    policy.still_asked(actor, asked)
    if not reason.strip():
        raise Invalid("reason-missing", "Say why, so that the educator knows.", "One sentence is enough.", {"reason": "Say why."})
    EXTENSION.move(asked, to="declined")
    asked.reason, asked.decided_at, asked.decided_by_id = reason.strip(), clock.now(), actor.person_id
    asked.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    record(events.EXTENSION_DECLINED, actor=actor, subject=asked, thread=run.pk, organization=run.offering.program.organization_id,
           reason=asked.reason)  # fmt: skip
    return asked


@command
def follow_revision(*, actor: Actor, fact: Recorded) -> Enrollment:
    """Consequence of an attempt that was opened anew: where it is due later than the run, the run is due with it."""
    run = _locked(actor, fact.thread)
    policy.by_the_clock(actor, run)
    later = datetime.fromisoformat(fact.data["due_at"])
    if run.state in ("active", "lapsed") and run.due_at < later:
        before, run.due_at, run.due_reason = run.due_at, later, "revision"
        was = long_date(before.astimezone(ZoneInfo(run.zone)).date())
        run.due_sentence = f"Attempt {fact.data['attempt']} has until then; it was {was}."
        run.save(update_fields=["due_at", "due_reason", "due_sentence"])
        record(events.REVISION_FOLLOWED, actor=actor, subject=run, thread=run.pk, organization=run.offering.program.organization_id,
               due_before=before.isoformat(), due_after=later.isoformat(), sentence=run.due_sentence)  # fmt: skip
        take_up(actor, run)
    return run


@command
def lapse(*, actor: Actor, enrollment_id: str) -> Enrollment:
    """Its time is over with nothing submitted: the caller has looked. Nothing is lost, and more time opens it again."""
    run = _locked(actor, enrollment_id)
    policy.by_the_clock(actor, run)
    if run.state == "active" and not run.awaits_decision and clock.now() > run.due_at:
        ENROLLMENT.move(run, to="lapsed")
        run.ended_at = run.due_at
        run.save(update_fields=["state", "ended_at"])
        record(events.LAPSED, actor=actor, subject=run, thread=run.pk, organization=run.offering.program.organization_id)
    return run


@command
def remind(*, actor: Actor, enrollment_id: str) -> Reminder | None:
    """One letter for each date and each number of days before it; a late one tells of the nearest and leaves out those before."""
    run = _locked(actor, enrollment_id)
    policy.by_the_clock(actor, run)
    left = (run.due_at - clock.now()) / timedelta(days=1)
    days = min((days for days in REMINDED_BEFORE if left <= days), default=None)
    if run.state != "active" or run.awaits_decision or left < 0 or days is None:
        return None
    reminder, made = Reminder.objects.get_or_create(enrollment=run, due_at=run.due_at, days=days)
    if made:
        record(events.REMINDED, actor=actor, subject=run, thread=run.pk, organization=run.offering.program.organization_id, days=days,
               due_at=run.due_at.isoformat())  # fmt: skip
    return reminder


def _locked(actor: Actor, enrollment_id: str) -> Enrollment:
    return Enrollment.objects.visible_to(actor).select_related("offering__program").locked(pk=enrollment_id)


def _asked(actor: Actor, extension_id: str) -> tuple[Extension, Enrollment]:
    found = Extension.objects.visible_to(actor).get_or_not_found(pk=extension_id)
    run = _locked(actor, found.enrollment_id)
    return Extension.objects.visible_to(actor).locked(pk=extension_id), run


def _check_later(run: Enrollment, until: date) -> None:
    today = clock.today(ZoneInfo(run.zone))
    due_day = run.due_at.astimezone(ZoneInfo(run.zone)).date()
    if until <= due_day or until < today:
        message = f"{long_date(until)} gives no more time than there is: it is due {long_date(due_day)}."
        raise Invalid("not-later", message, "Choose a later day.", {"until": message})
    if until > today + LONGEST:
        raise Invalid("too-late", f"{long_date(until)} lies too far ahead.", "Choose an earlier day.", {"until": "An earlier day."})


def _check_end(actor: Actor, run: Enrollment, until: date, reason: str) -> bool:
    """Whether `until` lies past the end of the offering, which only an owner may grant."""
    last = run.offering.last_day
    if last is None or until <= last:
        return False
    message = f"The pilot ends on {long_date(last)}; a coordinator may grant time up to that day."
    if not policy.EXTEND_BEYOND.allows(actor, run.offering.program):
        raise Forbidden("beyond-the-end", message, "Ask an admin of an organization that owns the program, or choose a day up to then.")
    if not reason.strip():
        raise Conflict("reason-missing", f"{message} Going past it needs a reason.", "Write the reason down.", {"reason": "Say why."})
    return True
