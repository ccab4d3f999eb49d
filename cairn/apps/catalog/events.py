"""What happens in the catalog."""

from cairn.kernel.facts import Event

PACK_IMPORTED = Event("catalog.pack_imported", "A pack brought something new into the catalog.", ("pack", "program"))
PUBLISHED = Event("catalog.published", "A version came into force; its words never change.", ("slug", "number", "content_hash"))
