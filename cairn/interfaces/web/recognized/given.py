"""What recognizers gave, and what was claimed, as tables and papers that leave the site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cairn.apps.licensure.queries.claims import Transcript, expires_soon
from cairn.interfaces.web.papers import pdf
from cairn.interfaces.web.recognized.shown import amount, spaced
from cairn.pure.clocks import long_date
from cairn.pure.rules.words import said_amount


def transcript(found: Transcript) -> dict[str, Any]:
    given = [pair for kind in ("level", "bucket") for pair in found.by(kind).items()]
    sums = [(spaced(name).capitalize(), amount(total, found.unit)) for name, total in given]
    return {
        "recognizer": found.recognizer, "total": amount(found.total, found.unit), "sums": sums,
        "lines": [(row, amount(row.amount, row.unit), expires_soon(row)) for row in found.lines],
    }  # fmt: skip


def rows(found: Iterable[Transcript]) -> list[list[Any]]:
    told: list[list[Any]] = [
        ["Recognizer", "What", "Done on", "Granted on", "Level", "Goal", "Amount", "Unit", "Lasts until", "Counts", "Rule"]
    ]
    for each in found:
        told += [
            [each.recognizer, row.claim.title, row.done_on, row.granted_on, row.level, row.bucket, float(row.amount), row.unit,
             row.lasts_until or "", "no, its award was revoked" if row.stopped_at else "yes", row.cite]
            for row in each.lines
        ]  # fmt: skip
    return told


def transcript_pdf(name: str, found: Sequence[Transcript], made_at: datetime) -> bytes:
    """`made_at` is the reader's own: its day stands on the paper."""
    groups = [
        {
            "recognizer": each.recognizer, "total": amount(each.total, each.unit),
            "lines": [
                {"what": row.claim.title, "detail": ", ".join(part for part in (row.level, spaced(row.bucket)) if part),
                 "done": long_date(row.done_on), "granted": long_date(row.granted_on), "amount": amount(row.amount, row.unit),
                 "note": "No longer counts: its award was revoked." if row.stopped_at else ""}
                for row in each.lines
            ],
        }
        for each in found
    ]  # fmt: skip
    return pdf("points", {"name": name, "groups": groups, "made": long_date(made_at.date())}, made_at)


def certificate_pdf(row: Any) -> bytes:
    """Of one claim: hours, units or credit, as a paper with who gave them and by which rule."""
    words = {
        "name": row.person.name, "recognizer": row.organization.name, "amount": amount(row.amount, row.unit), "title": row.claim.title,
        "done": long_date(row.done_on), "granted": long_date(row.granted_on), "cite": row.cite, "reference": row.claim.reference,
        "lasts": long_date(row.lasts_until) if row.lasts_until else "", "id": row.claim_id,
        "hours": said_amount(row.claim.hours, "clock-hour") if row.claim.hours else "",
    }  # fmt: skip
    return pdf("certificate", words, row.granted_at)


def claim_rows(shown: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """Every claim of an educator's, for their export."""
    told = [["Claim", "What", "Recognizer", "Done on", "Claimed on", "State", "Asked", "Evidence", "Note", "Answer"]]
    for each in shown:
        found = each["claim"]
        told.append([found.pk, found.title, found.organization.name, found.done_on.isoformat(),
                     found.claimed_on.isoformat() if found.claimed_on else "", each["words"], " ".join(each["asked"]), found.evidence,
                     found.note, found.reason])  # fmt: skip
    return told
