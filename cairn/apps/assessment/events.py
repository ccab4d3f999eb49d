"""What happens on the way to a decision."""

from cairn.kernel.facts import Event

OPENED = Event("assessment.case_opened", "A submitted attempt became a case.", ("attempt",))
CHECK_ASKED = Event("assessment.check_asked", "Whoever runs a program was asked whether a submission is whole.", ("case", "due_at"))
CHECKED = Event("assessment.checked", "A submission is whole, so assessors may be asked.", ("case",))
RETURNED = Event("assessment.returned", "A submission came back to its educator, since something is missing.",
                 ("case", "submission", "missing"))  # fmt: skip
ASSIGNED = Event("assessment.assigned", "A case was given to an assessor.", ("case", "kind", "due_at"))
LATE = Event("assessment.late", "A case was not decided by the day that its educator was told.", ("due_at",))
DAY_CLOSED = Event("assessment.day_closed", "Nobody scores for an organization on a day.", ("day", "title"))
DAY_OPENED = Event("assessment.day_opened", "A day counts as a business day again.", ("day",))
STEPPED_ASIDE = Event("assessment.stepped_aside", "An assessor gave a case back.", ("kind", "case"))
SCORED = Event("assessment.scored", "An assessor locked a score sheet.",
               ("case", "kind", "hash", "code_name", "microcredential"))  # fmt: skip
SPLIT = Event("assessment.split", "Two readers part, so a lead assessor is asked.", ("reasons", "details"))
DECIDED = Event(
    "assessment.decided", "A case was decided by its sheets.",
    ("outcome", "submission", "attempt", "levels", "reopened", "sheets", "version"),
)  # fmt: skip
