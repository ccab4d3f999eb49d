"""What is built is an Open Badge, and what would be none is refused by name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import jsonschema
import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.badges import (
    Achievement,
    Alignment,
    Award,
    Evidence,
    Identity,
    Image,
    Level,
    Profile,
    Result,
    ResultDescription,
    build,
    email_identity,
    name_identity,
)
from cairn.pure.badges.structure import problems
from tests.badges_world import DID, NOW, SITE, achievement, award, issuer, needs_vectors, signed, unsigned, vector

SCHEMA = "conform-ed/packages/coverage/vendor/open-badges/v3_0/ob_v3p0_achievementcredential_schema.json"
PLAIN = Achievement(f"{SITE}/catalog/x/1", "X", "Does x.", "Shows x.")
BARE = Award(f"{SITE}/credentials/1", NOW, identities=(name_identity("Dana Whitfield"),))
ISSUER = Profile(DID, "Prairie Leadership Network")


@needs_vectors
@pytest.mark.parametrize(
    "document",
    [
        build(BARE, PLAIN, ISSUER),
        unsigned(),
        signed(),
        unsigned(subject_id="did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", identities=()),
        unsigned(status=None, valid_until=None, awarded_at=None, results=(), evidence=()),
    ],
    ids=["bare", "rich", "signed", "by id", "without the optional"],
)
def test_what_is_built_fits_the_1edtech_schema(document: dict[str, Any]) -> None:
    jsonschema.Draft201909Validator(vector(SCHEMA), format_checker=jsonschema.FormatChecker()).validate(document)


def test_the_least_award_says_the_least() -> None:
    assert build(BARE, PLAIN, ISSUER) == {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": f"{SITE}/credentials/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "X",
        "description": "Does x.",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Prairie Leadership Network"},
        "validFrom": "2026-11-21T09:30:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": "Dana Whitfield", "identityType": "name"}],
            "achievement": {
                "id": f"{SITE}/catalog/x/1",
                "type": ["Achievement"],
                "achievementType": "MicroCredential",
                "name": "X",
                "description": "Does x.",
                "criteria": {"narrative": "Shows x."},
            },
        },
    }


def test_an_address_is_hashed_in_lower_case_with_its_salt() -> None:
    identity = email_identity(" Dana.Whitfield@Example.org ", "pepper")
    assert identity == Identity("emailAddress", "sha256$" + sha256(b"dana.whitfield@example.orgpepper").hexdigest(), True, "pepper")
    assert identity == email_identity("dana.whitfield@example.org", "pepper")
    assert identity != email_identity("dana.whitfield@example.org", "salt")


def test_an_address_appears_nowhere_in_the_credential() -> None:
    assert "whitfield@" not in str(unsigned()).lower()


def test_moments_are_written_in_utc() -> None:
    there = datetime(2026, 11, 21, 3, 30, tzinfo=timezone(timedelta(hours=-6)))
    assert unsigned(valid_from=there)["validFrom"] == "2026-11-21T09:30:00Z"
    with pytest.raises(ValueError, match="time zone"):
        unsigned(valid_from=there.replace(tzinfo=None))


def test_results_point_at_the_levels_reached() -> None:
    subject = unsigned()["credentialSubject"]
    described = {description["id"]: description for description in subject["achievement"]["resultDescription"]}
    for result in subject["result"]:
        levels = [level["id"] for level in described[result["resultDescription"]]["rubricCriterionLevel"]]
        assert result["achievedLevel"] in levels


LEVELS = (Level(f"{SITE}/l/1", "Beginning"), Level(f"{SITE}/l/2", "Proficient"))
DETAIL = ResultDescription(f"{SITE}/r/1", "Detail", LEVELS, LEVELS[1].id)
UNFIT: dict[str, tuple[Award, Achievement, Profile, str]] = {
    "no name": (BARE, replace(PLAIN, name=" "), ISSUER, "credentialSubject.achievement.name"),
    "no description": (BARE, replace(PLAIN, description=""), ISSUER, "credentialSubject.achievement.description"),
    "no criteria": (BARE, replace(PLAIN, criteria=""), ISSUER, "credentialSubject.achievement.criteria"),
    "a relative id": (replace(BARE, id="/credentials/1"), PLAIN, ISSUER, "id"),
    "a relative achievement": (BARE, replace(PLAIN, id="x"), ISSUER, "credentialSubject.achievement.id"),
    "a relative issuer": (BARE, PLAIN, replace(ISSUER, id="prairie"), "issuer.id"),
    "a relative link": (BARE, PLAIN, replace(ISSUER, url="www.example.org"), "issuer.url"),
    "a relative picture": (BARE, replace(PLAIN, image=Image("x.png")), ISSUER, "credentialSubject.achievement.image.id"),
    "a form feed": (BARE, replace(PLAIN, name="X\f"), ISSUER, "name"),
    "a null character": (BARE, replace(PLAIN, criteria="a\0b"), ISSUER, "credentialSubject.achievement.criteria.narrative"),
    "half a letter": (BARE, replace(PLAIN, tags=("ok", "\ud83d")), ISSUER, "credentialSubject.achievement.tag[1]"),
    "an alignment to nothing": (
        BARE,
        replace(PLAIN, alignments=(Alignment("A", ""),)),
        ISSUER,
        "credentialSubject.achievement.alignment[0].targetUrl",
    ),
    "a level without a name": (
        BARE,
        replace(PLAIN, results=(replace(DETAIL, levels=(*LEVELS, Level(f"{SITE}/l/3", ""))),)),
        ISSUER,
        "credentialSubject.achievement.resultDescription[0].rubricCriterionLevel[2].name",
    ),
    "a required level that is none": (
        BARE,
        replace(PLAIN, results=(replace(DETAIL, required_level=f"{SITE}/l/9"),)),
        ISSUER,
        "credentialSubject.achievement.resultDescription[0].requiredLevel",
    ),
    "one id for two details": (
        BARE,
        replace(PLAIN, results=(DETAIL, DETAIL)),
        ISSUER,
        "credentialSubject.achievement.resultDescription[1].id",
    ),
    "one id for achievement and criteria": (
        BARE,
        replace(PLAIN, criteria_url=PLAIN.id),
        ISSUER,
        "credentialSubject.achievement.criteria.id",
    ),
    "the issuer described twice": (BARE, replace(PLAIN, creator=ISSUER), ISSUER, "credentialSubject.achievement.creator.id"),
    "a result of nothing": (
        replace(BARE, results=(Result(f"{SITE}/r/2"),)),
        replace(PLAIN, results=(DETAIL,)),
        ISSUER,
        "credentialSubject.result[0].resultDescription",
    ),
    "a level of another detail": (
        replace(BARE, results=(Result(f"{SITE}/r/1", f"{SITE}/l/9"),)),
        replace(PLAIN, results=(DETAIL,)),
        ISSUER,
        "credentialSubject.result[0].achievedLevel",
    ),
    "evidence with a broken link": (replace(BARE, evidence=(Evidence("x", url="a b"),)), PLAIN, ISSUER, "evidence[0].id"),
}


@pytest.mark.parametrize(("given", "what", "by", "path"), UNFIT.values(), ids=UNFIT.keys())
def test_what_would_be_no_open_badge_is_refused_by_its_path(given: Award, what: Achievement, by: Profile, path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        build(given, what, by)
    assert path in refusal.value.fields
    assert refusal.value.remedy


def test_an_award_to_nobody_is_refused() -> None:
    with pytest.raises(Invalid, match="whom it is about"):
        build(replace(BARE, identities=()), PLAIN, ISSUER)


def test_line_breaks_and_tabs_are_text() -> None:
    assert build(BARE, replace(PLAIN, criteria="a\r\n\tb"), ISSUER)


def test_a_sound_badge_has_no_problems() -> None:
    assert problems(signed()) == {}


@needs_vectors
@pytest.mark.parametrize("field", ["@context", "id", "type", "credentialSubject", "issuer", "validFrom"])
def test_a_missing_field_is_a_problem_here_and_in_the_schema(field: str) -> None:
    document = {key: value for key, value in signed().items() if key != field}
    assert any(path.startswith(field) for path in problems(document))
    assert list(jsonschema.Draft201909Validator(vector(SCHEMA)).iter_errors(document))


def test_the_sample_is_what_the_other_tests_think() -> None:
    assert build(award(), achievement(), issuer()) == unsigned()
    assert NOW.tzinfo is UTC
