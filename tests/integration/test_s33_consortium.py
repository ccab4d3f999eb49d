"""S33: an association in Illinois writes, one in Wisconsin takes it up; each sees its own learners alone."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, transaction

from cairn.apps.assessment import commands as assessment
from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog import queries
from cairn.apps.catalog.models import Adoption, MicrocredentialVersion
from cairn.apps.comms.models import Letter
from cairn.apps.credentials.models import Credential
from cairn.apps.credentials.queries import verify
from cairn.apps.ledger.models import Fact
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries as enrollments
from cairn.frame.actor import VISITOR
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.consortium_world import Association
from tests.integration.test_public_pages import client_of, text_of
from tests.packs_world import dump, microcredential
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
TITLE = "Reflective Coaching"


class Consortium:
    """Illinois wrote one; Wisconsin has a program, an admin, an author and a coordinator of its own."""

    def __init__(self):
        self.illinois = Association("illinois", "Illinois Leaders Association", (TITLE,)).build()
        self.wisconsin = Association("wisconsin", "Wisconsin Leaders Association", ("Data Talks",)).build()
        self.mc = self.illinois.microcredential
        self.author = self.wisconsin.person("Wes Writer", author=self.wisconsin.issuer)
        self.admin = self.wisconsin.person("Wanda Admin", organization_admin=self.wisconsin.issuer)
        self.issuing = self.illinois.person("Ida Admin", organization_admin=self.illinois.issuer)

    def share(self, mode):
        return catalog.set_sharing(actor=self.issuing, organization_id=self.illinois.issuer.pk, mode=mode)

    def adopt(self, actor=None):
        return catalog.adopt(actor=actor or self.admin, microcredential_id=self.mc.pk, organization_id=self.wisconsin.issuer.pk)

    def fork(self, actor=None, slug="reflective-coaching-wisconsin"):
        return catalog.fork(actor=actor or self.author, microcredential_id=self.mc.pk, organization_id=self.wisconsin.issuer.pk, slug=slug)

    def write_next(self):
        """The original at version 1.1: other words in two sections, the rubric as it was."""
        told = microcredential(self.mc.slug) | {"title": TITLE, "aliases": [], "number": "1.1"}
        told |= {"rationale": ["It helps a great deal."], "resources": [{"title": "Another book", "reference": "In any library"}]}
        catalog.import_pack(actor=SYSTEM, files=self.illinois.files | {f"{self.mc.slug}.yaml": dump(told)})

    def earn(self, mc, program):
        """Somebody earns it in the program, read by two of its issuer's assessors."""
        readers = [self.illinois.person(f"Reader{n} Stone", assessor=mc.issuer) for n in range(2)]
        offering = self.illinois.open_to_all(mc, program)
        learner = self.illinois.person("Lee Learner")
        run = programs.enroll(actor=learner, offering_id=offering.pk)
        self.illinois.fill(learner, run)
        portfolio.submit(actor=learner, enrollment_id=run.pk)
        drain()
        for sheet in self.illinois.sheets(run):
            for detail in sheet.case.open_details:
                assessment.record_score(actor=actor_of(sheet.assessor_id), sheet_id=sheet.pk, detail=detail, level="proficient",
                                        rationale="Page 1 shows it.", advice="", revision=0)  # fmt: skip
            assessment.lock_sheet(actor=actor_of(sheet.assessor_id), sheet_id=sheet.pk)
        drain()
        assert len(readers) == 2
        return Credential.objects.get(enrollment=run)


@pytest.fixture
def both(db):
    return Consortium()


# --- Adopting -------------------------------------------------------------------------------------------------------------


def test_what_is_open_is_adopted_at_once_and_stands_in_the_partners_catalog(both):
    both.share("open")
    assert both.adopt().state == "adopted"
    assert [line.title for line in queries.adopted_by(VISITOR, both.wisconsin.issuer.pk)] == [TITLE]
    visitor = client_of(both.wisconsin.person("Vic Visitor"))
    assert TITLE in text_of(visitor.get("/org/wisconsin/"))
    assert "Adopted by Wisconsin Leaders Association" in text_of(visitor.get(f"/catalog/{both.mc.slug}/"))


def test_on_request_the_issuer_answers_first(both):
    asked = both.adopt()
    assert asked.state == "asked"
    assert queries.adopted_by(VISITOR, both.wisconsin.issuer.pk) == []
    assert not Adoption.objects.visible_to(VISITOR).exists()
    with pytest.raises(Forbidden):
        catalog.answer_adoption(actor=both.admin, adoption_id=asked.pk, is_let=True)
    shown = client_of(both.issuing).get("/org/illinois/shared/")
    assert f"Wisconsin Leaders Association: {TITLE} Asks to adopt it" in text_of(shown)
    client_of(both.issuing).post(f"/org/illinois/shared/asked/{asked.pk}/", {"act": "let", "key": new_id()})
    asked.refresh_from_db()
    assert asked.state == "adopted"
    with pytest.raises(Conflict, match="cannot become"):
        catalog.answer_adoption(actor=both.issuing, adoption_id=asked.pk, is_let=False)


