"""The unsigned Open Badges 3.0 credential of an award. Not here: signing it (steps), how a badge is built (pure.badges)."""

from __future__ import annotations

import secrets

from django.conf import settings

from cairn.apps.assessment import queries as assessment
from cairn.apps.catalog import queries as catalog
from cairn.apps.credentials.models import Credential
from cairn.apps.credentials.queries.publishing import credential_url, issuer_did, status_url
from cairn.apps.people import queries as people
from cairn.apps.programs import queries as programs
from cairn.frame.actor import Actor
from cairn.pure import badges
from cairn.pure.packs.model import VersionContent


def achievement_url(content: VersionContent) -> str:
    return f"{settings.SITE_URL}/catalog/{content.slug}/{content.number}/"


def compose(viewer: Actor, credential: Credential, award: assessment.Award) -> dict[str, object]:
    """The unsigned Open Badges 3.0 credential of an award."""
    content = catalog.content(viewer, award.version_id)
    issuer = people.organizations(viewer, [credential.issuer_id]).get()
    person = people.persons(viewer).get(pk=award.person_id)
    identities = [badges.email_identity(person.email, secrets.token_hex(16))] if person.email else []
    if person.shows_name or not identities:
        identities.append(badges.name_identity(person.name))
    home = achievement_url(content)
    told = badges.Award(
        id=credential_url(credential.pk), valid_from=credential.awarded_at, awarded_at=credential.awarded_at, identities=tuple(identities),
        results=tuple(badges.Result(f"{home}#detail-{d}", f"{home}#detail-{d}-{level}") for d, level in award.levels.items()),
        evidence=(badges.Evidence(name="Assessed evidence", narrative=f"{_scored(content, award)} {_reached(content, award)}"),),
        status=badges.StatusEntry(status_url(credential.status_list.number), credential.status_index),
    )  # fmt: skip
    profile = badges.Profile(
        id=issuer_did(), name=issuer.name, url=issuer.website or settings.SITE_URL, description=_together(viewer, credential, award)
    )
    return badges.build(told, _achievement(viewer, content), profile)


def _together(viewer: Actor, credential: Credential, award: assessment.Award) -> str:
    """Who stands behind it beside the issuer: Open Badges has one issuer, so the others are named in its description."""
    run = programs.enrollment(viewer, award.enrollment_id)
    others = catalog.co_issuers(viewer, run.microcredential_id, run.offering.program.organization_id, credential.awarded_at)
    return f"Issued together with {' and '.join(others)}." if others else ""


def _scored(content: VersionContent, award: assessment.Award) -> str:
    """By how many, and that they were blind. Fewer sheets than the plan asks for: a lead assessor's replaced the others."""
    blind = "without knowing whose it was"
    if award.readers > 1:
        return f"{_counted(award.readers)} assessors scored the evidence independently of each other and {blind}."
    if content.scoring.assessors == 1:
        return f"An assessor scored the evidence {blind}."
    apart = f"{_counted(content.scoring.assessors)} assessors scored the evidence independently and parted"
    return f"{apart}; a lead assessor then scored it anew, {blind}."


def _counted(number: int) -> str:
    return {2: "Two", 3: "Three"}.get(number, str(number))


def _reached(content: VersionContent, award: assessment.Award) -> str:
    ranks = {level.key: level.rank for level in content.rubric.levels}
    at_bar = sum(ranks[level] >= content.bar.rank for level in award.levels.values())
    which = "All" if at_bar == len(award.levels) else f"{at_bar} of"
    return f"{which} {len(award.levels)} details of the rubric were judged at or above {content.bar.title}."


def _criteria(content: VersionContent) -> str:
    rule = f"Every detail of the rubric is judged at or above {content.bar.title}"
    if content.decision.cut is not None:
        highest = len(content.rubric.levels)
        rule = f"Each detail of the rubric gives 1 to {highest} points, and all together reach {content.decision.cut}"
    details = "\n".join(f"- **{d.key}** {d.text}" for d in content.details)
    return f"{content.competency}\n\n{rule}:\n\n{details}"


def _achievement(viewer: Actor, content: VersionContent) -> badges.Achievement:
    home = achievement_url(content)
    bar = content.bar.key if content.decision.cut is None else ""
    return badges.Achievement(
        id=home, name=content.title, description=content.summary, version=content.number, criteria_url=f"{home}#rubric",
        criteria=_criteria(content),
        image=badges.Image(f"{settings.SITE_URL}/catalog/{content.slug}/badge.png", f"Badge: {content.title}"),
        alignments=tuple(_alignments(viewer, content)),
        results=tuple(
            badges.ResultDescription(
                id=f"{home}#detail-{d.key}", name=f"{d.key} {d.text}", required_level=bar and f"{home}#detail-{d.key}-{bar}",
                levels=tuple(
                    badges.Level(f"{home}#detail-{d.key}-{at.level.key}", at.level.title, at.text, str(at.level.rank)) for at in d.levels
                ),
            )
            for d in content.details
        ),
    )  # fmt: skip


def _alignments(viewer: Actor, content: VersionContent) -> list[badges.Alignment]:
    """Each standard once; those without an address cannot be named in a badge."""
    told = {(s.framework, s.code): s for s in catalog.standards(viewer, content) if s.source.startswith("http")}
    return [badges.Alignment(name=s.title, url=s.source, code=s.code, framework=s.framework) for s in told.values()]
