"""Communities, coaches and drafts over HTTP: what each sees, sends and is refused; without a script."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.apps.communities import commands
from cairn.apps.communities.models import Community, Post, Prompt
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import DraftAccess, Note
from cairn.apps.portfolio.queries import workspace
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment
from cairn.kernel import clock
from cairn.kernel.ids import new_id
from tests.communities_world import Cohort
from tests.learning_world import browser, opened, words
from tests.world import World

pytestmark = pytest.mark.django_db


class Room(Cohort):
    """The cohort, each at a browser."""

    def __init__(self, cohort):
        self.__dict__.update(vars(cohort))
        self.at = {name: browser(getattr(self, name)) for name in ("dana", "joel", "imani", "carla", "stranger")}
        self.run = Enrollment.objects.get(person_id=self.dana.person_id)

    def get(self, who, path=""):
        return self.at[who].get(path if path.startswith("/") else self.root + path)

    def post(self, who, path="", **told):
        return self.at[who].post(path if path.startswith("/") else self.root + path, {"key": new_id(), **told})

    def open_draft(self):
        self.world.fill(self.dana, self.run)
        return portfolio.open_draft(actor=self.dana, enrollment_id=self.run.pk, coach_id=self.imani.person_id, asks="Is 2b clear?")


@pytest.fixture(scope="module")
def one_cohort(standing) -> Cohort:
    return Cohort(World(), days_open=10)


@pytest.fixture
def room(one_cohort, db) -> Room:
    return Room(deepcopy(one_cohort))


# --- Reading and writing ---------------------------------------------------------------------------------------------


def test_visitors_sign_in_and_strangers_find_no_community(room):
    prompt, post = room.prompt(due=20), room.share(room.dana)
    paths = [
        "",
        "run/",
        "report/",
        "you/",
        f"prompts/{prompt.pk}/",
        f"posts/{post.pk}/",
        f"posts/{post.pk}/edit/",
        f"posts/{post.pk}/report/",
    ]
    visitor = Client(headers={"host": "localhost"})
    for path in paths:
        assert visitor.get(room.root + path).status_code == 302
        assert room.get("stranger", path).status_code == 404, path
        assert room.post("stranger", path, text="Hello").status_code == 404, path
    assert "You are in none yet" in words(room.get("stranger", "/communities/"))


def test_the_page_asks_what_is_due_first_and_shows_the_talk(room):
    room.prompt("What would you cut?", due=20)
    room.share(room.joel, "I *moved* the second table.")
    page = room.get("dana")
    assert re.search(r"<h1>What would you cut\?</h1>", page.content.decode())
    assert "Nobody has answered yet." in words(page)
    assert "<em>moved</em>" in page.content.decode()
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert main.count('class="usa-button"') == 1


def test_answering_shows_the_answer_to_all_and_the_question_waits_no_more(room):
    prompt = room.prompt("What would you cut?", due=20)
    at = f"prompts/{prompt.pk}/"
    assert room.post("dana", at, text="The second table.").status_code == 302
    assert "The second table." in words(room.get("joel", at))
    assert "You have answered" in words(room.get("dana", at))
    assert "You answered 1 of the 1" in words(room.get("dana"))
    assert "Your answer" not in words(room.get("dana", at)).replace("Your answer is there", "")


def test_what_was_typed_comes_back_when_it_is_refused(room):
    prompt = room.prompt(due=20)
    for path in ("", f"prompts/{prompt.pk}/"):
        answer = room.post("dana", path, text="Kept words.", link="no address")
        assert answer.status_code == 422
        assert "Kept words." in answer.content.decode()
        assert 'id="errors"' in answer.content.decode()
    assert room.post("dana", text="").status_code == 422
    commands.change_community(
        actor=room.carla, community_id=room.community.pk, title="T", about="", opens_at=clock.now() - timedelta(days=9),
        closes_at=clock.now() - timedelta(days=1),
    )  # fmt: skip
    assert room.post("dana", text="Too late.").status_code == 409
    assert Post.objects.count() == 0


def test_a_double_click_shares_once(room):
    told = {"text": "Once.", "key": new_id()}
    for _ in range(2):
        assert room.at["dana"].post(room.root, told).status_code == 302
    assert Post.objects.count() == 1


def test_html_and_scripts_are_shown_as_they_were_typed(room):
    room.share(room.dana, "<script>alert(1)</script> [x](javascript:alert(1))")
    page = room.get("joel").content.decode()
    assert "<script>alert(1)" not in page
    assert 'href="javascript' not in page


def test_a_reply_a_change_and_a_deletion(room):
    post = room.share(room.dana)
    at = f"posts/{post.pk}/"
    assert room.post("joel", at, text="Thank you.").status_code == 302
    assert "One reply" in words(room.get("dana", at))
    edit = room.get("dana", f"{at}edit/").content.decode()
    assert 'name="revision" value="1"' in edit
    assert room.post("dana", f"{at}edit/", text="Better.", revision=1).status_code == 302
    stale = room.post("dana", f"{at}edit/", text="Older tab.", revision=1)
    assert (stale.status_code, "Older tab." in stale.content.decode()) == (422, True)
    assert room.get("joel", f"{at}edit/").status_code == 403
    assert room.post("joel", f"{at}delete/").status_code == 403
    assert room.post("dana", f"{at}delete/").status_code == 302
    assert "Deleted by its author" in words(room.get("joel", at))
    assert room.get("dana", f"{at}edit/").status_code == 404


def test_names_stand_as_members_chose(room):
    room.share(room.dana)
    assert room.post("dana", "you/", appears="first").status_code == 302
    assert "Dana W." in words(room.get("joel"))
    assert "Dana Whitfield" not in words(room.get("joel"))
    assert "Dana Whitfield" in words(room.get("imani"))


# --- Leading ---------------------------------------------------------------------------------------------------------


def test_members_find_no_pages_for_those_who_lead(room):
    prompt, post = room.prompt(due=20), room.share(room.dana)
    paths = ("run/", "report/", f"prompts/{prompt.pk}/change/", f"posts/{post.pk}/moderate/", f"members/{room.joel.person_id}/remove/",
             "run/prompts/", "run/copy/", "run/window/", "run/facilitators/")  # fmt: skip
    for path in paths:
        assert room.get("dana", path).status_code == 404, path
        assert room.post("dana", path, reason="No.").status_code == 404, path
    for path in paths[:5]:
        assert room.get("imani", path).status_code == 200, path


def test_questions_are_scheduled_copied_changed_and_withdrawn(room):
    opens, due = room.day(0).isoformat(), room.day(20).isoformat()
    told = {"title": "What next?", "opens_on": opens, "due_on": due, "is_required": "on"}
    assert room.post("imani", "run/prompts/", **told).status_code == 302
    wrong = room.post("imani", "run/prompts/", **{**told, "title": "Kept title", "due_on": room.day(-3).isoformat()})
    assert (wrong.status_code, "Kept title" in wrong.content.decode()) == (422, True)
    assert room.post("imani", "run/copy/", template="four-questions", first_day=opens).status_code == 302
    assert Prompt.objects.count() == 5
    prompt = Prompt.objects.get(title="What next?")
    assert room.post("imani", f"prompts/{prompt.pk}/change/", **{**told, "title": "And now?"}).status_code == 302
    assert room.post("imani", f"prompts/{prompt.pk}/withdraw/").status_code == 302
    assert "And now?" not in words(room.get("dana"))


def test_a_report_is_decided_on(room):
    post = room.share(room.dana, "Names a student.")
    assert room.post("joel", f"posts/{post.pk}/report/", reason="It names a student.").status_code == 302
    assert "One post was reported" in words(room.get("imani", "run/"))
    page = words(room.get("imani", f"posts/{post.pk}/moderate/"))
    assert "Joel Pruitt" in page
    assert room.post("imani", f"posts/{post.pk}/moderate/").status_code == 422
    assert room.post("imani", f"posts/{post.pk}/moderate/", reason="It names a student.").status_code == 302
    seen = words(room.get("joel"))
    assert "Hidden by a facilitator: It names a student." in seen
    assert "Names a student. " not in seen
    assert "Joel Pruitt" not in words(room.get("dana", f"posts/{post.pk}/")).partition("Report")[0].partition("who is here")[2]
    assert room.post("imani", f"posts/{post.pk}/moderate/", act="show").status_code == 302
    assert room.post("imani", f"posts/{post.pk}/moderate/", act="close").status_code == 302
    assert room.post("joel", f"posts/{post.pk}/", text="A reply.").status_code == 422


def test_who_takes_part_and_taking_somebody_out(room):
    first, _ = room.prompts(2)
    room.answer(room.dana, first)
    page = words(room.get("imani", "report/"))
    assert "Two of two lack an answer that was due" in page
    assert "Joel Pruitt 0 of 2 2 overdue Nothing yet Not yet" in page
    out = f"members/{room.joel.person_id}/remove/"
    assert room.post("imani", out, reason="").status_code == 422
    assert room.post("imani", out, reason="By mistake.").status_code == 302
    assert room.get("joel").status_code == 404
    assert room.get("imani", out).status_code == 404
    assert "Joel Pruitt By mistake." in words(room.get("imani", "report/"))
    assert room.post("imani", out, act="back").status_code == 302
    assert room.get("joel").status_code == 200


def test_a_coordinator_opens_a_community_and_names_who_looks_after_it(room):
    offering = room.world.offer(days=60)
    told = {"of": f"offering {offering.pk}", "title": "Spring pilot", "slug": "spring-pilot", "opens_on": room.day(0).isoformat()}
    assert room.get("dana", "/communities/begin/").status_code == 404
    assert room.post("dana", "/communities/begin/", **told).status_code == 404
    wrong = room.post("carla", "/communities/begin/", **{**told, "closes_on": room.day(-5).isoformat()})
    assert (wrong.status_code, "Spring pilot" in wrong.content.decode()) == (422, True)
    assert room.post("carla", "/communities/begin/", **told).status_code == 302
    root = "/communities/spring-pilot/"
    assert room.post("carla", f"{root}run/facilitators/", person=room.imani.person_id).status_code == 302
    assert "Spring pilot" in words(room.get("imani", "/coach/"))
    assert room.post("imani", f"{root}run/window/", title="Mine", opens_on=room.day(0).isoformat()).status_code == 422
    assert room.post("carla", f"{root}run/window/", title="Fall pilot", opens_on=room.day(0).isoformat()).status_code == 302
    assert Community.objects.get(slug="spring-pilot").title == "Fall pilot"
    assert room.post("carla", f"{root}run/facilitators/{room.imani.person_id}/end/").status_code == 302
    assert room.get("imani", root).status_code == 404


def test_a_page_asks_as_often_for_many_posts_as_for_few(room):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert room.get("dana").status_code == 200
        return len(asked)

    room.prompts(2)
    room.share(room.joel, mentions=[room.dana.person_id])
    few = count()
    for _ in range(12):
        room.reply(room.dana, room.share(room.joel, new_id(), mentions=[room.dana.person_id]))
    assert count() <= few


# --- Coaches ---------------------------------------------------------------------------------------------------------


def test_an_educator_opens_a_draft_and_marks_a_note_as_dealt_with(room):
    mine = f"/portfolio/{room.run.pk}/coach/"
    assert "Nobody reads this but you" in words(room.get("dana", mine))
    assert room.post("dana", mine, coach=room.joel.person_id).status_code == 422
    assert room.post("dana", mine, coach=room.imani.person_id, asks="Is 2b clear?").status_code == 302
    room.world.fill(room.dana, room.run)
    draft = f"/coach/{room.run.pk}/"
    assert "asks: Is 2b clear?" in words(room.get("imani", draft))
    prompt = room.world.content(room.run.version_id).prompts[0].key
    wrong = room.post("imani", draft, place=f"answer {prompt}", text="Kept note.", quote="not there")
    assert (wrong.status_code, "Kept note." in wrong.content.decode()) == (422, True)
    assert room.post("imani", draft, place=f"answer {prompt}", text="Say how.", quote="evidence").status_code == 302
    for page in (room.get("dana", mine), room.get("imani", draft)):
        assert "<mark>evidence</mark>" in page.content.decode()
    assert f'<option value="{room.imani.person_id}"' not in room.get("dana", mine).content.decode()
    note = Note.objects.get()
    assert room.post("dana", f"{mine}notes/{note.pk}/").status_code == 302
    assert "Dealt with" in words(room.get("dana", mine))
    for who in ("joel", "imani", "stranger"):
        assert room.get(who, mine).status_code == 404
        assert room.post(who, f"{mine}notes/{note.pk}/").status_code == 404


def test_closing_a_draft_takes_it_off_the_coachs_pages_at_once(room):
    access = room.open_draft()
    assert "One draft is open to you" in words(room.get("imani", "/coach/"))
    assert "One draft to read" in words(room.get("imani", "/home/"))
    for who in ("joel", "stranger", "carla"):
        assert room.get(who, f"/coach/{room.run.pk}/").status_code == 404
        assert room.post(who, f"/portfolio/{room.run.pk}/coach/{access.pk}/close/").status_code == 404
    assert room.post("dana", f"/portfolio/{room.run.pk}/coach/{access.pk}/close/").status_code == 302
    assert room.get("imani", f"/coach/{room.run.pk}/").status_code == 404
    assert "No draft is open to you" in words(room.get("imani", "/coach/"))


def test_a_coach_looks_at_the_files_of_an_open_draft_until_it_is_closed(room):
    access = room.open_draft()
    file = workspace(room.dana, room.run.pk).artifacts[0]
    at = f"/coach/{room.run.pk}/file/{file.pk}/"
    page = room.get("imani", at)
    assert opened(page).status_code == 200
    for who in ("joel", "stranger", "dana"):
        assert room.get(who, at).status_code == 404
    portfolio.close_draft(actor=room.dana, access_id=access.pk)
    assert opened(page).status_code == 404
    assert room.get("imani", at).status_code == 404


def test_a_coach_gives_a_draft_back(room):
    room.open_draft()
    assert room.post("imani", f"/coach/{room.run.pk}/back/").status_code == 302
    assert DraftAccess.objects.get().ended_at is not None


def test_whoever_coaches_nobody_finds_no_page_of_a_coach(room):
    assert room.get("dana", "/coach/").status_code == 404
    assert room.get("stranger", "/coach/").status_code == 404


def test_home_names_the_communities_that_one_is_in(room):
    room.prompt("What would you cut?", due=20)
    page = words(room.get("dana", "/home/"))
    assert "Your communities Pilot of Small Steps What would you cut?" in page
    assert "Your communities" not in words(room.get("stranger", "/home/"))


def test_the_next_meeting_of_the_cohort_stands_beside_the_talk(room):
    world, now = room.world, clock.now()
    kinds = {"information": 1, "orientation": 3, "other": 2}
    at = {}
    for kind, days in kinds.items():
        times = [programs.Time.lasting(now + timedelta(days=days + later), 60, "America/Chicago") for later in (0, 9)]
        at[kind] = programs.plan_meeting(
            actor=room.carla, program_id=world.program.pk, offering_id=world.offering.pk, kind=kind, title=f"We meet, {kind}", times=times
        ).times.order_by("starts_at")
    assert "Next meeting We meet, other" in words(room.get("dana"))
    programs.cancel_time(actor=room.carla, time_id=at["other"][0].pk)
    assert "Next meeting We meet, orientation" in words(room.get("dana"))
    programs.choose_time(actor=room.dana, time_id=at["orientation"][1].pk)
    assert "Next meeting We meet, other" in words(room.get("dana"))
    programs.choose_time(actor=room.dana, time_id=at["orientation"][0].pk)
    assert "You keep a place" in words(room.get("dana"))
    assert "You keep a place" not in words(room.get("joel"))
