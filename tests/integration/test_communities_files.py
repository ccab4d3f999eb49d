"""Files beside what members say: scrubbed as evidence is, opened by the community alone, gone with the post."""

from __future__ import annotations

import io
import os
from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cairn.apps.communities import commands, outward, queries
from cairn.apps.communities.commands.files import ROOM
from cairn.apps.communities.models import Post, PostFile
from cairn.apps.ledger.models import Fact
from cairn.apps.portfolio.outward import Given, path_of
from cairn.interfaces.cli import backup
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.site.jobs import JOBS
from tests.communities_world import Cohort
from tests.files_world import make_pdf, make_photo, make_wav
from tests.learning_world import browser, words
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db
PHOTO = make_photo((64, 48), author="Dana Whitfield")


@pytest.fixture(scope="module")
def one_cohort(standing) -> Cohort:
    return Cohort(World(), days_open=10)


@pytest.fixture
def cohort(one_cohort, db) -> Cohort:
    return deepcopy(one_cohort)


def given(data=PHOTO, name="circle.jpg"):
    return Given(name, len(data), io.BytesIO(data))


def share(cohort, who, *files, shown="nobody", **told):
    return outward.with_files(
        commands.share, attachments=files or (given(),), actor=who, community_id=cohort.community.pk, text="A form that worked.",
        people_shown=shown, **told,
    )  # fmt: skip


def stored() -> set[str]:
    return {path.name for path in path_of("ab").parent.parent.glob("*/*")}


def opens(cohort, who, file) -> bool:
    return browser(who).get(f"{cohort.root}files/{file.pk}/").status_code == 200


def test_a_picture_is_scrubbed_and_opened_by_members_and_those_who_lead_and_nobody_else(cohort):
    file = share(cohort, cohort.dana).files.get()
    answer = browser(cohort.joel).get(f"{cohort.root}files/{file.pk}/")
    body = b"".join(answer.streaming_content)
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("image/jpeg", 'attachment; filename="circle.jpg"')
    assert answer["Cache-Control"] == "private, no-store"
    assert (len(body), b"Dana" in PHOTO, b"Dana" in body) == (file.size, True, False)
    outsider = cohort.world.person("Reader Stone", assessor=cohort.world.issuer)
    who = (cohort.dana, cohort.imani, cohort.carla, cohort.stranger, outsider)
    assert [opens(cohort, each, file) for each in who] == [True, True, True, False, False]
    with pytest.raises(Forbidden):
        commands.note_erased(actor=cohort.dana, file_id=file.pk)


def test_a_backup_takes_files_of_the_talk_along(cohort):
    file = share(cohort, cohort.dana).files.get()
    with connection.cursor() as cursor:
        cursor.execute(backup.KNOWN)
        assert (file.pk,) in cursor.fetchall()


def test_a_hidden_post_hides_its_files_and_a_deleted_one_takes_them_along(cohort):
    post = share(cohort, cohort.dana, given(), given(make_pdf(2), "plan.pdf"))
    picture, plan = post.files.order_by("name")
    assert (plan.pages, plan.extension) == (2, "pdf")
    commands.hide_post(actor=cohort.imani, post_id=post.pk, reason="A pupil's name.")
    assert [opens(cohort, each, plan) for each in (cohort.dana, cohort.imani, cohort.joel)] == [True, True, False]
    seen = queries.post(cohort.joel, cohort.community, post.pk)
    assert (seen.files, len(queries.post(cohort.imani, cohort.community, post.pk).files)) == ((), 2)
    commands.show_post(actor=cohort.imani, post_id=post.pk)
    assert opens(cohort, cohort.joel, plan)
    commands.delete_post(actor=cohort.dana, post_id=post.pk)
    assert [opens(cohort, each, plan) for each in (cohort.dana, cohort.imani, cohort.joel)] == [False] * 3
    JOBS["erase-files"][1](SYSTEM)
    assert path_of(picture.pk).exists()
    PostFile.objects.update(removed_at=clock.now() - timedelta(days=2))
    JOBS["erase-files"][1](SYSTEM)
    JOBS["erase-files"][1](SYSTEM)
    assert not path_of(picture.pk).exists()
    assert Fact.objects.filter(kind="communities.file_erased").count() == 2
    assert commands.note_erased(actor=SYSTEM, file_id=plan.pk).erased_at == plan.__class__.objects.get(pk=plan.pk).erased_at


def test_a_change_takes_files_out_and_puts_others_there(cohort):
    post = share(cohort, cohort.dana)
    before = post.files.get()
    told = {"post_id": post.pk, "text": post.text, "revision": 1, "people_shown": "adults"}
    with pytest.raises(Forbidden):
        outward.with_files(commands.edit_post, actor=cohort.joel, without=[before.pk], **told)
    outward.with_files(commands.edit_post, attachments=[given(make_pdf(), "new.pdf")], actor=cohort.dana, without=[before.pk], **told)
    (file,) = queries.post(cohort.joel, cohort.community, post.pk).files
    assert (file.name, opens(cohort, cohort.joel, before)) == ("new.pdf", False)


