"""Every change to an educator's own work: writing, citing, files, submitting; and what a decision does to an attempt."""

from cairn.apps.portfolio.commands.attempts import receive_decision, submit
from cairn.apps.portfolio.commands.files import add_artifact, describe_artifact, note_opening, remove_artifact
from cairn.apps.portfolio.commands.writing import change_citation, cite, uncite, write

__all__ = [
    "add_artifact",
    "change_citation",
    "cite",
    "describe_artifact",
    "note_opening",
    "receive_decision",
    "remove_artifact",
    "submit",
    "uncite",
    "write",
]
