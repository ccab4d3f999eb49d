"""The educator's pages over HTTP: home, workspace, citing, check, submit, feedback. Files have a module of their own."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cairn.apps.credentials.commands import revoke
from cairn.apps.credentials.models import Credential
from cairn.apps.people import commands as people
from cairn.apps.people.models import RoleGrant
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Citation, Submission, Writing
from cairn.apps.portfolio.queries import workspace
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment
from cairn.kernel import clock
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests import files_world
from tests.learning_world import answer, autosave, browser, root, seen, words
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
NOBODY = "00000000000000000000"
PAGES = ["", "check/", "feedback/", "withdraw/", "narrative/", "portfolio/", "analysis/", "analysis/1a/", "reflection/"]


@pytest.fixture
def begun(world):
    """An educator who has just begun, signed in."""
    actor, enrollment = world.enrolled()
    return browser(actor), actor, enrollment


@pytest.fixture
def filled(world):
    """An educator whose attempt is complete."""
    actor, enrollment = world.enrolled()
    world.fill(actor, enrollment)
    return browser(actor), actor, enrollment


def not_yet(world, *details):
    """An educator whose first attempt was decided: these details need another try."""
    world.assessors(2)
    actor, enrollment = world.submitted()
    for sheet in world.sheets(enrollment):
        world.score(sheet, dict.fromkeys(details, "developing"))
    drain()
    return browser(actor), actor, enrollment


# --- Who may come in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/home/", "/portfolio/", f"/enroll/{NOBODY}/", *(f"/portfolio/{NOBODY}/{page}" for page in PAGES)])
def test_a_visitor_signs_in_first_and_comes_back(path):
    answer = browser().get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={path}")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["stranger", "coordinator", "nobody's"])
def test_what_is_not_yours_is_not_there(world, page, who):
    _, enrollment = world.enrolled()
    viewer = world.person("Cora Stone", coordinator=world.issuer) if who == "coordinator" else world.person("Stranger Stone")
    run = NOBODY if who == "nobody's" else enrollment.pk
    assert browser(viewer).get(f"/portfolio/{run}/{page}").status_code == 404


@pytest.mark.parametrize(
    "page", ["nowhere/", "analysis/9z/", "portfolio/nowhere/", "narrative/1a/", f"file/{NOBODY}/", f"analysis/1a/cite/{NOBODY}/"]
)
def test_what_does_not_exist_is_not_there(begun, page):
    client, _, enrollment = begun
    assert client.get(root(enrollment) + page).status_code == 404


def test_a_forged_form_changes_nothing(world):
    actor, enrollment = world.enrolled()
    client = browser(actor, enforce_csrf_checks=True)
    for page in ("withdraw/", "submit/", "narrative/"):
        assert client.post(root(enrollment) + page, {"place": "forged"}).status_code == 403
    assert Enrollment.objects.get().state == "active"
    assert not Writing.objects.exists()


# --- Beginning ---------------------------------------------------------------------------------------------------------


def test_beginning_leads_to_the_workspace_with_its_due_date_and_why(world):
    actor = world.person("Dana Whitfield")
    client, offering = browser(actor), world.offering
    before = words(client.get(f"/enroll/{offering.pk}/"))
    page = client.post(f"/enroll/{offering.pk}/", {"key": new_id()}, follow=True)
    enrollment = Enrollment.objects.get()
    assert page.request["PATH_INFO"] == root(enrollment)
    assert enrollment.due_sentence in before
    assert enrollment.due_sentence in words(page)
    assert "11:59 p.m. Central" in words(page)


def test_beginning_twice_is_beginning_once(world):
    client, path, key = browser(world.person("Dana Whitfield")), f"/enroll/{world.offering.pk}/", new_id()
    landed = {client.post(path, {"key": sent})["Location"] for sent in (key, key, new_id())}
    assert landed == {root(Enrollment.objects.get())}
    assert client.get(path)["Location"] == root(Enrollment.objects.get())


def test_an_offering_that_has_ended_says_when(world):
    ended = clock.now().date() - timedelta(days=2)
    offering = world.offer(kind="pilot", last_day=ended)
    page = browser(world.person("Dana Whitfield")).post(f"/enroll/{offering.pk}/", {"key": new_id()})
    assert page.status_code == 409
    assert f"This pilot ended on {ended:%B} {ended.day}, {ended.year}." in words(page)


# --- Home and portfolio ------------------------------------------------------------------------------------------------


def home(client):
    return words(client.get("/home/"))


def test_home_of_a_newcomer_leads_to_the_catalog(world):
    page = browser(world.person("Nia Brooks")).get("/home/")
    assert "Welcome, Nia" in words(page)
    assert 'href="/catalog/">Browse the catalog' in page.content.decode()


def test_home_says_what_to_begin_with_by_when_and_why(begun):
    client, _, enrollment = begun
    assert "Begin Skill 1" in home(client)
    assert "in 120 days" in home(client)
    assert enrollment.due_sentence in home(client)


def test_home_goes_on_where_something_is_missing(begun):
    client, actor, enrollment = begun
    portfolio.write(actor=actor, enrollment_id=enrollment.pk, prompt="place", text="in a small town", revision=0)
    page = client.get("/home/")
    assert "Go on with Skill 1" in words(page)
    assert "One of four parts is done. Next is part 2, Portfolio." in words(page)
    assert f'href="{root(enrollment)}portfolio/#slot-plan"' in page.content.decode()


def test_home_offers_to_submit_what_is_complete(filled):
    client, _, enrollment = filled
    page = client.get("/home/")
    assert "Skill 1 is ready to submit" in words(page)
    assert f'href="{root(enrollment)}check/"' in page.content.decode()


def test_home_waits_for_a_decision_by_its_date(world):
    world.assessors(2)
    actor, _ = world.submitted()
    assert "Skill 1 is with the assessors" in home(browser(actor))
    assert "You hear by" in home(browser(actor))


def test_home_asks_to_revise_what_is_not_yet_shown(world):
    client, _, enrollment = not_yet(world, "1a")
    page = client.get("/home/")
    assert "Revise one detail of Skill 1" in words(page)
    assert "One of two details is shown. Only 1a is open" in words(page)
    assert f'href="{root(enrollment)}feedback/"' in page.content.decode()


def test_home_of_an_earner_leads_to_the_credential(world):
    actor, _ = world.earned()
    page = browser(actor).get("/home/")
    assert "You have earned Skill 1" in words(page)
    assert re.search(r'class="usa-button" href="/credentials/\w{20}/"', page.content.decode())
    assert "1 of 1" in words(page)


def test_home_after_the_due_date_says_whom_to_ask(world):
    actor = world.person("Lara Late")
    with clock.at(clock.now() - timedelta(days=130)):
        world.enrolled(actor)
    assert "Skill 1 was due" in home(browser(actor))
    assert "Ask the program’s coordinator for more time." in home(browser(actor))


def test_what_needs_the_educator_comes_before_what_waits_for_others(world):
    world.assessors(2)
    actor, _ = world.submitted()
    with clock.at(clock.now() + timedelta(days=1)):
        programs.withdraw(actor=actor, enrollment_id=Enrollment.objects.get().pk)
        world.enrolled(actor)
    assert "Begin Skill 1" in home(browser(actor))


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("assessor", "Nothing waits for you"), ("lead_assessor", "Nobody disagrees"), ("operator", "Nothing is parked"),
        ("organization_admin", "Who may do what here"), ("coordinator", "Nothing is open in your programs"), ("author", "Its stacks"),
        ("licensing_officer", "Is this credential real?"), ("coach", "Nobody is in your group yet"),
    ],
)  # fmt: skip
def test_home_leads_who_earns_nothing_to_where_their_first_question_is_answered(world, role, said):
    assert said in words(browser(world.person("Role Stone", **{role: world.issuer})).get("/home/", follow=True))


def test_home_of_a_coach_says_who_is_in_their_group_and_nothing_of_their_work(world):
    coach, educator = world.person("Coach Stone", coach=world.issuer), world.person("Dana Whitfield")
    world.submitted(educator)
    group = people.form_group(actor=SYSTEM, organization_id=world.issuer.pk, name="Circle", kind="coaching")
    for person in (coach, educator):
        people.join_group(actor=SYSTEM, group_id=group.pk, person_id=person.person_id, joined_on=clock.now().date())
    said = home(browser(coach))
    assert "One person in your group" in said
    assert "Dana Whitfield." in said
    assert "Skill 1" not in said.partition("Open to you now")[0]


def test_home_of_an_earner_with_a_role_shows_both(world):
    actor, _ = world.enrolled(world.person("Both Stone", assessor=world.issuer))
    assert "Nothing waits for you to score" in home(browser(actor))
    assert "Begin Skill 1" not in home(browser(actor))
    assert "Begin with part 1, Narrative" in home(browser(actor))


def test_home_says_that_a_credential_was_taken_back_and_whom_to_ask(world):
    actor, _ = world.earned()
    credential = Credential.objects.get()
    revoke(actor=world.person("Admin Stone", organization_admin=world.issuer), credential_id=credential.pk, reason="By mistake.")
    said = home(browser(actor))
    assert "Skill 1 was revoked" in said
    assert f"{world.issuer.name} took it back on" in said
    assert "0 of" in said
    assert "One revoked" in words(browser(actor).get("/portfolio/"))


def test_home_shows_what_else_is_open_while_nothing_is_to_be_done(world):
    world.offering  # noqa: B018 - opens it
    assert "Open to you now" in home(browser(world.person("Nia Brooks")))


def test_home_leads_an_assessor_to_their_queue_and_a_lead_to_what_waits_for_assessors(world):
    first, second = world.assessors(2)
    lead = world.lead()
    world.submitted()
    assert "Open " in words(browser(first).get("/home/", follow=True))
    people.end_role(actor=SYSTEM, grant_id=RoleGrant.objects.get(person_id=second.person_id).pk)
    drain()
    assert "One case waits for somebody to read it" in words(browser(lead).get("/home/", follow=True))


def test_an_empty_portfolio_says_what_will_be_here(world):
    assert "Your portfolio begins with the first stone" in words(browser(world.person("Nia Brooks")).get("/portfolio/"))


def test_the_portfolio_holds_every_run_with_its_attempts(world):
    client, actor, enrollment = not_yet(world, "1a")
    page = words(client.get("/portfolio/"))
    assert "One under way" in page
    assert "First attempt, sent" in page
    assert "Second attempt: open" in page
    programs.withdraw(actor=actor, enrollment_id=enrollment.pk)
    assert "One left" in words(client.get("/portfolio/"))


def test_the_portfolio_leads_to_what_was_earned(world):
    actor, _ = world.earned()
    assert re.search(r'href="/credentials/\w{20}/"', browser(actor).get("/portfolio/").content.decode())


# --- The workspace -----------------------------------------------------------------------------------------------------


def test_a_part_shows_its_questions_beside_what_assessors_look_for(begun):
    client, _, enrollment = begun
    part, detail = words(client.get(f"{root(enrollment)}narrative/")), words(client.get(f"{root(enrollment)}analysis/1a/"))
    assert "Where was it?" in part
    assert "3 to 60 words" in part
    assert "Ask yourself What shows that you did 1a?" in detail
    assert "Shows one case of it." in detail
    assert "Part 3, detail 1 of 2" in detail


def test_every_page_of_a_run_opens_in_each_state(world):
    world.assessors(2)
    actor, enrollment = world.enrolled()
    client = browser(actor)

    def opened():
        return {page: client.get(root(enrollment) + page).status_code for page in PAGES}

    states = [opened()]
    world.fill(actor, enrollment)
    states.append(opened())
    portfolio.submit(actor=actor, enrollment_id=enrollment.pk)
    states.append(opened())
    drain()
    states.append(opened())
    for sheet in world.sheets(enrollment):
        world.score(sheet, {"1a": "developing"})
    states.append(opened())
    assert all(status == 200 for state in states for status in state.values())


def test_what_was_submitted_can_only_be_read(world):
    actor, enrollment = world.submitted()
    for page in ("narrative/", "portfolio/", "analysis/1a/", "reflection/"):
        html = browser(actor).get(root(enrollment) + page).content.decode()
        assert "<textarea" not in html
        assert 'type="file"' not in html
        assert "It stays as you sent it." in html


def test_answers_that_are_shown_are_locked_and_say_so(world):
    client, _, enrollment = not_yet(world, "1a")
    shown, still_open = (client.get(f"{root(enrollment)}analysis/{key}/") for key in ("1b", "1a"))
    assert "Shown" in words(shown)
    assert "carried forward as it stands" in words(shown)
    assert "<textarea" not in shown.content.decode()
    assert "<textarea" in still_open.content.decode()


def test_texts_stand_on_the_page_as_text(begun):
    client, actor, enrollment = begun
    portfolio.write(actor=actor, enrollment_id=enrollment.pk, prompt="place", text="\n</textarea><script>alert(1)</script>", revision=0)
    html = client.get(f"{root(enrollment)}narrative/").content.decode()
    assert "<script>alert" not in html
    assert "\n\n&lt;/textarea&gt;&lt;script&gt;" in html  # a browser drops the first line break of a text box


# --- Saving as one types -----------------------------------------------------------------------------------------------


def test_a_save_answers_with_its_time_version_and_words(begun):
    client, actor, enrollment = begun
    said = autosave(client, enrollment, "place", "in a small town").json()
    assert (said["version"], said["words"]) == (1, 4)
    assert Writing.objects.get().saved_at.isoformat() == said["saved_at"]
    assert answer(actor, enrollment, "place").text == "in a small town"


def test_a_save_over_another_tabs_text_is_refused_and_shows_it(begun):
    client, actor, enrollment = begun
    autosave(client, enrollment, "place", "first tab")
    late = autosave(client, enrollment, "place", "second tab")
    assert late.status_code == 409
    assert late.json()["current"] == {"value": "first tab", "version": 1}
    assert late.json()["message"]
    assert answer(actor, enrollment, "place").text == "first tab"


def test_a_save_sent_twice_is_saved_once(begun):
    client, _, enrollment = begun
    first, again = (autosave(client, enrollment, "place", "the same words") for _ in range(2))
    assert first.json() == again.json()


@pytest.mark.parametrize(
    ("field", "value", "version", "status"),
    [("place", "x" * 60_001, 0, 422), ("place", "words", "", 422), ("place", "words", "-1", 422), ("place", "words", "9" * 20, 422),
     ("nowhere", "words", 0, 404), ("why.nowhere", "words", 0, 404), (f"why.{NOBODY}", "words", 0, 404), ("why.\0", "words", 0, 404),
     ("", "words", 0, 404)],
)  # fmt: skip
def test_a_save_that_cannot_be_kept_says_why(begun, field, value, version, status):
    client, actor, enrollment = begun
    refused = autosave(client, enrollment, field, value, version)
    assert refused.status_code == status
    assert {"message", "remedy"} <= refused.json().keys()
    assert answer(actor, enrollment, "place").text == ""


def test_a_save_after_submitting_is_refused_without_a_second_version(world):
    actor, enrollment = world.submitted()
    refused = autosave(browser(actor), enrollment, "place", "too late", 1)
    assert refused.status_code == 409
    assert "current" not in refused.json()
    assert "was submitted" in refused.json()["message"]


def test_a_save_of_what_is_shown_already_is_refused(world):
    client, actor, enrollment = not_yet(world, "1a")
    refused = autosave(client, enrollment, "analysis-1b", "other", 1, at="analysis/1b/")
    assert refused.status_code == 409
    assert answer(actor, enrollment, "analysis-1b").text == "evidence evidence evidence"


def test_nobody_saves_in_anothers_work(begun, world):
    _, actor, enrollment = begun
    assert autosave(browser(world.person("Stranger Stone")), enrollment, "place", "mine now").status_code == 404
    assert autosave(browser(), enrollment, "place", "mine now")["Location"].startswith("/account/login/")
    assert answer(actor, enrollment, "place").text == ""


def test_a_reason_is_saved_as_one_types_and_never_overwritten(filled):
    client, _, enrollment = filled
    cited = Citation.objects.get(detail="1a")
    saved = autosave(client, enrollment, f"why.{cited.pk}", "Because it says so.", cited.revision, at="analysis/1a/")
    assert saved.json()["version"] == cited.revision + 1
    late = autosave(client, enrollment, f"why.{cited.pk}", "Another tab", cited.revision, at="analysis/1a/")
    assert late.json()["current"]["value"] == "Because it says so."
    cited.refresh_from_db()
    assert (cited.explanation, cited.page) == ("Because it says so.", 1)


# --- Saving without a script -------------------------------------------------------------------------------------------


def save_page(client, enrollment, page, **texts):
    """The page's form, sent as a browser without scripts sends it."""
    sent = {f"seen-{name}": seen(page, name) for name in texts} | texts
    return client.post(page.request["PATH_INFO"], sent | {"key": new_id()})


