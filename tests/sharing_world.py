"""Builders for pages that educators share: Dana has earned something, and shows it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from cairn.apps.credentials import commands
from cairn.apps.credentials.models import SharedPage
from cairn.apps.credentials.queries import Chosen, choices, secret_of
from cairn.apps.portfolio import commands as portfolio
from cairn.kernel import clock
from cairn.site.worker import drain
from tests.world import World

PRINCIPAL = "g.abara@example.org"


def shown_things(educator, **told) -> dict[str, str]:
    """A page of all that somebody has to show, for a team: what its addresses hold."""
    first = {c.kind: c for group in choices(educator) for c in group.choices if not c.why_not}
    parts = [Chosen(choice.kind, choice.thing) for choice in first.values()]
    given = {"title": "For the mentors", "until": Showing.day(30), "team": "Mentors", **told}
    page = commands.share_page(actor=educator, parts=parts, **given)
    recipient, file = page.recipients.get(), page.parts.get(kind="file")
    return {"page_id": page.pk, "recipient_id": recipient.pk, "share_token": secret_of(recipient), "part_id": file.pk}


def drafted(world: World):
    """Dana at work on something, with a file, and without a credential: quicker to arrange."""
    dana, run = world.enrolled()
    paper = world.add_file(dana, run, "plan")
    portfolio.describe_artifact(actor=dana, enrollment_id=run.pk, artifact_id=paper.pk, title="Unit plan of Room 9", people_shown="nobody")
    return dana, run, paper


def share(dana, *parts, **told) -> SharedPage:
    given = {"title": "For our talk", "until": Showing.day(30), "addresses": () if "team" in told else (PRINCIPAL,), **told}
    page = commands.share_page(actor=dana, parts=[Chosen(*part) for part in parts], **given)
    drain()
    return page


class Showing:
    """Dana has a credential, feedback, files and answers to show, and shows what a test chooses."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.dana, self.run = world.earned(world.person("Dana Whitfield"))

    def choices(self, actor=None) -> dict[str, list[str]]:
        """Ids of what may be shown, by kind."""
        found: dict[str, list[str]] = {}
        for each in (choice for group in choices(actor or self.dana) for choice in group.choices if not choice.why_not):
            found.setdefault(each.kind, []).append(each.thing)
        return found

    def chosen(self, *kinds: str, note="") -> list[Chosen]:
        """The first of each kind."""
        return [Chosen(kind, self.choices()[kind][0], note) for kind in kinds]

    def share(self, *kinds: str, note="", **told) -> SharedPage:
        return share(self.dana, *((c.kind, c.thing, c.note) for c in self.chosen(*kinds, note=note)), **told)

    @staticmethod
    def day(days: int):
        """From today where the educators of these tests are."""
        return clock.today(ZoneInfo("America/Chicago")) + timedelta(days=days)

    @staticmethod
    def link(page: SharedPage) -> str:
        return f"/shared/{secret_of(page.recipients.first())}/"
