"""`path` whose addresses may hold `<id:...>`: an opaque public id and nothing else, so that no other text reaches a query."""

from __future__ import annotations

from django.urls import path, register_converter

from cairn.kernel.ids import PATTERN, Id

__all__ = ["path"]


class IdConverter:
    regex = PATTERN.pattern

    def to_python(self, value: str) -> Id:
        return Id(value)

    def to_url(self, value: str) -> str:
        return value


register_converter(IdConverter, "id")
