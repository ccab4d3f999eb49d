"""An Open Badges 3.0 credential from plain values, unsigned.

Not here: what an award rests on (the caller's decision), signing (proof). Source: Open Badges 3.0, appendix B (data model).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from cairn.kernel.errors import Invalid
from cairn.pure.badges.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from cairn.pure.badges.status import StatusEntry
from cairn.pure.badges.structure import about_someone, problems
from cairn.pure.badges.values import is_iri, is_printable, stamp

# The fields that hold an absolute address, wherever they stand.
ADDRESSES = frozenset({"id", "url", "targetUrl", "achievedLevel", "resultDescription", "requiredLevel"})
Json = dict[str, object]


@dataclass(frozen=True)
class Image:
    url: str
    caption: str = ""  # what the picture shows, for those who do not see it


@dataclass(frozen=True)
class Profile:
    """An issuer or author. An issuer's `id` is the DID that its keys are published under."""

    id: str
    name: str
    url: str = ""
    email: str = ""
    description: str = ""
    image: Image | None = None


@dataclass(frozen=True)
class Alignment:
    """`kind` is CFItem, CTDL, ceterms:Credential ... or "ext:" and a word of one's own."""

    name: str
    url: str
    kind: str = ""
    code: str = ""
    description: str = ""
    framework: str = ""


@dataclass(frozen=True)
class Level:
    """A level of a rubric's criterion; `level` and `points` are texts, as the specification has them."""

    id: str
    name: str
    description: str = ""
    level: str = ""
    points: str = ""


@dataclass(frozen=True)
class ResultDescription:
    """What is assessed (a criterion of a rubric), its levels from low to high, and the level that is required."""

    id: str
    name: str
    levels: tuple[Level, ...] = ()
    required_level: str = ""
    kind: str = "RubricCriterionLevel"


@dataclass(frozen=True)
class Achievement:
    """What was earned: one version of a micro-credential. `criteria` may be Markdown."""

    id: str
    name: str
    description: str
    criteria: str
    criteria_url: str = ""
    kind: str = "MicroCredential"
    version: str = ""
    language: str = ""
    image: Image | None = None
    creator: Profile | None = None
    tags: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    results: tuple[ResultDescription, ...] = ()


@dataclass(frozen=True)
class Identity:
    """Whom the credential is about; use `email_identity` or `name_identity`."""

    kind: str
    value: str
    is_hashed: bool
    salt: str = ""


@dataclass(frozen=True)
class Result:
    """What was reached: the ids of a result description and of one of its levels, or a value of one's own."""

    description: str
    achieved_level: str = ""
    value: str = ""


@dataclass(frozen=True)
class Evidence:
    narrative: str
    name: str = ""
    description: str = ""
    genre: str = ""
    url: str = ""


