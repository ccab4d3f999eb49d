"""A clean PDF: the pages, their text and structure; no properties, scripts, actions, attachments, signatures or names of commenters.

Not here: showing pages (viewing).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Stream

from cairn.kernel.errors import Refused
from cairn.pure.files import jpegs, viewing
from cairn.pure.files.kinds import PDF, Scrubbed, damaged, locked, not_accepted, too_large

_PAGE_LIMIT = 3000
_OBJECT_LIMIT = 500_000
_DEPTH_LIMIT = 100
_INFLATED_LIMIT = 100_000_000

_ROOT_KEPT = {
    "/Type", "/Pages", "/Outlines", "/PageLabels", "/Dests", "/Names", "/ViewerPreferences", "/PageMode", "/PageLayout", "/Lang",
    "/StructTreeRoot", "/MarkInfo", "/OCProperties", "/AcroForm", "/Version",
}  # fmt: skip
_PAGE_KEPT = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Contents", "/Rotate", "/Group",
    "/Annots", "/StructParents", "/Tabs", "/UserUnit",
}  # fmt: skip
_DROPPED_ANYWHERE = {
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/JS", "/JavaScript", "/EmbeddedFiles", "/AF", "/EF", "/XFA",
    "/OPI", "/CreatorInfo", "/ModDate", "/CreationDate", "/Author", "/Creator", "/Producer", "/Keywords",
}  # fmt: skip
_ANNOTATIONS_KEPT = {
    "/Text", "/Link", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline", "/Squiggly",
    "/StrikeOut", "/Caret", "/Stamp", "/Ink", "/Popup", "/Widget",
}  # fmt: skip

_PICTURES = {"/DCTDecode": jpegs.without_metadata, "/JPXDecode": jpegs.without_metadata_2000}

# What qpdf says about flaws that lose nothing.
_HARMLESS = re.compile(
    "reported number of objects|common error handled correctly|duplicated key|followed by carriage return only|Resources is missing|"
    "output may still be valid"
)


def scrub(file: BinaryIO, out: BinaryIO) -> Scrubbed:
    """Rewrite the document without its old versions; raises Invalid when it is damaged, locked or too long."""
    file.seek(0)
    try:
        with pikepdf.open(file, attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise locked(PDF)
            count = _check_size(pdf)
            _clean(pdf)
            pdf.save(
                out,
                object_stream_mode=ObjectStreamMode.generate,
                preserve_pdfa=False,
                fix_metadata_version=False,
                deterministic_id=True,
            )
            if not all(_HARMLESS.search(str(warning)) for warning in pdf.get_warnings()):
                raise damaged(PDF)
    except pikepdf.PasswordError:
        raise locked(PDF) from None
    except (Refused, OSError, MemoryError):
        raise
    except Exception as error:  # qpdf reports what is wrong with hostile bytes in many ways
        raise damaged(PDF) from error
    if viewing.pages(out) != count:
        raise damaged(PDF)
    return Scrubbed(PDF, pages=count)


def _check_size(pdf: pikepdf.Pdf) -> int:
    if pdf.Root.get("/NeedsRendering"):
        raise not_accepted("A form that only Adobe Reader can show", "Print it to a new PDF and upload that.")
    count = len(pdf.pages)
    if not count:
        raise damaged(PDF)
    if count > _PAGE_LIMIT:
        raise too_large(PDF, f"more than {_PAGE_LIMIT:,} pages", "Split it, and upload the part that shows your work.")
    if len(pdf.objects) > _OBJECT_LIMIT:
        raise too_large(PDF, "too many parts", "Print it to a new PDF and upload that.")
    return count


def _clean(pdf: pikepdf.Pdf) -> None:
    for key in set(pdf.trailer.keys()) - {"/Root", "/Size"}:
        del pdf.trailer[key]
    _keep_only(pdf.Root, _ROOT_KEPT)
    if "/Names" in pdf.Root:
        _keep_only(pdf.Root.Names, {"/Dests"})
    for page in pdf.pages:
        _keep_only(page.obj, _PAGE_KEPT)
        if "/Annots" in page.obj:
            page.obj.Annots = Array([each for each in page.obj.Annots.as_list() if _is_kept(each)])
    for item in list(pdf.objects):
        for holder in _dictionaries(item):
            _clean_dictionary(holder)
        if isinstance(item, Stream):
            _clean_stream(pdf, item)


def _is_kept(annotation: pikepdf.Object) -> bool:
    return isinstance(annotation, Dictionary) and str(annotation.get("/Subtype")) in _ANNOTATIONS_KEPT


def _keep_only(holder: pikepdf.Object, kept: set[str]) -> None:
    for key in set(holder.keys()) - kept:
        del holder[key]


def _dictionaries(item: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The dictionaries that lie directly in an indirect object, itself included."""
    stack = [(item, 0)]
    while stack:
        current, depth = stack.pop()
        if depth > _DEPTH_LIMIT:
            raise damaged(PDF)
        if isinstance(current, Dictionary | Stream):
            yield current
            values = [current[key] for key in set(current.keys())]
        elif isinstance(current, Array):
            values = list(current.as_list())
        else:
            continue
        stack += [(value, depth + 1) for value in values if isinstance(value, Array | Dictionary) and not value.is_indirect]


def _clean_dictionary(holder: pikepdf.Object) -> None:
    if "/ByteRange" in holder:  # a digital signature, with its owner's certificate
        _keep_only(holder, set())
    for key in _DROPPED_ANYWHERE & set(holder.keys()):
        del holder[key]
    for key in ("/A", "/PA"):  # actions; only jumps within the document stay
        action = holder.get(key)
        if isinstance(action, Dictionary) and "/S" in action:
            if str(action.S) == "/GoTo":
                _keep_only(action, {"/Type", "/S", "/D", "/SD"})
            else:
                del holder[key]
    if "/Rect" in holder and "/Subtype" in holder:
        _clean_annotation(holder)


def _clean_annotation(holder: pikepdf.Object) -> None:
    """Who wrote a comment and when; a form field's /T is its own name and stays."""
    for key in ("/NM", "/M", "/RC", "/Sound", "/Movie") + (() if str(holder.Subtype) == "/Widget" else ("/T",)):
        if key in holder:
            del holder[key]


def _clean_stream(pdf: pikepdf.Pdf, stream: Stream) -> None:
    for key in ("/F", "/FFilter", "/FDecodeParms"):  # contents in another file
        if key in stream:
            del stream[key]
    filters = stream.get("/Filter")
    names = [str(each) for each in filters.as_list()] if isinstance(filters, Array) else [str(filters)] if filters is not None else []
    if not names or names[-1] not in _PICTURES:
        return
    data = stream.read_raw_bytes()
    for name in names[:-1]:
        data = _inflated(data, name)
    parameters = stream.get("/DecodeParms")
    last = parameters.as_list()[-1] if isinstance(parameters, Array) else parameters
    clean = _PICTURES[names[-1]](data)
    stream.write(clean, filter=Name(names[-1]), decode_parms=last if isinstance(last, Dictionary) else None)


def _inflated(data: bytes, name: str) -> bytes:
    """Undo a compression around a picture, within bounds."""
    if name != "/FlateDecode":
        raise damaged(PDF)
    inflater = zlib.decompressobj()
    data = inflater.decompress(data, _INFLATED_LIMIT)
    if inflater.unconsumed_tail:
        raise damaged(PDF)
    return data
