"""A credential as the one text that gets signed: JSON-LD to RDF, and RDFC-1.0 over it, in safe mode.

PyLD does the work and is wrapped here alone, because it must not be trusted with three things. It drops what it does not
understand without a word (so a signature would not cover it): here every loss is refused, as in jsonld.js's safe mode. It leaves
control characters unescaped, and takes true and 1 for the same value: literals and N-Quads are written here.
Not here: hashing and signing (proof). Source: https://www.w3.org/TR/rdf-canon/
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from pyld.canon import URDNA2015
from pyld.context_resolver import ContextResolver
from pyld.jsonld import JsonLdProcessor

from cairn.kernel.errors import Invalid
from cairn.pure.badges.contexts import Contexts
from cairn.pure.badges.errors import CannotTell
from cairn.pure.badges.values import is_iri

# A base that no IRI has: whatever ends up below it was relative, in whichever form.
BASE = "x-relative://base.invalid/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
KEYWORDS = frozenset({"@context", "@id", "@type", "@value", "@language", "@direction"})
LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")  # BCP 47
MAX_INTEGER = 2**53 - 1  # RFC 7493: beyond it readers disagree about a number
# Blank nodes that look alike are told apart by trying permutations. Honest badges need a handful of such steps.
MAX_STEPS = 2000
MAX_ALIKE = 250  # values of one property of one thing: PyLD compares each with each
ESCAPES = {ord('"'): '\\"', ord("\\"): "\\\\", ord("\b"): "\\b", ord("\t"): "\\t", ord("\n"): "\\n", ord("\f"): "\\f", ord("\r"): "\\r"}
for _code in (*range(0x20), 0x7F):
    ESCAPES.setdefault(_code, f"\\u{_code:04X}")


def canonical(document: Mapping[str, object], contexts: Contexts) -> str:
    """The canonical N-Quads of a JSON-LD document.

    Raises Invalid where something of the document would not be covered, CannotTell where a context is not known.
    """
    _refuse_unsafe(document, contexts)
    options = {"base": BASE, "rdfDirection": "i18n-datatype", "documentLoader": contexts.load}
    try:
        with contexts.lock:
            options["contextResolver"] = ContextResolver(contexts.parsed, contexts.load)
            dataset = _Strict(on_property_dropped=_dropped).to_rdf(document, options)
        return _Canonical().text(dataset)
    except Invalid:
        raise
    except Exception as error:  # PyLD answers odd input with its own errors and with bare TypeErrors alike
        raise Invalid("not-json-ld", "The credential is not valid JSON-LD.", "Ask the issuer for the original file.") from error


def _lost(what: str) -> NoReturn:
    raise Invalid("not-covered", f"{what}, so a signature could not cover it.", "Ask the issuer to use the terms of Open Badges 3.0.")


def _dropped(name: str | None) -> None:
    _lost(f"The field {name!r:.100} is not a term of the credential's contexts" if name else "A field has a name that JSON-LD reserves")


def _refuse_unsafe(value: object, contexts: Contexts) -> None:
    """Refuse what JSON-LD would let redefine terms, or drop silently before it can be noticed."""
    if isinstance(value, list):
        for item in value:
            _refuse_unsafe(item, contexts)
    if not isinstance(value, Mapping):
        return
    for key, item in value.items():
        if key == "@context":
            _refuse_foreign(item, contexts)
        elif key.startswith("@") and key not in KEYWORDS:
            _lost(f"The keyword {key:.60} is not used in credentials")
        else:
            _refuse_unsafe(item, contexts)
    if value.keys() & {"@value", "@language", "@direction"} and not isinstance(value.get("@value"), str | int | float):
        _lost("A text is empty or is no text")


def _refuse_foreign(context: object, contexts: Contexts) -> None:
    for url in context if isinstance(context, list) else [context]:
        if not isinstance(url, str):
            raise Invalid("inline-context", "The credential redefines its own terms.", "Ask the issuer to use the standard contexts only.")
        contexts.require(url)


class _Strict(JsonLdProcessor):  # type: ignore[misc]
    """PyLD with each step from JSON to RDF checked for loss."""

    def expand(self, input_: object, options: dict[str, Any]) -> list[Any]:
        expanded: list[Any] = super().expand(input_, options)
        if len(expanded) != 1:
            _lost("The document says nothing")
        _settle(expanded, Counter())
        return expanded


def _settle(value: Any, counts: Counter[tuple[object, str]]) -> None:
    """Check expanded JSON-LD in place: every name an absolute IRI, every literal in its one lexical form."""
    if isinstance(value, list):
        for item in value:
            _settle(item, counts)
    elif "@value" in value:
        _settle_literal(value)
    else:
        for key, item in value.items():
            _require_room(counts, (value.get("@id", id(value)), key), item)
            if key in ("@id", "@type"):
                for name in item if isinstance(item, list) else [item]:
                    if not (isinstance(name, str) and name.startswith("_:")):
                        _require_iri(name)
            else:
                if key not in ("@list", "@graph"):
                    _require_iri(key)
                if key == "@graph" and not all(node.keys() - {"@id"} for node in item):
                    _lost("A part of the document says nothing")
                _settle(item, counts)


def _require_room(counts: Counter[tuple[object, str]], place: tuple[object, str], values: object) -> None:
    counts[place] += len(values) if isinstance(values, list) else 1
    if counts[place] > MAX_ALIKE:
        raise CannotTell("too-tangled", "One thing in the credential has too many values of one kind.", "Ask the issuer to shorten it.")


def _require_iri(name: object) -> None:
    if not is_iri(name) or str(name).startswith("x-relative:"):
        _lost(f"{str(name or '@').removeprefix(BASE)!r:.100} is neither a known term nor an absolute address")


def _settle_literal(literal: dict[str, Any]) -> None:
    value, datatype = literal["@value"], literal.get("@type")
    if datatype == "@json":
        return
    if datatype is not None:
        _require_iri(datatype)
    if "@language" in literal and not LANGUAGE.fullmatch(literal["@language"]):
        _lost(f"{literal['@language']!r:.60} is not a language")
    if isinstance(value, bool):
        literal.update({"@value": "true" if value else "false", "@type": datatype or XSD + "boolean"})
    elif isinstance(value, int | float):
        if isinstance(value, float) and value.is_integer() and abs(value) <= MAX_INTEGER:
            value = int(value)
        if abs(value) > MAX_INTEGER:
            _lost(f"The number {value!r:.40} is read differently by different readers")
        if isinstance(value, int):
            literal.update({"@value": str(value), "@type": datatype or XSD + "integer"})


class _Canonical(URDNA2015):  # type: ignore[misc]
    """RDFC-1.0 by PyLD, which names the blank nodes, with N-Quads written here and a limit on the work."""

    def text(self, dataset: dict[str, Any]) -> str:
        self.steps = 0
        self.main(dataset, {"format": "application/n-quads"})
        return "".join(sorted({_nquad(quad, str) for quad in self.quads}))

    def hash_first_degree_quads(self, id_: str) -> str:
        info = self.blank_node_info[id_]
        if "hash" not in info:
            # PyLD notes a quad twice whose subject and object are the same node; the algorithm's map holds it once.
            info["quads"] = list({id(quad): quad for quad in info["quads"]}.values())
            lines = [_nquad(quad, lambda name: "_:a" if name == id_ else "_:z") for quad in info["quads"]]
            info["hash"] = self.hash_nquads(sorted(lines))
        return str(info["hash"])

    def hash_n_degree_quads(self, id_: str, issuer: object) -> object:
        self.steps += 1
        if self.steps > MAX_STEPS:
            message = "The credential has too many nameless parts that look alike."
            raise CannotTell("too-tangled", message, "Ask the issuer to give them ids.")
        return super().hash_n_degree_quads(id_, issuer)


def _nquad(quad: Mapping[str, Any], rename: Callable[[str], str]) -> str:
    """One line of canonical N-Quads (RDF 1.1 N-Quads, section 4 of RDFC-1.0), its blank nodes renamed."""
    terms = [quad["subject"], quad["predicate"], quad["object"], *([quad["name"]] if "name" in quad else [])]
    return " ".join([*(_term(term, rename) for term in terms), ".\n"])


def _term(term: Mapping[str, Any], rename: Callable[[str], str]) -> str:
    if term["type"] == "IRI":
        return f"<{term['value']}>"
    if term["type"] == "blank node":
        return rename(term["value"])
    text = f'"{term["value"].translate(ESCAPES)}"'
    if term["datatype"] == RDF_LANGUAGE_STRING:
        return f"{text}@{term['language']}"
    return text if term["datatype"] == XSD + "string" else f"{text}^^<{term['datatype']}>"
