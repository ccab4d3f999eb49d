"""Every change to a community: opening it, its members and facilitators, its prompts, the talk, and moderating it."""

from cairn.apps.communities.commands.files import note_erased
from cairn.apps.communities.commands.founding import (
    allow_back,
    change_community,
    choose_appearance,
    end_facilitator,
    follow_participant,
    found_community,
    name_facilitator,
    remove_member,
)
from cairn.apps.communities.commands.moderating import close_thread, hide_post, keep_post, reopen_thread, show_post
from cairn.apps.communities.commands.prompts import announce_prompts, change_prompt, copy_prompts, schedule_prompt, withdraw_prompt
from cairn.apps.communities.commands.talk import answer, delete_post, edit_post, reply, report_post, share

__all__ = [
    "allow_back",
    "announce_prompts",
    "answer",
    "change_community",
    "change_prompt",
    "choose_appearance",
    "close_thread",
    "copy_prompts",
    "delete_post",
    "edit_post",
    "end_facilitator",
    "follow_participant",
    "found_community",
    "hide_post",
    "keep_post",
    "name_facilitator",
    "note_erased",
    "remove_member",
    "reopen_thread",
    "reply",
    "report_post",
    "schedule_prompt",
    "share",
    "show_post",
    "withdraw_prompt",
]
