"""Run beside a server, on its data folder and database: makes an earned credential, prints its id, then carries out what it reads.

Lines on standard input: revoke, reinstate; each is answered with the state that follows, once the worker's part is done too.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.site.settings")
    import django

    django.setup()
    from cairn.apps.credentials import commands
    from cairn.apps.credentials.models import Credential
    from cairn.apps.people.queries import actor_of
    from cairn.site.worker import drain
    from tests.world import World

    world = World()
    _, enrollment = world.earned(world.person("Dana Whitfield"))
    admin = actor_of(world.person("Ada Stone", organization_admin=world.issuer).person_id)
    credential = Credential.objects.get(enrollment=enrollment)
    print(credential.pk, flush=True)
    for line in sys.stdin:
        changed = getattr(commands, line.strip())(actor=admin, credential_id=credential.pk, reason="Because of the contract.")
        drain()
        print(changed.state, flush=True)


if __name__ == "__main__":
    main()
