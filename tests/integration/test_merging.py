"""Two persons who are one: proven from both sides, refused where scoring would suffer, and nothing lost on the way."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import DatabaseError, connection, connections, models, transaction

from cairn.apps.assessment.models import Case, Decision, SavedComment, ScoreSheet
from cairn.apps.comms.models import Letter
from cairn.apps.credentials.models import Credential
from cairn.apps.credentials.queries import verify
from cairn.apps.ledger.models import Fact
from cairn.apps.people import commands as people
from cairn.apps.people.models import Affiliation, ApiToken, GroupMember, Merging, Person, RoleGrant, Session
from cairn.apps.people.queries import actor_of, merging_link, person_by_email, through_their_eyes
from cairn.apps.portfolio.models import Artifact, FileOpening
from cairn.apps.programs import commands as programs
from cairn.apps.programs.models import Enrollment
from cairn.apps.reports.queries import integrity
from cairn.frame.actor import VISITOR, Actor
from cairn.kernel import clock
from cairn.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.files_world import make_pdf
from tests.integration.test_public_pages import client_of, text_of
from tests.integration.test_sign_in import PASSWORD, another, is_in, link_in, member, sign_in
from tests.integration.test_uploads_resumed import Sender
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db
ASK = "/account/other/"


@pytest.fixture(autouse=True)
def fresh(db):
    cache.clear()


def confirm(actor: Actor) -> str:
    """The person's address, confirmed, as those who sign up have it."""
    person = Person.objects.select_related("account").get(pk=actor.person_id)
    EmailAddress.objects.get_or_create(user=person.account, email=person.email, defaults={"verified": True, "primary": True})
    return person.email


def asked(kept: Actor, gone: Actor) -> str:
    """The link of the letter that the other gets."""
    merging = people.ask_merging(actor=kept, address=confirm(gone))
    drain()
    return merging_link(merging)


def both_say_yes(kept: Actor, gone: Actor, link: str) -> Person:
    people.agree_merging(actor=gone, link=link)
    return people.merge(actor=kept, link=link)


def merge(kept: Actor, gone: Actor) -> Actor:
    confirm(kept)
    both_say_yes(kept, gone, asked(kept, gone))
    drain()
    return actor_of(kept.person_id)


def keys_to_persons():
    """Every key of every table that points at a person, found without help of the product."""
    from django.apps import apps

    return [
        field for model in apps.get_models() for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Person and not field.auto_created
    ]  # fmt: skip


def pointing_at(actor: Actor) -> dict[str, int]:
    found = {str(key): key.model._base_manager.filter(**{key.name: actor.person_id}).count() for key in keys_to_persons()}
    return {key: count for key, count in found.items() if count}


# --- The whole way over HTTP ------------------------------------------------------------------------------------------------