def test_saving_by_hand_keeps_every_text_and_says_so(begun):
    client, actor, enrollment = begun
    page = client.get(f"{root(enrollment)}reflection/")
    saved = save_page(client, enrollment, page, change="I will listen more", share="My team")
    assert "Saved." in words(client.get(saved["Location"]))
    assert [answer(actor, enrollment, key).text for key in ("change", "share")] == ["I will listen more", "My team"]


def test_a_stale_page_shows_both_texts_and_saves_the_rest(begun):
    client, actor, enrollment = begun
    page = client.get(f"{root(enrollment)}reflection/")
    autosave(client, enrollment, "change", "from another tab", at="reflection/")
    refused = save_page(client, enrollment, page, change="from this tab", share="My team")
    assert refused.status_code == 409
    assert "Nothing was overwritten" in words(refused)
    assert "from another tab" in words(refused)
    assert "from this tab</textarea>" in refused.content.decode()
    assert answer(actor, enrollment, "change").text == "from another tab"
    assert answer(actor, enrollment, "share").text == "My team"
    save_page(client, enrollment, refused, change="from this tab")
    assert answer(actor, enrollment, "change").text == "from this tab"


def test_a_text_that_was_not_touched_does_not_stand_in_the_way_of_another_tab(begun):
    client, actor, enrollment = begun
    page = client.get(f"{root(enrollment)}reflection/")
    autosave(client, enrollment, "change", "from another tab", at="reflection/")
    assert save_page(client, enrollment, page, change="", share="My team").status_code == 302
    assert answer(actor, enrollment, "change").text == "from another tab"


