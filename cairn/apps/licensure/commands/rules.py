"""Keeping rule sets as they were read, so that what is computed from them today can be recomputed in years."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import RuleFile, RuleSetVersion
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.pure import rules

LICENSES = "licenses.yaml"


@command
def load_rules(*, actor: Actor, files: Mapping[str, str]) -> list[RuleSetVersion]:
    """Read all files together and keep every version that is not kept yet; those that are new are returned. RulesInvalid names every
    problem, and then nothing is kept."""
    policy.LOAD_RULES.require(actor, None)
    book = rules.parse(files)
    kept = {path: _keep(path, text) for path, text in files.items()}
    known = set(RuleSetVersion.objects.values_list("slug", "hash"))
    new = [
        RuleSetVersion(
            slug=rule_set.slug, hash=version.hash, effective=version.effective, status=version.status, title=rule_set.title,
            file=kept[f"{rule_set.slug}.yaml"], licenses=kept.get(f"{rule_set.jurisdiction.code}/{LICENSES}"),
        )
        for rule_set in book.rules.values()
        for version in rule_set.versions
        if (rule_set.slug, version.hash) not in known
    ]  # fmt: skip
    RuleSetVersion.objects.bulk_create(new)
    if new:
        record(events.RULES_LOADED, actor=actor, subject=new[0], new=[f"{each.slug} {each.effective}" for each in new], known=len(known))
    return new


def _keep(path: str, text: str) -> RuleFile:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    file, _ = RuleFile.objects.get_or_create(path=path, sha256=sha256, defaults={"text": text})
    return file
