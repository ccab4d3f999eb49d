"""Credentials on the web: the public page, machine documents, revoking, what an issuer sees, and the chain of facts."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from cairn.apps.assessment import commands as assessment
from cairn.apps.credentials import commands
from cairn.apps.credentials import queries as credentials
from cairn.apps.credentials.models import Credential, StatusReason
from cairn.apps.ledger.models import Fact
from cairn.apps.people import commands as people
from cairn.apps.people.models import Account, Person
from cairn.apps.people.queries import actor_of
from cairn.apps.reports.queries import declared_events
from cairn.frame.actor import VISITOR
from cairn.interfaces.web import chained
from cairn.pure import badges
from cairn.site import worker
from tests.world import World

SECRET = "She told us on the phone that it was her colleague's."


def browser(actor=None) -> Client:
    client = Client(headers={"host": "localhost"})
    if actor is not None:
        client.force_login(Account.objects.get(person__pk=actor.person_id))
    return client


def text_of(answer) -> str:
    return answer.content.decode()


class Earned(TestCase):
    """Dana has earned a credential; Ada is an admin of its issuer, Olga an operator."""

    @classmethod
    def setUpTestData(cls):
        cls.world = World()
        cls.dana, cls.enrollment = cls.world.earned(cls.world.person("Dana Whitfield"))
        cls.ada = cls.world.person("Ada Stone", organization_admin=cls.world.issuer)
        cls.olga = cls.world.person("Olga Stone", operator=cls.world.issuer)
        cls.credential = Credential.objects.get()
        cls.path = f"/credentials/{cls.credential.pk}"

    def get(self, path, actor=None, **headers):
        return browser(actor).get(path, headers=headers)

    def revoke(self, reason=SECRET):
        commands.revoke(actor=actor_of(self.ada.person_id), credential_id=self.credential.pk, reason=reason)


class TestThePage(Earned):
    def test_it_says_what_was_earned_by_whom_and_that_it_is_valid(self):
        page = text_of(self.get(f"{self.path}/"))
        content = self.world.content(self.credential.version_id)
        for words in (
            "Dana Whitfield earned", content.title, "River Bend Institute", "Two assessors scored the evidence independently", "Valid",
            f"{len(credentials.CHECKS)} of {len(credentials.CHECKS)} checks passed", self.credential.version.content_hash,
        ):  # fmt: skip
            assert words in page
        for title, _ in credentials.CHECKS.values():
            assert title in page

    def test_it_needs_no_account_and_is_not_for_search_engines(self):
        answer = self.get(f"{self.path}/")
        assert answer.status_code == 200
        assert not answer.cookies
        assert '<meta name="robots" content="noindex">' in text_of(answer)

    def test_a_name_that_its_earner_hides_is_not_on_it(self):
        assert "Dana" in text_of(self.get(f"{self.path}/"))
        people.change_profile(actor=self.dana, name="Dana Whitfield", time_zone="America/Chicago", shows_name=False)
        for path in (f"{self.path}/", f"{self.path}/", self.path):
            page = text_of(self.get(path))
            assert "Dana" not in page
            assert "keeps their name private" in page
        assert "and keeps it" in text_of(self.get(f"{self.path}/", self.dana))
        answer = browser().post("/verify/", {"address": f"http://localhost{self.path}/"})
        assert "Valid" in text_of(answer)
        assert "Dana" not in text_of(answer)

    def test_links_to_managing_are_there_for_those_who_may(self):
        for actor, shown in ((None, False), (self.dana, False), (self.ada, True), (self.olga, True)):
            assert (f"{self.path}/manage/" in text_of(self.get(f"{self.path}/", actor))) is shown
        assert "This is yours" in text_of(self.get(f"{self.path}/", self.dana))

    def test_a_revoked_one_says_so_at_once_and_keeps_the_reason_to_itself(self):
        self.revoke()
        page = text_of(self.get(f"{self.path}/"))  # before the worker has signed the status list anew
        assert "Revoked on" in page
        assert "Do not rely on it" in page
        assert "phone" not in page
        worker.drain()
        page = text_of(self.get(f"{self.path}/"))
        assert "Revoked on" in page
        assert "phone" not in page
        commands.reinstate(actor=actor_of(self.ada.person_id), credential_id=self.credential.pk, reason="An error of ours.")
        assert "Revoked" not in text_of(self.get(f"{self.path}/"))

    def test_nothing_is_there_for_an_address_that_is_none(self):
        for wrong in ("0" * 20, "x", "%00", "a" * 3000, self.credential.pk.upper()):
            for path in (f"/credentials/{wrong}", f"/credentials/{wrong}/", f"/credentials/{wrong}.json", f"/credentials/{wrong}.png"):
                assert self.get(path).status_code == 404, path
                assert self.get(path, accept="application/json").status_code == 404, path

    def test_it_takes_as_many_queries_however_many_there_are(self):
        def count() -> int:
            self.get(f"{self.path}/")
            with CaptureQueriesContext(connection) as asked:
                self.get(f"{self.path}/")
            return len(asked)

        before = count()
        _, enrollment = self.world.submitted(self.world.person("Paul Whitcomb"))
        for sheet in self.world.sheets(enrollment):
            self.world.score(sheet)
        assert Credential.objects.count() == 2
        assert count() == before


class TestDocuments(Earned):
    def test_software_gets_the_signed_bytes_at_the_credentials_own_id(self):
        own_id = json.loads(self.credential.signed)["id"]
        assert own_id == f"{settings.SITE_URL}{self.path}"
        for accept in ("application/vc+ld+json", "application/ld+json", "application/json", "application/json, text/plain, */*"):
            for path in (self.path, f"{self.path}/"):
                answer = self.get(path, accept=accept)
                assert answer.content == self.credential.signed.encode()
                assert answer["Content-Type"] == "application/vc+ld+json"
                assert answer["Access-Control-Allow-Origin"] == "*"
                assert "Accept" in answer["Vary"]

    def test_people_get_the_page_there(self):
        for accept in ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*", "", "garbage", "image/png"):
            for path in (self.path, f"{self.path}/"):
                answer = self.get(path, accept=accept)
                assert answer["Content-Type"].startswith("text/html")
                assert "Accept" in answer["Vary"]

    def test_a_document_is_sent_again_only_when_it_changed(self):
        for path in (f"{self.path}.json", f"{self.path}.png", "/.well-known/did.json", "/status/1"):
            first = self.get(path)
            again = self.get(path, if_none_match=first["ETag"])
            assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
            assert again["Access-Control-Allow-Origin"] == "*"

    def test_the_picture_holds_the_signed_bytes_exactly_once(self):
        picture = self.get(f"{self.path}.png").content
        assert badges.unbake(picture) == self.credential.signed
        assert picture.count(b"openbadgecredential") == 1
        assert self.get(f"{self.path}.png").content == picture

    def test_a_picture_is_drawn_once_and_drawn_anew_where_it_is_gone(self):
        picture = self.get(f"{self.path}.png").content
        drawn = settings.FOLDER.path / "drawn"
        (kept,) = [file for file in drawn.iterdir() if file.read_bytes()[-50:] == picture[-50:]]
        written = kept.stat().st_mtime_ns
        self.get(f"{self.path}.png")
        assert kept.stat().st_mtime_ns == written
        kept.unlink()
        assert self.get(f"{self.path}.png").content == picture
        assert {file.suffix for file in drawn.iterdir()} == {".png"}

    def test_the_badge_of_the_catalog_is_there_as_picture_and_drawing(self):
        slug = self.world.microcredential.slug
        picture = self.get(f"/catalog/{slug}/badge.png")
        assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
        assert picture["Access-Control-Allow-Origin"] == "*"  # wallets and verifiers anywhere show it
        assert self.get(f"/catalog/{slug}/badge.png", **{"if-none-match": picture["ETag"]}).status_code == 304
        drawing = self.get(f"/catalog/{slug}/badge.svg")
        assert drawing["Content-Type"] == "image/svg+xml"
        assert b'xmlns="http://www.w3.org/2000/svg"' in drawing.content
        assert self.get("/catalog/nothing/badge.svg").status_code == 404

    def test_did_and_status_list_are_what_a_verifier_needs(self):
        did, status = self.get("/.well-known/did.json"), self.get("/status/1")
        assert did["Content-Type"] == "application/json"
        assert status["Content-Type"] == "application/vc+ld+json"
        assert "max-age=30" in status["Cache-Control"]
        told = badges.verify(
            self.credential.signed, resolve_did=lambda name: did.json(), resolve_status=lambda url: status.content,
            contexts=credentials.contexts(), now=worker.clock.now(),
        )  # fmt: skip
        assert told.verdict == "valid"

    def test_there_is_no_status_list_of_another_number(self):
        for number in ("0", "2", "99999999999999999999"):
            assert self.get(f"/status/{number}").status_code == 404

    def test_documents_of_a_revoked_one_stay_and_only_the_list_says_so(self):
        before = self.get("/status/1").content
        self.revoke()
        worker.drain()
        assert self.get(f"{self.path}.json").content == self.credential.signed.encode()
        assert self.get("/status/1").content != before
        assert SECRET.encode() not in self.get("/status/1").content


class TestRevoking(Earned):
    def manage(self, actor, **sent):
        return browser(actor).post(f"{self.path}/manage/", {"reason": SECRET, "change": "revoke", **sent})

    def state(self):
        return Credential.objects.values_list("state", flat=True).get(pk=self.credential.pk)

    def test_only_the_issuers_admins_and_operators_find_the_page(self):
        elsewhere = self.world.person("Ed Stone", organization_admin=self.world.organization())
        reader = actor_of(self.world.sheets(self.enrollment)[0].assessor_id)
        for actor in (self.dana, elsewhere, reader, self.world.person()):
            for path in (f"{self.path}/manage/", f"{self.path}/chain/"):
                assert self.get(path, actor).status_code == 404
            assert self.manage(actor).status_code == 404
            assert self.get(f"/org/{self.world.issuer.slug}/credentials/", actor).status_code == 404
        assert self.get(f"{self.path}/manage/")["Location"].startswith("/account/login/")
        assert self.state() == "issued"
        for actor in (self.ada, self.olga):
            assert self.get(f"{self.path}/manage/", actor).status_code == 200

    def test_it_is_revoked_and_given_back_each_with_its_reason(self):
        assert self.manage(self.ada).status_code == 302
        assert self.state() == "revoked"
        page = text_of(self.get(f"{self.path}/manage/", self.olga))
        assert "phone" in page
        assert "Ada Stone" in page
        assert self.manage(self.olga, change="reinstate", reason="An error of ours.").status_code == 302
        assert self.state() == "issued"
        assert StatusReason.objects.count() == 2

    def test_a_reason_is_required(self):
        for reason in ("", "   ", "x" * 5000, "a\x00b"):
            answer = self.manage(self.ada, reason=reason)
            assert answer.status_code == 422
            assert "Nothing was changed" in text_of(answer)
        assert self.state() == "issued"

    def test_what_it_already_is_it_cannot_become(self):
        self.manage(self.ada)
        answer = self.manage(self.ada)
        assert answer.status_code == 422
        assert "is revoked, so it cannot become revoked" in text_of(answer)
        assert self.manage(self.ada, change="").status_code == 422
        assert StatusReason.objects.count() == 1

    def test_a_double_click_revokes_once(self):
        for _ in range(2):
            assert self.manage(self.ada, key="0" * 19 + "1").status_code == 302
        assert StatusReason.objects.count() == 1

    def test_what_was_revoked_before_it_was_signed_is_never_signed(self):
        _, enrollment = self.world.submitted(self.world.person("Paul Whitcomb"))
        first, second = self.world.sheets(enrollment)
        self.world.score(first)
        self.world.score(second, lock=False)
        assessment.lock_sheet(actor=actor_of(second.assessor_id), sheet_id=second.pk)
        while not Credential.objects.filter(enrollment=enrollment).exists():
            assert worker.work_once()
        early = Credential.objects.get(enrollment=enrollment)
        assert early.state == "intended"
        assert self.get(f"/credentials/{early.pk}/").status_code == 404
        assert self.get(f"/credentials/{early.pk}/", self.ada).status_code == 404
        assert "not signed yet" in text_of(self.get(f"/credentials/{early.pk}/manage/", self.ada))
        assert self.get(f"/credentials/{early.pk}/chain/", self.ada).status_code == 200
        browser(self.ada).post(f"/credentials/{early.pk}/manage/", {"change": "revoke", "reason": "Stop it."})
        worker.drain()
        early.refresh_from_db()
        assert (early.state, early.signed) == ("revoked", "")
        answer = browser(self.ada).post(f"/credentials/{early.pk}/manage/", {"change": "reinstate", "reason": "Do sign it."})
        assert answer.status_code == 422
        assert self.get(f"/credentials/{early.pk}.json").status_code == 404

    def test_an_issuer_lists_what_it_has_issued(self):
        page = text_of(self.get(f"/org/{self.world.issuer.slug}/credentials/", self.ada))
        assert "One credential issued" in page
        assert "Dana Whitfield" in page
        assert f"{self.path}/manage/" in page
        for number in ("0", "7", "x"):
            assert self.get(f"/org/{self.world.issuer.slug}/credentials/?page={number}", self.ada).status_code == 200
        other = self.world.organization()
        assert "Nothing issued yet" in text_of(self.get(f"/org/{other.slug}/credentials/", self.olga))


class TestTheChain(Earned):
    def chain(self, actor=None):
        return text_of(self.get(f"{self.path}/chain/", actor or self.ada))

    def test_it_goes_from_the_rule_to_the_latest_change_with_every_leaf(self):
        self.revoke()
        worker.drain()
        page = self.chain()
        assert "Every link of this chain holds" in page
        told = ("The rule came into force", "The educator began", "Attempt 1 was submitted", "became a case", "given to assessor 1",
                "given to assessor 2", "A sheet was locked by assessor", "Attempt 1 was decided: earned", "number was fixed",
                "The credential was signed", "The credential was revoked", "Status list 1 was signed anew")  # fmt: skip
        places = [page.index(words) for words in told]
        assert places == sorted(places)
        for fact in Fact.objects.filter(thread=self.enrollment.pk):
            assert fact.uid in page
            assert fact.leaf in page
        assert "does not match" not in page

    def test_nobody_learns_from_it_who_scored_or_why_it_was_revoked(self):
        self.revoke()
        page = self.chain(self.olga)
        readers = [sheet.assessor_id for sheet in self.world.sheets(self.enrollment)]
        assert len(readers) == 2
        for name, email, pk in Person.objects.filter(pk__in=readers).values_list("name", "email", "pk"):
            assert name not in page
            assert email not in page
            assert pk not in page
        assert "phone" not in page
        assert self.ada.person_id in page  # who revoked is no secret to those who may revoke

    def test_a_fact_that_was_altered_is_shown_not_to_hold(self):
        fact = Fact.objects.get(thread=self.enrollment.pk, kind="assessment.decided")
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER ledger_fact_no_update" + (" ON ledger_fact" if connection.vendor == "postgresql" else ""))
            cursor.execute("UPDATE ledger_fact SET body = REPLACE(body, 'earned', 'earnt') WHERE id = %s", [fact.pk])
        page = self.chain()
        assert "This chain does not hold" in page
        assert page.count("does not match") == 1

    def test_a_link_that_is_gone_is_named(self):
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER ledger_fact_no_update" + (" ON ledger_fact" if connection.vendor == "postgresql" else ""))
            cursor.execute("UPDATE ledger_fact SET thread = '' WHERE kind = 'portfolio.submitted'")
        page = self.chain()
        assert "This chain does not hold" in page
        assert "portfolio.submitted" in page

    def test_a_file_that_is_not_the_recorded_one_is_noticed(self):
        with connection.cursor() as cursor:
            on = " ON credentials_credential" if connection.vendor == "postgresql" else ""
            cursor.execute("DROP TRIGGER credentials_credential_no_update" + on)
            cursor.execute("UPDATE credentials_credential SET signed = REPLACE(signed, 'Dana', 'Dora')")
        assert "The signed file is not the one that was recorded" in self.chain()
        assert "Do not rely on it" in text_of(self.get(f"{self.path}/"))

    def test_an_attempt_that_was_split_shows_the_lead_by_part_alone(self):
        lead = self.world.lead()
        _, enrollment = self.world.submitted(self.world.person("Paul Whitcomb"))
        first, second = self.world.sheets(enrollment)
        self.world.score(first)
        self.world.score(second, {"1a": "developing"})
        (own,) = self.world.sheets(enrollment, kind="lead")
        self.world.score(own)
        credential = Credential.objects.get(enrollment=enrollment)
        page = text_of(self.get(f"/credentials/{credential.pk}/chain/", self.ada))
        for words in ("The readers parted", "given to lead assessor 1", "A sheet was locked by lead assessor 1", "By 1 sheet"):
            assert words in page
        assert lead.person_id not in page
        public = text_of(self.get(f"/credentials/{credential.pk}/"))
        assert "a lead assessor then scored it anew" in public


def test_the_chain_speaks_of_kinds_of_facts_that_there_are():
    assert set(chained.SAID) <= set(declared_events())


@pytest.mark.django_db
def test_the_site_has_a_did_document_before_its_first_credential():
    answer = browser().get("/.well-known/did.json")
    assert answer.status_code == 200
    assert answer.json()["id"] == credentials.issuer_did()
    assert answer.json()["verificationMethod"] == []
    assert credentials.did_document(VISITOR) == answer.json()
