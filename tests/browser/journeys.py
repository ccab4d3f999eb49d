"""Steps of the main job that several presentations of it share: what is read from the database, and files to send."""

from __future__ import annotations

from pathlib import Path

from cairn.apps.portfolio.queries import workspace
from tests import files_world

NARRATIVE = "In a small school by the river."
SHOWN = "The plan names each step of it."
REFLECTION = "I will begin a week earlier."


def evidence(folder: Path) -> list[Path]:
    """What the two slots of the small pack take: three documents, and one recording."""
    made = {"plan.pdf": files_world.make_pdf(pages=3), "notes.docx": files_world.make_docx("Notes."),
            "wall.jpg": files_world.make_photo(), "lesson.mp4": files_world.make_mp4(seconds=4)}  # fmt: skip
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in made]


def texts(actor, run) -> set[str]:
    return {answer.text for part in workspace(actor, run.pk).parts for answer in part.answers if answer.text}
