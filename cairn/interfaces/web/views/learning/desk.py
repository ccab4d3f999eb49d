"""What surrounds and fills the workspace, ready to be shown: parts, texts to write, places cited, and the guide beside them.

Not here: requests (writing, files, citing), slots and their files (slots), and what is missing (portfolio).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

from cairn.apps.portfolio.queries import Answer, Citation, DetailWork, PartWork, Workspace
from cairn.interfaces.web.views.learning import saying
from cairn.kernel.errors import NotFound, Refused
from cairn.pure.clocks import long_date, long_moment
from cairn.pure.packs.completeness import Gap
from cairn.pure.packs.model import Detail, Prompt

EVIDENCE = "What your evidence shows"
ICONS = {"image": "image", "video": "video", "audio": "video"}


def root(work: Workspace) -> str:
    return f"/portfolio/{work.enrollment.pk}/"


# --- Around every page of the workspace ------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartLink:
    """A part in the list at the left. `mark` is an icon, `said` the same in a word, `words` how far it is."""

    key: str
    url: str
    number: int
    title: str
    mark: str
    said: str
    words: str
    is_here: bool


@dataclass(frozen=True)
class Frame:
    work: Workspace
    root: str
    links: tuple[PartLink, ...]
    here: PartLink | None
    due: tuple[str, str]
    attempt: str
    saved: str
    note: str

    @property
    def title(self) -> str:
        return self.work.content.title


def frame(work: Workspace, here: str = "") -> Frame:
    links = part_links(work, here)
    place = next((link for link in links if link.is_here), None)
    attempt = saying.capital(f"{saying.nth(work.attempt)} attempt")
    saved = saying.saved(work.saved_at, work.zone) if work.saved_at else "Nothing written yet"
    return Frame(work, root(work), links, place, saying.due(work.due_at, work.zone), attempt, saved, note(work))


def part_links(work: Workspace, here: str = "") -> tuple[PartLink, ...]:
    return tuple(_part_link(work, number, part, part.part.key == here) for number, part in enumerate(work.parts, 1))


def _part_link(work: Workspace, number: int, part: PartWork, is_here: bool) -> PartLink:
    revises = work.step == "revise" and part.details
    if part.is_locked:
        mark, said, words = "met", "Shown", "Shown"
    elif revises:
        mark, said, words = "half", "Open", f"Open: {', '.join(d.detail.key for d in part.details if d.is_open)}"
    elif not part.gaps:
        mark, said, words = "met", "Done", _far(part)
    else:
        mark, said, words = ("half", "Begun", _far(part)) if part.is_begun else ("open", "Not begun", "Not begun")
    return PartLink(part.part.key, f"{root(work)}{part.part.key}/", number, part.part.title, mark, said, words, is_here)


def _far(part: PartWork) -> str:
    if part.details:
        return f"{sum(bool(d.citations) for d in part.details)} of {saying.counted(len(part.details), 'detail')} cited"
    files = sum(len(slot.artifacts) for slot in part.slots)
    told = [saying.counted(files, "file")] if part.slots else []
    return ", ".join([*told, *([saying.counted(part.words, "word")] if part.answers else [])])


def note(work: Workspace) -> str:
    """What keeps this attempt from being an ordinary draft, in a sentence or two."""
    if work.step == "left":
        ended = work.enrollment.ended_at
        return f"You left this on {long_date(ended.astimezone(work.zone).date())}. Nothing of it is scored." if ended else ""
    if not work.is_draft:
        sent = work.submission.submitted_at if work.submission else None
        return f"Submitted {long_moment(sent, work.zone)}. It stays as you sent it." if sent else ""
    if work.submission and work.submission.missing and not work.is_late:
        return f"It came back before it was scored, since something is missing: {work.submission.missing} It is still the same attempt."
    if work.is_late:
        moment = long_moment(work.due_at, work.zone)
        return (
            f"This was due {moment}. {work.due_sentence} Your work is kept and can still be changed, but not submitted: "
            "ask the program’s coordinator for more time."
        )
    if work.step == "revise":
        verb = "is" if len(work.open_details) == 1 else "are"
        return f"Only {saying.listed(work.open_details)} {verb} open. What is shown stays as it is."
    return ""


def gap_url(work: Workspace, gap: Gap) -> str:
    """Where the gap is filled."""
    part = work.part(gap.part)
    at = f"{root(work)}{part.part.key}/"
    for answer in part.answers:
        if answer.prompt.key == gap.key:
            own = of_one_detail(part, answer.prompt)
            return f"{at}{own}/#{answer_id(answer.prompt)}" if own else f"{at}#{answer_id(answer.prompt)}"
    if any(slot.requirement.key == gap.key for slot in part.slots):
        return f"{at}#slot-{gap.key}"
    return f"{at}{gap.key}/#evidence"


# --- Texts to write --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trouble:
    """A text that could not be saved: why, the text itself, and what stands in its place where another tab was first."""

    refusal: Refused
    text: str
    other: str | None = None


@dataclass(frozen=True)
class Field:
    """A text on the page. `seen` stands for what the page was opened with; `said` is empty while it may be changed."""

    name: str
    id: str
    label: str
    hint: str
    text: str
    revision: int
    seen: str
    least: int
    most: int
    said: str
    trouble: Trouble | None = None


Troubles = Mapping[str, Trouble]
NO_TROUBLE: Troubles = {}


def answer_id(prompt: Prompt) -> str:
    return f"answer-{prompt.key}"


def fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def answer_field(work: Workspace, answer: Answer, troubles: Troubles, label: str = "") -> Field:
    prompt, trouble = answer.prompt, troubles.get(answer.prompt.key)
    said = "Shown" if answer.is_locked else "" if work.is_draft else "Submitted"
    text = trouble.text if trouble else answer.text
    return Field(
        prompt.key, answer_id(prompt), label or prompt.question, _asked(prompt, work), text, answer.revision,
        f"{answer.revision}:{fingerprint(answer.text)}", prompt.words_min, prompt.words_max, said, trouble,
    )  # fmt: skip


def _asked(prompt: Prompt, work: Workspace) -> str:
    words = f"{prompt.words_min:,} to {prompt.words_max:,} words" if prompt.words_min else f"Up to {prompt.words_max:,} words"
    ours = " Your team writes this together." if work.shared and work.shared.takes(prompt.key) else ""
    return f"{words}{'' if prompt.is_required else ', optional'}. Leave out names of students, colleagues, and the school.{ours}"


def of_one_detail(part: PartWork, prompt: Prompt) -> str:
    """The detail on whose page an answer of the analysis is written; the others stand on the page of the part."""
    return prompt.serves[0] if part.details and len(prompt.serves) == 1 else ""


def part_fields(work: Workspace, part: PartWork, troubles: Troubles = NO_TROUBLE) -> tuple[Field, ...]:
    return tuple(answer_field(work, a, troubles) for a in part.answers if not of_one_detail(part, a.prompt))


# --- A part, and what assessors will look for in it --------------------------------------------------------------------


@dataclass(frozen=True)
class Guide:
    """Beside the writing: a question, and details with their levels; one detail stands open, several fold."""

    question: str
    details: tuple[Detail, ...]
    for_whole: str = ""


def part_guide(work: Workspace, part: PartWork) -> Guide:
    served = {key for a in part.answers if not a.is_locked for key in a.prompt.serves}
    served |= {key for slot in part.slots for key in slot.requirement.serves}
    details = () if part.details else tuple(d for d in work.content.details if d.key in served and d.key in work.open_details)
    return Guide("", details, work.content.competency)


@dataclass(frozen=True)
class DetailRow:
    """A detail in the list of the analysis."""

    detail: Detail
    url: str
    kind: str
    said: str

    @property
    def title(self) -> str:
        return f"{self.detail.key}. {self.detail.text.rstrip('.')}"


def detail_rows(work: Workspace, part: PartWork) -> tuple[DetailRow, ...]:
    return tuple(_detail_row(work, part, d) for d in part.details)


def _detail_row(work: Workspace, part: PartWork, own: DetailWork) -> DetailRow:
    missing = own.detail.key in {gap.key for gap in part.gaps} | {
        of_one_detail(part, a.prompt) for a in part.answers if any(gap.key == a.prompt.key for gap in part.gaps)
    }
    begun = own.citations or any(a.words for a in part.answers if of_one_detail(part, a.prompt) == own.detail.key)
    if not own.is_open:
        kind, said = "met", "Shown"
    elif missing:
        kind, said = ("half", "Begun") if begun else ("later", "Not begun")
    else:
        kind, said = ("half", "Open") if work.step == "revise" else ("met", "Done")
    return DetailRow(own.detail, f"{root(work)}{part.part.key}/{own.detail.key}/", kind, said)


# --- One detail of the analysis ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CiteRow:
    id: str
    title: str
    where: str
    icon: str
    url: str
    change_url: str
    why: Field


@dataclass(frozen=True)
class DetailPage:
    url: str
    title: str
    own: DetailWork
    number: int
    rows: tuple[DetailRow, ...]
    fields: tuple[Field, ...]
    cites: tuple[CiteRow, ...]
    guide: Guide
    has_files: bool
    files_at: PartLink | None
    before: tuple[str, str]
    after: tuple[str, str]
    dots: tuple[tuple[DetailRow, bool], ...]


def detail_page(work: Workspace, part: PartWork, key: str, troubles: Troubles = NO_TROUBLE) -> DetailPage:
    """NotFound for a detail that is not of this part."""
    number = next((n for n, d in enumerate(part.details) if d.detail.key == key), None)
    if number is None:
        raise NotFound("detail")
    own, rows = part.details[number], detail_rows(work, part)
    mine = [a for a in part.answers if of_one_detail(part, a.prompt) == key]
    fields = tuple(_detail_field(work, a, own.detail, troubles) for a in mine)
    cites = tuple(_cite_row(work, part, own, c, troubles) for c in own.citations)
    whole = ("Back to the list", f"{root(work)}{part.part.key}/")
    before = (f"Back to {rows[number - 1].detail.key}", rows[number - 1].url) if number else whole
    after = (f"Next: {rows[number + 1].detail.key}", rows[number + 1].url) if number + 1 < len(rows) else after_part(work, part)
    guide = Guide(own.detail.guiding_question, (own.detail,))
    dots = tuple((row, row.detail.key == key) for row in rows)
    files_at = next((link for link in part_links(work) if work.part(link.key).slots), None)
    return DetailPage(
        rows[number].url,
        rows[number].title,
        own,
        number + 1,
        rows,
        fields,
        cites,
        guide,
        bool(work.artifacts),
        files_at,
        before,
        after,
        dots,
    )


def _detail_field(work: Workspace, answer: Answer, detail: Detail, troubles: Troubles) -> Field:
    label = EVIDENCE if answer.prompt.question == detail.guiding_question else ""
    return answer_field(work, answer, troubles, label)


def _cite_row(work: Workspace, part: PartWork, own: DetailWork, c: Citation, troubles: Troubles) -> CiteRow:
    name = f"why.{c.pk}"
    trouble = troubles.get(name)
    said = "Shown" if not own.is_open else "" if work.is_draft else "Submitted"
    why = Field(name, f"why-{c.pk}", "Why it shows this", "", trouble.text if trouble else c.explanation, c.revision,
                f"{c.revision}:{fingerprint(c.explanation)}", 0, 0, said, trouble)  # fmt: skip
    change = f"{root(work)}{part.part.key}/{own.detail.key}/cite/{c.pk}/"
    return CiteRow(c.pk, c.artifact.title, saying.place(c.page, c.from_seconds, c.to_seconds), ICONS.get(c.artifact.kind, "doc"),
                   file_url(work, c), change, why)  # fmt: skip


def file_url(work: Workspace, c: Citation) -> str:
    """The file at the place that is cited."""
    query = {"page": c.page, "from": c.from_seconds, "to": c.to_seconds}
    told = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{root(work)}file/{c.artifact_id}/{'?' if told else ''}{told}"


def after_part(work: Workspace, part: PartWork) -> tuple[str, str]:
    """What comes after a part: the next, and after the last the check."""
    links = part_links(work, part.part.key)
    number = next(link.number for link in links if link.is_here)
    if number < len(links):
        return f"Next: {links[number].title}", links[number].url
    return ("Check my work", f"{root(work)}check/") if work.is_draft else ("Back to the overview", root(work))


def texts(fields: Iterable[Field], cites: Iterable[CiteRow] = ()) -> Iterator[Field]:
    """Every text on a page."""
    yield from fields
    yield from (cite.why for cite in cites)
