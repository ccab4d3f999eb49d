"""The evidence beside a rubric: what is looked at, at which page or second, behind which signed link. Not here: the right to see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from cairn.apps.assessment.queries import Line, ScoringPage
from cairn.apps.portfolio import outward
from cairn.apps.portfolio.queries import Answer, EvidenceFile, EvidencePlace
from cairn.interfaces.web.files import INLINE
from cairn.interfaces.web.middleware import files_origin
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import saying
from cairn.kernel.errors import NotFound
from cairn.pure import files
from cairn.pure.packs.model import Part

ANALYSIS = "analysis"
LAST_SECOND = 360_000
_LOOKS = {"image": "picture", "video": "film", "audio": "sound"}


@dataclass(frozen=True)
class Tab:
    """One thing to look at; `see` names it in the address."""

    see: str
    title: str
    is_cited: bool = False


@dataclass(frozen=True)
class Spot:
    """A place that the educator cites: how it is said, and where it is found."""

    name: str
    where: str
    explanation: str
    address: str
    page: int | None
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Shown:
    """A file on the page. `look` is pages, film, sound, picture or other; `source` a signed link, opened as the page loads."""

    file: EvidenceFile
    look: str
    source: str
    page: int = 1
    text: str = ""

    @property
    def address(self) -> str:
        return f"?see={slug(self.file)}"

    @property
    def words(self) -> str:
        return f"{self.file.extension.upper()}, {saying.size(self.file.size)}"


@dataclass(frozen=True)
class Pane:
    """What the left side shows: the educator's words on one detail, another part of the writing, or a file."""

    tabs: tuple[Tab, ...]
    current: str
    spots: tuple[Spot, ...]  # all places cited for the detail, or those in the file that is shown
    answers: tuple[Answer, ...] = ()
    part: Part | None = None
    shown: Shown | None = None


def pane(request: Request, page: ScoringPage, line: Line) -> Pane:
    """What ?see= asks for; at first what the educator says of the detail. NotFound for anything else."""
    see, tabs = request.GET.get("see", ANALYSIS), _tabs(page, line)
    if see == ANALYSIS:
        own = {prompt.key for part in page.content.parts if part.kind == "analysis" for prompt in part.prompts}
        answers = sorted(line.answers, key=lambda answer: answer.prompt.key not in own)
        return Pane(tabs, see, tuple(map(_spot, line.places)), tuple(answers))
    for file in page.evidence.files:
        if see == slug(file):
            here = tuple(_spot(place) for place in line.places if place.file == file)
            return Pane(tabs, see, here, shown=_shown(request, file, here))
    part = next((part for part in _parts(page) if see == f"part-{part.key}"), None)
    if part is None:
        raise NotFound("evidence")
    return Pane(tabs, see, (), tuple(a for a in page.evidence.answers if a.prompt in part.prompts), part)


def _tabs(page: ScoringPage, line: Line) -> tuple[Tab, ...]:
    cited = {place.file for place in line.places}
    found = (Tab(slug(file), file.name, file in cited) for file in page.evidence.files)
    return (Tab(ANALYSIS, "Analysis"), *found, *(Tab(f"part-{part.key}", part.title) for part in _parts(page)))


def _parts(page: ScoringPage) -> list[Part]:
    """Parts of the writing that stand for themselves; the analysis is read detail by detail."""
    return [part for part in page.content.parts if part.prompts and part.kind != "analysis"]


def slug(file: EvidenceFile) -> str:
    """document-2: its name in addresses, and the file name under which it is saved."""
    return f"{file.kind}-{file.number}"


def link(request: Request, file: EvidenceFile) -> str:
    token = outward.sign_link(request.actor, file.artifact_id, session=str(request.session.session_key), name=slug(file))
    return f"{files_origin(request)}/f/{token}"


def _spot(place: EvidencePlace) -> Spot:
    query: dict[str, str | int] = {"see": slug(place.file)}
    if place.page:
        query["page"] = place.page
    if place.from_seconds is not None:
        query["from"] = place.from_seconds
    if place.to_seconds is not None:
        query["to"] = place.to_seconds
    where = saying.place(place.page, place.from_seconds, place.to_seconds)
    return Spot(place.file.name, where, place.explanation, f"?{urlencode(query)}", place.page, place.from_seconds, place.to_seconds)


def _shown(request: Request, file: EvidenceFile, here: tuple[Spot, ...]) -> Shown:
    if file.media_type == "application/pdf":
        number = min(_number(request, "page", file.pages or 1) or next((s.page for s in here if s.page), 1), file.pages or 1)
        with outward.path_of(file.artifact_id).open("rb") as stored:
            return Shown(file, "pages", f"{link(request, file)}/page/{number}.png", number, files.page_text(stored, number))
    look = _LOOKS.get(file.media_type.partition("/")[0]) if file.media_type in INLINE else None
    if look is None:
        return Shown(file, "other", "")
    moment = ",".join(str(second) for second in _moment(request, here)) if look != "picture" else ""
    return Shown(file, look, link(request, file) + (f"#t={moment}" if moment else ""))


def _moment(request: Request, here: tuple[Spot, ...]) -> Iterator[int]:
    """Where the player starts and, where the place has one, its end (https://www.w3.org/TR/media-frags/ section 4.2.1)."""
    start, end = _number(request, "from", LAST_SECOND), _number(request, "to", LAST_SECOND)
    if start is None:
        start, end = next(((spot.start, spot.end) for spot in here if spot.start is not None), (None, None))
    if start is not None:
        yield start
        if end and end > start:
            yield end


def _number(request: Request, name: str, most: int) -> int | None:
    """A whole number of the address, at most `most`; None where it is not there or not one."""
    given = request.GET.get(name, "")
    return min(int(given), most) if given.isascii() and given.isdigit() and len(given) < 9 else None
