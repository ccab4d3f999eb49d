"""What people do with accounts, roles, groups and brands, and with what they have earned."""

from __future__ import annotations

from tests.acts.act import Act

_PEOPLE, _BRAND = "org/<slug:slug>/people/", "org/<slug:slug>/brand/"
_GROUP = f"{_PEOPLE}groups/<id:group_id>/"
_PAGE, _RUN = "portfolio/shared/<id:page_id>/", "portfolio/<id:enrollment_id>/"
_FILE = f"{_RUN}file/<id:artifact_id>/"
_CLOSED = "org/<slug:slug>/closed-days/"

PEOPLE = (
    Act("people.change_profile", "educator", "account/"),
    Act("people.affiliate", "admin", _PEOPLE, f"{_PEOPLE}work/", {"email": "@stranger", "title": "Aide", "started_on": "2025-01-01"}),
    Act("people.grant_role", "admin", _PEOPLE, f"{_PEOPLE}roles/", {"email": "@stranger"}),
    Act("people.end_role", "admin", f"{_PEOPLE}roles/<id:grant_id>/end/"),
    Act("people.form_group", "admin", _PEOPLE, f"{_PEOPLE}groups/", {"name": "Wednesday"}),
    Act("people.join_group", "admin", _GROUP, told={"email": "@stranger"}),
    Act("people.leave_group", "admin", _GROUP, f"{_GROUP}leave/<id:person_id>/"),
    Act("people.end_affiliation", "admin", f"{_PEOPLE}work/<id:affiliation_id>/end/"),
    Act("people.set_brand", "admin", _BRAND, told={"display_name": "Steps", "color": "", "color_dark": "", "act": "save"}),
    Act("people.revoke_token", "educator", "account/tokens/", "account/tokens/<id:token_id>/revoke/"),
    Act("", "educator", "password", "account/reauthenticate/", {"password": "a long passphrase"}),
    Act("people.make_token", "educator", "account/tokens/", told={"name": "Second"}),
    Act("people.ask_merging", "educator", "account/other/", told={"email": "somebody@example.org"}),
    Act("assessment.close_day", "admin", _CLOSED, told={"day": "weekday+40", "title": "Founders’ day"}),
    Act("assessment.open_day", "admin", _CLOSED, f"{_CLOSED}open/"),
)
SHARING = (
    Act("credentials.let_announce", "educator", "portfolio/announcing/", told={"everything": "on"}),
    Act("credentials.extend_page", "educator", _PAGE, told={"until": "day+60"}),
    Act("credentials.renew_link", "educator", _PAGE, "portfolio/shared/links/<id:recipient_id>/new/"),
    Act("credentials.end_link", "educator", _PAGE, "portfolio/shared/links/<id:recipient_id>/end/"),
    Act("credentials.end_page", "educator", _PAGE, f"{_PAGE}end/"),
    Act("credentials.revoke", "admin", "credentials/<id:credential_id>/manage/", told={"change": "revoke", "reason": "We look into it."}),
    Act(
        "credentials.reinstate", "admin", "credentials/<id:credential_id>/manage/", told={"change": "reinstate", "reason": "It was right."}
    ),
)
WORK = (
    Act(
        "portfolio.caption_artifact",
        "educator",
        "film",
        f"{_FILE}captions/",
        {"language": "en"},
        file=("captions", "lesson.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nGood morning.\n"),
    ),
    Act("portfolio.note", "facilitator", "coach/<id:enrollment_id>/", told={"text": "Say why."}),
    Act("portfolio.settle_note", "educator", f"{_RUN}coach/", f"{_RUN}coach/notes/<id:note_id>/"),
    Act("portfolio.close_draft", "educator", f"{_RUN}coach/", f"{_RUN}coach/<id:access_id>/close/"),
    Act("assessment.step_aside", "assessor", "scoring/<id:sheet_id>/step-aside/"),
    Act("ledger.try_again", "operator", "operations/", "operations/deliveries/<id:delivery_id>/try-again/"),
)
ACTS = (*PEOPLE, *SHARING)
