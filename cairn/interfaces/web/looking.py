"""A file of evidence as it is seen inside a page, behind a signed link for this viewer.

Not here: the right to see it (portfolio's and assessment's queries), serving it (files).
"""

from __future__ import annotations

from dataclasses import dataclass

from cairn.apps.portfolio import outward
from cairn.apps.portfolio.queries import Artifact, EvidenceFile
from cairn.interfaces.web.files import INLINE
from cairn.interfaces.web.middleware import files_origin
from cairn.interfaces.web.views.frame import Request

LAST_PAGE, LAST_SECOND = 1_000_000, 360_000
_KINDS = {"image": "picture", "video": "film", "audio": "sound"}
Moment = tuple[int | None, int | None]  # from and to, in seconds


@dataclass(frozen=True)
class Look:
    """`kind` is pages, picture, film, sound or other; `link` is signed, `place` leads to a part of the file; `text` is that of a page."""

    kind: str
    link: str
    place: str = ""
    page: int = 1
    text: str = ""

    @property
    def source(self) -> str:
        """To be opened as the page loads."""
        return self.link + self.place

    @property
    def download(self) -> str:
        return f"{self.link}?as=download"


def link(request: Request, artifact_id: str, name: str) -> str:
    token = outward.sign_link(request.actor, artifact_id, session=str(request.session.session_key), name=name)
    return f"{files_origin(request)}/f/{token}"


def look(
    request: Request, artifact_id: str, file: Artifact | EvidenceFile, name: str, *, page: int = 1, moment: Moment = (None, None)
) -> Look:
    """The place that the address asks for (?page=, ?from=, ?to=), else `page` or `moment`. Saved under `name`."""
    signed = link(request, artifact_id, name)
    if file.media_type == "application/pdf":
        number = min(_number(request, "page", LAST_PAGE) or page, file.pages or 1)
        return Look("pages", signed, f"/page/{number}.png", number, outward.page_words(artifact_id, number))
    kind = _KINDS.get(file.media_type.partition("/")[0]) if file.media_type in INLINE else None
    if kind is None:
        return Look("other", signed)
    return Look(kind, signed, "" if kind == "picture" else _from(request, moment))


def _from(request: Request, moment: Moment) -> str:
    """Where the player starts and, where the place has one, its end (https://www.w3.org/TR/media-frags/ section 4.2.1)."""
    asked = _number(request, "from", LAST_SECOND), _number(request, "to", LAST_SECOND)
    start, end = moment if asked[0] is None else asked
    if start is None:
        return ""
    return f"#t={start},{end}" if end and end > start else f"#t={start}"


def _number(request: Request, name: str, most: int) -> int | None:
    """A whole number of the address, at most `most`; None where it is not there or not one."""
    given = request.GET.get(name, "")
    return min(int(given), most) if given.isascii() and given.isdigit() and len(given) < 9 else None
