"""Makers of real files for tests: a PDF, Office files, a phone photo, films and recordings, each with the metadata such files carry.

Every maker returns bytes. `author` is planted wherever the format has a place for a person's name.
"""

import functools
import io
import json
import shutil
import struct
import subprocess
import tempfile
import wave
import zipfile
from pathlib import Path

import docx
import pikepdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

# One picture of 64 x 48 teal pixels in H.264: sequence and picture parameters, and a frame that needs no other.
_SPS = bytes.fromhex("67 42c00adc47b01100 00030001 00000300 020f122780")
_PPS = bytes.fromhex("68ce0f2c80")
_FRAME = bytes.fromhex("65 888404bc46280009e1c700011328e00027af2727275d75d75d75d780")


def make_pdf(pages=3, *, title="", author="", text="Evidence of the work.", photo=b""):
    """A PDF of Letter pages with readable text; `author` also signs a comment, an attachment, a script and a link."""
    pdf = pikepdf.Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=(612, 792))
        words = f"Page {number}. {text}".replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        content = f"BT /F1 18 Tf 72 700 Td ({words}) Tj ET"
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        if photo:
            page.obj.Resources.XObject = Dictionary(Photo=_pdf_photo(pdf, photo))
            content += " q 200 0 0 150 72 500 cm /Photo Do Q"
        page.obj.Contents = pdf.make_stream(content.encode("latin-1", "replace"))
    if title or author:
        pdf.docinfo["/Title"], pdf.docinfo["/Author"] = String(title), String(author)
        with pdf.open_metadata() as metadata:
            metadata["dc:title"], metadata["dc:creator"] = title, [author]
    if author:
        _sign_pdf(pdf, author)
    return _saved(pdf)


def _pdf_photo(pdf, photo):
    with Image.open(io.BytesIO(photo)) as picture:
        width, height = picture.size
    stream = pdf.make_stream(photo)
    stream.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    return stream


def _sign_pdf(pdf, author):
    script = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{author}')"))
    pdf.Root.OpenAction = script
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("hello"), script])))
    pdf.attachments["notes.txt"] = f"Notes of {author}".encode()
    box = Array([72, 72, 200, 90])
    name = String(author)
    comment = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=box, T=name, Contents=String("See the goal."), NM=name)
    jump = Dictionary(S=Name.URI, URI=String(f"https://example.org/{author}"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=jump)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(comment), link])
    pdf.pages[0].obj.PieceInfo = Dictionary(App=Dictionary(Private=String(author)))


def _saved(pdf, **options):
    out = io.BytesIO()
    pdf.save(out, static_id=True, **options)
    return out.getvalue()


def make_locked_pdf(password="apple"):
    with pikepdf.open(io.BytesIO(make_pdf(1))) as pdf:
        return _saved_locked(pdf, password)


def _saved_locked(pdf, password):
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(owner=password, user=password))
    return out.getvalue()


def make_docx(text="Evidence of the work.", *, author="", photo=b""):
    """A Word document with a comment and a tracked change by `author`, whose computer also left a template path."""
    document = docx.Document()
    document.core_properties.author = document.core_properties.last_modified_by = author
    document.core_properties.comments = document.core_properties.title = author
    paragraph = document.add_paragraph(text)
    if author:
        document.add_comment(paragraph.runs, text="Is this the goal?", author=author, initials=author[:2])
        change = f'w:id="9" w:author="{author}" w:date="2020-06-30T09:30:00Z"'
        paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')} {change}><w:r><w:t> Revised.</w:t></w:r></w:ins>"))
        document.settings.element.append(parse_xml(f'<w:attachedTemplate {nsdecls("w", "r")} r:id="rId99"/>'))
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
        document.part._settings_part.rels.add_relationship(relation, f"file:///C:/Users/{author}/a.dotx", "rId99", is_external=True)
    if photo:
        document.add_picture(io.BytesIO(photo), width=docx.shared.Inches(3))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def make_photo(size=(640, 480), *, gps=True, author="", orientation=1):
    """A JPEG as a phone takes it: EXIF with camera, place and author, and an XMP packet. `orientation` 6 is a phone held upright."""
    picture = Image.new("RGB", size, "teal")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="gold")
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112], exif[0x013B] = "Fruit", "Phone 12", orientation, author
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 34.0, 36.0), 3: "W", 4: (92.0, 10.0, 24.0), 29: "2020:06:30"})
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">{author}</dc:creator></x:xmpmeta>'
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, xmp=xmp.encode(), comment=author.encode())
    return out.getvalue()


