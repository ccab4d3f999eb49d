"""Any sequence of joining, leaving, writing and submitting in a team keeps what must hold of it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cairn.apps.assessment.models import Decision, ScoreSheet, TeamScore
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.models import Submission, Writing
from cairn.apps.portfolio.queries import writing, written_by
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.apps.programs.models import TeamInvitation
from cairn.apps.reports.queries import integrity
from cairn.kernel.errors import Refused
from cairn.site.worker import drain
from tests.teams_world import ShortTeams, address_of
from tests.world import SYSTEM

PEOPLE = 4
WORDS = ("Red", "Green", "Blue")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["join", "join", "leave", "together", "together", "alone", "submit", "submit", "score", "score"]),
        st.integers(0, PEOPLE - 1),
        st.integers(0, 2),
    ),
    min_size=6,
    max_size=24,
)


class Play:
    """Four people, of whom the first forms a team; every answer that anybody ever sees of it is written down."""

    def __init__(self) -> None:
        self.world = ShortTeams()
        self.readers = self.world.assessors(2)
        self.people = [self.world.enrolled(self.world.person(f"Person{n} Reed")) for n in range(PEOPLE)]
        self.team = self.world.form(self.people[0])
        self.refusals: list[Refused] = []
        self.sent: dict[str, dict[str, str]] = {}

    def step(self, what: str, who: int, number: int) -> None:
        actor, run = self.people[who]
        told = {"actor": actor, "enrollment_id": run.pk}
        if what == "join":
            self.tried(self.join, actor)
        elif what == "leave":
            self.tried(programs.leave_team, actor=actor, team_id=self.team.pk, person_id=actor.person_id)
        elif what in ("together", "alone"):
            kept = writing(actor, run.pk, what)
            text = f"{WORDS[number]} of {who}" if what == "alone" else WORDS[number]
            self.tried(portfolio.write, **told, prompt=what, text=text, revision=kept.revision if kept else 0)
        elif what == "submit":
            for prompt in ("together", "alone"):
                if writing(actor, run.pk, prompt) is None:
                    self.tried(portfolio.write, **told, prompt=prompt, text=f"{WORDS[number]} at last", revision=0)
            self.tried(portfolio.submit, **told)
        else:
            self.score(who, number)
        drain()
        self.note_sent()

    def join(self, actor) -> None:
        asker = next((member.person_id for member in queries.members(self.team)), None)
        if asker and not TeamInvitation.objects.filter(team=self.team, address=address_of(actor), ended_at=None).exists():
            by = next(person for person, _ in self.people if person.person_id == asker)
            programs.ask_to_team(actor=by, team_id=self.team.pk, address=address_of(actor))
        asked = TeamInvitation.objects.filter(team=self.team, address=address_of(actor), ended_at=None).first()
        if asked:
            portfolio.join_team(actor=actor, invitation_id=asked.pk)

    def score(self, who: int, number: int) -> None:
        for sheet in ScoreSheet.objects.filter(case__enrollment=self.people[who][1], state="open"):
            level = ("developing", "proficient", "advanced")[number]
            self.world.score(sheet, dict.fromkeys(sheet.case.open_details, level))

    def tried(self, command, *args, **given) -> None:
        try:
            command(*args, **given)
        except Refused as refusal:
            self.refusals.append(refusal)

    def note_sent(self) -> None:
        for submission in Submission.objects.exclude(state="draft"):
            words = dict(Writing.objects.filter(submission=submission).values_list("prompt", "text"))
            assert self.sent.setdefault(submission.pk, words) == words, "what was submitted has changed"

    def require_order(self) -> None:
        assert all(refusal.message and refusal.remedy for refusal in self.refusals)
        members = {member.person_id for member in queries.members(self.team)}
        drafts = Submission.objects.filter(state="draft")
        texts = {
            Writing.objects.filter(submission=draft, prompt="together").values_list("text", flat=True).first() or ""
            for draft in drafts
            if draft.person_id in members and "1a" in draft.open_details
        }
        assert len(texts) <= 1, "members have different words of what they write together"
        for actor, _ in self.people:
            assert actor.person_id in members or not written_by(actor, self.team).exists()
        levels: dict[tuple[str, str], set[str]] = {}
        for line in TeamScore.objects.all():
            decision = Decision.objects.filter(case=line.case_id).first()
            if decision:
                levels.setdefault((line.detail, line.digest), set()).add(decision.levels[line.detail])
        assert all(len(given) == 1 for given in levels.values()), "the same evidence has two scores"
        assert [finding.failures for finding in integrity(SYSTEM) if finding.failures] == []


class TeamsTest(TestCase):
    @settings(max_examples=5, deadline=None)
    @given(steps=STEPS)
    def test_what_was_submitted_stays_the_same_evidence_has_one_score_and_nobody_outside_reads_along(self, steps):
        play = Play()
        for what, who, number in steps:
            play.step(what, who, number)
        play.require_order()
