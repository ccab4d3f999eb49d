"""Whom an educator may ask to confirm an entry: where they work, what that belongs to, and who grants their licenses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cairn.apps.licensure.models import Authority, EducatorLicense
from cairn.apps.licensure.queries.licenses import where_i_work
from cairn.apps.licensure.queries.records import ATTRIBUTE, asked_for
from cairn.apps.licensure.queries.rules import book
from cairn.apps.licensure.states import ENTRY_KINDS
from cairn.apps.people import queries as people
from cairn.apps.people.queries import Organization
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound


def askable(viewer: Actor) -> tuple[Organization, ...]:
    """By name."""
    if not viewer.person_id:
        return ()
    works = [each.organization for each in people.affiliations_of(viewer, viewer.person_id)]
    held = EducatorLicense.objects.visible_to(viewer).filter(person_id=viewer.person_id).values_list("jurisdiction", flat=True)
    offices = Authority.objects.filter(jurisdiction__in=set(held)).values_list("organization_id", flat=True)
    ids = {each.pk for each in works} | {each.parent_id for each in works if each.parent_id} | set(offices)
    return tuple(people.organizations(viewer, ids))


@dataclass(frozen=True)
class Asked:
    """What a form for one kind of entry asks: what rules look at (name -> label and values), units, who may confirm it."""

    title: str
    fields: Mapping[str, tuple[str, tuple[str, ...]]]
    units: tuple[str, ...]
    organizations: tuple[tuple[str, str], ...]


LABELS = {"so": "What is so", "level": "Level", "field": "Field", "role": "As", "rating": "Rating", "name": "Which", "category": "Category",
          "value": "So it is", "bucket": "Bucket"}  # fmt: skip
UNITS = {"hours": ("hour", "contact-hour", "clock-hour", "ceu"), "credit": ("semester-hour", "quarter-hour", "credit"),
         "points": ("point",), "experience": ("year",), "mentoring": ("year",)}  # fmt: skip


def kinds_to_enter() -> tuple[tuple[str, str], ...]:
    """What may be entered by hand, in the order of ENTRY_KINDS."""
    return tuple((kind, title) for kind, title in ENTRY_KINDS.items() if kind != "micro-credential")


def entry_asked(viewer: Actor, kind: str) -> Asked:
    """Made from the rules of the states in which the viewer holds a license or works."""
    if kind not in dict(kinds_to_enter()):
        raise NotFound("page")
    held = EducatorLicense.objects.visible_to(viewer).filter(person_id=viewer.person_id).values_list("jurisdiction", flat=True)
    codes = {code for code in (*held, where_i_work(viewer)) if code in book().jurisdictions}
    fields: dict[str, set[str]] = {}
    for code in codes:
        for (of, name), values in asked_for(code).items():
            if of == kind and name in LABELS:
                fields.setdefault(name, set()).update(values)
    if kind == ATTRIBUTE:
        so = {f"{name}: {value}" for code in codes for (of, name), values in asked_for(code).items() if of == kind for value in values}
        fields["so"] = so
    known = {unit for code in codes for unit in book().jurisdictions[code].units}
    units = tuple(unit for unit in UNITS.get(kind, ()) if unit in known or not codes)
    shown = {name: (LABELS[name], tuple(sorted(values))) for name, values in sorted(fields.items())}
    return Asked(ENTRY_KINDS[kind], shown, units or UNITS.get(kind, ())[:1], tuple((each.pk, each.name) for each in askable(viewer)))
