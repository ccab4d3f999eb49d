"""Lists of approved micro-credentials: a body puts them on from a day, and takes them off from another."""

from __future__ import annotations

from datetime import date

from cairn.apps.catalog import queries as catalog
from cairn.apps.ledger.steps import record
from cairn.apps.licensure import events, policy
from cairn.apps.licensure.models import ApprovedListing, Authority
from cairn.apps.licensure.queries.records import bodies_asked
from cairn.apps.licensure.queries.rules import jurisdiction, jurisdictions
from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel.errors import Conflict, Invalid
from cairn.kernel.text import clean, slug
from cairn.pure.clocks import long_date

EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)


@command
def approve_microcredential(
    *, actor: Actor, organization_id: str, microcredential_id: str, approved_from: date, body: str = "", cite: str = ""
) -> ApprovedListing:  # fmt: skip
    """Put a micro-credential on the list. `body` is what rules call the list; it counts where it was earned from that day on."""
    organization = people.organization_by_id(actor, organization_id)
    policy.KEEP_LIST.require(actor, organization)
    found = catalog.microcredential_by_id(actor, microcredential_id)
    if not EARLIEST <= approved_from <= LATEST:
        words = f"Choose a day from {long_date(EARLIEST)} to {long_date(LATEST)}."
        raise Invalid("approved-from-absurd", f"{long_date(approved_from)} can only be a slip.", words, {"approved_from": words})
    body = slug(body or organization.slug)
    _require_own(actor, organization, body)
    if ApprovedListing.objects.filter(body=body, microcredential=found, approved_until=None).exists():
        raise Conflict("already-approved", f"{found.title} is on this list already.", "Take it off first, to change its day.")
    listing = ApprovedListing.objects.create(
        organization=organization, body=body, microcredential=found, approved_from=approved_from, listed_by_id=actor.person_id,
        cite=clean(cite, limit=300, field="cite", name="This citation").strip(),
    )  # fmt: skip
    record(events.LISTED, actor=actor, subject=listing, organization=organization_id, body=body, microcredential=found.slug,
           approved_from=approved_from.isoformat())  # fmt: skip
    return listing


def _require_own(actor: Actor, organization: people.Organization, body: str) -> None:
    """A list that a state's rules ask for is its authority's alone."""
    own = set(Authority.objects.filter(organization=organization).values_list("jurisdiction", flat=True))
    asking = [] if actor.is_system else [each.code for each in jurisdictions() if body in bodies_asked(each.code)]
    if asking and not own & set(asking):
        words = f"The rules of {jurisdiction(asking[0]).name} ask for the list “{body}”, and {organization.name} does not decide there."
        raise Conflict("list-of-another", words, "Keep a list under a name of your own.", {"body": words})


@command
def end_approval(*, actor: Actor, listing_id: str, approved_until: date) -> ApprovedListing:
    """Take it off: what is earned after that day no longer counts by this list, what was earned before still does."""
    listing = ApprovedListing.objects.visible_to(actor).select_related("organization", "microcredential").locked(pk=listing_id)
    policy.KEEP_LIST.require(actor, listing.organization)
    if listing.approved_until is not None:
        raise Conflict("approval-ended", f"This was taken off on {long_date(listing.approved_until)}.", "Put it on anew, if need be.")
    if approved_until < listing.approved_from:
        words = f"Choose a day from {long_date(listing.approved_from)} on."
        raise Invalid("until-before-from", "It would end before it began.", words, {"approved_until": words})
    listing.approved_until = approved_until
    listing.save(update_fields=["approved_until"])
    record(events.UNLISTED, actor=actor, subject=listing, organization=listing.organization_id, body=listing.body,
           microcredential=listing.microcredential.slug, approved_until=approved_until.isoformat())  # fmt: skip
    return listing