def test_those_who_answer_and_those_who_asked_are_told(both):
    asked = both.adopt()
    drain()
    catalog.answer_adoption(actor=both.issuing, adoption_id=asked.pk, is_let=False)
    drain()
    both.share("open")
    both.adopt()
    drain()
    told = [(letter.person_id, letter.subject) for letter in Letter.objects.filter(kind__startswith="catalog.").order_by("created_at")]
    assert told == [
        (both.issuing.person_id, f"Wisconsin Leaders Association asks to adopt {TITLE}"),
        (both.admin.person_id, f"{TITLE} stays with Illinois Leaders Association"),
    ]


def test_a_request_may_be_declined_and_made_again(both):
    first = both.adopt()
    catalog.answer_adoption(actor=both.issuing, adoption_id=first.pk, is_let=False)
    assert both.adopt().pk != first.pk


def test_what_is_closed_is_neither_adopted_nor_forked(both):
    both.share("closed")
    for attempt in (both.adopt, both.fork):
        with pytest.raises(Conflict, match="keeps its micro-credentials to its own programs"):
            attempt()
    assert "Adopt it for" not in text_of(client_of(both.admin).get(f"/catalog/{both.mc.slug}/"))


def test_strangers_and_the_issuers_own_people_adopt_nothing_for_others(both):
    both.share("open")
    for actor in (both.illinois.person("Sam Stranger"), both.issuing):
        with pytest.raises(Forbidden):
            both.adopt(actor)
        with pytest.raises(Forbidden):
            both.fork(actor)
    with pytest.raises(Conflict, match="issues this micro-credential itself"):
        catalog.adopt(actor=both.issuing, microcredential_id=both.mc.pk, organization_id=both.illinois.issuer.pk)
    with pytest.raises(Forbidden):
        catalog.set_sharing(actor=both.admin, organization_id=both.illinois.issuer.pk, mode="open")
    with pytest.raises(Invalid):
        both.share("perhaps")
    path = f"/org/wisconsin/shared/adopt/{both.mc.pk}/"
    assert client_of(both.issuing).get(path).status_code == 404


def test_adopting_twice_or_with_a_used_key_adopts_once(both):
    both.share("open")
    keyed = both.admin.with_key(new_id())
    assert both.adopt(keyed).pk == both.adopt(keyed).pk == both.adopt().pk
    assert Fact.objects.filter(kind="catalog.adopted").count() == 1


def test_an_adoption_ends_and_the_catalog_is_without_it(both):
    both.share("open")
    row = both.adopt()
    client_of(both.admin).post(f"/org/wisconsin/shared/adopted/{row.pk}/end/", {"key": new_id()})
    assert queries.adopted_by(VISITOR, both.wisconsin.issuer.pk) == []
    with pytest.raises(Conflict):
        catalog.end_adoption(actor=both.admin, adoption_id=row.pk)


# --- Forks ----------------------------------------------------------------------------------------------------------------


def test_a_fork_keeps_attribution_and_a_link_to_the_version(both):
    both.share("open")
    draft = both.fork()
    source = MicrocredentialVersion.objects.get(microcredential=both.mc)
    assert (draft.state, draft.forked_from_id, draft.microcredential.issuer_id) == ("draft", source.pk, both.wisconsin.issuer.pk)
    address = f"/catalog/{draft.microcredential.slug}/"
    assert client_of(both.issuing).get(f"{address}1.0/").status_code == 404
    assert "This is a draft." in text_of(client_of(both.author).get(f"{address}1.0/"))
    catalog.publish_draft(actor=both.author, version_id=draft.pk)
    shown = client_of(both.issuing).get(address)
    assert f"Adapted from “{TITLE}”, version 1.0, by Illinois Leaders Association." in text_of(shown)
    assert f'href="/catalog/{both.mc.slug}/1.0/"' in shown.content.decode()
    assert "with Illinois Leaders Association" in text_of(shown)
    draft.refresh_from_db()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        MicrocredentialVersion.objects.filter(pk=draft.pk).update(content_hash="x")


def test_a_fork_asks_first_where_the_issuer_wants_that(both):
    with pytest.raises(Conflict, match="wants to be asked"):
        both.fork()
    asked = both.adopt()
    catalog.answer_adoption(actor=both.issuing, adoption_id=asked.pk, is_let=True)
    assert both.fork().forked_from is not None


def test_a_name_that_leads_elsewhere_is_refused_and_the_same_one_again_answers_with_the_draft(both):
    both.share("open")
    assert both.fork().pk == both.fork().pk
    with pytest.raises(Conflict, match="address of another micro-credential"):
        both.fork(slug=both.wisconsin.microcredential.slug)
    with pytest.raises(Invalid):
        both.fork(slug="Not A Slug")
    response = client_of(both.author).post(f"/org/wisconsin/shared/adopt/{both.mc.pk}/", {"slug": both.mc.slug, "key": new_id()})
    assert response.status_code == 422
    assert "this address leads elsewhere already" in text_of(response)


