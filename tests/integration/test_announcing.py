"""Naming earners: private unless they say so, for one credential or all, and taken back at any time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cairn.apps.credentials import commands, queries
from cairn.apps.credentials.models import AnnouncingConsent, Credential
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, NotFound
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.integration.test_merging import merge
from tests.integration.test_public_pages import client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def earned(world):
    """Dana has earned something; Ada is an admin of its issuer."""
    dana, _ = world.earned(world.person("Dana Whitfield"))
    drain()
    return dana, Credential.objects.get(person_id=dana.person_id), world.person("Ada Reyes", organization_admin=world.issuer)


def named(admin, credential, **told):
    return [each.name for each in queries.announced_by(admin, credential.issuer_id, **told)]


def test_nobody_is_announced_before_they_say_so_and_withdrawing_takes_them_off(earned):
    dana, credential, admin = earned
    assert named(admin, credential) == []
    for told in ({"everything": True}, {"everything": False, "credential_ids": [credential.pk]}):
        commands.let_announce(actor=dana, **told)
        assert named(admin, credential) == ["Dana Whitfield"]
        commands.let_announce(actor=dana, everything=False)
        assert named(admin, credential) == []
    assert AnnouncingConsent.objects.exclude(withdrawn_at=None).count() == 2


def test_saying_the_same_again_changes_nothing_and_a_replay_neither(earned):
    dana = earned[0]
    keyed = dana.with_key(new_id())
    for actor in (keyed, keyed, dana):
        commands.let_announce(actor=actor, everything=True)
    assert AnnouncingConsent.objects.count() == 1


def test_nobody_lets_what_another_earned_be_announced(earned, world):
    dana, credential, admin = earned
    stranger = world.person("Sam Stranger")
    with pytest.raises(NotFound):
        commands.let_announce(actor=stranger, everything=False, credential_ids=[credential.pk])
    commands.let_announce(actor=stranger, everything=True)
    assert named(admin, credential) == []
    with pytest.raises(Forbidden):
        commands.let_announce(actor=VISITOR, everything=True)
    with pytest.raises(NotFound):
        named(dana, credential)


def test_a_revoked_credential_is_announced_no_more(earned):
    dana, credential, admin = earned
    commands.let_announce(actor=dana, everything=True)
    commands.revoke(actor=admin, credential_id=credential.pk, reason="Entered twice.")
    assert named(admin, credential) == []


def test_the_list_begins_on_a_day_and_words_name_each_earner_once(earned):
    dana, credential, admin = earned
    commands.let_announce(actor=dana, everything=True)
    assert named(admin, credential, since=clock.now().date() + timedelta(days=2)) == []
    day = credential.awarded_at.date()
    lines = [queries.Announced(name, title, day, "") for title, name in (("A", "Ann"), ("A", "Ann"), ("A", "Bo"), ("A", "Cy"), ("B", "Bo"))]
    told = "Ann, Bo and Cy earned the micro-credential “A” of Us.\n\nBo earned the micro-credential “B” of Us."
    assert queries.announcement("Us", lines) == told


def test_when_two_accounts_are_one_the_consent_follows_once(earned, world):
    dana, credential, admin = earned
    other = world.person("Dana Whitfield")
    for actor in (dana, other):
        commands.let_announce(actor=actor, everything=True)
    merge(dana, other)
    assert named(admin, credential) == ["Dana Whitfield"]
    commands.let_announce(actor=dana, everything=False)
    assert named(admin, credential) == []


def test_the_educators_switch_and_the_admins_page_and_file(earned, world):
    dana, credential, admin = earned
    own, desk, page = client_of(dana), client_of(admin), f"/org/{world.issuer.slug}/credentials/announced/"
    assert "/portfolio/announcing/" in own.get("/portfolio/").content.decode()
    assert "No issuer names you" in text_of(own.get("/portfolio/announcing/"))
    assert "Nobody to announce" in text_of(desk.get(page))
    assert own.post("/portfolio/announcing/", {"credentials": "nothing"}).status_code == 422
    assert own.post("/portfolio/announcing/", {"credentials": credential.pk}).status_code == 302
    told = text_of(desk.get(page))
    assert "Dana Whitfield earned the micro-credential" in told
    file = desk.get(f"/org/{world.issuer.slug}/credentials/announced.csv").content.decode()
    assert f"/credentials/{credential.pk}/" in file
    assert "Dana Whitfield" not in text_of(desk.get(page, {"since": "2999-01-01"}))
    assert own.get(page).status_code == 404
