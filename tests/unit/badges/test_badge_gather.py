"""Several credentials in one learner record, each signed by itself."""

import json

import pytest

from cairn.pure.badges import Profile, email_identity, gather, name_identity, verify
from tests.badges_world import NOW, SITE, VECTORS, contexts, issuer_document, needs_vectors, signed, status_list

SCHEMA = "conform-ed/packages/coverage/vendor/clr/v2_0/clr_v2p0_clrcredential_schema.json"


def record():
    issuer = Profile(id="did:web:badges.example.org", name="River Bend Institute", url=SITE)
    person = (email_identity("dana@example.org", "salt"), name_identity("Dana Whitfield"))
    return gather(f"{SITE}/records/1", "What Dana has earned", [signed()], issuer=issuer, person=person, made_at=NOW)


def test_each_credential_in_a_record_verifies_as_it_did_alone():
    child = record()["credentialSubject"]["verifiableCredential"][0]
    told = verify(json.dumps(child), resolve_did=lambda did: issuer_document(), resolve_status=lambda url: json.dumps(status_list()),
                  contexts=contexts(), now=NOW)  # fmt: skip
    assert told.verdict == "valid"


def test_a_record_says_that_it_is_a_part_and_names_nothing_that_is_not_there():
    made = record()
    assert made["partial"] is True
    assert "proof" not in made
    assert [one["identityType"] for one in made["credentialSubject"]["identifier"]] == ["emailAddress", "name"]


@needs_vectors
def test_a_record_fits_the_published_schema():
    jsonschema = pytest.importorskip("jsonschema", reason="the schema's checker is a tool of tests")
    schema = json.loads((VECTORS / SCHEMA).read_text())
    found = [error.message for error in jsonschema.Draft201909Validator(schema).iter_errors(record())]
    assert found == []
