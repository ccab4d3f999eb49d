"""What a clean copy no longer says. The canary is a name planted wherever each format has a place for one."""

import io
import zipfile

import docx
import pikepdf
import pytest
from PIL import Image

from cairn.kernel.errors import Invalid
from cairn.pure.files import recognize, scrub
from tests import files_world as world

CANARY = "Emma Rivera"


def scrubbed(data):
    file, out = io.BytesIO(data), io.BytesIO()
    result = scrub(file, recognize(file), out)
    return result, out.getvalue()


def signed_photo():
    return world.make_photo(author=CANARY)


SIGNED = {
    "pdf": lambda: world.make_pdf(title=CANARY, author=CANARY, photo=signed_photo()),
    "docx": lambda: world.make_docx(author=CANARY, photo=signed_photo()),
    "xlsx": lambda: world.make_xlsx(author=CANARY),
    "pptx": lambda: world.make_pptx(author=CANARY, media={"a.jpg": signed_photo(), "b.mp4": world.make_mp4(artist=CANARY)}),
    "jpeg": signed_photo,
    "png": lambda: world.make_picture("PNG", author=CANARY),
    "webp": lambda: world.make_picture("WEBP", author=CANARY),
    "gif": lambda: world.make_picture("GIF", author=CANARY),
    "moving gif": lambda: world.make_picture("GIF", author=CANARY, frames=3),
    "mp4": lambda: world.make_mp4(title=CANARY, artist=CANARY, telemetry=b"38.57,-92.17 " + CANARY.encode()),
    "mp3": lambda: world.make_mp3(author=CANARY),
    "wav": lambda: world.make_wav(author=CANARY),
    **{f"{suffix} by ffmpeg": lambda suffix=suffix: world.make_film(f"a.{suffix}", author=CANARY) for suffix in ("mp4", "mov", "webm")},
    **{f"{suffix} by ffmpeg": lambda suffix=suffix: world.make_film(f"a.{suffix}", author=CANARY) for suffix in ("m4a", "mp3", "wav")},
}


@pytest.mark.parametrize("name", SIGNED)
def test_a_planted_name_is_gone_from_every_byte(name):
    data = SIGNED[name]()
    assert world.says(data, CANARY)
    assert not world.says(scrubbed(data)[1], CANARY)


@pytest.mark.parametrize("name", SIGNED)
def test_cleaning_is_repeatable_and_a_clean_copy_stays_clean(name):
    data = SIGNED[name]()
    result, clean = scrubbed(data)
    assert scrubbed(data) == (result, clean)
    assert scrubbed(clean)[0] == result


@pytest.mark.parametrize("suffix", ["mp4", "mov", "webm", "m4a", "mp3", "wav"])
def test_films_and_recordings_still_play(suffix):
    data = world.make_film(f"a.{suffix}", author=CANARY)
    before, after = world.probe(data, suffix), world.probe(scrubbed(data)[1], suffix)
    frames = lambda report: [(stream["codec_name"], stream["nb_read_frames"]) for stream in report["streams"]]
    assert after["complaints"] == ""
    assert frames(after) == frames(before)


@pytest.mark.parametrize("suffix", ["mp4", "mov", "webm", "m4a", "mp3", "wav"])
def test_length_and_size_are_measured(suffix):
    result, _ = scrubbed(world.make_film(f"a.{suffix}", seconds=3))
    assert result.seconds == pytest.approx(3, abs=0.2)
    assert (result.width, result.height) == ((64, 48) if suffix in ("mp4", "mov", "webm") else (None, None))


def test_the_film_without_ffmpeg_plays_too():
    result, clean = scrubbed(world.make_mp4(seconds=4, telemetry=b"places"))
    report = world.probe(clean, "mp4")
    assert result.seconds == 4
    assert [stream["nb_read_frames"] for stream in report["streams"]] == ["4"]


def test_where_an_action_camera_went_is_erased_from_the_film():
    data = world.make_mp4(telemetry=b"38.57,-92.17")
    clean = scrubbed(data)[1]
    assert b"38.57" in data
    assert b"38.57" not in clean
    assert len(clean) == len(data)


def test_when_a_film_was_made_is_erased():
    assert world._MADE in world.make_mp4()
    assert world._MADE not in scrubbed(world.make_mp4())[1]


def test_a_film_recorded_without_a_known_length_is_measured_by_its_last_frame():
    data = world.make_film("a.webm", flags=["-live", "1"])
    assert scrubbed(data)[0].seconds == pytest.approx(2, abs=0.2)


def test_a_photo_loses_its_place_and_stays_upright():
    result, clean = scrubbed(world.make_photo((640, 480), orientation=6, author=CANARY))
    with Image.open(io.BytesIO(clean)) as picture:
        assert picture.size == (480, 640)
        assert not picture.getexif()
        assert picture.getpixel((470, 10))[0] > 200  # the golden corner, at the top left of the sensor, is now at the top right
        assert "xmp" not in picture.info
        assert "comment" not in picture.info
    assert (result.width, result.height) == (480, 640)


