"""The lives of an offering and of an enrollment."""

from cairn.frame.states import States

OFFERING_KINDS = {"open": "Open to all", "pilot": "Pilot"}

# What starts an enrollment's clock. Without a kick-off meeting, or after it, registration does.
CLOCK_EVENTS = {"kick-off": "Attending the kick-off", "registration": "Registering", "first access": "Opening the workspace first"}

# What happens to one pilot more than a person should be in at the same time.
AT_ONCE_MODES = {"none": "Not looked at", "soft": "Warned of, and allowed once acknowledged", "hard": "Refused"}

MEETING_KINDS = {
    "information": "Information meeting",
    "orientation": "Orientation",
    "kick-off": "Kick-off",
    "other": "Meeting",
}

ATTENDED_HOW = {
    "link": "signed in by the meeting's link",
    "roster": "named on the roster",
    "phone": "known by name and the phone's last four digits",
    "recording": "watched the recording",
}

REGISTRATION = States(
    name="registration",
    owner="programs",
    initial="applied",
    moves={
        "applied": ("seated", "waiting", "not chosen", "left"),
        "waiting": ("offered", "left", "line ended"),
        "offered": ("seated", "passed", "left"),
        "seated": ("left",),
        "passed": (),
        "not chosen": (),
        "line ended": (),
        "left": (),
    },
    means={
        "applied": "the educator has asked; the coordinator chooses",
        "waiting": "every seat is taken; the educator stands in line by the time they asked",
        "offered": "a seat came free and is kept for the educator until the offer ends",
        "seated": "the educator holds a seat",
        "passed": "the offer was let go, or ended without an answer",
        "not chosen": "the coordinator chose others",
        "line ended": "the offering was closed while the educator stood in line; they hear of the next one",
        "left": "the educator has given up their place",
    },
)

EXTENSION = States(
    name="extension",
    owner="programs",
    initial="asked",
    moves={"asked": ("granted", "declined", "taken back"), "granted": (), "declined": (), "taken back": ()},
    means={
        "asked": "the educator asks for more time",
        "granted": "a later date counts; both dates are kept",
        "declined": "the date stays as it was",
        "taken back": "the educator no longer asks",
    },
)

# Why people leave, for honest numbers: the educator chooses, nobody else does it for them.
LEAVING_REASONS = {
    "time": "It takes more time than I have",
    "job": "My work has changed",
    "fit": "It is not what I expected",
    "evidence": "I cannot gather the evidence at my school",
    "technical": "The pages or files did not work for me",
    "personal": "Personal or family reasons",
    "other": "Another reason",
    "unsaid": "I would rather not say",
}

JOINING = States(
    name="request to join",
    owner="programs",
    initial="asked",
    moves={"asked": ("accepted", "declined"), "accepted": (), "declined": ()},
    means={
        "asked": "somebody asks for their organization; those who decide see it, and nobody else",
        "accepted": "the organization is there, and whoever asked is its admin",
        "declined": "it is not, for the reason that whoever asked was told",
    },
)

OFFERING = States(
    name="offering",
    owner="programs",
    initial="open",
    moves={"open": ("closed",), "closed": ("open",)},
    means={"open": "educators may begin", "closed": "nobody new may begin; those enrolled go on"},
)

ENROLLMENT = States(
    name="enrollment",
    owner="programs",
    initial="active",
    moves={
        "active": ("completed", "withdrawn", "lapsed"),
        "lapsed": ("active", "completed", "withdrawn"),
        "completed": (),
        "withdrawn": (),
    },
    means={
        "active": "the educator is at work, or waits for a decision",
        "lapsed": "its time ended with nothing submitted; more time opens it again",
        "completed": "the micro-credential is earned",
        "withdrawn": "the educator has left; nothing is scored any more",
    },
)

ROUND_KINDS = {"before": "Before", "after": "After"}

SURVEY_ROUND = States(
    name="survey round",
    owner="programs",
    initial="planned",
    moves={"planned": ("open",), "open": ("closed",), "closed": ("open",)},
    means={
        "planned": "nobody has been asked yet",
        "open": "participants answer, and may change what they answered",
        "closed": "answers stay as they are",
    },
)

BOARD_VOTES = {"launch": "Launch it", "not yet": "Not yet"}

LAUNCH_REVIEW = States(
    name="launch review",
    owner="programs",
    initial="open",
    moves={"open": ("approved", "sent back"), "approved": (), "sent back": ()},
    means={
        "open": "the board reads and votes",
        "approved": "the board has said that it may launch",
        "sent back": "the board asks for changes first; another review follows them",
    },
)

# By which way a micro-credential was earned before Cairn.
RECORD_ROUTES = {"packaged": "Packaged", "self-created": "Self-created", "external": "External provider"}

# How people earn together; one by one is the rule, and needs no team. Mode -> how many may be in it.
TEAM_MODES = {"small group": "A small group", "systemwide": "A whole building, district or system"}
TEAM_LIMITS = {"small group": 8, "systemwide": 200}

RELICENSED = {"yes": "Re-licensed", "no": "Not re-licensed"}

# What an organization is to a program. Owners run it together; the others are named and run nothing.
OWNER_ROLES = {
    "owner": "Owns the program together with others",
    "host": "Gives the program its place",
    "co-author": "Writes with others",
    "partner": "Takes part",
}

# Where a line of the status board stands, as its editor says; what live records know goes before it.
STAGES = {
    "planned": "Planned",
    "written": "Written",
    "pilot-ready": "Ready to be piloted",
    "in pilot": "Currently in pilot",
    "under review": "Under review",
    "published": "Available",
}

# What a roadmap counts.
TARGETS = {
    "planned": "Micro-credentials planned",
    "written": "Written",
    "to pilot": "Ready to be piloted",
    "stacks": "Stacks planned",
}

# What a research log holds.
RESEARCH_KINDS = {"literature": "Literature", "consultation": "Consultation", "visit": "Field visit"}
