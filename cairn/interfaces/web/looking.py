"""A file of evidence as it is seen inside a page, behind a signed link for this viewer.

Not here: the right to see it (portfolio's and assessment's queries), serving it (files).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from cairn.apps.portfolio import outward
from cairn.apps.portfolio.queries import LANGUAGES, EvidenceFile
from cairn.frame.actor import Actor
from cairn.interfaces.web.files import INLINE
from cairn.interfaces.web.middleware import files_origin

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
    has_poster: bool = False
    captions: str = ""  # their language

    @property
    def source(self) -> str:
        """To be opened as the page loads."""
        return self.link + self.place

    @property
    def language(self) -> str:
        return LANGUAGES.get(self.captions, "")

    @property
    def download(self) -> str:
        return f"{self.link}?as=download"


def link(request: HttpRequest, artifact_id: str, name: str) -> str:
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    token = outward.sign_link(viewer, artifact_id, session=str(request.session.session_key), name=name)
    return f"{files_origin(request)}/f/{token}"


def look(
    request: HttpRequest, artifact_id: str, file: EvidenceFile, name: str, *, page: int = 1, moment: Moment = (None, None), signed: str = ""
) -> Look:
    """The place that the address asks for (?page=, ?from=, ?to=), else `page` or `moment`. Saved under `name`, or as `signed` says."""
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    if viewer.only_looks:  # support, to whom files stay closed
        return Look("other", "")
    signed = signed or link(request, artifact_id, name)
    if file.media_type == "application/pdf":
        number = min(_number(request, "page", LAST_PAGE) or page, file.pages or 1)
        return Look("pages", signed, f"/page/{number}.png", number, outward.page_words(artifact_id, number))
    kind = _KINDS.get(file.media_type.partition("/")[0]) if file.media_type in INLINE else None
    if kind is None:
        return Look("other", signed)
    place = "" if kind == "picture" else _from(request, moment)
    return Look(kind, signed, place, has_poster=file.has_poster, captions=file.captions)


def _from(request: HttpRequest, moment: Moment) -> str:
    """Where the player starts and, where the place has one, its end (https://www.w3.org/TR/media-frags/ section 4.2.1)."""
    asked = _number(request, "from", LAST_SECOND), _number(request, "to", LAST_SECOND)
    start, end = moment if asked[0] is None else asked
    if start is None:
        return ""
    return f"#t={start},{end}" if end and end > start else f"#t={start}"


def _number(request: HttpRequest, name: str, most: int) -> int | None:
    """A whole number of the address, at most `most`; None where it is not there or not one."""
    given = request.GET.get(name, "")
    return min(int(given), most) if given.isascii() and given.isdigit() and len(given) < 9 else None
