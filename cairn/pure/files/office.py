"""Clean Word, Excel and PowerPoint files: only parts that the document reaches, without properties, people, macros or outside links.

The package is walked as ECMA-376 part 2 describes it: from relationship to relationship. Not here: rewriting one XML part (xmls), what
else a part may hold (embedded), the zip itself (packages).
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from cairn.kernel.errors import Invalid, Refused
from cairn.pure.files import embedded
from cairn.pure.files.kinds import DOCX, PPTX, XLSX, Kind, Scrubbed, damaged, not_accepted
from cairn.pure.files.packages import BadPackage, Package, PackageWriter
from cairn.pure.files.xmls import BadXml, elements, rewrite

_TYPES = "[Content_Types].xml"
_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EXTERNAL = ' TargetMode="External"'
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    _OFFICE + "wordprocessingml.document.main+xml": DOCX,
    _OFFICE + "spreadsheetml.sheet.main+xml": XLSX,
    _OFFICE + "presentationml.presentation.main+xml": PPTX,
}
_DROPPED_LINKS = {
    "thumbnail", "core-properties", "extended-properties", "custom-properties", "customXml", "customXmlProps", "attachedTemplate",
    "printerSettings", "webextension", "webextensiontaskpanes", "keyMapCustomizations", "extensibility", "origin", "classificationlabels",
    "mailMergeSource", "mailMergeHeaderSource", "recipientData", "usernames", "changesInfo", "revisionInfo",
}  # fmt: skip
_DEPTH_LIMIT = 2


@dataclass(frozen=True)
class Link:
    """One relationship; `part` is the part it leads to, empty where it leads out of the package or nowhere."""

    id: str
    type: str
    target: str
    is_external: bool
    part: str = ""

    @property
    def role(self) -> str:
        return self.type.rpartition("/")[2]


class _Types:
    """What [Content_Types].xml says each part is."""

    def __init__(self, package: Package) -> None:
        self._of_part: dict[str, str] = {}
        self._of_extension: dict[str, str] = {}
        for name, attributes in elements(package.read(_TYPES)):
            if name == "Override":
                self._of_part[attributes.get("PartName", "").lstrip("/").lower()] = attributes.get("ContentType", "")
            elif name == "Default":
                self._of_extension[attributes.get("Extension", "").lower()] = attributes.get("ContentType", "")

    def of(self, part: str) -> str:
        return self._of_part.get(part.lower()) or self._of_extension.get(part.rpartition(".")[2].lower(), "")

    def all(self) -> set[str]:
        return {*self._of_part.values(), *self._of_extension.values()}


def recognize(file: BinaryIO) -> Kind:
    """Which Office file a zip is; raises Invalid, with the remedy, for other zips and for files with macros."""
    try:
        package = Package(file)
        if _TYPES not in package:
            raise _not_office(package)
        types = _Types(package).all()
    except (BadPackage, BadXml):
        raise not_accepted("A zip or a damaged Office file", "Save an Office file again; upload the files of a zip one by one.") from None
    if any(word in each.lower() for each in types for word in ("macro", "vbaproject")):
        raise not_accepted("An Office file with macros", "Save it without macros, as .docx, .xlsx or .pptx.")
    kinds = {_MAIN[each] for each in types if each in _MAIN}
    if len(kinds) != 1:
        raise not_accepted("This kind of Office file", "Save it as .docx, .xlsx, .pptx or PDF.")
    return kinds.pop()


def scrub(file: BinaryIO, kind: Kind, out: BinaryIO, depth: int = 0) -> Scrubbed:
    """Write the package anew; `depth` counts documents within documents. Raises Invalid when a part cannot be read or cleaned."""
    try:
        package = Package(file)
        types = _Types(package)
        links = dict(_walk(package))
        main = [link.part for link in links[""] if link.role == "officeDocument"]
        if [types.of(part) for part in main] not in [[each] for each, of in _MAIN.items() if of == kind]:
            raise damaged(kind)
        names = _new_names(sorted(links.keys() - {""}), types)
        with PackageWriter(out) as writer:
            writer.add(_TYPES, _types_xml(names, types))
            for source, found in sorted(links.items()):
                if found:
                    writer.add(_links_part(names.get(source, "")), _links_xml(found, names))
            for part, name in names.items():
                writer.add(name, _clean_part(package.read(part), part, types.of(part), kind, depth))
    except (BadPackage, BadXml, KeyError):
        raise damaged(kind) from None
    return Scrubbed(kind)


def _not_office(package: Package) -> Refused:
    if "mimetype" in package or any(name.endswith(".iwa") for name in package.names()):
        return not_accepted("An OpenDocument, Pages, Numbers or Keynote file", "Export it as a PDF or as a Word, Excel or PowerPoint file.")
    return not_accepted("A zip file", "Upload the files in it one by one.")


def _walk(package: Package) -> Iterator[tuple[str, list[Link]]]:
    """Each part that can be reached from the package's own links ("" stands for the package), with the links it keeps."""
    waiting, seen = [""], {""}
    while waiting:
        source = waiting.pop()
        kept = [each for each in map(_inward, links_of(package, source)) if each.role not in _DROPPED_LINKS]
        yield source, kept
        for link in kept:
            if link.part and link.part not in seen:
                seen.add(link.part)
                waiting.append(link.part)