def test_the_originals_next_version_offers_its_changes_and_chosen_sections_are_taken_over(both):
    both.share("open")
    draft = both.fork()
    catalog.publish_draft(actor=both.author, version_id=draft.pk)
    assert queries.comparison(both.author, draft.microcredential.slug).changes == ()
    with pytest.raises(Conflict, match="no newer version"):
        catalog.take_over(actor=both.author, microcredential_id=draft.microcredential_id, sections=["rationale"])
    both.write_next()
    listed = text_of(client_of(both.author).get("/org/wisconsin/shared/"))
    assert "The original has changed See what version 1.1 changed" in listed
    path = f"/org/wisconsin/shared/forks/{draft.microcredential_id}/"
    shown = client_of(both.author).get(path)
    assert "Illinois Leaders Association changed two sections" in text_of(shown)
    assert "<ins>" in shown.content.decode()
    assert [change.key for change in queries.comparison(both.author, draft.microcredential.slug).changes] == ["rationale", "resources"]
    answer = client_of(both.author).post(path, {"section": ["rationale"], "key": new_id()})
    assert answer.headers["Location"] == f"/catalog/{draft.microcredential.slug}/1.1/"
    taken = MicrocredentialVersion.objects.get(microcredential=draft.microcredential, number="1.1")
    content = queries.content(both.author, taken.pk)
    assert content.rationale == ("It helps a great deal.",)
    assert content.resources[0].title == "A book"
    assert taken.forked_from.number == "1.1"
    catalog.publish_draft(actor=both.author, version_id=taken.pk)
    assert MicrocredentialVersion.objects.get(pk=draft.pk).state == "superseded"
    assert queries.forks_of(both.author, both.wisconsin.issuer.pk)[0].newer == ""


def test_only_the_forks_own_people_compare_take_over_and_publish(both):
    both.share("open")
    draft = both.fork()
    for actor in (both.issuing, both.illinois.person("Sam Stranger")):
        with pytest.raises(NotFound):
            queries.comparison(actor, draft.microcredential.slug)
        with pytest.raises(Forbidden):
            catalog.take_over(actor=actor, microcredential_id=draft.microcredential_id, sections=[])
        with pytest.raises(NotFound):
            catalog.publish_draft(actor=actor, version_id=draft.pk)
    keyed = both.author.with_key(new_id())
    assert catalog.publish_draft(actor=keyed, version_id=draft.pk).pk == catalog.publish_draft(actor=keyed, version_id=draft.pk).pk
    with pytest.raises(Conflict):
        catalog.publish_draft(actor=both.author, version_id=draft.pk)


# --- What the earner gets, and who sees whom ------------------------------------------------------------------------------


@pytest.mark.long
def test_a_badge_of_what_was_adopted_names_the_author_as_issuer_and_the_partner_beside_it(both):
    both.share("open")
    both.adopt()
    credential = both.earn(both.mc, both.wisconsin.program)
    issuer = json.loads(credential.signed)["issuer"]
    assert (issuer["name"], issuer["description"]) == (
        "Illinois Leaders Association", "Issued together with Wisconsin Leaders Association.",
    )  # fmt: skip
    assert verify(VISITOR, credential.signed).verdict == "valid"
    shown = text_of(client_of(both.issuing).get(f"/credentials/{credential.pk}/"))
    assert "Illinois Leaders Association Issued together with Wisconsin Leaders Association." in shown


@pytest.mark.long
def test_a_badge_of_a_fork_names_the_partner_as_issuer_and_the_author_beside_it(both):
    both.share("open")
    draft = both.fork()
    catalog.publish_draft(actor=both.author, version_id=draft.pk)
    issuer = json.loads(both.earn(draft.microcredential, both.wisconsin.program).signed)["issuer"]
    assert (issuer["name"], issuer["description"]) == (
        "Wisconsin Leaders Association", "Issued together with Illinois Leaders Association.",
    )  # fmt: skip


def test_each_association_sees_its_own_learners_alone(both):
    both.share("open")
    both.adopt()
    here, there = both.illinois, both.wisconsin
    runs = {}
    for world, name in ((here, "Ilse Illinois"), (there, "Wim Wisconsin")):
        offering = here.open_to_all(both.mc, world.program)
        runs[world.slug] = programs.enroll(actor=world.person(name), offering_id=offering.pk)
    for world, other in ((here, there), (there, here)):
        coordinator = world.person("Cora Coordinator", coordinator=world.issuer)
        assert [run.person.name for run in enrollments.enrollments_in(coordinator, world.program)] == [runs[world.slug].person.name]
        with pytest.raises(NotFound):
            enrollments.enrollments_in(coordinator, other.program)
        with pytest.raises(NotFound):
            enrollments.enrollment(coordinator, runs[other.slug].pk)
        assert client_of(coordinator).get(f"/programs/{other.program.slug}/board/edit/").status_code == 404
