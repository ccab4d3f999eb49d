"""Resumable uploads by the tus protocol, version 1.0.0 (https://tus.io/protocols/resumable-upload): a file arrives in pieces, and goes on
where it stopped. Core, creation, expiration, checksum and termination.

Beside the protocol: GET tells as JSON what became of an upload, and a form without a script takes one back. Not here: what is kept of
it (portfolio's outward).
"""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Callable, Iterator
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect
from django.utils.http import http_date
from django.views.decorators.http import require_POST

from cairn.apps.portfolio import outward
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import Upload
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import desk, files
from cairn.kernel.errors import Forbidden, Invalid, NotFound, Refused

VERSION = "1.0.0"
CAPABILITIES = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,expiration,checksum,termination",
    "Tus-Checksum-Algorithm": "sha1,sha256",
    "Tus-Max-Size": str(max(outward.LIMITS.values()) * outward.MEGABYTE),
}
# What the protocol wants answered where it names a status of its own.
STATUSES = {"upload-busy": 423, "upload-offset": 409, "checksum-mismatch": 460, "upload-too-long": 413, "no-room-left": 413,
            "file-too-large": 413, "upload-gone": 410}  # fmt: skip
AT_ONCE = 20_000_000  # bytes: up to this size a file is settled while its sender waits
LINES = 4  # pieces that one process takes at a time; it has other work for its remaining threads
PIECE = 256 * 1024
_lines = threading.BoundedSemaphore(LINES)
View = Callable[..., HttpResponse]


def protocol(view: View) -> View:
    """What all answers have in common; refusals are JSON, under the protocol's own statuses."""

    @wraps(view)
    def wrapped(request: Request, **at: str) -> HttpResponse:
        request.method = request.headers.get("X-HTTP-Method-Override", request.method) if request.method == "POST" else request.method
        try:
            answer = _before(request) or view(request, **at)
        except Refused as no:
            told = {"code": no.code, "message": no.message, "remedy": no.remedy}
            answer = JsonResponse(told, status=STATUSES.get(no.code, no.status))
        answer["Tus-Resumable"] = VERSION
        answer.setdefault("Cache-Control", "no-store")
        return answer

    return wrapped


