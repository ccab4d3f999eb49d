"""The text that gets signed: RDFC-1.0, and nothing of the document lost on the way."""

import copy
import json
import re
from typing import Any

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.badges.canonical import MAX_ALIKE, _Canonical, canonical
from cairn.pure.badges.errors import CannotTell
from tests.badges_world import contexts, contexts_with_examples, needs_vectors, unsigned, vector, vector_bytes

RDF_TESTS = "rdf-canon/tests/"
TERM = re.compile(r'\s*(?:<([^>]*)>|(_:[^\s<]+)|"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@([\w-]+))?|(\.))')
LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def unescaped(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else LETTERS.get(match[3], match[3])

    return re.sub(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", letter, text)


def dataset(nquads: str) -> dict[str, Any]:
    """N-Quads as the dataset that PyLD works on."""
    graphs: dict[str, Any] = {}
    for line in dict.fromkeys(nquads.split("\n")):
        terms, position = [], 0
        while line.strip() and (match := TERM.match(line, position)) and not match[6]:
            position = match.end()
            if match[1] is not None:
                terms.append({"type": "IRI", "value": unescaped(match[1])})
            elif match[2]:
                terms.append({"type": "blank node", "value": match[2]})
            else:
                kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString" if match[5] else "http://www.w3.org/2001/XMLSchema#string"
                terms.append(
                    {"type": "literal", "value": unescaped(match[3]), "datatype": unescaped(match[4] or kind), "language": match[5]}
                )
        if terms:
            name = terms[3]["value"] if len(terms) > 3 else "@default"
            graphs.setdefault(name, []).append(dict(zip(("subject", "predicate", "object"), terms, strict=False)))
    return graphs


@needs_vectors
def test_the_rdf_canonicalization_suite_passes() -> None:
    """All of the W3C's tests but the one that hashes with SHA-384, which no suite here uses."""
    entries = [entry for entry in vector(f"{RDF_TESTS}manifest.jsonld")["entries"] if "hashAlgorithm" not in entry]
    cases = [entry for entry in entries if entry["type"] == "rdfc:RDFC10EvalTest"]
    assert len(cases) == 63
    for case in cases:
        given, expected = (vector_bytes(RDF_TESTS + case[name]).decode() for name in ("action", "result"))
        assert _Canonical().text(dataset(given)) == expected, case["name"]


@needs_vectors
def test_a_poisoned_graph_is_given_up_on() -> None:
    poison = [entry for entry in vector(f"{RDF_TESTS}manifest.jsonld")["entries"] if entry["type"] == "rdfc:RDFC10NegativeEvalTest"]
    assert len(poison) == 1
    with pytest.raises(CannotTell, match="look alike"):
        _Canonical().text(dataset(vector_bytes(RDF_TESTS + poison[0]["action"]).decode()))


@needs_vectors
@pytest.mark.parametrize("folder", ["vc-di-eddsa/TestVectors/eddsa-rdfc-2022/"])
def test_the_w3c_vector_is_reproduced(folder: str) -> None:
    document = vector("vc-di-eddsa/TestVectors/unsigned.json")
    assert canonical(document, contexts_with_examples()) == vector_bytes(f"{folder}canonDocDataInt.txt").decode()
    config = vector(f"{folder}proofConfigDataInt.json")
    assert canonical(config, contexts_with_examples()) == vector_bytes(f"{folder}proofCanonDataInt.txt").decode()


@needs_vectors
def test_the_1edtech_vector_is_reproduced() -> None:
    document = vector("1edtech-vector-ob-signed.json")
    proof = {key: value for key, value in document.pop("proof").items() if key != "proofValue"}
    folder = "ob3/ob_v3p0/impl/test-vectors/obv3p0/"
    assert canonical(document, contexts()) == vector_bytes(f"{folder}document-canon.txt").decode()
    assert canonical({"@context": document["@context"], **proof}, contexts()) == vector_bytes(f"{folder}proof-canon.txt").decode()


def changed(path: str, value: object) -> dict[str, Any]:
    """A sound document in which one field, "/" between the steps to it, is something else."""
    document = copy.deepcopy(unsigned())
    *steps, last = path.split("/") if "//" not in path else [path]
    place: Any = document
    for step in steps:
        place = place[step]
    place[last] = value
    return document


LOSSY = {
    "an unknown field": changed("mood", "cheerful"),
    "an unknown field deep inside": changed("credentialSubject/achievement/mood", "cheerful"),
    "an unknown type": changed("type", ["VerifiableCredential", "OpenBadgeCredential", "Mood"]),
    "a relative id": changed("id", "credentials/1"),
    "an id relative to the scheme": changed("id", "//evil.example/1"),
    "an empty id": changed("id", ""),
    "an id with a space": changed("id", "https://badges.example.org/a b"),
    "an id with an angle bracket": changed("id", "https://badges.example.org/<b>"),
    "a null value object": changed("name", {"@value": None}),
    "a language without a text": changed("name", {"@language": "en"}),
    "a language that is none": changed("name", {"@value": "Vision", "@language": "en_US"}),
    "a reserved keyword": changed("@mood", "cheerful"),
    "an id that looks like a keyword": changed("id", "@mood"),
    "a type that is a keyword": changed("type", ["VerifiableCredential", "@json"]),
    "a blank node as field": changed("_:mood", "cheerful"),
    "a scalar where a thing belongs": changed("credentialSubject", "Dana"),
    "an achievement without a type": changed("credentialSubject/achievement/type", []),
    "the 1EdTech schema type without its context": changed(
        "credentialSchema", {"id": "https://x.example/", "type": "1EdTechJsonSchemaValidator2019"}
    ),
    "a relative datatype": changed("name", {"@value": "Vision", "@type": "text"}),
    "a field name with a space": changed("https://x.example/a b", "x"),
    "a part of a graph that says nothing": changed("proof", {"id": "urn:x:y"}),
    "a number that readers round": changed("credentialSubject/creditsEarned", 2**53),
    "an endless number": changed("credentialSubject/creditsEarned", float("inf")),
    "a graph of its own": changed("@graph", [{"id": "urn:x:y", "name": "x"}]),
    "nothing at all": {},
    "only an id": {"@context": unsigned()["@context"], "id": "urn:x:y"},
}


@pytest.mark.parametrize("document", LOSSY.values(), ids=LOSSY.keys())
def test_what_json_ld_would_drop_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        canonical(document, contexts())
    assert refusal.value.remedy


@pytest.mark.parametrize("context", [{"name": "https://evil.example/name"}, None, 5, [["https://www.w3.org/ns/credentials/v2"]]])
def test_a_credential_may_not_redefine_its_terms(context: object) -> None:
    for place in ("evidence", "credentialSubject"):
        with pytest.raises(Invalid, match="redefines its own terms"):
            canonical(changed(place, {"@context": context, "type": "Evidence", "name": "x"}), contexts())


def test_an_unknown_context_cannot_be_told() -> None:
    document = unsigned()
    with pytest.raises(CannotTell):
        canonical({**document, "@context": [*document["@context"], "https://evil.example/"]}, contexts())


def test_control_characters_are_escaped_as_canonical_n_quads_wants() -> None:
    text = canonical(changed("name", 'a\x00\x08\t\n\x0b\x0c\r\x1f"\\\x7fé\u2028😀'), contexts())
    assert r'"a\u0000\b\t\n\u000B\f\r\u001F\"\\\u007Fé' + "\u2028😀" + '"' in text


def test_a_thing_with_hundreds_of_values_is_given_up_on() -> None:
    names = [str(number) for number in range(MAX_ALIKE + 1)]
    assert '"249"' in canonical({**unsigned(), "name": names[:-1]}, contexts())
    with pytest.raises(CannotTell, match="too many values"):
        canonical({**unsigned(), "name": names}, contexts())


def test_true_one_and_their_texts_stay_four_different_values() -> None:
    text = canonical(changed("name", [True, 1, "true", "1"]), contexts())
    for literal in (
        '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"true" .',
        '"1" .',
    ):
        assert literal in text


@pytest.mark.parametrize(("number", "text"), [(5, "5"), (5.0, "5"), (2.5, "2.5E0"), (0.1, "1.0E-1"), (-1.5e-7, "-1.5E-7"), (-0.0, "0")])
def test_numbers_have_one_form(number: float, text: str) -> None:
    assert f'"{text}"^^' in canonical(changed("credentialSubject/creditsEarned", number), contexts())


def test_the_order_of_fields_and_spaces_does_not_matter() -> None:
    document = unsigned()
    shuffled = json.loads(json.dumps(dict(reversed(document.items())), indent=3))
    assert canonical(shuffled, contexts()) == canonical(document, contexts())
