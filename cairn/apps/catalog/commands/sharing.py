"""What organizations do with one another's micro-credentials: letting, adopting, making one's own, taking over what the author changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from cairn.apps.catalog import events, policy
from cairn.apps.catalog.commands.describing import describe
from cairn.apps.catalog.models import Adoption, Alias, Microcredential, MicrocredentialVersion, SharingRule, Stack
from cairn.apps.catalog.queries.sharing import sharing_of, upstream_of
from cairn.apps.catalog.states import ADOPTION, SHARING, VERSION
from cairn.apps.ledger.steps import record
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel import clock, text
from cairn.kernel.errors import Conflict, Invalid
from cairn.pure import packs
from cairn.pure.packs.model import VersionContent


@command
def set_sharing(*, actor: Actor, organization_id: str, mode: str) -> SharingRule:
    """Say who may adopt what the organization publishes. What is adopted stays so."""
    issuer = people.organization_by_id(actor, organization_id)
    policy.SET_SHARING.require(actor, issuer)
    if mode not in SHARING:
        words = f"Use one of: {', '.join(SHARING)}."
        raise Invalid("sharing-unknown", f"“{mode}” is no rule for sharing.", words, {"mode": words})
    rule, made = SharingRule.objects.get_or_create(issuer_id=organization_id, defaults={"mode": mode})
    if made or rule.mode != mode:
        rule.mode = mode
        rule.save(update_fields=["mode"])
        record(events.SHARING_SET, actor=actor, subject=rule, organization=organization_id, mode=mode)
    return rule


@command
def adopt(*, actor: Actor, microcredential_id: str, organization_id: str) -> Adoption:
    """Take another's micro-credential into one's catalog, or ask its issuer where they want to be asked."""
    mc, partner = _foreign(actor, microcredential_id, organization_id)
    running = Adoption.objects.filter(microcredential=mc, organization_id=partner, state__in=["asked", "adopted"]).first()
    if running:
        return running
    mode = _let(actor, mc)
    adoption = Adoption.objects.create(microcredential=mc, organization_id=partner)
    record(events.ADOPTION_ASKED, actor=actor, subject=adoption, organization=mc.issuer_id, microcredential=mc.pk, partner=partner)
    if mode == "open":
        _adopted(actor, adoption)
    return adoption


def _foreign(actor: Actor, microcredential_id: str, organization_id: str) -> tuple[Microcredential, str]:
    """A published micro-credential of another issuer, for somebody who speaks for the partner."""
    mc = Microcredential.objects.visible_to(actor).select_related("issuer").locked(pk=microcredential_id)
    partner = people.organization_by_id(actor, organization_id)
    policy.ADOPT.require(actor, partner)
    if mc.issuer_id == partner.pk:
        raise Conflict("own-already", f"{partner.name} issues this micro-credential itself.", "Offer it in your programs as it is.")
    if mc.state != "published":
        raise Conflict("not-published", "There is nothing to adopt yet: it is not written.", "Come back when it is published.")
    return mc, str(partner.pk)


def _let(actor: Actor, mc: Microcredential) -> str:
    mode = sharing_of(actor, mc.issuer_id)
    if mode == "closed":
        raise Conflict(
            "not-shared", f"{mc.issuer.name} keeps its micro-credentials to its own programs.", "Write to them if that should change."
        )
    return mode


def _adopted(actor: Actor, adoption: Adoption) -> None:
    ADOPTION.move(adoption, to="adopted")
    adoption.adopted_at = clock.now()
    adoption.save(update_fields=["state", "adopted_at"])
    record(
        events.ADOPTED, actor=actor, subject=adoption, organization=adoption.organization_id, microcredential=adoption.microcredential_id
    )


@command
def answer_adoption(*, actor: Actor, adoption_id: str, is_let: bool) -> Adoption:
    """The issuer says yes or no."""
    adoption = Adoption.objects.visible_to(actor).select_related("microcredential__issuer").locked(pk=adoption_id)
    policy.SET_SHARING.require(actor, adoption.microcredential.issuer)
    if is_let:
        _adopted(actor, adoption)
        return adoption
    ADOPTION.move(adoption, to="declined")
    adoption.ended_at = clock.now()
    adoption.save(update_fields=["state", "ended_at"])
    record(events.ADOPTION_DECLINED, actor=actor, subject=adoption, organization=adoption.organization_id,
           microcredential=adoption.microcredential_id)  # fmt: skip
    return adoption


@command
def end_adoption(*, actor: Actor, adoption_id: str) -> Adoption:
    """The partner lists it no more. Those who are at work on it finish, and their badges name both all the same."""
    adoption = Adoption.objects.visible_to(actor).select_related("organization").locked(pk=adoption_id)
    policy.ADOPT.require(actor, adoption.organization)
    ADOPTION.move(adoption, to="ended")
    adoption.ended_at = clock.now()
    adoption.save(update_fields=["state", "ended_at"])
    record(events.ADOPTION_ENDED, actor=actor, subject=adoption, organization=adoption.organization_id,
           microcredential=adoption.microcredential_id)  # fmt: skip
    return adoption


# --- Forks ----------------------------------------------------------------------------------------------------------------


@command
def fork(*, actor: Actor, microcredential_id: str, organization_id: str, slug: str) -> MicrocredentialVersion:
    """Make one's own of another's version in force: a draft that says where it came from. The same slug again answers with that draft."""
    mc, partner = _foreign(actor, microcredential_id, organization_id)
    source = MicrocredentialVersion.objects.get(microcredential=mc, state="published")
    known = Microcredential.objects.filter(slug=text.slug(slug)).first()
    if known is not None or Alias.objects.filter(slug=slug).exists():
        before = (
            MicrocredentialVersion.objects.filter(microcredential=known, forked_from__microcredential=mc).order_by("created_at").first()
        )
        if before is None or known is None or known.issuer_id != partner:
            words = "Choose another name; this address leads elsewhere already."
            raise Conflict("slug-taken", f"“{slug}” is the address of another micro-credential.", words, {"slug": words})
        return before
    if _let(actor, mc) != "open" and not Adoption.objects.filter(microcredential=mc, organization_id=partner, state="adopted").exists():
        raise Conflict("ask-first", f"{mc.issuer.name} wants to be asked before anybody builds on this.", "Ask to adopt it first.")
    own = Microcredential.objects.create(
        slug=slug, title=mc.title, stack=_stack(mc.stack, partner), issuer_id=partner, order=mc.order, mark=mc.mark, level=mc.level,
        origin=mc.origin,
    )  # fmt: skip
    upstream = packs.from_json(source.content)
    attribution = f"Adapted from “{upstream.title}”, version {upstream.number}, by {mc.issuer.name}."
    notice = f"{attribution} {upstream.notice}".strip()
    draft = _draft(own, source, replace(upstream, slug=slug, number="1.0", notice=notice))
    record(
        events.FORKED, actor=actor, subject=draft, organization=partner, slug=slug, upstream=source.pk, upstream_hash=source.content_hash
    )
    return draft


def _stack(theirs: Stack, partner_id: str) -> Stack:
    """The partner's own stack of that name."""
    slug = f"{theirs.slug[:58]}-{partner_id}"
    told = {"title": theirs.title, "summary": theirs.summary, "who_should_apply": theirs.who_should_apply, "family": theirs.family,
            "shape": theirs.shape, "order": theirs.order, "issuer_id": partner_id}  # fmt: skip
    return Stack.objects.get_or_create(slug=slug, defaults=told)[0]


