"""What waits for those who run programs: a submission to look through, and an organization that asks to come in."""

from __future__ import annotations

from cairn.apps.assessment.models import Precheck
from cairn.apps.programs import commands as programs
from tests.world import SYSTEM, World


def asking_things(world: World) -> dict[str, str]:
    """What the addresses of these pages hold."""
    programs.set_checking(actor=SYSTEM, program_id=world.program.pk, checks_first=True)
    world.submitted(world.person("Hugo Reed"))
    programs.set_checking(actor=SYSTEM, program_id=world.program.pk, checks_first=False)
    asked = programs.ask_to_join(actor=world.person("Olive Reed"), name="Plains Principals", kind="association", contact="Olive Reed",
                                 wishes="A pilot for ten.", program_id=world.program.pk)  # fmt: skip
    return {"check_id": Precheck.objects.get().pk, "joining_id": asked.pk}
