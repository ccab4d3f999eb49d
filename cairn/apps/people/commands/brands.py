"""Choosing how an organization looks on its own pages. A color that cannot be read is refused, with the nearest that can."""

from __future__ import annotations

from cairn.apps.ledger.steps import record
from cairn.apps.people import events, policy
from cairn.apps.people.models import Brand, Organization
from cairn.frame.actor import Actor
from cairn.frame.commands import command
from cairn.kernel.errors import Invalid
from cairn.kernel.text import clean
from cairn.pure import colors
from cairn.pure.colors import Ground

NAME, TAGLINE, NOTICE, ALT = 80, 160, 4_000, 160
LOGO_KINDS = ("png", "jpeg")


@command
def set_brand(
    *, actor: Actor, organization_id: str, display_name: str, tagline: str, color: str, color_dark: str, notice: str
) -> Brand:  # fmt: skip
    """Name, colors and legal words; an empty color leaves the site's own. Colors come without or with #."""
    organization = Organization.objects.locked(pk=organization_id)
    policy.SET_BRAND.require(actor, organization)
    chosen = brand_from(organization, display_name=display_name, tagline=tagline, color=color, color_dark=color_dark, notice=notice)
    told = {name: getattr(chosen, name) for name in ("display_name", "tagline", "color", "color_dark", "notice")}
    brand, _ = Brand.objects.get_or_create(organization=organization)
    if any(getattr(brand, name) != value for name, value in told.items()):
        for name, value in told.items():
            setattr(brand, name, value)
        brand.save(update_fields=list(told))
        record(events.BRAND_SET, actor=actor, subject=brand, organization=organization.pk, name=brand.display_name, color=brand.color,
               color_dark=brand.color_dark)  # fmt: skip
    return brand


def brand_from(organization: Organization, *, display_name: str, tagline: str, color: str, color_dark: str, notice: str) -> Brand:
    """As it would be kept; Invalid, beside its field, where it cannot be. Nothing is written: a preview looks at it."""
    if color_dark.strip() and not color.strip():
        words = "Choose a color for light pages too, or leave both empty."
        raise Invalid("color-alone", "There is a color for dark pages and none for light ones.", words, {"color": words})
    return Brand(
        organization=organization,
        display_name=" ".join(clean(display_name, limit=NAME, field="display_name", name="This name").split()),
        tagline=" ".join(clean(tagline, limit=TAGLINE, field="tagline", name="This line").split()),
        notice=clean(notice, limit=NOTICE, field="notice", name="This notice").strip(),
        color=_readable("color", color, colors.LIGHT),
        color_dark=_readable("color_dark", color_dark, colors.DARK),
    )


def _readable(field: str, given: str, ground: Ground) -> str:
    if not given.strip():
        return ""
    try:
        color = colors.parse(given)
    except Invalid as refusal:
        raise Invalid(refusal.code, refusal.message, refusal.remedy, {field: str(refusal)}) from None
    short = colors.shortfalls(color, ground)
    if not short:
        return color
    worst = min(short, key=lambda pair: pair.ratio)
    nearest = colors.suggestion(color, ground)
    where = (
        f"On {ground.name} pages {color} is too hard to read: {worst.what} would have a contrast of {worst.ratio:.1f} to 1; 4.5 is needed."
    )
    remedy = f"The nearest color that can be read is {nearest}."
    raise Invalid("contrast-too-low", where, remedy, {field: f"{where} {remedy}"})


@command
def set_logo(*, actor: Actor, organization_id: str, picture: bytes, kind: str, alt: str) -> Brand:
    """A picture that was drawn anew (outward.keep_logo), with the words for those who do not see it."""
    organization = Organization.objects.locked(pk=organization_id)
    policy.SET_BRAND.require(actor, organization)
    if kind not in LOGO_KINDS:
        words = "Save it as PNG or JPEG."
        raise Invalid("logo-kind", "A logo is a PNG or JPEG picture.", words, {"logo": words})
    brand, _ = Brand.objects.get_or_create(organization=organization)
    brand.logo, brand.logo_kind = picture, kind
    brand.logo_alt = clean(alt, limit=ALT, field="logo_alt", name="This text").strip() or f"Logo of {organization.name}"
    brand.save(update_fields=["logo", "logo_kind", "logo_alt"])
    record(events.LOGO_SET, actor=actor, subject=brand, organization=organization.pk, bytes=len(picture))
    return brand


@command
def remove_logo(*, actor: Actor, organization_id: str) -> Brand:
    organization = Organization.objects.locked(pk=organization_id)
    policy.SET_BRAND.require(actor, organization)
    brand, _ = Brand.objects.get_or_create(organization=organization)
    if brand.logo is not None:
        brand.logo, brand.logo_kind, brand.logo_alt = None, "", ""
        brand.save(update_fields=["logo", "logo_kind", "logo_alt"])
        record(events.LOGO_SET, actor=actor, subject=brand, organization=organization.pk, bytes=0)
    return brand
