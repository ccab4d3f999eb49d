"""Captions: what is understood, what is told to whoever wrote them, and what nobody else sees."""

from __future__ import annotations

import string
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cairn.kernel.errors import Invalid
from cairn.pure.files.captions import read

VTT = """WEBVTT - Emma's lesson
Kind: captions

NOTE made by Dana Whitfield

STYLE
::cue { background: url(https://example.org/spy) }

REGION
id:fred

intro
00:01.000 --> 00:04.000 region:fred align:start line:85%
<v Dana Whitfield>What do you <b>see</b>?</v>

00:00:05.250 --> 00:00:07.500
<v.loud Emma>Two & three &lt; six</v> <c.yellow>colored</c>
<00:00:06.000>second line

00:08.000 --> 00:09.000
<v DANA WHITFIELD>Good.
"""


def test_cues_survive_and_nothing_else():
    captions = read(VTT.encode())
    assert captions.text == (
        "WEBVTT\n\n"
        "1\n00:00:01.000 --> 00:00:04.000 align:start line:85%\n<v Speaker 1>What do you <b>see</b>?</v>\n\n"
        "2\n00:00:05.250 --> 00:00:07.500\n<v Speaker 2>Two &amp; three &lt; six</v> colored\nsecond line\n\n"
        "3\n00:00:08.000 --> 00:00:09.000\n<v Speaker 1>Good.\n"
    )
    assert (captions.cues, captions.seconds) == (3, 8.0)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_subrip_is_understood_too(ends, mark):
    text = mark + ends.join(
        ["1", "00:00:01,000 --> 00:00:02,500", "First <font color=red>words</font>", "", "2", "00:00:03,000 --> 00:00:04,000", "Last"]
    )
    assert read(text.encode()).text == (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nFirst words\n\n2\n00:00:03.000 --> 00:00:04.000\nLast\n"
    )


def test_what_came_out_goes_in_again_unchanged():
    once = read(VTT.encode())
    assert read(once.text.encode()) == once


def test_cues_are_put_in_their_order():
    text = "WEBVTT\n\n00:05.000 --> 00:06.000\nlater\n\n00:01.000 --> 00:02.000\nsooner\n"
    assert read(text.encode()).text.index("sooner") < read(text.encode()).text.index("later")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "have no line with times"),
        (b"WEBVTT\n\nOnly words\n", "have no line with times"),
        (b"%PDF-1.7 and so on", "have no line with times"),
        (b"WEBVTT\n\n00:01.000 --> soon\nwords\n", "have no readable times in line 3"),
        (b"WEBVTT\n\nname\n00:01.000 -> 00:02.000\n\n9:99.000 --> 00:02.000\nwords\n", "have no readable times in line 6"),
        (b"WEBVTT\n\n00:05.000 --> 00:05.000\nwords\n", "end before they begin in line 3"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nGrüße\n".encode("latin-1"), "are not written in UTF-8"),
        (b"WEBVTT\n\n" + b"x" * 1_000_000, "have more than 1 MB"),
        (b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\n\n" * 20_001, "have more than 20,000 lines"),
    ],
)
def test_what_is_no_file_of_captions_is_told_by_its_line(data, said):
    with pytest.raises(Invalid, match="These captions") as refused:
        read(data)
    assert said in refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize(
    "line",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a --> b", "<lang en>words", "<c.x<b>y", "&#60;b&#62;", "<", "</", "<v"],
)
def test_markup_that_is_not_of_captions_is_text_or_gone(line):
    text = read(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{line}\n".encode()).text
    words = text.split("\n")[4] if len(text.split("\n")) > 4 else ""
    assert not set(words.replace("<b>", "").replace("&lt;", "").replace("&gt;", "")) & set("<>")
    assert "script" not in words


CUE_TEXT = st.text(alphabet=string.printable + "éλ☃\u202e\u200b", max_size=60)


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 10**5), CUE_TEXT), min_size=1, max_size=8))
@example([(0, 1, "&#9")])
@example([(0, 1, "a&#10;&#10;b")])
def test_whatever_is_said_the_result_is_readable_and_stays_as_it_is(cues):
    def moment(ms):
        return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"

    blocks = [f"{moment(start)} --> {moment(start + length)}\n{' '.join(text.split())}" for start, length, text in cues]
    done = read(("WEBVTT\n\n" + "\n\n".join(blocks)).encode())
    assert done.cues == len(cues)
    assert read(done.text.encode()) == done


@given(st.binary(max_size=400))
def test_any_bytes_are_captions_or_refused(data):
    """The first bytes make most of it reach the cues."""
    for text in (data, b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + data):
        with suppress(Invalid):
            assert "WEBVTT" in read(text).text
