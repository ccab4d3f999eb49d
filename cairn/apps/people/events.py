"""What happens to people and organizations."""

from cairn.kernel.facts import Event

PERSON_BEGUN = Event("people.person_begun", "A person was entered, by signing up or by somebody else.",
                     ("name", "email"), ("name", "email"))  # fmt: skip
PROFILE_CHANGED = Event("people.profile_changed", "A person changed how they appear or which time zone counts.",
                        ("name", "time_zone", "shows_name"), ("name",))  # fmt: skip
ADDRESS_CHANGED = Event("people.address_changed", "A person is written to at another address.", ("email",), ("email",))
SIGNED_IN = Event("people.signed_in", "A person signed in.", ("how",))
SIGN_IN_CHANGED = Event("people.sign_in_changed", "How a person signs in was changed: password, addresses, second steps.", ("what",))
SECOND_STEP_FORGOTTEN = Event("people.second_step_forgotten", "Somebody who had lost it is no longer asked for a second step.")
SIGNED_OUT = Event("people.signed_out", "Sessions of a person were ended before their time.", ("sessions",))
SUPPORT_BEGUN = Event("people.support_begun", "An operator began to look through a person's eyes, for a reason that lies apart.",
                      ("person", "minutes", "reason"), ("reason",))  # fmt: skip
SUPPORT_ENDED = Event("people.support_ended", "Support access was ended before its time.", ("person",))
MERGING_ASKED = Event("people.merging_asked", "A person said that a second person here, named by an address, is them too.",
                      ("address",), ("address",))  # fmt: skip
MERGING_AGREED = Event("people.merging_agreed", "The second person said that they are whoever asked.")
MERGING_DECLINED = Event("people.merging_declined", "One of the two said that they are not one.")
PERSONS_MERGED = Event("people.persons_merged", "Two persons became one: all that was the other's is this one's from then on.",
                       ("gone", "moved"))  # fmt: skip
ROWS_FOLLOWED = Event("people.rows_followed", "What was still being written for a person who had become another followed them.",
                      ("gone", "moved"))  # fmt: skip
ORGANIZATION_FOUNDED = Event("people.organization_founded", "An organization was entered.", ("slug", "name", "kind", "parent"))
BRAND_SET = Event("people.brand_set", "An organization chose how its pages look.", ("name", "color", "color_dark"))
LOGO_SET = Event("people.logo_set", "An organization's logo was set, or taken away.", ("bytes",))
AFFILIATED = Event("people.affiliated", "A person began to work somewhere.", ("person", "title", "started_on"))
AFFILIATION_ENDED = Event("people.affiliation_ended", "A person stopped working somewhere.", ("person", "ended_on"))
ROLE_GRANTED = Event("people.role_granted", "A person was given a role.", ("person", "role", "scope", "scope_id"))
ROLE_ENDED = Event("people.role_ended", "A role was taken away; it ended at once.", ("person", "role", "scope", "scope_id"))
GROUP_FORMED = Event("people.group_formed", "A group was formed.", ("name", "kind"))
GROUP_JOINED = Event("people.group_joined", "A person joined a group.", ("person",))
GROUP_LEFT = Event("people.group_left", "A person left a group.", ("person",))
TOKEN_MADE = Event("people.token_made", "A person made a token for the API.", ("scopes", "expires_at"))
TOKEN_REVOKED = Event("people.token_revoked", "A person revoked a token; it ended at once.")
