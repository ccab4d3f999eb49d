"""The demonstration: invented people in every state of the journey, loaded through commands alone, each at its own moment in the past."""

from cairn.interfaces.cli.demo.loading import load, people_lines
from cairn.interfaces.cli.demo.tokens import write_tokens

__all__ = ["load", "people_lines", "write_tokens"]