def picture_size(data):
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size


def make_picture(form, size=(64, 48), *, author="", frames=1):
    """PNG, WEBP or GIF with text chunks, EXIF or a comment; several frames where the format can move."""
    pictures = [Image.new("RGB", size, (index * 20, 90, 120)) for index in range(frames)]
    exif = Image.Exif()
    exif[0x013B] = author
    options = {
        "PNG": {"pnginfo": _png_text(author), "exif": exif},
        "WEBP": {"exif": exif, "xmp": author.encode()},
        "GIF": {"comment": author.encode()},
    }
    out = io.BytesIO()
    moving = {"save_all": True, "append_images": pictures[1:], "duration": 100, "loop": 0} if frames > 1 else {}
    pictures[0].save(out, form, **options[form], **moving)
    return out.getvalue()


def _png_text(author):
    info = PngInfo()
    info.add_text("Author", author)
    info.add_itxt("XML:com.adobe.xmp", f"<x>{author}</x>")
    return info


def make_mp4(seconds=4, *, title="", artist="", telemetry=b""):
    """A playable H.264 film of one frame a second; `title` and `artist` stand where phones and editors put them, `telemetry` in a
    data track of its own, as action cameras write the places they went."""
    frame = struct.pack(">I", len(_FRAME)) + _FRAME
    samples = [frame] * seconds
    kinds = _box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
    metadata = _box(b"udta", _box(b"\xa9nam", struct.pack(">HH", len(title.encode()), 0) + title.encode()) + _itunes(title, artist))
    extra = _box(b"free", artist.encode()) + _box(b"uuid", bytes(16) + artist.encode())

    def moov(first):
        tracks = _track(1, b"vide", seconds, _avc(artist), samples, first, artist)
        if telemetry:
            tracks += _track(2, b"meta", seconds, _box(b"gpmd", bytes(6) + b"\0\1"), [telemetry], first + len(frame) * seconds, artist)
        return _box(b"moov", _movie_header(seconds) + tracks + metadata)

    first = len(kinds) + len(moov(0)) + len(extra) + 8
    return kinds + moov(first) + extra + _box(b"mdat", b"".join(samples) + telemetry)


