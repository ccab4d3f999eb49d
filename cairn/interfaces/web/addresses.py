"""`path` for addresses of pages; the same for all faces (frame)."""

from cairn.frame.addresses import path

__all__ = ["path"]
