"""Pages of communities: reading and writing for members, leading for those who look after the talk, opening one."""

from django.urls import URLPattern

from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.views.communities import founding, leading, talking

_ONE = "communities/<slug:slug>/"
_POST = f"{_ONE}posts/<id:post_id>/"

urlpatterns: list[URLPattern] = [
    path("communities/", talking.mine, name="communities"),
    path("communities/begin/", founding.begin, name="community-begin"),
    path(_ONE, talking.community, name="community"),
    path(f"{_ONE}you/", talking.you, name="community-you"),
    path(f"{_ONE}prompts/<id:prompt_id>/", talking.prompt, name="community-prompt"),
    path(f"{_ONE}prompts/<id:prompt_id>/change/", leading.change_prompt, name="community-prompt-change"),
    path(f"{_ONE}prompts/<id:prompt_id>/withdraw/", leading.withdraw_prompt, name="community-prompt-withdraw"),
    path(f"{_ONE}files/<id:attached_id>/", talking.file, name="community-file"),
    path(_POST, talking.post, name="community-post"),
    path(f"{_POST}edit/", talking.edit, name="community-post-edit"),
    path(f"{_POST}delete/", talking.delete, name="community-post-delete"),
    path(f"{_POST}report/", talking.report, name="community-post-report"),
    path(f"{_POST}moderate/", leading.moderate, name="community-post-moderate"),
    path(f"{_ONE}run/", leading.run, name="community-run"),
    path(f"{_ONE}run/prompts/", leading.schedule, name="community-schedule"),
    path(f"{_ONE}run/copy/", leading.copy, name="community-copy"),
    path(f"{_ONE}run/window/", founding.window, name="community-window"),
    path(f"{_ONE}run/facilitators/", founding.facilitators, name="community-facilitators"),
    path(f"{_ONE}run/facilitators/<id:person_id>/end/", founding.end_facilitator, name="community-facilitator-end"),
    path(f"{_ONE}report/", leading.taking_part, name="community-report"),
    path(f"{_ONE}members/<id:person_id>/remove/", leading.remove, name="community-member-remove"),
]
