"""What an organization has in the catalog, stack by stack. Not here: what of it is open (programs)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from cairn.apps.catalog.models import Microcredential, Stack
from cairn.apps.catalog.queries.core import Line, StackLine, in_order, lines, stack_line
from cairn.frame.actor import Actor

GROUPS_A_PAGE = 12


@dataclass(frozen=True)
class Group:
    """A stack with those of its micro-credentials that answer to what was asked."""

    stack: StackLine
    lines: tuple[Line, ...]

    @property
    def written(self) -> int:
        return len(self.lines) - self.planned

    @property
    def planned(self) -> int:
        return sum(line.state == "planned" for line in self.lines)


@dataclass(frozen=True)
class Held:
    """`groups`: a page of what answers to `words`; the other three count all that there is."""

    words: str
    groups: Page[Group]
    stacks: int
    written: int
    planned: int

    @property
    def is_large(self) -> bool:
        """Whether one looks for something in it rather than through it."""
        return self.stacks > GROUPS_A_PAGE // 2


def held_by(viewer: Actor, organization_id: str, words: str = "", page: int = 1) -> Held:
    """Every word occurs in the title of a stack, which then stands there whole, or in a micro-credential. The same number of SQL queries
    however much there is."""
    mine = Microcredential.objects.visible_to(viewer).filter(stack__issuer_id=organization_id, owner=None).exclude(state="retired")
    counted = mine.aggregate(all=Count("pk"), planned=Count("pk", filter=Q(state="planned")))
    stacks = Stack.objects.visible_to(viewer).filter(issuer_id=organization_id).order_by("is_planned", "order", "title", "pk")
    total = stacks.count()
    asked = words.lower().split()
    if asked:
        whole = Stack.objects.visible_to(viewer).filter(*(Q(title__icontains=word) for word in asked))
        mine = mine.filter(Q(*(Q(words__contains=word) for word in asked)) | Q(stack__in=whole))
        stacks = stacks.filter(Q(pk__in=whole.values("pk")) | Q(pk__in=mine.values("stack_id")))
    shown: Page[Any] = Paginator(stacks, GROUPS_A_PAGE).get_page(page)
    rows = lines(viewer, in_order(mine.filter(stack__in=list(shown)).select_related("stack").defer("words")))
    groups = [Group(stack_line(stack), tuple(line for line in rows if line.stack.id == stack.pk)) for stack in shown]
    return Held(" ".join(words.split()), Page(groups, shown.number, shown.paginator), total, counted["all"] - counted["planned"],
                counted["planned"])  # fmt: skip
