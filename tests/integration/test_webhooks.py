"""Webhooks: what they are told, how it is signed, what becomes of calls that nobody takes; against a server of the tests' own."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cairn.apps.comms import commands, queries
from cairn.apps.comms.models import Call, Letter, Webhook
from cairn.apps.comms.queries import offered_kinds
from cairn.apps.ledger.models import Delivery, Fact
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cairn.kernel.ids import new_id
from cairn.pure.webhooks import headers
from cairn.site.worker import drain
from tests.architecture.source import ROOT
from tests.canaries import PLACES
from tests.integration.test_public_pages import client_of, text_of

pytestmark = pytest.mark.django_db
ENROLLED = "programs.enrolled"


class Receiver(ThreadingHTTPServer):
    """Takes every call, until it is told to answer otherwise."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.heard = 200, []
        self.url = f"http://127.0.0.1:{self.server_port}/cairn"


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_) -> None:
        """Nothing on the terminal."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.end_headers()


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    server = Receiver()
    settings.EGRESS_TRUSTED = frozenset({f"127.0.0.1:{server.server_port}"})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Office:
    def __init__(self, world, receiver):
        self.world, self.org, self.receiver = world, world.issuer, receiver
        self.admin = world.person("Ada Stone", organization_admin=self.org)
        self.root = f"/org/{self.org.slug}/webhooks/"

    def register(self, *kinds, url="", actor=None):
        return commands.register_webhook(actor=actor or self.admin, organization_id=self.org.pk, url=url or self.receiver.url,
                                         kinds=kinds or (ENROLLED,))  # fmt: skip

    def secret_of(self, page) -> bytes:
        return base64.b64decode(re.search(r'value="whsec_([^"]+)"', page.content.decode())[1])


@pytest.fixture
def office(world, receiver):
    return Office(world, receiver)


def vouched(headers, body, secret) -> bool:
    """As a receiver reads the specification, with nothing of ours."""
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    mark = base64.b64encode(hmac.digest(secret, signed, hashlib.sha256))
    return any(hmac.compare_digest(b"v1," + mark, each.encode()) for each in headers["webhook-signature"].split(" "))


def work(at=None, minutes=0):
    with clock.at((at or clock.now()) + timedelta(minutes=minutes)):
        drain()


# --- What is told --------------------------------------------------------------------------------------------------------


def test_a_call_tells_what_happened_signed_with_the_secret_that_was_shown_once(office):
    client = client_of(office.admin)
    page = client.post(office.root, {"url": office.receiver.url, "kinds": [ENROLLED], "key": new_id()})
    secret = office.secret_of(page)
    hook = Webhook.objects.get()
    _, run = office.world.enrolled()
    drain()
    ((headers, body),) = office.receiver.heard
    told = json.loads(body)
    fact = Fact.objects.get(kind=ENROLLED)
    assert told == {
        "type": ENROLLED, "timestamp": fact.at.isoformat(),
        "data": {"fact": fact.uid, "organization": office.org.pk, "type": "enrollment", "id": run.pk, "enrollment": run.pk},
    }  # fmt: skip
    assert headers["content-type"] == "application/json"
    assert vouched(headers, body, secret)
    assert not vouched(headers, body + b" ", secret)
    assert not vouched(headers | {"webhook-timestamp": "1"}, body, secret)
    assert not any(base64.b64encode(secret).decode() in client.get(address).content.decode()
                   for address in (office.root, f"{office.root}{hook.pk}/"))  # fmt: skip
    assert "Taken" in text_of(client.get(f"{office.root}{hook.pk}/"))


def test_calls_of_a_whole_journey_hold_no_word_about_anybody(office):
    office.register(*offered_kinds())
    office.world.earned(office.world.person(PLACES["what one is called"]))
    drain()
    said = b" ".join(body for _, body in office.receiver.heard).decode()
    kinds = [json.loads(body)["type"] for _, body in office.receiver.heard]
    journey = ("programs.enrolled", "portfolio.submitted", "assessment.decided", "programs.completed", "credentials.issued")
    assert sorted(kinds) == sorted(journey)
    assert not any(word in said for word in (*PLACES["what one is called"].split(), "example.org", "Reader", "earned", "Stone"))


def test_only_kinds_that_were_chosen_and_only_the_own_organization_are_told(world, office):
    office.register("credentials.issued")
    elsewhere = world.organization("Far Schools")
    far = world.person("Otto Stone", organization_admin=elsewhere)
    commands.register_webhook(actor=far, organization_id=elsewhere.pk, url=office.receiver.url, kinds=[ENROLLED])
    world.enrolled()
    drain()
    assert office.receiver.heard == []


def test_a_fact_is_told_once_to_each_webhook_however_often_the_worker_carries_it_out(office):
    office.register(), office.register()
    office.world.enrolled()
    drain()
    Delivery.objects.filter(consequence="webhooks").update(state="queued", attempts=0, run_after=clock.now())
    drain()
    assert len(office.receiver.heard) == 2
    assert len({headers["webhook-id"] for headers, _ in office.receiver.heard}) == 2


def test_a_signature_is_that_of_the_schemes_own_example():
    """Published with the libraries at https://www.standardwebhooks.com."""
    secret = base64.b64decode("plJ3nmyCDGBKInavdOK15jsl")
    made = headers([secret], call="msg_loFOjxBNrRLzqYUf", timestamp=1731705121, body=b'{"event_type":"ping","data":{"success":true}}')
    assert made["webhook-signature"] == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="


