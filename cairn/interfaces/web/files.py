"""The files host: evidence behind signed links. It takes no cookies, sets none, and knows no page."""

from __future__ import annotations

import re
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify

from cairn.apps.assessment import queries as assessment
from cairn.apps.credentials.outward import open_shared
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import outward
from cairn.apps.portfolio import queries as portfolio
from cairn.frame.actor import Actor, system
from cairn.kernel.errors import Forbidden, NotFound, Refused

# Types that no browser runs anything in; everything else is handed over as a download.
INLINE = frozenset({"image/jpeg", "image/png", "image/webp", "video/mp4", "video/webm", "audio/mpeg", "audio/mp4", "audio/wav"})
_PATH = re.compile(r"/([fs])/([\w=-]{40,2000})(?:/(page/(\d{1,5})\.png|poster\.jpg|captions\.vtt))?")
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def serve(request: HttpRequest) -> HttpResponseBase:
    """GET and HEAD of /f/<token>, or of /s/<token> for a file of a shared page: whole or by range; of single pages of a PDF as pictures;
    of a film's still and captions."""
    found = _PATH.fullmatch(request.path)
    if not found or request.method not in ("GET", "HEAD"):
        return _no(f"There is nothing at this address. Evidence alone is served from here; the site is at {settings.SITE_URL}/", 404)
    try:
        file, name = _shared(request, found) if found[1] == "s" else _linked(found[2])
        response = _part(file, found[3], int(found[4] or 0)) if found[3] else _whole(request, file, name)
    except NotFound as refusal:
        expired = refusal.code == "link-expired"
        return _no("This link has run out. Reload the page it came from." if expired else "There is nothing at this address.", 404)
    except Refused as refusal:
        return _no(str(refusal), refusal.status)
    response["Access-Control-Allow-Origin"] = site_origin(request)  # a player asks for captions and film by this name
    return _guarded(response)


def site_origin(request: HttpRequest) -> str:
    """The site beside this host. On this machine the port may have changed since the first run."""
    return f"http://{settings.SITE_HOST}:{request.get_port()}" if settings.IS_LOCAL else str(settings.SITE_URL)


def _linked(token: str) -> tuple[portfolio.EvidenceFile, str]:
    link = outward.open_link(token)
    return _readable(actor_of(link.viewer), link.artifact), link.name


def _shared(request: HttpRequest, found: re.Match[str]) -> tuple[portfolio.EvidenceFile, str]:
    """To be looked at; as a whole that can be kept where the educator allows it alone."""
    file, may_keep = open_shared(found[2])
    if not may_keep and not found[3] and _is_kept(request, file):
        raise Forbidden("stays-on-its-page", "Whoever shares this file does not let it be downloaded.", "Read it on its page.")
    return file, slugify(file.name)


def _is_kept(request: HttpRequest, file: portfolio.EvidenceFile) -> bool:
    return file.media_type not in INLINE or request.GET.get("as") == "download"


def _readable(viewer: Actor, artifact_id: str) -> portfolio.EvidenceFile:
    """Whoever may read it now: its educator, a coach to whom the draft is open, or an assessor of the attempt. Asked at every range
    request."""
    for may_read in (portfolio.own_file, portfolio.coached_file):
        with suppress(NotFound):
            return may_read(viewer, artifact_id)
    return assessment.may_open_file(viewer, artifact_id)


def _no(words: str, status: int) -> HttpResponse:
    return _guarded(HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8"))  # type: ignore[return-value]


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    """What keeps an uploaded file from acting: no script, no frame, no sniffing, no cookie, no cache."""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; media-src 'self'; img-src 'self'; frame-ancestors 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _whole(request: HttpRequest, file: portfolio.EvidenceFile, name: str) -> HttpResponseBase:
    inline = not _is_kept(request, file)
    first, last, status, size = 0, file.size - 1, 200, file.size
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked and (asked[1] or asked[2]):
        first, last = _bounds(asked, size)
        if first > last:
            refused = HttpResponse(status=416)
            refused["Content-Range"] = f"bytes */{size}"
            return refused
        status = 206
    body = outward.stream(file.artifact_id, first, last) if request.method == "GET" else iter(())
    response = StreamingHttpResponse(body, status=status)
    response["Content-Type"] = file.media_type if inline else "application/octet-stream"
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}.{file.extension}"'
    if status == 206:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _bounds(asked: re.Match[str], size: int) -> tuple[int, int]:
    """First and last byte; a range without a beginning counts from the end (RFC 9110 section 14.1.2)."""
    if not asked[1]:
        return max(0, size - int(asked[2])), size - 1
    return int(asked[1]), min(int(asked[2]) if asked[2] else size - 1, size - 1)


def _part(file: portfolio.EvidenceFile, part: str, number: int) -> HttpResponse:
    """What is drawn or read from a file: nothing in the file itself reaches the browser."""
    if number:
        return HttpResponse(outward.page_picture(file.artifact_id, number), content_type="image/png")
    if part == "poster.jpg" and file.has_poster:
        return HttpResponse(outward.poster(file.artifact_id), content_type="image/jpeg")
    captions = portfolio.captions(system("files"), file.artifact_id) if part == "captions.vtt" else None
    if captions is None:
        raise NotFound("file")
    return HttpResponse(captions.text, content_type="text/vtt; charset=utf-8")
