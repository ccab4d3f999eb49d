"""Files of evidence over HTTP: what is taken, what is refused and how, what is said of them, and looking at them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Artifact, Citation
from cairn.apps.portfolio.outward import path_of
from cairn.apps.portfolio.queries import workspace
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests import files_world
from tests.learning_world import JSON, browser, opened, root, send, upload, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(world):
    actor, enrollment = world.enrolled()
    return browser(actor), actor, enrollment


@pytest.fixture
def with_file(world):
    """An educator with one file in a slot, of which nothing is said yet."""
    actor, enrollment = world.enrolled()
    return browser(actor), actor, enrollment, world.add_file(actor, enrollment, "plan")


def stored() -> set[str]:
    """Names of the files in the store."""
    return {path.name for path in Path(settings.MEDIA_STORE).rglob("*") if path.is_file()}


# --- What is taken -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "make", "slot", "kind", "facts"),
    [
        ("plan.pdf", lambda: files_world.make_pdf(2), "plan", "document", "PDF, 2 pages"),
        ("plan.docx", files_world.make_docx, "plan", "document", "Word document"),
        ("plan.txt", lambda: b"What we will do.", "plan", "document", "text file"),
        ("wall.jpg", files_world.make_photo, "plan", "image", "JPEG picture"),
        ("film.mp4", lambda: files_world.make_mp4(70), "recording", "video", "MP4 video, 1:10 long"),
        ("no-ending", lambda: files_world.make_pdf(2), "plan", "document", "PDF, 2 pages"),
        ("wrong-ending.exe", lambda: files_world.make_pdf(2), "plan", "document", "PDF, 2 pages"),
    ],
)
def test_a_file_is_known_by_its_content_and_stands_in_its_slot(begun, name, make, slot, kind, facts):
    client, actor, enrollment = begun
    sent = send(client, enrollment, upload(name, make()), slot=slot)
    (artifact,) = workspace(actor, enrollment.pk).artifacts
    assert artifact.kind == kind
    assert sent["Location"] == f"{root(enrollment)}portfolio/?added={artifact.pk}#file-{artifact.pk}"
    page = client.get(f"{root(enrollment)}portfolio/")
    assert f'id="file-{artifact.pk}"' in page.content.decode()
    assert facts in words(page)
    assert "Who can be recognized in it?" in words(page)


def test_what_a_phone_hides_in_a_photo_is_gone_from_the_copy_that_is_kept(begun):
    client, _, enrollment = begun
    photo = files_world.make_photo(gps=True, author="Dana Whitfield")
    send(client, enrollment, upload("wall.jpg", photo))
    kept = path_of(Artifact.objects.get().pk).read_bytes()
    assert files_world.says(photo, "Dana Whitfield")
    assert not files_world.says(kept, "Dana Whitfield")
    assert b"GPS" not in kept
    assert b"Exif" not in kept


def test_several_files_may_come_together(begun):
    client, actor, enrollment = begun
    send(client, enrollment, upload("one.pdf"), upload("two.pdf", files_world.make_pdf(3)), upload("three.jpg", files_world.make_photo()))
    assert [a.title for a in workspace(actor, enrollment.pk).artifacts] == ["one", "two", "three"]


def test_a_slot_says_what_belongs_in_it(begun):
    client, _, enrollment = begun
    page = client.get(f"{root(enrollment)}portfolio/")
    said = words(page)
    assert "What you wrote before you began." in said
    assert "Document or image. 1 to 3 files, 10 MB each, 20 pages. Students may not appear." in said
    assert "recordings of 1 second to 5 minutes. Students may appear, with signed permission for each." in said
    plan, recording = re.findall(r'<input type="file"[^>]*>', page.content.decode())
    assert "multiple" in plan
    assert 'data-max-bytes="10000000"' in plan
    assert "multiple" not in recording
    assert 'accept="video/mp4' in recording


def test_an_answer_for_the_script_says_where_to_go(begun):
    client, _, enrollment = begun
    sent = send(client, enrollment, upload(), headers=JSON)
    artifact = Artifact.objects.get()
    assert sent.json() == {"location": f"{root(enrollment)}portfolio/?added={artifact.pk}#file-{artifact.pk}"}


def test_a_double_click_adds_a_file_once_and_leaves_nothing_behind(begun):
    client, _, enrollment = begun
    before = stored()
    for _ in range(2):
        assert send(client, enrollment, upload()).status_code == 302
    assert "“plan.pdf” was here already." in words(client.get(f"{root(enrollment)}portfolio/"))
    assert stored() - before == {Artifact.objects.get().pk}


def test_a_file_name_is_shown_as_it_is_and_goes_no_further(begun):
    client, _, enrollment = begun
    send(client, enrollment, upload('../../etc/<img src=x onerror="alert(1)">.pdf'))
    html = client.get(f"{root(enrollment)}portfolio/").content.decode()
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html
    assert "etc/" not in html


# --- What is refused ---------------------------------------------------------------------------------------------------

BAD = [
    ("empty.pdf", lambda: b"", "plan", "This file is empty."),
    ("setup.pdf", lambda: b"MZ" + bytes(4000), "plan", "A program cannot be uploaded here. Upload the work itself"),
    ("old.doc", lambda: b"\xd0\xcf\x11\xe0" + bytes(4000), "plan", "Save it as .docx, .xlsx, .pptx or PDF"),
    ("all.rar", lambda: b"Rar!" + bytes(400), "plan", "Upload the files in it one by one."),
    ("noise.pdf", lambda: bytes(range(256)) * 20, "plan", "cannot be uploaded here."),
    ("torn.pdf", lambda: files_world.make_pdf(2)[:300], "plan", "This PDF is damaged or incomplete."),
    ("torn.jpg", lambda: files_world.make_photo()[:900], "plan", "This JPEG picture is damaged or incomplete."),
    ("torn.docx", lambda: files_world.make_docx()[:3000], "plan", "A zip or a damaged Office file cannot be uploaded here."),
    ("torn.mp4", lambda: files_world.make_mp4(9)[:400], "recording", "is damaged or incomplete."),
    ("locked.pdf", files_world.make_locked_pdf, "plan", "This PDF is protected by a password. Save a copy without a password"),
    ("long.pdf", lambda: files_world.make_pdf(21), "plan", "This file has 21 pages; “Plan” takes at most 20."),
    ("huge.txt", lambda: b"word " * 2_000_000 + b".", "plan", "This text file has 10.1 MB; at most 10 MB can be kept."),
    (
        "long.mp4",
        lambda: files_world.make_mp4(301),
        "recording",
        "This recording is 5:01 minutes long; “Recording” takes at most 5:00",
    ),
    ("film.mp4", lambda: files_world.make_mp4(9), "plan", "“Plan” takes document or image; this file is a video."),
    ("plan.pdf", lambda: files_world.make_pdf(2), "recording", "“Recording” takes video; this file is a document."),
    ("goals.xlsx", files_world.make_xlsx, "plan", "“Plan” takes document or image; this file is a spreadsheet."),
]


@pytest.mark.parametrize(("name", "make", "slot", "said"), BAD, ids=[f"{bad[0]} in {bad[2]}" for bad in BAD])
def test_a_file_that_cannot_be_taken_is_refused_in_a_sentence_and_nothing_is_kept(begun, name, make, slot, said):
    client, _, enrollment = begun
    before, data = stored(), make()
    page = send(client, enrollment, upload(name, data), slot=slot)
    html = page.content.decode()
    assert page.status_code == 422
    assert words(page).count(f"“{name}”: ") == 2  # in the summary at the top, and in its slot
    assert said in words(page)
    assert f'href="#slot-{slot}"' in html
    told = send(client, enrollment, upload(name, data), slot=slot, headers=JSON)
    assert told.status_code == 422
    assert said in told.json()["message"]
    assert stored() == before
    assert not Artifact.objects.exists()


def test_one_bad_file_does_not_keep_the_others_out(begun):
    client, actor, enrollment = begun
    page = send(client, enrollment, upload("good.pdf"), upload("empty.pdf", b""))
    assert page.status_code == 422
    assert "“empty.pdf”: This file is empty." in words(page)
    assert [a.title for a in workspace(actor, enrollment.pk).artifacts] == ["good"]
    told = send(client, enrollment, upload("better.pdf", files_world.make_pdf(4)), upload("empty.pdf", b""), headers=JSON).json()
    assert told["remedy"] == "1 other file arrived; reload the page to see it."


def test_nothing_chosen_is_told(begun):
    client, _, enrollment = begun
    page = client.post(f"{root(enrollment)}portfolio/plan/", {"key": new_id()})
    assert page.status_code == 422
    assert "Choose one first." in words(page)


def test_a_full_slot_takes_no_more_until_one_is_taken_out(begun):
    client, actor, enrollment = begun
    send(client, enrollment, *(upload(f"{pages}.pdf", files_world.make_pdf(pages)) for pages in (1, 2, 3)))
    page = client.get(f"{root(enrollment)}portfolio/")
    assert "This place is full." in words(page)
    assert 'id="add-plan"' not in page.content.decode()
    late = send(client, enrollment, upload("4.pdf", files_world.make_pdf(4)))
    assert "“Plan” takes no more than 3. Take one out first" in words(late)
    client.post(f"{root(enrollment)}file/{workspace(actor, enrollment.pk).artifacts[0].pk}/remove/", {"key": new_id()})
    assert send(client, enrollment, upload("4.pdf", files_world.make_pdf(4))).status_code == 302


def test_what_was_taken_out_makes_room_again(begun, settings):
    client, actor, enrollment = begun
    copy = portfolio.Copy("video", "video/mp4", "mp4", 5_000_000_000, "0" * 64)
    artifact = portfolio.add_artifact(
        actor=actor, enrollment_id=enrollment.pk, artifact_id=new_id(), requirement="recording", name="long.mp4", copy=copy
    )
    settings.EDUCATOR_QUOTA = 5_000_000_000
    said = words(send(client, enrollment, upload("better.pdf", files_world.make_pdf(4))))
    assert "Your files have 5,000 MB, and this one 0.1 MB; at most 5,000 MB can be kept." in said
    client.post(f"{root(enrollment)}file/{artifact.pk}/remove/", {"key": new_id()})
    assert send(client, enrollment, upload("better.pdf", files_world.make_pdf(4))).status_code == 302


def test_files_go_nowhere_but_into_ones_own_slots(begun, world):
    client, _, enrollment = begun
    assert send(client, enrollment, upload(), slot="nowhere").status_code == 404
    assert send(browser(world.person("Stranger Stone")), enrollment, upload()).status_code == 404
    assert send(browser(), enrollment, upload())["Location"].startswith("/account/login/")
    assert not Artifact.objects.exists()


def test_after_submitting_nothing_is_added(world):
    actor, enrollment = world.submitted()
    before = stored()
    page = send(browser(actor), enrollment, upload("late.pdf", files_world.make_pdf(7)))
    assert page.status_code == 422
    assert "This attempt was submitted" in words(page)
    assert stored() == before


def test_a_visit_to_a_slots_address_leads_to_its_place(begun):
    client, _, enrollment = begun
    assert client.get(f"{root(enrollment)}portfolio/plan/")["Location"] == f"{root(enrollment)}portfolio/#slot-plan"


# --- What is said of a file --------------------------------------------------------------------------------------------


def describe(client, enrollment, artifact, **sent):
    return client.post(f"{root(enrollment)}file/{artifact.pk}/", {"key": new_id(), **sent})


def test_a_file_is_named_and_it_is_said_who_can_be_recognized(with_file):
    client, _, enrollment, artifact = with_file
    assert "Say who can be recognized in file 1 of “Plan”." in words(client.get(f"{root(enrollment)}portfolio/"))
    done = describe(client, enrollment, artifact, title="Our plan", people_shown="adults")
    assert done["Location"] == f"{root(enrollment)}portfolio/#slot-plan"
    page = words(client.get(f"{root(enrollment)}portfolio/"))
    assert "Our plan" in page
    assert "Say who can be recognized in file 1" not in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"title": "Our plan"}, "Say who can be recognized in this file."),
        ({"title": "Our plan", "people_shown": "everybody"}, "everybody is not one of the available choices."),
        ({"title": "Our plan" * 20, "people_shown": "nobody"}, "Ensure this value has at most 120 characters"),
    ],
)
def test_what_is_wrong_in_a_description_is_told_at_its_place_with_the_rest_kept(with_file, sent, said):
    client, _, enrollment, artifact = with_file
    page = describe(client, enrollment, artifact, **sent)
    assert page.status_code == 422
    assert said in words(page)
    assert f'value="{sent["title"]}"' in page.content.decode()
    assert Artifact.objects.get().people_shown == ""


def test_students_where_they_may_not_appear_are_told_at_the_file_and_before_submitting(with_file):
    client, _, enrollment, artifact = with_file
    describe(client, enrollment, artifact, title="Our plan", people_shown="students")
    for page in ("portfolio/", "check/"):
        assert "Students may not appear in “Plan”" in words(client.get(root(enrollment) + page))


def test_nobody_describes_or_removes_anothers_file(with_file, world):
    _, _, enrollment, artifact = with_file
    stranger = browser(world.person("Stranger Stone"))
    assert describe(stranger, enrollment, artifact, title="Mine", people_shown="nobody").status_code == 404
    assert stranger.post(f"{root(enrollment)}file/{artifact.pk}/remove/", {"key": new_id()}).status_code == 404
    assert stranger.get(f"{root(enrollment)}file/{artifact.pk}/").status_code == 404
    assert Artifact.objects.get().state == "kept"


# --- Taking a file out -------------------------------------------------------------------------------------------------


def test_taking_a_file_out_asks_first_says_what_goes_with_it_and_happens_once(with_file):
    client, actor, enrollment, artifact = with_file
    portfolio.cite(actor=actor, enrollment_id=enrollment.pk, detail="1b", artifact_id=artifact.pk, page=1)
    at, key = f"{root(enrollment)}file/{artifact.pk}/remove/", new_id()
    assert "It is cited for 1b; those citations go with it" in words(client.get(at))
    assert Artifact.objects.get().state == "kept"
    for sent in (key, key, new_id()):
        assert client.post(at, {"key": sent})["Location"] == f"{root(enrollment)}portfolio/#slot-plan"
    assert Artifact.objects.get().state == "removed"
    assert not Citation.objects.exists()
    assert client.get(at).status_code == 404


def test_what_was_scored_stays_and_leaves_room_for_a_better_file(world):
    world.assessors(2)
    actor, enrollment = world.submitted()
    for sheet in world.sheets(enrollment):
        world.score(sheet, {"1a": "developing"})
    drain()
    client, (scored,) = browser(actor), workspace(actor, enrollment.pk).artifacts
    page = words(client.get(f"{root(enrollment)}portfolio/"))
    assert "Part of an earlier attempt." in page
    assert client.post(f"{root(enrollment)}file/{scored.pk}/remove/", {"key": new_id()}).status_code == 409
    assert describe(client, enrollment, scored, title="Other", people_shown="adults").status_code == 409
    for pages in (3, 4, 5):
        assert send(client, enrollment, upload(f"{pages}.pdf", files_world.make_pdf(pages))).status_code == 302
    for artifact in workspace(actor, enrollment.pk).artifacts[1:]:
        describe(client, enrollment, artifact, title="Better", people_shown="nobody")
    assert workspace(actor, enrollment.pk).gaps == ()


# --- Looking at a file -------------------------------------------------------------------------------------------------


def test_a_pdf_is_read_page_by_page_inside_the_page(with_file):
    client, _, enrollment, artifact = with_file
    at = f"{root(enrollment)}file/{artifact.pk}/"
    first, second, beyond = (client.get(f"{at}{query}") for query in ("", "?page=2", "?page=99"))
    assert "Page 1 of 2" in words(first)
    assert "Page 2. Evidence of the work." in words(second)
    assert "Page 2 of 2" in words(beyond)
    picture = opened(second)
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert picture["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("name", "make", "slot", "tag", "kind"),
    [
        ("wall.jpg", files_world.make_photo, "plan", "<img", "image/jpeg"),
        ("film.mp4", lambda: files_world.make_mp4(9), "recording", "<video", "video/mp4"),
    ],
)
def test_pictures_and_films_are_seen_inside_the_page(begun, name, make, slot, tag, kind):
    client, _, enrollment = begun
    send(client, enrollment, upload(name, make()), slot=slot)
    page = client.get(f"{root(enrollment)}file/{Artifact.objects.get().pk}/?from=2&to=5")
    assert tag in page.content.decode()
    assert ("#t=2,5" in page.content.decode()) == (slot == "recording")
    assert opened(page)["Content-Type"] == kind


@pytest.mark.parametrize("query", ["?page=-1", "?page=two", "?page=99999999999", "?from=x&to=y", "?page="])
def test_a_place_that_is_not_one_shows_the_beginning(with_file, query):
    client, _, enrollment, artifact = with_file
    assert client.get(f"{root(enrollment)}file/{artifact.pk}/{query}").status_code == 200


def test_other_files_are_handed_over_under_a_plain_name(begun):
    client, _, enrollment = begun
    send(client, enrollment, upload('Our "plan"\r\nX: y.docx', files_world.make_docx()))
    handed = opened(client.get(f"{root(enrollment)}file/{Artifact.objects.get().pk}/"), "href")
    assert handed["Content-Type"] == "application/octet-stream"
    assert re.fullmatch(r'attachment; filename="[\w-]+\.docx"', handed["Content-Disposition"])


def test_the_site_itself_never_serves_evidence(with_file):
    client, _, enrollment, artifact = with_file
    page = client.get(f"{root(enrollment)}file/{artifact.pk}/")
    (address,) = re.findall(rf'src="http://{settings.FILES_HOST}[^/]*([^"]+)', page.content.decode())
    assert client.get(address).status_code == 404


def test_a_file_whose_bytes_are_gone_is_told_kindly(with_file):
    client, _, enrollment, artifact = with_file
    path_of(artifact.pk).unlink()
    page = client.get(f"{root(enrollment)}file/{artifact.pk}/")
    assert page.status_code == 409
    assert "This file is missing from the store. That is our mistake" in words(page)
