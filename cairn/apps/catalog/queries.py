"""Reading the catalog."""

from __future__ import annotations

from functools import lru_cache

from cairn.apps.catalog.models import MicrocredentialVersion
from cairn.frame.actor import Actor
from cairn.pure import packs
from cairn.pure.packs.model import VersionContent


def version_in_force(viewer: Actor, microcredential_id: str) -> MicrocredentialVersion:
    found = MicrocredentialVersion.objects.visible_to(viewer).filter(microcredential_id=microcredential_id, state="published")
    return found.select_related("microcredential__stack").get_or_not_found()


def content(viewer: Actor, version_id: str) -> VersionContent:
    """The words of a version. Those of a published one never change, so they are read once."""
    known = _published(version_id)
    if known is not None:
        return known
    return packs.from_json(MicrocredentialVersion.objects.visible_to(viewer).get_or_not_found(pk=version_id).content)


@lru_cache(maxsize=512)
def _read(version_id: str, content_hash: str) -> VersionContent:
    return packs.from_json(MicrocredentialVersion.objects.get(pk=version_id).content)


def _published(version_id: str) -> VersionContent | None:
    content_hash = MicrocredentialVersion.objects.exclude(state="draft").filter(pk=version_id).values_list("content_hash", flat=True).first()
    return _read(version_id, content_hash) if content_hash else None
