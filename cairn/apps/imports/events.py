"""What happens to files of rows."""

from cairn.kernel.facts import Event

FILE_HELD = Event("imports.file_held", "A long file was chosen, and waits for a worker to read it.", ("kind", "about", "sha256"))
ROWS_FOUND = Event("imports.rows_found", "The rows of a long file are known, and are judged next.", ("kind", "rows"))
UNREADABLE = Event("imports.unreadable", "A long file could not be read, and was erased.", ("kind", "sha256", "why"))
FILE_READ = Event("imports.file_read", "A file was read and judged row by row; nothing was changed.",
                  ("kind", "about", "sha256", "new", "changed", "unchanged", "refused"))  # fmt: skip
CONFIRMED = Event("imports.confirmed", "A file, known by its hash, is to be taken in.", ("kind", "about", "sha256"))
BATCH_TAKEN = Event("imports.batch_taken", "A batch of rows was taken in, all of it in one transaction.", ("kind", "rows"))
STOPPED = Event("imports.stopped", "A file was stopped between two batches: what was taken in stays, the rest waits.",
                ("kind", "sha256", "taken"))  # fmt: skip
TAKEN_UP = Event("imports.taken_up", "A file that was stopped is taken in from where it stood.", ("kind", "sha256", "taken"))
ENDED = Event("imports.ended", "A file is taken in, and was erased.", ("kind", "sha256", "taken", "refused"))
DROPPED = Event("imports.dropped", "A file was erased without being taken in.", ("kind", "sha256"))