def test_a_text_that_is_too_long_stays_on_the_page_and_the_others_are_saved(begun):
    client, actor, enrollment = begun
    page, long = client.get(f"{root(enrollment)}reflection/"), "word " * 13_000
    refused = save_page(client, enrollment, page, change=long, share="My team")
    assert refused.status_code == 422
    assert "at most 60,000 can be kept" in words(refused)
    assert long.strip() in refused.content.decode()
    assert "data-autosave" not in refused.content.decode()  # it would take what stands there for saved
    assert answer(actor, enrollment, "share").text == "My team"


def test_a_page_that_was_open_while_the_attempt_was_submitted_gives_its_text_back(filled):
    client, actor, enrollment = filled
    page = client.get(f"{root(enrollment)}narrative/")
    portfolio.submit(actor=actor, enrollment_id=enrollment.pk)
    refused = save_page(client, enrollment, page, place="what I still wanted to say")
    assert refused.status_code == 409
    assert "what I still wanted to say" in words(refused)


# --- Citing ------------------------------------------------------------------------------------------------------------


def cite(client, enrollment, detail="1a", **sent):
    return client.post(f"{root(enrollment)}analysis/{detail}/cite/", {"key": new_id(), **sent})


@pytest.fixture
def with_files(world):
    actor, enrollment = world.enrolled()
    document = world.add_file(actor, enrollment, "plan")
    film = world.add_file(actor, enrollment, "recording", files_world.make_mp4(20), "film.mp4")
    return browser(actor), enrollment, document, film