# --- What nobody takes ---------------------------------------------------------------------------------------------------


def test_a_call_that_is_not_taken_comes_again_under_the_same_id(office):
    office.register()
    office.receiver.status = 503
    office.world.enrolled()
    now = clock.now()
    work(now)
    office.receiver.status = 204
    work(now, minutes=6)
    first, second = office.receiver.heard[0], office.receiver.heard[-1]
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[1] == second[1]
    call = Call.objects.get()
    assert (call.state, call.status, call.reason) == ("delivered", 204, "")
    assert Webhook.objects.get().failing_since is None


def test_a_server_that_is_away_is_called_ever_more_rarely_and_then_given_up(office, settings):
    office.register()
    settings.EGRESS_TRUSTED = frozenset()
    Webhook.objects.update(url="https://nowhere.invalid/")
    office.world.enrolled()
    begin, tried = clock.now(), []
    for hours in (0, 0.2, 1, 4, 9, 20, 31, 42, 53, 64):
        work(begin, minutes=hours * 60)
        tried.append(Call.objects.get().tries)
    assert tried == sorted(tried)
    assert Call.objects.get().state == "queued"
    work(begin, minutes=80 * 60)
    assert Call.objects.get().state == "failed"
    assert Webhook.objects.get().state == "stopped"
    letter = Letter.objects.get(kind="comms.webhook_stopped")
    assert letter.person_id == office.admin.person_id
    assert "nowhere.invalid" in letter.text


def test_a_host_that_is_not_public_any_more_is_not_called(office, monkeypatch):
    """Its name was harmless when it was registered."""
    hook = office.register(url="https://hooks.example.org/")
    monkeypatch.setattr("cairn.frame.egress._ask_the_system", lambda host, port: ["127.0.0.1"])
    commands.try_webhook(actor=office.admin, webhook_id=hook.pk)
    drain()
    assert "does not lead to the open internet" in Call.objects.get().reason
    assert office.receiver.heard == []


def test_an_answer_that_says_gone_stops_the_webhook_at_once(office):
    office.register()
    office.receiver.status = 410
    office.world.enrolled()
    drain()
    assert (Webhook.objects.get().state, Call.objects.get().state) == ("stopped", "failed")


def test_a_redirect_is_no_taking(office):
    office.register()
    office.receiver.status = 302
    office.world.enrolled()
    drain()
    assert "status 302" in Call.objects.get().reason


def test_what_was_given_up_is_sent_again_by_hand_once_it_is_started(office):
    hook = office.register()
    office.receiver.status = 410
    office.world.enrolled()
    drain()
    client, call = client_of(office.admin), Call.objects.get()
    again = f"{office.root}{hook.pk}/calls/{call.pk}/"
    assert client.post(again, {"key": new_id()}).status_code == 409
    office.receiver.status = 200
    client.post(f"{office.root}{hook.pk}/start/", {"key": new_id()})
    client.post(again, {"key": new_id()})
    drain()
    call.refresh_from_db()
    assert call.state == "delivered"
    assert office.receiver.heard[0][0]["webhook-id"] == office.receiver.heard[1][0]["webhook-id"]


