"""Pilots in Chromium, today: from the meeting to the workspace and the coordinator's desk; ten seats and twelve who want one."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cairn.apps.comms.models import Letter
from cairn.apps.communities import commands as communities
from cairn.apps.credentials.models import Credential
from cairn.apps.ledger.models import Fact
from cairn.apps.licensure import commands as licensing
from cairn.apps.programs import commands as programs
from cairn.apps.programs import queries
from cairn.apps.programs.models import Enrollment, Offering, Registration
from cairn.kernel import clock
from cairn.pure.clocks import long_date, long_moment
from cairn.site import jobs
from cairn.site.worker import drain
from tests.browser.conftest import scrolls_sideways, violations
from tests.integration.test_s1_pilot import Missouri
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


def in_minutes(number: int) -> programs.Time:
    start = clock.now() + timedelta(minutes=number)
    return programs.Time(start, start + timedelta(minutes=30), "America/Chicago", join_url="https://meet.example/818",
                         dial_in="(573) 555-0142", access_code="818-555-157")  # fmt: skip


def offer(world, **rules) -> Offering:
    today = clock.now().date()
    told = {"clock_event": "kick-off", "asks_meeting": True, "seats_min": 8, "seats_max": 10, "feedback_required": True, **rules}
    return programs.offer(
        actor=SYSTEM, program_id=world.program.pk, microcredential_id=world.microcredential.pk, kind="pilot",
        opens_on=today - timedelta(days=30), last_day=today + timedelta(days=150), days=120, rules=programs.OfferingRules(**told),
    )  # fmt: skip


def plan(world, offering: Offering, kind: str, title: str, *minutes: int):
    return programs.plan_meeting(actor=SYSTEM, program_id=world.program.pk, offering_id=offering.pk, kind=kind, title=title,
                                 times=[in_minutes(number) for number in minutes])  # fmt: skip


def sound(page: Page) -> None:
    assert violations(page) == []
    assert not scrolls_sideways(page)


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["desktop", "phone without scripts"])
def test_s1_from_the_meeting_to_the_workspace(site, options):
    world = site.world
    offering = offer(world)
    information = plan(world, offering, "information", "What the pilot asks of you", 10, 400, 900)
    kick_off = plan(world, offering, "kick-off", "Kick-off", 12)
    dana, tomas = world.person("Dana Whitfield"), world.person("Tomas Berg", coordinator=world.issuer)
    page = site.signed_in(dana.person_id, **options)
    page.set_viewport_size({"width": 320 if options else 1280, "height": 800})
    page.goto(f"/catalog/{world.microcredential.slug}/")
    page.get_by_role("link", name="See the pilot and its seats").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose one of three times; then you can register")
    if not options:
        sound(page)
    page.locator(".c-choice label").first.click()
    page.get_by_label(re.compile("last four digits")).fill("0142")
    page.get_by_role("button", name="Keep a place for me").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your place is kept")
    expect(page.get_by_text("818-555-157")).to_be_visible()
    drain()
    assert Letter.objects.filter(person_id=dana.person_id, kind="programs.time_chosen").count() == 1

    desk = site.signed_in(tomas.person_id, **options)
    desk.goto(f"/pilots/{offering.slug}/run/attendance/{information.times.order_by('starts_at')[0].pk}/")
    link = desk.locator("code").inner_text()
    page.goto(re.search(r"/here/\w+/", link)[0])
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("register now")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("choose when you come to the kick-off")
    page.locator(".c-choice label").first.click()
    page.get_by_role("button", name="Keep a place for me").click()
    page.goto(f"/here/{kick_off.times.get().sign_in_code}/")
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You are at work: due")
    page.get_by_role("link", name="Go on with your work").click()
    expect(page).to_have_url(re.compile("/portfolio/"))

    desk.goto("/pilots/")
    desk.get_by_role("link", name=world.microcredential.title).click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("nobody needs you just now")
    expect(desk.get_by_text("1 of 10", exact=True)).to_be_visible()
    if not options:
        sound(desk)


@pytest.mark.long
def test_s1_from_the_kick_off_to_a_complete_pilot(site):
    site.world = world = Missouri()
    offering, today = offer(world, asks_meeting=False), clock.today(ZoneInfo("America/Chicago"))
    kick_off, readers = plan(world, offering, "kick-off", "Kick-off", 12), world.assessors(2)
    community = communities.found_community(
        actor=world.coordinator, offering_id=offering.pk, slug="gvc", title="The pilot's learning community",
        opens_at=clock.now() - timedelta(days=1), closes_at=clock.now() + timedelta(days=150),
    )  # fmt: skip
    prompts = [
        communities.schedule_prompt(actor=world.coordinator, community_id=community.pk, title=f"Question {n}", text="",
                                    opens_on=today, due_on=today + timedelta(days=n), is_required=True)
        for n in range(1, 5)
    ]  # fmt: skip
    dana = world.person("Dana Whitfield")
    page, desk = site.signed_in(dana.person_id), site.signed_in(world.coordinator.person_id)
    page.goto(f"/pilots/{offering.slug}/")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("kick-off")
    assert not Enrollment.objects.exists()
    page.goto(f"/here/{kick_off.times.get().sign_in_code}/")
    page.get_by_role("button", name="I am here").click()
    due = long_date(today + timedelta(days=120))
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"You are at work: due {due}")
    drain()
    run = Enrollment.objects.get()
    for prompt in prompts:
        page.goto(reverse("community-prompt", args=[community.slug, prompt.pk]))
        page.locator("textarea[name=text]").fill("We looked at it together.")
        page.get_by_role("button", name="Answer the group").click()
        expect(page.get_by_text("You have answered")).to_be_visible()
    desk.goto(f"/pilots/{offering.slug}/run/")
    expect(desk.get_by_text("4 of 4 prompts answered")).to_be_visible()

    world.fill(dana, run)
    page.goto(f"/portfolio/{run.pk}/check/")
    page.get_by_role("button", name=re.compile("Submit")).click()
    expect(page.locator(".c-hash")).to_be_visible()
    drain()
    sheets = world.sheets(run)
    assert {sheet.assessor_id for sheet in sheets} == {reader.person_id for reader in readers}
    for sheet in sheets:
        world.score(sheet)
    drain()
    page.goto("/home/")
    expect(page.get_by_text(", 1 of 4")).to_be_visible()
    credential = Credential.objects.get()
    page.goto(reverse("credential", args=[credential.pk]))
    expect(page.get_by_role("heading", name="Valid")).to_be_visible()
    assert credential.version.number == "1.0"
    office = world.organization("State office", kind="state-agency")
    licensing.approve_microcredential(actor=SYSTEM, organization_id=office.pk, microcredential_id=world.microcredential.pk,
                                      approved_from=today - timedelta(days=300), body="missouri-dese")  # fmt: skip
    held = licensing.add_license(actor=dana, jurisdiction="us/mo", license_type="initial-administrator",
                                 valid_from=today - timedelta(days=400), valid_to=today + timedelta(days=900))  # fmt: skip
    page.goto(reverse("license-one", args=[held.pk]))
    expect(page.get_by_text("Micro-credentials: 1 of 15")).to_be_visible()

    desk.reload()
    expect(desk.get_by_text("Earned, feedback form missing").first).to_be_visible()
    page.goto(reverse("tell_developers", args=[run.pk]))
    for step in page.locator("input[type=radio][value='4']").all():
        page.locator(f"label[for='{step.get_attribute('id')}']").click()
    page.get_by_role("button", name="Send to the developers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What you told the developers")
    sound(page)
    assert queries.gate(world.coordinator, offering.pk).completions == 1


def test_s3_twelve_want_ten_seats(site):
    world = site.world
    offering = offer(world, asks_meeting=False, clock_event="first access")
    seated = [programs.register(actor=world.person(f"Early{n} Reed"), offering_id=offering.pk) for n in range(9)]
    people = [world.person(name) for name in ("Tenth Reed", "Eleventh Reed", "Twelfth Reed")]
    pages = [site.signed_in(person.person_id) for person in people]
    for page in pages:
        page.goto(f"/pilots/{offering.slug}/")
    for page in pages[:2]:  # the last seat, asked for by two at once
        page.evaluate("document.querySelector('main form[method=post]').requestSubmit()")
    for page in pages[:2]:
        expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("open the workspace|number 1 of 1 in line"))
    if "in line" in pages[0].get_by_role("heading", level=1).inner_text():
        people[:2], pages[:2] = people[1::-1], pages[1::-1]
    expect(pages[0].get_by_role("heading", level=1)).to_contain_text("open the workspace")
    expect(pages[1].get_by_role("heading", level=1)).to_contain_text("number 1 of 1 in line")
    pages[2].get_by_role("button", name=re.compile("Register|Wait in line")).click()
    expect(pages[2].get_by_role("heading", level=1)).to_contain_text("number 2 of 2 in line")
    assert Offering.objects.get(pk=offering.pk).seats_taken == 10
    sound(pages[2])

    fourth = site.signed_in(str(seated[3].person_id))
    fourth.goto(f"/pilots/{offering.slug}/")
    fourth.get_by_role("link", name="Give up my place").click()
    fourth.get_by_text("My work has changed").click()
    fourth.get_by_role("button", name="Give up my place").click()
    expect(fourth.get_by_text("You have given up your place")).to_be_visible()
    drain()
    letter = Letter.objects.get(kind="programs.seat_offered")
    assert "is kept for you until" in letter.text
    offered = Registration.objects.get(person_id=people[1].person_id)
    (fact,) = Fact.objects.filter(kind="programs.seat_offered")
    assert timedelta(0) <= fact.at + timedelta(hours=72) - offered.offered_until < timedelta(seconds=1)
    until = long_moment(offered.offered_until, ZoneInfo("America/Chicago"))
    assert until in letter.text
    pages[1].reload()
    expect(pages[1].get_by_role("heading", level=1)).to_contain_text("A seat is kept for you")
    sound(pages[1])
    Registration.objects.filter(person_id=people[1].person_id).update(offered_until=clock.now() - timedelta(seconds=1))
    jobs.pass_offers_on(SYSTEM)
    pages[2].reload()
    pages[2].get_by_role("button", name="Take the seat").click()
    expect(pages[2].get_by_role("heading", level=1)).to_contain_text("open the workspace")
    assert Offering.objects.get(pk=offering.pk).seats_taken == 10
    late = site.signed_in(world.person("Late Reed").person_id)
    late.goto(f"/pilots/{offering.slug}/")
    expect(late.get_by_role("heading", level=1)).to_contain_text("Every seat is taken")
    programs.enter_lines(actor=SYSTEM, program_id=world.program.pk, lines=[world.microcredential.title])
    late.goto(f"/programs/{world.program.slug}/board/")
    expect(late.get_by_text("Currently in pilot (full)").first).to_be_visible()
