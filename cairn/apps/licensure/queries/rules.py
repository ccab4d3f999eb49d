"""The rules as they are shipped, and the versions of them that are kept. Not here: what they mean (pure.rules)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from cairn.apps.licensure.models import RuleFile, RuleSetVersion
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.pure import rules
from cairn.pure.rules import Jurisdiction, Rulebook, RuleSet


def shipped() -> dict[str, str]:
    """Path within the folder of rules -> text: rule sets, license types and schedules, without their cases."""
    folder = Path(settings.LICENSURE_DIR)
    found = sorted(path for path in folder.rglob("*.yaml") if not path.name.endswith(".cases.yaml"))
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in found}


def shipped_anew() -> dict[str, str]:
    """All that is shipped, where some of it was never kept; else nothing."""
    files = shipped()
    kept = set(RuleFile.objects.values_list("path", "sha256"))
    return {} if {(path, hashlib.sha256(text.encode()).hexdigest()) for path, text in files.items()} <= kept else files


@lru_cache(maxsize=1)
def book() -> Rulebook:
    """All rules of all jurisdictions, read once for each process."""
    return rules.parse(shipped())


def jurisdiction(code: str) -> Jurisdiction:
    found = book().jurisdictions.get(code)
    if found is None:
        raise NotFound("jurisdiction")
    return found


def jurisdictions() -> tuple[Jurisdiction, ...]:
    """By name."""
    return tuple(sorted(book().jurisdictions.values(), key=lambda each: each.name))


def rule_set(slug: str) -> RuleSet:
    found = book().rules.get(slug)
    if found is None:
        raise NotFound("route")
    return found


def routes_from(code: str, license_type: str) -> tuple[RuleSet, ...]:
    """What a license of that type may become: first what leads onward, then what renews it."""
    found = [each for each in book().rules.values() if each.jurisdiction.code == code and license_type in (each.from_, each.renews)]
    return tuple(sorted(found, key=lambda each: (each.from_ != license_type, each.slug)))


def kept_versions(viewer: Actor, slug: str) -> QuerySet[RuleSetVersion]:
    """Of a route, the one that is effective last first."""
    return RuleSetVersion.objects.visible_to(viewer).filter(slug=slug).order_by("-effective", "-loaded_at")


def files_of(viewer: Actor, slug: str, hash: str) -> Mapping[str, str]:
    """The exact texts that a standing of that hash was computed from: path -> text."""
    found = RuleSetVersion.objects.visible_to(viewer).select_related("file", "licenses").get_or_not_found(slug=slug, hash=hash)
    both = [each for each in (found.file, found.licenses) if isinstance(each, RuleFile)]
    return {each.path: each.text for each in both}


def rule_set_of(viewer: Actor, slug: str, hash: str) -> RuleSet:
    """A route as it was when it had that hash: the shipped one, or read again from what is kept."""
    current = book().rules.get(slug)
    if current is not None and any(version.hash == hash for version in current.versions):
        return current
    return _kept(slug, hash, tuple(sorted(files_of(viewer, slug, hash).items())))


@lru_cache(maxsize=64)
def _kept(slug: str, hash: str, files: tuple[tuple[str, str], ...]) -> RuleSet:
    return rules.parse(dict(files), were_accepted=True).rules[slug]