def test_nothing_more_is_told_to_what_was_removed(office):
    hook = office.register()
    office.receiver.status = 500
    office.world.enrolled()
    now = clock.now()
    work(now)
    commands.remove_webhook(actor=office.admin, webhook_id=hook.pk)
    office.receiver.status, heard = 200, len(office.receiver.heard)
    work(now, minutes=10)
    assert len(office.receiver.heard) == heard
    assert Call.objects.get().state == "failed"
    with pytest.raises(Conflict, match="removed"):
        commands.try_webhook(actor=office.admin, webhook_id=hook.pk)


# --- Secrets -------------------------------------------------------------------------------------------------------------


def test_for_a_day_both_secrets_vouch_and_then_the_new_one_alone(office):
    client = client_of(office.admin)
    old = office.secret_of(client.post(office.root, {"url": office.receiver.url, "kinds": [ENROLLED], "key": new_id()}))
    hook = Webhook.objects.get()
    new = office.secret_of(client.post(f"{office.root}{hook.pk}/renew/", {"key": new_id()}))
    assert old != new
    for hours, both in ((0, True), (23, True), (25, False)):
        with clock.at(clock.now() + timedelta(hours=hours)):
            commands.try_webhook(actor=office.admin, webhook_id=hook.pk)
            drain()
        headers, body = office.receiver.heard[-1]
        assert vouched(headers, body, new)
        assert vouched(headers, body, old) is both


def test_secrets_of_two_webhooks_differ_and_none_lies_in_the_database(office):
    client = client_of(office.admin)
    secrets = {office.secret_of(client.post(office.root, {"url": office.receiver.url, "kinds": [ENROLLED], "key": new_id()})) for _ in "12"}
    assert len(secrets) == 2
    rows = str(list(Webhook.objects.values()))
    assert not any(base64.b64encode(secret).decode() in rows or secret.hex() in rows for secret in secrets)


# --- Who may, and what is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["http://hooks.example.org/", "https://127.0.0.1/", "https://localhost/", "https://u:p@hooks.example.org/",
                                 "https://hooks.example.org:8443/", "javascript:alert(1)", "https://[::1]/", "nothing"])  # fmt: skip
def test_an_address_that_could_not_be_called_is_refused_and_comes_back(office, url):
    answer = client_of(office.admin).post(office.root, {"url": url, "kinds": [ENROLLED], "key": new_id()})
    assert answer.status_code == 422
    assert "cannot be called" in text_of(answer)
    assert not Webhook.objects.exists()


def test_a_kind_that_is_not_offered_is_refused(office):
    for kinds in ([], ["assessment.scored"], ["people.person_begun"], ["comms.posted"]):
        with pytest.raises(Invalid):
            commands.register_webhook(actor=office.admin, organization_id=office.org.pk, url=office.receiver.url, kinds=kinds)


def test_there_is_an_end_to_webhooks(office):
    for _ in range(10):
        office.register()
    with pytest.raises(Conflict, match="at most 10"):
        office.register()


def test_registering_again_with_the_same_key_makes_one(office):
    actor = office.admin.with_key(new_id())
    assert office.register(actor=actor).pk == office.register(actor=actor).pk
    assert Webhook.objects.count() == 1


def test_a_webhook_is_given_another_address_and_other_kinds_and_keeps_its_secret(office):
    hook = office.register()
    secret, key = queries.secret(hook), office.admin.with_key("a click")
    told = {"webhook_id": hook.pk, "url": f"{office.receiver.url}/new", "kinds": ["programs.withdrawn"], "is_paused": False}
    for _ in range(2):
        commands.change_webhook(actor=key, **told)
    hook.refresh_from_db()
    assert (hook.url, hook.kinds, hook.state) == (told["url"], told["kinds"], "on")
    assert queries.secret(hook) == secret
    assert Fact.objects.filter(kind="comms.webhook_changed").count() == 1
    with pytest.raises(NotFound):
        commands.change_webhook(actor=office.world.person("Sam Stranger"), **told)
    with pytest.raises(Invalid):
        commands.change_webhook(actor=office.admin, **{**told, "kinds": ["no.kind"]})
    commands.remove_webhook(actor=office.admin, webhook_id=hook.pk)
    with pytest.raises(Conflict):
        commands.change_webhook(actor=office.admin, **told)


