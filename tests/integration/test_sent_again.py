"""A form that is sent again because no answer came: whoever sends it is told that it is done, and not that there is no such thing."""

from __future__ import annotations

from datetime import date

import pytest

from cairn.apps.assessment import commands as assessment
from cairn.apps.comms import commands as comms
from cairn.apps.comms.models import Webhook
from cairn.apps.reports.queries import integrity
from cairn.kernel.ids import new_id
from tests.scoring_world import signed_in
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def removing(world):
    """An admin at the form that removes a webhook: where it leads, and the client."""
    admin = world.person("Ada Stone", organization_admin=world.issuer)
    hook = comms.register_webhook(
        actor=SYSTEM, organization_id=world.issuer.pk, url="https://hooks.example.org/", kinds=["credentials.issued"]
    )
    return signed_in(admin), f"/org/{world.issuer.slug}/webhooks/{hook.pk}/remove/"


def test_what_is_gone_because_of_the_first_sending_is_said_to_be_done(removing):
    client, address = removing
    key = new_id()
    client.post(address, {"key": key})
    again = client.post(address, {"key": key}, follow=True)
    assert (again.status_code, again.redirect_chain[0][0]) == (200, "/home/")
    assert "Nothing was done twice" in again.content.decode()
    assert Webhook.objects.filter(state="removed").count() <= 1


def test_under_another_key_what_is_gone_is_not_found(removing):
    client, address = removing
    client.post(address, {"key": new_id()})
    assert client.post(address, {"key": new_id()}).status_code == 404


def test_another_persons_key_says_nothing(removing, world):
    client, address = removing
    key = new_id()
    client.post(address, {"key": key})
    assert signed_in(world.person("Sam Stranger")).post(address, {"key": key}).status_code == 404


def test_a_command_that_took_its_own_subject_away_may_be_sent_again(world):
    admin, day = world.person("Ada Stone", organization_admin=world.issuer), date(2030, 1, 2)
    assessment.close_day(actor=admin, organization_id=world.issuer.pk, day=day, title="Founders’ day")
    keyed = admin.with_key(new_id())
    for _ in range(2):
        assessment.open_day(actor=keyed, organization_id=world.issuer.pk, day=day)
    assert [sentence for finding in integrity(SYSTEM) for sentence in finding.failures] == [], "a day that was opened again is no fault"
