"""One's own account, the page of an organization, and who may do what there, over HTTP."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.apps.ledger.models import Fact
from cairn.apps.people import commands as people
from cairn.apps.people.models import Affiliation, Group, GroupMember, Person, RoleGrant
from cairn.kernel import clock
from cairn.kernel.errors import Invalid
from cairn.kernel.ids import new_id
from tests.integration.test_public_pages import client_of, text_of
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(world):
    """An organization with an admin, a member, and a stranger; each with a browser."""
    return Cast(world)


class Cast:
    def __init__(self, world):
        self.world, self.org = world, world.issuer
        self.admin_actor = world.person("Ada Admin", organization_admin=self.org)
        self.stranger_actor = world.person("Sam Stranger")
        self.admin, self.stranger = client_of(self.admin_actor), client_of(self.stranger_actor)
        self.page = f"/org/{self.org.slug}/people/"

    def email(self, actor):
        return Person.objects.get(pk=actor.person_id).email

    def give(self, actor, role="assessor", scope="", client=None, **more):
        told = {"email": self.email(actor), "role": role, "scope": scope or f"organization {self.org.pk}", **more}
        return (client or self.admin).post(f"{self.page}roles/", told)


# --- One's own account ------------------------------------------------------------------------------------------------------


def test_the_account_page_asks_visitors_to_sign_in():
    response = Client(headers={"host": "localhost"}).get("/account/")
    assert (response.status_code, response.headers["Location"]) == (302, "/account/login/?next=/account/")


def test_people_change_how_they_appear(cast):
    told = {"name": "  Sam   Stone ", "time_zone": "America/Denver", "key": new_id()}
    assert cast.stranger.post("/account/", told, follow=True).status_code == 200
    person = Person.objects.get(pk=cast.stranger_actor.person_id)
    assert (person.name, person.time_zone, person.shows_name) == ("Sam Stone", "America/Denver", False)
    page = cast.stranger.get("/account/").content.decode()
    assert '<option value="America/Denver" selected>' in page
    assert 'name="shows_name"' in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Write your name."),
        ("name", "x" * 121, "at most 120 characters"),
        ("name", "Zero\u200bwidth", "This name holds signs that cannot be seen."),
        ("name", "Nul\x00", "Null characters are not allowed."),
        ("time_zone", "Mars/Olympus", "Select a valid choice."),
    ],
)
def test_a_profile_that_cannot_be_kept_is_named_beside_its_field_and_nothing_is_lost(cast, field, value, words):
    told = {"name": "Sam Stone", "time_zone": "America/Denver", field: value}
    response = cast.stranger.post("/account/", told)
    assert response.status_code == 422
    assert words in text_of(response)
    assert 'href="#id_' + field in response.content.decode()
    assert Person.objects.get(pk=cast.stranger_actor.person_id).name == "Sam Stranger"


def test_a_double_click_changes_a_profile_once(cast):
    told = {"name": "Sam Stone", "time_zone": "America/Denver", "key": new_id()}
    cast.stranger.post("/account/", told)
    cast.stranger.post("/account/", told)
    assert Fact.objects.filter(kind="people.profile_changed").count() == 1


def test_the_account_page_names_roles_and_where_one_works(cast):
    people.affiliate(actor=SYSTEM, person_id=cast.admin_actor.person_id, organization_id=cast.org.pk, title="Director",
                     started_on=date(2020, 8, 1))  # fmt: skip
    page = text_of(cast.admin.get("/account/")).replace("\u00a0", " ")
    assert "Organization admin River Bend Institute Decides who may do what in an organization" in page
    assert "River Bend Institute, Director, since August 1, 2020" in page
    assert f'href="{cast.page}"' in cast.admin.get("/account/").content.decode()
    assert "Other roles, such as assessor, are given by an admin" in text_of(cast.stranger.get("/account/"))


# --- Who may see it ---------------------------------------------------------------------------------------------------------


def test_anyone_may_read_what_an_organization_is(cast):
    district = cast.world.organization("Marlow District")
    cast.world.organization("Marlow School", kind="school", parent=district)
    visitor = Client(headers={"host": "localhost"})
    page = text_of(visitor.get("/org/marlow-school/"))
    assert "School" in page
    assert "Part of Marlow District" in page
    assert "It runs no program here" in page
    own = text_of(visitor.get(f"/org/{cast.org.slug}/"))
    assert "Stack 1 of small-steps" in own
    assert "River Bend Program" in own
    assert "Who may do what here" not in own


def paths(cast):
    grant = RoleGrant.objects.filter(organization=cast.org).first()
    group = people.form_group(actor=SYSTEM, organization_id=cast.org.pk, name="Readers", kind="plc")
    work = people.affiliate(actor=SYSTEM, person_id=cast.admin_actor.person_id, organization_id=cast.org.pk, title="",
                            started_on=date(2020, 8, 1))  # fmt: skip
    tails = ["", "roles/", f"roles/{grant.pk}/end/", "work/", f"work/{work.pk}/end/", "groups/", f"groups/{group.pk}/"]
    return [cast.page + tail for tail in [*tails, f"groups/{group.pk}/leave/{cast.admin_actor.person_id}/"]]


def test_for_strangers_there_is_no_such_page_to_read_or_to_post_to(cast):
    elsewhere = client_of(cast.world.person("Eve Elsewhere", organization_admin=cast.world.organization()))
    visitor = Client(headers={"host": "localhost"})
    facts = None
    for path in paths(cast):
        facts = facts or Fact.objects.count()
        for client in (cast.stranger, elsewhere, visitor):
            refused = 405 if path == cast.page else 404  # nothing is ever sent to the page itself
            assert (path, client.get(path).status_code, client.post(path, {}).status_code) == (path, 404, refused)
    assert Fact.objects.count() == facts


def test_admins_and_operators_open_every_one_of_its_pages(cast):
    operator = client_of(cast.world.person("Olga Operator", operator=cast.world.organization()))
    for path in paths(cast):
        for client in (cast.admin, operator):
            assert client.get(path, follow=True).status_code == 200, path
    assert "Readers" in text_of(operator.get(cast.page))


def test_things_of_another_organization_are_not_found_through_ones_own(cast):
    other = cast.world.organization()
    foreign = cast.world.grant(cast.stranger_actor.person_id, "assessor", other)
    group = people.form_group(actor=SYSTEM, organization_id=other.pk, name="Theirs", kind="plc")
    work = people.affiliate(actor=SYSTEM, person_id=cast.stranger_actor.person_id, organization_id=other.pk, title="",
                            started_on=date(2020, 8, 1))  # fmt: skip
    operator = client_of(cast.world.person("Olga Operator", operator=other))
    for tail in (f"roles/{foreign.pk}/end/", f"work/{work.pk}/end/", f"groups/{group.pk}/", "roles/nonsense/end/"):
        for client in (cast.admin, operator):
            assert client.post(cast.page + tail, {}).status_code == 404, tail
    foreign.refresh_from_db()
    assert foreign.ended_at is None


# --- Roles ------------------------------------------------------------------------------------------------------------------


def test_an_admin_gives_a_role_by_exact_address(cast):
    response = cast.give(cast.stranger_actor, follow=True)
    grant = RoleGrant.objects.get(person_id=cast.stranger_actor.person_id)
    assert (grant.role, grant.scope, grant.scope_id, grant.scope_name) == ("assessor", "organization", cast.org.pk, cast.org.name)
    assert response.status_code == 302
    assert "Sam Stranger Assessor River Bend Institute" in text_of(cast.admin.get(cast.page))


@pytest.mark.parametrize("scope", ["program", "microcredential"])
def test_a_role_may_be_held_in_one_program_or_micro_credential(cast, scope):
    thing = cast.world.program if scope == "program" else cast.world.microcredential
    cast.give(cast.stranger_actor, "coordinator", f"{scope} {thing.pk}")
    grant = RoleGrant.objects.get(person_id=cast.stranger_actor.person_id)
    assert (grant.scope, grant.scope_id, grant.scope_name) == (scope, thing.pk, thing.title)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "nobody@example.org", "Nobody here signs in with this address."),
        ("email", "stranger", "Enter a valid email address."),
        ("email", "", "Give their address."),
        ("role", "", "Choose a role."),
        ("role", "king", "Select a valid choice."),
        ("role", "operator", "Select a valid choice."),
        ("scope", "organization 00000000000000000000", "Select a valid choice."),
        ("scope", "program none", "Select a valid choice."),
    ],
)
def test_a_role_that_cannot_be_given_is_refused_in_one_sentence(cast, field, value, words):
    response = cast.give(cast.stranger_actor, **{field: value})
    assert response.status_code == 422
    assert words in text_of(response)
    assert f'href="#role_{field}"' in response.content.decode()
    assert not RoleGrant.objects.filter(person_id=cast.stranger_actor.person_id).exists()


def test_a_program_of_another_issuer_is_no_scope(cast):
    from cairn.apps.programs.commands import found_program

    other = found_program(actor=SYSTEM, slug="other", title="Other", summary="", organization_id=cast.world.organization().pk)
    assert cast.give(cast.stranger_actor, "coordinator", f"program {other.pk}").status_code == 422


def test_giving_a_role_twice_gives_it_once(cast):
    key = new_id()
    for _ in range(2):
        cast.give(cast.stranger_actor, key=key)
    cast.give(cast.stranger_actor)
    assert RoleGrant.objects.filter(person_id=cast.stranger_actor.person_id).count() == 1


def test_ending_a_role_is_asked_first_and_then_acts_at_once(cast):
    second = client_of(second_actor := cast.world.person("Second Admin", organization_admin=cast.org))
    assert second.get(cast.page).status_code == 200
    grant = RoleGrant.objects.get(person_id=second_actor.person_id)
    question = cast.admin.get(f"{cast.page}roles/{grant.pk}/end/")
    assert "End this role?" in text_of(question)
    assert second.get(cast.page).status_code == 200
    cast.admin.post(f"{cast.page}roles/{grant.pk}/end/", {"key": new_id()})
    assert second.get(cast.page).status_code == 404
    assert cast.give(cast.stranger_actor, client=second).status_code == 404
    assert "This role has ended" in text_of(cast.admin.get(f"{cast.page}roles/{grant.pk}/end/"))


def test_an_admin_who_ends_their_own_role_is_warned_and_led_to_the_public_page(cast):
    grant = RoleGrant.objects.get(person_id=cast.admin_actor.person_id)
    assert "This is your own role" in text_of(cast.admin.get(f"{cast.page}roles/{grant.pk}/end/"))
    response = cast.admin.post(f"{cast.page}roles/{grant.pk}/end/")
    assert response.headers["Location"] == f"/org/{cast.org.slug}/"
    assert cast.admin.get(cast.page).status_code == 404


def test_only_an_operator_makes_or_ends_an_operator(cast):
    keeper_actor = cast.world.person("Olga Operator", operator=cast.org)
    grant = RoleGrant.objects.get(person_id=keeper_actor.person_id)
    assert cast.admin.post(f"{cast.page}roles/{grant.pk}/end/").status_code == 403
    assert f"roles/{grant.pk}/end/" not in cast.admin.get(cast.page).content.decode()
    keeper = client_of(keeper_actor)
    assert cast.give(cast.stranger_actor, "operator", client=keeper).status_code == 302
    assert RoleGrant.objects.filter(person_id=cast.stranger_actor.person_id, role="operator").exists()


# --- Where people work, and groups ------------------------------------------------------------------------------------------


def test_an_admin_enters_where_somebody_works_and_their_last_day(cast):
    told = {"email": cast.email(cast.stranger_actor), "title": "Principal", "started_on": "2021-08-01", "ended_on": "", "key": new_id()}
    cast.admin.post(f"{cast.page}work/", told)
    work = Affiliation.objects.get()
    assert (work.title, work.started_on, work.ended_on) == ("Principal", date(2021, 8, 1), None)
    assert "Still there" in text_of(cast.admin.get(cast.page))
    cast.admin.post(f"{cast.page}work/{work.pk}/end/", {"ended_on": "2024-06-30"})
    work.refresh_from_db()
    assert work.ended_on == date(2024, 6, 30)
    assert "June 30, 2024" in text_of(cast.admin.get(cast.page)).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("started_on", "", "Give a day."),
        ("started_on", "2021-13-45", "Enter a valid date."),
        ("ended_on", "1999-01-01", "Give a day that is not before the first one."),
        ("title", "x" * 121, "at most 120 characters"),
        ("email", "nobody@example.org", "Nobody here signs in with this address."),
    ],
)
def test_an_affiliation_that_cannot_be_is_refused_beside_its_field(cast, field, value, words):
    told = {"email": cast.email(cast.stranger_actor), "title": "", "started_on": "2021-08-01", "ended_on": "", field: value}
    response = cast.admin.post(f"{cast.page}work/", told)
    assert response.status_code == 422
    assert words in text_of(response)
    assert "Choose a role." not in text_of(response)
    assert not Affiliation.objects.exists()


def test_a_last_day_before_the_first_is_refused(cast):
    work = people.affiliate(actor=SYSTEM, person_id=cast.stranger_actor.person_id, organization_id=cast.org.pk, title="",
                            started_on=date(2021, 8, 1))  # fmt: skip
    response = cast.admin.post(f"{cast.page}work/{work.pk}/end/", {"ended_on": "2020-01-01"})
    assert response.status_code == 422
    assert "Give a later day." in text_of(response)


def test_the_command_itself_refuses_an_affiliation_that_ends_before_it_begins(cast):
    with pytest.raises(Invalid, match="cannot end before it began"):
        people.affiliate(actor=SYSTEM, person_id=cast.stranger_actor.person_id, organization_id=cast.org.pk, title="",
                         started_on=date(2021, 8, 1), ended_on=date(2020, 8, 1))  # fmt: skip


def test_groups_are_formed_joined_and_left(cast):
    cast.admin.post(f"{cast.page}groups/", {"name": "Reader circle", "kind": "plc"})
    group = Group.objects.get()
    page = f"{cast.page}groups/{group.pk}/"
    assert "Nobody" in text_of(cast.admin.get(page))
    cast.admin.post(page, {"email": cast.email(cast.stranger_actor)})
    assert "Sam Stranger" in text_of(cast.admin.get(cast.page))
    cast.admin.post(f"{page}leave/{cast.stranger_actor.person_id}/")
    member = GroupMember.objects.get()
    assert member.left_on == member.joined_on
    assert "Sam Stranger" not in text_of(cast.admin.get(cast.page))


@pytest.mark.parametrize(
    ("told", "words"), [({"name": "", "kind": "plc"}, "Give it a name."), ({"name": "A", "kind": "mob"}, "Select a valid choice.")]
)
def test_a_group_that_cannot_be_formed_is_refused(cast, told, words):
    response = cast.admin.post(f"{cast.page}groups/", told)
    assert (response.status_code, words in text_of(response)) == (422, True)
    assert not Group.objects.exists()


def test_an_unknown_address_joins_no_group(cast):
    group = people.form_group(actor=SYSTEM, organization_id=cast.org.pk, name="Readers", kind="plc")
    response = cast.admin.post(f"{cast.page}groups/{group.pk}/", {"email": "nobody@example.org"})
    assert (response.status_code, "Nobody here signs in with this address." in text_of(response)) == (422, True)


def test_whoever_never_was_in_a_group_cannot_leave_it(cast):
    group = people.form_group(actor=SYSTEM, organization_id=cast.org.pk, name="Readers", kind="plc")
    assert cast.admin.post(f"{cast.page}groups/{group.pk}/leave/{cast.stranger_actor.person_id}/").status_code == 404


def test_the_page_needs_as_many_queries_for_many_people_as_for_few(cast):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert cast.admin.get(cast.page).status_code == 200
        return len(captured)

    def fill(count):
        for n in range(count):
            actor = cast.world.person(assessor=cast.org)
            people.affiliate(actor=SYSTEM, person_id=actor.person_id, organization_id=cast.org.pk, title="", started_on=date(2020, 1, 1))
            group = people.form_group(actor=SYSTEM, organization_id=cast.org.pk, name=f"Group {n}", kind="plc")
            people.join_group(actor=SYSTEM, group_id=group.pk, person_id=actor.person_id, joined_on=clock.now().date() - timedelta(days=n))

    fill(1)
    cost()
    few = cost()
    fill(12)
    assert cost() == few
