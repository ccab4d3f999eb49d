"""Office XML read and written as a stream, names of people taken out on the way. Not here: which parts a document has (office)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

_CHUNK = 1 << 20
_BATCH = 1_000  # pieces of XML that are written at one time
_DEPTH_LIMIT = 1000
_SPECIAL = re.compile(r"[&<>\"\n\t\r]")  # what is written otherwise than it is read
_FILE_NAME = re.compile(
    r".*\.(jpe?g|png|gif|heic|webp|bmp|tiff?|svg|emf|wmf|pdf|docx?|pptx?|xlsx?|mp4|mov|m4v|m4a|mp3|wav|avi)", re.DOTALL | re.IGNORECASE
)
# Word fields that look only at the document itself; others fetch files, start programs or tell names, and keep their last result.
_FIELD = re.compile(
    r"\s*(PAGE|NUMPAGES|SECTION|SECTIONPAGES|TOC|TC|TOA|INDEX|XE|REF|PAGEREF|NOTEREF|STYLEREF|SEQ|HYPERLINK|EQ|SYMBOL|FORM[A-Z]+|=)\b.*|\s*",
    re.DOTALL,
)
# Formulas of a workbook that fetch, call or start something, or take it from another program; all others stay as they are.
_FORMULAS = {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula"}
_REACHING = re.compile(r"\b(WEBSERVICE|IMAGE|RTD|CALL|REGISTER(\.ID)?|EXEC)\s*\(|^[^\"]*\|", re.IGNORECASE)

# Whole elements that tell about a person, a computer or a file elsewhere.
_DROPPED = {
    "absPath", "rsids", "rsid", "docVars", "docId", "attachedTemplate", "mailMerge", "dataBinding", "fileSharing", "customWorkbookViews",
    "customSheetViews",
}  # fmt: skip
_DROPPED_IN_SVG = {"metadata", "script", "foreignObject"}
_NAMED_TEXT = {"author", "creator", "lastModifiedBy"}

# Attributes by local name, wherever they stand -> what is written instead; None leaves the attribute out.
_ATTRIBUTES: Mapping[str, str | None] = {
    "author": "Author", "initials": "A", "userName": "Author", "refreshedBy": "Author", "lastModifiedBy": "Author", "createdBy": "Author",
    "userId": "", "providerId": "None", "gfxdata": None, "rsidR": None, "rsidRPr": None, "rsidRDefault": None, "rsidP": None,
    "rsidDel": None, "rsidTr": None, "rsidSect": None,
}  # fmt: skip
# The same for attributes that mean this only on one element.
_ON_ELEMENT: Mapping[tuple[str, str], str | None] = {
    ("cmAuthor", "name"): "Author", ("author", "name"): "Author", ("person", "displayName"): "Author", ("dbPr", "connection"): "",
    ("dbPr", "command"): "", ("textPr", "sourceFile"): "", ("webPr", "url"): "", ("tag", "val"): "", ("pageSetup", "id"): None,
    ("ins", "date"): None, ("del", "date"): None, ("comment", "date"): None, ("permStart", "ed"): None, ("ddeLink", "ddeService"): "",
    ("ddeLink", "ddeTopic"): "", ("imagedata", "href"): None, ("imagedata", "src"): None,
}  # fmt: skip
_MAY_BE_FILE_NAMES = {
    ("cNvPr", "name"),
    ("docPr", "name"),
    ("cNvPr", "descr"),
    ("docPr", "descr"),
    ("imagedata", "title"),
    ("shape", "alt"),
}


Rule = Callable[[str], str | None]  # the value of an attribute -> what is written; None leaves the attribute out


class BadXml(Exception):
    """Not well-formed, or with a document type, or nested too deep."""


def rewrite(source: BinaryIO, out: BinaryIO) -> None:
    """Copy XML without comments, processing instructions and what identifies people; raises BadXml."""
    writer = _Writer(out)
    parse(source, writer.start, writer.end, writer.text)
    writer.flush()


def elements(source: BinaryIO) -> list[tuple[str, dict[str, str]]]:
    """Local name and attributes of every element, in document order; raises BadXml."""
    found: list[tuple[str, dict[str, str]]] = []
    parse(source, lambda name, flat: found.append((_local(name), dict(_pairs(flat)))), lambda name: None, lambda text: None)
    return found


def parse(source: BinaryIO, start: Callable[[str, list[str]], None], end: Callable[[str], None], text: Callable[[str], None]) -> None:
    """Tell of each element's start (name, attributes flat) and end, and of the text between, as it is read; raises BadXml."""
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
    """Writes what the parser reports; while `muted` is above zero, nothing. A large workbook has millions of elements, most of them alike:
    what holds for a name is found out once."""

    def __init__(self, out: BinaryIO) -> None:
        self.out = out
        self.path: list[str] = []
        self.muted = 0
        self.dropped = _DROPPED
        self.local: dict[str, str] = {}
        self.rules: dict[tuple[str, str], Rule] = {}
        self.written = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n']

    def start(self, name: str, flat: list[str]) -> None:
        local = self.local.get(name) or self.local.setdefault(name, _local(name))
        if not self.path and local == "svg":
            self.dropped = _DROPPED_IN_SVG
        self.path.append(local)
        if len(self.path) > _DEPTH_LIMIT:
            raise BadXml
        if self.muted or local in self.dropped:
            self.muted += 1
            return
        if len(self.written) > _BATCH:
            self.flush()
        self.written.append(f"<{name}{self._attributes(local, flat)}>" if flat else f"<{name}>")

    def end(self, name: str) -> None:
        local = self.path.pop()
        if self.muted:
            self.muted -= 1
            return
        self.written.append(f"Author</{name}>" if local in _NAMED_TEXT else f"</{name}>")

    def text(self, data: str) -> None:
        local = self.path[-1]
        if self.muted or local in _NAMED_TEXT or (local == "instrText" and not _FIELD.fullmatch(data)):
            return
        if local in _FORMULAS and _REACHING.search(data):
            data = "NA()"
        if len(self.written) > _BATCH:
            self.flush()
        self.written.append(escape(data, {"\r": "&#13;"}) if _SPECIAL.search(data) else data)

    def flush(self) -> None:
        self.out.write("".join(self.written).encode())
        self.written.clear()

    def _attributes(self, local: str, flat: list[str]) -> str:
        kept = ""
        for key, value in zip(flat[::2], flat[1::2], strict=True):
            rule = self.rules.get((local, key)) or self.rules.setdefault((local, key), self._rule(local, key))
            if (clean := rule(value)) is not None:
                kept += f" {key}={_quoted(clean)}" if _SPECIAL.search(clean) else f' {key}="{clean}"'
        return kept

    def _rule(self, local: str, key: str) -> Rule:
        if key.startswith("xmlns"):
            return _as_it_is
        return _rule_of_drawing(local, _local(key)) if self.dropped is _DROPPED_IN_SVG else _rule(local, _local(key))


def _as_it_is(value: str) -> str:
    return value


def _rule(element: str, name: str) -> Rule:
    if (element, name) in _MAY_BE_FILE_NAMES:
        return lambda value: "Picture" if _FILE_NAME.fullmatch(value) else value
    if (element, name) == ("fldSimple", "instr"):
        return lambda value: value if _FIELD.fullmatch(value) else ""
    if (element, name) in _ON_ELEMENT or name in _ATTRIBUTES:
        always = _ON_ELEMENT.get((element, name), _ATTRIBUTES.get(name))
        return lambda value: always
    return _as_it_is


def _rule_of_drawing(element: str, name: str) -> Rule:
    """Without attributes that run something or fetch something."""
    if name.startswith("on"):
        return lambda value: None
    if name == "href":
        return lambda value: value if value.startswith(("#", "data:image/")) else None
    return _rule(element, name)


def _quoted(value: str) -> str:
    return quoteattr(value, {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})