def test_what_hides_behind_a_picture_is_gone():
    data = world.make_picture("PNG") + b"<script>alert(1)</script>"
    assert b"script" not in scrubbed(data)[1]
    assert b"script" not in scrubbed(world.make_picture("GIF", frames=2) + b"<script>")[1]


def test_a_moving_gif_still_moves():
    with Image.open(io.BytesIO(scrubbed(world.make_picture("GIF", frames=3))[1])) as picture:
        assert picture.n_frames == 3


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_moving_pictures_are_refused_with_a_remedy(form):
    with pytest.raises(Invalid, match="more than one frame.*MP4"):
        scrubbed(world.make_picture(form, frames=2))


def test_a_picture_that_unpacks_to_too_many_pixels_is_refused():
    with pytest.raises(Invalid, match="50 million pixels"):
        scrubbed(world.make_photo((9000, 6000)))


def test_a_text_chunk_that_unpacks_without_end_is_refused():
    with Image.open(io.BytesIO(world.make_picture("PNG"))) as picture:
        info = world.PngInfo()
        info.add_text("Comment", "x" * 5_000_000, zip=True)
        out = io.BytesIO()
        picture.save(out, "PNG", pnginfo=info)
    with pytest.raises(Invalid, match="damaged"):
        scrubbed(out.getvalue())


def test_a_word_document_keeps_its_words_and_loses_its_people():
    clean = scrubbed(world.make_docx("The goal was met.", author=CANARY, photo=signed_photo()))[1]
    document = docx.Document(io.BytesIO(clean))
    assert document.paragraphs[0].text == "The goal was met."
    assert [(comment.author, comment.initials, comment.text) for comment in document.comments] == [("Author", "A", "Is this the goal?")]
    assert len(document.inline_shapes) == 1
    with zipfile.ZipFile(io.BytesIO(clean)) as package:
        names = package.namelist()
        assert names[0] == "[Content_Types].xml"
        assert not [name for name in names if name.startswith(("docProps", "customXml"))]
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"C:/Users" not in world.everything_in(clean)


def test_nothing_outside_is_fetched_when_a_presentation_opens():
    within = world.everything_in(scrubbed(world.make_pptx(author="x"))[1])
    assert b"example.org" not in within
    assert b"about:blank" in within


def test_links_to_the_web_stay_in_office_files():
    data = world.make_package(
        {"word/document.xml": "<d/>"},
        {"word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"},
        {
            "": [("officeDocument", "word/document.xml")],
            "word/document.xml": [("hyperlink", "https://example.org/goal"), ("hyperlink", "file:///C:/Users/Emma/x")],
        },
    )
    within = world.everything_in(scrubbed(data)[1])
    assert b"https://example.org/goal" in within
    assert b"Emma" not in within


def test_a_picture_of_a_slide_keeps_its_description_but_not_its_file_name():
    within = world.everything_in(scrubbed(world.make_pptx(author=CANARY))[1])
    assert b"A goal chart" in within
    assert b'name="Picture"' in within


def test_alternative_text_that_ends_in_a_number_stays():
    data = world.make_word('<w:docPr xmlns:w="urn:w" id="1" name="Photo" descr="Growth was 3.25"/>')
    assert b'descr="Growth was 3.25"' in world.everything_in(scrubbed(data)[1])


@pytest.mark.parametrize(
    "field", ['INCLUDEPICTURE "http://example.org/x"', 'DDEAUTO c:\\\\windows "x"', "AUTHOR", "FILENAME \\\\p", "USERNAME"]
)
def test_word_fields_that_fetch_start_or_name_keep_only_their_result(field):
    split = f"<w:instrText>{field[:4]}</w:instrText><w:instrText>{field[4:]}</w:instrText>".replace('"', "&quot;")
    simple = f"<w:fldSimple w:instr='{field}'><w:t>result</w:t></w:fldSimple>"
    data = world.make_word(f'<w:p xmlns:w="urn:w">{split}{simple}<w:instrText> PAGE </w:instrText></w:p>')
    within = world.everything_in(scrubbed(data)[1])
    assert field[:4].encode() not in within
    assert b"example.org" not in within
    assert b"result" in within
    assert b" PAGE " in within


def test_a_web_page_inside_a_word_document_is_refused():
    data = world.make_word("<d/>", {"word/a.xhtml": ("aFChunk", "application/xhtml+xml", b"<html/>")})
    with pytest.raises(Invalid, match="embedded object"):
        scrubbed(data)


def test_media_lose_their_file_names_and_can_still_be_reached():
    data = world.make_pptx(media={"Emma Rivera reading.jpg": world.make_photo()})
    clean = scrubbed(data)[1]
    within = world.everything_in(clean)
    assert b"Emma" not in within
    with zipfile.ZipFile(io.BytesIO(clean)) as package:
        (media,) = [name for name in package.namelist() if name.startswith("ppt/media/")]
    assert f'Target="/{media}"'.encode() in within


def test_a_program_inside_an_office_file_is_refused():
    with pytest.raises(Invalid, match="embedded object.*PDF"):
        scrubbed(world.make_pptx(media={"object.bin": b"MZ" + bytes(100)}))


