"""The life of a post, and the closed lists of communities."""

from cairn.frame.states import States

POST = States(
    name="post",
    owner="communities",
    initial="shown",
    moves={"shown": ("hidden", "deleted"), "hidden": ("shown", "deleted"), "deleted": ()},
    means={
        "shown": "the members of the community read it",
        "hidden": "a facilitator took it out of sight, for a reason that the members read; its author still reads it",
        "deleted": "its author took it back; its place stays, without its words",
    },
)

FACILITATOR_KINDS = {"coach": "Coach", "coordinator": "Coordinator"}

# How a member is called by the other members; those who facilitate always see the whole name.
APPEARANCES = {"full": "My whole name", "first": "My first name and an initial"}

REPORT_OUTCOMES = {"hidden": "The post was hidden", "kept": "The post stays"}
