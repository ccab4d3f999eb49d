"""What templates say and draw with: icons, states, art, dates, and writing of educators and authors.

    {% icon "met" "Passed:" %}   {% state "soon" "Due Friday" %}   {% meter 94 150 400 %}   {% terrain "page-slug" %}
    {% badge a_badge %}   {% badge a_badge form="mark" size=52 %}   {% cairn_art "Title" "stack-slug" stones %}   {% trail "Title" points %}
    {% field form.email %}   {{ due|moment:zone }}   {{ day|day }}   {{ sentence|nb }}   {{ text|rich }}   {{ text|words }}

Not here: decisions. A template gets values that are ready to show.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField, CheckboxSelectMultiple
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from cairn.interfaces.web import art, wording
from cairn.pure import money
from cairn.pure.clocks import long_date, long_moment
from cairn.pure.rules.words import said_amount

register = template.Library()

# Input types of Django's widgets: how parts/field.html lays them out.
_KINDS = {"textarea": "textarea", "select": "select", "checkbox": "checkbox", "radio": "radio", "file": "file", "hidden": "hidden"}
_PLOTS: dict[str, Callable[..., str]] = {
    "funnel": art.funnel_svg, "completion": art.completion_svg, "interval": art.interval_svg, "change": art.change_svg,
}  # fmt: skip
_CLASSES = {"textarea": "usa-textarea", "select": "usa-select", "checkbox": "usa-checkbox__input", "radio": "", "file": ""}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# A date never breaks before its day, an n before its number, a time before its p.m., a figure before its %.
_KEEP_TOGETHER = (
    (re.compile(rf"\b({_MONTHS}) (?=\d)"), "\\1\u00a0"),
    (re.compile(r"\bn = (?=\d)"), "n\u00a0=\u00a0"),
    (re.compile(r"(?<=\d) (?=[ap]\.m\.|%)"), "\u00a0"),
    (re.compile(r"\bin (\d+) (?=days?\b)"), "in\u00a0\\1\u00a0"),
)


@register.filter(is_safe=True)
def nb(text: object) -> str:
    """Put no-break spaces where a line must not end."""
    words = str(text) if isinstance(text, SafeString) else escape(str(text))
    for pattern, joined in _KEEP_TOGETHER:
        words = pattern.sub(joined, words)
    return mark_safe(words)


@register.filter
def moment(when: datetime | None, zone: ZoneInfo | str) -> str:
    """September 1, 2020, 11:59 p.m. Central; nothing for no moment."""
    return nb(long_moment(when, ZoneInfo(zone) if isinstance(zone, str) else zone)) if when else ""


@register.filter
def day(when: date | None) -> str:
    """September 1, 2020: of a date, never of a moment, since a moment's day depends on the zone."""
    if isinstance(when, datetime):
        raise TypeError("A moment has no day without a zone: use |moment:zone, or pass a date.")
    return nb(long_date(when)) if when else ""


@register.filter
def dollars(cents: int) -> str:
    """$1,250.50."""
    return money.dollars(cents)


@register.filter
def grouped(number: int) -> str:
    """100,000."""
    return f"{number:,}"


@register.filter
def amount(number: Decimal, unit: str) -> str:
    """With its unit: 60 contact hours, 1 CEU."""
    return said_amount(number, unit)


@register.filter
def spelled(number: int) -> str:
    """Where a sentence begins with it: {{ count|spelled|capfirst }}."""
    return wording.spelled(number)


@register.filter
def words(text: str) -> int:
    """How many words: runs of anything but white space, as static/cairn/js/words.js counts them."""
    return len(text.split())


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return url.lower().startswith(("http://", "https://", "mailto:"))


def _markdown() -> MarkdownIt:
    """Paragraphs, lists, emphasis, and links; HTML shows as the characters that were typed."""
    parser = _Markdown("zero", {"html": False, "breaks": True})
    return parser.enable(["list", "emphasis", "balance_pairs", "link", "newline", "escape"])


_MARKDOWN = _markdown()


@register.filter
def rich(text: str | None) -> SafeString:
    """Educators' and authors' writing as paragraphs, lists, emphasis, and links that lend no weight to their target."""
    tokens = _MARKDOWN.parse(text or "")
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "nofollow noopener")
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return mark_safe(html)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon; give it a label only where no words stand beside it."""
    return mark_safe(art.icon(name, label))


@register.simple_tag
def state(kind: str, said: object) -> SafeString:
    """A status: met, half, seats, soon, stopped, later, officer, or saved; always with words."""
    drawn, color = art.STATES[kind]
    return format_html('<span class="c-state c-state--{}">{}<span>{}</span></span>', color, icon(drawn), nb(said))


@register.simple_tag(takes_context=True)
def here(context: template.Context, address: str) -> str:
    """Marks the place, among those in the page's top, under which this page lies: the nearest, where one lies under another."""
    path = getattr(context.get("request"), "path", "")
    above = [place["url"] for place in context.get("places") or () if path.startswith(place["url"])]
    under = path == address if address == "/" else path.startswith(address) and address == max([*above, address], key=len)
    return mark_safe(' aria-current="page"') if under else ""


@register.simple_tag
def logo() -> SafeString:
    return mark_safe(art.LOGO)