@pytest.fixture
def dana():
    client = another()
    member(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def lee():
    member(another(), "lee@example.org")
    client = another()
    sign_in(client, "lee@example.org")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def finish(client, address="dana@example.org"):
    """What whoever asked does once the other has said yes."""
    drain()
    return client.post(link_in(Letter.objects.get(kind="people.merging_agreed", address=address)), {"answer": "yes"}, follow=True)


def question(client, address="lee@example.org"):
    client.post(ASK, {"email": address})
    drain()
    return link_in(Letter.objects.get(kind="people.merging_asked", address=address))


def test_from_the_question_to_one_account_that_both_addresses_open(dana, lee):
    link = question(dana)
    assert "Are you Dana Whitfield too?" in text_of(lee.get(link))
    assert "You said yes." in text_of(lee.post(link, {"answer": "yes"}, follow=True))
    assert is_in(lee)
    assert "You said yes" in text_of(lee.get(link))
    assert not Person.objects.exclude(merged_into=None).exists()
    assert "Is Dana Whitfield you too?" in text_of(dana.get(link))
    assert "The two are one now." in text_of(finish(dana))
    assert not is_in(lee)
    drain()
    told = Letter.objects.filter(kind="people.persons_merged")
    assert {(each.address, each.subject) for each in told} == {
        (f"{who}@example.org", "Your two accounts are one now") for who in ("dana", "lee")
    }
    cache.clear()
    for email in ("dana@example.org", "lee@example.org"):
        again = another()
        assert sign_in(again, email).headers["Location"] == "/home/"
        assert "You are Dana Whitfield." in text_of(again.get("/account/"))
    addresses = text_of(dana.get("/account/email/"))
    assert "lee@example.org" in addresses
    dana.post("/account/email/", {"action_primary": "", "email": "lee@example.org"})
    assert Person.objects.get(account__is_active=True).email == "lee@example.org"


def test_nothing_of_the_closed_account_opens_anything(dana, lee):
    account = Person.objects.get(email="lee@example.org").account
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    other_browser = another()
    lee.post(question(dana), {"answer": "yes"})
    finish(dana)
    account.refresh_from_db()
    assert (account.is_active, account.has_usable_password()) == (False, False)
    assert not Authenticator.objects.exists()
    assert not Session.objects.filter(account=account).exists()
    assert not is_in(other_browser)
    assert person_by_email(SYSTEM, "lee@example.org").email == "dana@example.org"


def test_whoever_says_no_changes_nothing(dana, lee):
    link = question(dana)
    lee.post(link, {"answer": "no"})
    assert is_in(lee)
    assert Merging.objects.get().outcome == "declined"
    assert lee.post(link, {"answer": "yes"}).status_code == 409
    assert Person.objects.exclude(merged_into=None).count() == 0


def test_a_strangers_yes_opens_nothing_and_whoever_asked_reads_who_that_is(world, dana):
    """An address mistyped, whose owner has an account here and means no good."""
    stranger = world.person("Mallory Stone")
    link = question(dana, confirm(stranger))
    theirs = client_of(stranger)
    theirs.post("/account/reauthenticate/", {"password": PASSWORD})
    theirs.post(link, {"answer": "yes"})
    assert person_by_email(SYSTEM, confirm(stranger)).pk == stranger.person_id
    drain()
    letter = Letter.objects.get(kind="people.merging_agreed")
    assert (letter.address, letter.subject) == ("dana@example.org", "Mallory Stone says yes: make your two accounts one")
    assert "Is Mallory Stone you too?" in text_of(dana.get(link))
    dana.post(link, {"answer": "no"})
    assert Merging.objects.get().outcome == "declined"
    assert dana.post(link, {"answer": "yes"}).status_code == 403


def test_an_address_that_nobody_has_gets_the_same_answer_and_no_letter(dana, lee):
    dana.get("/account/")
    pages = [text_of(dana.post(ASK, {"email": f"{who}@example.org"}, follow=True)) for who in ("lee", "nobody")]
    told = [page.partition("How you appear")[0] for page in pages]
    assert told[0] == told[1]
    drain()
    assert set(Letter.objects.filter(kind="people.merging_asked").values_list("address", flat=True)) == {
        "lee@example.org",
        "dana@example.org",
    }
    assert Letter.objects.filter(kind="people.merging_asked", address="dana@example.org").count() == 2


@pytest.mark.long
def test_the_question_is_the_same_to_whoever_asked_whether_somebody_is_there_or_not(dana, lee):
    letters = []
    for who in ("lee", "nobody"):
        dana.post(ASK, {"email": f"{who}@example.org"})
        drain()
        newest = Letter.objects.filter(kind="people.merging_asked", address="dana@example.org").order_by("-created_at").first()
        letters.append(newest.text.replace("nobody@", "lee@"))
    assert letters[0] == letters[1]


def test_whoever_asked_cannot_answer_and_a_third_finds_nothing(dana, lee):
    link = question(dana)
    assert "Only whoever signs in with lee@example.org can say yes" in text_of(dana.get(link))
    assert dana.post(link, {"answer": "yes"}).status_code == 403
    member(third := another(), "third@example.org")
    third.post("/account/reauthenticate/", {"password": PASSWORD})
    assert third.get(link).status_code == 404
    assert third.post(link, {"answer": "yes"}).status_code == 404
    assert another().get(link).headers["Location"].startswith("/account/login/")


@pytest.mark.long
@pytest.mark.parametrize("link", ["x", "x:y:z", "Im51bGwi:1abc:AAAA", "0" * 20])
def test_a_link_that_no_letter_holds_leads_nowhere(dana, link):
    assert dana.get(f"{ASK}{link}/").status_code == 404
    assert dana.post(f"{ASK}{link}/", {"answer": "yes"}).status_code == 404


@pytest.mark.long
def test_long_after_signing_in_the_password_is_asked_for_first(lee):
    session = lee.session
    session["account_authentication_methods"] = []
    session.save()
    assert lee.get(ASK).headers["Location"].startswith("/account/reauthenticate/")


# --- Who may ask and answer -------------------------------------------------------------------------------------------------


@pytest.fixture
def two(world):
    kept, gone = world.person("Kept Stone"), world.person("Gone Stone")
    confirm(kept)
    return kept, gone


def test_an_address_alone_never_makes_two_one(world, two):
    """Not one that is unconfirmed, nor one that a roster spells the same way."""
    kept, gone = two
    EmailAddress.objects.create(user=Person.objects.get(pk=kept.person_id).account, email="unconfirmed@example.org", verified=False)
    EmailAddress.objects.create(user=Person.objects.get(pk=gone.person_id).account, email="elsewhere@example.org", verified=False)
    Person.objects.filter(pk=gone.person_id).update(email="spelled@example.org")
    for address in ("unconfirmed@example.org", "elsewhere@example.org", "spelled@example.org"):
        assert people.ask_merging(actor=kept, address=address).gone is None
    assert Person.objects.exclude(merged_into=None).count() == 0


def test_somebody_without_an_account_is_claimed_through_the_letter_to_their_address(world, two):
    kept, _ = two
    roster = people.begin_person(actor=SYSTEM, name="Kept S.", email="kept@school.example")
    people.affiliate(actor=SYSTEM, person_id=roster.pk, organization_id=world.organization().pk, title="", started_on=date(2024, 1, 1))
    link = merging_link(people.ask_merging(actor=kept, address="kept@school.example"))
    people.merge(actor=kept, link=link)
    assert Affiliation.objects.get().person_id == kept.person_id
    assert EmailAddress.objects.filter(user__person=kept.person_id, email="kept@school.example", verified=True).exists()


def test_one_is_claimed_through_ones_own_address_where_a_roster_has_it_too(two):
    kept, _ = two
    roster = people.begin_person(actor=SYSTEM, name="Kept S.", email=confirm(kept))
    people.merge(actor=kept, link=merging_link(people.ask_merging(actor=kept, address=confirm(kept))))
    assert Person.objects.get(pk=roster.pk).merged_into_id == kept.person_id


def test_an_address_that_a_third_has_confirmed_since_claims_nobody(world, two):
    kept, _ = two
    people.begin_person(actor=SYSTEM, name="Kept S.", email="kept@school.example")
    link = merging_link(people.ask_merging(actor=kept, address="kept@school.example"))
    third = Person.objects.get(pk=world.person("Third Stone").person_id)
    EmailAddress.objects.create(user=third.account, email="kept@school.example", verified=True)
    with pytest.raises(Conflict, match="opens a third account by now"):
        people.merge(actor=kept, link=link)
    assert not Person.objects.exclude(merged_into=None).exists()


def test_what_was_added_there_and_never_confirmed_stands_in_nobodys_way(two):
    """Somebody with two accounts tries that first."""
    kept, gone = two
    EmailAddress.objects.create(user=Person.objects.get(pk=kept.person_id).account, email=confirm(gone), verified=False)
    theirs = confirm(gone)
    merge(kept, gone)
    assert EmailAddress.objects.get(email=theirs).user.person.pk == kept.person_id
    assert EmailAddress.objects.get(email=theirs).verified


@pytest.mark.long
def test_two_on_a_roster_with_one_address_are_nobody_in_particular(two):
    for name in ("One", "Two"):
        people.begin_person(actor=SYSTEM, name=name, email="office@school.example")
    assert people.ask_merging(actor=two[0], address="office@school.example").gone is None


def test_a_letter_is_good_for_two_days_and_for_one_answer(two):
    kept, gone = two
    link = asked(kept, gone)
    with clock.at(clock.now() + timedelta(hours=49)), pytest.raises(Conflict, match="too old"):
        people.agree_merging(actor=gone, link=link)
    newer = asked(kept, gone)
    with pytest.raises(Conflict, match="has been answered"):
        people.agree_merging(actor=gone, link=link)
    people.agree_merging(actor=gone, link=newer)
    with clock.at(clock.now() + timedelta(hours=49)), pytest.raises(Conflict, match="too old"):
        people.merge(actor=kept, link=newer)
    people.merge(actor=kept, link=newer)
    with pytest.raises(Conflict, match="has been answered"):
        people.merge(actor=kept, link=newer)


def test_ones_own_address_and_a_sixth_question_of_a_day_are_refused(two):
    kept, _ = two
    with pytest.raises(Invalid, match="yours already"):
        people.ask_merging(actor=kept, address=confirm(kept))
    for n in range(5):
        people.ask_merging(actor=kept, address=f"{n}@example.org")
    with pytest.raises(Conflict, match="5 times today"):
        people.ask_merging(actor=kept, address="6@example.org")
    with pytest.raises((Forbidden, NotFound)):
        people.ask_merging(actor=VISITOR, address="6@example.org")


@pytest.mark.long
def test_a_repeated_answer_with_its_key_is_answered_with_the_first_result(two):
    kept, gone = two
    link, keyed = asked(kept, gone), kept.with_key(new_id())
    people.agree_merging(actor=gone, link=link)
    assert people.merge(actor=keyed, link=link).pk == people.merge(actor=keyed, link=link).pk == kept.person_id
    assert Fact.objects.filter(kind="people.persons_merged").count() == 1


def test_whoever_has_become_another_becomes_no_third(world, two):
    kept, gone = two
    third = world.person("Third Stone")
    waiting = asked(third, gone)
    people.agree_merging(actor=gone, link=waiting)
    merge(kept, gone)
    with pytest.raises(Conflict, match="become another person already"):
        people.merge(actor=third, link=waiting)
    merge(third, kept)
    assert {p.merged_into_id for p in Person.objects.exclude(merged_into=None)} == {third.person_id}


# --- What changes hands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def full(world):
    """Somebody with everything a person can have, and somebody who becomes them."""
    gone, kept = world.person("Gone Stone"), world.person("Kept Stone")
    _, run = world.earned(gone)
    school = world.organization("A School", kind="school")
    group = people.form_group(actor=SYSTEM, organization_id=school.pk, name="Team", kind="team")
    for person in (gone, kept):
        people.affiliate(actor=SYSTEM, person_id=person.person_id, organization_id=school.pk, title="", started_on=date(2024, 1, 1))
        people.join_group(actor=SYSTEM, group_id=group.pk, person_id=person.person_id, joined_on=date(2024, 1, 1))
        world.grant(person.person_id, "coach", school)
        SavedComment.objects.create(assessor_id=person.person_id, text="Say where.")
    world.grant(gone.person_id, "author", school)
    SavedComment.objects.create(assessor_id=gone.person_id, text="Say when.")
    people.make_token(actor=gone, name="Script", scopes=["profile:read"], expires_at=clock.now() + timedelta(days=9), secret="s" * 40,
                      shown_second_step=False)  # fmt: skip
    FileOpening.objects.create(nonce=new_id(), artifact=Artifact.objects.first(), viewer_id=gone.person_id)
    return kept, gone, run


def test_everything_is_handed_over_and_no_row_is_lost(full):
    kept, gone, run = full
    before = {model: model._base_manager.count() for model in {key.model for key in keys_to_persons()} - {Merging}}
    counted = {key: pointing_at(gone).get(key, 0) + pointing_at(kept).get(key, 0) for key in pointing_at(gone)}
    merge(kept, gone)
    left = pointing_at(gone)
    assert left == {
        "people.Merging.gone": 1,
        "people.Affiliation.person": 1,  # the very same, from the same day
        "assessment.SavedComment.assessor": 1,  # word for word the same
    }
    now = pointing_at(kept)
    for key, count in counted.items():
        assert now.get(key, 0) + left.get(key, 0) >= count, key
    letters = Letter.objects.filter(kind__startswith="people.").count()
    for model, count in before.items():
        assert model._base_manager.count() == count + (letters if model is Letter else 0), model
    assert Enrollment.objects.get(pk=run.pk).person_id == kept.person_id


@pytest.mark.long
def test_the_fact_names_each_row_that_changed_hands(full):
    kept, gone, run = full
    link = asked(kept, gone)
    theirs = {
        str(key): set(key.model._base_manager.filter(**{key.name: gone.person_id}).values_list("pk", flat=True))
        for key in keys_to_persons()
    }
    both_say_yes(kept, gone, link)
    told = json.loads(Fact.objects.get(kind="people.persons_merged").body)["data"]
    assert told["gone"] == gone.person_id
    assert told["moved"]["programs.Enrollment.person"] == [run.pk]
    for key, ids in told["moved"].items():
        assert set(ids) <= theirs[key], key
    told = " ".join(Fact.objects.filter(kind__startswith="people.merging").values_list("body", flat=True))
    assert "@example.org" not in told


@pytest.mark.long
def test_credentials_stay_as_they_were_signed_and_the_records_hold(full):
    kept, gone, _ = full
    signed = Credential.objects.get().signed
    merge(kept, gone)
    credential = Credential.objects.get()
    assert (credential.signed, credential.person_id) == (signed, kept.person_id)
    assert verify(VISITOR, credential.signed).verdict == "valid"
    assert [finding.failures for finding in integrity(SYSTEM) if finding.failures] == []


@pytest.mark.long
def test_ones_own_pages_and_the_chain_tell_of_one_person(world, full):
    kept, gone, run = full
    now = merge(kept, gone)
    assert client_of(now).get(f"/portfolio/{run.pk}/").status_code == 200
    admin = client_of(world.person("Admin Stone", organization_admin=world.issuer))
    chain = text_of(admin.get(f"/credentials/{Credential.objects.get().pk}/chain/"))
    assert "the educator" in chain
    assert "another person" not in chain


@pytest.mark.long
def test_what_both_hold_is_held_once(full):
    kept, gone, _ = full
    now = merge(kept, gone)
    assert now.holds("author")
    assert RoleGrant.objects.current().filter(role="coach").count() == 1
    assert RoleGrant.objects.filter(role="coach", person_id=kept.person_id).count() == 2
    assert GroupMember.objects.filter(left_on=None).count() == 1
    assert ApiToken.objects.get().revoked_at is not None
    assert Fact.objects.filter(kind="people.role_ended").count() == 1


@pytest.mark.long
def test_the_longer_of_two_affiliations_counts(world, two):
    kept, gone = two
    school = world.organization()
    for person, last in ((kept, date(2024, 6, 30)), (gone, None)):
        people.affiliate(
            actor=SYSTEM, person_id=person.person_id, organization_id=school.pk, title="", started_on=date(2024, 1, 1), ended_on=last
        )
    merge(kept, gone)
    assert Affiliation.objects.get(person=kept.person_id).ended_on is None


def test_a_look_of_support_at_the_other_ends_with_them(world, two):
    """Its reason was the other's, and so was the letter that told of it."""
    kept, gone = two
    olga = world.person("Olga Stone", operator=world.organization("This Site", kind="platform"))
    access = people.begin_support(actor=olga, person_id=gone.person_id, reason="She asked on the phone.", minutes=60)
    merge(kept, gone)
    assert through_their_eyes(olga, access.pk) is None
    access.refresh_from_db()
    assert access.ended_at is not None


@pytest.mark.long
def test_what_is_written_late_for_the_first_of_a_chain_reaches_the_last(world, two):
    """C became B, and B has become A before the worker looked after C."""
    last, middle = two
    first = world.person("First Stone")
    for kept, gone in ((middle, first), (last, middle)):
        both_say_yes(kept, gone, merging_link(people.ask_merging(actor=kept, address=confirm(gone))))
    late = Letter.objects.create(kind="x", person_id=first.person_id, address="first@example.org", subject="x", text="x")
    drain()
    late.refresh_from_db()
    assert late.person_id == last.person_id


@pytest.mark.long
def test_a_file_half_sent_is_finished_by_the_one(world, two):
    kept, gone = two
    _, run = world.enrolled(gone)
    sender = Sender(client_of(gone), run, make_pdf())
    sender.create()
    sender.patch(0, 500)
    now = merge(kept, gone)
    assert sender.patch(500).status_code == 403
    sender.client = client_of(now)
    assert sender.patch(500).status_code == 204
    drain()
    assert Artifact.objects.get().person_id == kept.person_id


def test_what_was_being_written_at_that_moment_follows(two):
    kept, gone = two
    merge(kept, gone)
    late = Letter.objects.create(kind="x", person_id=gone.person_id, address="gone@example.org", subject="x", text="x")
    fact = Fact.objects.get(kind="people.persons_merged")
    from cairn.apps.ledger.queries import seen

    people.follow_merging(actor=SYSTEM, fact=seen(fact))
    late.refresh_from_db()
    assert late.person_id == kept.person_id
    assert json.loads(Fact.objects.get(kind="people.rows_followed").body)["data"]["moved"] == {"comms.Letter.person": [late.pk]}


# --- What stands against it -------------------------------------------------------------------------------------------------


def refused(kept, gone, words):
    link = asked(kept, gone)
    before = (pointing_at(kept), pointing_at(gone))
    with pytest.raises(Conflict, match=words):
        both_say_yes(kept, gone, link)
    assert (pointing_at(kept), pointing_at(gone)) == before
    assert Merging.objects.get().outcome == ""


@pytest.mark.long
def test_two_at_work_on_one_thing_cannot_become_one_until_one_leaves(world, two):
    kept, gone = two
    for actor in two:
        world.enrolled(actor)
    refused(kept, gone, "Both accounts are at work on “Skill 1”")
    programs.withdraw(actor=gone, enrollment_id=Enrollment.objects.get(person=gone.person_id).pk)
    both_say_yes(kept, gone, merging_link(Merging.objects.get()))
    assert Enrollment.objects.filter(person=kept.person_id).count() == 2


@pytest.mark.long
@pytest.mark.parametrize("asker_scores", [True, False])
def test_nobody_becomes_whom_they_score(world, asker_scores):
    reader = world.assessors(2)[0]
    educator, _ = world.submitted(world.person("Dana Whitfield"))
    refused(*((reader, educator) if asker_scores else (educator, reader)), "was given work of the other to score")


@pytest.mark.long
def test_nobody_becomes_whom_they_have_scored(world):
    reader = world.assessors(2)[0]
    educator, run = world.submitted(world.person("Dana Whitfield"))
    for sheet in world.sheets(run):
        world.score(sheet)
    refused(reader, educator, "was given work of the other to score")


@pytest.mark.long
def test_two_who_scored_one_thing_as_two_stay_two(world):
    readers = world.assessors(2)
    world.submitted(world.person("Dana Whitfield"))
    refused(*readers, "as two independent assessors")


@pytest.mark.long
def test_nobody_scores_and_earns_one_thing_as_two(world):
    reader = world.assessors(2)[0]
    world.submitted(world.person("Dana Whitfield"))
    pursuer, _ = world.enrolled(world.person("Lee Marsh"))
    refused(reader, pursuer, "scores “Skill 1” while the other is at work on it")


@pytest.mark.long
def test_an_operator_does_not_become_whom_they_looked_at(world, two):
    kept, gone = two
    site = world.organization("This Site", kind="platform")
    world.grant(kept.person_id, "operator", site)
    people.begin_support(actor=actor_of(kept.person_id), person_id=gone.person_id, reason="She asked on the phone.", minutes=5)
    refused(kept, gone, "looked through the other's eyes")


@pytest.mark.long
def test_open_sheets_about_a_colleague_of_the_other_go_to_somebody_else(world):
    school = world.organization("Hazel School", kind="school")
    reader, second = world.assessors(2)
    world.submitted(world.person("Dana Whitfield", works_at=school))
    colleague = world.person("Colleague Stone", works_at=school)
    merge(reader, colleague)
    assert ScoreSheet.objects.get(assessor_id=reader.person_id).state == "stepped_aside"
    assert ScoreSheet.objects.get(assessor_id=second.person_id).state == "open"
    assert Case.objects.get().state == "waiting"


@pytest.mark.long
@pytest.mark.parametrize("educator_asks", [True, False])
def test_open_sheets_about_somebody_who_gains_a_tie_go_to_somebody_else(world, educator_asks):
    """The second account of whoever submitted works where the first reader works."""
    school = world.organization("Hazel School", kind="school")
    readers = {reader.person_id for reader in world.assessors(2)}
    educator, run = world.submitted(world.person("Dana Whitfield"))
    reader = world.sheets(run)[0].assessor_id
    people.affiliate(actor=SYSTEM, person_id=reader, organization_id=school.pk, title="", started_on=date(2024, 1, 1))
    other = world.person("Dana W.", works_at=school)
    merge(*((educator, other) if educator_asks else (other, educator)))
    assert ScoreSheet.objects.get(assessor_id=reader).state == "stepped_aside"
    assert ScoreSheet.objects.get(assessor_id__in=readers - {reader}).state == "open"


@pytest.mark.long
def test_two_who_ask_each_other_and_both_say_yes_at_once_become_one_once(open_world):
    one, other = open_world.person("One Stone"), open_world.person("Other Stone")
    links = {kept: merging_link(people.ask_merging(actor=kept, address=confirm(gone))) for kept, gone in ((one, other), (other, one))}
    for kept, gone in ((one, other), (other, one)):
        people.agree_merging(actor=gone, link=links[kept])
    answers = [one, other, one, other]
    told, barrier = [], threading.Barrier(len(answers))

    def answer(kept):
        barrier.wait()
        try:
            told.append(people.merge(actor=kept, link=links[kept]).pk)
        except Refused as refusal:
            told.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=answer, args=(kept,)) for kept in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gone = Person.objects.get(merged_into__isnull=False)
    assert sorted(told) == sorted([gone.merged_into_id, "merging-over", "merged-before", "merged-before"])
    assert Fact.objects.filter(kind="people.persons_merged").count() == 1


# --- The database itself ----------------------------------------------------------------------------------------------------


def test_final_rows_change_hands_along_a_merging_alone_and_change_in_nothing_else(world):
    world.earned(world.person("Dana Whitfield"))
    other = world.person("Lee Marsh").person_id
    guarded = [
        (Decision, "person_id", ("outcome = 'not_yet'", "levels = '{}'")),
        (ScoreSheet, "assessor_id", ("state = 'open'", "locked_at = NULL")),
        (Artifact, "person_id", ("sha256 = 'x'",)),
    ]
    for model, key, others in guarded:
        row = model.objects.first()
        begin = f"UPDATE {model._meta.db_table} SET {key} = '{other}'"

        def change(words, begin=begin, row=row):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"{begin}{words} WHERE id = '{row.pk}'")

        with pytest.raises(DatabaseError, match="never change"):
            change("")
        Person.objects.filter(pk=getattr(row, key)).update(merged_into=other)
        for also in others:
            with pytest.raises(DatabaseError, match="never change"):
                change(f", {also}")
        change("")
        row.refresh_from_db()
        assert getattr(row, key) == other
        Person.objects.update(merged_into=None)
