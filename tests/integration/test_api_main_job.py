"""The main job through the API alone, by everybody who takes part in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cairn.apps.people.models import Account
from cairn.kernel import clock
from cairn.site.worker import drain
from tests import files_world
from tests.api_world import Program, Upload, code
from tests.cast import Cast
from tests.scoring_world import body, opened

pytestmark = pytest.mark.django_db


class Educator:
    """Fills whatever the workspace asks for, as its description says."""

    def __init__(self, world, name="Dana Whitfield") -> None:
        self.program = Program(world.person(name))
        self.enrollment = self.program.post("/enrollments", {"offering": world.offering.pk}).json()["id"]
        self.root = f"/enrollments/{self.enrollment}"

    def work(self):
        return self.program.read(self.root)

    def fill(self):
        for part in self.work()["parts"]:
            for asked in part["narratives"]:
                if not asked["is_locked"]:
                    text = " ".join(["evidence"] * (asked["words_min"] + 1))
                    path = f"{self.root}/narratives/{asked['prompt']}"
                    assert self.program.put(path, {"text": text}, etag=f'"{asked["revision"]}"').status_code == 200
            for slot in part["slots"]:
                for _ in range(slot["files_min"] - len(slot["files"])):
                    assert self.add(slot["key"]).status_code == 201
        for file in self.program.read(f"{self.root}/files")["items"]:
            self.program.put(f"{self.root}/files/{file['id']}", {"title": "Plan", "people_shown": "nobody"})
        for detail in self.work()["open_details"]:
            assert self.cite(detail, file["id"]).status_code == 201

    def add(self, slot, **upload):
        return self.program.post(f"{self.root}/files", Upload(slot, **upload))

    def cite(self, detail, file, **more):
        told = {"detail": detail, "file": file, "page": 1, "explanation": "It shows the plan.", **more}
        return self.program.post(f"{self.root}/citations", told)

    def submit(self):
        answer = self.program.post(f"{self.root}/submit")
        drain()
        return answer


def score(reader: Program, level=None):
    """Everything in the reader's queue, at the bar unless a level is given."""
    for line in reader.read("/scoring/sheets")["items"]:
        path = f"/scoring/sheets/{line['id']}"
        sheet = reader.read(path)
        bar = next(each["key"] for each in sheet["levels"] if each["is_bar"])
        for asked in sheet["lines"]:
            said = {"level": level or bar, "rationale": "Page 1 shows it.", "advice": "Show one more step."}
            assert reader.put(f"{path}/lines/{asked['detail']}", said, etag='"0"').status_code == 200
        assert reader.post(f"{path}/lock").json()["state"] == "locked"
        drain()


@pytest.fixture
def readers(world):
    return [Program(actor) for actor in world.assessors(2)]


def test_from_enrolling_to_a_credential_that_anyone_can_verify(world, readers):
    dana = Educator(world)
    assert dana.work()["step"] == "write"
    assert dana.program.read(f"{dana.root}/check")["may_submit"] is False
    assert code(dana.submit()) == (422, "incomplete")
    dana.fill()
    assert dana.program.read(f"{dana.root}/check") == {"may_submit": True, "gaps": [], "names": [], "unchanged": []}
    assert dana.submit().json()["state"] == "submitted"
    assert (dana.work()["step"], dana.work()["credential"]) == ("waiting", None)
    assert dana.work()["decision_due_at"]
    for reader in readers:
        score(reader)
    work = dana.work()
    assert work["step"] == "earned"
    (told,) = dana.program.read(f"{dana.root}/feedback")["items"]
    assert (told["outcome"], told["readers"], len(told["details"][0]["voices"])) == ("earned", 2, 2)
    public = Program().read(f"/credentials/{work['credential']}")
    assert (public["earner"], public["verification"]["verdict"]) == ("Dana Whitfield", "valid")
    assert [each["id"] for each in dana.program.read("/me/credentials")["items"]] == [work["credential"]]
    signed = Client(headers={"host": "localhost"}).get(f"/credentials/{work['credential']}.json").json()
    for brought in ({"credential": signed}, {"address": signed["id"]}):
        checked = Program().post("/verify", brought, key="").json()
        assert (checked["verdict"], checked["record"]) == ("valid", work["credential"])
    signed["credentialSubject"]["achievement"]["name"] = "Something else"
    assert Program().post("/verify", {"credential": signed}, key="").json()["verdict"] == "invalid"
    assert code(Program().post("/verify", {}, key="")) == (422, "one-of-three")


