"""The evidence beside a rubric: what is looked at, at which page or second, behind which signed link. Not here: the right to see it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from cairn.apps.assessment.queries import Line, ScoringPage
from cairn.apps.portfolio.queries import Answer, EvidenceFile, EvidencePlace
from cairn.interfaces.web.looking import Look, look
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import saying
from cairn.kernel.errors import NotFound
from cairn.pure.packs.model import Part

ANALYSIS = "analysis"


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
    """A file on the page."""

    file: EvidenceFile
    look: Look

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
    """At the first place that is cited, where the address asks for none."""
    page = next((spot.page for spot in here if spot.page), 1)
    moment = next(((spot.start, spot.end) for spot in here if spot.start is not None), (None, None))
    return Shown(file, look(request, file.artifact_id, file, slug(file), page=page, moment=moment))
