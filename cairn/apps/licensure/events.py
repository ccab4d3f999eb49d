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
CHANGE_ASKED = Event(
    "licensure.change_asked", "An officer asked what a change of a rule would do.", ("rules", "before", "after", "hashes", "is_written")
)
CHANGE_COMPUTED = Event(
    "licensure.change_computed", "What a change of a rule would do was computed.",
    ("on", "licenses", "both", "gained", "lost", "neither", "judged", "listed"),
)  # fmt: skip

# --- Recognizers, claims, proposals ---------------------------------------------------------------------------------------

RECOGNIZER_SET = Event("licensure.recognizer_set", "An organization said how it answers claims.", ("body", "votes_needed", "answer_days"))
SCHEDULE_ADOPTED = Event("licensure.schedule_adopted", "An organization adopted a schedule.", ("slug", "effective", "hash"))
SCHEDULE_ENDED = Event("licensure.schedule_ended", "An organization takes no more claims under a schedule.", ("slug", "ended_on"))
APPROVAL_ASKED = Event("licensure.approval_asked", "An educator asked a recognizer before beginning.", ("microcredential",))
APPROVAL_ANSWERED = Event(
    "licensure.approval_answered", "A recognizer said beforehand whether something will count.",
    ("outcome", "answered_on", "words"), ("words",),
)  # fmt: skip
APPROVAL_TAKEN_BACK = Event("licensure.approval_taken_back", "An educator no longer asks beforehand.")
CLAIMED = Event(
    "licensure.claimed", "An educator asked a recognizer to give what its schedule says.",
    ("schedule", "hash", "credential", "level", "bucket", "elected", "claimed_on", "due_on", "amount", "unit", "is_refused"),
)  # fmt: skip
CLAIM_DRAFTED = Event("licensure.claim_drafted", "An educator began a claim, and has not sent it.", ("schedule", "credential"))
CLAIM_PAPER_ADDED = Event("licensure.claim_paper_added", "An educator put a paper beside a claim.", ("sha256",))
CLAIM_PAPER_ERASED = Event("licensure.claim_paper_erased", "A paper was taken from a claim, and its bytes erased.", ("sha256",))
CLAIM_WITHDRAWN = Event("licensure.claim_withdrawn", "An educator took a claim back.")
CLAIM_VOTED = Event("licensure.claim_voted", "A member of a recognizer voted on a claim.", ("vote",))
CLAIM_APPROVED = Event(
    "licensure.claim_approved", "A recognizer approved credit that has a fee; an invoice asks for it.", ("votes", "order", "cents")
)
FEE_WAIVED = Event("licensure.fee_waived", "A recognizer asks nothing for credit that it approved.", ("order",))
GRANTED = Event(
    "licensure.granted", "A recognizer gave credit for an award, or for something else that was done.",
    ("person", "amount", "unit", "level", "bucket", "schedule", "hash", "votes"),
)  # fmt: skip
CLAIM_RETURNED = Event("licensure.claim_returned", "A recognizer asks something about a claim.", ("reason", "votes"), ("reason",))
CLAIM_DECLINED = Event("licensure.claim_declined", "A recognizer declined a claim.", ("reason", "votes"), ("reason",))
CREDIT_STOPPED = Event("licensure.credit_stopped", "Credit counts no more, since its award was revoked.", ("person", "credential"))
CREDIT_RESUMED = Event("licensure.credit_resumed", "Credit counts again, since its award was reinstated.", ("person", "credential"))
PROPOSAL_BEGUN = Event("licensure.proposal_begun", "An educator began to design a micro-credential of their own.", ("template",))
PROPOSAL_SENT = Event("licensure.proposal_sent", "An educator sent a proposal to a council.", ("round", "findings", "due_on"))
SOURCE_FLAGGED = Event("licensure.source_flagged", "A source of a proposal leads nowhere.", ("round", "source"))
PROPOSAL_VOTED = Event("licensure.proposal_voted", "A member of a council voted on a proposal.", ("round", "vote"))
PROPOSAL_RETURNED = Event(
    "licensure.proposal_returned", "A council returned a proposal with what it found.",
    ("round", "findings", "votes", "reason"), ("reason",),
)  # fmt: skip
PROPOSAL_APPROVED = Event(
    "licensure.proposal_approved", "A council approved a proposal; its educator may begin.", ("round", "votes", "microcredential")
)
PROPOSAL_DECLINED = Event("licensure.proposal_declined", "A council declined a proposal.", ("round", "votes", "reason"), ("reason",))
PROPOSAL_WITHDRAWN = Event("licensure.proposal_withdrawn", "An educator took a proposal back.")
