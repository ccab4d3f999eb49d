"""The one refusal that badges add to the kernel's: a thing that cannot be checked. Not here: how it becomes a named check (verify)."""

from __future__ import annotations

from cairn.kernel.errors import Invalid


class CannotTell(Invalid):
    """It may be right, but there is no means of checking it: never reported as valid, nor as proven false."""
