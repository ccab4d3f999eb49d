"""Pages that educators share: their own list, what somebody with a link reads, and the link. Not here: what may be chosen (choosing)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db.models import Prefetch, QuerySet

from cairn.apps.assessment import queries as assessment
from cairn.apps.catalog import queries as catalog
from cairn.apps.credentials import policy
from cairn.apps.credentials.models import PageOpening, Recipient, SharedPage, SharedPart
from cairn.apps.credentials.queries.choosing import stays
from cairn.apps.credentials.queries.pages import CredentialPage, page
from cairn.apps.people import queries as people
from cairn.apps.portfolio import queries as portfolio
from cairn.apps.programs import queries as programs
from cairn.frame.actor import VISITOR, Actor
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, NotFound


@dataclass(frozen=True)
class ShownPart:
    """One thing as a reader sees it; exactly one of credential, feedback, file and answer is there, or none where it is withdrawn.

    `title` is that of its micro-credential; `about` the question of an answer, the slot of a file.
    """

    id: str
    kind: str
    note: str
    title: str = ""
    about: str = ""
    credential: CredentialPage | None = None
    feedback: assessment.Feedback | None = None
    file: portfolio.EvidenceFile | None = None
    answer: str = ""

    @property
    def is_withdrawn(self) -> bool:
        return not (self.credential or self.feedback or self.file or self.answer)


@dataclass(frozen=True)
class ShownPage:
    page: SharedPage
    educator: str
    zone: ZoneInfo  # the educator's
    parts: tuple[ShownPart, ...]

    def file(self, part_id: str) -> ShownPart:
        """A part that is a file, and still there."""
        found = next((part for part in self.parts if part.id == part_id and part.file), None)
        if found is None:
            raise NotFound("file")
        return found


# --- The educator's own ----------------------------------------------------------------------------------------------


def shared_pages(viewer: Actor) -> QuerySet[SharedPage]:
    """The latest first, with parts, recipients and openings."""
    found = SharedPage.objects.visible_to(viewer).filter(person_id=viewer.person_id).order_by("-made_at", "pk")
    opened = PageOpening.objects.select_related("part__artifact").order_by("-opened_at")
    found = found.prefetch_related(Prefetch("recipients", Recipient.objects.order_by("made_at", "name")))
    found = found.prefetch_related(Prefetch("recipients__openings", opened))
    return found.prefetch_related(Prefetch("parts", SharedPart.objects.order_by("place")))


def shared_page(viewer: Actor, page_id: str) -> SharedPage:
    found = shared_pages(viewer).filter(pk=page_id).first()
    if found is None:
        raise NotFound("shared page")
    return found


def recipient(viewer: Actor, recipient_id: str) -> Recipient:
    return Recipient.objects.visible_to(viewer).select_related("page__person").get_or_not_found(pk=recipient_id)


def as_read(viewer: Actor, page_id: str) -> ShownPage:
    """One's own page as those with a link read it."""
    return _shown(shared_page(viewer, page_id))


# --- Through a link --------------------------------------------------------------------------------------------------


def secret_of(recipient: Recipient) -> str:
    """What the link ends with: 160 bits that follow from the site's secret, so that a letter can hold them and no table does."""
    told = f"shared page\n{recipient.pk}\n{recipient.serial}"
    return hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()[:40]


def link_of(recipient: Recipient) -> str:
    """Path of the page, for this recipient."""
    return f"/shared/{secret_of(recipient)}/"


def recipient_with(viewer: Actor, secret: str) -> Recipient:
    """Whose link it is, while it opens the page. It is looked up by its hash, so that the time this takes tells nothing of it."""
    found = Recipient.objects.select_related("page__person").filter(secret_hash=people.hash_of(secret)).first()
    if found is None:
        raise NotFound("page")
    if found.ended_at is not None or not found.page.is_open(clock.now()):
        raise Forbidden("shared-page-closed", "This page is open no more.", "Ask whoever sent you the link for a new one.")
    policy.READ_SHARED.require(viewer, found)
    return found


def passcode_fits(recipient: Recipient, passcode: str) -> bool:
    return not recipient.page.passcode or check_password(passcode, recipient.page.passcode)


def read_page(viewer: Actor, secret: str) -> ShownPage:
    """What the link opens, and nothing more. That a passcode was given is for the face to see to."""
    return _shown(recipient_with(viewer, secret).page)


def shared_file(recipient_id: str, part_id: str) -> tuple[portfolio.EvidenceFile, bool]:
    """A file for the files host, asked at every request: and whether it may be kept."""
    found = Recipient.objects.select_related("page").filter(pk=recipient_id, ended_at=None).first()
    part = SharedPart.objects.select_related("artifact").filter(pk=part_id, kind="file", page=found.page).first() if found else None
    if found is None or part is None or part.artifact is None or not found.page.is_open(clock.now()) or stays(part.artifact):
        raise NotFound("file")
    return portfolio.own_file(people.actor_of(found.page.person_id), part.artifact.pk), found.page.allows_download


# --- What is read ----------------------------------------------------------------------------------------------------


def _shown(page: SharedPage) -> ShownPage:
    owner = people.actor_of(page.person_id)
    parts = page.parts.select_related("credential", "decision", "artifact", "writing__submission").order_by("place")
    return ShownPage(page, people.me(owner).name, people.zone_of(page.person_id), tuple(_part(owner, part) for part in parts))


def _part(owner: Actor, part: SharedPart) -> ShownPart:
    """Read with the educator's eyes, so that nothing is shown which they cannot see themselves."""
    if part.credential:
        told = page(VISITOR, part.credential.pk)
        return ShownPart(part.pk, part.kind, part.note, told.line.title, credential=told)
    if part.decision:
        every = assessment.feedback(owner, part.decision.enrollment_id)
        said = next((each for each in every if each.decision_id == part.decision_id), None)
        return ShownPart(part.pk, part.kind, part.note, said.content.title if said else "", feedback=said)
    if part.artifact:
        return _file(owner, part, part.artifact)
    return _answer(owner, part)


def _file(owner: Actor, part: SharedPart, artifact: portfolio.Artifact) -> ShownPart:
    content = catalog.content(owner, programs.my_enrollment(owner, artifact.enrollment_id).version_id)
    slot = next((slot.title for slot in content.artifacts if slot.key == artifact.requirement), "")
    file = None if stays(artifact) else portfolio.own_file(owner, artifact.pk)
    return ShownPart(part.pk, part.kind, part.note, content.title, slot, file=file)


def _answer(owner: Actor, part: SharedPart) -> ShownPart:
    assert part.writing is not None  # a CHECK holds it
    content = catalog.content(owner, part.writing.submission.version_id)
    question = next((prompt.question for prompt in content.prompts if prompt.key == part.writing.prompt), "")
    return ShownPart(part.pk, part.kind, part.note, content.title, question, answer=part.writing.text)