def test_a_place_is_cited_with_its_reason(with_files):
    client, enrollment, document, _ = with_files
    done = cite(client, enrollment, artifact=document.pk, page="2", explanation="The goal stands here.")
    assert done["Location"] == f"{root(enrollment)}analysis/1a/#evidence"
    page = words(client.get(f"{root(enrollment)}analysis/1a/"))
    assert "Page 2" in page
    assert "The goal stands here." in page


@pytest.mark.parametrize(("start", "end", "kept"), [("0:05", "12", (5, 12)), ("7", "", (7, None)), (" 0:07 ", "0:0:15", (7, 15))])
def test_a_moment_is_read_as_a_clock_or_in_seconds(with_files, start, end, kept):
    client, enrollment, _, film = with_files
    assert cite(client, enrollment, artifact=film.pk, from_seconds=start, to_seconds=end).status_code == 302
    assert Citation.objects.values_list("from_seconds", "to_seconds").get() == kept


def test_a_double_click_cites_once(with_files):
    client, enrollment, document, _ = with_files
    sent = {"artifact": document.pk, "page": "1", "explanation": "Here.", "key": new_id()}
    for _ in range(2):
        cite(client, enrollment, **sent)
    assert Citation.objects.count() == 1


@pytest.mark.parametrize(
    ("which", "sent", "said"),
    [
        ("", {}, "Choose a file."),
        ("else", {}, "Choose one of your files."),
        ("document", {}, "Say on which of its 2 pages to look."),
        ("document", {"page": "3"}, "This file has pages 1 to 2."),
        ("document", {"page": "0"}, "Ensure this value is greater than or equal to 1."),
        ("document", {"page": "two"}, "Enter a whole number."),
        ("document", {"page": "1", "from_seconds": "5"}, "This file is no recording."),
        ("film", {}, "Say where in the recording to look"),
        ("film", {"page": "1"}, "A recording has no pages."),
        ("film", {"from_seconds": "4:70"}, "Write a time like 4:10"),
        ("film", {"from_seconds": "100"}, "Give a time that is in the recording."),
        ("film", {"from_seconds": "9", "to_seconds": "3"}, "Give a later end."),
        ("document", {"page": "1", "explanation": "x" * 4001}, "Take out at least 1 characters."),
    ],
)
def test_a_place_that_cannot_be_is_told_at_its_field_with_all_else_kept(with_files, which, sent, said):
    client, enrollment, document, film = with_files
    chosen = {"document": document.pk, "film": film.pk, "else": NOBODY}.get(which, "")
    refused = cite(client, enrollment, artifact=chosen, **({"explanation": "My reason."} | sent))
    assert refused.status_code == 422
    assert said in words(refused)
    assert sent.get("explanation", "My reason.") in refused.content.decode()
    assert f'action="{root(enrollment)}analysis/1a/cite/"' in refused.content.decode()
    assert not Citation.objects.exists()


