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
STANDING_STATES = {"met": "Met", "open": "Not yet", "officer": "An officer must judge", "not-computed": "Not computed"}

# --- Recognizers, claims, proposals ---------------------------------------------------------------------------------------

# What micro-credentials are used for (DOMAIN: six policy areas, pay and growth).
PURPOSES = {
    "professional-development": "Professional development",
    "renewal": "Renewing a license",
    "endorsement": "Adding to a license",
    "advancement": "A further license, or a role",
    "compensation": "Pay",
    "growth": "A growth plan",
    "initial": "A first license",
    "preparation": "A preparation program",
}

# Who answers for a recognizer.
BODIES = {"council": "A council that votes", "person": "One person who decides"}

CLAIM_VOTES = {
    "grant": "Grant it",
    "return": "Return it, with a question",
    "decline": "Decline it, with the citation",
    "aside": "Step aside",
}
PROPOSAL_VOTES = {"approve": "Approve the plan", "return": "Return it, with a question", "decline": "Decline it", "aside": "Step aside"}

CLAIM = States(
    name="claim",
    owner="licensure",
    initial="drafted",
    moves={
        "drafted": ("submitted", "waiting", "withdrawn"),
        "waiting": ("submitted", "granted", "returned", "withdrawn"),
        "submitted": ("granted", "approved", "returned", "declined", "withdrawn", "waiting"),
        "returned": ("submitted", "waiting", "withdrawn"),
        "approved": ("granted", "withdrawn"),
        "granted": (),
        "declined": (),
        "withdrawn": (),
    },
    means={
        "drafted": "the educator has not sent it yet",
        "waiting": "the rule takes several awards together, and not all of them are claimed yet",
        "submitted": "the recognizer reads it",
        "returned": "the recognizer asks something; the educator may send it again",
        "approved": "the recognizer has said yes; the credit is given once its fee is paid or waived",
        "granted": "the credit stands on the educator's transcript",
        "declined": "the recognizer has said no; an appeal goes where its answer says",
        "withdrawn": "the educator has taken it back",
    },
)

PRIOR_APPROVAL = States(
    name="prior approval",
    owner="licensure",
    initial="asked",
    moves={"asked": ("approved", "declined", "taken back"), "approved": (), "declined": (), "taken back": ()},
    means={
        "asked": "the educator asks before beginning",
        "approved": "the recognizer has said in writing that it will count, with the day",
        "declined": "the recognizer has said that it will not count",
        "taken back": "the educator no longer asks",
    },
)

PROPOSAL = States(
    name="proposal",
    owner="licensure",
    initial="drafted",
    moves={
        "drafted": ("submitted", "withdrawn"),
        "submitted": ("returned", "approved", "declined", "withdrawn"),
        "returned": ("submitted", "withdrawn"),
        "approved": (),
        "declined": (),
        "withdrawn": (),
    },
    means={
        "drafted": "the educator writes it",
        "submitted": "the council reads it",
        "returned": "it came back with findings; the educator may send it again",
        "approved": "the educator may begin; the micro-credential is theirs alone",
        "declined": "the council has said no",
        "withdrawn": "the educator has taken it back",
    },
)

# --- Applications ---------------------------------------------------------------------------------------------------------

APPLICATION = States(
    name="application",
    owner="licensure",
    initial="waiting",
    moves={
        "waiting": ("returned", "referred", "proposed", "determined", "withdrawn"),
        "returned": ("waiting", "withdrawn"),
        "referred": ("waiting", "withdrawn"),
        "proposed": ("determined", "waiting", "withdrawn"),
        "determined": (),
        "withdrawn": (),
    },
    means={
        "waiting": "an officer is to answer",
        "returned": "an officer asks for something more; the educator may answer",
        "referred": "somebody else was asked: counsel, or a board",
        "proposed": "one officer has signed; another must sign too",
        "determined": "signed",
        "withdrawn": "the educator has taken it back",
    },
)
OUTCOMES = {"met": "The rule is met", "not met": "The rule is not met"}
BASES = {"rule": "As computed", "judgment": "An officer's judgment", "exception": "An exception, recorded with its reason"}
# What a change of a rule does to a license.
TURNS = {"gains": "Met by the second alone", "loses": "Met by the first alone", "officer": "Met by neither; an officer must judge"}
STEPS = {
    "asked": "The educator asked",
    "returned": "An officer asked for something more",
    "answered": "The educator answered",
    "referred": "An officer referred it",
    "heard": "The answer to the referral came",
    "signed": "An officer signed",
    "countersigned": "A second officer signed",
    "not agreed": "The second officer did not agree",
    "withdrawn": "The educator took it back",
}
