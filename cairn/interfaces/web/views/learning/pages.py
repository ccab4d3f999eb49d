"""The workspace's two pages rendered, also with what was refused on them. Not here: the requests that lead to them."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render

from cairn.apps.portfolio.queries import PartWork, Workspace
from cairn.interfaces.web.forms.learning import CiteForm
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import desk, slots

NOTHING = slots.Refusal()


def part_page(
    request: Request, work: Workspace, own: PartWork, *, troubles: desk.Troubles = desk.NO_TROUBLE, refused: slots.Refusal = NOTHING
) -> HttpResponse:
    """`refused` goes to the slots: what was wrong with a file, or with what was said of one."""
    boxes = slots.slot_boxes(request.actor, work, own, refused)
    fields = desk.part_fields(work, own, troubles)
    problems = [*_problems(fields), *slots.problems(boxes)]
    shown = {
        "frame": desk.frame(work, own.part.key), "own": own, "guide": desk.part_guide(work, own), "rows": desk.detail_rows(work, own),
        "fields": fields, "slots": boxes, "after": desk.after_part(work, own), "problems": problems,
    }  # fmt: skip
    return render(request, "learning/part.html", shown, status=_status(troubles, problems))


def detail_page(
    request: Request, work: Workspace, own: PartWork, key: str, *, troubles: desk.Troubles = desk.NO_TROUBLE, cite: CiteForm | None = None
) -> HttpResponse:
    """`cite` is a form that was refused."""
    page = desk.detail_page(work, own, key, troubles)
    problems = _problems(desk.texts(page.fields, page.cites))
    shown = {
        "frame": desk.frame(work, own.part.key), "own": own, "page": page, "guide": page.guide, "problems": problems,
        "cite": cite or CiteForm(files=slots.choices(work), auto_id="cite-%s"), "cites_now": bool(cite) or "cite" in request.GET,
    }  # fmt: skip
    return render(request, "learning/detail.html", shown, status=422 if cite else _status(troubles, problems))


def _problems(fields: Iterable[desk.Field]) -> list[dict[str, str]]:
    return [{"href": f"#{each.id}", "words": f"{each.label}: {each.trouble.refusal}"} for each in fields if each.trouble]


def _status(troubles: desk.Troubles, problems: list[dict[str, str]]) -> int:
    if not problems:
        return 200
    return max((trouble.refusal.status for trouble in troubles.values()), default=422)
