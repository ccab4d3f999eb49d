"""Words to copy and a flyer, from a pilot as it stands now."""

from __future__ import annotations

import pypdfium2
import pytest

from cairn.apps.programs import commands as programs
from tests.integration.test_public_pages import client_of, text_of
from tests.pilots_world import Pilot, at

pytestmark = pytest.mark.django_db


def test_what_is_announced_follows_the_pilot_and_only_who_runs_it_announces():
    with at("2020-04-01 09:00"):
        pilot = Pilot()
        pilot.information  # noqa: B018 - three times are planned
        page = f"/pilots/{pilot.pilot.slug}/run/"
        client = client_of(pilot.coordinator)
        shown = text_of(client.get(f"{page}announce/"))
        assert "Announce it: 10 of 10 seats free" in shown
        assert "- Tuesday, April 7, 2020, 10:00" in shown or "April 7, 2020" in shown
        assert "September 1, 2020" in shown
        programs.change_seats(actor=pilot.coordinator, offering_id=pilot.pilot.pk, seats_min=8, seats_max=12)
        assert "12 of 12 seats free" in text_of(client.get(f"{page}announce/"))
        answer = client.get(f"{page}flyer.pdf")
        paper = pypdfium2.PdfDocument(answer.content)
        words = paper[0].get_textpage().get_text_bounded()
        assert (answer["Content-Type"], len(paper)) == ("application/pdf", 1)
        assert "12 of 12 seats free" in words
        assert f"/pilots/{pilot.pilot.slug}/" in words.replace("\r\n", "")
        stranger = client_of(pilot.person("Sam Stone"))
        assert {stranger.get(f"{page}{each}").status_code for each in ("announce/", "flyer.pdf")} == {404}