def test_nothing_is_told_while_a_webhook_pauses(office):
    hook, client = office.register(), client_of(office.admin)
    page = f"{office.root}{hook.pk}/change/"
    typed = {"url": hook.url, "kinds": [ENROLLED], "is_paused": "on", "key": new_id()}
    wrong = client.post(page, typed | {"url": "http://inside", "key": new_id()})
    assert wrong.status_code == 422
    assert 'value="http://inside"' in wrong.content.decode()
    assert client.post(page, typed).status_code == 302
    assert "is paused" in text_of(client.get(f"{office.root}{hook.pk}/"))
    office.world.enrolled()
    drain()
    assert office.receiver.heard == []
    client.post(f"{office.root}{hook.pk}/start/", {"key": new_id()})
    office.world.enrolled(office.world.person("Omar Stone"))
    drain()
    assert len(office.receiver.heard) == 1


def test_strangers_find_no_webhooks(world, office):
    hook = office.register()
    far = world.person("Otto Stone", organization_admin=world.organization("Far Schools"))
    for stranger in (world.person("Sam Stone"), far, world.person("Cleo Stone", coordinator=office.org)):
        client = client_of(stranger)
        for page in (office.root, f"{office.root}{hook.pk}/", f"{office.root}{hook.pk}/change/", f"{office.root}{hook.pk}/remove/"):
            assert client.get(page).status_code == 404
        for act in ("try", "renew", "start", "remove"):
            assert client.post(f"{office.root}{hook.pk}/{act}/", {"key": new_id()}).status_code == 404
        with pytest.raises(NotFound):
            commands.renew_secret(actor=stranger, webhook_id=hook.pk)
        with pytest.raises(Forbidden):
            office.register(actor=stranger)
    with pytest.raises(Forbidden):
        office.register(actor=VISITOR)
    assert Webhook.objects.count() == 1


def test_an_admin_of_two_organizations_reaches_each_webhook_by_its_own(world, office):
    hook = office.register()
    other = world.organization("Far Schools")
    world.grant(office.admin.person_id, "organization admin", other)
    assert client_of(office.admin).get(f"/org/{other.slug}/webhooks/{hook.pk}/").status_code == 404


def test_calls_are_forgotten_after_a_month(office):
    hook = office.register()
    commands.try_webhook(actor=office.admin, webhook_id=hook.pk)
    drain()
    with clock.at(clock.now() + timedelta(days=29)):
        commands.forget_calls(actor=office.admin)
    assert Call.objects.count() == 1
    with clock.at(clock.now() + timedelta(days=31)):
        commands.forget_calls(actor=office.admin)
    assert Call.objects.count() == 0


# --- The page for whoever writes the other side ----------------------------------------------------------------------------

PAGE = ROOT / "docs" / "howto" / "webhooks.md"


def test_the_receiver_of_the_documentation_takes_what_is_sent_and_nothing_else(office):
    written = re.search(r"^```python\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)[1]
    known: dict = {}
    exec(compile(written, str(PAGE), "exec"), known)
    client = client_of(office.admin)
    page = client.post(office.root, {"url": office.receiver.url, "kinds": [ENROLLED], "key": new_id()})
    secret = f"whsec_{base64.b64encode(office.secret_of(page)).decode()}"
    office.world.enrolled()
    drain()
    headers, body = office.receiver.heard[0]
    assert known["verified"](secret, headers, body)["type"] == ENROLLED
    for wrong in (headers | {"webhook-timestamp": "1700000000"}, headers | {"webhook-id": "x"}, headers | {"webhook-signature": "v1,AAAA"}):
        with pytest.raises(ValueError, match="not from Cairn|too old"):
            known["verified"](secret, wrong, body)
    with contextlib.suppress(ValueError):
        known["verified"](secret, headers, body.replace(b"enrolled", b"issued!"))
        pytest.fail("another body was taken")


def test_the_documentation_lists_every_kind_that_is_offered():
    listed = re.findall(r"^\| `([a-z_.]+)` \|", PAGE.read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(offered_kinds())