def test_what_is_not_yet_shown_is_revised_and_scored_again(world, readers):
    dana = Educator(world)
    dana.fill()
    dana.submit()
    for reader in readers:
        score(reader, "developing")
    work = dana.work()
    assert (work["step"], work["attempt"], work["credential"]) == ("revise", 2, None)
    (told,) = dana.program.read(f"{dana.root}/feedback")["items"]
    assert told["outcome"] == "not_yet"
    assert {voice["advice"] for detail in told["details"] for voice in detail["voices"]} == {"Show one more step."}
    dana.program.put(f"{dana.root}/citations/{dana.program.read(f'{dana.root}/citations')['items'][0]['id']}",
                     {"page": 2, "explanation": "Here."}, etag='"1"')  # fmt: skip
    dana.submit()
    for reader in readers:
        score(reader)
    assert dana.work()["step"] == "earned"
    assert [each["state"] for each in dana.program.read(f"{dana.root}/attempts")["items"]] == ["not_yet", "earned"]


def test_a_split_is_settled_by_a_lead_who_sees_the_sheets_once_their_own_is_locked(world, readers):
    dana, lead = Educator(world), Program(world.lead())
    dana.fill()
    dana.submit()
    score(readers[0])
    score(readers[1], "developing")
    (line,) = lead.read("/scoring/desk")["to_settle"]
    assert code(lead.get(f"/scoring/sheets/{line['id']}/comparison")) == (409, "lock-first")
    assert code(readers[0].get("/scoring/desk")) == (404, "not-found")
    score(lead)
    told = lead.read(f"/scoring/sheets/{line['id']}/comparison")
    assert told["outcome"] == "earned"
    assert [len(each["readers"]) for each in told["lines"]] == [2, 2]
    assert lead.read("/scoring/desk")["adjudicated"] == 1
    assert dana.work()["step"] == "earned"


def test_a_case_that_finds_too_few_readers_stands_on_the_desk_in_counts(world):
    dana, lead = Educator(world), Program(world.lead())
    dana.fill()
    dana.submit()
    (waiting,) = lead.read("/scoring/desk")["waiting"]
    assert (waiting["state"], waiting["wanted"], waiting["free"]) == ("waiting", 2, 0)
    assert dana.enrollment not in str(lead.read("/scoring/desk"))


def test_a_reader_who_steps_aside_gives_the_case_to_another(world):
    readers = [Program(actor) for actor in world.assessors(3)]
    dana = Educator(world)
    dana.fill()
    dana.submit()
    first = next(reader for reader in readers if reader.read("/scoring/sheets")["items"])
    (line,) = first.read("/scoring/sheets")["items"]
    assert first.post(f"/scoring/sheets/{line['id']}/step-aside").json()["state"] == "stepped_aside"
    drain()
    assert code(first.get(f"/scoring/sheets/{line['id']}")) == (404, "not-found")
    assert sum(len(reader.read("/scoring/sheets")["items"]) for reader in readers) == 2
    assert first.read("/scoring/sheets")["items"] == []


def test_locked_sheets_stand_in_the_other_list_and_change_no_more(world, readers):
    dana = Educator(world)
    dana.fill()
    dana.submit()
    score(readers[0])
    (line,) = readers[0].read("/scoring/sheets?state=locked")["items"]
    said = {"level": "proficient", "rationale": "Other.", "advice": ""}
    assert code(readers[0].put(f"/scoring/sheets/{line['id']}/lines/1a", said, etag='"1"')) == (409, "sheet-locked")
    assert code(readers[0].post(f"/scoring/sheets/{line['id']}/lock")) == (409, "sheet-locked")


