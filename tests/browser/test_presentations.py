"""The same pages otherwise: zoomed, spaced, still, dark, in forced colors, on paper, and as assistive technology is told of them."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial

import pytest

from tests.browser.conftest import AXE, scrolls_sideways, violations
from tests.browser.test_every_page import Cast, Others

CONTROLS = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "slider", "tab", "Date", "DisclosureTriangle"}
ZOOMED = {"width": 320, "height": 256}  # 1280 by 1024 at 400 %
ISSUER = "River Bend Institute"  # of every pack of the cast
PAPER = {"width": 695, "height": 935}  # a letter of 8.5 by 11 inches within margins of 16 mm, at 96 dots in an inch
MOVES = """() => {
  const long = (times) => times.split(",").some((time) => parseFloat(time) > 0.01);
  const moving = [...document.querySelectorAll("body *")].filter((each) => {
    const style = getComputedStyle(each);
    return long(style.transitionDuration) || (style.animationName !== "none" && long(style.animationDuration));
  });
  const smooth = getComputedStyle(document.documentElement).scrollBehavior === "smooth" ? ["the page scrolls smoothly"] : [];
  return [...smooth, ...moving.map((each) => each.outerHTML.slice(0, 80))];
}"""
LABELS = """() => [...document.querySelectorAll("a[aria-label], button[aria-label], summary[aria-label], input[aria-label]")]
  .filter((each) => each.innerText && !each.getAttribute("aria-label").includes(each.innerText.trim()))
  .map((each) => each.outerHTML.slice(0, 120))"""
CUT = """() => [...document.querySelectorAll("h1, h2, h3, p, li, dd, dt, label, button, .usa-button")].filter((each) =>
  each.clientWidth && each.checkVisibility() && !each.closest(".c-hide, .c-scroll, .c-stacked thead")
  && getComputedStyle(each).overflow === "hidden" && each.scrollWidth > each.clientWidth + 1).map((each) => each.outerHTML.slice(0, 80))"""

SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } "
    + "p { margin-bottom: 2em !important }");
  document.adoptedStyleSheets = [sheet];
}"""


