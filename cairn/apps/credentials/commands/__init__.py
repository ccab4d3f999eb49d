"""What may be done with credentials: issuing them, taking them back, showing them with other work on pages that educators share."""

from cairn.apps.credentials.commands.announcing import let_announce
from cairn.apps.credentials.commands.issuing import intend, publish_status, refresh_status_lists, reinstate, revoke, sign_intended
from cairn.apps.credentials.commands.sharing import end_link, end_page, extend_page, note_opening, renew_link, share_page, try_passcode

__all__ = [
    "end_link",
    "end_page",
    "extend_page",
    "intend",
    "let_announce",
    "note_opening",
    "publish_status",
    "refresh_status_lists",
    "reinstate",
    "renew_link",
    "revoke",
    "share_page",
    "sign_intended",
    "try_passcode",
]