def test_a_comment_bank_keeps_sentences_of_its_reader_alone(world, readers):
    kept = readers[0].post("/scoring/comments", {"text": "Say where."}).json()
    assert readers[0].read("/scoring/comments")["items"] == [kept]
    assert readers[1].read("/scoring/comments")["items"] == []
    readers[1].delete(f"/scoring/comments/{kept['id']}")
    assert readers[0].delete(f"/scoring/comments/{kept['id']}").status_code == 204
    assert readers[0].read("/scoring/comments")["items"] == []


def test_leaving_ends_the_run(world):
    dana = Educator(world)
    assert dana.program.post(f"{dana.root}/withdraw").json()["state"] == "withdrawn"
    prompt = dana.work()["parts"][0]["narratives"][0]["prompt"]
    answer = dana.program.put(f"{dana.root}/narratives/{prompt}", {"text": "More."}, etag='"0"')
    assert code(answer) == (409, "enrollment-ended")


# --- Files ---------------------------------------------------------------------------------------------------------


def test_a_file_is_read_on_the_files_host_alone_and_as_long_as_the_token_works(world):
    dana = Educator(world)
    file = dana.add("plan").json()
    link = f"{dana.root}/files/{file['id']}/link"
    urls = [dana.program.read(link)["url"] for _ in range(2)]
    answer = opened(urls[0])
    assert body(answer).startswith(b"%PDF")
    assert "sandbox" in answer["Content-Security-Policy"]
    (token,) = dana.program.read("/me/tokens")["items"]
    dana.program.delete(f"/me/tokens/{token['id']}")
    assert [opened(url).status_code for url in urls] == [404, 404]


def test_whoever_is_signed_in_gets_a_link_that_ends_with_the_session(world):
    dana = Educator(world)
    file = dana.add("plan").json()
    client = Client(headers={"host": "localhost"})
    client.force_login(Account.objects.get(person__name="Dana Whitfield"))
    url = client.get(f"/api/v1{dana.root}/files/{file['id']}/link").json()["url"]
    assert opened(url).status_code == 200
    client.logout()
    assert opened(url).status_code == 404


def test_a_file_that_is_taken_out_takes_its_citations_along(world):
    dana = Educator(world)
    file = dana.add("plan").json()["id"]
    detail = dana.work()["open_details"][0]
    cited = dana.cite(detail, file).json()
    assert dana.program.delete(f"{dana.root}/files/{file}").status_code == 204
    assert code(dana.program.get(f"{dana.root}/citations/{cited['id']}")) == (404, "not-found")
    assert code(dana.program.get(f"{dana.root}/files/{file}")) == (404, "not-found")


def test_a_place_that_is_not_in_the_file_is_refused_and_named(world):
    dana = Educator(world)
    file = dana.add("plan").json()["id"]
    detail = dana.work()["open_details"][0]
    answer = dana.cite(detail, file, page=9)
    assert code(answer) == (422, "page-unknown")
    assert list(answer.json()["fields"]) == ["page"]
    assert code(dana.cite(detail, file, from_seconds=1)) == (422, "moment-unknown")
    film = dana.program.post(f"{dana.root}/files", Upload("recording", files_world.make_mp4(9), "film.mp4")).json()["id"]
    assert code(dana.cite(detail, film)) == (422, "page-unknown")
    assert code(dana.cite(detail, film, page=None, from_seconds=11)) == (422, "moment-unknown")
    assert code(dana.cite(detail, film, page=None, from_seconds=5, to_seconds=4)) == (422, "moment-order")
    assert dana.cite(detail, film, page=None, from_seconds=5, to_seconds=9).status_code == 201
    assert code(dana.cite("9z", file)) == (409, "detail-locked")
    assert code(dana.cite(detail, "0" * 20)) == (404, "not-found")


