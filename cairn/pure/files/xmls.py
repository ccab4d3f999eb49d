"""Office XML read and written as a stream, names of people taken out on the way. Not here: which parts a document has (office)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

_CHUNK = 1 << 20
_DEPTH_LIMIT = 1000
_FILE_NAME = re.compile(r".*[\w)\s]\.[A-Za-z0-9]{2,5}", re.DOTALL)

# Whole elements that tell about a person, a computer or a file elsewhere.
_DROPPED = {"absPath", "rsids", "rsid", "docVars", "docId", "attachedTemplate", "mailMerge", "dataBinding", "fileSharing"}
_DROPPED_IN_SVG = {"metadata", "script", "foreignObject"}
_NAMED_TEXT = {"author", "creator", "lastModifiedBy"}

# Attributes by local name, wherever they stand -> what is written instead; None leaves the attribute out.
_ATTRIBUTES: Mapping[str, str | None] = {
    "author": "Author", "initials": "A", "userName": "Author", "refreshedBy": "Author", "lastModifiedBy": "Author", "createdBy": "Author",
    "userId": "", "providerId": "None", "gfxdata": None, "ed": None, "rsidR": None, "rsidRPr": None, "rsidRDefault": None, "rsidP": None,
    "rsidDel": None, "rsidTr": None, "rsidSect": None,
}  # fmt: skip
# The same for attributes that mean this only on one element.
_ON_ELEMENT: Mapping[tuple[str, str], str | None] = {
    ("cmAuthor", "name"): "Author", ("author", "name"): "Author", ("person", "displayName"): "Author", ("dbPr", "connection"): "",
    ("dbPr", "command"): "", ("tag", "val"): "", ("pageSetup", "id"): None, ("ins", "date"): None, ("del", "date"): None,
    ("comment", "date"): None,
}  # fmt: skip
_MAY_BE_FILE_NAMES = {
    ("cNvPr", "name"),
    ("docPr", "name"),
    ("cNvPr", "descr"),
    ("docPr", "descr"),
    ("imagedata", "title"),
    ("shape", "alt"),
}


class BadXml(Exception):
    """Not well-formed, or with a document type, or nested too deep."""


def rewrite(source: BinaryIO, out: BinaryIO) -> None:
    """Copy XML without comments, processing instructions and what identifies people; raises BadXml."""
    writer = _Writer(out)
    _parse(source, writer.start, writer.end, writer.text)


def elements(source: BinaryIO) -> list[tuple[str, dict[str, str]]]:
    """Local name and attributes of every element, in document order; raises BadXml."""
    found: list[tuple[str, dict[str, str]]] = []
    _parse(source, lambda name, flat: found.append((_local(name), dict(_pairs(flat)))), lambda name: None, lambda text: None)
    return found


def _parse(source: BinaryIO, start: Callable[[str, list[str]], None], end: Callable[[str], None], text: Callable[[str], None]) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        while chunk := source.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise BadXml from error


def _refuse_doctype(*_: object) -> None:
    """Document types bring entities that grow without bound; Office files have none (ECMA-376 part 2)."""
    raise BadXml


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _pairs(flat: list[str]) -> list[tuple[str, str]]:
    return list(zip(flat[::2], flat[1::2], strict=True))


class _Writer:
    """Writes what the parser reports; while `muted` is above zero, nothing."""

    def __init__(self, out: BinaryIO) -> None:
        self.out = out
        self.path: list[str] = []
        self.muted = 0
        self.dropped = _DROPPED
        out.write(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')

    def start(self, name: str, flat: list[str]) -> None:
        local = _local(name)
        if not self.path and local == "svg":
            self.dropped = _DROPPED_IN_SVG
        self.path.append(local)
        if len(self.path) > _DEPTH_LIMIT:
            raise BadXml
        if self.muted or local in self.dropped:
            self.muted += 1
            return
        attributes = "".join(f" {key}={_quoted(value)}" for key, value in self._attributes(local, flat))
        self.out.write(f"<{name}{attributes}>".encode())

    def end(self, name: str) -> None:
        local = self.path.pop()
        if self.muted:
            self.muted -= 1
            return
        if local in _NAMED_TEXT:
            self.out.write(b"Author")
        self.out.write(f"</{name}>".encode())

    def text(self, data: str) -> None:
        if not self.muted and self.path[-1] not in _NAMED_TEXT:
            self.out.write(escape(data, {"\r": "&#13;"}).encode())

    def _attributes(self, local: str, flat: list[str]) -> list[tuple[str, str]]:
        kept = []
        for key, value in _pairs(flat):
            name = _local(key)
            if self.dropped is _DROPPED_IN_SVG and name.startswith("on"):
                continue
            if not key.startswith("xmlns"):
                rule = _ON_ELEMENT.get((local, name), _ATTRIBUTES.get(name, value))
                if rule is None:
                    continue
                value = rule
                if (local, name) in _MAY_BE_FILE_NAMES and _FILE_NAME.fullmatch(value):
                    value = "Picture"
            kept.append((key, value))
        return kept


def _quoted(value: str) -> str:
    return quoteattr(value, {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})
