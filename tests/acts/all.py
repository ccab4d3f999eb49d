"""Everything that people do through pages, one after the other in a world of the whole cast: by name, the command that each carries out."""

from __future__ import annotations

from tests.acts import belonging, further, licensing, piloting, selling, talking

ACTS = (*further.FIRST, *belonging.WORK, *further.ACTS, *licensing.ACTS, *talking.ACTS, *selling.ACTS, *piloting.ACTS, *belonging.ACTS)
