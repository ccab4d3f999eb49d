"""Where a run stands and what comes next, in the words of home, portfolio and overview. Not here: deciding it (portfolio's `step`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cairn.apps.credentials.queries import Credential
from cairn.apps.portfolio.queries import Workspace
from cairn.interfaces.web.art import Badge
from cairn.interfaces.web.stones import badge_of
from cairn.interfaces.web.views.learning import saying
from cairn.interfaces.web.views.learning.desk import gap_url, part_links, root
from cairn.interfaces.web.wording import hours
from cairn.kernel import clock
from cairn.pure.clocks import long_date, long_moment

Case = tuple[str, datetime] | None


@dataclass(frozen=True)
class Signed:
    """The credential of a run: where it stands, who issued it, and since when it is taken back, if it is."""

    url: str
    issuer: str
    revoked_on: date | None = None


@dataclass(frozen=True)
class Outlook:
    """`title`, `lead` and the button `act` for a page's head; `state` and `short` for a row. `why` says which date ruled."""

    work: Workspace
    title: str
    lead: str
    act: str
    url: str
    state: tuple[str, str]
    short: str
    why: str = ""

    @property
    def badge(self) -> Badge:
        return badge_of(self.work.enrollment.microcredential)

    @property
    def name(self) -> str:
        return self.work.content.title


def signed_of(credential: Credential) -> Signed:
    day = credential.revoked_at.astimezone(ZoneInfo(credential.person.time_zone)).date() if credential.revoked_at else None
    return Signed(f"/credentials/{credential.pk}/", credential.issuer.name, day)


def outlook(work: Workspace, case: Case = None, signed: Signed | None = None) -> Outlook:
    """`case` says by when a submitted attempt is decided; `signed` is there once the credential is signed."""
    if work.is_late:
        return _late(work)
    if work.is_draft and work.submission and work.submission.missing:
        return _came_back(work, work.submission.missing)
    if work.step == "write":
        return _write(work)
    if work.step == "revise":
        return _revise(work)
    if work.step == "waiting":
        return _waiting(work, case)
    if signed and signed.revoked_on:
        return _revoked(work, signed, long_date(signed.revoked_on))
    return _earned(work, signed) if work.step == "earned" else _left(work)


def _came_back(work: Workspace, missing: str) -> Outlook:
    lead = f"{missing} It came back before it was scored, so it is still the same attempt."
    url = gap_url(work, work.gaps[0]) if work.gaps else part_links(work)[0].url
    return Outlook(work, f"Complete {work.content.title}", lead, "Open your work", url, saying.due(work.due_at, work.zone),
                   "Something is missing.", work.due_sentence)  # fmt: skip


def _write(work: Workspace) -> Outlook:
    name, links, due = work.content.title, part_links(work), saying.due(work.due_at, work.zone)
    done = sum(link.mark == "met" for link in links)
    if not work.gaps:
        lead = f"All {saying.spelled(len(links))} parts are complete. Look it over once more, then hand it in."
        return Outlook(work, f"{name} is ready to submit", lead, "Check and submit", f"{root(work)}check/", due, lead, work.due_sentence)
    gap = work.gaps[0]
    coming = next(link for link in links if link.key == gap.part)
    if not any(part.is_begun for part in work.parts):
        effort = hours(work.content.hours.estimated_min, work.content.hours.estimated_max)
        number = saying.capital(saying.spelled(len(links)))
        lead = f"{number} parts, about {effort} of work. It saves itself, so stop and come back as you like."
        return Outlook(work, f"Begin {name}", lead, f"Begin with part 1, {coming.title}", coming.url, due, "Not begun.", work.due_sentence)
    far = f": {coming.words}" if coming.mark == "half" and work.part(coming.key).details else ""
    parts = f"{saying.capital(saying.spelled(done))} of {saying.spelled(len(links))} parts {'is' if done == 1 else 'are'} done."
    lead = f"{parts} Next is part {coming.number}, {coming.title}{far}."
    return Outlook(
        work, f"Go on with {name}", lead, f"Open part {coming.number}, {coming.title}", gap_url(work, gap), due, lead, work.due_sentence
    )


def _revise(work: Workspace) -> Outlook:
    total, left = len(work.content.details), len(work.open_details)
    lead = (
        f"{saying.capital(saying.spelled(total - left))} of {saying.spelled(total)} details {'is' if total - left == 1 else 'are'} shown. "
        f"Only {saying.listed(work.open_details)} {'is' if left == 1 else 'are'} open, and nothing else will be scored again."
    )
    count = f"{saying.spelled(left)} detail{'' if left == 1 else 's'}"
    return Outlook(work, f"Revise {count} of {work.content.title}", lead, "Read the feedback and revise", f"{root(work)}feedback/",
                   saying.due(work.due_at, work.zone), lead, work.due_sentence)  # fmt: skip


def _late(work: Workspace) -> Outlook:
    day = long_date(work.due_at.astimezone(work.zone).date())
    lead = "Your work is kept, but it can no longer be submitted. Ask the program’s coordinator for more time."
    return Outlook(work, f"{work.content.title} was due {day}", lead, "See your work", root(work), saying.due(work.due_at, work.zone), lead,
                   work.due_sentence)  # fmt: skip


def _waiting(work: Workspace, case: Case) -> Outlook:
    days = work.content.scoring.decide_within_business_days
    sent = work.submission.submitted_at if work.submission else None
    short = f"Sent {long_date(sent.astimezone(work.zone).date())}." if sent else "Sent."
    if case is None:
        promise = f"You hear within {saying.counted(days, 'business day')}."
    elif clock.now() > case[1]:
        promise = f"A decision was due {long_moment(case[1], work.zone)}. It is late, and nothing is asked of you."
    else:
        promise = f"You hear by {long_moment(case[1], work.zone)}."
    lead = f"{promise} Nothing is asked of you until then."
    return Outlook(
        work, f"{work.content.title} is with the assessors", lead, "See what you sent", root(work), ("half", "With the assessors"), short
    )


def _earned(work: Workspace, signed: Signed | None) -> Outlook:
    ended = work.enrollment.ended_at
    words = f"Earned {long_date(ended.astimezone(work.zone).date())}" if ended else "Earned"
    lead = f"All {saying.spelled(len(work.content.details))} details are shown. "
    lead += "Anyone to whom you give its address can check it." if signed else "Your credential is being signed; look again in a minute."
    act, url = ("See and share it", signed.url) if signed else ("Read the feedback", f"{root(work)}feedback/")
    return Outlook(work, f"You have earned {work.content.title}", lead, act, url, ("met", words), "Every detail is shown.")


def _revoked(work: Workspace, signed: Signed, day: str) -> Outlook:
    lead = f"{signed.issuer} took it back on {day}. Ask them why, and what would give it back. Your work and its feedback are kept."
    return Outlook(work, f"{work.content.title} was revoked", lead, "See its page", signed.url, ("stopped", f"Revoked {day}"),
                   "Its page says so to everybody who checks it.")  # fmt: skip


def _left(work: Workspace) -> Outlook:
    slug = work.enrollment.microcredential.slug
    return Outlook(work, f"You left {work.content.title}", "You may begin it again while it is open.", "See it in the catalog",
                   f"/catalog/{slug}/", ("later", "Left"), "Nothing of it is scored.")  # fmt: skip
