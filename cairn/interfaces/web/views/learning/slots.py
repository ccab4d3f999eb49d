"""The slots of a portfolio and the files in them, ready to be shown. Not here: receiving and serving files (files, outward)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cairn.apps.portfolio import outward
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import PEOPLE_SHOWN, Artifact, PartWork, Slot, Upload, Workspace
from cairn.frame.actor import Actor
from cairn.interfaces.web import wording
from cairn.interfaces.web.forms.learning import DescribeForm
from cairn.interfaces.web.views.learning import saying
from cairn.interfaces.web.views.learning.desk import ICONS, root
from cairn.interfaces.web.wording import ShownSlot
from cairn.kernel.errors import NotFound
from cairn.pure.files import KINDS
from cairn.pure.packs.model import ArtifactRequirement

# What a file chooser offers for each type; a phone then turns its own picture format into one of these.
_CHOOSER = {
    "document": ".pdf,.docx,.txt",
    "spreadsheet": ".xlsx,.csv,.tsv",
    "presentation": ".pptx",
    "image": "image/jpeg,image/png,image/webp,image/gif",
    "video": "video/mp4,video/quicktime,video/webm",
    "audio": "audio/mpeg,audio/mp4,audio/wav",
}
_FAMILIES = {"image": "picture", "video": "video", "audio": "sound"}
_STUDENTS = {True: "Students may appear, with signed permission for each", False: "Students may not appear"}
LITTLE = 2_000_000_000  # bytes
_LABELS = {kind.extension: kind.label for kind in KINDS.values()}


@dataclass(frozen=True)
class FileRow:
    """A file in its slot. `form` is there while it may be described; `said` says why it may not."""

    id: str
    icon: str
    title: str
    url: str
    facts: str
    people: str
    form: DescribeForm | None
    said: str


@dataclass(frozen=True)
class UploadRow:
    """A file on its way, or one that was not kept. `share` is how many hundredths of it are here, None once all is."""

    id: str
    name: str
    url: str
    digest: str
    said: str
    share: int | None
    was_refused: bool


@dataclass(frozen=True)
class SlotBox:
    """A slot. `problems` are what was refused just now, `gaps` what is still asked for; `room` is 0 where nothing fits any more."""

    key: str
    title: str
    shown: ShownSlot
    students: str
    files: tuple[FileRow, ...]
    uploads: tuple[UploadRow, ...]
    gaps: tuple[str, ...]
    problems: tuple[str, ...]
    room: int
    is_open: bool
    upload_url: str
    accept: str
    max_bytes: int
    max_seconds: int | None
    left: str  # how much may still come in all, where that is little


@dataclass(frozen=True)
class Refusal:
    """What was not accepted just now, by the key of its slot; and a form that was refused, known by its `auto_id`."""

    slot: str = ""
    sentences: Sequence[str] = ()
    described: DescribeForm | None = None


def slot_boxes(viewer: Actor, work: Workspace, part: PartWork, refused: Refusal) -> tuple[SlotBox, ...]:
    if not part.slots:
        return ()
    told = next(shown for shown in wording.parts(work.content) if shown.key == part.part.key)
    coming, left = tuple(portfolio.uploads(viewer, work.enrollment.pk)), portfolio.room_for(viewer, work.enrollment).left
    return tuple(_box(work, part, slot, shown, coming, left, refused) for slot, shown in zip(part.slots, told.slots, strict=True))


def _is_shared(work: Workspace, slot: str) -> bool:
    return work.shared is not None and work.shared.takes(slot)


def _box(work: Workspace, part: PartWork, slot: Slot, shown: ShownSlot, coming: tuple[Upload, ...], left: int, refused: Refusal) -> SlotBox:
    asked, most = slot.requirement, _max_bytes(slot.requirement)
    rows = tuple(_row(work, a, refused.described) for a in slot.artifacts)
    uploads = tuple(_upload(work, each) for each in coming if each.requirement == asked.key)
    gaps = tuple(gap.sentence for gap in slot.gaps) if slot.artifacts and work.is_draft else ()
    problems = tuple(refused.sentences) if asked.key == refused.slot else ()
    students = _STUDENTS[asked.minors_may_appear] + (". Your team adds its files here together" if _is_shared(work, asked.key) else "")
    return SlotBox(
        asked.key, asked.title, shown, students, rows, uploads, gaps, problems, slot.room, work.is_draft,
        f"{root(work)}{part.part.key}/{asked.key}/", ",".join(_CHOOSER[t] for t in sorted(asked.types.types)), min(most, left),
        asked.seconds_max, saying.size(left) if left < LITTLE else "",
    )  # fmt: skip


def _upload(work: Workspace, upload: Upload) -> UploadRow:
    try:
        share = 100 * outward.offset(upload) // upload.size if upload.state == "receiving" else None
    except NotFound:  # its bytes are lost; it begins anew
        share = 0
    return UploadRow(
        upload.pk, upload.name, f"{root(work)}uploads/{upload.pk}/", upload.digest, upload.said, share, bool(upload.settled_at)
    )


def _max_bytes(asked: ArtifactRequirement) -> int:
    site = max(outward.LIMITS[_FAMILIES.get(t, "document")] for t in asked.types.types)
    return min(site, asked.max_megabytes or site) * outward.MEGABYTE


def _row(work: Workspace, artifact: Artifact, described: DescribeForm | None) -> FileRow:
    if not work.is_draft or work.is_carried(artifact):
        form, said = None, "Submitted" if not work.is_draft else "Part of an earlier attempt"
    elif described is not None and described.auto_id == form_id(artifact):
        form, said = described, ""
    else:
        form, said = describe_form(artifact), ""
    return FileRow(artifact.pk, ICONS.get(artifact.kind, "doc"), artifact.title, f"{root(work)}file/{artifact.pk}/", facts(artifact),
                   PEOPLE_SHOWN.get(artifact.people_shown, ""), form, said)  # fmt: skip


def facts(artifact: Artifact) -> str:
    """PDF, 9 pages, 2.1 MB"""
    told = [_LABELS.get(artifact.extension, artifact.kind.capitalize())]
    told += [saying.counted(artifact.pages, "page")] if artifact.pages else []
    told += [f"{saying.length(artifact.seconds)} long"] if artifact.seconds else []
    return ", ".join([*told, saying.size(artifact.size)])


def choices(work: Workspace) -> list[tuple[Artifact, str]]:
    """The files that can be cited, each with words to choose it by."""
    return [(a, f"{a.title} ({facts(a)})") for a in work.artifacts]


def form_id(artifact: Artifact) -> str:
    return f"file-{artifact.pk}-%s"


def describe_form(artifact: Artifact) -> DescribeForm:
    return DescribeForm(initial={"title": artifact.title, "people_shown": artifact.people_shown}, auto_id=form_id(artifact))


def problems(boxes: Sequence[SlotBox]) -> list[dict[str, str]]:
    """What was refused, for the summary at the top of the page."""
    told = [{"href": f"#slot-{box.key}", "words": f"{box.title}: {words}"} for box in boxes for words in box.problems]
    forms = [row.form for box in boxes for row in box.files if row.form and row.form.errors]
    for form in forms:
        told += [{"href": f"#{form[name].auto_id}", "words": str(words)} for name in form.errors for words in form.errors[name]]
    return told
