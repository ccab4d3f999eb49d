"""The demonstration: invented people in every state of the journey, loaded through commands alone, each at its own moment in the past."""

from cairn.interfaces.cli.demo.loading import load, people_lines

__all__ = ["load", "people_lines"]