@dataclass(frozen=True)
class Award:
    """One person's achievement. `id` is the credential's own address."""

    id: str
    valid_from: datetime
    identities: tuple[Identity, ...] = ()
    subject_id: str = ""
    valid_until: datetime | None = None
    awarded_at: datetime | None = None
    results: tuple[Result, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    status: StatusEntry | None = None


def email_identity(email: str, salt: str) -> Identity:
    """An e-mail address that only those recognize who know it: SHA-256 of the address in lower case, then the salt."""
    digest = hashlib.sha256((email.strip().lower() + salt).encode()).hexdigest()
    return Identity("emailAddress", f"sha256${digest}", is_hashed=True, salt=salt)


def name_identity(name: str) -> Identity:
    """A person's name for all to read."""
    return Identity("name", name, is_hashed=False)


def build(award: Award, achievement: Achievement, issuer: Profile) -> Json:
    """The unsigned credential. Invalid names every field that Open Badges 3.0 would not accept, by its path in the document."""
    credential = filled(
        {
            "@context": [CREDENTIALS_V2, OPEN_BADGES_3],
            "id": award.id,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": achievement.name,
            "description": achievement.description,
            "issuer": profile_json(issuer),
            "validFrom": stamp(award.valid_from),
            "validUntil": award.valid_until and stamp(award.valid_until),
            "awardedDate": award.awarded_at and stamp(award.awarded_at),
            "credentialSubject": _subject(award, achievement),
            "evidence": [_evidence(piece) for piece in award.evidence],
            "credentialStatus": award.status and award.status.as_json(),
        }
    )
    wrong = {**dict(_unfit(credential)), **dict(_repeated(credential)), **dict(_unmatched(award, achievement)), **problems(credential)}
    if wrong:
        first = "; ".join(f"{path} {what}" for path, what in list(wrong.items())[:3])
        raise Invalid("unfit-credential", f"The credential would not be an Open Badge: {first}.", "Correct the named fields.", wrong)
    about_someone(credential)
    return credential


def filled(fields: Mapping[str, object]) -> Json:
    """Without what is not there: Open Badges has no null and no empty list."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _image(image: Image | None) -> Json | None:
    return filled({"id": image.url, "type": "Image", "caption": image.caption}) if image else None


def profile_json(profile: Profile) -> Json:
    return filled(
        {
            "id": profile.id,
            "type": ["Profile"],
            "name": profile.name,
            "url": profile.url,
            "email": profile.email,
            "description": profile.description,
            "image": _image(profile.image),
        }
    )


def _subject(award: Award, achievement: Achievement) -> Json:
    return filled(
        {
            "id": award.subject_id,
            "type": ["AchievementSubject"],
            "identifier": [identity_json(identity) for identity in award.identities],
            "achievement": _achievement(achievement),
            "result": [_result(result) for result in award.results],
        }
    )


def identity_json(identity: Identity) -> Json:
    named = {"type": "IdentityObject", "hashed": identity.is_hashed, "identityHash": identity.value, "identityType": identity.kind}
    return filled({**named, "salt": identity.salt})


def _achievement(achievement: Achievement) -> Json:
    return filled(
        {
            "id": achievement.id,
            "type": ["Achievement"],
            "achievementType": achievement.kind,
            "name": achievement.name,
            "description": achievement.description,
            "criteria": filled({"id": achievement.criteria_url, "narrative": achievement.criteria}),
            "image": _image(achievement.image),
            "creator": achievement.creator and profile_json(achievement.creator),
            "version": achievement.version,
            "inLanguage": achievement.language,
            "tag": list(achievement.tags),
            "alignment": [_alignment(alignment) for alignment in achievement.alignments],
            "resultDescription": [_description(description) for description in achievement.results],
        }
    )


def _alignment(alignment: Alignment) -> Json:
    return filled(
        {
            "type": ["Alignment"],
            "targetName": alignment.name,
            "targetUrl": alignment.url,
            "targetType": alignment.kind,
            "targetCode": alignment.code,
            "targetDescription": alignment.description,
            "targetFramework": alignment.framework,
        }
    )


def _description(description: ResultDescription) -> Json:
    return filled(
        {
            "id": description.id,
            "type": ["ResultDescription"],
            "name": description.name,
            "resultType": description.kind,
            "requiredLevel": description.required_level,
            "rubricCriterionLevel": [_level(level) for level in description.levels],
        }
    )


def _level(level: Level) -> Json:
    words = {"name": level.name, "description": level.description, "level": level.level, "points": level.points}
    return filled({"id": level.id, "type": ["RubricCriterionLevel"], **words})


def _result(result: Result) -> Json:
    reached = {"achievedLevel": result.achieved_level, "value": result.value}
    return filled({"type": ["Result"], "resultDescription": result.description, **reached})


def _evidence(evidence: Evidence) -> Json:
    words = {"name": evidence.name, "narrative": evidence.narrative, "description": evidence.description, "genre": evidence.genre}
    return filled({"id": evidence.url, "type": ["Evidence"], **words})


def _texts(value: object, path: str = "", name: str = "") -> Iterator[tuple[str, str, str]]:
    """Each text of a document: its path, the field that it is in, and itself."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, f"{path}.{key}".lstrip("."), key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{number}]")
    elif isinstance(value, str):
        yield path, name, value


def _unfit(credential: Json) -> Iterator[tuple[str, str]]:
    """Texts that no reader would take: control characters, and what is not an address where one belongs."""
    for path, name, text in _texts(credential):
        if not is_printable(text):
            yield path, "holds a control character"
        elif name in ADDRESSES and not is_iri(text):
            yield path, "is not an absolute address"


def _repeated(credential: Json) -> Iterator[tuple[str, str]]:
    """Two things under one id: JSON-LD would take them for one, and each could lend its fields to the other."""
    seen: dict[str, str] = {}
    for path, name, id_ in _texts(credential):
        if name == "id" and seen.setdefault(id_, path) != path:
            yield path, f"is the same as {seen[id_]}"


def _unmatched(award: Award, achievement: Achievement) -> Iterator[tuple[str, str]]:
    """Results and required levels that point at nothing the achievement describes."""
    levels = {description.id: {level.id for level in description.levels} for description in achievement.results}
    for number, description in enumerate(achievement.results):
        if description.required_level and description.required_level not in levels[description.id]:
            yield f"credentialSubject.achievement.resultDescription[{number}].requiredLevel", "is none of its levels"
    for number, result in enumerate(award.results):
        path = f"credentialSubject.result[{number}]"
        if result.description not in levels:
            yield f"{path}.resultDescription", "is none of the achievement's result descriptions"
        elif result.achieved_level and result.achieved_level not in levels[result.description]:
            yield f"{path}.achievedLevel", "is none of its result description's levels"