def _box(name, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


_MATRIX = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_MADE = struct.pack(">II", 3_676_000_000, 3_676_000_001)


def _movie_header(seconds):
    return _box(
        b"mvhd", bytes(4) + _MADE + struct.pack(">IIIH10x", 1, seconds, 0x10000, 0x100) + _MATRIX + bytes(24) + struct.pack(">I", 3)
    )


def _track(number, handler, seconds, description, samples, first, artist):
    place = struct.pack(">I4xI8xHHHH", number, seconds, 0, 0, 0, 0)
    header = _box(b"tkhd", b"\0\0\0\3", _MADE, place, _MATRIX, struct.pack(">II", 64 << 16, 48 << 16))
    table = _box(
        b"stbl",
        _box(b"stsd", struct.pack(">II", 0, 1), description),
        _box(b"stts", struct.pack(">IIII", 0, 1, len(samples), seconds // len(samples) or 1)),
        _box(b"stsc", struct.pack(">IIIII", 0, 1, 1, len(samples), 1)),
        _box(b"stsz", struct.pack(">III", 0, 0, len(samples)), *(struct.pack(">I", len(each)) for each in samples)),
        _box(b"stco", struct.pack(">III", 0, 1, first)),
    )
    references = _box(b"dinf", _box(b"dref", struct.pack(">II", 0, 1), _box(b"url ", b"\0\0\0\1")))
    media_header = _box(b"vmhd", b"\0\0\0\1" + bytes(8)) if handler == b"vide" else _box(b"nmhd", bytes(4))
    media = _box(
        b"mdia",
        _box(b"mdhd", bytes(4), _MADE, struct.pack(">IIHH", 1, seconds, 0x55C4, 0)),
        _box(b"hdlr", bytes(8), handler, bytes(12), artist.encode(), b"\0"),
        _box(b"minf", media_header, references, table),
    )
    return _box(b"trak", header, media, _box(b"udta", _box(b"name", artist.encode())))


def _avc(artist):
    parameters = b"\x01" + _SPS[1:4] + b"\xff\xe1" + struct.pack(">H", len(_SPS)) + _SPS + b"\x01" + struct.pack(">H", len(_PPS)) + _PPS
    maker = artist.encode()[:31].ljust(31, b"\0")
    frame = struct.pack(">HH", 64, 48) + struct.pack(">II4xH", 0x480000, 0x480000, 1)
    return _box(b"avc1", bytes(6), b"\0\1", bytes(16), frame, b"\x1f" + maker, b"\0\x18\xff\xff", _box(b"avcC", parameters))


def _itunes(title, artist):
    rows = b"".join(
        _box(name, _box(b"data", struct.pack(">II", 1, 0), value.encode())) for name, value in ((b"\xa9nam", title), (b"\xa9ART", artist))
    )
    return _box(b"meta", bytes(4), _box(b"hdlr", bytes(8), b"mdirappl", bytes(9)), _box(b"ilst", rows))


def make_wav(seconds=1, *, author=""):
    """A recording of silence with an INFO chunk before and a broadcast chunk after the sound."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000 * seconds))
    plain = out.getvalue()
    name = author.encode().ljust(len(author.encode()) + len(author.encode()) % 2, b"\0")
    info = _chunk(b"LIST", b"INFO" + _chunk(b"IART", name))
    body = plain[12:36] + info + plain[36:] + _chunk(b"bext", name)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def _chunk(name, body):
    return name + struct.pack("<I", len(body)) + body


def make_mp3(seconds=2, *, author=""):
    """Silent MPEG frames of layer III between an ID3v2 tag and APE and ID3v1 tags."""
    frame = b"\xff\xfb\x90\xc4" + bytes(413)
    tag = b"TPE1" + struct.pack(">IH", len(author.encode()) + 1, 0) + b"\3" + author.encode()
    head = b"ID3\4\0\0" + bytes((0, 0, len(tag) >> 7, len(tag) & 127)) + tag
    ape = b"APETAGEX" + bytes(24) + author.encode()
    return head + frame * (seconds * 44100 // 1152) + ape + b"TAG" + author.encode()[:30].ljust(125, b"\0")


def make_film(name, *, author="", seconds=2, flags=()):
    """A film or recording as ffmpeg writes it; `name` ends in mp4, mov, webm, m4a, mp3 or wav."""
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed")
    suffix = name.rpartition(".")[2]
    picture = ["-f", "lavfi", "-i", f"testsrc=size=64x48:rate=10:duration={seconds}"]
    sound = ["-f", "lavfi", "-i", f"sine=duration={seconds}"]
    codecs = {"webm": ["-c:v", "libvpx", "-c:a", "libopus"]}.get(suffix, ["-pix_fmt", "yuv420p"])
    sources = sound if suffix in ("m4a", "mp3", "wav") else [*picture, *sound, *codecs]
    tags = [f"{key}={author}" for key in ("title", "artist", "comment", "location", "description")]
    return ffmpeg(name, *sources, *(part for tag in tags for part in ("-metadata", tag)), "-metadata:s:0", f"title={author}", *flags)


@functools.cache
def ffmpeg(name, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / name
        subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments, str(target)], check=True, capture_output=True)
        return target.read_bytes()


def probe(data, suffix):
    """What ffprobe says about a film or recording after decoding it; `complaints` is empty when it plays."""
    if not shutil.which("ffprobe"):
        pytest.skip("ffprobe is not installed")
    with tempfile.NamedTemporaryFile(suffix=f".{suffix}") as file:
        file.write(data)
        file.flush()
        command = ["ffprobe", "-v", "error", "-count_frames", "-show_format", "-show_streams", "-of", "json", file.name]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout) | {"complaints": done.stderr}


_CONTENT = "application/vnd.openxmlformats-officedocument."
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def make_package(parts, types, links):
    """A zip of Office parts: `types` maps parts to content types, `links` maps a source ("" is the package) to (role, target) pairs."""
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in types.items())
    defaults = '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/xml"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", f"<Types>{defaults}{overrides}</Types>")
        for source, found in links.items():
            folder, _, name = source.rpartition("/")
            rows = "".join(
                f'<Relationship Id="rId{index}" Type="{_RELATIONS}/{role}" Target="{target}"{_mode(target)}/>'
                for index, (role, target) in enumerate(found, 1)
            )
            package.writestr(f"{folder}/_rels/{name}.rels".lstrip("/"), f"<Relationships>{rows}</Relationships>")
        for part, data in parts.items():
            package.writestr(part, data)
    return out.getvalue()


def _mode(target):
    return ' TargetMode="External"' if "://" in target else ""


def make_word(body, parts=None):
    """A Word document whose main part is this XML; `parts` maps names to (role, content type, data)."""
    parts = parts or {}
    main = "word/document.xml"
    return make_package(
        {main: body, **{name: data for name, (_, _, data) in parts.items()}},
        {main: _CONTENT + "wordprocessingml.document.main+xml", **{name: kind for name, (_, kind, _) in parts.items()}},
        {"": [("officeDocument", main)], main: [(role, f"/{name}") for name, (role, _, _) in parts.items()]},
    )


def make_xlsx(*, author="", rows=(("Goal", "Met"), ("Reading", "yes"))):
    """A workbook with a table, a comment by `author`, the path of the author's computer and printer settings."""
    cells = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows)
    path = f'<x15ac:absPath xmlns:x15ac="urn:x" url="C:\\Users\\{author}\\"/>'
    sheets = '<sheets><sheet name="Goals" sheetId="1" r:id="rId1"/></sheets>'
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN_NS}" xmlns:r="{_RELATIONS}">{path}{sheets}</workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN_NS}"><!-- {author} --><sheetData>{cells}</sheetData></worksheet>',
        "xl/comments1.xml": f'<comments xmlns="{_MAIN_NS}"><authors><author>{author}</author></authors><commentList/></comments>',
        "xl/printerSettings/p.bin": f"\\\\school\\{author}",
        "docProps/core.xml": f"<coreProperties><creator>{author}</creator></coreProperties>",
        "docProps/app.xml": f"<Properties><Manager>{author}</Manager></Properties>",
        "customXml/item1.xml": f"<who>{author}</who>",
    }
    types = {"xl/workbook.xml": _CONTENT + "spreadsheetml.sheet.main+xml", "xl/printerSettings/p.bin": "application/octet-stream"}
    links = {
        "": [("officeDocument", "xl/workbook.xml"), ("core-properties", "docProps/core.xml"), ("extended-properties", "docProps/app.xml")],
        "xl/workbook.xml": [("worksheet", "worksheets/sheet1.xml"), ("customXml", "../customXml/item1.xml")],
        "xl/worksheets/sheet1.xml": [("comments", "../comments1.xml"), ("printerSettings", "../printerSettings/p.bin")],
    }
    return make_package(parts, types, links)


