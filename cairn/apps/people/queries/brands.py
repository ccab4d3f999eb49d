"""Reading how an organization looks on its own pages. Not here: the style sheet's text (web)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cairn.apps.people.models import Brand, Organization
from cairn.frame.actor import Actor
from cairn.kernel.errors import NotFound
from cairn.pure import colors


@dataclass(frozen=True)
class Look:
    """An organization as its pages show it. `light` and `dark` are None where the site's own colors hold.
    `mark`: the two colors, for an address."""

    slug: str
    name: str
    tagline: str = ""
    notice: str = ""
    light: colors.Palette | None = None
    dark: colors.Palette | None = None
    mark: str = ""
    logo: str = ""  # "png" or "jpeg"; empty where there is none
    logo_mark: str = ""  # changes with the picture
    logo_alt: str = ""


def organization_by_id(viewer: Actor, organization_id: str) -> Organization:
    return Organization.objects.visible_to(viewer).get_or_not_found(pk=organization_id)


def brand(viewer: Actor, organization: Organization) -> Brand:
    """As it was chosen; an empty one where nothing was."""
    return Brand.objects.visible_to(viewer).select_related("organization").filter(organization=organization).first() or Brand(
        organization=organization
    )


def look(viewer: Actor, organization: Organization) -> Look:
    return look_of(brand(viewer, organization))


def look_by_slug(viewer: Actor, slug: str) -> Look | None:
    """None where there is no such organization: for what stands around a page, also around one that says so."""
    found = Organization.objects.visible_to(viewer).filter(slug=slug).first()
    return look(viewer, found) if found else None


def look_of(chosen: Brand) -> Look:
    """Also of a brand that is not kept yet, for its preview."""
    light = colors.palette(chosen.color, colors.LIGHT) if chosen.color else None
    dark = colors.palette(chosen.color_dark or colors.suggestion(chosen.color, colors.DARK), colors.DARK) if chosen.color else None
    mark = f"{light.primary[1:]}-{dark.primary[1:]}" if light and dark else ""
    picture = hashlib.sha256(chosen.logo).hexdigest()[:16] if chosen.logo else ""
    told = chosen.organization
    return Look(
        told.slug,
        chosen.display_name or told.name,
        chosen.tagline,
        chosen.notice,
        light,
        dark,
        mark,
        chosen.logo_kind,
        picture,
        chosen.logo_alt,
    )


def logo(viewer: Actor, slug: str) -> tuple[bytes, str]:
    """The picture and its media type; NotFound where there is none."""
    found = Brand.objects.visible_to(viewer).filter(organization__slug=slug).exclude(logo=None).first()
    if found is None or found.logo is None:
        raise NotFound("picture")
    return bytes(found.logo), f"image/{found.logo_kind}"