def test_a_recording_gets_captions_and_loses_them(world):
    dana = Educator(world)
    film = dana.program.post(f"{dana.root}/files", Upload("recording", files_world.make_mp4(9), "film.mp4")).json()["id"]
    at = f"{dana.root}/files/{film}"
    said = {"language": "en", "text": "WEBVTT\n\n00:01.000 --> 00:04.000\nWhat did you notice first?\n"}
    assert dana.program.read(at)["captions"] is None
    assert dana.program.put(f"{at}/captions", said).json()["captions"] == "en"
    assert code(dana.program.put(f"{at}/captions", {**said, "text": "Not captions."}))[0] == 422
    assert code(dana.program.put(f"{at}/captions", {**said, "language": "xx"})) == (422, "language-unknown")
    assert code(dana.program.put(f"{dana.root}/files/{dana.add('plan').json()['id']}/captions", said)) == (409, "no-recording")
    assert code(Program(world.person("Other Stone")).put(f"{at}/captions", said)) == (404, "not-found")
    for _ in range(2):
        assert dana.program.delete(f"{at}/captions").status_code == 204
    assert dana.program.read(at)["captions"] is None


# --- Those who run it ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def one_cast(standing):
    return Cast()


@pytest.fixture
def cast(one_cast, db):
    return one_cast


def test_a_coordinator_opens_and_closes_offerings_and_sees_who_is_at_work(cast):
    coordinator, program = Program(cast.members["coordinator"]), f"/programs/{cast.program.slug}"
    told = {"microcredential": cast.microcredential.slug, "kind": "pilot", "opens_on": "2026-01-05", "days": 30}
    opened_ = coordinator.post(f"{program}/offerings", told)
    assert opened_.status_code == 201
    assert code(coordinator.post(f"{program}/offerings", {**told, "days": None})) == (422, "no-clock")
    assert coordinator.post(f"/offerings/{opened_.json()['id']}/close").json()["state"] == "closed"
    assert {run["person"] for run in coordinator.read(f"{program}/enrollments")["items"]} == {
        "Dana Whitfield", "Colleague Stone", "Hugo Reed"}  # fmt: skip
    assert opened_.json()["id"] in [each["id"] for each in Program().read(f"{program}/offerings")["items"]]


def test_an_admin_manages_roles_work_and_groups_by_exact_addresses(cast):
    admin, org = Program(cast.members["admin"]), f"/organizations/{cast.issuer.slug}"
    email = Account.objects.get(person__pk=cast.members["stranger"].person_id).email
    given = admin.post(f"{org}/roles", {"email": email, "role": "assessor"}).json()
    assert given["person"]["name"] == "Stranger Stone"
    assert given["id"] in [each["id"] for each in admin.read(f"{org}/roles?limit=100")["items"]]
    assert admin.delete(f"{org}/roles/{given['id']}").status_code == 204
    assert given["id"] not in [each["id"] for each in admin.read(f"{org}/roles?limit=100")["items"]]
    assert code(admin.post(f"{org}/roles", {"email": "nobody@example.org", "role": "assessor"})) == (422, "address-unknown")
    assert code(admin.post(f"{org}/roles", {"email": email, "role": "operator"})) == (403, "operators-only")
    limited = {"email": email, "role": "assessor", "scope": "microcredential", "scope_id": cast.microcredential.pk}
    assert admin.post(f"{org}/roles", limited).json()["scope_name"] == cast.microcredential.title
    assert code(admin.post(f"{org}/roles", {**limited, "scope": "program"})) == (404, "not-found")
    work = admin.post(f"{org}/affiliations", {"email": email, "title": "Teacher", "started_on": "2024-08-01"}).json()
    assert code(admin.put(f"{org}/affiliations/{work['id']}", {"ended_on": "2024-07-01"})) == (422, "ends-before-start")
    assert admin.put(f"{org}/affiliations/{work['id']}", {"ended_on": "2026-05-31"}).json()["ended_on"] == "2026-05-31"
    group = admin.post(f"{org}/groups", {"name": "Friday", "kind": "plc"}).json()
    joined = admin.post(f"{org}/groups/{group['id']}/members", {"email": email}).json()
    (member,) = joined["members"]
    assert admin.delete(f"{org}/groups/{group['id']}/members/{member['person']['id']}").status_code == 204
    assert admin.read(f"{org}/groups/{group['id']}")["members"] == []


