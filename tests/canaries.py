"""Places where a name may hide, each with a name of its own, and work in which all of them are planted."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pikepdf
from PIL import Image

from cairn.apps.assessment.models import ScoreSheet
from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.communities import commands as communities
from cairn.apps.people import commands as people
from cairn.apps.people.models import Group
from cairn.apps.people.queries import actor_of, new_secret
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.queries import workspace
from cairn.apps.programs.models import Enrollment
from cairn.frame.actor import Actor
from cairn.kernel import clock
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests import files_world
from tests.learning_world import browser, upload
from tests.packs_world import pack_files, parts
from tests.world import SYSTEM, World

ABOUT = {  # what the records hold of a person
    "what one is called": "Zephyrine Quillfeather",
    "an e-mail address": "vossbrink",
    "the school": "Ninefold Hollow School",
    "the district": "Umberlake District",
    "the title of the post": "Warden Ostrava",
    "a group of colleagues": "Pellamore Circle",
    "the browser that sent it": "Yarrowgate",
    "an access token": "Dunmarsh laptop",
    "the title of a file": "Gloaming Fenwick",
    "the name of a file": "harrowgate-tansley",
    "the name of captions": "kestrelwood-ives",
    "the name of a community": "Jessamy Lorrimer",
    "an answer to a community": "Balthasar Netherby",
    "an idea shared in a community": "Cressida Oldacre",
    "a question to a coach": "Leopold Quarles",
    "a coach's note": "Marguerite Rookwood",
}
IN_FILES = {
    "EXIF of a photo": "Xanthippe Vale",
    "GPS of a photo": "Bramblecombe Quay",
    "XMP of a photo": "Isolde Marchbanks",
    "IPTC of a photo": "Thaddeus Wrenfield",
    "a comment in a photo": "Cordelia Ashdown",
    "the texts of a PNG": "Lysander Poole",
    "core properties of a Word file": "Octavia Blenkinsop",
    "application properties of a Word file": "Peregrine Stackpole",
    "own properties of a Word file": "Rosamund Thistlewood",
    "a comment in a Word file": "Sebastian Underhay",
    "a tracked change in a Word file": "Tabitha Vanterpool",
    "a picture in a Word file": "Ulysses Wadlow",
    "properties of a workbook": "Venetia Yelland",
    "properties of a PDF": "Wilhelmina Zouche",
    "XMP of a PDF": "Ambrose Birtwhistle",
    "a comment in a PDF": "Clementine Darrow",
    "a file attached to a PDF": "Dorothea Eversley",
    "user data of a film": "Ephraim Fothergill",
    "tags of a film": "Fenella Gathercole",
    "telemetry of a film": "Gideon Hathersage",
    "a note in captions": "Hermione Ingleby",
    "speakers of captions": "Ignatius Jellicoe",
}
PLACES = ABOUT | IN_FILES
# When it was begun, when the work was written and sent, and when it was handed in and read.
BEGUN, WRITTEN, READ = (
    datetime(2024, 1, 9, 15, tzinfo=UTC),
    datetime(2024, 2, 29, 13, 47, 53, tzinfo=UTC),
    datetime(2024, 4, 6, 12, tzinfo=UTC),
)
MOMENTS = (
    "2024-02-29",
    "2024:02:29",
    "20240229",
    "29 Feb 2024",
    "February 29",
    "Feb 29",
    "13:47",
    "7:47 a.m.",
    str(int(WRITTEN.timestamp())),
)


def named(place: str) -> str:
    return PLACES[place]


# --- Files, each with several of the names -------------------------------------------------------------------------------


def photo() -> bytes:
    exif = Image.Exif()
    exif[0x013B], exif[0x0132] = named("EXIF of a photo"), "2024:02:29 13:47:53"
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 34.0, 36.0), 28: b"ASCII\0\0\0" + named("GPS of a photo").encode(), 29: "2024:02:29"})
    out = io.BytesIO()
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{named("XMP of a photo")}</a></x:xmpmeta>'.encode()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG", exif=exif, xmp=xmp, comment=named("a comment in a photo").encode())
    by_line = named("IPTC of a photo").encode()
    data = b"\x1c\x02\x50" + struct.pack(">H", len(by_line)) + by_line
    block = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data + bytes(len(data) % 2)
    return out.getvalue()[:2] + b"\xff\xed" + struct.pack(">H", 2 + len(block)) + block + out.getvalue()[2:]


def word() -> bytes:
    """With properties of three kinds, a comment, a tracked change and a picture; when each part was packed stands in the zip."""
    picture = files_world.make_photo(author=named("a picture in a Word file"))
    plain = files_world.make_docx(author=named("a comment in a Word file"), photo=picture)
    role = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        parts_of = {name: old.read(name) for name in old.namelist()}
        change = parts_of["word/document.xml"]
        at = change.index(b"<w:ins ")
        was, own = named("a comment in a Word file").encode(), named("a tracked change in a Word file").encode()
        parts_of["word/document.xml"] = change[:at] + change[at:].replace(was, own)
        parts_of["docProps/core.xml"] = parts_of["docProps/core.xml"].replace(was, named("core properties of a Word file").encode())
        told = f"<Properties><Manager>{named('application properties of a Word file')}</Manager></Properties>"
        parts_of["docProps/app.xml"] = told.encode()
        parts_of["docProps/custom.xml"] = f"<Properties><who>{named('own properties of a Word file')}</who></Properties>".encode()
        links = parts_of["_rels/.rels"].decode()
        more = f'<Relationship Id="rId77" Type="{role}" Target="docProps/custom.xml"/></Relationships>'
        parts_of["_rels/.rels"] = links.replace("</Relationships>", more).encode()
        for name, data in parts_of.items():
            new.writestr(zipfile.ZipInfo(name, (2024, 2, 29, 13, 47, 52)), data)
    return out.getvalue()


def pdf() -> bytes:
    with pikepdf.open(io.BytesIO(files_world.make_pdf(2, author=named("a comment in a PDF")))) as document:
        with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:creator"] = [named("XMP of a PDF")]
        document.docinfo["/Author"] = pikepdf.String(named("properties of a PDF"))
        document.docinfo["/CreationDate"] = pikepdf.String("D:20240229134753Z")
        document.attachments[f"{named('a file attached to a PDF')}.txt"] = named("a file attached to a PDF").encode()
        out = io.BytesIO()
        document.save(out, static_id=True)
    return out.getvalue()


def film() -> bytes:
    return files_world.make_mp4(
        5, title=named("user data of a film"), artist=named("tags of a film"), telemetry=named("telemetry of a film").encode()
    )


def captions() -> bytes:
    speaker = named("speakers of captions")
    note = f"NOTE by {named('a note in captions')}\n\n"
    return f"WEBVTT {named('a note in captions')}\n\n{note}00:01.000 --> 00:02.000\n<v {speaker}>Good morning.</v>\n".encode()


def files() -> list[tuple[str, str, bytes]]:
    """Slot, kind of name, and bytes."""
    return [
        ("plan", "pdf", pdf()), ("plan", "docx", word()), ("plan", "jpg", photo()),
        ("plan", "png", files_world.make_picture("PNG", author=named("the texts of a PNG"))),
        ("plan", "xlsx", files_world.make_xlsx(author=named("properties of a workbook"))), ("recording", "mp4", film()),
    ]  # fmt: skip


# --- The work ------------------------------------------------------------------------------------------------------------


@dataclass
class Planted:
    """An attempt that is full of names, and who has to do with it; `own` is what its educator alone may know, once it is handed in."""

    world: World
    educator: Actor
    run: Enrollment
    readers: list[Actor]
    lead: Actor
    own: dict[str, str] = field(default_factory=dict)


def begun(world: World) -> Planted:
    world.microcredential = _with_room(world)
    district = world.organization(named("the district"))
    school = world.organization(named("the school"), kind="school", parent=district)
    educator, run = world.enrolled(_somebody(world, school))
    planted = Planted(world, educator, run, world.assessors(2), world.lead())
    planted.own |= {"the person": educator.person_id, "the enrollment": run.pk, "the school": school.pk, "the district": district.pk}
    return planted


def plant(world: World) -> Planted:
    """Written and sent long before it is handed in. To be called, as all that is then read, at READ."""
    with clock.at(BEGUN):
        planted = begun(world)
    with clock.at(WRITTEN):
        _send(world, planted.educator, planted.run)
        _talk(world, planted.educator, planted.run)
    portfolio.submit(actor=planted.educator, enrollment_id=planted.run.pk)
    drain()
    work = workspace(planted.educator, planted.run.pk)
    planted.own |= {"the attempt": work.submission.pk, **{f"file {number}": file.pk for number, file in enumerate(work.artifacts, 1)}}
    return planted


def split(planted: Planted) -> ScoreSheet:
    """Two readers differ, so that a lead reads it too: the lead's sheet."""
    first, second = planted.world.sheets(planted.run)
    planted.world.score(first)
    planted.world.score(second, {"1a": "developing"})
    return planted.world.sheets(planted.run, kind="lead")[0]


