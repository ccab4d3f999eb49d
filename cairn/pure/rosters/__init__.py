"""Rosters: what a row says of a member, and what becomes of their membership. Not here: reading files, whose person a row is."""

from cairn.pure.rosters.deciding import Decision, Term, decide
from cairn.pure.rosters.reading import Told, told

__all__ = ["Decision", "Term", "Told", "decide", "told"]