def controls(page) -> list[tuple[str, str, str]]:
    """Role, name and target of each control, as the browser tells assistive technology."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    found = []
    for node in session.send("Accessibility.getFullAXTree")["nodes"]:
        role = node.get("role", {}).get("value", "")
        if node.get("ignored") or role not in CONTROLS:
            continue
        properties = {each["name"]: each["value"].get("value", "") for each in node.get("properties", ())}
        found.append((role, node.get("name", {}).get("value", "").strip(), str(properties.get("url", ""))))
    session.detach()
    return found


def misnamed(page) -> list[str]:
    """Controls without a name, those that only their place tells apart, and names that do not hold what one reads."""
    targets = defaultdict(list)
    wrong = page.evaluate(LABELS)
    for role, name, target in controls(page):
        if not name:
            wrong.append(f"a {role} without a name {target}")
        elif " picker" not in name and role != "radio":  # that button is the browser's own; choices are told apart by their question
            targets[role, name].append(target)
    for (role, name), all_ in targets.items():
        if len(all_) > 1 and (role != "link" or len(set(all_)) > 1):
            wrong.append(f"{len(all_)} of role {role} are called “{name}”")
    return wrong


def readers(site, cast, **options) -> dict:
    everybody = {who for _, who, _ in cast.pages}
    return {who: site.signed_in(who, **options) if who else site.visitor(**options) for who in everybody}


def walk(site, cast, look, **options) -> list[str]:
    """What `look` finds wrong, page by page."""
    eyes, wrong = readers(site, cast, **options), []
    for route, who, address in cast.pages:
        eyes[who].goto(address)
        wrong += [f"{route} {re.sub('[0-9a-z]{20}', '*', address)}: {found}" for found in look(eyes[who])]
    return wrong


def at_400(page) -> list[str]:
    page.set_viewport_size(ZOOMED)
    found = ["scrolls sideways"] if scrolls_sideways(page) else []
    bar = page.locator(".c-savebar")
    if bar.count() and bar.evaluate("bar => getComputedStyle(bar).position") == "sticky":
        found.append("a bar stays over a quarter of what one sees")
    page.evaluate(SPACED)
    found += ["scrolls sideways with more space in its text"] if scrolls_sideways(page) else []
    return found + page.evaluate(CUT)


class Few(Cast):
    """The two places of work and the page that everybody sees, for every day."""

    def __init__(self, world) -> None:
        self.world, self.pages = world, []
        writer, run = world.enrolled(world.person("Writer Stone"))
        world.fill(writer, run)
        root = f"/portfolio/{run.pk}/"
        self.see("welcome", "", "/")
        self.see("microcredential", "", f"/catalog/{world.microcredential.slug}/")
        for address in (f"{root}narrative/", f"{root}portfolio/", f"{root}analysis/1a/"):
            self.see("work", writer.person_id, address)
        world.assessors(2)
        _, run = world.submitted(world.person("Waiting Stone"))
        sheet = world.sheets(run)[0]
        self.see("scoring-detail", sheet.assessor_id, f"/scoring/{sheet.pk}/1a/")


def test_the_places_of_work_hold_at_400_percent_without_motion_and_by_name(site):
    cast = Few(site.world)
    assert walk(site, cast, lambda page: [*at_400(page), *page.evaluate(MOVES), *misnamed(page)], reduced_motion="reduce") == []


def test_forced_colors_keep_what_is_chosen_current_and_focused(site):
    world = site.world
    world.assessors(2)
    _, run = world.submitted()
    sheet = world.sheets(run)[0]
    world.score(sheet, {"1a": "proficient"}, lock=False)
    page = site.signed_in(sheet.assessor_id, forced_colors="active")
    page.goto(f"/scoring/{sheet.pk}/1a/")
    outlined = "each => getComputedStyle(each).outlineStyle !== 'none' && parseFloat(getComputedStyle(each).outlineWidth) >= 2"
    assert page.locator(".usa-radio:has(:checked)").evaluate(outlined)
    assert page.locator(".c-dots [aria-current]").evaluate(outlined)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate(outlined)
    line = "each => getComputedStyle(each).borderBottomColor"
    assert page.locator(".c-tabs [aria-current]").evaluate(line) != page.locator(".c-tabs a:not([aria-current])").first.evaluate(line)
    assert page.locator(".c-choice :checked + label").evaluate("each => getComputedStyle(each, '::before').forcedColorAdjust") == "none"
    assert violations(page) == []


def on_paper(page) -> list[str]:
    """What is cut off at the edge of the sheet, and what only a screen has a use for."""
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    found = ["does not fit the sheet"] if scrolls_sideways(page) else []
    found += [f"prints {each}" for each in (".c-top", ".c-foot", ".c-crumbs") if page.locator(f"{each}:visible").count()]
    page.emulate_media(media="screen")
    return found


def contrast(page) -> list[str]:
    """Of what axe finds that which colors change."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {runOnly: ['color-contrast', 'link-in-text-block'], resultTypes: ['violations']})")
    return [f"{each['id']}: {each['nodes'][0]['target']} {each['nodes'][0]['failureSummary']}" for each in found["violations"]]


def in_every_way(page, colors=violations) -> list[str]:
    page.emulate_media(forced_colors="none", color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    found = [*page.evaluate(MOVES), *misnamed(page)]
    for look in ({"forced_colors": "active"}, {"forced_colors": "none", "color_scheme": "dark"}):
        page.emulate_media(**look)
        found += colors(page)
    return [*found, *on_paper(page), *at_400(page)]


@pytest.mark.long
def test_every_page_holds_zoomed_spaced_still_dark_in_forced_colors_on_paper_and_by_name(site):
    assert walk(site, Cast(site.world), in_every_way, reduced_motion="reduce") == []


@pytest.mark.long
def test_so_does_every_other_page_that_the_table_of_access_opens(site):
    wrong = walk(site, Others(site.world), partial(in_every_way, colors=contrast), reduced_motion="reduce")
    wrong = [each for each in wrong if ISSUER not in each]
    assert wrong == [], "\n".join(wrong)
