"""Every change to the catalog."""

from cairn.apps.catalog.commands.packs import Imported, import_pack
from cairn.apps.catalog.commands.sharing import adopt, answer_adoption, end_adoption, fork, publish_draft, set_sharing, take_over

__all__ = [
    "Imported",
    "adopt",
    "answer_adoption",
    "end_adoption",
    "fork",
    "import_pack",
    "publish_draft",
    "set_sharing",
    "take_over",
]