def test_another_place_in_the_same_file(filled):
    client, _, enrollment = filled
    cited = Citation.objects.get(detail="1a")
    at = f"{root(enrollment)}analysis/1a/cite/{cited.pk}/"
    assert client.get(at).status_code == 200
    done = client.post(at, {"page": "2", "explanation": "Better.", "revision": cited.revision, "key": new_id()})
    assert done["Location"].endswith("analysis/1a/#evidence")
    cited.refresh_from_db()
    assert (cited.page, cited.explanation) == (2, "Better.")
    assert client.post(at, {"page": "9", "explanation": "", "revision": cited.revision, "key": new_id()}).status_code == 422


def test_a_place_that_another_tab_changed_is_shown_beside_ones_own(filled):
    client, actor, enrollment = filled
    cited = Citation.objects.get(detail="1a")
    at, sent = f"{root(enrollment)}analysis/1a/cite/{cited.pk}/", {"page": "1", "explanation": "Mine.", "revision": cited.revision}
    portfolio.change_citation(actor=actor, enrollment_id=enrollment.pk, citation_id=cited.pk, page=2, from_seconds=None, to_seconds=None,
                              explanation="The other.", revision=cited.revision)  # fmt: skip
    refused = client.post(at, sent | {"key": new_id()})
    assert refused.status_code == 409
    assert "Mine." in words(refused)
    assert "The other." in words(refused)
    (current,) = re.findall(r'name="revision" value="(\d+)"', refused.content.decode())
    client.post(at, sent | {"revision": current, "key": new_id()})
    cited.refresh_from_db()
    assert (cited.page, cited.explanation) == (1, "Mine.")


