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
AUTHORITY_SET = Event(
    "licensure.authority_set", "It was said who decides on the licenses of a jurisdiction, and how.",
    ("jurisdiction", "organization", "signatures", "answer_days"),
)  # fmt: skip
APPLIED = Event("licensure.applied", "An educator asked an authority to decide.", ("rules", "hash", "on", "state", "due_on"))
RETURNED = Event("licensure.returned", "An officer asked the educator for something more.", ("until",))
ANSWERED = Event("licensure.answered", "The educator answered an officer.", ("hash", "on", "state", "due_on"))
REFERRED = Event("licensure.referred", "An officer asked somebody else: counsel, or a board.", ("to",))
HEARD = Event("licensure.heard", "The answer to a referral came.")
PROPOSED = Event("licensure.proposed", "The first of two officers signed.", ("outcome", "basis", "lines", "hash", "on"))
NOT_AGREED = Event("licensure.not_agreed", "The second officer did not agree with the first.")
DETERMINED = Event(
    "licensure.determined", "What a license's holder asked for was determined and signed.",
    ("rules", "outcome", "basis", "lines", "hash", "on", "counted"),
)  # fmt: skip
APPLICATION_WITHDRAWN = Event("licensure.application_withdrawn", "The educator took an application back.")