def test_the_only_file_is_taken_out_by_whoever_presses_twice(cohort):
    post = share(cohort, cohort.dana)
    at, sent = browser(cohort.dana), {"text": post.text, "revision": "1", "key": new_id(), "without": [post.files.get().pk]}
    answers = [at.post(f"{cohort.root}posts/{post.pk}/edit/", sent).status_code for _ in range(2)]
    assert (answers, queries.post(cohort.dana, cohort.community, post.pk).files) == ([302, 302], ())
    assert "Take out" not in words(at.get(f"{cohort.root}posts/{post.pk}/edit/"))
    assert at.post(f"{cohort.root}posts/{post.pk}/edit/", {**sent, "key": new_id(), "without": ["none"]}).status_code == 422


@pytest.mark.parametrize(
    ("files", "shown", "said"),
    [
        ([given()], "", "Say who can be recognized"),
        ([given()] * 5, "nobody", "at most 4 files"),
        ([given(b"", "empty.pdf")], "nobody", "“empty.pdf”: This file is empty"),
        ([given(make_wav(), "song.wav")], "nobody", "give a link"),
        ([given(b"MZ\x90\x00" * 50, "tool.exe")], "nobody", "“tool.exe”.*Choose a picture, a PDF"),
        ([Given("big.pdf", 26_000_000, io.BytesIO(b""))], "nobody", "26 MB; a file has at most 25 MB"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name_and_leaves_nothing_behind(cohort, files, shown, said):
    before = stored()
    with pytest.raises(Invalid, match=said):
        share(cohort, cohort.dana, *files, shown=shown)
    assert (Post.objects.count(), PostFile.objects.count()) == (0, 0)
    assert stored() == before


def test_a_member_fills_no_more_than_their_room(cohort):
    before = share(cohort, cohort.dana)
    PostFile.objects.update(size=ROOM)
    with pytest.raises(Invalid, match="You have put 500 MB into this community"):
        share(cohort, cohort.dana)
    assert share(cohort, cohort.joel).files.count() == 1
    commands.delete_post(actor=cohort.dana, post_id=before.pk)
    assert share(cohort, cohort.dana).files.count() == 1


def test_what_is_sent_twice_is_there_once_and_copies_that_nothing_keeps_are_gone(cohort):
    before, dana = stored(), cohort.dana.with_key(new_id())
    assert share(cohort, dana) == share(cohort, dana)
    with pytest.raises(NotFound):
        share(cohort, cohort.stranger)
    assert stored() - before == {PostFile.objects.get().pk}


def test_files_that_were_on_their_way_when_the_process_died_are_cleared_and_kept_ones_stay(cohort, settings):
    file = share(cohort, cohort.dana).files.get()
    orphan = new_id()
    path_of(orphan).parent.mkdir(parents=True, exist_ok=True)
    path_of(orphan).write_bytes(b"orphan")
    for key in (file.pk, orphan):
        marker = settings.UPLOADS / key
        marker.write_bytes(b"")
        os.utime(marker, (0, 0))
    JOBS["clear-uploads"][1](SYSTEM)
    assert (path_of(file.pk).exists(), path_of(orphan).exists()) == (True, False)


def test_sharing_counts_as_taking_part_without_being_asked_for(cohort):
    share(cohort, cohort.dana, given(), given(make_pdf(), "plan.pdf"))
    cohort.share(cohort.dana, "Another idea.")
    cohort.reply(cohort.joel, Post.objects.first())
    rows = {row.name: (row.ideas, row.files) for row in queries.taking_part(cohort.imani, cohort.community)}
    assert rows == {"Dana Whitfield": (2, 2), "Joel Pruitt": (0, 0)}
    assert "2 ideas, 2 files" in words(browser(cohort.imani).get(f"{cohort.root}report/"))


def test_a_form_with_a_wrong_file_comes_back_filled_and_says_it_beside_the_file(cohort):
    at = browser(cohort.dana)
    told = {"text": "My words stay.", "people_shown": "students", "key": new_id()}
    sent = {**told, "attachments": [SimpleUploadedFile("tool.exe", b"MZ\x90" * 40), SimpleUploadedFile("circle.jpg", PHOTO)]}
    answer = at.post(cohort.root, sent)
    page = answer.content.decode()
    assert (answer.status_code, "My words stay." in page, "“tool.exe”" in page) == (422, True, True)
    assert "Choose them again, without what cannot be taken: “tool.exe”, “circle.jpg”." in page
    assert not Post.objects.exists()
    answer = words(at.post(cohort.root, {"text": "", "key": new_id(), "attachments": [SimpleUploadedFile("circle.jpg", PHOTO)]}))
    assert "What you wrote is still here, but no file was kept. Choose it again: “circle.jpg”." in answer
    assert "Choose it again" not in words(at.post(cohort.root, {"text": "", "key": new_id()}))
    sent = {**told, "key": new_id(), "attachments": [SimpleUploadedFile("circle.jpg", PHOTO)]}
    assert at.post(cohort.root, sent).status_code == 302
    page = browser(cohort.joel).get(cohort.root).content.decode()
    file = PostFile.objects.get()
    assert f'src="{cohort.root}files/{file.pk}/"' in page
    assert "Students can be recognized here" in page
    sent = {"text": "Thank you.", "key": new_id(), "people_shown": "nobody", "attachments": [SimpleUploadedFile("plan.pdf", make_pdf())]}
    assert browser(cohort.joel).post(f"{cohort.root}posts/{file.post_id}/", sent).status_code == 302
    assert "plan.pdf" in words(browser(cohort.dana).get(f"{cohort.root}posts/{file.post_id}/"))