def test_taking_a_citation_out_twice_is_taking_it_out_once(filled):
    client, _, enrollment = filled
    at = f"{root(enrollment)}analysis/1a/cite/{Citation.objects.get(detail='1a').pk}/remove/"
    assert client.get(at).status_code == 302
    assert Citation.objects.filter(detail="1a").exists()
    for _ in range(2):
        assert client.post(at, {"key": new_id()}).status_code == 302
    assert not Citation.objects.filter(detail="1a").exists()


def test_what_is_shown_already_takes_no_more_citations(world):
    client, _, enrollment = not_yet(world, "1a")
    artifact = Citation.objects.first().artifact_id
    assert cite(client, enrollment, "1b", artifact=artifact, page="2", explanation="More.").status_code == 409


def test_without_files_the_detail_leads_to_where_they_are_added(begun):
    client, _, enrollment = begun
    assert "Add your files in part 2, Portfolio" in words(client.get(f"{root(enrollment)}analysis/1a/"))


# --- Check and submit --------------------------------------------------------------------------------------------------


def test_each_gap_leads_to_its_place(begun):
    client, _, enrollment = begun
    page = client.get(f"{root(enrollment)}check/")
    links = re.findall(rf'href="({root(enrollment)}[^"#]+)#([^"]+)"', page.content.decode())
    assert len(links) == len(workspace(begun[1], enrollment.pk).gaps)
    for address, anchor in links:
        assert f'id="{anchor}"' in client.get(address).content.decode()


