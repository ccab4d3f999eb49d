"""Joining a team with one's work, and keeping the same what its members show together. Not here: forming and leaving one (programs)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from cairn.apps.portfolio.commands.drafts import begin
from cairn.apps.portfolio.models import Artifact, Citation, Inclusion, SetAside, Submission, TeamSaving, Writing
from cairn.apps.portfolio.queries import files_of, is_carried
from cairn.apps.portfolio.queries.together import Together, together
from cairn.apps.programs import queries as programs
from cairn.apps.programs import steps as teams
from cairn.apps.programs.queries import Team
from cairn.frame.actor import Actor, system
from cairn.frame.commands import command
from cairn.kernel import clock, ids
from cairn.kernel.errors import Conflict
from cairn.kernel.text import word_count
from cairn.pure.packs.completeness import is_open
from cairn.pure.packs.model import Prompt

STRETCH = timedelta(minutes=30)  # savings of one member that are told as one


@command
def join_team(*, actor: Actor, invitation_id: str) -> Team:
    """Join, with one's draft: what the team has comes into it, what it lacks is taken from it, other words of one's own are set aside.

    From then on each member has a draft, so that all see what is written together.
    """
    team, run = teams.join_team(actor=actor, invitation_id=invitation_id)
    for each in programs.runs_of_team(system("portfolio"), team):
        begin(each)
    latest = Submission.objects.filter(enrollment=run).order_by("-attempt", "-created_at").first()
    if latest is not None and latest.state == "draft" and (shared := together(run)):
        gather(shared, Submission.objects.select_related("enrollment").locked(pk=latest.pk))
    return team


def mates(shared: Together, submission: Submission) -> list[Submission]:
    """The drafts of the other members, locked."""
    found = Submission.objects.filter(_of_the_team(shared), state="draft", enrollment__state="active").exclude(pk=submission.pk)
    return list(found.select_for_update(of=("self",)).order_by("pk"))


def _of_the_team(shared: Together) -> Any:
    persons = [member.person_id for member in programs.members(shared.team)]
    return Q(enrollment__offering=shared.team.offering_id, version=shared.team.version_id, person__in=persons)


def gather(shared: Together, submission: Submission, *, since: datetime | None = None) -> None:
    """Let a draft that is new to the team hold what the team has, and the team what it brings.

    With `since` it is the next attempt of a member, whose last was submitted then: what the team wrote after that comes into it.
    """
    drafts = mates(shared, submission)
    sent = Submission.objects.filter(_of_the_team(shared), submitted_at__isnull=False).exclude(enrollment=submission.enrollment_id)
    last = (sent.filter(submitted_at__gt=since) if since else sent).order_by("-submitted_at").first()
    for prompt in shared.prompts:
        source = next((draft for draft in drafts if is_open(prompt, draft.open_details)), last)
        if is_open(prompt, submission.open_details) and (source or since is None):
            _gather_text(shared, submission, source, prompt, is_new=since is None)
    source = next((draft for draft in drafts if set(draft.open_details) & shared.keys), last)
    if source or since is None:
        _gather_files(shared, submission, source, drafts)
        _gather_citations(shared, submission, source, drafts, is_new=since is None)


def _gather_text(shared: Together, submission: Submission, source: Submission | None, prompt: Prompt, *, is_new: bool) -> None:
    own = Writing.objects.filter(submission=submission, prompt=prompt.key).first()
    theirs = Writing.objects.filter(submission=source, prompt=prompt.key).first() if source else None
    if own is None and theirs is None:
        return
    own = own or Writing(submission=submission, prompt=prompt.key)
    if theirs is not None and theirs.text != own.text and (theirs.text or not is_new):
        if own.text and is_new:
            SetAside.objects.create(submission=submission, key=prompt.key, text=own.text)
        own.text = theirs.text
    own.words, own.saved_at = word_count(own.text), clock.now()
    own.revision = max(own.revision, theirs.revision if theirs else 0) + 1
    own.save()
    spread_writing(shared, submission, own, prompt)


def _gather_files(shared: Together, submission: Submission, source: Submission | None, drafts: list[Submission]) -> None:
    here, there = files_of(submission), files_of(source) if source else ()
    for slot in shared.slots:
        own = [a for a in here if a.requirement == slot.key]
        theirs = [a for a in there if a.requirement == slot.key]
        new = [a for a in theirs if a.sha256 not in {o.sha256 for o in own}]
        if sum(not is_carried(submission, a) for a in own) + len(new) > slot.files_max:
            sentence = f"Your files and the team’s in “{slot.title}” would be more than the {slot.files_max} that it takes."
            raise Conflict("slot-full", sentence, "Take files of yours out there first, then join.")
        include(new, [submission])
        include([a for a in own if a.sha256 not in {t.sha256 for t in theirs}], drafts)


def _gather_citations(
    shared: Together, submission: Submission, source: Submission | None, drafts: list[Submission], *, is_new: bool
) -> None:
    slots, details = {slot.key for slot in shared.slots}, shared.keys & set(submission.open_details)
    for own in Citation.objects.filter(submission=submission, detail__in=details).select_related("artifact", "submission"):
        if is_new and own.artifact.requirement in slots:
            spread_citation(own, drafts)
            continue
        if is_new and own.explanation:
            SetAside.objects.create(submission=submission, key=own.detail, text=own.explanation)
        own.delete()
    have = set(Citation.objects.filter(submission=submission, detail__in=details).values_list("shared_as", flat=True))
    for theirs in Citation.objects.filter(submission=source, detail__in=details).select_related("submission", "artifact") if source else ():
        if _as_shared(theirs) not in have:
            _copy(theirs, submission)


def _as_shared(citation: Citation) -> str:
    """What the copies of a citation have in common; one that was submitted keeps its own, which nobody else has."""
    if not citation.shared_as:
        citation.shared_as = ids.new_id()
        if citation.submission.state == "draft":
            citation.save(update_fields=["shared_as"])
    return citation.shared_as


# --- Kept the same, by those who write (writing, files) --------------------------------------------------------------


def spread_writing(shared: Together, submission: Submission, writing: Writing, prompt: Prompt) -> None:
    """The same words in the draft of each member in whose attempt the prompt is open."""
    targets = [draft.pk for draft in mates(shared, submission) if is_open(prompt, draft.open_details)]
    words = {"text": writing.text, "words": writing.words, "revision": writing.revision, "saved_at": writing.saved_at}
    Writing.objects.filter(submission__in=targets, prompt=prompt.key).update(**words)
    have = set(Writing.objects.filter(submission__in=targets, prompt=prompt.key).values_list("submission_id", flat=True))
    Writing.objects.bulk_create(Writing(submission_id=pk, prompt=prompt.key, **words) for pk in targets if pk not in have)


def note_saving(shared: Together, author_id: str, writing: Writing) -> None:
    """That a member wrote this; a stretch of work is one line."""
    now = clock.now()
    last = TeamSaving.objects.filter(team=shared.team, prompt=writing.prompt).order_by("-saved_at", "-pk").first()
    if last is None or last.author_id != author_id or last.begun_at < now - STRETCH:
        last = TeamSaving(team=shared.team, prompt=writing.prompt, author_id=author_id)
    last.text, last.words, last.saved_at = writing.text, writing.words, now
    last.save()


def include(files: Iterable[Artifact], submissions: Iterable[Submission]) -> None:
    for submission in submissions:
        have = set(Inclusion.objects.filter(submission=submission).values_list("artifact_id", flat=True))
        Inclusion.objects.bulk_create(Inclusion(submission=submission, artifact=a) for a in files if a.pk not in have)


def exclude(artifact: Artifact, submissions: Iterable[Submission]) -> None:
    """Take a file out of drafts, with its citations; where an earlier attempt showed it, it stays."""
    for submission in submissions:
        before = Inclusion.objects.filter(
            artifact=artifact, submission__enrollment=submission.enrollment_id, submission__attempt__lt=submission.attempt
        )
        if not before.exists():
            Citation.objects.filter(submission=submission, artifact=artifact).delete()
            Inclusion.objects.filter(submission=submission, artifact=artifact).delete()


def spread_citation(citation: Citation, drafts: Iterable[Submission]) -> None:
    """The same place, with the same explanation, in the drafts in which its detail is open."""
    shared_as = _as_shared(citation)
    told = {name: getattr(citation, name) for name in ("page", "from_seconds", "to_seconds", "explanation", "revision")}
    for draft in drafts:
        if citation.detail in draft.open_details and not Citation.objects.filter(submission=draft, shared_as=shared_as).update(**told):
            _copy(citation, draft)


def unspread_citation(citation: Citation, drafts: Iterable[Submission]) -> None:
    if citation.shared_as:
        open_there = [draft.pk for draft in drafts if citation.detail in draft.open_details]
        Citation.objects.filter(submission__in=open_there, shared_as=citation.shared_as).delete()


def _copy(c: Citation, draft: Submission) -> None:
    include([c.artifact], [draft])
    Citation.objects.create(submission=draft, detail=c.detail, artifact_id=c.artifact_id, page=c.page, from_seconds=c.from_seconds,
                            to_seconds=c.to_seconds, explanation=c.explanation, revision=c.revision, created_at=c.created_at,
                            shared_as=c.shared_as)  # fmt: skip
