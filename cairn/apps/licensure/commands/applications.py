"""Asking an authority to decide, answering it, and what its officers do: determine, return, refer, sign second."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import Application, Authority, Determination, EducatorLicense, Snapshot, Step
from cairn.apps.licensure.queries.applications import Computed, computed, due_on, lines_to_judge, open_lines, require_route
from cairn.apps.licensure.queries.offices import authority_for
from cairn.apps.licensure.states import APPLICATION, OUTCOMES
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Invalid, NotFound
from cairn.kernel.text import clean
from cairn.pure.clocks import long_date

WORDS_LIMIT, TO_LIMIT, APPEAL_LIMIT = 4_000, 120, 500
LONGEST = timedelta(days=366)  # that an educator is waited for
NOT_COMPUTED = "not-computed"


@command
def set_authority(
    *, actor: Actor, jurisdiction: str, organization_id: str, signatures: int = 1, answer_days: int = 10, appeal: str = ""
) -> Authority:
    """Say which organization decides on the licenses of a jurisdiction, how many sign, and within how many business days."""
    policy.SET_AUTHORITY.require(actor, organization_id)
    held = Authority.objects.visible_to(actor).select_for_update().filter(jurisdiction=jurisdiction).first()
    is_keeper = actor.is_system or actor.holds("operator")
    if not is_keeper and (held is None or held.organization_id != organization_id):
        raise Conflict("another-authority", "Another organization decides there, or none does yet.", "Ask an operator of this site.")
    if Authority.objects.visible_to(actor).filter(organization_id=organization_id).exclude(jurisdiction=jurisdiction).exists():
        raise Conflict("decides-elsewhere", "This organization decides for another jurisdiction already.", "Enter an office of its own.")
    if signatures not in (1, 2):
        raise Invalid("signatures", "One officer signs, or two.", "Choose one or two.", {"signatures": "Choose one or two."})
    if not 1 <= answer_days <= 120:
        raise Invalid(
            "answer-days", "An answer is given within 1 to 120 business days.", "Give 1 to 120.", {"answer_days": "Give 1 to 120."}
        )
    row = held or Authority(jurisdiction=jurisdiction)
    row.organization_id, row.signatures, row.answer_days = organization_id, signatures, answer_days
    row.appeal = clean(appeal, limit=APPEAL_LIMIT, field="appeal").strip()
    row.save()
    record(events.AUTHORITY_SET, actor=actor, subject=row, organization=organization_id, jurisdiction=jurisdiction,
           signatures=signatures, answer_days=answer_days)  # fmt: skip
    return row


# --- The educator ----------------------------------------------------------------------------------------------------


@command
def apply_for(*, actor: Actor, license_id: str, rules: str, words: str = "") -> Application:
    """Ask the authority of a license to decide on a route; from then on its officers may read what counts for it."""
    held = EducatorLicense.objects.visible_to(actor).locked(pk=license_id)
    policy.APPLY.require(actor, held)
    authority = authority_for(actor, held.jurisdiction)
    require_route(held, rules)
    if Application.objects.open().filter(license=held, rules=rules).exists():
        raise Conflict("asked-already", "You have asked for this already, and it is not decided yet.", "See where it stands under License.")
    now = computed(held, rules)
    if now.standing.state == NOT_COMPUTED or now.standing.status not in ("in force", "pilot"):
        raise Conflict(
            "no-rule-in-force", "No rule that is in force today was found for this, so there is nothing to apply under.",
            "Ask the authority itself.",
        )  # fmt: skip
    row = Application(license=held, person_id=held.person_id, authority=authority, rules=rules, due_on=due_on(authority, now.on))
    row.save(force_insert=True)
    _snapshot(row, now)
    _say(row, "asked", actor, words)
    record(events.APPLIED, actor=actor, subject=row, thread=held.pk, organization=authority.organization_id, rules=rules,
           hash=now.standing.hash, on=now.on.isoformat(), state=now.standing.state, due_on=row.due_on.isoformat())  # fmt: skip
    return row


@command
def answer_officer(*, actor: Actor, application_id: str, words: str) -> Application:
    """Answer what an officer asked: the application waits again, with what counts today."""
    row = _locked(actor, application_id)
    policy.ANSWER.require(actor, row)
    if row.state != "returned":
        raise Conflict("nothing-asked", "No officer asks anything of you just now.", "Reload the page to see where it stands.")
    APPLICATION.move(row, "waiting")
    now = computed(row.license, row.rules)
    row.until, row.due_on = None, due_on(row.authority, now.on)
    row.save(update_fields=["state", "until", "due_on"])
    _snapshot(row, now)
    _say(row, "answered", actor, _needed(words, "Write your answer."))
    record(events.ANSWERED, actor=actor, subject=row, thread=row.license_id, organization=row.authority.organization_id,
           hash=now.standing.hash, on=now.on.isoformat(), state=now.standing.state, due_on=row.due_on.isoformat())  # fmt: skip
    return row


@command
def withdraw_application(*, actor: Actor, application_id: str) -> Application:
    """Take it back before it is determined; the officers lose sight of it at once."""
    row = _locked(actor, application_id)
    policy.ANSWER.require(actor, row)
    APPLICATION.move(row, "withdrawn")
    row.save(update_fields=["state"])
    _say(row, "withdrawn", actor, "")
    record(events.APPLICATION_WITHDRAWN, actor=actor, subject=row, thread=row.license_id, organization=row.authority.organization_id)
    return row


# --- Officers --------------------------------------------------------------------------------------------------------


@command
def return_application(*, actor: Actor, application_id: str, reason: str, until: date) -> Application:
    """Ask the educator for something more by a day. Nothing is lost, and the license runs on until its end."""
    row = _locked(actor, application_id)
    policy.DECIDE.require(actor, row)
    today = computed(row.license, row.rules).on
    if until <= today:
        told = "Give a day to come, so that there is time to answer."
        raise Invalid("until-past", f"{long_date(until)} is not a day to come.", told, {"until": told})
    if until > today + LONGEST:
        told = f"Give a day within {LONGEST.days} days, or decide on what is there."
        raise Invalid("until-far", f"{long_date(until)} is too far away to wait for.", told, {"until": told})
    _take_up(row, today)
    APPLICATION.move(row, "returned")
    row.until = until
    row.save(update_fields=["state", "until"])
    _say(row, "returned", actor, _needed(reason, "Say what you ask for, so that the educator can answer."))
    record(events.RETURNED, actor=actor, subject=row, thread=row.license_id, organization=row.authority.organization_id,
           until=until.isoformat())  # fmt: skip
    return row


@command
def refer_application(*, actor: Actor, application_id: str, to: str, reason: str) -> Application:
    """Put a question to counsel or to a board; it leaves the list until they answer."""
    row = _locked(actor, application_id)
    policy.DECIDE.require(actor, row)
    to = " ".join(clean(to, limit=TO_LIMIT, field="to").split())
    if not to:
        raise Invalid(
            "refer-to-whom", "Say to whom you refer it.", "Name the office or the board.", {"to": "Name the office or the board."}
        )
    _take_up(row, computed(row.license, row.rules).on)
    APPLICATION.move(row, "referred")
    row.save(update_fields=["state", "until"])
    _say(row, "referred", actor, _needed(reason, "Say what the question is."), to=to)
    record(events.REFERRED, actor=actor, subject=row, thread=row.license_id, organization=row.authority.organization_id, to=to)
    return row


@command
def hear_answer(*, actor: Actor, application_id: str, words: str) -> Application:
    """Enter what those said to whom it was referred; it waits for an officer again."""
    row = _locked(actor, application_id)
    policy.DECIDE.require(actor, row)
    if row.state != "referred":
        raise Conflict("not-referred", "This application is referred to nobody.", "Reload the page to see where it stands.")
    APPLICATION.move(row, "waiting")
    row.due_on = due_on(row.authority, computed(row.license, row.rules).on)
    row.save(update_fields=["state", "due_on"])
    _say(row, "heard", actor, _needed(words, "Write what they answered."))
    record(events.HEARD, actor=actor, subject=row, thread=row.license_id, organization=row.authority.organization_id)
    return row


@command
def determine(
    *, actor: Actor, application_id: str, outcome: str, reason: str, seen: str, lines: Sequence[str] = (), is_exception: bool = False
) -> Determination:  # fmt: skip
    """Sign what was found. `seen` is the digest of the standing that the officer had before them; `lines` are those that they judged, or
    that they except. Where two must sign, it holds once the second has."""
    row = _locked(actor, application_id)
    policy.DECIDE.require(actor, row)
    now = computed(row.license, row.rules)
    if now.digest != seen:
        raise Conflict("changed-since", "What counts has changed since you opened this page.", "Read it again as it stands now, then sign.")
    _take_up(row, now.on)
    basis = _basis(now, outcome, lines, is_exception)
    reason = _needed(reason, "Give your reason: the educator reads it, and the next officer decides alike.")
    moment, alone = clock.now(), row.authority.signatures == 1
    APPLICATION.move(row, "determined" if alone else "proposed")
    row.save(update_fields=["state", "until"])
    found = Determination(
        application=row, snapshot=_snapshot(row, now), outcome=outcome, basis=basis, lines=sorted(set(lines)), reason=reason,
        first_by_id=str(actor.person_id), first_at=moment, signed_at=moment if alone else None,
    )  # fmt: skip
    found.save(force_insert=True)
    _say(row, "signed", actor, "")
    _record_signed(actor, row, found, now) if alone else record(
        events.PROPOSED, actor=actor, subject=found, thread=row.license_id, organization=row.authority.organization_id, outcome=outcome,
        basis=basis, lines=found.lines, hash=now.standing.hash, on=now.on.isoformat(),
    )  # fmt: skip
    return found


@command
def countersign(*, actor: Actor, application_id: str) -> Determination:
    """Sign second: the determination holds from now on. Refused where what counts is no longer what the first officer saw."""
    row, found = _proposed(actor, application_id)
    now = computed(row.license, row.rules)
    if now.digest != Computed.of(found.snapshot).digest:
        told = "What counts has changed since the first officer signed."
        raise Conflict("changed-since", told, "Do not agree, so that the first officer reads it again.")
    APPLICATION.move(row, "determined")
    row.save(update_fields=["state"])
    found.second_by_id, found.signed_at = actor.person_id, clock.now()
    found.save(update_fields=["second_by", "signed_at"])
    _say(row, "countersigned", actor, "")
    _record_signed(actor, row, found, now)
    return found


@command
def not_agree(*, actor: Actor, application_id: str, reason: str) -> Application:
    """The second officer does not agree: it waits again, with the reason beside it, for officers alone."""
    row, found = _proposed(actor, application_id)
    APPLICATION.move(row, "waiting")
    row.save(update_fields=["state"])
    found.is_set_aside = True
    found.save(update_fields=["is_set_aside"])
    _say(row, "not agreed", actor, _needed(reason, "Say why, so that the first officer can answer."))
    record(events.NOT_AGREED, actor=actor, subject=row, thread=row.license_id, organization=row.authority.organization_id)
    return row


def _proposed(actor: Actor, application_id: str) -> tuple[Application, Determination]:
    row = _locked(actor, application_id)
    policy.COUNTERSIGN.require(actor, row)
    found = row.determinations.select_related("snapshot").filter(signed_at=None, is_set_aside=False).first()
    if row.state != "proposed" or found is None:
        raise Conflict("nothing-proposed", "Nothing waits for a second signature here.", "Reload the page to see where it stands.")
    return row, found


def _record_signed(actor: Actor, row: Application, found: Determination, now: Computed) -> None:
    record(
        events.DETERMINED, actor=actor, subject=found, thread=row.license_id, organization=row.authority.organization_id, rules=row.rules,
        outcome=found.outcome, basis=found.basis, lines=found.lines, hash=now.standing.hash, on=now.on.isoformat(),
        counted=list(now.counted),
    )  # fmt: skip


def _basis(now: Computed, outcome: str, lines: Sequence[str], is_exception: bool) -> str:
    """What the outcome rests on; refused where the lines named are not those that stand between what was computed and what is signed."""
    if outcome not in OUTCOMES:
        raise Invalid("outcome", "Say whether the rule is met.", "Choose one of the two.", {"outcome": "Choose one."})
    judged, unmet = lines_to_judge(now.standing), open_lines(now.standing)
    if outcome == "met" and now.standing.state == "met":
        return "rule"
    if outcome == "not met":
        return "rule" if now.standing.state == "open" else "judgment"
    if now.standing.state == "officer" and not is_exception:
        if not set(lines) & judged:
            told = "Name the line that you judged to be met."
            raise Invalid("line-not-named", "Only an officer's judgment can meet this rule.", told, {"lines": told})
        return "judgment"
    if not is_exception or not lines:
        told = "Say that you make an exception, and name each line that you except."
        raise Invalid("not-met-as-computed", "As computed, this rule is not met.", told, {"lines": told})
    if unknown := set(lines) - unmet - judged:
        raise Invalid("line-is-met", f"{', '.join(sorted(unknown))}: nothing to except there.", "Name lines that are not met.")
    return "exception"


# --- Written once ----------------------------------------------------------------------------------------------------


def _locked(actor: Actor, application_id: str) -> Application:
    return Application.objects.visible_to(actor).select_related("authority", "license").locked(pk=application_id)


def _take_up(row: Application, today: date) -> None:
    """The day is over by which the educator was asked to answer, so it waits for an officer again."""
    if row.state == "returned" and row.until is not None and row.until < today:
        APPLICATION.move(row, "waiting")
        row.until = None


def _snapshot(row: Application, now: Computed) -> Snapshot:
    if now.version_id is None:
        raise NotFound("rule")
    kept = Snapshot(application=row, on=now.on, version_id=now.version_id, record=now.record, result=now.result)
    kept.save(force_insert=True)
    return kept


def _say(row: Application, kind: str, actor: Actor, words: str, *, to: str = "") -> None:
    words = clean(words, limit=WORDS_LIMIT, field="words").strip()
    Step(application=row, kind=kind, by_id=actor.person_id, words=words, to=to).save(force_insert=True)


def _needed(words: str, remedy: str) -> str:
    if not (told := clean(words, limit=WORDS_LIMIT, field="reason").strip()):
        raise Invalid("words-missing", "Nothing was written.", remedy, {"reason": remedy})
    return told
