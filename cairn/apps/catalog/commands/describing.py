"""What the catalog searches and draws a published micro-credential by, taken from its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cairn.apps.catalog.models import Facet, FrameworkItem, Microcredential
from cairn.apps.catalog.states import MICROCREDENTIAL
from cairn.pure.packs.model import VersionContent

Tag = tuple[str, str, str]
HYPHENATED = {"pre-service": "Pre-service"}


def describe(mc: Microcredential, content: VersionContent, author: Any | None) -> None:
    """Of a fork its author is named beside its issuer."""
    slugs = {alignment.framework for alignment in content.alignments}
    items = list(FrameworkItem.objects.filter(framework__slug__in=slugs).select_related("framework"))
    used = {(alignment.framework, alignment.code) for alignment in content.alignments}
    standards = [f"{i.framework.slug} {i.code} {i.framework.title} {i.title}" for i in items if (i.framework.slug, i.code) in used]
    mc.title, mc.mark, mc.level, mc.origin = content.title, content.mark, content.level, str(content.origin)
    mc.words = search_words(mc.stack.title, content, standards)
    if mc.state == "planned":
        MICROCREDENTIAL.move(mc, to="published")
    mc.save()
    frameworks = {("framework", i.framework.slug, i.framework.title) for i in items}
    authors = [("co-issuer", author.slug, author.name)] if author is not None and author.pk != mc.issuer_id else []
    tag(mc, [*tags("audience", content.audiences), *tags("stage", content.career_stages), *sorted(frameworks), *authors])


def search_words(stack: str, content: VersionContent, standards: Iterable[str]) -> str:
    texts = [content.title, stack, content.summary, content.competency, content.key_method, *content.observable_actions]
    texts += [detail.text for detail in content.details] + [outcome.title for outcome in content.outcomes]
    return "\n".join([*texts, *standards]).lower()


def tags(name: str, values: Iterable[str]) -> list[Tag]:
    return [(name, str(value), HYPHENATED.get(str(value), str(value).replace("-", " ").capitalize())) for value in values]


def tag(mc: Microcredential, facets: Iterable[Tag]) -> None:
    Facet.objects.filter(microcredential=mc).delete()
    Facet.objects.bulk_create(Facet(microcredential=mc, name=name, value=value, label=label) for name, value, label in facets)
