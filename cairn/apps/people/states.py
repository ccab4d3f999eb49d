"""Kinds, roles and scopes of tokens: closed lists. People's things begin and end by dates, so there is no table of moves."""

ORGANIZATION_KINDS = {
    "state-agency": "State education agency",
    "district": "School district",
    "school": "School",
    "association": "Association",
    "higher-education": "College or university",
    "service-agency": "Regional service agency",
    "provider": "Provider",
    "platform": "This site",
}

ROLES = {
    "earner": "Shows their work and earns micro-credentials",
    "assessor": "Scores submissions without knowing whose they are",
    "lead assessor": "Settles disagreements and watches agreement",
    "author": "Writes micro-credentials and their rubrics",
    "coordinator": "Runs programs and pilots",
    "coach": "Reads drafts that are opened to them; never scores",
    "council member": "Votes on claims and proposals",
    "licensing officer": "Signs licensing decisions for a state",
    "evaluator": "Reads what an educator chose to share",
    "organization admin": "Decides who may do what in an organization",
    "operator": "Keeps the site healthy",
}

# What they can do to others asks for a second step at sign-in, beside the password.
GUARDED_ROLES = frozenset({"assessor", "lead assessor", "organization admin", "licensing officer", "operator"})

# Whoever holds one of these may be asked by an educator to read a draft.
COACHING_ROLES = ("coach", "coordinator")

SCOPES = {"organization": "an organization", "program": "a program", "microcredential": "a micro-credential"}

GROUP_KINDS = {"plc": "Professional learning community", "cohort": "Cohort", "team": "Team", "coaching": "Coaching group"}

# What a token for the API may be used for; never more than its person may do.
TOKEN_SCOPES = {
    "profile:read": "Read your profile, roles, tokens and credentials",
    "profile:write": "Change your profile and revoke tokens",
    "portfolio:read": "Read your work, its files and its feedback",
    "portfolio:write": "Begin, write, add files, cite, submit and leave",
    "scoring:read": "Read the score sheets given to you, with their evidence",
    "scoring:write": "Score, lock and give back your sheets",
    "licenses:read": "Read your licenses, where they stand, your record, plans, claims and applications",
    "decisions:read": "Read claims, applications and determinations that come before you",
    "organizations:read": "Read who may do what, offerings and credentials where you manage them",
    "organizations:write": "Give and end roles, open offerings, revoke credentials where you may",
    "operations:read": "Read the queues of this site",
    "operations:write": "Try parked work again, set it aside, enter organizations",
}

MERGING_OUTCOMES = {"merged": "They are one person now", "declined": "The other said no", "replaced": "It was asked anew"}
