"""What happens to credentials."""

from cairn.kernel.facts import Event

KEY_MADE = Event("credentials.key_made", "The site made itself a signing key.", ("public",))
INTENDED = Event("credentials.intended", "A credential's number and status index were fixed.", ("decision", "status_list", "status_index"))
ISSUED = Event("credentials.issued", "A credential was signed and became public.", ("decision", "sha256", "key"))
REVOKED = Event("credentials.revoked", "A credential was taken back; the reason lies apart.")
REINSTATED = Event("credentials.reinstated", "A revoked credential was given back; the reason lies apart.")
STATUS_PUBLISHED = Event("credentials.status_published", "A status list was signed anew.", ("number", "revoked"))
