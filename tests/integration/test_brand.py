"""An organization's name, colors, logo and legal words on its own pages, and on nobody else's."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cairn.apps.ledger.models import Fact
from cairn.apps.people import commands, outward, queries
from cairn.apps.people.models import Brand
from cairn.frame.actor import VISITOR
from cairn.kernel.errors import Forbidden, Invalid
from cairn.kernel.ids import new_id
from tests.integration.test_public_pages import client_of, text_of

pytestmark = pytest.mark.django_db
TOLD = {"display_name": "River Bend", "tagline": "Skills for rivers", "color": "#0b4f8a", "color_dark": "", "notice": "We treat all alike."}


def visit(path):
    return Client(headers={"host": "localhost"}).get(path)


@pytest.fixture
def org(world):
    return world.issuer


@pytest.fixture
def admin(world, org):
    return world.person("Ada Admin", organization_admin=org)


def choose(admin, org, **more):
    return commands.set_brand(actor=admin, organization_id=org.pk, **{**TOLD, **more})


def png(width=300, height=90, color=(200, 30, 40)):
    out = io.BytesIO()
    Image.new("RGB", (width, height), color).save(out, "PNG")
    return out.getvalue()


def test_an_organizations_pages_wear_its_name_color_and_notice_and_others_do_not(world, admin, org):
    choose(admin, org)
    shown = visit(f"/org/{org.slug}/")
    assert "River Bend" in text_of(shown)
    assert "Skills for rivers" in text_of(shown)
    assert "We treat all alike." in shown.content.decode()
    assert '<link rel="stylesheet" href="/colors/0b4f8a-' in shown.content.decode()
    assert "/colors/" in visit(f"/programs/{world.program.slug}/").content.decode()
    for path in ("/", "/catalog/", f"/org/{world.organization('Marlow').slug}/"):
        told = visit(path).content.decode()
        assert "/colors/" not in told
        assert "We treat all alike." not in told


def test_the_style_sheet_sets_the_five_colors_for_light_and_dark_and_is_kept_for_good(admin, org):
    look = queries.look_of(choose(admin, org))
    answer = visit(f"/colors/{look.mark}.css")
    text = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert ":root{--primary:#0b4f8a;" in text
    assert f"--primary:{look.dark.primary};" in text
    for name in ("primary", "primary-strong", "on-primary", "wash", "deep"):
        assert text.count(f"--{name}:") == 3
    assert "--amber" not in text
    for never in ("ffffff-ffffff", "0b4f8a", "nonsense-css", "0b4f8a-0b4f8a"):
        assert visit(f"/colors/{never}.css").status_code == 404


@pytest.mark.parametrize(
    ("field", "color", "nearest"),
    [("color", "#ffd700", "#7c6800"), ("color", "f80", ""), ("color_dark", "#003366", "#7893ae")],
)
def test_a_color_that_is_hard_to_read_is_refused_with_the_nearest_that_can_be_read(admin, org, field, color, nearest):
    with pytest.raises(Invalid) as refusal:
        choose(admin, org, **{field: color})
    assert refusal.value.code == "contrast-too-low"
    assert "4.5 is needed" in refusal.value.message
    assert nearest in refusal.value.fields[field]
    suggested = refusal.value.remedy.rsplit(" ", 1)[1].strip(".")
    assert getattr(choose(admin, org, **{field: suggested}), field) == suggested


def test_what_cannot_be_kept_comes_back_filled_beside_its_field(admin, org):
    client, path = client_of(admin), f"/org/{org.slug}/brand/"
    response = client.post(path, {**TOLD, "color": "#ffd700", "key": new_id()})
    assert response.status_code == 422
    assert "The nearest color that can be read is #7c6800." in text_of(response)
    assert 'value="#ffd700"' in response.content.decode()
    assert "Skills for rivers" in response.content.decode()
    for told, words in (
        ({"color": "green"}, "“green” is not a color."),
        ({"color": "", "color_dark": "#93ccb3"}, "Choose a color for light"),
    ):
        response = client.post(path, {**TOLD, **told})
        assert response.status_code == 422
        assert words in text_of(response)
    assert not Brand.objects.exists()


def test_a_preview_shows_the_colors_and_keeps_nothing(admin, org):
    response = client_of(admin).post(f"/org/{org.slug}/brand/", {**TOLD, "act": "preview"})
    assert response.status_code == 200
    assert "This is how your pages would look" in text_of(response)
    assert '<link rel="stylesheet" href="/colors/0b4f8a-' in response.content.decode()
    assert not Brand.objects.exists()
    assert not Fact.objects.filter(kind="people.brand_set").exists()


def test_saving_leads_back_to_the_page_that_wears_it(admin, org):
    client, path = client_of(admin), f"/org/{org.slug}/brand/"
    assert "Your pages wear the site’s own colors" in text_of(client.get(path))
    assert client.post(path, {**TOLD, "key": new_id()}).headers["Location"] == path
    assert "Your pages wear your colors" in text_of(client.get(path))


def test_strangers_choose_nothing(world, org):
    stranger = world.person("Sam Stranger")
    elsewhere = world.person("Eve Elsewhere", organization_admin=world.organization())
    for actor in (stranger, elsewhere, VISITOR):
        with pytest.raises(Forbidden):
            choose(actor, org)
        with pytest.raises(Forbidden):
            outward.keep_logo(actor, org.pk, io.BytesIO(png()), size=9, alt="")
        with pytest.raises(Forbidden):
            commands.remove_logo(actor=actor, organization_id=org.pk)
    assert client_of(elsewhere).get(f"/org/{org.slug}/brand/").status_code == 404


def test_the_same_choice_again_or_with_a_used_key_is_recorded_once(admin, org):
    keyed = admin.with_key(new_id())
    assert choose(keyed, org).pk == choose(keyed, org).pk == choose(admin, org).pk
    assert Fact.objects.filter(kind="people.brand_set").count() == 1


# --- The logo -------------------------------------------------------------------------------------------------------------


def send(admin, org, data, name="logo.png", alt="A red river"):
    told = {"logo": SimpleUploadedFile(name, data), "logo_alt": alt, "key": new_id()}
    return client_of(admin).post(f"/org/{org.slug}/brand/logo/", told)


def test_a_logo_is_drawn_anew_served_safely_and_shown_with_its_words(admin, org):
    assert send(admin, org, png() + b"<script>alert(1)</script>").status_code == 302
    look = queries.look(VISITOR, org)
    answer = visit(f"/org/{org.slug}/logo/{look.logo_mark}")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"script" not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (300, 90)
    assert 'alt="A red river"' in visit(f"/org/{org.slug}/").content.decode()
    client_of(admin).post(f"/org/{org.slug}/brand/logo/remove/", {"key": new_id()})
    assert visit(f"/org/{org.slug}/logo/{look.logo_mark}").status_code == 404


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "logo.svg"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "logo.gif"),
        (b"%PDF-1.4\n", "logo.png"),
        (png()[:60], "logo.png"),
        (b"x" * 1_000_001, "logo.png"),
    ],
    ids=["svg", "gif", "pdf", "half", "large"],
)
def test_what_is_no_picture_or_may_act_is_no_logo(admin, org, data, name):
    response = send(admin, org, data, name)
    assert response.status_code == 422
    assert "The logo was not taken" in text_of(response)
    assert not Brand.objects.exclude(logo=None).exists()
