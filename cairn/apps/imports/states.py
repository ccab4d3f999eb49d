"""The life of an import, and what may become of a row."""

from cairn.frame.states import States

IMPORT = States(
    name="import",
    owner="imports",
    initial="reading",
    moves={
        "reading": ("read", "dropped"),
        "read": ("applying", "dropped"),
        "applying": ("done", "stopped"),
        "stopped": ("applying", "dropped"),
        "done": (),
        "dropped": (),
    },
    means={
        "reading": "a long file that a worker reads, and judges row by row; nothing is changed",
        "read": "the file was read and every row judged; nothing is changed yet",
        "applying": "its rows are taken in, batch by batch",
        "stopped": "somebody stopped it between two batches: what was taken in stays, the rest waits and may be taken up again",
        "done": "every row that could be taken in is; the file is gone",
        "dropped": "it was not wanted, or nobody came back to it; the file is gone, and rows that were taken in before stay",
    },
)

OUTCOMES = {
    "new": "New",
    "changed": "Changed",
    "unchanged": "As it is already",
    "refused": "Left out",
}
WRITES = ("new", "changed")
