"""What happens in programs."""

from cairn.kernel.facts import Event

PROGRAM_FOUNDED = Event("programs.program_founded", "An organization began a program.", ("slug", "title"))
OFFERED = Event("programs.offered", "A micro-credential was opened to educators.",
                ("microcredential", "kind", "opens_on", "last_day", "days"))  # fmt: skip
OFFERING_CLOSED = Event("programs.offering_closed", "An offering takes nobody new.")
ENROLLED = Event("programs.enrolled", "An educator began a micro-credential.", ("version", "due_at", "due_reason", "zone"))
COMPLETED = Event("programs.completed", "An enrollment reached its end: the micro-credential was earned.")
WITHDRAWN = Event("programs.withdrawn", "An educator left.")
