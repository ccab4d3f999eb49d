"""Numbers, names and terms that do not go together, each with its remedy: for the officer who decides, and for whom they are about.

Not here: what is refused when it is entered (commands.licenses), what is odd about the entries themselves (pure.rules.checking).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from cairn.apps.licensure.models import EducatorLicense, RecordEntry
from cairn.apps.licensure.queries.licenses import NUMBERS, line
from cairn.apps.licensure.queries.standings import LicensePage
from cairn.frame.actor import Actor
from cairn.frame.sealing import mark, sealer
from cairn.pure.clocks import long_date
from cairn.pure.rules import Oddity
from cairn.pure.rules.spec import LicenseType

DAY = timedelta(days=1)


def plain_number(number: str) -> str:
    """Without spaces, dashes and case, which people write as they like."""
    return "".join(sign for sign in number.upper() if sign.isalnum())


def mark_of(number: str) -> str:
    return mark(NUMBERS, plain_number(number))


def fits(kind: LicenseType, number: str) -> bool:
    """Whether a number has the form of its license type, where one is known."""
    return not kind.number or re.fullmatch(kind.number, plain_number(number)) is not None


def my_oddities(viewer: Actor, pages: Iterable[LicensePage]) -> Iterator[Oddity]:
    """All that is odd about one's own record and licenses."""
    entries = list(RecordEntry.objects.visible_to(viewer).filter(person_id=viewer.person_id))
    held = {row.pk: row for row in EducatorLicense.objects.visible_to(viewer).filter(person_id=viewer.person_id).select_related("person")}
    for each in pages:
        yield from (*mismatches(held[each.license.id], entries, is_officer=False), *each.oddities)


def mismatches(held: EducatorLicense, entries: Iterable[RecordEntry], *, is_officer: bool) -> tuple[Oddity, ...]:
    """What does not go together in an educator's licenses and papers. That somebody else gives the same number only officers learn."""
    rows = list(EducatorLicense.objects.filter(person_id=held.person_id, jurisdiction=held.jurisdiction).order_by("valid_from", "pk"))
    found = [*_numbers(held, rows), *_names(held, rows, entries), *_terms([row for row in rows if row.type == held.type])]
    return (*found, *_shared(held)) if is_officer else tuple(found)


def _numbers(held: EducatorLicense, rows: list[EducatorLicense]) -> Iterator[Oddity]:
    shown = line(held)
    number = sealer(NUMBERS).decrypt(held.number_sealed).decode() if held.number_sealed else ""
    if number and not fits(shown.type, number):
        remedy = f"Compare it with the certificate; the form kept here for {shown.jurisdiction.name} is an example."
        yield Oddity("", f"The number of this license, which ends in {held.number_ending}, is not {shown.type.number_said}.", remedy)
    marks = {row.number_mark: row.number_ending for row in rows if row.number_mark}
    if len(marks) > 1:
        ends = " and ".join(sorted(ending or "other signs" for ending in marks.values()))
        words = f"Two numbers are given for one educator in {shown.jurisdiction.name}: they end in {ends}."
        yield Oddity("", words, "A state gives an educator one number: correct the license with the wrong one.")


def _shared(held: EducatorLicense) -> Iterator[Oddity]:
    others = EducatorLicense.objects.filter(jurisdiction=held.jurisdiction, number_mark=held.number_mark).exclude(person_id=held.person_id)
    if held.number_mark and others.exists():
        words = "The number of this license is also given by somebody else here."
        yield Oddity("", words, "Look the number up in the state's own register before you sign; return it where it is not theirs.")


def _names(held: EducatorLicense, rows: list[EducatorLicense], entries: Iterable[RecordEntry]) -> Iterator[Oddity]:
    name = held.person.name
    papers = [("", row.holder) for row in rows] + [(entry.pk, entry.holder) for entry in entries if entry.state != "withdrawn"]
    for about, holder in papers:
        if holder and _folded(holder) != _folded(name):
            words = f"It is made out to {holder}; here the educator is called {name}."
            yield Oddity(about, words, "Ask for a paper that shows both names, or correct the one that is wrong.")


def _folded(name: str) -> list[str]:
    """Its words, whatever their order, case and accents."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return sorted(re.findall(r"\w+", letters.casefold()))


def _terms(rows: list[EducatorLicense]) -> Iterator[Oddity]:
    """Terms of one type that share days, or leave days between them on which there was none."""
    for one, two in pairwise(rows):
        last = min((day for day in (one.valid_to, one.ended_on) if day), default=date.max)
        if two.valid_from <= last:
            yield Oddity(
                "", f"Two terms of this license share days from {long_date(two.valid_from)} on.", "Ask which of them the state granted."
            )
        elif last + DAY < two.valid_from:
            until = long_date(two.valid_from - DAY)
            words = f"From {long_date(last + DAY)} to {until} no term of this license is entered."
            yield Oddity("", words, "Enter the term between them, or count what was done in it as done without a license.")
