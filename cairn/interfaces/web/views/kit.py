"""What an earner takes to their signature, résumé, or profile: words and HTML to copy, with a link that anyone can check.

Nothing here counts who reads it: the picture is the catalog's own, and the link leads to the credential's public page.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from cairn.apps.credentials import queries as credentials
from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.views.frame import Request
from cairn.kernel.errors import Conflict, NotFound
from cairn.pure.clocks import long_date

PICTURE = 48  # pixels, in a signature
_SIGNATURE = (
    '<table role="presentation" cellpadding="0" cellspacing="0"><tr>'
    '<td style="padding-right:12px"><a href="{home}"><img src="{picture}" width="{size}" height="{size}" alt="Badge: {title}"></a></td>'
    '<td style="font:14px/1.4 Arial,sans-serif">{title}<br>{issuer}, {year}. <a href="{home}">Verify</a></td></tr></table>'
)


@login_required
@require_safe
def kit(request: Request, credential_id: str) -> HttpResponse:
    """For its earner; what was revoked is not carried about."""
    page = credentials.page(request.actor, credential_id)
    if not page.is_own:
        raise NotFound("page")
    if page.line.revoked_on:
        raise Conflict("credential-revoked", "The issuer has revoked this credential.", "Ask the issuer about it.")
    return render(request, "credentials/kit.html", {"line": page.line, **_said(page.line, page.content.slug)})


def _said(line: credentials.CredentialLine, slug: str) -> dict[str, object]:
    home, issuer = f"{credentials.credential_url(line.id)}/", line.issuer.name
    awarded = line.awarded_on
    words = {"home": home, "picture": f"{settings.SITE_URL}/catalog/{slug}/badge.png", "title": line.title, "issuer": issuer}
    profile = {
        "startTask": "CERTIFICATION_NAME", "name": line.title, "organizationName": issuer, "issueYear": awarded.year,
        "issueMonth": awarded.month, "certUrl": home, "certId": line.id,
    }  # fmt: skip
    return {
        "signature": format_html(_SIGNATURE, **words, size=PICTURE, year=awarded.year), "home": home,
        "plain": f"{line.title}, {issuer}, {awarded.year}. Verify: {home}",
        "resume": f"{line.title}. Micro-credential, {issuer}, awarded {long_date(awarded)}. {home}",
        "post": f"I earned “{line.title}”, a micro-credential of {issuer}, with evidence from my own work. What it asks for: {home}",
        "profile": f"https://www.linkedin.com/profile/add?{urlencode(profile)}",
    }  # fmt: skip


urlpatterns = [path("credentials/<id:credential_id>/kit/", kit, name="credential-kit")]