def _draft(mc: Microcredential, source: MicrocredentialVersion, content: VersionContent) -> MicrocredentialVersion:
    return MicrocredentialVersion.objects.create(
        microcredential=mc,
        number=content.number,
        content=packs.to_json(content),
        content_hash=packs.content_hash(content),
        forked_from=source,
    )


@command
def take_over(*, actor: Actor, microcredential_id: str, sections: Collection[str]) -> MicrocredentialVersion:
    """Bring what the author of the original has changed since into a draft, section by section. None of them: seen, and nothing taken."""
    mc = Microcredential.objects.visible_to(actor).select_related("issuer").locked(pk=microcredential_id)
    policy.WRITE.require(actor, mc.issuer)
    if unknown := set(sections) - set(packs.SECTIONS):
        raise Invalid("section-unknown", f"There is no section “{min(unknown)}”.", f"Use some of: {', '.join(packs.SECTIONS)}.")
    last, newer = upstream_of(actor, mc)
    if newer is None:
        raise Conflict("nothing-new", "The original has no newer version than the one this rests on.", "Come back when it has.")
    mine, theirs = packs.from_json(last.content), packs.from_json(newer.content)
    content = packs.take_over(mine, theirs, sections)
    if last.state == "draft":
        last.content, last.content_hash, last.forked_from = packs.to_json(content), packs.content_hash(content), newer
        last.save(update_fields=["content", "content_hash", "forked_from"])
        draft = last
    else:
        major, minor = (int(part) for part in f"{last.number}.0".split(".")[:2])
        draft = _draft(mc, newer, replace(content, number=f"{major}.{minor + 1}"))
    record(
        events.TAKEN_OVER, actor=actor, subject=draft, organization=mc.issuer_id, slug=mc.slug, upstream=newer.pk, sections=sorted(sections)
    )
    return draft


@command
def publish_draft(*, actor: Actor, version_id: str) -> MicrocredentialVersion:
    """Put a draft in force; the version before is superseded, and who began on it finishes on it."""
    draft = MicrocredentialVersion.objects.visible_to(actor).select_related("microcredential__issuer").locked(pk=version_id)
    mc = Microcredential.objects.select_related("stack", "issuer").locked(pk=draft.microcredential_id)
    policy.WRITE.require(actor, mc.issuer)
    VERSION.move(draft, to="published")
    before = MicrocredentialVersion.objects.filter(microcredential=mc, state="published").first()
    if before is not None:
        VERSION.move(before, to="superseded")
        before.save(update_fields=["state"])
    draft.published_at = clock.now()
    draft.save(update_fields=["state", "published_at"])
    describe(mc, packs.from_json(draft.content), draft.forked_from.microcredential.issuer if draft.forked_from else None)
    record(events.PUBLISHED, actor=actor, subject=draft, organization=mc.issuer_id, slug=mc.slug, number=draft.number,
           content_hash=draft.content_hash)  # fmt: skip
    return draft