def _with_room(world: World) -> Microcredential:
    own = parts(["1a", "1b"], (3, 60))
    for slot in own[1]["artifacts"]:
        slot |= {"types": ["document", "spreadsheet", "image", "video"], "files": {"min": 0, "max": 9}, "minors_may_appear": True}
        slot.pop("max_pages", None)
    catalog.import_pack(actor=SYSTEM, files=pack_files(world.slug, change={"parts": own}))
    drain()
    return Microcredential.objects.get()


def _somebody(world: World, school):
    name, post = named("what one is called"), named("the title of the post")
    person = people.open_account(
        actor=SYSTEM,
        email=f"{named('an e-mail address')}@example.org",
        password="a long passphrase",
        name=name,
        time_zone="America/Chicago",
    )
    people.affiliate(actor=SYSTEM, person_id=person.pk, organization_id=school.pk, title=post, started_on=date(2020, 1, 1))
    group = people.form_group(actor=SYSTEM, organization_id=world.issuer.pk, name=named("a group of colleagues"), kind="plc")
    people.join_group(actor=SYSTEM, group_id=group.pk, person_id=person.pk, joined_on=date(2024, 1, 1))
    somebody = actor_of(person.pk)
    people.make_token(
        actor=somebody, name=named("an access token"), scopes=["profile:read"], expires_at=clock.now() + timedelta(days=90),
        secret=new_secret(somebody), shown_second_step=True,
    )  # fmt: skip
    return somebody


