"""The words a pack may choose from. Not here: what badges look like (the marks are drawn elsewhere) or what policies do (pure.rubrics)."""

from __future__ import annotations

from enum import StrEnum

# Names of the drawings, colors and outlines that badge art knows.
MARKS = (
    *("balance", "book", "bridge", "cairn", "chart", "checklist", "circle", "code", "compass", "dialogue", "flag", "horizon", "key"),
    *("layers", "leaf", "lens", "link", "loop", "rooms", "seedling", "shield", "signpost", "steps", "summit", "voice"),
)
PIGMENTS = ("clay", "dusk", "heather", "iron", "lake", "lichen", "ochre", "rose", "slate", "spruce")
# Pages of the workspace, which stand where an address has the key of a part.
PAGES = ("check", "coach", "feedback", "file", "submit", "team", "time", "uploads", "withdraw")
SHAPES = ("arch", "basalt", "disc", "keystone", "octagon", "pebble", "slab", "summit")


class OrganizationKind(StrEnum):
    STATE_AGENCY = "state-agency"
    DISTRICT = "district"
    SCHOOL = "school"
    ASSOCIATION = "association"
    HIGHER_EDUCATION = "higher-education"
    SERVICE_AGENCY = "service-agency"
    PROVIDER = "provider"
    PLATFORM = "platform"


class State(StrEnum):
    """Whether a stack or a micro-credential exists, or is only announced."""

    PUBLISHED = "published"
    PLANNED = "planned"


class Origin(StrEnum):
    """Offered ready-made by an issuer, or designed by the educator who earns it."""

    PACKAGED = "packaged"
    SELF_CREATED = "self-created"


class Rigor(StrEnum):
    """How far the proof reaches: knowing it, doing it, or what doing it changed."""

    KNOWLEDGE = "knowledge"
    APPLICATION = "application"
    IMPACT = "impact"


class Audience(StrEnum):
    TEACHERS = "teachers"
    STUDENT_SUPPORT = "student-support"
    COACHES = "coaches"
    SCHOOL_LEADERS = "school-leaders"
    DISTRICT_LEADERS = "district-leaders"
    AGENCY_LEADERS = "agency-leaders"


class CareerStage(StrEnum):
    PRE_SERVICE = "pre-service"
    BEGINNING = "beginning"
    EXPERIENCED = "experienced"


class PartKind(StrEnum):
    NARRATIVE = "narrative"
    PORTFOLIO = "portfolio"
    ANALYSIS = "analysis"
    REFLECTION = "reflection"


class FileType(StrEnum):
    DOCUMENT = "document"
    SPREADSHEET = "spreadsheet"
    PRESENTATION = "presentation"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


class Policy(StrEnum):
    """How levels become earned or not yet; pure.rubrics carries each out."""

    EVERY_DETAIL_AT_BAR = "every-detail-at-bar"
    COMPENSATORY = "compensatory"


class Trigger(StrEnum):
    """What sends two sheets to a lead assessor."""

    SPLIT = "split"
    TWO_LEVELS_APART = "two-levels-apart"
    THIRD_DIFFERS = "third-differs"


class CreditUnit(StrEnum):
    CONTACT_HOURS = "contact-hours"
    CLOCK_HOURS = "clock-hours"
    CEU = "ceu"
    POINTS = "points"
    HOURS = "hours"  # of a kind that the issuer does not name
    SEMESTER_HOURS = "semester-hours"
