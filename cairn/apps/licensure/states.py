"""Lives of what licensure keeps, and its closed lists. A license ends by its dates, so it has no table of moves."""

from cairn.frame.states import States

ENTRY_KINDS = {
    "micro-credential": "Micro-credential",
    "hours": "Hours of professional learning",
    "credit": "College credit",
    "points": "Points",
    "degree": "Degree",
    "experience": "Experience",
    "mentoring": "Mentoring",
    "evaluation": "Evaluation",
    "test": "Test",
    "program": "Program or other named requirement",
    "approval": "Approval",
    "attribute": "Something about me",
}

ENTRY_SOURCES = {
    "credential": "A credential of this site",
    "claim": "Recognized by a recognizer",
    "document": "A document",
    "import": "A file of rows",
    "own word": "Own word",
}

ENTRY = States(
    name="record entry",
    owner="licensure",
    initial="entered",
    moves={
        "entered": ("verified", "declined", "withdrawn"),
        "verified": ("withdrawn",),
        "declined": ("withdrawn",),
        "withdrawn": (),
    },
    means={
        "entered": "the educator's own word; it counts once somebody who may has verified it",
        "verified": "counts, as far as a rule asks for it",
        "declined": "whoever was asked could not confirm it; it does not count",
        "withdrawn": "taken back; it no longer counts",
    },
)

PLAN = States(
    name="growth plan",
    owner="licensure",
    initial="drafted",
    moves={"drafted": ("shared", "closed"), "shared": ("drafted", "agreed", "closed"), "agreed": ("closed",), "closed": ()},
    means={
        "drafted": "the educator's alone",
        "shared": "the supervisor may read it and agree",
        "agreed": "educator and supervisor have agreed; it no longer changes",
        "closed": "over",
    },
)

BUCKETS = {"individual": "My own growth", "district": "Goals of my school or district", "state": "Goals of the state"}
STANDING_STATES = {"met": "Met", "open": "Not yet", "officer": "An officer must judge"}
