"""Importing packs: whatever is new in them is entered and published, whatever is known is left as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cairn.apps.catalog import events, policy
from cairn.apps.catalog.commands.describing import search_words, tag, tags
from cairn.apps.catalog.models import Alias, Framework, FrameworkItem, Microcredential, MicrocredentialVersion, Stack
from cairn.apps.catalog.states import MICROCREDENTIAL, VERSION
from cairn.apps.ledger.steps import record
from cairn.apps.people.steps import ensure_organization
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock
from cairn.kernel.errors import Conflict
from cairn.pure import packs
from cairn.pure.packs.model import Member, Pack, VersionContent
from cairn.pure.packs.model import Microcredential as PackMicrocredential
from cairn.pure.packs.model import Stack as PackStack


@dataclass(frozen=True)
class Imported:
    """What an import did, line by line."""

    pack: str
    new: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


@command
def import_pack(*, actor: Actor, files: Mapping[str, str]) -> Imported:
    """Import a pack of YAML texts by file name; all of it or nothing. PackInvalid names every problem with file, line and remedy."""
    policy.IMPORT_PACK.require(actor, None)
    pack = packs.parse(files)
    done = Imported(pack.slug)
    issuer = ensure_organization(actor=actor, slug=pack.issuer.slug, name=pack.issuer.name, kind=str(pack.issuer.kind))
    for other in pack.co_issuers:
        ensure_organization(actor=actor, slug=other.slug, name=other.name, kind=str(other.kind))
    _frameworks(pack)
    for stack in pack.stacks:
        row = _stack(pack, stack, issuer.pk, done)
        for order, member in enumerate(stack.members, 1):
            mc = _member(row, stack.place, member, order, done)
            if member.state == "published":
                _publish(actor, mc, pack, pack.microcredential(member.slug), done)
            elif mc.state == "planned":
                _announce(mc, pack, member, stack)
    if done.new:
        program = {"slug": pack.program.slug, "title": pack.program.title, "summary": pack.program.summary}
        record(events.PACK_IMPORTED, actor=actor, subject=issuer, organization=issuer.pk, pack=pack.slug, program=program)
    return done


def _frameworks(pack: Pack) -> None:
    for told in pack.frameworks:
        row, _ = Framework.objects.update_or_create(
            slug=told.slug, defaults={"title": told.title, "version": str(told.year or ""), "source": told.url or told.publisher}
        )
        for order, item in enumerate(told.items, 1):
            FrameworkItem.objects.update_or_create(framework=row, code=item.code, defaults={"title": item.title, "order": order})


def _stack(pack: Pack, told: PackStack, issuer_id: str, done: Imported) -> Stack:
    known = Stack.objects.filter(slug=told.slug).first()
    if known and known.pack != pack.slug:
        taken = f"{told.place}: The stack “{told.slug}” belongs to the pack “{known.pack}”."
        raise Conflict("stack-taken", taken, "Give yours another slug.")
    row, made = Stack.objects.update_or_create(
        slug=told.slug,
        defaults={
            "title": told.title, "issuer_id": issuer_id, "pack": pack.slug, "summary": told.summary, "order": told.order,
            "who_should_apply": told.who_should_apply, "family": told.pigment, "shape": told.shape,
            "is_planned": told.state == "planned", "unnamed": told.unnamed,
        },
    )  # fmt: skip
    if made:
        done.new.append(f"stack {told.slug}")
    return row


def _member(stack: Stack, place: str, told: Member, order: int, done: Imported) -> Microcredential:
    known = Microcredential.objects.filter(slug=told.slug).select_related("stack").first()
    if known and known.stack.pack != stack.pack:
        raise Conflict("slug-taken", f"{place}: “{told.slug}” belongs to the pack “{known.stack.pack}”.", "Give yours another slug.")
    if Alias.objects.filter(slug=told.slug).exists():
        taken = f"{place}: “{told.slug}” is another name of a micro-credential here already."
        raise Conflict("slug-taken", taken, "Give yours another slug.")
    there = {"stack": stack, "issuer_id": stack.issuer_id, "order": order}
    row, made = Microcredential.objects.update_or_create(slug=told.slug, defaults=there, create_defaults={**there, "title": told.title})
    if made and told.state == "planned":
        done.new.append(f"{told.slug}, planned")
    return row


def _announce(mc: Microcredential, pack: Pack, told: Member, stack: PackStack) -> None:
    """A planned one is found by its name and by what its stack says."""
    frameworks = [("framework", slug, pack.framework(slug).title) for slug in stack.frameworks]
    mc.title, mc.words = told.title, "\n".join([told.title, stack.title, stack.summary, *(title for _, _, title in frameworks)]).lower()
    mc.save(update_fields=["title", "words"])
    tag(mc, [*tags("audience", stack.audiences), *tags("stage", stack.career_stages), *frameworks])


def _publish(actor: Actor, mc: Microcredential, pack: Pack, told: PackMicrocredential, done: Imported) -> None:
    content, line = told.content, f"{told.slug} {told.content.number}"
    content_hash = packs.content_hash(content)
    known = {version.number: version for version in MicrocredentialVersion.objects.filter(microcredential=mc).defer("content")}
    same, before = known.get(content.number), next((v for v in known.values() if v.state == "published"), None)
    if same is not None and same.content_hash != content_hash:
        raise Conflict(
            "version-changed",
            f"{told.place}: Version {content.number} of “{told.slug}” is published, and this pack has other words under that number.",
            "Give the changed text a new version number.",
        )
    if same is None and before is not None and _rank(content.number) < _rank(before.number):
        raise Conflict(
            "version-older",
            f"{told.place}: Version {before.number} of “{told.slug}” is in force, so {content.number} cannot come after it.",
            f"Give the text a number above {before.number}.",
        )
    if same is None:
        if before is not None:
            VERSION.move(before, to="superseded")
            before.save(update_fields=["state"])
        version = MicrocredentialVersion.objects.create(
            microcredential=mc, number=content.number, state="published", content=packs.to_json(content), content_hash=content_hash,
            published_at=clock.now(),
        )  # fmt: skip
        record(events.PUBLISHED, actor=actor, subject=version, organization=mc.issuer_id, slug=mc.slug, number=content.number,
               content_hash=content_hash)  # fmt: skip
    (done.unchanged if same else done.new).append(line)
    if same is None or same.state == "published":
        _describe(mc, pack, told)


def _rank(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


def _describe(mc: Microcredential, pack: Pack, told: PackMicrocredential) -> None:
    """What the catalog searches and draws by, taken from the version in force."""
    content = told.content
    mc.title, mc.mark, mc.level, mc.origin = content.title, content.mark, content.level, str(content.origin)
    mc.words = search_words(mc.stack.title, content, _standards(pack, content))
    if mc.state == "planned":
        MICROCREDENTIAL.move(mc, to="published")
    mc.save()
    for slug in told.aliases:
        taken = Alias.objects.exclude(microcredential=mc).filter(slug=slug).exists() or Microcredential.objects.filter(slug=slug).exists()
        if taken:
            raise Conflict("alias-taken", f"{told.place}: The address “{slug}” leads elsewhere already.", "Choose another alias.")
        Alias.objects.get_or_create(slug=slug, microcredential=mc)
    frameworks = [("framework", slug, pack.framework(slug).title) for slug in dict.fromkeys(a.framework for a in content.alignments)]
    partners = [("co-issuer", other.slug, other.name) for other in pack.co_issuers]
    tag(mc, [*tags("audience", content.audiences), *tags("stage", content.career_stages), *frameworks, *partners])


def _standards(pack: Pack, content: VersionContent) -> list[str]:
    found = [(pack.framework(alignment.framework), alignment.code) for alignment in content.alignments]
    return [f"{framework.slug} {code} {framework.title} {framework.item(code).title}" for framework, code in found]
