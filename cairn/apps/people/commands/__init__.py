"""Every change to people, organizations, affiliations, groups, roles and tokens."""

from cairn.apps.people.commands.brands import brand_from, remove_logo, set_brand, set_logo
from cairn.apps.people.commands.groups import form_group, join_group, leave_group
from cairn.apps.people.commands.merging import agree_merging, ask_merging, decline_merging, follow_merging, merge
from cairn.apps.people.commands.organizations import affiliate, end_affiliation, found_organization
from cairn.apps.people.commands.persons import begin_person, change_profile, follow_address, open_account
from cairn.apps.people.commands.roles import end_role, grant_role
from cairn.apps.people.commands.sessions import (
    end_session,
    end_sessions,
    forget_second_step,
    forget_sessions,
    forget_tries,
    note_sign_in,
    note_sign_in_change,
)
from cairn.apps.people.commands.support import begin_support, end_support
from cairn.apps.people.commands.tokens import make_token, note_token_use, revoke_token

__all__ = [
    "affiliate",
    "agree_merging",
    "ask_merging",
    "begin_person",
    "begin_support",
    "brand_from",
    "change_profile",
    "decline_merging",
    "end_affiliation",
    "end_role",
    "end_session",
    "end_sessions",
    "end_support",
    "follow_address",
    "follow_merging",
    "forget_second_step",
    "forget_sessions",
    "forget_tries",
    "form_group",
    "found_organization",
    "grant_role",
    "join_group",
    "leave_group",
    "make_token",
    "merge",
    "note_sign_in",
    "note_sign_in_change",
    "note_token_use",
    "open_account",
    "remove_logo",
    "revoke_token",
    "set_brand",
    "set_logo",
]
