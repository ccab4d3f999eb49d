"""The lives of a submission and of an artifact."""

from cairn.frame.states import States

SUBMISSION = States(
    name="submission",
    owner="portfolio",
    initial="draft",
    moves={"draft": ("submitted",), "submitted": ("earned", "not_yet"), "earned": (), "not_yet": ()},
    means={
        "draft": "the educator is writing",
        "submitted": "frozen, and with the assessors",
        "earned": "decided: every detail is shown",
        "not_yet": "decided: some details need another try, and a new attempt is open for them",
    },
)

ARTIFACT = States(
    name="artifact",
    owner="portfolio",
    initial="kept",
    moves={"kept": ("removed",), "removed": ()},
    means={"kept": "part of the educator's evidence", "removed": "taken out by the educator before it was submitted"},
)

# Who can be recognized in a file (FERPA, 34 CFR part 99, protects records of students); the educator says it for each artifact.
PEOPLE_SHOWN = {
    "nobody": "Nobody can be recognized",
    "adults": "Only adults, who know and agree",
    "students": "Students, with signed permission for each",
}
