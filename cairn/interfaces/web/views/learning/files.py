"""Files in their slots: receiving, naming, looking at one, taking one out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify

from cairn.apps.portfolio import commands, outward
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.portfolio.queries import PEOPLE_SHOWN, Artifact, PartWork, Workspace
from cairn.frame.actor import Actor
from cairn.interfaces.web.forms.learning import CaptionsForm, DescribeForm
from cairn.interfaces.web.looking import look
from cairn.interfaces.web.middleware import wants_json
from cairn.interfaces.web.views.frame import Request
from cairn.interfaces.web.views.learning import desk, saying, slots
from cairn.interfaces.web.views.learning.pages import part_page
from cairn.kernel.errors import Invalid, NotFound, Refused

HERE_ALREADY = "file-here-already"


# --- Receiving -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Received:
    """What became of the files that were sent together: those now in the slot, what is to be noted of others, and what was refused."""

    kept: tuple[str, ...]
    noted: tuple[str, ...]
    refused: tuple[tuple[str, Refused], ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(f"“{name}”: {refusal}" for name, refusal in self.refused)


def slot(request: Request, work: Workspace, own: PartWork, key: str) -> HttpResponse:
    """Files sent to a slot; a visit leads to the slot on its part's page."""
    here = f"{desk.root(work)}{own.part.key}/"
    if request.method != "POST":
        return redirect(f"{here}#slot-{key}")
    got = receive(request.actor, work, key, request.FILES.getlist("file"))
    if got.refused:
        return _refused(request, work, own, key, got)
    for sentence in got.noted:
        messages.info(request, sentence)
    added = f"?added={got.kept[-1]}#file-{got.kept[0]}" if got.kept else f"#slot-{key}"
    return JsonResponse({"location": here + added}) if wants_json(request) else redirect(here + added)


def receive(viewer: Actor, work: Workspace, key: str, sent: Sequence[Any]) -> Received:
    """One after the other: what is wrong with one file keeps none of the others out."""
    kept, noted, refused = [], [], []
    for file in sent:
        name = (file.name or "file")[-100:]
        try:
            artifact = outward.receive(viewer.with_key(""), work.enrollment.pk, key, file.file, name=name, size=file.size or 0)
            kept.append(artifact.pk)
        except Refused as refusal:
            if refusal.code == HERE_ALREADY:
                noted.append(f"“{name}” was here already.")
            elif refusal.code == outward.WAITS:
                noted.append(str(refusal))
            else:
                refused.append((name, refusal))
    if not sent:
        refused.append(("No file", Invalid("file-missing", "None was chosen.", "Choose one first.")))
    return Received(tuple(kept), tuple(noted), tuple(refused))


def _refused(request: Request, work: Workspace, own: PartWork, key: str, got: Received) -> HttpResponse:
    sentences = list(got.sentences)
    if wants_json(request):
        rest = f"{saying.capital(saying.counted(len(got.kept), 'other file'))} arrived; reload the page to see it." if got.kept else ""
        return JsonResponse({"message": " ".join(sentences), "remedy": rest}, status=422)
    work = portfolio.workspace(request.actor, work.enrollment.pk)
    return part_page(request, work, work.part(own.part.key), refused=slots.Refusal(key, sentences))


# --- One file --------------------------------------------------------------------------------------------------------


def _mine(work: Workspace, artifact_id: str) -> Artifact:
    """A file of this attempt; NotFound for anything else."""
    found = next((a for a in work.artifacts if a.pk == artifact_id), None)
    if found is None:
        raise NotFound("file")
    return found


def part_of(work: Workspace, requirement: str) -> PartWork:
    return next(p for p in work.parts if any(s.requirement.key == requirement for s in p.slots))


@login_required
def file(request: Request, enrollment_id: str, artifact_id: str) -> HttpResponse:
    """Looking at a file; or saying what it is called and who can be recognized in it."""
    work = portfolio.workspace(request.actor, enrollment_id)
    artifact = _mine(work, artifact_id)
    return _describe(request, work, artifact) if request.method == "POST" else _file_page(request, work, artifact)


def _file_page(request: Request, work: Workspace, artifact: Artifact, form: CaptionsForm | None = None) -> HttpResponse:
    """`form` holds captions that were refused."""
    name = slugify(artifact.title)[:60] or f"file-{artifact.number}"
    seen = look(request, artifact.pk, portfolio.own_file(request.actor, artifact.pk), name)
    may_caption = artifact.seconds is not None and work.is_draft and not work.is_carried(artifact)
    shown: dict[str, Any] = {
        "frame": desk.frame(work, part_of(work, artifact.requirement).part.key), "file": artifact, "facts": slots.facts(artifact),
        "people": PEOPLE_SHOWN.get(artifact.people_shown, "It is not said yet who can be recognized in it"), "look": seen,
        "form": form or CaptionsForm() if may_caption else None,
    }  # fmt: skip
    return render(request, "learning/file.html", shown, status=422 if form else 200)


@login_required
def captions(request: Request, enrollment_id: str, artifact_id: str) -> HttpResponse:
    """Adds captions to a recording in place of those that it has, or takes them out."""
    work = portfolio.workspace(request.actor, enrollment_id)
    artifact, form = _mine(work, artifact_id), CaptionsForm(request.POST, request.FILES)
    if "remove" in request.POST:
        commands.remove_captions(actor=request.actor, enrollment_id=enrollment_id, artifact_id=artifact_id)
    elif request.method == "POST" and not (form.is_valid() and _captioned(request, artifact, form)):
        return _file_page(request, work, artifact, form)
    return redirect(f"{desk.root(work)}file/{artifact.pk}/#captions")


def _captioned(request: Request, artifact: Artifact, form: CaptionsForm) -> bool:
    told = form.cleaned_data
    try:
        outward.caption(request.actor, artifact, language=told["language"], data=told["captions"].read())
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    return True


def _describe(request: Request, work: Workspace, artifact: Artifact) -> HttpResponse:
    own, form = part_of(work, artifact.requirement), DescribeForm(request.POST, auto_id=slots.form_id(artifact))
    if not form.is_valid():
        return part_page(request, work, own, refused=slots.Refusal(described=form))
    commands.describe_artifact(actor=request.actor, enrollment_id=work.enrollment.pk, artifact_id=artifact.pk, **form.cleaned_data)
    return redirect(f"{desk.root(work)}{own.part.key}/#slot-{artifact.requirement}")


@login_required
def remove(request: Request, enrollment_id: str, artifact_id: str) -> HttpResponse:
    """Asks first, and says which citations go with it. Taking it out twice is the same as once."""
    work = portfolio.workspace(request.actor, enrollment_id)
    if request.method == "POST":
        gone = commands.remove_artifact(actor=request.actor, enrollment_id=enrollment_id, artifact_id=artifact_id)
        messages.success(request, f"“{gone.title}” is taken out.")
        return redirect(f"{desk.root(work)}{part_of(work, gone.requirement).part.key}/#slot-{gone.requirement}")
    artifact = _mine(work, artifact_id)
    own = part_of(work, artifact.requirement)
    cited = [d.detail.key for p in work.parts for d in p.details if any(c.artifact_id == artifact.pk for c in d.citations)]
    shown = {"frame": desk.frame(work, own.part.key), "file": artifact, "facts": slots.facts(artifact), "cited": saying.listed(cited)}
    return render(request, "learning/remove_file.html", {**shown, "back": f"{desk.root(work)}{own.part.key}/#slot-{artifact.requirement}"})
