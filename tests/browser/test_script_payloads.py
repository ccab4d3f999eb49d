"""Scripts typed into the main fields in Chromium and read by all whom they reach: none of them runs, and none waits to.

The policy that would stop them is switched off, so that nothing but the writing out of every sign protects. Every field of every form and
operation is typed into over HTTP, in tests/integration/test_script_payloads.py, whose list this is.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from cairn.apps.assessment import commands as assessment
from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.communities import commands as communities
from cairn.apps.communities.models import Community
from cairn.apps.credentials.models import Credential
from cairn.apps.people.models import Account
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import commands as portfolio
from cairn.site.worker import drain
from tests import faults
from tests.integration.test_script_payloads import PAYLOADS, Keys, plain
from tests.packs_world import pack_files, parts
from tests.world import SYSTEM

FIELDS = "textarea:visible, input[type=text]:visible, input:not([type]):visible"
FULL = 12  # rounds that are enough for the long texts
# What would run once somebody clicks, points or follows.
WAITING = r"""Array.from(document.querySelectorAll('*')).flatMap(e => Array.from(e.attributes).filter(a =>
  /^on|^srcdoc$/i.test(a.name) && a.value.includes('luoxi')
  || /^(href|src|action|formaction|data|xlink:href)$/i.test(a.name) && /^[\x00-\x20]*(javascript|vbscript|data):.*luoxi/i.test(a.value)
).map(a => e.tagName + ' ' + a.name + '=' + a.value))"""
SHOWN = "document.body.textContent + Array.from(document.querySelectorAll('input, textarea')).map(e => e.value).join(' ')"


class Desk:
    """Somebody's browser; what ran or waited in it, and the words that it showed."""

    def __init__(self, site, person_id: str = "") -> None:
        self.found: list[str] = []
        self.shown = ""
        self.page = site.signed_in(person_id, bypass_csp=True) if person_id else site.visitor(bypass_csp=True)
        self.page.context.expose_binding("luoxi", lambda source: self.found.append(f"ran at {source['page'].url}"))
        self.page.on("dialog", lambda dialog: (self.found.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def read(self, *addresses: str) -> None:
        for address in addresses:
            assert self.page.goto(address).status == 200, address
            self.look()

    def look(self) -> None:
        self.found += [f"{self.page.url}: {waiting}" for waiting in self.page.evaluate(WAITING)]
        self.shown += plain(self.page.evaluate(SHOWN))

    def type(self, address: str, keys: Keys, action: str = "", **also: str) -> None:
        """Into every field of each form on the page, or of the one that goes to `action`; `also` is what else a form needs."""
        forms = f"main form[action$='{action}']" if action else "main form"
        self.page.goto(address)
        for number in range(self.page.locator(forms).count()):
            if number:
                self.page.goto(address)
            form = self.page.locator(forms).nth(number)
            if form.locator(FIELDS).count():
                self._fill(form, keys, address, also)
                with self.page.expect_navigation():
                    form.evaluate("form => form.requestSubmit()")
                self.look()

    def _fill(self, form, keys: Keys, address: str, also: dict[str, str]) -> None:
        for field in form.locator(FIELDS).all():
            name, most = field.get_attribute("name"), int(field.get_attribute("maxlength") or 3_000)
            place = f"{address.split('/')[1]} {name.partition('.')[0]}"  # a citation's own field bears its id, which is another each round
            field.fill("1" if name == "page" else keys.text(place, most))
        for name, value in also.items():
            for field in form.locator(f'input[name="{name}"]:not([type=radio])').all():
                field.fill(value)
            for choice in form.locator(f'[type=radio][name="{name}"][value="{value}"]').all():
                choice.dispatch_event("click")


class Round:
    """One attempt, from the educator's writing to the credential and its end; everybody types and everybody reads."""

    def __init__(self, site, keys: Keys) -> None:
        self.world, self.keys, self.desks = site.world, keys, []
        self.world.assessors(2)
        self.admin = self.world.person("Admin Stone", organization_admin=self.world.issuer)
        self.educator, self.run = self.world.enrolled(self.world.person("Dana Whitfield"))
        self.world.fill(self.educator, self.run)
        offering_id = self.world.offering.pk
        self.talk = Community.objects.filter(offering_id=offering_id).first() or communities.found_community(
            actor=SYSTEM, slug=f"talk-{self.run.pk}", title="Talk", offering_id=offering_id, opens_at=self.run.started_at, closes_at=None
        )
        drain()
        self._educator(self._desk(site, self.educator))
        portfolio.submit(actor=self.educator, enrollment_id=self.run.pk)
        drain()
        self._assessor(site)
        self._desk(site, self.educator).read(f"/portfolio/{self.run.pk}/feedback/", f"/portfolio/{self.run.pk}/", "/home/", "/account/")
        self._admin(self._desk(site, self.admin))
        self.desks.append(Desk(site))
        self.desks[-1].read(f"/credentials/{Credential.objects.get(enrollment=self.run).pk}/", "/verify/")
        self.desks[-1].type("/verify/", keys)
        for desk in self.desks:
            desk.page.context.close()

    def _desk(self, site, actor) -> Desk:
        self.desks.append(Desk(site, actor.person_id))
        return self.desks[-1]

    def _educator(self, desk: Desk) -> None:
        root = f"/portfolio/{self.run.pk}"
        desk.type("/account/", self.keys, "/account/")
        for place in ("narrative", "portfolio", "analysis/1a", "reflection"):
            desk.type(f"{root}/{place}/", self.keys, people_shown="nobody")
        desk.type(f"{root}/time/", self.keys, until=str(self.run.due_at.date() + timedelta(days=9)))
        desk.type(f"/communities/{self.talk.slug}/", self.keys)
        desk.read(*(f"{root}/{place}/" for place in ("narrative", "portfolio", "analysis/1a", "reflection", "check")), root + "/")

    def _assessor(self, site) -> None:
        first, second = self.world.sheets(self.run)
        desk, actor = self._desk(site, actor_of(first.assessor_id)), actor_of(first.assessor_id)
        for detail in first.case.open_details:
            desk.read(f"/scoring/{first.pk}/{detail}/")
            desk.type(f"/scoring/{first.pk}/{detail}/", self.keys, level="proficient")
        desk.read("/scoring/", f"/scoring/{first.pk}/lock/", f"/scoring/{first.pk}/1a/")
        assessment.lock_sheet(actor=actor, sheet_id=first.pk)
        self.world.score(second)
        desk.read("/scoring/", f"/scoring/{first.pk}/1a/")

    def _admin(self, desk: Desk) -> None:
        people, credential = f"/org/{self.world.issuer.slug}/people/", Credential.objects.get(enrollment=self.run)
        email = Account.objects.get(person__pk=self.world.person().person_id).email
        desk.type(people, self.keys, email=email, started_on="2024-01-02")
        desk.type(f"/credentials/{credential.pk}/manage/", self.keys)
        desk.read(people, f"/credentials/{credential.pk}/manage/", "/home/", f"/communities/{self.talk.slug}/")
        desk.read(f"/pilots/{self.world.offering.slug}/run/", f"/pilots/{self.world.offering.slug}/run/time/{self.run.pk}/")


def rounds(site, most: int) -> tuple[list[Round], Keys]:
    """So many, or as many as it takes until a long text has had every one of the payloads."""
    own = parts(["1a", "1b"], (1, 3_000))
    catalog.import_pack(actor=SYSTEM, files=pack_files(site.world.slug, change={"parts": own}))
    drain()
    site.world.microcredential = Microcredential.objects.get()
    keys, done = Keys(), []
    for _ in range(most):
        done.append(Round(site, keys))
        if not keys.wants("portfolio place"):
            break
    return done, keys


def acted(done: list[Round]) -> list[str]:
    return [found for one in done for desk in one.desks for found in desk.found]


def unseen(done: list[Round], keys: Keys) -> list[str]:
    return [place for place, said in keys.typed.items() if not any(plain(said)[:40] in desk.shown for desk in done[-1].desks)]


def test_scripts_typed_by_educator_assessor_and_admin_are_words_to_everybody(site):
    done, keys = rounds(site, 1)
    assert acted(done) == []
    assert unseen(done, keys) == []
    assert {place.split()[0] for place in keys.typed} >= {"account", "portfolio", "communities", "scoring", "org", "credentials", "verify"}


@pytest.mark.long
@pytest.mark.soak
def test_each_of_the_two_hundred_typed_in_a_browser_is_words(site):
    """In some rounds, or until each of the long texts has had all of them."""
    most = faults.count(middle=3, full=FULL)
    done, keys = rounds(site, most)
    assert acted(done) == []
    assert unseen(done, keys) == []
    assert most < FULL or not (keys.wants("portfolio place") or keys.wants("scoring rationale"))


@pytest.mark.parametrize(
    "payload", ["<img src=x onerror=luoxi()>", "<script>luoxi()</script>", "<iframe srcdoc='<script>top.luoxi()</script>'>"]
)
def test_the_desk_sees_what_runs(site, payload):
    """Otherwise seeing nothing would mean nothing."""
    desk = Desk(site)
    desk.page.route("**/verify/", lambda route: route.fulfill(body=f"<body>{payload}", content_type="text/html"))
    desk.page.goto("/verify/")
    for _ in count():
        if desk.found:
            return
        desk.page.wait_for_timeout(50)


@pytest.mark.parametrize("payload", ["<a href='\x01javascript:luoxi()'>a</a>", "<p onclick=luoxi()>a</p>"])
def test_the_desk_sees_what_waits(site, payload):
    desk = Desk(site)
    desk.page.route("**/verify/", lambda route: route.fulfill(body=f"<body>{payload}", content_type="text/html"))
    desk.read("/verify/")
    assert desk.found
    assert payload not in PAYLOADS