def test_an_admin_revokes_and_gives_back_and_reads_the_chain(cast):
    admin = Program(cast.members["admin"])
    (issued,) = admin.read(f"/organizations/{cast.issuer.slug}/credentials")["items"]
    path = f"/credentials/{issued['id']}"
    assert admin.post(f"{path}/revoke", {"reason": "By mistake."}).json()["state"] == "revoked"
    assert Program().read(path)["verification"]["verdict"] == "revoked"
    assert code(admin.post(f"{path}/revoke", {"reason": "Again."}))[0] == 409
    assert admin.post(f"{path}/reinstate", {"reason": "It was right."}).json()["state"] == "issued"
    assert [each["change"] for each in admin.read(f"{path}/record")["reasons"]] == ["revoked", "reinstated"]
    chain = admin.read(f"{path}/chain")
    assert chain["holds"] is True
    assert "By mistake" not in str(chain)
    reader = cast.members["assessor"].person_id
    assert reader not in str(chain)


def test_an_operator_tries_again_and_sets_aside_and_enters_organizations(cast):
    operator = Program(cast.members["operator"])
    assert {line["state"] for line in operator.read("/operations")["queue"]} >= {"parked", "done"}
    (parked,) = operator.read("/operations/deliveries")["items"]
    path = f"/operations/deliveries/{parked['id']}"
    assert operator.post(f"{path}/try-again").json()["state"] == "queued"
    assert code(operator.post(f"{path}/set-aside", {"reason": "Not needed."}))[0] == 409
    new = {"slug": "new-district", "name": "New District", "kind": "district"}
    assert operator.post("/organizations", new).json()["slug"] == "new-district"
    assert Program().read("/organizations/new-district")["name"] == "New District"


def test_an_author_reads_versions_that_others_do_not_see(cast):
    from cairn.apps.catalog.models import MicrocredentialVersion

    draft = MicrocredentialVersion.objects.get(microcredential=cast.microcredential)
    MicrocredentialVersion.objects.create(
        microcredential=cast.microcredential, number="2.0", state="draft", content=draft.content, content_hash=draft.content_hash
    )
    path = f"/catalog/{cast.microcredential.slug}"
    author = Program(cast.person("Author Stone", author=cast.issuer))
    assert [each["number"] for each in author.read(path)["versions"]] == ["2.0", "1.0"]
    assert author.get(f"{path}/versions/2.0").status_code == 200
    for other in (Program(), Program(cast.members["stranger"]), Program(cast.members["assessor"])):
        assert [each["number"] for each in other.read(path)["versions"]] == ["1.0"]
        assert code(other.get(f"{path}/versions/2.0")) == (404, "not-found")


def test_one_changes_ones_own_profile(world):
    dana = Program(world.person("Dana Whitfield"))
    dana.put("/me/profile", {"name": "Dana W.", "time_zone": "America/New_York", "shows_name": False})
    me = dana.read("/me")
    assert (me["name"], me["time_zone"], me["shows_name"]) == ("Dana W.", "America/New_York", False)


def test_a_file_that_waits_for_the_scanner_is_accepted_and_takes_its_place_later(world, settings):
    dana = Educator(world)
    settings.CLAMD = "127.0.0.1:1"  # nobody listens there
    answer = dana.add("plan")
    assert answer.status_code == 202
    assert "waits for the virus scanner" in answer.json()["message"]
    assert dana.program.read(f"{dana.root}/files")["items"] == []
    settings.CLAMD = ""
    with clock.at(clock.now() + timedelta(minutes=10)):
        drain()
    assert [file["slot"] for file in dana.program.read(f"{dana.root}/files")["items"]] == ["plan"]