@register.simple_tag
def terrain(slug: str, width: int = 1280, height: int = 260, lines: int = 11) -> SafeString:
    return mark_safe(art.terrain_svg(slug, width, height, lines))


def _copy(context: template.Context, drawing: Hashable) -> int:
    """How often this drawing has stood on this page before: its ids must differ from those of its twins."""
    request = getattr(context, "request", None)
    page = context.dicts[0] if request is None else vars(request)  # both outlive the templates that are included
    seen = page.setdefault("drawings", Counter())
    seen[drawing] += 1
    return int(seen[drawing]) - 1


@register.simple_tag(takes_context=True)
def badge(context: template.Context, badge: art.Badge, form: str = "full", size: int = 0, decorative: bool | None = None) -> SafeString:
    """A badge. A mark is decorative unless it says otherwise: it stands beside its own title."""
    hidden = form == "mark" if decorative is None else decorative
    return mark_safe(art.badge_svg(badge, form, size, hidden, _copy(context, (badge, form, size))))


@register.simple_tag(takes_context=True)
def cairn_art(
    context: template.Context,
    title: str,
    stack_slug: str,
    stones: Sequence[art.Stone],
    family: str = "",
    width: int = 320,
    height: int = 320,
    decorative: bool = False,
) -> SafeString:
    copy = _copy(context, (stack_slug, tuple(stones), width, height))
    return mark_safe(art.cairn_svg(title, stack_slug, tuple(stones), family, (width, height), decorative, copy))


@register.simple_tag(takes_context=True)
def trail(context: template.Context, title: str, points: Sequence[art.Waypoint]) -> SafeString:
    """The trail twice, wide and upright; the style sheet shows one."""
    copy = _copy(context, (title, tuple(points)))
    wide, upright = (art.trail_svg(title, tuple(points), narrow, copy=copy) for narrow in (False, True))
    return format_html(
        '<div class="c-cairn-wide c-only-wide">{}</div><div class="c-only-narrow u-max-22">{}</div>', mark_safe(wide), mark_safe(upright)
    )


@register.simple_tag
def plot(kind: str, title: str, *given: object) -> SafeString:
    """A plot twice, wide and narrow: funnel (steps), completion (steps), interval (rows) or change (rows, least, most)."""
    draw = _PLOTS[kind]
    wide, narrow = (mark_safe(draw(title, *given, narrow=narrow)) for narrow in (False, True))
    return format_html('<div><div class="c-only-wide">{}</div><div class="c-only-narrow">{}</div></div>', wide, narrow)


@register.simple_tag
def meter(count: int, least: int = 0, most: int = 0) -> SafeString:
    """A bar for a word count against its limits, drawn without styles so that words.js can move it."""
    full = max(most, least, 1)
    done, line = (min(100, round(100 * number / full, 1)) for number in (count, least))
    return format_html(
        '<svg class="c-meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false" data-full="{}">'
        '<rect class="c-meter__done" width="{}" height="6"/>{}</svg>',
        full,
        done,
        format_html('<rect class="c-meter__least" x="{}" width=".4" height="6"/>', line) if 0 < least < full else "",
    )


@register.simple_tag
def pile(slug: str, made: str, family: str = "iron", width: int = 300, height: int = 260) -> SafeString:
    """A cairn that says nothing about anybody: one letter a stone, from below; e earned, h half done, p planned."""
    states = {"e": ("earned", 1.0), "h": ("progress", 0.6), "p": ("planned", 0.0)}
    stones = [art.Stone(f"{slug}-{i}", "stone", *states[letter]) for i, letter in enumerate(made)]
    return mark_safe(art.cairn_svg("Cairn", slug, tuple(stones), family, (width, height), True))


@register.inclusion_tag("parts/words.html")
def word_count(field_id: str, text: str, least: int = 0, most: int = 0) -> dict[str, object]:
    """What is written in the field so far, against its limits (0 is none); words.js says the same while one types."""
    count = words(text)
    if count < least:
        left = f"{least - count:,} more to reach the minimum"
    elif most and count > most:
        left = f"{count - most:,} over the maximum"
    else:
        left = f"{most - count:,} left" if most else ""
    now = "1 word" if count == 1 else f"{count:,} words"
    return {"field_id": field_id, "count": count, "least": least, "most": most, "now": now, "left": left}


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, hint: str = "", label: str = "", optional: str = "optional") -> dict[str, object]:
    """A form field with its label, hint, and errors, tied together for screen readers. `optional`: what one that may be empty is called."""
    widget = bound.field.widget
    kind = "checkboxes" if isinstance(widget, CheckboxSelectMultiple) else _KINDS.get(getattr(widget, "input_type", "textarea"), "input")
    hint = hint or str(bound.help_text)
    told = [f"{bound.auto_id}_{what}" for what, given in (("hint", hint), ("error", bound.errors)) if given]
    attrs: dict[str, str | bool] = {"class": f"{_CLASSES.get(kind, 'usa-input')} {widget.attrs.get('class', '')}".strip()}
    if told and kind not in ("radio", "checkboxes", "hidden"):
        attrs["aria-describedby"] = " ".join(told)
    return {
        "field": bound,
        "kind": kind,
        "label": label or bound.label,
        "optional": optional,
        "hint": hint,
        "control": bound.as_widget(attrs=attrs),
        "described_by": " ".join(told),
    }
