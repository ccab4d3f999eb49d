"""The lives of a submission, of a file on its way, and of an artifact."""

from cairn.frame.states import States

SUBMISSION = States(
    name="submission",
    owner="portfolio",
    initial="draft",
    moves={"draft": ("submitted",), "submitted": ("earned", "not_yet", "returned"), "earned": (), "not_yet": (), "returned": ()},
    means={
        "draft": "the educator is writing",
        "submitted": "frozen, and with the assessors",
        "earned": "decided: every detail is shown",
        "not_yet": "decided: some details need another try, and a new attempt is open for them",
        "returned": "something was missing, so it came back before it was scored; the same attempt goes on in a new draft",
    },
)

ARTIFACT = States(
    name="artifact",
    owner="portfolio",
    initial="kept",
    moves={"kept": ("removed",), "removed": ("erased",), "erased": ()},
    means={
        "kept": "part of the educator's evidence",
        "removed": "taken out by the educator before it was submitted",
        "erased": "its bytes are gone from the store, a day after it was taken out",
    },
)

UPLOAD = States(
    name="upload",
    owner="portfolio",
    initial="receiving",
    moves={
        "receiving": ("pending", "refused", "abandoned"),
        "pending": ("scanned", "blocked", "refused", "abandoned"),
        "scanned": ("clean", "refused", "abandoned"),
        "clean": (),
        "blocked": (),
        "refused": (),
        "abandoned": (),
    },
    means={
        "receiving": "its bytes arrive, perhaps with pauses",
        "pending": "it is here whole, and waits for the virus scanner; nobody can open it",
        "scanned": "the scanner found nothing in it; a copy without hidden data is being made",
        "clean": "the copy is part of the educator's evidence, as the artifact of the same id",
        "blocked": "the scanner found something harmful, and the bytes are gone",
        "refused": "it could not be kept, for the reason that the educator is told",
        "abandoned": "taken back by the educator, or not gone on with for a week",
    },
)

# Who can be recognized in a file (FERPA, 34 CFR part 99, protects records of students); the educator says it for each artifact.
PEOPLE_SHOWN = {
    "nobody": "Nobody can be recognized",
    "adults": "Only adults, who know and agree",
    "students": "Students, with signed permission for each",
}

# Languages that captions may be in, as the browser is told them (BCP 47).
LANGUAGES = {
    "en": "English", "es": "Spanish", "ar": "Arabic", "zh": "Chinese", "fr": "French", "de": "German", "ht": "Haitian Creole",
    "hmn": "Hmong", "ja": "Japanese", "ko": "Korean", "nv": "Navajo", "pt": "Portuguese", "ru": "Russian", "so": "Somali", "tl": "Tagalog",
    "vi": "Vietnamese", "und": "Another language",
}  # fmt: skip
