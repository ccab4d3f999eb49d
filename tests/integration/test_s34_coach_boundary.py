"""S34: a coach reads drafts that are opened to them and writes notes; never scores, never sees scores, and loses sight with the consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cairn.apps.assessment.models import ScoreSheet
from cairn.apps.assessment.queries import eligible
from cairn.apps.comms.models import Letter
from cairn.apps.ledger.models import Fact
from cairn.apps.people import commands as people
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio import queries
from cairn.apps.portfolio.models import DraftAccess, Note, Submission
from cairn.apps.programs import commands as programs
from cairn.frame.actor import VISITOR
from cairn.kernel.errors import Conflict, Invalid, NotFound, Refused
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
DAY = date(2024, 1, 1)


class Together:
    """An educator with a draft, a coach in a group with her, and a peer in the same group."""

    def __init__(self, world):
        self.world = world
        self.dana, self.run = world.enrolled()
        self.coach = world.person("Imani Reyes", coach=world.issuer)
        self.peer = world.person("Joel Pruitt")
        self.group = people.form_group(actor=SYSTEM, organization_id=world.issuer.pk, name="Tuesday", kind="coaching")
        for somebody in (self.dana, self.coach, self.peer):
            self.join(somebody)
        self.prompt = world.content(self.run.version_id).prompts[0].key

    def join(self, somebody):
        people.join_group(actor=SYSTEM, group_id=self.group.pk, person_id=somebody.person_id, joined_on=DAY)

    def write(self, text="The team did not reteach the whole unit."):
        revision = portfolio.write(actor=self.dana, enrollment_id=self.run.pk, prompt=self.prompt, text="", revision=0).revision
        return portfolio.write(actor=self.dana, enrollment_id=self.run.pk, prompt=self.prompt, text=text, revision=revision)

    def open(self, coach=None, **told):
        return portfolio.open_draft(actor=self.dana, enrollment_id=self.run.pk, coach_id=(coach or self.coach).person_id, **told)

    def note(self, text="Say how they knew.", who=None, **told):
        told = told or {"prompt": self.prompt}
        return portfolio.note(actor=who or self.coach, enrollment_id=self.run.pk, text=text, **told)

    def draft(self, who=None):
        return queries.draft(who or self.coach, self.run.pk)


@pytest.fixture
def them(world):
    return Together(world)


def test_a_coach_reads_a_draft_that_was_opened_and_writes_notes_on_it(them):
    them.write()
    them.open(asks="Is 2b clear?")
    kept = them.note(prompt=them.prompt, quote="did not reteach")
    draft = them.draft()
    assert (draft.educator, draft.access.asks) == ("Dana Whitfield", "Is 2b clear?")
    answers = [answer for part in draft.parts for answer in part.answers if answer.text]
    assert [(answer.text, answer.notes) for answer in answers] == [("The team did not reteach the whole unit.", (kept,))]
    assert [note.text for note in queries.notes(them.dana, them.run.pk)] == ["Say how they knew."]


def test_a_draft_that_was_not_opened_is_not_there(them):
    them.write()
    for somebody in (them.coach, them.peer, them.dana, them.world.person("Far Stone", coach=them.world.issuer), VISITOR):
        with pytest.raises(NotFound):
            them.draft(somebody)
        with pytest.raises(NotFound):
            them.note(who=somebody)


def test_a_draft_is_opened_to_coaches_of_ones_own_groups_only(them):
    far = them.world.person("Far Stone", coach=them.world.issuer)
    for somebody in (them.peer, far, them.dana):
        with pytest.raises(Invalid, match="coaches of one’s own groups"):
            them.open(somebody)
    with pytest.raises(NotFound):
        portfolio.open_draft(actor=them.peer, enrollment_id=them.run.pk, coach_id=them.coach.person_id)


def test_opening_and_noting_twice_is_the_same_as_once(them):
    key = new_id()
    them.write()
    first = portfolio.open_draft(actor=them.dana.with_key(key), enrollment_id=them.run.pk, coach_id=them.coach.person_id)
    again = portfolio.open_draft(actor=them.dana.with_key(key), enrollment_id=them.run.pk, coach_id=them.coach.person_id)
    assert first == again == them.open()
    assert them.note() == them.note()
    assert (DraftAccess.objects.count(), Note.objects.count()) == (1, 1)
    assert Fact.objects.filter(kind="portfolio.draft_opened").count() == 1


def test_sight_is_lost_at_once_when_consent_ends_and_the_notes_stay_with_the_educator(them):
    them.write()
    access = them.open()
    them.note()
    portfolio.close_draft(actor=them.dana, access_id=access.pk)
    with pytest.raises(NotFound):
        them.draft()
    with pytest.raises(NotFound):
        them.note("One more.")
    assert list(Note.objects.visible_to(them.coach)) == []
    assert queries.drafts(them.coach) == ()
    assert [note.text for note in queries.notes(them.dana, them.run.pk)] == ["Say how they knew."]


def test_a_coach_may_step_back_and_a_stranger_may_not_close_anything(them):
    access = them.open()
    with pytest.raises(NotFound):
        portfolio.close_draft(actor=them.peer, access_id=access.pk)
    portfolio.close_draft(actor=them.coach, access_id=access.pk)
    access.refresh_from_db()
    assert access.ended_at is not None


@pytest.mark.parametrize("how", ["the role ends", "the coach leaves the group", "the educator leaves the group", "the educator withdraws"])
def test_sight_is_lost_too_where(them, how):
    them.write()
    them.open()
    if how == "the role ends":
        people.end_role(actor=SYSTEM, grant_id=people_role(them.coach))
    elif how == "the educator withdraws":
        programs.withdraw(actor=them.dana, enrollment_id=them.run.pk)
    else:
        gone = them.coach if "coach" in how else them.dana
        people.leave_group(actor=SYSTEM, group_id=them.group.pk, person_id=gone.person_id, left_on=DAY)
        drain()
    with pytest.raises(NotFound):
        them.draft(actor_of(them.coach.person_id))


def people_role(actor):
    from cairn.apps.people.queries import roles_of

    return roles_of(SYSTEM, actor.person_id).get().pk


def test_leaving_one_group_closes_nothing_while_another_joins_them(them):
    other = people.form_group(actor=SYSTEM, organization_id=them.world.issuer.pk, name="Friday", kind="plc")
    for somebody in (them.dana, them.coach):
        people.join_group(actor=SYSTEM, group_id=other.pk, person_id=somebody.person_id, joined_on=DAY)
    them.open()
    people.leave_group(actor=SYSTEM, group_id=them.group.pk, person_id=them.coach.person_id, left_on=DAY)
    drain()
    assert them.draft().educator == "Dana Whitfield"


def test_a_note_needs_words_a_place_and_a_draft(them):
    them.open()
    with pytest.raises(Conflict, match="Nothing is written"):
        them.note()
    them.write()
    with pytest.raises(Invalid, match="nothing in this note"):
        them.note("  ")
    with pytest.raises(Invalid, match="not in the answer"):
        them.note(prompt=them.prompt, quote="words of somebody else")
    with pytest.raises(NotFound):
        them.note(prompt="no-such-prompt")
    with pytest.raises(NotFound):
        them.note(artifact_id=new_id())


def test_a_note_may_be_on_a_file(them):
    file = them.world.add_file(them.dana, them.run, "plan")
    them.open()
    kept = them.note("Page 2 says it best.", artifact_id=file.pk)
    assert [f.notes for part in them.draft().parts for f in part.files] == [(kept,)]


def test_the_educator_alone_marks_notes_as_dealt_with(them):
    them.write()
    them.open()
    kept = them.note()
    for somebody in (them.coach, them.peer):
        with pytest.raises(Refused) as refused:
            portfolio.settle_note(actor=somebody, note_id=kept.pk)
        assert refused.value.status in (403, 404)
    assert portfolio.settle_note(actor=them.dana, note_id=kept.pk).dealt_at
    assert queries.open_notes(them.dana) == {}
    assert portfolio.settle_note(actor=them.dana, note_id=kept.pk, is_dealt=False).dealt_at is None
    assert queries.open_notes(them.dana) == {them.run.pk: 1}


def test_both_are_told_by_letter_without_the_words_of_the_note(them):
    them.write()
    them.open(asks="Is 2b clear?")
    them.note("This is a secret of ours.")
    drain()
    letters = {letter.kind: letter for letter in Letter.objects.filter(kind__startswith="portfolio.")}
    assert letters["portfolio.draft_opened"].person_id == them.coach.person_id
    assert "Is 2b clear?" in letters["portfolio.draft_opened"].text
    assert letters["portfolio.noted"].person_id == them.dana.person_id
    assert "secret" not in letters["portfolio.noted"].text


def test_support_reads_no_draft_through_a_coachs_eyes(them):
    them.open()
    with pytest.raises(NotFound):
        them.draft(replace(them.coach, only_looks=True, on_behalf=them.peer.person_id))


# --- Never a score ---------------------------------------------------------------------------------------------------


def test_a_coach_is_never_given_the_learners_work_to_score(them):
    """Neither while the draft is open nor for two years after, whatever roles they are given."""
    access = them.open()
    portfolio.close_draft(actor=them.dana, access_id=access.pk)
    people.leave_group(actor=SYSTEM, group_id=them.group.pk, person_id=them.coach.person_id, left_on=date(2020, 1, 1))
    drain()
    them.world.grant(them.coach.person_id, "assessor", them.world.issuer)
    readers = them.world.assessors(2)
    them.world.submitted(them.dana)
    sheets = ScoreSheet.objects.filter(case__enrollment=them.run)
    assert {sheet.assessor_id for sheet in sheets} == {reader.person_id for reader in readers}
    told = eligible(SYSTEM, sheets[0].case, "reader")
    assert any("coached them" in why or "group" in why for why in told.kept_away)


def test_who_turns_coach_while_holding_a_sheet_gives_it_back(them):
    late = them.world.person("Late Stone", coach=them.world.issuer, assessor=them.world.issuer)
    them.world.assessors(1)
    them.world.submitted(them.dana)
    assert ScoreSheet.objects.filter(assessor_id=late.person_id, state="open").exists()
    them.join(late)
    drain()
    assert not ScoreSheet.objects.filter(assessor_id=late.person_id, state="open").exists()


def test_the_draft_that_a_coach_sees_has_no_score_no_attempt_and_no_feedback(them):
    them.world.assessors(2)
    them.open()
    them.world.submitted(them.dana)
    assert not them.draft().is_draft
    with pytest.raises(Conflict, match="was submitted"):
        them.note()
    first, second = them.world.sheets(them.run)
    detail = first.case.open_details[0]
    for sheet in (first, second):
        them.world.score(sheet, {detail: "developing"})
    assert Submission.objects.filter(enrollment=them.run).count() == 2
    shown = repr(them.draft())
    for secret in ("developing", "Show one more step", "attempt=2", "open_details"):
        assert secret not in shown


def test_what_is_submitted_and_what_assessors_read_holds_no_note(them):
    them.world.assessors(2)
    them.write()
    them.open()
    them.note("Zebrafinch says: point at the strips.")
    portfolio.write(actor=them.dana, enrollment_id=them.run.pk, prompt=them.prompt, text="", revision=2)
    them.world.submitted(them.dana)
    submission = Submission.objects.get(enrollment=them.run)
    assert "Zebrafinch" not in submission.manifest
    assert "Zebrafinch" not in repr(queries.evidence(SYSTEM, submission.pk))
    assert [note.text for note in queries.notes(them.dana, them.run.pk)] == ["Zebrafinch says: point at the strips."]
