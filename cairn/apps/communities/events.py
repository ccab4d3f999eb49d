"""What happens in communities. The words of posts stand in no fact."""

from cairn.kernel.facts import Event

FOUNDED = Event("communities.founded", "A community was opened for a cohort, a stack or a group.",
                ("slug", "title", "offering", "stack", "opens_at", "closes_at"))  # fmt: skip
CHANGED = Event("communities.changed", "What is said of a community, or its window, was changed.", ("title", "opens_at", "closes_at"))
FACILITATOR_NAMED = Event("communities.facilitator_named", "Somebody looks after the talk of a community.", ("person", "kind"))
FACILITATOR_ENDED = Event("communities.facilitator_ended", "Somebody no longer looks after the talk of a community.", ("person",))
ENTERED = Event("communities.entered", "A person became a member of a community.", ("person",))
LEFT = Event("communities.left", "A person is no longer a member of a community.", ("person",))
MEMBER_REMOVED = Event("communities.member_removed", "A facilitator took a member out, for a reason that lies apart.",
                       ("person", "reason"), ("reason",))  # fmt: skip
MEMBER_ALLOWED_BACK = Event("communities.member_allowed_back", "A member who was taken out may come back.", ("person",))
APPEARANCE_CHOSEN = Event("communities.appearance_chosen", "A member chose how the others see their name.", ("appears",))

PROMPT_SCHEDULED = Event("communities.prompt_scheduled", "A question to a community was scheduled.",
                         ("community", "title", "opens_at", "due_at", "is_required"))  # fmt: skip
PROMPT_CHANGED = Event("communities.prompt_changed", "A question to a community was changed.",
                       ("community", "title", "opens_at", "due_at", "is_required"))  # fmt: skip
PROMPT_WITHDRAWN = Event("communities.prompt_withdrawn", "A question to a community was withdrawn.", ("community",))
PROMPT_OPENED = Event("communities.prompt_opened", "A question opened to the members of its community.", ("community",))

ANSWERED = Event("communities.answered", "A member answered a prompt.", ("community", "prompt", "mentions"))
POSTED = Event("communities.posted", "A member shared an idea.", ("community", "mentions"))
REPLIED = Event("communities.replied", "A member replied.", ("community", "parent", "mentions"))
EDITED = Event("communities.edited", "An author changed a post; what it said before is kept.", ("community", "revision", "mentions"))
DELETED = Event("communities.deleted", "An author took a post back; its place stays.", ("community",))
FILE_SHARED = Event("communities.file_shared", "A member put a file beside a post.",
                    ("community", "post", "size", "sha256", "people_shown"))  # fmt: skip
FILE_TAKEN_OUT = Event("communities.file_taken_out", "A file was taken out of a post by its author, or went with the post.",
                       ("community", "post"))  # fmt: skip
FILE_ERASED = Event("communities.file_erased", "The bytes of a file that was taken out of a post are gone.", ("sha256",))
REPORTED = Event("communities.reported", "A member said that a post does not belong here.", ("community", "reason"), ("reason",))
REPORT_SETTLED = Event("communities.report_settled", "Those who lead a community decided on a report.", ("community", "outcome"))
HIDDEN = Event("communities.hidden", "A post was hidden from the members, for a reason.", ("community", "reason"), ("reason",))
SHOWN_AGAIN = Event("communities.shown_again", "A hidden post was shown again.", ("community",))
THREAD_CLOSED = Event("communities.thread_closed", "A post takes no more replies.", ("community",))
THREAD_REOPENED = Event("communities.thread_reopened", "A post takes replies again.", ("community",))
