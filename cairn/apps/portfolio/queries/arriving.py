"""Files on their way, and how much room is left for more. Not here: how many of their bytes are here (outward)."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet, Sum

from cairn.apps.catalog import queries as catalog
from cairn.apps.comms.queries import Notice
from cairn.apps.portfolio.models import Artifact, Submission, Upload
from cairn.apps.programs.queries import Enrollment
from cairn.frame.actor import Actor
from cairn.kernel.errors import Invalid
from cairn.kernel.facts import Recorded
from cairn.kernel.text import megabytes

_UNDERWAY = ("receiving", "pending", "scanned")


def upload(viewer: Actor, upload_id: str) -> Upload:
    return Upload.objects.visible_to(viewer).get_or_not_found(pk=upload_id)


def uploads(viewer: Actor, enrollment_id: str) -> QuerySet[Upload]:
    """Those that are on their way, and those that were not kept and whose educator has not put that aside; the first begun first."""
    mine = Upload.objects.visible_to(viewer).filter(enrollment_id=enrollment_id)
    return mine.filter(is_told=False).exclude(state="clean").order_by("begun_at", "pk")


def uploads_in(viewer: Actor, *states: str) -> QuerySet[Upload]:
    return Upload.objects.visible_to(viewer).filter(state__in=states).order_by("begun_at", "pk")


@dataclass(frozen=True)
class Room:
    """Bytes that an educator and an organization hold, on their way included, and how many each may."""

    educator: int
    organization: int

    @property
    def left(self) -> int:
        return max(0, min(settings.EDUCATOR_QUOTA - self.educator, settings.ORGANIZATION_QUOTA - self.organization))

    def require(self, size: int) -> None:
        """Invalid where a file of `size` bytes does not fit any more."""
        if self.educator + size > settings.EDUCATOR_QUOTA:
            most = megabytes(settings.EDUCATOR_QUOTA)
            sentence = f"Your files have {megabytes(self.educator)}, and this one {megabytes(size)}; at most {most} can be kept."
            raise _full(sentence, "Take out what you do not cite, or make this one smaller.")
        if self.organization + size > settings.ORGANIZATION_QUOTA:
            sentence = f"The organization that runs this program has no room for {megabytes(size)} more."
            raise _full(sentence, "Nothing of yours is lost. Tell the program's coordinator, who can ask for more room.")


def _full(sentence: str, remedy: str) -> Invalid:
    return Invalid("no-room-left", sentence, remedy, {"file": sentence})


def room_for(viewer: Actor, work: Submission | Enrollment) -> Room:
    """How much the owner of this work, and the organization that runs its program, hold.

    What was taken out of a draft does not count, and what was ever submitted cannot be taken out.
    """
    run = work.enrollment if isinstance(work, Submission) else work
    by_program = {"enrollment__offering__program__organization_id": run.offering.program.organization_id}
    return Room(_bytes(person_id=work.person_id), _bytes(**by_program))


def _bytes(**of: str) -> int:
    kept = Artifact.objects.filter(state="kept", **of).aggregate(total=Sum("size"))["total"] or 0
    coming = Upload.objects.filter(state__in=_UNDERWAY, **of).aggregate(total=Sum("size"))["total"] or 0
    return int(kept + coming)


def blocked_notice(viewer: Actor, fact: Recorded) -> tuple[Notice, ...]:
    """The educator is told, also when the page was left long ago."""
    found = Upload.objects.visible_to(viewer).select_related("person", "enrollment").get(pk=fact.subject_id)
    title = catalog.content(viewer, found.enrollment.version_id).title
    words = {"title": title, "file": found.name, "found": fact.data["found"], "path": f"/portfolio/{found.enrollment_id}/"}
    return (Notice(fact.kind, found.person_id, found.person.name, found.person.email, words),)
