"""Associations' rosters: CSV and OneRoster, judged row by row, taken over whole, and the same again the second time."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from cairn.apps.imports import queries as imports
from cairn.apps.payments.models import Membership
from cairn.apps.people.models import Person
from cairn.kernel import clock
from cairn.kernel.errors import Forbidden, Invalid
from tests.money_world import MoneyWorld, noon

pytestmark = pytest.mark.django_db
START = "sourcedId,status,dateLastModified,enabledUser"
HEAD = "Member ID;Full name;Email;Expires\n"


@pytest.fixture
def money(db):
    world = MoneyWorld()
    with clock.at(noon("2026-05-10")):
        yield world


def report(money, source):
    """By line, what becomes of it and why."""
    return {each.line: (each.outcome, each.why) for each in imports.rows(money.secretary, source)}


def oneroster(version="1.1", users="bulk", people=(), roles=(), manifest=True, drop=()):
    files = {
        "manifest.csv": f"propertyName,value\nmanifest.version,1.0\noneroster.version,{version}\nfile.users,{users}\nfile.orgs,bulk\n",
        "orgs.csv": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\ns1,,,Lincoln School,school,,\n",
    }
    if version == "1.1":
        head = f"{START},orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email"
        files["users.csv"] = "\n".join([head, *people]) + "\n"
    else:
        head = f"{START},username,userIds,givenName,familyName,middleName,identifier,email,primaryOrgSourcedId"
        files["users.csv"] = "\n".join([head, *people]) + "\n"
        head = "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId"
        files["roles.csv"] = "\n".join([head, *roles]) + "\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in files.items():
            if name not in drop:
                package.writestr(name, text)
    return out.getvalue()


def take(money, text, **more):
    more = {"name": "roster.zip", "work": "read_oneroster", **more} if isinstance(text, bytes) else more
    return money.take_roster(text, **more)


def test_a_dry_run_changes_nothing_and_says_of_each_row_what_would_be(money):
    dana = money.person("Dana Whitfield")
    text = HEAD + (
        f"1001;Dana Whitfield;{money.email(dana)};6/30/2026\n"
        "1002;Omar Stone;omar@example.org;\n"
        "1003;Lee Late;lee@example;6/30/2026\n"
        "1001;Dana Again;again@example.org;\n"
        "1004;Second Stone;omar@example.org;\n"
    )
    told = report(money, money.read_roster(text))
    assert told[2] == ("new", "Dana Whitfield is a member from May 10, 2026, until June 30, 2026.")
    assert told[3] == ("new", "Omar Stone is a member from May 10, 2026, without an end.")
    assert told[4][0] == "refused"
    assert "is no e-mail address" in told[4][1]
    assert told[5] == ("refused", "This member stands in line 2 too. Keep one of the rows.")
    assert told[6] == ("refused", "This member stands in line 3 too. Keep one of the rows.")
    assert (Membership.objects.count(), Person.objects.filter(email="omar@example.org").count()) == (0, 0)


def test_a_member_is_known_by_the_number_first_and_a_new_address_is_taken_over(money):
    dana = money.person("Dana Whitfield")
    take(money, HEAD + f"1001;Dana Whitfield;{money.email(dana)};6/30/2026\n")
    source = take(money, HEAD + "1001;Dana Whitfield-Reed;dana@new.example.org;6/30/2027\n")
    term = Membership.objects.get()
    assert (source.changed, term.person_id, term.email, term.valid_to) == (1, dana.person_id, "dana@new.example.org", date(2027, 6, 30))


def test_members_without_an_address_are_people_of_their_own(money):
    text = "Member ID;Full name\n1001;Dana Whitfield\n1002;Omar Stone\n"
    take(money, text)
    assert take(money, text).unchanged == 2
    take(money, "Member ID;Full name\n1001;Dana Whitfield\n1002;Omar Stone\n1003;Lee Late\n")
    assert Membership.objects.values("person").distinct().count() == 3


def test_who_is_missing_from_a_complete_file_was_a_member_until_yesterday(money):
    two = HEAD + "1001;Dana Whitfield;dana@example.org;\n1002;Omar Stone;omar@example.org;\n"
    take(money, two)
    with clock.at(noon("2026-06-10")):
        assert take(money, HEAD + "1001;Dana Whitfield;dana@example.org;\n").writes == 0  # not said to be complete
        source = take(money, HEAD + "1001;Dana Whitfield;dana@example.org;\n", complete=True)
        assert source.changed == 1
        assert Membership.objects.get(number="1002").valid_to == date(2026, 6, 9)
        assert take(money, HEAD + "1001;Dana Whitfield;dana@example.org;\n", complete=True).writes == 0


def test_nobody_is_ended_by_a_complete_file_while_one_of_its_rows_is_left_out(money):
    take(money, HEAD + "1001;Dana Whitfield;dana@example.org;\n1002;Omar Stone;omar@example.org;\n")
    with clock.at(noon("2026-06-10")):
        source = take(money, HEAD + "1001;Dana Whitfield;dana@example.org;\n;Omar Stone;omar at example;\n", complete=True)
    assert (source.writes, source.refused) == (0, 1)
    assert Membership.objects.get(number="1002").valid_to is None


def test_the_rosters_of_two_associations_do_not_know_each_other(money):
    text = HEAD + "1001;Dana Whitfield;dana@example.org;\n"
    take(money, text)
    take(money, text, of=money.secondary)
    assert Membership.objects.values("person").distinct().count() == 1
    assert {term.organization_id for term in Membership.objects.all()} == {money.principals.pk, money.secondary.pk}


def test_only_admins_of_the_association_take_its_roster_over(money):
    with pytest.raises(Forbidden):
        money.read_roster(HEAD + "1;A;a@example.org;\n", actor=money.admin)


PEOPLE_11 = (
    "u1,,,true,s1,teacher,dana,,Dana,Whitfield,,,dana@example.org",
    "u2,,,true,s1,student,kid,,Kid,Stone,,,kid@example.org",
    "u3,active,2026-01-01,true,s1,administrator,omar,,Omar,Stone,,,omar@example.org",
)


def test_oneroster_1_1_brings_staff_and_leaves_students_out(money):
    source = take(money, oneroster(people=PEOPLE_11))
    assert (source.new, source.how) == (2, "OneRoster 1.1, all users")
    assert {(term.number, term.person.name, term.tier) for term in Membership.objects.select_related("person")} == {
        ("u1", "Dana Whitfield", "teacher, Lincoln School"), ("u3", "Omar Stone", "administrator, Lincoln School"),
    }  # fmt: skip
    assert take(money, oneroster(people=PEOPLE_11)).writes == 0


def test_in_oneroster_whoever_is_marked_or_missing_is_a_member_no_more(money):
    take(money, oneroster(people=PEOPLE_11))
    with clock.at(noon("2026-06-10")):
        marked = oneroster(users="delta", people=["u3,tobedeleted,2026-06-09,true,s1,administrator,omar,,Omar,Stone,,,omar@example.org"])
        assert take(money, marked).changed == 1  # a file of changes says nothing about the rest
        assert Membership.objects.get(number="u1").valid_to is None
        assert take(money, oneroster(people=["u4,,,true,s1,teacher,lee,,Lee,Late,,,lee@example.org"])).changed == 1
        assert Membership.objects.get(number="u1").valid_to == date(2026, 6, 9)


def test_oneroster_1_2_takes_the_primary_role_and_its_days(money):
    people = ("u1,,,true,dana,,Dana,Whitfield,,,dana@example.org,s1", "u2,,,true,kid,,Kid,Stone,,,kid@example.org,s1")
    roles = ("r1,,,u1,secondary,teacher,,,s1,", "r2,,,u1,primary,principal,2025-08-01,2026-06-30,s1,", "r3,,,u2,primary,student,,,s1,")
    take(money, oneroster("1.2", people=people, roles=roles))
    term = Membership.objects.get()
    assert (term.tier, term.valid_from, term.valid_to) == ("principal, Lincoln School", date(2025, 8, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"not a zip", "is no zip file"),
        (oneroster(drop=("users.csv",)), "has no users.csv"),
        (oneroster(drop=("manifest.csv",)), "has no manifest.csv"),
        (oneroster("2.0", people=()), "names no version"),
        (oneroster(people=()), "nobody in it"),
        (oneroster(people=('u1,,,true,s1,"teacher',)), "is no CSV"),
    ],
)
def test_a_damaged_oneroster_file_is_refused_with_what_to_do(money, data, said):
    with pytest.raises(Invalid, match=said) as refused:
        money.read_roster(data, name="roster.zip", work="read_oneroster")
    assert refused.value.remedy


@pytest.mark.parametrize(
    "until", ["2027-06-30", "46568", "46568.5", "6/30/27", "6-30-2027", "June 30, 2027", "2027-06-30 00:00:00", "6/30/2027 12:00 AM"]
)
def test_a_day_is_read_however_spreadsheets_and_people_write_it(money, until):
    take(money, f"{HEAD}7;Kim Lee;kim@example.org;{until}\n")
    assert Membership.objects.get(number="7").valid_to == date(2027, 6, 30)


@pytest.mark.parametrize("until", ["9999-12-31", "0001-01-01", "never", "31/6/2027"])
def test_what_is_no_day_of_a_membership_is_refused(money, until):
    source = take(money, f'{HEAD}7;Kim Lee;kim@example.org;"{until}"\n')
    assert [outcome for outcome, _ in report(money, source).values()] == ["refused"]
