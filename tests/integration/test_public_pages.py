"""Pages that need no account, over HTTP: what stands on them, how they are found, and what they cost."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog import queries
from cairn.apps.catalog.models import Microcredential, MicrocredentialVersion
from cairn.apps.people.models import Account
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Program
from cairn.frame.actor import VISITOR
from cairn.site.worker import drain
from tests.packs_world import name_of, pack_files
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Client(headers={"host": "localhost"})


def client_of(actor):
    client = Client(headers={"host": "localhost"})
    client.force_login(Account.objects.get(person__pk=actor.person_id))
    return client


def text_of(response):
    """The page's words as somebody reads them."""
    main = response.content.decode().partition("<main")[2]
    return " ".join(unescape(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", main, flags=re.S)).split())


def bring(slug="many", count=1, **options):
    catalog.import_pack(actor=SYSTEM, files=pack_files(slug, count, **options))
    drain()
    return list(Microcredential.objects.filter(stack__pack=slug).order_by("pk"))


def offer(mc, kind="open", **clock):
    program = Program.objects.get(organization=mc.issuer)
    return programs.offer(actor=SYSTEM, program_id=program.pk, microcredential_id=mc.pk, kind=kind,
                          opens_on=date(2020, 1, 1), last_day=clock.get("last_day"), days=clock.get("days", 120))  # fmt: skip


# --- Welcome and frame ------------------------------------------------------------------------------------------------------


def test_an_empty_site_says_what_will_be_here(visitor):
    assert "Whose programs run here" not in text_of(visitor.get("/"))
    assert "The catalog is empty" in text_of(visitor.get("/catalog/"))


def test_the_door_counts_what_is_open_now(visitor):
    first, second = bring(count=2)
    offer(first)
    offer(second, "pilot", last_day=date(2099, 1, 1))
    offer(first, "pilot", last_day=date(2021, 1, 1))
    page = visitor.get("/")
    row = page.content.decode().partition("River Bend Program")[2]
    assert re.findall(r'data-label="(?:Open now|In pilot)" class="c-num">(\d+)', row) == ["1", "1"]
    assert 'id="how"' in page.content.decode()


def test_readers_without_an_account_get_no_cookie(visitor):
    (mc,) = bring()
    offer(mc)
    for path in ("/", "/catalog/", f"/catalog/{mc.slug}/", f"/stacks/{mc.stack.slug}/", f"/org/{mc.issuer.slug}/", "/privacy/"):
        response = visitor.get(path)
        assert (path, response.status_code, dict(response.cookies)) == (path, 200, {})
        assert "no-store" not in response.headers.get("Cache-Control", "")


@pytest.mark.parametrize("path", ["/accessibility/", "/privacy/"])
def test_the_site_says_what_it_does_about_access_and_privacy(visitor, path):
    assert visitor.get(path).status_code == 200
    assert f'href="{path}"' in visitor.get("/").content.decode()


def test_robots_are_kept_from_what_is_personal(visitor):
    told = visitor.get("/robots.txt")
    assert told.headers["Content-Type"].startswith("text/plain")
    for place in ("credentials", "account"):
        assert f"Disallow: /{place}/\n" in told.content.decode()


def test_browsers_that_ask_for_an_icon_are_led_to_it(visitor):
    assert visitor.get("/favicon.ico").headers["Location"].endswith("/cairn/icon.svg")


def test_no_page_carries_styles_or_scripts_that_the_policy_forbids(visitor):
    (mc,) = bring()
    for path in ("/", "/catalog/", f"/catalog/{mc.slug}/", f"/stacks/{mc.stack.slug}/"):
        page = visitor.get(path).content.decode()
        assert not re.search(r"<[^>]*\s(style|on\w+)=|<style|<script(?![^>]*\ssrc=)", page)


def test_a_mistake_of_ours_gets_a_page_that_needs_neither_request_nor_database(rf, django_assert_num_queries):
    from cairn.interfaces.web.views.frame import broken

    with django_assert_num_queries(0):
        response = broken(rf.get("/"))
    assert response.status_code == 500
    assert "Something of ours is broken; it is not your fault." in text_of(response)


def test_a_refusal_inside_a_page_is_only_the_refusal(visitor):
    part = visitor.get("/stacks/none/", headers={"hx-request": "true"})
    assert part.status_code == 404
    assert "There is no such stack." in part.content.decode()
    assert "<html" not in part.content.decode()
    boosted = visitor.get("/stacks/none/", headers={"hx-request": "true", "hx-boosted": "true"})
    assert "<html" in boosted.content.decode()


# --- Catalog ----------------------------------------------------------------------------------------------------------------


def found(**asked):
    offered = {pk: {"open"} for pk in Microcredential.objects.filter(slug__endswith="-1").values_list("pk", flat=True)}
    return queries.search(VISITOR, queries.Search(**asked), offered)


def slugs(result):
    return [line.slug for line in result.lines]


def test_every_word_must_occur():
    bring("alpha")
    bring("beta", change={"summary": "Show that you can juggle lanterns."})
    assert slugs(found(words="lanterns JUGGLE")) == [name_of("beta", 0)]
    assert slugs(found(words="lanterns absent")) == []


@pytest.mark.parametrize("words", ["%", "_", "\\", "' or 1=1 --", "100%"])
def test_signs_that_databases_read_otherwise_are_only_signs(words):
    bring("alpha")
    assert slugs(found(words=words)) == []


def test_standards_are_found_by_code_and_by_title():
    bring("alpha")
    assert slugs(found(words="river-standards r2")) == slugs(found(words="reflect standards")) == [name_of("alpha", 0)]


def test_what_is_named_so_comes_first():
    bring("alpha", change={"summary": "Something like lanterns."})
    bring("beta", change={"title": "Lanterns"})
    assert slugs(found(words="lanterns")) == [name_of("beta", 0), name_of("alpha", 0)]


def test_facets_combine_and_each_counts_what_it_would_leave():
    bring("alpha", 2)
    bring("beta", change={"audiences": ["coaches"]})
    result = found(audience="teachers", availability="open")
    assert slugs(result) == [name_of("alpha", 0)]
    counts = {name: {choice.value: choice.count for choice in choices} for name, choices in result.facets.items()}
    assert counts["audience"] == {"teachers": 1, "coaches": 1}
    assert counts["availability"] == {"open": 1, "pilot": 0, "planned": 0}
    assert counts["framework"] == {"river-standards": 1}
    assert [choice.label for choice in result.facets["audience"]] == ["Teachers", "Coaches"]


def test_more_than_a_page_of_results_is_paged(visitor):
    bring("many", 30)
    first = visitor.get("/catalog/?q=skill&audience=teachers")
    assert first.content.decode().count('<li class="c-row">') == 24
    assert 'href="?q=skill&amp;audience=teachers&amp;page=2"' in first.content.decode()
    second = visitor.get("/catalog/?q=skill&audience=teachers&page=2")
    assert second.content.decode().count('<li class="c-row">') == 6


def test_a_page_number_that_makes_no_sense_shows_a_page(visitor):
    bring()
    for number in ("0", "-1", "abc", "99999", "9" * 40, ""):
        response = visitor.get(f"/catalog/?q=skill&page={number}")
        assert (response.status_code, '<li class="c-row">' in response.content.decode()) == (200, True), number


@pytest.mark.parametrize("query", ["q=zzz", "audience=nobody", "framework=x&stage=y", "availability=pilot"])
def test_nothing_found_says_what_to_do(visitor, query):
    bring()
    page = text_of(visitor.get(f"/catalog/?{query}"))
    assert "Nothing here answers to that" in page
    assert "Show all stacks" in page


@pytest.mark.parametrize("query", ["q=" + "x" * 201, "q=%00", "audience=" + "x" * 81])
def test_a_search_that_cannot_be_read_is_named_and_the_rest_is_shown(visitor, query):
    bring()
    response = visitor.get(f"/catalog/?{query}")
    assert response.status_code == 422
    assert "Part of the search could not be read" in text_of(response)


def test_what_somebody_searched_for_comes_back_as_text(visitor):
    page = visitor.get('/catalog/?q="><b>x').content.decode()
    assert "<b>x" not in page
    assert "&quot;&gt;&lt;b&gt;x" in page


def test_a_stack_of_planned_stones_says_that_names_are_missing(visitor):
    from tests.integration.test_catalog_import import missouri

    catalog.import_pack(actor=SYSTEM, files=missouri())
    page = text_of(visitor.get("/stacks/managerial-leadership/"))
    assert "3 micro-credentials planned; none can be begun yet" in page
    assert "2 more are planned. Their names are not known yet." in page
    assert "This one is planned" in text_of(visitor.get("/catalog/personnel/"))


@pytest.mark.parametrize("path", ["/stacks/none/", "/catalog/none/", "/catalog/none/1.0/", "/org/none/", "/catalog/none/badge.png"])
def test_what_is_not_there_is_not_found(visitor, path):
    response = visitor.get(path)
    assert response.status_code == 404
    assert "There is no such" in text_of(response)


# --- A micro-credential -----------------------------------------------------------------------------------------------------


def test_the_page_holds_everything_that_its_version_says(visitor):
    (mc,) = bring(outcomes=2, change={"citations": [{"authors": "Stone, A.", "year": 2001, "title": "On stones", "source": "A journal"}]})
    content = queries.content(VISITOR, MicrocredentialVersion.objects.get().pk)
    page = text_of(visitor.get(f"/catalog/{mc.slug}/"))
    said = [content.title, content.summary, content.notice, content.competency, content.key_method]
    said += [*content.rationale, *content.observable_actions]
    said += [component.text for component in content.method_components] + [citation.title for citation in content.citations]
    said += [resource.title for resource in content.resources] + [outcome.title for outcome in content.outcomes]
    said += [detail.text for detail in content.details] + [at.text for detail in content.details for at in detail.levels]
    said += [part.instructions for part in content.parts] + [prompt.question for prompt in content.prompts]
    said += [slot.what_belongs for slot in content.artifacts] + [MicrocredentialVersion.objects.get().content_hash[:32]]
    assert [words for words in said if words not in page] == []


def test_limits_and_rules_are_told_in_plain_words(visitor):
    (mc,) = bring()
    page = text_of(visitor.get(f"/catalog/{mc.slug}/"))
    for words in (
        "2 to 4 hours", "an estimate by the author", "0.5 CEUs", "14 business days", "3 to 60 words", "Up to 60 words, optional",
        "Document or image", "1 to 3 files", "10 MB each, 20 pages", "Recordings of 1 second to 5 minutes", "May appear", "May not appear",
        "Two assessors who know this work read it separately.", "You earn it when every detail is Proficient or better.",
        "or they are two levels apart on a detail, a lead assessor who has scored neither reads it anew",
        "for 30 days after the decision, whichever is later", "After 3 attempts, talk with a coach", "with River Bend District",
        "River Standards", "R2, for detail 1a",
    ):  # fmt: skip
        assert words in page.replace("\u00a0", " "), words


def test_points_are_explained_where_they_decide(visitor):
    plan = {"assessors": 1, "adjudicate_when": [], "decide_within_business_days": 1, "revision_days": 1, "attempts_before_coach": 1}
    (mc,) = bring(change={"decision": {"policy": "compensatory", "cut": 5}, "scoring": plan})
    page = text_of(visitor.get(f"/catalog/{mc.slug}/"))
    assert "from 1 for Developing to 3 for Advanced. You earn it when all details together reach 5 points." in page
    assert "One assessor who knows this work reads it." in page
    assert "You hear within 1 business day after you submit." in page


def test_the_rubric_is_the_partial_that_assessors_read(visitor):
    from django.template.loader import render_to_string

    (mc,) = bring()
    rubric = render_to_string("parts/rubric.html", {"content": queries.content(VISITOR, MicrocredentialVersion.objects.get().pk)})
    assert rubric.strip() in visitor.get(f"/catalog/{mc.slug}/").content.decode()


def test_an_alias_leads_to_the_page_for_good(visitor):
    bring("many", aliases={name_of("many", 0): ["the-old-name"]})
    for tail in ("", "1.0/"):
        response = visitor.get(f"/catalog/the-old-name/{tail}")
        assert (response.status_code, response.headers["Location"]) == (301, f"/catalog/{name_of('many', 0)}/{tail}")


def test_a_superseded_version_can_be_read_and_says_so(visitor):
    (mc,) = bring()
    bring(number="1.1", change={"summary": "Show it better."})
    offer(mc)
    page = visitor.get(f"/catalog/{mc.slug}/1.0/")
    assert "It is superseded by version 1.1" in text_of(page)
    assert "Show that you can do this one thing." in text_of(page)
    assert "Sign in to begin" not in text_of(page)
    assert "Sign in to begin" in text_of(visitor.get(f"/catalog/{mc.slug}/"))


def test_whoever_began_on_an_older_version_is_told_which_one_counts(world):
    actor, _ = world.enrolled()
    catalog.import_pack(actor=SYSTEM, files=pack_files(world.slug, number="1.1", change={"summary": "Show it better."}))
    page = text_of(client_of(actor).get(f"/catalog/{world.microcredential.slug}/"))
    assert "You began on version 1.0 , and that is the one your work is scored on." in page
    assert "Continue" in page


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        ({"days": 120}, "120 days from your start."),
        ({"days": 120, "last_day": date(2099, 5, 31)}, "120 days from your start, at the latest May 31, 2099."),
        ({"days": None, "last_day": date(2099, 5, 31)}, "Until May 31, 2099, whenever you begin."),
    ],
)
def test_the_rule_of_the_clock_is_told_before_one_begins(visitor, clock, words):
    (mc,) = bring()
    offer(mc, **clock)
    assert words in text_of(visitor.get(f"/catalog/{mc.slug}/")).replace("\u00a0", " ").replace(" .", ".")


