"""Tables: keys point down the line, every one says who sees its rows, and nothing happens behind a command's back."""

from __future__ import annotations

import ast

import pytest
from django.apps import apps
from django.db import models

from cairn.frame.querysets import InternalQuerySet, PublicQuerySet, VisibleQuerySet
from tests.architecture.source import LINE, app_of, files, functions, name_of, tree

OURS = [m for m in apps.get_models() if m.__module__.startswith("cairn.apps.")]
# Anyone may read these without an account.
PUBLIC = {"people.Organization", "catalog.Framework", "catalog.FrameworkItem", "catalog.Stack", "catalog.Microcredential", "catalog.Alias",
          "catalog.Facet", "programs.Program", "programs.Offering", "programs.Meeting", "programs.MeetingTime",
          "programs.Ownership", "programs.Contact",
          "programs.Listing", "programs.Target", "people.Brand", "catalog.SharingRule", "credentials.StatusList",
          "payments.Price", "licensure.RuleFile", "licensure.RuleSetVersion",
          "licensure.ApprovedListing", "licensure.Authority", "licensure.Recognizer", "licensure.ScheduleVersion"}  # fmt: skip
# No page shows these by themselves.
INTERNAL = {"assessment.TeamScore", "assessment.Recusal", "ledger.Answer", "ledger.PersonalValue", "portfolio.FileOpening",
            "credentials.SigningKey", "payments.PaymentNotice",
            "programs.Reminder", "licensure.Election"}  # fmt: skip
# Sign-in alone: Django's user model, which the sign-in library writes.
SIGN_IN = {"people.Account"}
# Tables that are not ours, and who writes them.
FOREIGN = {
    "auth": "Django, for operators' groups",
    "contenttypes": "Django's migrations",
    "account": "the sign-in library",
    "mfa": "the sign-in library",
}


def _visibility(model: type[models.Model]) -> type:
    return getattr(model._default_manager, "_queryset_class", object)


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_foreign_keys_point_down_the_line(model):
    here = LINE.index(model._meta.app_label)
    for field in model._meta.get_fields(include_hidden=True):
        if not isinstance(field, models.ForeignKey):
            continue
        there = field.related_model._meta.app_label
        if there == model._meta.app_label:
            continue
        assert there in LINE, f"{field} points at {there}, which is not a capability"
        assert LINE.index(there) < here, f"{field} points up the line"
        assert field.remote_field.related_name == "+", f"{field} gives {there} a name for what lies above it"


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_keys_do_not_take_rows_with_them(model):
    """Nothing that others rely on vanishes with something else; only rows derived within one app may."""
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT:
            assert field.related_model._meta.app_label == model._meta.app_label, f"{field} is not protected"


@pytest.mark.parametrize("model", [m for m in OURS if m._meta.label not in SIGN_IN], ids=lambda m: m._meta.label)
def test_every_table_says_who_sees_its_rows(model):
    queryset = _visibility(model)
    assert issubclass(queryset, VisibleQuerySet)
    assert queryset.seen_by is not VisibleQuerySet.seen_by


def test_what_is_public_or_internal_stands_in_a_short_list():
    assert {m._meta.label for m in OURS if issubclass(_visibility(m), PublicQuerySet)} == PUBLIC
    assert {m._meta.label for m in OURS if issubclass(_visibility(m), InternalQuerySet)} == INTERNAL


def test_foreign_tables_stand_in_a_short_list():
    assert {m._meta.app_label for m in apps.get_models() if m not in OURS} == set(FOREIGN)


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_rows_have_no_life_of_their_own(model):
    """No save() or delete() override: what happens stands in a command."""
    for name in ("save", "delete", "clean", "full_clean"):
        assert not getattr(model, name).__module__.startswith("cairn."), f"{model._meta.label}.{name} is overridden"


def test_nobody_listens_to_signals():
    named = {"signals", "receiver", "Signal"}
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("django")
        and (named & {alias.name for alias in node.names} or "signals" in node.module or "dispatch" in node.module)
    ]  # fmt: skip
    assert found == []


def test_visibility_never_joins_or_counts_twice():
    """PostgreSQL refuses DISTINCT under FOR UPDATE, so no visibility rule may use it."""
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in files()
        for function in functions(path)
        if function.name in ("seen_by", "visible_to")
        for call in ast.walk(function)
        if isinstance(call, ast.Attribute) and call.attr == "distinct"
    ]
    assert found == []


def test_every_capability_has_its_place_in_the_line():
    assert {app_of(path) for path in files() if "apps" in path.parts[len(path.parts) - 3 : -1]} - {"__init__.py"} <= set(LINE)
