"""Kinds and roles: closed lists that the field uses. People's things begin and end by dates, so there is no table of moves."""

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

SCOPES = {"organization": "an organization", "program": "a program", "microcredential": "a micro-credential"}

GROUP_KINDS = {"plc": "Professional learning community", "cohort": "Cohort", "team": "Team", "coaching": "Coaching group"}
