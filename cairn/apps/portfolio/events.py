"""What happens to an educator's evidence."""

from cairn.kernel.facts import Event

UPLOAD_RECEIVED = Event("portfolio.upload_received", "A file arrived whole, and waits to be looked at.", ("requirement", "size", "digest"))
UPLOAD_SCANNED = Event("portfolio.upload_scanned", "The virus scanner found nothing in a file.", ("scanner",))
UPLOAD_BLOCKED = Event("portfolio.upload_blocked", "The virus scanner found something harmful in a file; it was not kept.", ("found",))
UPLOAD_REFUSED = Event("portfolio.upload_refused", "A file that had arrived could not be kept.", ("code",))
UPLOAD_ABANDONED = Event("portfolio.upload_abandoned", "A file on its way was taken back, or not gone on with.")
ARTIFACT_ADDED = Event(
    "portfolio.artifact_added", "An educator added a file, scrubbed of hidden data.",
    ("requirement", "kind", "size", "sha256", "original_name"), ("original_name",),
)  # fmt: skip
ARTIFACT_DESCRIBED = Event("portfolio.artifact_described", "An educator said who can be recognized in a file.", ("people_shown",))
CAPTIONS_ADDED = Event("portfolio.captions_added", "An educator added captions to a recording.", ("language", "cues", "sha256"))
CAPTIONS_REMOVED = Event("portfolio.captions_removed", "An educator took the captions of a recording out.")
ARTIFACT_REMOVED = Event("portfolio.artifact_removed", "An educator took a file out before submitting.")
ARTIFACT_ERASED = Event("portfolio.artifact_erased", "The bytes of a file that was taken out are gone from the store.", ("sha256",))
SUBMITTED = Event("portfolio.submitted", "An educator submitted an attempt; it is frozen.", ("attempt", "content_hash", "version"))
DECISION_RECEIVED = Event("portfolio.decision_received", "An attempt was marked with its decision.", ("outcome",))
REOPENED = Event("portfolio.reopened", "A new attempt was opened for the details that are not yet shown.",
                 ("attempt", "open_details", "due_at"))  # fmt: skip
RETURNED = Event("portfolio.returned", "A submission came back before it was scored, and the same attempt goes on.",
                 ("draft", "due_at"))  # fmt: skip
FILE_OPENED = Event("portfolio.file_opened", "Somebody with the right opened a file.", ("viewer",))
DRAFT_OPENED = Event("portfolio.draft_opened", "An educator let a coach read their draft.", ("person",))
DRAFT_CLOSED = Event("portfolio.draft_closed", "A draft was closed to a coach; they lost sight of it at once.", ("person",))
NOTED = Event("portfolio.noted", "A coach wrote a note on a draft.", ("on",))
NOTE_SETTLED = Event("portfolio.note_settled", "An educator marked a note as dealt with, or as open again.", ("is_dealt",))
DUE_MOVED = Event("portfolio.due_moved", "A draft has more time.", ("attempt", "due_at"))
