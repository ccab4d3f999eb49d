"""What happens to credentials."""

from cairn.kernel.facts import Event

KEY_MADE = Event("credentials.key_made", "The site made itself a signing key.", ("public",))
INTENDED = Event("credentials.intended", "A credential's number and status index were fixed.", ("decision", "status_list", "status_index"))
ISSUED = Event("credentials.issued", "A credential was signed and became public.", ("decision", "sha256", "key"))
REVOKED = Event("credentials.revoked", "A credential was taken back; the reason lies apart.")
REINSTATED = Event("credentials.reinstated", "A revoked credential was given back; the reason lies apart.")
STATUS_PUBLISHED = Event("credentials.status_published", "A status list was signed anew.", ("number", "revoked"))
ANNOUNCING_ALLOWED = Event("credentials.announcing_allowed", "An educator lets issuers name them as an earner.", ("credential",))
ANNOUNCING_WITHDRAWN = Event("credentials.announcing_withdrawn", "An educator lets issuers name them no more.", ("credential",))
PAGE_SHARED = Event("credentials.page_shared", "An educator made a page to show chosen work to others.", ("parts", "until"))
RECIPIENT_NAMED = Event(
    "credentials.recipient_named", "An educator gave somebody, or a team, a link to a page.", ("page", "recipient"), ("recipient",)
)
LINK_RENEWED = Event("credentials.link_renewed", "A link to a shared page was made anew; the last one leads nowhere.", ("page",))
LINK_ENDED = Event("credentials.link_ended", "An educator took a link to a shared page back.", ("page",))
PAGE_EXTENDED = Event("credentials.page_extended", "An educator shows a page until another day.", ("until",))
PAGE_ENDED = Event("credentials.page_ended", "An educator ended a page that was shared; it closed at once.")
PAGE_OPENED = Event("credentials.page_opened", "Somebody opened a shared page, or a file on it, through a link.", ("recipient", "part"))
PASSCODE_TRIED = Event("credentials.passcode_tried", "Somebody gave a passcode to a shared page.", ("is_right",))
