"""Growth plans: begun, written, shared with a supervisor, agreed; and micro-credentials planned for a license."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import EducatorLicense, Goal, GrowthPlan, Planned
from cairn.apps.licensure.states import BUCKETS, PLAN
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Invalid, NotFound
from cairn.kernel.text import clean

TITLE_LIMIT, WORDS_LIMIT, GOALS, PLANNED = 120, 2_000, 12, 40
LONGEST = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Aim:
    """A goal as it is written: whose goal it is (a key of BUCKETS), and the id of the standard it is about, or empty."""

    words: str
    bucket: str = "individual"
    standard: str = ""


@command
def begin_plan(
    *, actor: Actor, title: str, starts_on: date, ends_on: date, goals: Sequence[Aim], supervisor: str = "", license_id: str = ""
) -> GrowthPlan:  # fmt: skip
    """A draft that nobody else sees. `supervisor` is the address of somebody who has an account here."""
    policy.ADD_ENTRY.require(actor, None)
    plan = GrowthPlan(person_id=str(actor.person_id))
    _write(actor, plan, title, starts_on, ends_on, supervisor, license_id)
    rows = _goals(actor, plan, goals)
    plan.save(force_insert=True)
    Goal.objects.bulk_create(rows)
    record(events.PLAN_BEGUN, actor=actor, subject=plan, thread=plan.pk)
    return plan


@command
def change_plan(
    *, actor: Actor, plan_id: str, title: str, starts_on: date, ends_on: date, goals: Sequence[Aim], supervisor: str = "",
    license_id: str = "",
) -> GrowthPlan:  # fmt: skip
    """Write it anew, with all of its goals."""
    plan = GrowthPlan.objects.visible_to(actor).locked(pk=plan_id)
    policy.WRITE_PLAN.require(actor, plan)
    _write(actor, plan, title, starts_on, ends_on, supervisor, license_id)
    rows = _goals(actor, plan, goals)
    plan.save()
    plan.goals.all().delete()
    Goal.objects.bulk_create(rows)
    record(events.PLAN_CHANGED, actor=actor, subject=plan, thread=plan.pk)
    return plan


@command
def move_plan(*, actor: Actor, plan_id: str, to: str) -> GrowthPlan:
    """Share it, take it back to write on, or close it."""
    plan = GrowthPlan.objects.visible_to(actor).locked(pk=plan_id)
    policy.MOVE_PLAN.require(actor, plan)
    if to == "agreed" or to not in PLAN.moves:
        raise NotFound("page")
    if to == "shared" and plan.supervisor_id is None:
        words = "Write the e-mail address of the supervisor who is to agree."
        raise Invalid("supervisor-missing", "A plan is shared with somebody.", words, {"supervisor": words})
    return _moved(actor, plan, to)


@command
def agree_plan(*, actor: Actor, plan_id: str) -> GrowthPlan:
    """The supervisor agrees; from now on the plan does not change."""
    plan = GrowthPlan.objects.visible_to(actor).locked(pk=plan_id)
    policy.AGREE_PLAN.require(actor, plan)
    plan.agreed_at = clock.now()
    return _moved(actor, plan, "agreed")


@command
def plan_microcredentials(*, actor: Actor, license_id: str, microcredential_ids: Iterable[str]) -> EducatorLicense:
    """Exactly these are planned for the license from now on. It is for oneself: nothing is promised, and nothing counts."""
    row = EducatorLicense.objects.visible_to(actor).locked(pk=license_id)
    policy.CHANGE_LICENSE.require(actor, row)
    ids = list(dict.fromkeys(microcredential_ids))
    known = set(catalog.published(actor))
    if len(ids) > PLANNED or not set(ids) <= known:
        words = f"Choose up to {PLANNED} that are in the catalog."
        raise Invalid("planned-unknown", "Something here is not in the catalog any more.", words, {"microcredentials": words})
    Planned.objects.filter(license=row).exclude(microcredential_id__in=ids).delete()
    there = set(Planned.objects.filter(license=row).values_list("microcredential_id", flat=True))
    Planned.objects.bulk_create(Planned(person_id=row.person_id, license=row, microcredential_id=each) for each in ids if each not in there)
    record(events.PLANNED, actor=actor, subject=row, thread=row.pk, microcredentials=len(ids))
    return row


def _moved(actor: Actor, plan: GrowthPlan, to: str) -> GrowthPlan:
    PLAN.move(plan, to=to)
    plan.save(update_fields=["state", "agreed_at"])
    record(events.PLAN_MOVED, actor=actor, subject=plan, thread=plan.pk, state=to)
    return plan


def _write(actor: Actor, plan: GrowthPlan, title: str, starts_on: date, ends_on: date, supervisor: str, license_id: str) -> None:
    plan.title = " ".join(clean(title, limit=TITLE_LIMIT, field="title", name="This title").split())
    if not plan.title:
        words = "Give the plan a title, such as the school year it is for."
        raise Invalid("title-missing", "A plan needs a title.", words, {"title": words})
    if not starts_on <= ends_on <= starts_on + LONGEST:
        words = "Its last day comes after its first, within five years."
        raise Invalid("plan-days-invalid", "These days do not fit.", words, {"ends_on": words})
    plan.starts_on, plan.ends_on = starts_on, ends_on
    plan.supervisor_id = _supervisor(actor, supervisor)
    if license_id:
        plan.license_id = EducatorLicense.objects.visible_to(actor).filter(person_id=actor.person_id).get_or_not_found(pk=license_id).pk
    else:
        plan.license_id = None


def _supervisor(actor: Actor, address: str) -> str | None:
    if not address.strip():
        return None
    found = people.owner_of_address(address.strip().lower())
    if found is None or found == actor.person_id:
        words = "Write the address that they sign in with here; or leave it empty, and print the plan."
        raise Invalid("supervisor-unknown", "Nobody else here has this address.", words, {"supervisor": words})
    return found


def _goals(actor: Actor, plan: GrowthPlan, goals: Sequence[Aim]) -> list[Goal]:
    written = [aim for aim in goals if aim.words.strip()]
    if not 1 <= len(written) <= GOALS:
        words = f"Write 1 to {GOALS} goals."
        raise Invalid("goals-missing", "A plan has goals.", words, {"goal_1": words})
    rows = []
    for place, aim in enumerate(written, 1):
        words = clean(aim.words, limit=WORDS_LIMIT, field=f"goal_{place}", name="This goal").strip()
        if aim.bucket not in BUCKETS:
            told = "Say whose goal it is."
            raise Invalid("bucket-unknown", "This is nobody's goal.", told, {f"goal_{place}": told})
        standard = catalog.framework_item(actor, aim.standard).pk if aim.standard else None
        rows.append(Goal(plan=plan, place=place, words=words, bucket=aim.bucket, standard_id=standard))
    return rows