def links_of(package: Package, source: str) -> Iterator[Link]:
    """The links of a part ("" stands for the package), in the order in which they are written; raises BadXml, BadPackage or KeyError."""
    name = _links_part(source)
    if name not in package:
        return
    for element, attributes in elements(package.read(name)):
        if element == "Relationship":
            target, is_external = attributes["Target"], attributes.get("TargetMode") == "External"
            part = "" if is_external or target.startswith("#") else _resolved(package, source, target)
            yield Link(attributes["Id"], attributes["Type"], target, is_external, part)


def _resolved(package: Package, source: str, target: str) -> str:
    """The part a target means, relative to the part it stands in; empty when there is none."""
    path = unquote(target.partition("#")[0])
    full = posixpath.normpath(posixpath.join("/" + posixpath.dirname(source), path)).lstrip("/")
    return package.name(full) if full in package else ""


def _inward(link: Link) -> Link:
    """Only hyperlinks may lead outside, and only to the web or a mailbox; nothing else outside may be fetched."""
    if link.is_external:
        is_safe = link.role == "hyperlink" and link.target.lower().startswith(("http://", "https://", "mailto:", "#"))
        return link if is_safe else replace(link, target="about:blank")
    return link if link.part or link.target.startswith("#") else replace(link, target="NULL")


def _links_part(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _links_xml(links: list[Link], names: dict[str, str]) -> bytes:
    rows = "".join(
        f"<Relationship Id={quoteattr(link.id)} Type={quoteattr(link.type)} Target={quoteattr(_target(link, names))}"
        f"{_EXTERNAL if link.is_external else ''}/>"
        for link in links
    )
    return _XML + f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'.encode()


def _target(link: Link, names: dict[str, str]) -> str:
    return link.target if names.get(link.part, "") == link.part else "/" + names[link.part]


def _types_xml(names: dict[str, str], types: _Types) -> bytes:
    rows = "".join(f"<Override PartName={quoteattr('/' + name)} ContentType={quoteattr(types.of(part))}/>" for part, name in names.items())
    links = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return _XML + f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{links}{rows}</Types>'.encode()


def _is_xml(part: str, media_type: str) -> bool:
    return (media_type.endswith("xml") or part.lower().endswith((".xml", ".vml", ".svg"))) and "html" not in media_type


def _new_names(parts: list[str], types: _Types) -> dict[str, str]:
    """Pictures and other media get numbers for names, which may have been those of files; XML parts keep theirs."""
    names = {}
    for number, part in enumerate(parts, 1):
        folder, extension = posixpath.dirname(part), part.rpartition(".")[2]
        names[part] = part if _is_xml(part, types.of(part)) else posixpath.join(folder, f"part{number}.{extension}")
    return names


def _clean_part(data: io.BytesIO, part: str, media_type: str, kind: Kind, depth: int) -> bytes:
    out = io.BytesIO()
    if _is_xml(part, media_type):
        rewrite(data, out)
        return out.getvalue()
    try:
        if data.getvalue().startswith(b"PK") and depth < _DEPTH_LIMIT:
            scrub(data, recognize(data), out, depth + 1)
            return out.getvalue()
        return embedded.cleaned(data, media_type)
    except Refused as error:
        raise Invalid(
            error.code, f"Something inside this {kind.label} cannot be read. {error.message}", "Save the document as a PDF and upload that."
        ) from error
