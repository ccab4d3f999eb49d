"""What people do in communities, with their letters, and with what is told elsewhere."""

from __future__ import annotations

from tests.acts.act import Act

_TALK = "communities/<slug:slug>/"
_RUN, _POST, _PROMPT = f"{_TALK}run/", f"{_TALK}posts/<id:post_id>/", f"{_TALK}prompts/<id:prompt_id>/"
_WHY = {"reason": "It names a child."}
_HOOK, _LETTER = "org/<slug:slug>/webhooks/<id:webhook_id>/", "org/<slug:slug>/letters/<str:letter_kind>/"

COMMUNITIES = (
    Act("communities.found_community", "admin", "communities/begin/", told={"title": "Talk of the pilot", "slug": "pilot-talk"}),
    Act("communities.change_community", "admin", _RUN, f"{_RUN}window/"),
    Act("communities.schedule_prompt", "admin", _RUN, f"{_RUN}prompts/", {"title": "What now?", "opens_on": "day+3", "due_on": "day+9"}),
    Act("communities.copy_prompts", "admin", _RUN, f"{_RUN}copy/"),
    Act("communities.change_prompt", "admin", f"{_PROMPT}change/"),
    Act("communities.withdraw_prompt", "admin", f"{_PROMPT}change/", f"{_PROMPT}withdraw/"),
    Act("communities.choose_appearance", "educator", f"{_TALK}you/"),
    Act("communities.answer", "educator", _TALK, _PROMPT, {"text": "A walk each week."}, via=_PROMPT),
    Act("communities.share", "educator", _TALK, told={"text": "A form that helps."}),
    Act("communities.reply", "educator", _POST, told={"text": "It worked twice."}),
    Act("communities.edit_post", "educator", f"{_POST}edit/", told={"text": "A form that worked well."}),
    Act("communities.report_post", "facilitator", f"{_POST}report/", told=_WHY),
    Act("communities.keep_post", "admin", f"{_POST}moderate/", told={"act": "keep"}),
    Act("communities.close_thread", "admin", f"{_POST}moderate/", told={"act": "close"}),
    Act("communities.reopen_thread", "admin", f"{_POST}moderate/", told={"act": "reopen"}),
    Act("communities.hide_post", "admin", f"{_POST}moderate/", told=_WHY),
    Act("communities.show_post", "admin", f"{_POST}moderate/", told={"act": "show"}),
    Act("communities.remove_member", "admin", f"{_TALK}members/<id:person_id>/remove/", told=_WHY),
    Act("communities.allow_back", "admin", f"{_TALK}report/", f"{_TALK}members/<id:person_id>/remove/", {"act": "="}),
    Act("communities.delete_post", "educator", f"{_POST}edit/", f"{_POST}delete/"),
    Act("communities.end_facilitator", "admin", _RUN, f"{_RUN}facilitators/<id:person_id>/end/"),
    Act("communities.name_facilitator", "admin", _RUN, f"{_RUN}facilitators/"),
)
LETTERS = (
    Act("comms.change_preferences", "educator", "account/notices/", told={"quiet_from": "21:00", "quiet_until": "06:00"}),
    Act("comms.begin_feed", "educator", "account/notices/", "account/calendar/"),
    Act("comms.end_feed", "educator", "account/notices/", "account/calendar/end/"),
    Act("comms.word", "admin", _LETTER, told={"act": "save"}),
    Act("comms.word_as_ours", "admin", _LETTER, f"{_LETTER}reset/"),
    Act("comms.try_wording", "admin", _LETTER, told={"act": "try"}),
    Act("comms.nudge", "admin", "pilots/<slug:slug>/run/write/", told={"send": "yes"}),
    Act("comms.register_webhook", "admin", "org/<slug:slug>/webhooks/", told={"url": "https://hooks.example.org/two"}),
    Act("comms.change_webhook", "admin", f"{_HOOK}change/"),
    Act("comms.renew_secret", "admin", _HOOK, f"{_HOOK}renew/"),
    Act("comms.remove_webhook", "admin", f"{_HOOK}remove/"),
)
ACTS = (*COMMUNITIES, *LETTERS)
