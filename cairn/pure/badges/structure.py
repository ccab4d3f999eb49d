"""What an Open Badges 3.0 credential must have, as the 1EdTech JSON Schema demands it, in words a person can act on.

Not here: signatures and dates against today (verify). Source: Open Badges 3.0, appendix B (data model).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from cairn.kernel.errors import Invalid
from cairn.pure.badges.contexts import CREDENTIALS_V2
from cairn.pure.badges.values import is_iri, moment, parts

OPEN_BADGES_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json")
CREDENTIAL_TYPES = ("OpenBadgeCredential", "AchievementCredential")
Problems = Iterator[tuple[str, str]]


def problems(credential: Mapping[str, object]) -> dict[str, str]:
    """Each wrong or missing part, by its path, with what is wrong. Empty for a sound structure."""
    found = [*_envelope(credential), *_subject(credential.get("credentialSubject"))]
    return dict(found)


def about_someone(credential: Mapping[str, object]) -> str:
    """Whom the credential is about, in a few words; Invalid when it names nobody (Open Badges 3.0, section 8.2, step 2)."""
    subject = credential.get("credentialSubject")
    subject = subject if isinstance(subject, Mapping) else {}
    kinds = [_text(identity, "identityType") for identity in parts(subject.get("identifier")) if _is_identity(identity)]
    if "id" in subject and is_iri(subject["id"]):
        kinds.insert(0, "id")
    if not kinds or ("id" in subject and "id" not in kinds):
        raise Invalid("nobody", "The credential does not say whom it is about.", "Ask the issuer for a new credential.")
    return ", ".join(kinds)


def _is_identity(identity: object) -> bool:
    return (
        isinstance(identity, Mapping)
        and _has_type(identity, "IdentityObject")
        and isinstance(identity.get("hashed"), bool)
        and all(_text(identity, name) for name in ("identityHash", "identityType"))
    )


def _text(part: object, name: str) -> str:
    value = part.get(name) if isinstance(part, Mapping) else None
    return value.strip() if isinstance(value, str) else ""


def _has_type(part: object, name: str) -> bool:
    return isinstance(part, Mapping) and name in parts(part.get("type"))


def _envelope(credential: Mapping[str, object]) -> Problems:
    contexts = credential.get("@context")
    if not isinstance(contexts, list) or contexts[:1] != [CREDENTIALS_V2]:
        yield "@context", f"does not start with {CREDENTIALS_V2}"
    elif len(contexts) < 2 or not isinstance(contexts[1], str) or not OPEN_BADGES_CONTEXT.fullmatch(contexts[1]):
        yield "@context", "does not name Open Badges 3.0 next"
    if not _has_type(credential, "VerifiableCredential") or not any(_has_type(credential, name) for name in CREDENTIAL_TYPES):
        yield "type", "is not that of an Open Badges 3.0 credential"
    if not is_iri(credential.get("id")):
        yield "id", "is not an absolute address"
    issuer = credential.get("issuer")
    if isinstance(issuer, Mapping) and not _has_type(issuer, "Profile"):
        yield "issuer.type", "is not Profile"
    if not is_iri(issuer.get("id") if isinstance(issuer, Mapping) else issuer):
        yield "issuer.id", "is not an absolute address"
    yield from _each(credential, "evidence", "Evidence")
    for name in ("validFrom", "validUntil", "awardedDate"):
        if name == "validFrom" or name in credential:
            yield from _date(credential.get(name), name)


def _date(value: object, path: str) -> Problems:
    if value is None:
        yield path, "is missing"
        return
    try:
        moment(value)
    except Invalid as refusal:
        yield path, refusal.message.removesuffix(".")


def _subject(subject: object) -> Problems:
    path = "credentialSubject"
    if not isinstance(subject, Mapping):
        yield path, "is missing, or more than one"
        return
    if not _has_type(subject, "AchievementSubject"):
        yield f"{path}.type", "is not AchievementSubject"
    yield from _each(subject, "result", "Result", path)
    yield from _achievement(subject.get("achievement"), f"{path}.achievement")


def _achievement(achievement: object, path: str) -> Problems:
    if not isinstance(achievement, Mapping):
        yield path, "is missing"
        return
    if not _has_type(achievement, "Achievement"):
        yield f"{path}.type", "is not Achievement"
    if not is_iri(achievement.get("id")):
        yield f"{path}.id", "is not an absolute address"
    for name in ("name", "description"):
        if not _text(achievement, name) and not isinstance(achievement.get(name), Mapping):
            yield f"{path}.{name}", "is missing"
    criteria = achievement.get("criteria")
    if not isinstance(criteria, Mapping) or not (criteria.get("id") or criteria.get("narrative")):
        yield f"{path}.criteria", "is missing: neither a narrative nor a page"
    yield from _each(achievement, "alignment", "Alignment", path, ("targetName", "targetUrl"))
    yield from _each(achievement, "resultDescription", "ResultDescription", path, ("id", "name", "resultType"), _levels)


def _levels(description: Mapping[str, object], path: str) -> Problems:
    yield from _each(description, "rubricCriterionLevel", "RubricCriterionLevel", path, ("id", "name"))


def _each(
    whole: Mapping[str, object],
    name: str,
    kind: str,
    path: str = "",
    required: tuple[str, ...] = (),
    inner: Callable[[Mapping[str, object], str], Problems] | None = None,
) -> Problems:
    for number, part in enumerate(parts(whole.get(name))):
        here = f"{path}.{name}[{number}]".lstrip(".")
        if not isinstance(part, Mapping) or not _has_type(part, kind):
            yield f"{here}.type", f"is not {kind}"
            continue
        for field in required:
            if not _text(part, field):
                yield f"{here}.{field}", "is missing"
        if inner:
            yield from inner(part, here)