def test_a_workbook_inside_a_presentation_is_cleaned_too():
    within = scrubbed(world.make_pptx(media={"data.xlsx": world.make_xlsx(author=CANARY)}))[1]
    assert not world.says(within, CANARY)
    assert world.says(within, "Reading")


def test_documents_nested_without_end_are_refused():
    data = world.make_pptx()
    for _ in range(4):
        data = world.make_pptx(media={"inner.pptx": data})
    with pytest.raises(Invalid, match="embedded object"):
        scrubbed(data)


def test_scripts_leave_a_drawing_inside_an_office_file():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><metadata>Emma</metadata><script>x()</script><path d="M0 0"/></svg>'
    within = world.everything_in(scrubbed(world.make_pptx(media={"a.svg": svg}))[1])
    assert b"onload" not in within
    assert b"x()" not in within
    assert b"Emma" not in within
    assert b"M0 0" in within


def test_a_pdf_keeps_its_pages_and_loses_what_acts():
    result, clean = scrubbed(world.make_pdf(3, title=CANARY, author=CANARY, text="Goal met."))
    assert result.pages == 3
    with pikepdf.open(io.BytesIO(clean)) as pdf:
        assert set(pdf.Root.keys()) <= {"/Type", "/Pages", "/Names"}
        assert not pdf.docinfo
        assert not pdf.attachments
        assert [str(each.Subtype) for each in pdf.pages[0].Annots] == ["/Text", "/Link"]
        assert str(pdf.pages[0].Annots[0].Contents) == "See the goal."
        assert "/A" not in pdf.pages[0].Annots[1]
    within = world.everything_in(clean)
    for word in (b"JavaScript", b"/URI", b"OpenAction", b"EmbeddedFile", b"Metadata"):
        assert word not in within


@pytest.mark.parametrize("action", ["Launch", "URI", "GoToR", "SubmitForm", "JavaScript", "ImportData", "Rendition"])
def test_no_action_survives_anywhere_in_a_pdf(action):
    with pikepdf.open(io.BytesIO(world.make_pdf(1))) as pdf:
        act = pikepdf.Dictionary(S=pikepdf.Name("/" + action), F=pikepdf.String(CANARY), JS=pikepdf.String(CANARY))
        pdf.pages[0].obj.AA = pikepdf.Dictionary(O=act)
        widget = pikepdf.Dictionary(
            Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Btn, T=pikepdf.String("b"), Rect=pikepdf.Array([0, 0, 9, 9]), A=act
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(widget)])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([pdf.pages[0].obj.Annots[0]]), XFA=pikepdf.String(CANARY))
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Start", 0))
            outline.root[0].action = act
        data = world._saved(pdf)
    assert world.says(data, CANARY)
    clean = scrubbed(data)[1]
    assert not world.says(clean, CANARY)
    assert b"Start" in world.everything_in(clean)


def test_old_versions_inside_a_pdf_are_gone():
    data = world.make_pdf(1)
    trailer = data.rindex(b"startxref")
    update = b"%%EOF\n% " + CANARY.encode() + b"\n" + data[trailer:]
    assert not world.says(scrubbed(data + update)[1], CANARY)


def test_a_locked_pdf_is_refused_with_a_remedy():
    with pytest.raises(Invalid, match="password.*Save a copy without"):
        scrubbed(world.make_locked_pdf())
    with pytest.raises(Invalid, match="password"):
        scrubbed(world.make_locked_pdf(password=""))


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("name", ["pdf", "docx", "jpeg", "png", "webp", "gif", "mp4"])
def test_a_file_cut_short_is_refused(name, cut):
    data = SIGNED[name]()
    with pytest.raises(Invalid, match="damaged|incomplete"):
        scrubbed(data[: int(len(data) * cut)])


def test_text_loses_byte_order_mark_and_control_characters():
    _, clean = scrubbed(b"\xef\xbb\xbfone\r\ntwo\rthree\x7f\n")
    assert clean == b"one\ntwo\nthree\n"


def test_line_ends_survive_being_read_in_pieces():
    line = "x" * 61 + "\r\n"
    _, clean = scrubbed((line * 20_000).encode())
    assert clean == (line * 20_000).replace("\r\n", "\n").encode()


def test_text_of_nothing_but_a_byte_order_mark_is_empty():
    with pytest.raises(Invalid, match="empty"):
        scrubbed(b"\xef\xbb\xbf")


def test_sound_goes_on_behind_a_tag_in_the_middle():
    first, second = world.make_mp3(seconds=1, author=CANARY), world.make_mp3(seconds=2, author=CANARY)
    ending = first.index(b"APETAGEX")
    result, clean = scrubbed(first[:ending] + second)
    assert result.seconds == pytest.approx(3, abs=0.1)
    assert not world.says(clean, CANARY)


def test_a_recording_that_is_mostly_something_else_is_refused():
    data = world.make_mp3()
    with pytest.raises(Invalid, match="damaged"):
        scrubbed(data[:5000] + b"x" * 70_000 + data[5000:])
