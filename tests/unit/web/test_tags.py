"""What templates say: dates that do not break, writing that cannot do harm, fields that are tied together, frames that always stand."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template import Context, Engine, Template
from django.template.loader import get_template, render_to_string
from hypothesis import given
from hypothesis import strategies as st

from cairn.interfaces.web import art
from cairn.interfaces.web.templatetags import cairn as tags
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound

FOLDER = Path(tags.__file__).parents[1] / "templates"
WHEN = datetime(2026, 12, 19, 5, 59, tzinfo=UTC)
BADGE = art.Badge("one", "One", "Stack", "stack")


def show(text: str, /, **context: object) -> str:
    return Template("{% load cairn %}" + text).render(Context(context))


def test_a_date_an_n_a_time_and_a_share_stay_together():
    assert tags.nb("December 18, 11:59 p.m., 70 %, n = 12") == "December\u00a018, 11:59\u00a0p.m., 70\u00a0%, n\u00a0=\u00a012"


def test_words_that_only_look_like_dates_are_left_alone():
    assert tags.nb("March on, or then = 3 may do") == "March on, or then = 3 may do"


def test_keeping_words_together_does_not_let_markup_through():
    assert show("{{ text|nb }}", text="<b>May 1</b>") == "&lt;b&gt;May\u00a01&lt;/b&gt;"


@pytest.mark.parametrize("zone", ["America/Chicago", ZoneInfo("America/Chicago")])
def test_a_moment_is_said_on_the_clock_of_its_zone(zone):
    assert show("{{ when|moment:zone }}", when=WHEN, zone=zone) == "December\u00a018, 2026, 11:59\u00a0p.m. Central"


def test_no_moment_says_nothing():
    assert show("{{ when|moment:'UTC' }}{{ when|day }}", when=None) == ""


def test_a_day_is_said_of_a_date_and_refused_of_a_moment():
    assert tags.day(date(2020, 9, 1)) == "September\u00a01, 2020"
    with pytest.raises(TypeError, match="zone"):
        tags.day(WHEN)


def test_writing_becomes_paragraphs_lists_and_emphasis():
    html = tags.rich("One *two*\nthree\n\n- a\n- b")
    assert "<em>two</em><br>" in html.replace("<br />", "<br>")
    assert html.count("<p>") == 1
    assert html.count("<li>") == 2


def test_links_in_writing_lend_no_weight_to_their_target():
    assert '<a href="https://a.example/x" rel="nofollow noopener">here</a>' in tags.rich("[here](https://a.example/x)")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "/account/logout/", "//evil.example", "vbscript:x", "[", "http:x"]
)
def test_a_link_to_anything_but_web_and_mail_stays_text(address):
    assert "<a" not in tags.rich(f"[here]({address})")


@given(st.text(max_size=200))
def test_no_writing_brings_markup_of_its_own(text):
    html = tags.rich(text)
    assert set(re.findall(r"<\s*/?\s*([^\s>/]+)", html)) <= {"p", "br", "ul", "ol", "li", "em", "strong", "a"}


def test_html_in_writing_shows_as_it_was_typed():
    assert tags.rich("<script>x</script> ![a](https://b/c.png)").startswith("<p>&lt;script&gt;")
    assert "<img" not in tags.rich("![a](https://b/c.png)")


@pytest.mark.parametrize(
    ("text", "now", "left"),
    [
        ("", "0 words", "3 more to reach the minimum"),
        ("one", "1 word", "2 more to reach the minimum"),
        ("a b c", "3 words", "2 left"),
        ("a b c d e f", "6 words", "1 over the maximum"),
    ],
)
def test_a_word_count_says_what_is_written_and_what_is_left(text, now, left):
    html = show("{% word_count 'a' text 3 5 %}", text=text)
    assert f"data-words-now>{now}<" in html
    assert f"data-words-left>{left}<" in html


def test_a_word_count_without_limits_draws_no_bar():
    assert "<svg" not in show("{% word_count 'a' 'one two' %}")


@given(st.integers(0, 10**6), st.integers(0, 5000), st.integers(0, 5000))
def test_a_bar_never_runs_over_its_end(count, least, most):
    done, *_ = re.findall(r'width="([\d.]+)"', tags.meter(count, least, most))
    assert 0 <= float(done) <= 100


def test_a_state_has_a_shape_and_escaped_words():
    html = show("{% state 'soon' words %}", words="Due May 1 & <later>")
    assert "c-state--soon" in html
    assert "<svg" in html
    assert "<span>Due May\u00a01 &amp; &lt;later&gt;</span>" in html


def test_the_same_drawings_in_a_page_and_in_what_it_includes_have_different_ids():
    engine = Engine.get_default()
    part = engine.from_string("{% load cairn %}{% badge b 'mark' 44 %}")
    html = engine.from_string(
        "{% load cairn %}{% badge b 'mark' 44 %}{% include part %}{% cairn_art 'T' 's' st %}{% cairn_art 'T' 's' st %}"
    ).render(Context({"b": BADGE, "part": part, "st": [art.Stone("a", "A", "earned")]}))
    found = re.findall(r'\bid="([^"]+)"', html)
    assert len(found) > 8
    assert len(found) == len(set(found))


def test_a_badge_in_a_list_is_silent_and_one_alone_speaks():
    assert "<title" not in show("{% badge b 'mark' %}", b=BADGE)
    assert "<title" in show("{% badge b %}", b=BADGE)


class EveryKind(forms.Form):
    email = forms.EmailField(help_text="The one we write to.")
    text = forms.CharField(widget=forms.Textarea(attrs={"class": "u-low"}), required=False)
    role = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    one = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, help_text="Choose.")
    many = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    sure = forms.BooleanField(label="I am sure")
    file = forms.FileField()
    hidden = forms.CharField(widget=forms.HiddenInput)


def test_every_field_has_a_label_and_names_its_hint_and_error():
    html = show("{% for f in form %}{% field f %}{% endfor %}", form=EveryKind({"email": "x", "one": "b"}))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        assert set(described.split()) <= set(ids)
    for name in re.findall(r'<label[^>]* for="([^"]+)"', html):
        assert name in ids
    assert 'aria-describedby="id_email_hint id_email_error"' in html
    assert html.count('aria-describedby="id_one_hint"') == 1  # on the fieldset, not on each radio
    assert re.search(r'value="b" checked', html)
    assert 'class="usa-textarea u-low"' in html
    assert html.count("(optional)") == 1


def test_the_summary_of_errors_leads_to_each_field():
    html = render_to_string("parts/errors.html", {"form": EveryKind({"email": "x"})})
    assert '<a href="#id_email">Email: Enter a valid email address.</a>' in html
    assert render_to_string("parts/errors.html", {"form": EveryKind()}).strip() == ""


@pytest.mark.parametrize(
    "refusal", [Invalid("x", "Wrong.", "Mend it."), Forbidden("x", "No."), NotFound("page"), Conflict("x", "Too late on May 1.")]
)
def test_a_refusal_becomes_a_page_without_request_or_database(refusal):
    html = render_to_string("errors/refused.html", {"refusal": refusal})
    assert f"<h1>{tags.nb(refusal.message)}</h1>" in html


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503])
def test_every_status_has_its_page(status):
    assert '<main id="main"' in render_to_string("errors/refused.html", {"status": status})


def test_the_frame_marks_where_one_is(rf):
    places = [{"url": "/home/", "title": "Next"}, {"url": "/catalog/", "title": "Catalog"}]
    html = get_template("base.html").template.render(
        Context({"places": places, "request": rf.get("/catalog/some-stack/"), "person_name": "Dana"})
    )
    assert '<a href="/catalog/" aria-current="page">Catalog</a>' in html
    assert html.count("aria-current") == 1
    assert "Dana</a>" in html


def test_no_template_carries_a_style_or_a_script_of_its_own():
    """The content security policy forbids both, and a browser then drops them without a word."""
    wrong = []
    for path in FOLDER.rglob("*.html"):
        for tag in re.findall(r"<[a-z][^>]*>", path.read_text()):
            if re.search(r"\s(style|on[a-z]+)=", tag) or (tag.startswith("<script") and "src=" not in tag) or tag.startswith("<style"):
                wrong.append((path.name, tag))
    assert wrong == []


def test_every_script_that_a_template_names_exists():
    for path in FOLDER.rglob("*.html"):
        for name in re.findall(r'\{% static "(cairn/(?:js|icon)[^"]+)"', path.read_text()):
            assert finders.find(name), (path.name, name)  # ours, or built from an npm package
