"""What a schedule answers to a claim, as it is shown and stored beside it. Not here: the schedule's own rules (pure.rules)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from cairn.apps.credentials import queries as credentials
from cairn.apps.licensure.models import Claim, CreditAward, EducatorLicense, Election
from cairn.apps.licensure.queries.recognizers import approved_on, today_of
from cairn.apps.licensure.queries.schedules import schedule_of
from cairn.frame.actor import system
from cairn.pure import rules

_SYSTEM = system("licensure")


def kind_of(unit: str) -> str:
    """As which kind of entry it stands in a record."""
    if unit.endswith("credit") or unit in ("semester-hour", "quarter-hour"):
        return "credit"
    return "hours" if unit in ("hour", "ceu") else "points"


@dataclass(frozen=True)
class Said:
    """`reasons`: sentence and citation. `waits`: the rule takes several together, and not all of them are claimed; `together`: ids of
    claims that are answered with this one. `fee_cents`: what the claimant pays for it."""

    amount: Decimal
    unit: str
    is_refused: bool
    reasons: tuple[tuple[str, str], ...]
    flags: tuple[str, ...] = ()
    waits: bool = False
    together: tuple[str, ...] = ()
    fee_cents: int = 0
    lasts_until: date | None = None
    notice: str = rules.NOTICE

    def to_json(self) -> dict[str, Any]:
        return {
            "amount": f"{self.amount.normalize():f}", "unit": self.unit, "is_refused": self.is_refused, "waits": self.waits,
            "reasons": [list(reason) for reason in self.reasons], "flags": list(self.flags), "together": list(self.together),
            "fee_cents": self.fee_cents, "lasts_until": self.lasts_until.isoformat() if self.lasts_until else "", "notice": self.notice,
        }  # fmt: skip

    @property
    def gives_nothing(self) -> bool:
        return self.is_refused or self.amount <= 0

    @property
    def cites(self) -> str:
        return "; ".join(dict.fromkeys(cite for _, cite in self.reasons if cite))


def said_of(told: Mapping[str, Any]) -> Said:
    """As it was stored."""
    return Said(
        Decimal(told["amount"]), told["unit"], told["is_refused"], tuple((words, cite) for words, cite in told["reasons"]),
        tuple(told["flags"]), told["waits"], tuple(told["together"]), told["fee_cents"],
        date.fromisoformat(told["lasts_until"]) if told["lasts_until"] else None, told["notice"],
    )  # fmt: skip


def answer_to(found: Claim) -> Said:
    """What the schedule by which it was claimed says to it, beside everything that was granted under the same rule before."""
    schedule, on = schedule_of(found.schedule), found.claimed_on or today_of(found.organization_id)
    asked, granted = _asked(found, on), _granted(found)
    answer, together = rules.convert(schedule, asked, granted, on), []
    waiting = list(_waiting(found)) if answer.waits else []
    while answer.waits and waiting:
        together.append(waiting.pop(0))
        answer = rules.convert(schedule, replace(asked, amount=Decimal(1 + len(together))), granted, on)
    said = Said(answer.amount, answer.unit, answer.refused, answer.reasons, answer.flags, answer.waits,
                tuple(together) if not answer.waits else (), 0, answer.lasts_until, answer.notice)  # fmt: skip
    if gone := _revoked(found, said):
        words = f"“{gone.title}” was revoked, so nothing is given for it."
        return replace(said, amount=Decimal(0), is_refused=True, waits=False, reasons=((words, ""),), flags=("revoked",))
    said = _beside_others(found, said)
    terms = schedule.on(on)
    if found.buys and terms and terms.fee and not said.is_refused:
        amount, _, unit = terms.fee.gives.partition(" ")
        return replace(said, amount=Decimal(amount), unit=unit.removesuffix("s"), fee_cents=terms.fee.cents)
    return said


def _beside_others(found: Claim, said: Said) -> Said:
    """With a sentence where points are asked for what was given as credit, or the other way: no rule may say whether both count."""
    rows = CreditAward.objects.filter(person_id=found.person_id, claim__credential_id=found.credential_id, stopped_at=None)
    other = {"points": "credit", "credit": "points"}.get(kind_of(said.unit), "")
    if not (other and found.credential_id) or other not in {kind_of(unit) for unit in rows.values_list("unit", flat=True)}:
        return said
    words = f"This award was recognized with {other} before. Where its rule does not say whether both count, an officer decides."
    return replace(said, reasons=(*said.reasons, (words, "")), flags=(*said.flags, "given-otherwise"))


def _asked(found: Claim, on: date) -> rules.Claim:
    fields: dict[str, Any] = {}
    award = _award(found)
    if award is not None:
        fields = {"key": award.microcredential, "version": award.version, "stack": award.stack, "origin": award.origin,
                  "issuer": award.issuer, "award": award.id}  # fmt: skip
    elected = Election.objects.filter(credential_id=found.credential_id, rule=found.schedule.rule) if found.credential_id else None
    before = elected.values_list("elected", flat=True).first() if elected is not None else None
    return rules.Claim(
        kind=found.kind, on=found.done_on, claimed_on=on, amount=Decimal(found.quantity), unit=found.unit, hours=found.hours,
        days=found.days, level=found.level,
        award=found.credential_id or "", activity=found.rests_on_id or found.pk, approved_before=_approved(found, award),
        elected=found.elected, elected_before=before or "", bucket=found.bucket, license_end=_license_end(found), asked=found.asked,
        fields=fields,
    )  # fmt: skip


def _award(found: Claim) -> credentials.Earned | None:
    earned = credentials.earned(_SYSTEM, found.person_id) if found.credential_id else ()
    return next((each for each in earned if each.id == found.credential_id), None)


def _revoked(found: Claim, said: Said) -> credentials.Earned | None:
    """An award that was revoked since it was claimed, of this claim or of one that is answered with it."""
    together = Claim.objects.filter(Q(pk__in=said.together) | Q(joined_to=found.pk)).values_list("credential_id", flat=True)
    rest_on = {found.credential_id, *together} - {None}
    earned = credentials.earned(_SYSTEM, found.person_id) if rest_on else ()
    return next((each for each in earned if each.id in rest_on and each.revoked_at), None)


def _approved(found: Claim, award: credentials.Earned | None) -> date | None:
    if found.approval is not None:
        return found.approval.answered_on if found.approval.state == "approved" else None
    return approved_on(found.person_id, found.organization_id, award.microcredential if award else "", found.title)


def _license_end(found: Claim) -> date | None:
    """Of the license that the educator holds in the recognizer's state and that ends last."""
    held = EducatorLicense.objects.filter(person_id=found.person_id, ended_on=None)
    held = held.filter(jurisdiction=found.organization.jurisdiction.replace("-", "/", 1))
    return held.order_by("-valid_to").values_list("valid_to", flat=True).first()


def _granted(found: Claim) -> tuple[rules.Granted, ...]:
    rows = CreditAward.objects.filter(person_id=found.person_id, organization_id=found.organization_id, stopped_at=None)
    rows = rows.filter(claim__schedule__rule=found.schedule.rule).exclude(claim=found).select_related("claim").order_by("granted_at", "pk")
    return tuple(
        rules.Granted(row.amount, row.done_on, row.level, row.claim.credential_id or "", row.claim.rests_on_id or row.claim_id, row.bucket,
                      row.claim.elected)
        for row in rows
    )  # fmt: skip


def _waiting(found: Claim) -> tuple[str, ...]:
    """Claims for other awards that wait for company under the same schedule, the first first."""
    alike = Claim.objects.filter(person_id=found.person_id, organization_id=found.organization_id, schedule__rule=found.schedule.rule)
    alike = alike.filter(state="waiting", kind=found.kind, level=found.level, bucket=found.bucket).exclude(pk=found.pk)
    free = alike.filter(Q(joined_to=None) | Q(joined_to=found)).order_by("begun_at", "pk")
    return tuple(free.values_list("pk", flat=True))