def _before(request: Request) -> HttpResponse | None:
    """What is answered before anything else is looked at."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=CAPABILITIES)
    if not request.actor.is_known:
        if request.method == "GET":
            return redirect_to_login(request.path)
        raise Forbidden("signed-out", "You are no longer signed in.", "Sign in again and reload this page; the file then goes on.")
    if request.method != "GET" and request.headers.get("Tus-Resumable") != VERSION:
        return HttpResponse(status=412, headers={"Tus-Version": VERSION})
    return None


@protocol
def uploads(request: Request, enrollment_id: str) -> HttpResponse:
    """POST promises a file. GET lists those that are on their way."""
    if request.method == "GET":
        run = portfolio.workspace(request.actor, enrollment_id).enrollment
        return JsonResponse({"uploads": [_told(upload) for upload in portfolio.uploads(request.actor, run.pk)]})
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "OPTIONS, GET, POST"})
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    digest = next((f"{name}:{told[name].lower()}" for name in ("sha256", "sha256-4mib") if name in told), "")
    upload = outward.begin(
        request.actor, enrollment_id, told.get("slot", ""), name=told.get("filename", "file"), size=_number(request, "Upload-Length"),
        digest=digest,
    )  # fmt: skip
    return HttpResponse(status=201, headers={"Location": f"{request.path}{upload.pk}/", **_expiry(upload)})


@protocol
def upload(request: Request, enrollment_id: str, upload_id: str) -> HttpResponse:
    """HEAD: how far it has come. PATCH: more of it. DELETE: not wanted any more. GET: what became of it, for people."""
    found = portfolio.upload(request.actor, upload_id)
    answers: dict[str | None, Callable[[Request, Upload], HttpResponse]] = {
        "HEAD": _where, "PATCH": _more, "DELETE": _away, "GET": _standing,
    }  # fmt: skip
    if found.enrollment_id != enrollment_id:
        raise NotFound("upload")
    if request.method not in answers:
        return HttpResponse(status=405, headers={"Allow": "OPTIONS, GET, HEAD, PATCH, DELETE"})
    if found.state == "abandoned":
        raise NotFound("upload any more", code="upload-gone")
    return answers[request.method](request, found)


@login_required
@require_POST
def discard(request: Request, enrollment_id: str, upload_id: str) -> HttpResponse:
    """The same as DELETE, for a form; or the message about one that was not kept is put aside."""
    found, work = portfolio.upload(request.actor, upload_id), portfolio.workspace(request.actor, enrollment_id)
    outward.discard(request.actor, found)
    return redirect(f"{desk.root(work)}{files.part_of(work, found.requirement).part.key}/#slot-{found.requirement}")


@login_required
@require_POST
def poster(request: Request, enrollment_id: str, upload_id: str) -> HttpResponse:
    """A still of the film that is on its way, taken by the browser that sends it."""
    if request.content_type != "image/jpeg":
        return HttpResponse(status=415)
    outward.keep_poster(portfolio.upload(request.actor, upload_id), request.body)
    return HttpResponse(status=204)


def _where(request: Request, upload: Upload) -> HttpResponse:
    headers = {"Upload-Offset": str(outward.offset(upload)), "Upload-Length": str(upload.size), **_expiry(upload)}
    return HttpResponse(headers=headers)


def _more(request: Request, upload: Upload) -> HttpResponse:
    if request.content_type != "application/offset+octet-stream":
        return HttpResponse(status=415)
    if "Transfer-Encoding" in request.headers:
        return HttpResponse(status=411)  # of a body without a length nothing is read
    if not _lines.acquire(blocking=False):
        return HttpResponse(status=503, headers={"Retry-After": "1"})
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        come = outward.append(upload, _number(request, "Upload-Offset"), _pieces(request), length=length, checksum=_checksum(request))
    finally:
        _lines.release()
    answer = HttpResponse(status=204, headers={"Upload-Offset": str(come), **_expiry(upload)})
    if come == upload.size:
        _arrived(request, upload)
    return answer


def _arrived(request: Request, upload: Upload) -> None:
    """Small files are settled while their sender waits; the worker settles the others, and those that this process does not end."""
    outward.finish(request.actor, upload)
    if upload.size <= AT_ONCE:
        try:
            outward.settle(request.actor, upload.pk)
        except Refused:
            return  # asked next, what became of it, the sender is told


def _away(request: Request, upload: Upload) -> HttpResponse:
    outward.discard(request.actor, upload)
    return HttpResponse(status=204)


def _standing(request: Request, upload: Upload) -> HttpResponse:
    told = _told(upload)
    if upload.state == "clean":
        work = portfolio.workspace(request.actor, upload.enrollment_id)
        part = files.part_of(work, upload.requirement).part.key
        told["location"] = f"{desk.root(work)}{part}/?added={upload.pk}#file-{upload.pk}"
    return JsonResponse(told)


def _told(upload: Upload) -> dict[str, str | int]:
    return {
        "id": upload.pk, "slot": upload.requirement, "name": upload.name, "state": upload.state, "message": upload.said,
        "digest": upload.digest, "size": upload.size, "offset": outward.offset(upload),
    }  # fmt: skip


def _expiry(upload: Upload) -> dict[str, str]:
    """Only what is incomplete runs out."""
    return {"Upload-Expires": http_date(outward.expires_at(upload).timestamp())} if upload.state == "receiving" else {}


def _number(request: Request, name: str) -> int:
    given = request.headers.get(name, "")
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        raise Invalid("header-missing", f"{name} must be a whole number of bytes.", "Send it as the tus protocol says.")
    return int(given)


def _metadata(header: str) -> dict[str, str]:
    """Names with values in base64, by commas; what cannot be read is left out."""
    told = {}
    for pair in header.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            told[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return told


def _checksum(request: Request) -> outward.Checksum | None:
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    try:
        return outward.Checksum(algorithm, base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        raise Invalid("checksum-unknown", "This checksum cannot be read.", "Send sha1 or sha256, and the digest in base64.") from None


def _pieces(request: Request) -> Iterator[bytes]:
    """What comes, until all of it has or the connection breaks."""
    try:
        while piece := request.read(PIECE):
            yield piece
    except UnreadablePostError:
        return
