"""The catalog pack format: text of YAML files in, frozen values or every problem out. Not here: storing or showing them (apps.catalog)."""

from cairn.pure.packs.codec import canonical, content_hash, from_json, to_json

__all__ = ["canonical", "content_hash", "from_json", "to_json"]
