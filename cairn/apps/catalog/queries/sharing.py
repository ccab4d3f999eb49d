"""Reading what organizations share: rules, adoptions, where a fork came from, and what its original changed since."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from cairn.apps.catalog import policy, states
from cairn.apps.catalog.models import Adoption, Facet, Microcredential, MicrocredentialVersion, SharingRule
from cairn.apps.catalog.queries.core import IssuerLine, Line, content, lines
from cairn.apps.comms.queries import Notice
from cairn.apps.people import queries as people
from cairn.apps.people.queries import Organization
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.kernel.facts import Recorded
from cairn.pure import packs

ON_REQUEST, SHARING = "on request", states.SHARING


@dataclass(frozen=True)
class Origin:
    """The version that a version was made from."""

    issuer: IssuerLine
    slug: str
    title: str
    number: str


@dataclass(frozen=True)
class Comparison:
    """A fork's original, then and now. `mine`: the version of the fork that would change, or the one after which a new one comes."""

    microcredential: Microcredential
    before: Origin
    now: Origin
    mine: MicrocredentialVersion
    changes: tuple[packs.SectionChange, ...]


@dataclass(frozen=True)
class Fork:
    """What an organization made of another's: its latest version, a draft before all others. `newer`: the original's since, or empty."""

    microcredential: Microcredential
    last: MicrocredentialVersion
    origin: Origin
    newer: str


def sharing_of(viewer: Actor, issuer_id: str) -> str:
    """open, "on request" or closed."""
    mode = SharingRule.objects.visible_to(viewer).filter(issuer_id=issuer_id).values_list("mode", flat=True).first()
    return mode or ON_REQUEST


def speaks_for(viewer: Actor, issuer_id: str) -> bool:
    """Whether the viewer may adopt and write for an organization."""
    return policy.ADOPT.allows(viewer, people.organization_by_id(viewer, issuer_id))


def adopted_by(viewer: Actor, organization_id: str) -> list[Line]:
    """What stands in an organization's catalog beside its own."""
    rows = Adoption.objects.visible_to(viewer).filter(organization_id=organization_id, state="adopted")
    found = (
        Microcredential.objects.visible_to(viewer).filter(pk__in=rows.values("microcredential_id")).select_related("stack").defer("words")
    )
    return lines(viewer, found.order_by("title"))


def adopters_of(viewer: Actor, microcredential_id: str) -> tuple[IssuerLine, ...]:
    rows = Adoption.objects.visible_to(viewer).filter(microcredential_id=microcredential_id, state="adopted")
    return tuple(IssuerLine(*told) for told in rows.order_by("organization__name").values_list("organization__slug", "organization__name"))


def adoptions_for(viewer: Actor, organization_id: str) -> QuerySet[Adoption]:
    """What an organization asked for and adopted, for those who speak for it."""
    return _adoptions(viewer, organization_id).filter(organization_id=organization_id)


def adoptions_from(viewer: Actor, organization_id: str) -> QuerySet[Adoption]:
    """What others ask of an issuer, and have adopted of it, for those who speak for it."""
    return _adoptions(viewer, organization_id).filter(microcredential__issuer_id=organization_id)


def _adoptions(viewer: Actor, organization_id: str) -> QuerySet[Adoption]:
    if not speaks_for(viewer, organization_id):
        raise NotFound("page")
    found = Adoption.objects.visible_to(viewer).filter(state__in=["asked", "adopted"])
    return found.select_related("microcredential__issuer", "organization").order_by("-state", "asked_at", "pk")


def my_adoption(viewer: Actor, microcredential_id: str, organization_id: str) -> Adoption | None:
    """Where an organization stands with another's micro-credential."""
    found = Adoption.objects.visible_to(viewer).filter(microcredential_id=microcredential_id, organization_id=organization_id)
    return found.filter(state__in=["asked", "adopted"]).first()


def co_issuers(viewer: Actor, microcredential_id: str, organization_id: str, on: object) -> tuple[str, ...]:
    """Names beside the issuer's on a badge that was earned in a program of the organization: those of its pack, the author of its original,
    and the organization itself where it had adopted it before `on`."""
    named = Facet.objects.visible_to(viewer).filter(microcredential_id=microcredential_id, name="co-issuer").order_by("label")
    partner = Adoption.objects.visible_to(viewer).filter(
        microcredential_id=microcredential_id, organization_id=organization_id, adopted_at__lte=on
    )  # fmt: skip
    names = [*named.values_list("label", flat=True), *partner.values_list("organization__name", flat=True)[:1]]
    return tuple(dict.fromkeys(names))


