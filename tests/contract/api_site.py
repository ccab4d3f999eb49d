"""Prepares a data folder for a server: people with tokens in a file of the shape of `cairn demo --tokens`, and something to earn."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

READERS = ("juniper", "alder")


def main(path: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.site.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.api_world import token
    from tests.world import World

    world = World()
    assert world.offering
    people = {"theo": world.person("Theo Brandt"), "nadia": world.person("Nadia Stone", organization_admin=world.issuer)}
    people |= {who: world.person(f"{who.title()} Stone", assessor=world.issuer) for who in READERS}
    path.write_text(json.dumps({who: {"name": who, "roles": [], "token": token(actor)} for who, actor in people.items()}))
    print(world.microcredential.slug)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
