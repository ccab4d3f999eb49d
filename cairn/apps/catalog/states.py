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