def _talk(world: World, educator: Actor, run: Enrollment) -> None:
    """What is said in the community of the group, and between the educator and a coach."""
    group, coach = Group.objects.get(name=named("a group of colleagues")), world.person(coach=world.issuer)
    people.join_group(actor=SYSTEM, group_id=group.pk, person_id=coach.person_id, joined_on=date(2024, 1, 1))
    community = communities.found_community(
        actor=SYSTEM, slug="colleagues", title=named("the name of a community"), group_id=group.pk, opens_at=BEGUN, closes_at=None
    )
    prompt = communities.schedule_prompt(
        actor=SYSTEM, community_id=community.pk, title="What worked?", text="", opens_on=BEGUN.date(), due_on=READ.date()
    )
    communities.answer(actor=educator, prompt_id=prompt.pk, text=named("an answer to a community"))
    communities.share(actor=educator, community_id=community.pk, text=named("an idea shared in a community"))
    told = {"enrollment_id": run.pk, "coach_id": coach.person_id, "asks": named("a question to a coach")}
    portfolio.open_draft(actor=educator, **told)
    answered = next(answer.prompt.key for part in workspace(educator, run.pk).parts for answer in part.answers if answer.words)
    portfolio.note(actor=coach, enrollment_id=run.pk, prompt=answered, text=named("a coach's note"))


def _send(world: World, educator, run) -> None:
    client = browser(educator)
    agent = {"user-agent": f"Mozilla/5.0 ({named('the browser that sent it')}) Firefox/140.0"}
    for slot, suffix, data in files():
        sent = {"file": upload(f"{named('the name of a file')}.{suffix}", data), "key": new_id()}
        assert client.post(f"/portfolio/{run.pk}/portfolio/{slot}/", sent, headers=agent).status_code == 302
    artifacts = workspace(educator, run.pk).artifacts
    assert len(artifacts) == len(files())
    for file in artifacts:
        portfolio.describe_artifact(
            actor=educator, enrollment_id=run.pk, artifact_id=file.pk, title=named("the title of a file"), people_shown="nobody"
        )
    vtt = {"language": "en", "captions": upload(f"{named('the name of captions')}.vtt", captions())}
    assert client.post(f"/portfolio/{run.pk}/file/{artifacts[-1].pk}/captions/", vtt, headers=agent).status_code == 302
    world.fill(educator, run)


def hidden(name: str) -> set[str]:
    """A name, in each of the forms in which a program may write it, in small letters."""
    encoded = base64.b64encode(name.encode()).decode().rstrip("=")
    return {each.lower() for each in (name, encoded, *(name.replace(" ", sign) for sign in ("%20", "+", "_", "-", "")))}
