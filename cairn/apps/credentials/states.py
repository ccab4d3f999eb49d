"""The life of a credential."""

from cairn.frame.states import States

CREDENTIAL = States(
    name="credential",
    owner="credentials",
    initial="intended",
    moves={"intended": ("issued", "revoked"), "issued": ("revoked",), "revoked": ("issued",)},
    means={
        "intended": "its number and status index are fixed; the worker signs it",
        "issued": "signed and public",
        "revoked": "taken back; the page says so, the reason stays private",
    },
)

# What may stand on a page that an educator shares.
PART_KINDS = {"credential": "A credential", "feedback": "What assessors wrote", "file": "A file of evidence", "answer": "An answer"}