def test_visitors_sign_in_first_and_come_back(visitor):
    (mc,) = bring()
    offer(mc)
    page = visitor.get(f"/catalog/{mc.slug}/").content.decode()
    assert f'href="/account/login/?next=/catalog/{mc.slug}/"' in page
    assert 'method="post"' not in page


def test_members_begin_with_a_form_that_counts_once(world):
    offering, reader = world.offering, client_of(world.person("Dana Whitfield"))
    page = reader.get(f"/catalog/{world.microcredential.slug}/").content.decode()
    assert f'action="/enroll/{offering.pk}/"' in page
    assert re.search(r'name="key" value="[0-9a-z]{20}"', page)
    assert "Begin today, and it is due" in text_of(reader.get(f"/catalog/{world.microcredential.slug}/"))


def test_whoever_has_begun_goes_on(world):
    actor, enrollment = world.enrolled()
    reader = client_of(actor)
    assert f'href="/portfolio/{enrollment.pk}/">Continue' in reader.get(f"/catalog/{world.microcredential.slug}/").content.decode()
    assert "You are at work on this" in text_of(reader.get("/catalog/"))


def test_whoever_has_earned_it_sees_the_credential(world):
    from cairn.apps.credentials.models import Credential

    actor, _ = world.earned()
    page = client_of(actor).get(f"/catalog/{world.microcredential.slug}/")
    assert f'href="/credentials/{Credential.objects.get().pk}/">See your credential' in page.content.decode()
    assert "/enroll/" not in page.content.decode()


def test_where_nobody_offers_it_the_page_says_so(visitor):
    (mc,) = bring()
    assert "Not open at the moment" in text_of(visitor.get(f"/catalog/{mc.slug}/"))


def test_public_pages_take_no_posts(visitor):
    assert visitor.post("/catalog/").status_code == 405


# --- What it costs ----------------------------------------------------------------------------------------------------------


def cost(client, path):
    client.get(path)  # what is read once is read now
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_pages_need_as_many_queries_for_200_micro_credentials_as_for_two(world):
    reader = client_of(world.person("Dana Whitfield"))
    small = bring("few", 2, per_stack=2)
    offer(small[0])
    paths = ["/", "/catalog/", "/catalog/?q=skill", "/catalog/?q=skill&audience=teachers&page=2"]
    paths += ["/stacks/few-stack-1/", f"/catalog/{small[0].slug}/"]
    before = [cost(reader, path) for path in paths]
    for mc in bring("many", 200):
        offer(mc)
    after = [cost(reader, path) for path in paths]
    assert after == before
    assert max(after) <= 22
    assert cost(reader, f"/catalog/{name_of('many', 7)}/") == after[-1]
    assert cost(reader, "/stacks/many-stack-1/") == after[-2]