def make_pptx(*, author="", media=None):
    """A presentation of one slide with a comment author and a picture whose name is a file name; `media` is {name: bytes}."""
    media = media or {}
    picture = f"<p:cNvPr id='2' name='{author}.jpg' descr='A goal chart'/>"
    person = f"<p:cmAuthor id='0' name='{author}' initials='{author[:2]}'/>"
    parts = {
        "ppt/presentation.xml": "<p:presentation xmlns:p='urn:p'/>",
        "ppt/slides/slide1.xml": f"<p:sld xmlns:p='urn:p'>{picture}</p:sld>",
        "ppt/commentAuthors.xml": f"<p:cmAuthorLst xmlns:p='urn:p'>{person}</p:cmAuthorLst>",
        **{f"ppt/media/{name}": data for name, data in media.items()},
    }
    types = {"ppt/presentation.xml": _CONTENT + "presentationml.presentation.main+xml"}
    types |= {f"ppt/media/{name}": "application/octet-stream" for name in media}
    links = {
        "": [("officeDocument", "ppt/presentation.xml")],
        "ppt/presentation.xml": [("slide", "slides/slide1.xml"), ("commentAuthors", "commentAuthors.xml")],
        "ppt/slides/slide1.xml": [("image", f"../media/{name}") for name in media] + [("image", f"http://example.org/{author}.png")],
    }
    return make_package(parts, types, links)


def everything_in(data):
    """The bytes of a file together with whatever is compressed in it: the parts of a zip, the streams of a PDF."""
    found = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for entry in package.infolist():
                found += [entry.filename.encode(), entry.comment, entry.extra, everything_in(package.read(entry))]
    if data.startswith(b"%PDF"):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pdf.save(out, qdf=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, static_id=True)
        found.append(out.getvalue())
    return b"\n".join(found)


def says(data, words):
    """Do these words stand anywhere in the file, in any of the encodings that file formats use?"""
    within = everything_in(data)
    return any(words.encode(encoding) in within for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
