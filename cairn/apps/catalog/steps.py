"""What capabilities above write of the catalog inside their own commands: a micro-credential that an educator designed for themselves."""

from __future__ import annotations

from dataclasses import replace

from cairn.apps.catalog import events
from cairn.apps.catalog.commands.describing import describe
from cairn.apps.catalog.models import Microcredential, MicrocredentialVersion
from cairn.apps.ledger.steps import record
from cairn.frame.actor import Actor
from cairn.frame.commands import running
from cairn.kernel import clock
from cairn.kernel.errors import NotYet
from cairn.pure import packs


def publish_own(*, actor: Actor, template: str, owner_id: str, slug: str, title: str, summary: str) -> Microcredential:
    """The template's text in force under a title of its own, for its owner alone: no list shows it, its page can be read."""
    running()
    source = MicrocredentialVersion.objects.filter(microcredential__slug=template, state="published").first()
    if source is None:
        words = f"The template “{template}” is not in this catalog, so there is nothing to earn by it."
        raise NotYet("template-missing", words, "Ask the operator of this site to import its pack.")
    origin = source.microcredential
    mc = Microcredential.objects.create(slug=slug, title=title, stack=origin.stack, issuer_id=origin.issuer_id, order=origin.order,
                                        owner_id=owner_id)  # fmt: skip
    content = replace(packs.from_json(source.content), slug=slug, title=title, number="1.0", summary=summary)
    version = MicrocredentialVersion.objects.create(
        microcredential=mc, number=content.number, state="published", content=packs.to_json(content),
        content_hash=packs.content_hash(content), published_at=clock.now(),
    )  # fmt: skip
    describe(mc, content, None)
    record(events.PUBLISHED, actor=actor, subject=version, organization=mc.issuer_id, slug=slug, number=content.number,
           content_hash=version.content_hash)  # fmt: skip
    return mc
