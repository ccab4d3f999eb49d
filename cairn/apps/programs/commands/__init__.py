"""Every change to programs."""

from cairn.apps.programs.commands.core import begin_from_pack, close_offering, complete, enroll, found_program, offer, withdraw

__all__ = [
    "begin_from_pack",
    "close_offering",
    "complete",
    "enroll",
    "found_program",
    "offer",
    "withdraw",
]