def origin_of(viewer: Actor, version_id: str) -> Origin | None:
    """Of a fork's version, the version that it was made from."""
    found = MicrocredentialVersion.objects.visible_to(viewer).filter(pk=version_id).exclude(forked_from=None)
    row = found.select_related("forked_from__microcredential__issuer").defer("content", "forked_from__content").first()
    return _origin(row.forked_from) if row and row.forked_from else None


def _origin(version: MicrocredentialVersion) -> Origin:
    mc = version.microcredential
    return Origin(IssuerLine(mc.issuer.slug, mc.issuer.name), mc.slug, mc.title, version.number)


def upstream_of(viewer: Actor, mc: Microcredential) -> tuple[MicrocredentialVersion, MicrocredentialVersion | None]:
    """The fork's latest version, a draft before all others, and the original's version in force where that is another than it rests on."""
    own = (
        MicrocredentialVersion.objects.visible_to(viewer).filter(microcredential=mc).select_related("forked_from__microcredential__issuer")
    )
    last = own.filter(state="draft").first() or own.order_by("-created_at", "-pk").first()
    if last is None or last.forked_from is None:
        raise NotFound("original")
    theirs = MicrocredentialVersion.objects.visible_to(viewer).filter(microcredential=last.forked_from.microcredential, state="published")
    newer = theirs.exclude(pk=last.forked_from_id).select_related("microcredential__issuer").first()
    return last, newer


def comparison(viewer: Actor, slug: str) -> Comparison:
    """What an original changed since a fork was made, for those who write the fork."""
    mc = Microcredential.objects.visible_to(viewer).select_related("issuer").get_or_not_found(slug=slug)
    if not policy.WRITE.allows(viewer, mc.issuer):
        raise NotFound("page")
    last, newer = upstream_of(viewer, mc)
    before = last.forked_from
    if before is None:
        raise NotFound("original")
    changes = packs.compare(content(viewer, before.pk), content(viewer, newer.pk)) if newer else ()
    return Comparison(mc, _origin(before), _origin(newer or before), last, changes)


def forks_of(viewer: Actor, organization_id: str) -> list[Fork]:
    """What an organization made of others' micro-credentials, for those who speak for it."""
    if not speaks_for(viewer, organization_id):
        raise NotFound("page")
    own = MicrocredentialVersion.objects.visible_to(viewer).filter(microcredential__issuer_id=organization_id).exclude(forked_from=None)
    found = (
        Microcredential.objects.visible_to(viewer).filter(pk__in=own.values("microcredential_id")).order_by("title", "pk").defer("words")
    )
    return [_fork(viewer, mc) for mc in found]


def _fork(viewer: Actor, mc: Microcredential) -> Fork:
    last, newer = upstream_of(viewer, mc)
    if last.forked_from is None:
        raise NotFound("original")
    return Fork(mc, last, _origin(last.forked_from), newer.number if newer else "")


def may_let(viewer: Actor, issuer: Organization) -> bool:
    return policy.SET_SHARING.allows(viewer, issuer)


def may_be_adopted_by(viewer: Actor, issuer_slug: str) -> list[Organization]:
    """Organizations other than the issuer that the viewer speaks for, where it shares at all."""
    own = viewer.scopes("author", "organization") | viewer.scopes("organization admin", "organization")
    others = [each for each in people.organizations(viewer, own) if each.slug != issuer_slug] if own else []
    return others if others and sharing_of(viewer, people.organization(viewer, issuer_slug).pk) != "closed" else []


def asked_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the issuer's admins, who answer; nobody is asked where the rule has answered already."""
    row = Adoption.objects.visible_to(viewer).select_related("microcredential__issuer", "organization").get(pk=fact.subject_id)
    issuer = row.microcredential.issuer
    return _notices(viewer, fact, row, issuer, row.organization.name) if row.state == "asked" else ()


def answered_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """To the partner's admins, unless the rule alone let them."""
    row = Adoption.objects.visible_to(viewer).select_related("microcredential__issuer", "organization").get(pk=fact.subject_id)
    issuer = row.microcredential.issuer
    return () if sharing_of(viewer, issuer.pk) == "open" else _notices(viewer, fact, row, row.organization, issuer.name)


def _notices(viewer: Actor, fact: Recorded, row: Adoption, to: Organization, other: str) -> tuple[Notice, ...]:
    words = {"title": row.microcredential.title, "organization": to.name, "other": other, "path": f"/org/{to.slug}/shared/"}
    admins = people.persons(viewer).filter(pk__in=people.holders(viewer, "organization admin", {"organization": to.pk}))
    return tuple(Notice(fact.kind, person.pk, person.name, person.email, words) for person in admins)