def test_names_in_a_text_are_warned_of_and_do_not_stand_in_the_way(world):
    school = world.organization("Cedar Ridge School", kind="school")
    actor, enrollment = world.enrolled(world.person("Grace Whitfield", works_at=school))
    world.fill(actor, enrollment)
    assert "Look again" not in words(browser(actor).get(f"{root(enrollment)}check/"))
    text = "By the grace of the principal, cedar ridge school met Grace."
    portfolio.write(actor=actor, enrollment_id=enrollment.pk, prompt="place", text=text, revision=1)
    cited = Citation.objects.get(detail="1a")
    portfolio.change_citation(actor=actor, enrollment_id=enrollment.pk, citation_id=cited.pk, page=1, from_seconds=None, to_seconds=None,
                              explanation="Whitfield wrote it.", revision=1)  # fmt: skip
    page = words(browser(actor).get(f"{root(enrollment)}check/"))
    assert "“Cedar Ridge School” and “Grace” stand in your answer to “Where was it?”." in page
    assert "“Whitfield” stands in what you wrote for 1a." in page
    assert "Submit Skill 1" in page


def test_the_second_attempt_is_warned_of_what_is_not_changed(world):
    client, actor, enrollment = not_yet(world, "1a")
    assert "Nothing is changed in 1a" in words(client.get(f"{root(enrollment)}check/"))
    portfolio.write(actor=actor, enrollment_id=enrollment.pk, prompt="analysis-1a", text="now with one more case", revision=1)
    assert "Nothing is changed" not in words(client.get(f"{root(enrollment)}check/"))


def test_an_incomplete_attempt_is_not_submitted_and_every_gap_is_shown(begun):
    client, actor, enrollment = begun
    refused = client.post(f"{root(enrollment)}submit/", {"key": new_id()})
    assert refused.status_code == 422
    assert "Something is still missing" in words(refused)
    for gap in workspace(actor, enrollment.pk).gaps:
        assert gap.key in refused.content.decode()


def test_submitting_shows_the_fingerprint_and_when_a_decision_is_due(filled, world):
    client, _, enrollment = filled
    world.assessors(2)
    before = words(client.get(f"{root(enrollment)}check/"))
    page = client.post(f"{root(enrollment)}submit/", {"key": new_id()}, follow=True)
    submission = Submission.objects.get()
    assert "You hear within 14 business days" in before
    assert submission.content_hash in words(page)
    assert "You hear within 14 business days" in words(page)
    drain()
    assert "Decision due" in words(client.get(root(enrollment)))


def test_a_double_click_submits_once(filled):
    client, _, enrollment = filled
    key = new_id()
    answers = [client.post(f"{root(enrollment)}submit/", {"key": key}) for _ in range(2)]
    assert [(each.status_code, each["Location"]) for each in answers] == [(302, root(enrollment))] * 2
    assert Submission.objects.filter(state="submitted").count() == 1
    assert client.post(f"{root(enrollment)}submit/", {"key": new_id()}).status_code == 409


def test_a_late_submission_is_told_which_date_ruled_and_keeps_its_work(world):
    actor = world.person("Lara Late")
    with clock.at(clock.now() - timedelta(days=130)):
        _, enrollment = world.enrolled(actor)
        world.fill(actor, enrollment)
    client = browser(actor)
    assert "Submit Skill 1" not in words(client.get(f"{root(enrollment)}check/"))
    refused = client.post(f"{root(enrollment)}submit/", {"key": new_id()})
    assert refused.status_code == 409
    assert "This was due" in words(refused)
    assert enrollment.due_sentence in words(refused)
    assert autosave(client, enrollment, "place", "still mine to change", 1).status_code == 200


def test_visiting_the_address_of_submitting_leads_to_the_check(begun):
    client, _, enrollment = begun
    assert client.get(f"{root(enrollment)}submit/")["Location"] == f"{root(enrollment)}check/"


# --- Feedback ----------------------------------------------------------------------------------------------------------


def test_feedback_begins_with_what_is_not_yet_in_three_voices(world):
    client, _, enrollment = not_yet(world, "1a")
    page = client.get(f"{root(enrollment)}feedback/")
    said = words(page)
    assert "One of two shown. One to go." in said
    voices = [
        "What you showed",
        "Assessor one, Developing: Page 1 shows 1a.",
        "Not yet",
        "Shows one case of it.",
        "What to do",
        "Show one more step.",
    ]
    places = [said.index(voice) for voice in voices]
    assert places == sorted(places)
    assert said.index("What is open") < said.index("What is shown")
    assert f'class="usa-button" href="{root(enrollment)}analysis/1a/"' in page.content.decode()
    assert "Reader" not in said


