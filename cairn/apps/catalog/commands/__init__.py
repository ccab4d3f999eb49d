"""Every change to the catalog."""

from cairn.apps.catalog.commands.packs import Imported, import_pack

__all__ = ["Imported", "import_pack"]
