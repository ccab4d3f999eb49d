"""Names of time zones that this machine knows; to list them it reads hundreds of files, so they are read once.

Not here: what people call them (pure.files.values, the form of a profile).
"""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


@cache
def known() -> frozenset[str]:
    return frozenset(available_timezones())
