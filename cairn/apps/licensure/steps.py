"""What commands of licensure share inside their transactions: the educator's row, entries from credentials and from recognizers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cairn.apps.credentials import queries as credentials
from cairn.apps.licensure.models import EducatorProfile, RecordEntry
from cairn.frame.actor import system
from cairn.frame.commands import running
from cairn.kernel import clock

_SYSTEM = system("licensure")


def lock_educator(person_id: str) -> EducatorProfile:
    """Their row, locked until the command ends, so that two changes of one educator's licenses or record wait for one another."""
    running()
    EducatorProfile.objects.get_or_create(person_id=person_id)
    return EducatorProfile.objects.locked(person_id=person_id)


def follow_credentials(person_id: str) -> list[RecordEntry]:
    """Bring an educator's entries in line with their credentials; those that are new or changed are returned."""
    running()
    known = {entry.source_id: entry for entry in RecordEntry.objects.filter(person_id=person_id, source="credential")}
    changed = []
    for each in credentials.earned(_SYSTEM, person_id):
        entry = known.get(each.id)
        if entry is None:
            changed.append(_entered(each))
        elif entry.revoked_at != each.revoked_at:
            entry.revoked_at = each.revoked_at
            entry.save(update_fields=["revoked_at"])
            changed.append(entry)
    return changed


def _entered(each: credentials.Earned) -> RecordEntry:
    fields = {"key": each.microcredential, "version": each.version, "stack": each.stack, "origin": each.origin, "issuer": each.issuer}
    if each.level:
        fields["level"] = str(each.level)
    return RecordEntry.objects.create(
        person_id=each.person_id, kind="micro-credential", title=each.title, on=each.awarded_at.date(), at=each.awarded_at,
        submitted_on=each.submitted_at.date() if each.submitted_at else None, submitted_at=each.submitted_at, fields=fields,
        revoked_at=each.revoked_at, source="credential", source_id=each.id, state="verified", settled_at=clock.now(),
    )  # fmt: skip


def enter_recognized(
    *, person_id: str, source_id: str, kind: str, title: str, on: date, amount: Decimal, unit: str, fields: Mapping[str, Any],
    until: date | None = None, at: datetime | None = None, by: str | None = None,
) -> RecordEntry:  # fmt: skip
    """What a recognizer gave, as an entry that counts; once for each claim. `fields["award"]` names the credential that it rests on."""
    running()
    entry, _ = RecordEntry.objects.get_or_create(
        source="claim", source_id=source_id,
        defaults={
            "person_id": person_id, "kind": kind, "title": title[:200], "on": on, "until": until, "at": at, "amount": amount, "unit": unit,
            "fields": dict(fields), "state": "verified", "verified_by_id": by, "settled_at": clock.now(),
        },
    )  # fmt: skip
    return entry


def withdraw_recognized(*, source_id: str) -> None:
    """It was taken back, or its award was revoked: from now on it counts no more."""
    running()
    RecordEntry.objects.filter(source="claim", source_id=source_id).exclude(state="withdrawn").update(
        state="withdrawn", withdrawn_at=clock.now()
    )


def resume_recognized(*, source_id: str) -> None:
    """Its award was reinstated: it counts again."""
    running()
    RecordEntry.objects.filter(source="claim", source_id=source_id, state="withdrawn").update(state="verified", withdrawn_at=None)