def test_feedback_on_an_earned_attempt_leads_to_the_credential(world):
    actor, enrollment = world.earned()
    page = browser(actor).get(f"{root(enrollment)}feedback/")
    assert "All two details are shown" in words(page)
    assert re.search(r'class="usa-button" href="/credentials/\w{20}/"', page.content.decode())


def test_feedback_of_earlier_attempts_stays_and_what_was_carried_says_so(world):
    client, actor, enrollment = not_yet(world, "1a")
    portfolio.submit(actor=actor, enrollment_id=enrollment.pk)
    drain()
    assert "See where your next attempt stands" in words(client.get(f"{root(enrollment)}feedback/"))
    for sheet in world.sheets(enrollment):
        world.score(sheet)
    now, before = (words(client.get(f"{root(enrollment)}feedback/{query}")) for query in ("", "?attempt=1"))
    assert "Shown in an earlier attempt, and carried forward." in now
    assert "One of two shown" in before
    assert "First attempt: not yet" in now
    assert "Second attempt: earned" in now
    assert client.get(f"{root(enrollment)}feedback/?attempt=7").status_code == 404


def test_feedback_of_a_lead_assessor_says_that_two_parted(world):
    world.assessors(2)
    world.lead()
    actor, enrollment = world.submitted()
    first, second = world.sheets(enrollment)
    world.score(first)
    world.score(second, {"1a": "developing"})
    (own,) = world.sheets(enrollment, kind="lead")
    world.score(own, {"1a": "developing"})
    page = words(browser(actor).get(f"{root(enrollment)}feedback/"))
    assert "a lead assessor who had scored neither read it anew" in page
    assert "The lead assessor, Developing" in page


def test_before_a_decision_there_is_no_feedback(world):
    actor, enrollment = world.submitted()
    assert "There is no feedback yet" in words(browser(actor).get(f"{root(enrollment)}feedback/"))


# --- Leaving -----------------------------------------------------------------------------------------------------------


def test_leaving_asks_first_and_happens_once(begun):
    client, _, enrollment = begun
    at, key = f"{root(enrollment)}withdraw/", new_id()
    assert "Leave Skill 1?" in words(client.get(at))
    assert Enrollment.objects.get().state == "active"
    for _ in range(2):
        assert client.post(at, {"key": key})["Location"] == "/home/"
    assert Enrollment.objects.get().state == "withdrawn"
    assert client.get(at).status_code == 409
    assert client.post(at, {"key": new_id()}).status_code == 409
    assert "You left Skill 1" in words(client.get(root(enrollment)))


def test_what_was_earned_cannot_be_left(world):
    actor, enrollment = world.earned()
    assert browser(actor).post(f"{root(enrollment)}withdraw/", {"key": new_id()}).status_code == 409
    assert Enrollment.objects.get().state == "completed"


# --- What a page costs -------------------------------------------------------------------------------------------------


def queries(act) -> int:
    act()  # the words of the version are read once and kept
    with CaptureQueriesContext(connection) as counted:
        act()
    return len(counted)


def test_a_save_and_the_workspace_cost_the_same_however_much_is_there(world):
    actor, enrollment = world.enrolled()
    client, revisions = browser(actor), itertools.count(1)
    portfolio.write(actor=actor, enrollment_id=enrollment.pk, prompt="place", text="begun", revision=0)

    def save():
        revision = next(revisions)
        assert autosave(client, enrollment, "place", f"text after {revision}", revision).status_code == 200

    def costs():
        pages = ("narrative/", "portfolio/", "analysis/1a/", "check/", "")
        return [queries(save), *(queries(lambda page=page: client.get(root(enrollment) + page)) for page in pages)]

    little = costs()
    world.fill(actor, enrollment)
    revisions = itertools.count(answer(actor, enrollment, "place").revision)
    files = [world.add_file(actor, enrollment, "plan", files_world.make_pdf(3 + number)) for number in range(2)]
    for number in range(6):
        portfolio.cite(actor=actor, enrollment_id=enrollment.pk, detail="1a", artifact_id=files[0].pk, page=1,
                       explanation=f"Reason {number}.")  # fmt: skip
    for year in range(2016, 2020):
        district = world.organization()
        people.affiliate(actor=SYSTEM, person_id=actor.person_id, organization_id=district.pk, title="", started_on=date(year, 1, 1))
    assert costs() == little
