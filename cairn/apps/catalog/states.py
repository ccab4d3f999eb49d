"""The lives of a micro-credential and of its versions."""

from cairn.frame.states import States

MICROCREDENTIAL = States(
    name="micro-credential",
    owner="catalog",
    initial="planned",
    moves={"planned": ("published",), "published": ("retired",), "retired": ("published",)},
    means={
        "planned": "has a name and a place in its stack, and nothing to read yet",
        "published": "can be read by anyone and earned",
        "retired": "can be read, and verified by those who earned it; nobody begins it",
    },
)

VERSION = States(
    name="version",
    owner="catalog",
    initial="draft",
    moves={"draft": ("published",), "published": ("superseded",), "superseded": ()},
    means={
        "draft": "being written; may change",
        "published": "in force; its words never change again",
        "superseded": "a later version is in force; those who began on it may finish on it",
    },
)

# Whether others may adopt what an issuer publishes, or make their own of it.
SHARING = {"open": "Any organization may", "on request": "Those who ask and are let", "closed": "Nobody may"}

ADOPTION = States(
    name="adoption",
    owner="catalog",
    initial="asked",
    moves={"asked": ("adopted", "declined", "ended"), "adopted": ("ended",), "declined": (), "ended": ()},
    means={
        "asked": "the issuer has not answered yet",
        "adopted": "stands in the partner's catalog; badges earned in its programs name both",
        "declined": "the issuer has said no",
        "ended": "the partner offers it no more; badges that were issued stay as they are",
    },
)
