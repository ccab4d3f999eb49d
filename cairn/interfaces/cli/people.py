"""Organizations and roles, for whoever sets a site up before anybody can do it on a page."""

from __future__ import annotations

import argparse

from django.conf import settings

from cairn.apps.people import commands, queries
from cairn.frame.actor import system
from cairn.kernel.errors import Invalid

ME = system("cli")
SITE_SLUG = "this-site"


def found_organization(arguments: argparse.Namespace) -> None:
    parent = queries.organization(ME, arguments.parent).pk if arguments.parent else None
    organization = commands.found_organization(actor=ME, slug=arguments.slug, name=arguments.name, kind=arguments.kind, parent_id=parent)
    print(f"{organization.name} is at /org/{organization.slug}/.")


def grant(arguments: argparse.Namespace) -> None:
    organization = queries.organization(ME, arguments.organization)
    person_id, name = _person(arguments.email)
    commands.grant_role(actor=ME, person_id=person_id, role=arguments.role, organization_id=organization.pk)
    print(f"{name} is now {arguments.role} at {organization.name}.")


def operator(arguments: argparse.Namespace) -> None:
    """The role lies with the site's own organization, which comes into being with its first operator."""
    person_id, name = _person(arguments.email)
    site = commands.found_organization(actor=ME, slug=SITE_SLUG, name=settings.SITE_HOST, kind="platform")
    commands.grant_role(actor=ME, person_id=person_id, role="operator", organization_id=site.pk)
    print(f"{name} is now an operator of {settings.SITE_URL}. A second step at sign-in is asked of them.")


def forget_second_step(arguments: argparse.Namespace) -> None:
    """The role of operator lies with people, and this with the machine: nobody is talked into it through a page."""
    person_id, name = _person(arguments.email)
    commands.forget_second_step(actor=ME, person_id=person_id)
    print(f"{name} signs in with the password alone again, and is told by letter.")


def _person(email: str) -> tuple[str, str]:
    """Id and name of whoever has this address."""
    person = queries.person_by_email(ME, email)
    if person is None:
        raise Invalid("person-unknown", f"Nobody here has the address {email}.", f"Sign up at {settings.SITE_URL}/account/signup/ first.")
    return person.pk, person.name
