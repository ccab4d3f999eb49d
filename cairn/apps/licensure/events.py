"""What happens to licenses, what counts for them, and where they stand."""

from cairn.kernel.facts import Event

RULES_LOADED = Event("licensure.rules_loaded", "Rule sets were read from files, and those that are new are kept.", ("new", "known"))
LICENSE_ADDED = Event("licensure.license_added", "An educator entered a license.", ("jurisdiction", "type", "valid_from", "valid_to"))
LICENSE_CORRECTED = Event("licensure.license_corrected", "An educator corrected a license.", ("valid_from", "valid_to"))
LICENSE_ENDED = Event("licensure.license_ended", "An educator said that a license is over.", ("ended_on",))
PROFILE_SET = Event("licensure.profile_set", "An educator said where they work, and who may hear of their deadlines.", ("jurisdiction",))
ENTRY_ADDED = Event("licensure.entry_added", "Something was entered into an educator's record.", ("entry_kind", "source"))
ENTRY_VERIFIED = Event("licensure.entry_verified", "Somebody who may confirmed an entry of an educator's record.", ("entry_kind",))
ENTRY_DECLINED = Event("licensure.entry_declined", "Somebody who was asked could not confirm an entry.", ("entry_kind",))
ENTRY_WITHDRAWN = Event("licensure.entry_withdrawn", "An entry was taken back.", ("entry_kind",))
COUNTED = Event("licensure.counted", "A credential was entered into its earner's record.", ("credential",))
STANDING_CHANGED = Event(
    "licensure.standing_changed",
    "What counts for a license changed, by an award, an entry, a rule or the calendar.",
    ("rules", "hash", "on", "state", "was", "gained", "lost"),
)
ALERTED = Event("licensure.alerted", "An educator was reminded that a license ends.", ("days", "valid_to"))
LISTED = Event(
    "licensure.listed", "A body put a micro-credential on its list of approved ones.", ("body", "microcredential", "approved_from")
)
UNLISTED = Event("licensure.unlisted", "A body took a micro-credential off its list.", ("body", "microcredential", "approved_until"))
PLAN_BEGUN = Event("licensure.plan_begun", "An educator began a growth plan.")
PLAN_CHANGED = Event("licensure.plan_changed", "An educator changed their growth plan.")
PLAN_MOVED = Event("licensure.plan_moved", "A growth plan was shared, agreed, taken back or closed.", ("state",))
PLANNED = Event("licensure.planned", "An educator planned micro-credentials for a license.", ("microcredentials",))
