"""Whatever bytes are uploaded: a clean copy or a refusal in a sentence, never another exception."""

import io
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cairn.kernel.errors import Refused
from cairn.pure.files import KINDS, page_text, pages, recognize, render_page, scrub
from tests import files_world as world

AUTHOR = "Emma Rivera"
SAMPLES = {
    "pdf": lambda: world.make_pdf(2, title=AUTHOR, author=AUTHOR, photo=world.make_photo(author=AUTHOR)),
    "docx": lambda: world.make_docx(author=AUTHOR),
    "xlsx": lambda: world.make_xlsx(author=AUTHOR),
    "pptx": lambda: world.make_pptx(author=AUTHOR, media={"a.png": world.make_picture("PNG")}),
    "jpeg": lambda: world.make_photo(author=AUTHOR),
    "png": lambda: world.make_picture("PNG", author=AUTHOR),
    "webp": lambda: world.make_picture("WEBP", author=AUTHOR),
    "gif": lambda: world.make_picture("GIF", author=AUTHOR, frames=2),
    "mp4": lambda: world.make_mp4(title=AUTHOR, artist=AUTHOR, telemetry=b"places"),
    "mov": lambda: world.make_film("a.mov", author=AUTHOR),
    "webm": lambda: world.make_film("a.webm", author=AUTHOR, seconds=1),
    "m4a": lambda: world.make_film("a.m4a", author=AUTHOR, seconds=1),
    "mp3": lambda: world.make_mp3(author=AUTHOR),
    "wav": lambda: world.make_wav(author=AUTHOR),
    "text": lambda: b"A narrative.\r\n",
    "csv": lambda: b"a,b\r\n1,2\r\n3,4\r\n",
}
SIGNATURES = [
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF89a",
    b"RIFF\0\0\0\0WEBP",
    b"RIFF\0\0\0\0WAVE",
    b"\0\0\0\x10ftypisom\0\0\0\0",
    b"\0\0\0\x08moov",
    b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm",
    b"ID3\4\0\0\0\0\0\0",
    b"\xff\xfb\x90\xc4",
]
FILE_OFFSETS = st.floats(0, 1, exclude_max=True)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("set"), FILE_OFFSETS, st.binary(min_size=1, max_size=8)),
        st.tuples(st.just("insert"), FILE_OFFSETS, st.binary(min_size=1, max_size=8)),
        st.tuples(st.just("delete"), FILE_OFFSETS, st.integers(1, 64)),
        st.tuples(st.just("cut"), FILE_OFFSETS, st.none()),
    ),
    min_size=1,
    max_size=4,
)
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def sample(name):
    return SAMPLES[name]()


def changed(data, changes):
    for change, place, value in changes:
        at = int(place * len(data))
        if change == "set":
            data = data[:at] + value + data[at + len(value) :]
        elif change == "insert":
            data = data[:at] + value + data[at:]
        elif change == "delete":
            data = data[:at] + data[at + value :]
        else:
            data = data[:at]
    return data


def answered(call):
    """What the call returns, or None after a refusal that says something."""
    try:
        return call()
    except Refused as refusal:
        said = refusal
    assert said.message.endswith(".")
    assert said.remedy.endswith(".")
    return None


def clean_or_refused(data):
    """The clean copy, or None after a refusal."""
    file, out = io.BytesIO(data), io.BytesIO()
    result = answered(lambda: scrub(file, recognize(file), out))
    if result is None:
        return None
    assert KINDS[result.kind.name] == result.kind
    assert recognize(out).family == result.kind.family
    return out.getvalue()


@given(st.sampled_from(SIGNATURES), st.binary(max_size=400))
@SLOW
def test_random_bytes_are_refused_or_cleaned(signature, data):
    clean_or_refused(signature + data)


@pytest.mark.parametrize("name", SAMPLES)
@given(changes=CHANGES)
@settings(SLOW, max_examples=25)
def test_damaged_files_are_refused_or_cleaned(name, changes):
    clean_or_refused(changed(sample(name), changes))


@pytest.mark.long
@pytest.mark.parametrize("name", SAMPLES)
@given(changes=CHANGES)
@settings(SLOW, max_examples=1500)
def test_many_damaged_files_are_refused_or_cleaned(name, changes):
    clean_or_refused(changed(sample(name), changes))


@pytest.mark.parametrize("name", sorted(SAMPLES.keys() - {"text", "csv"}))
@given(extra=st.binary(max_size=40))
@settings(SLOW, max_examples=10)
def test_bytes_behind_the_end_never_reach_a_clean_copy(name, extra):
    marked = b"<script>fetch('/steal')</script>" + extra
    clean = clean_or_refused(sample(name) + marked)
    assert clean is None or marked not in clean


@given(CHANGES, st.integers(1, 3))
@SLOW
def test_pages_of_a_damaged_pdf_are_shown_or_refused(changes, number):
    file = io.BytesIO(changed(sample("pdf"), changes))
    for show in (pages, lambda each: render_page(each, number, 200), lambda each: page_text(each, number)):
        answered(lambda show=show: show(file))
