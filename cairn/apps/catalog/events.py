"""What happens in the catalog."""

from cairn.kernel.facts import Event

PACK_IMPORTED = Event("catalog.pack_imported", "A pack brought something new into the catalog.", ("pack", "program"))
PUBLISHED = Event("catalog.published", "A version came into force; its words never change.", ("slug", "number", "content_hash"))
SHARING_SET = Event("catalog.sharing_set", "An issuer said who may adopt what it publishes.", ("mode",))
ADOPTION_ASKED = Event("catalog.adoption_asked", "An organization would like to offer another's micro-credential.",
                       ("microcredential", "partner"))  # fmt: skip
ADOPTED = Event("catalog.adopted", "An organization offers another's micro-credential; its badges name both.", ("microcredential",))
ADOPTION_DECLINED = Event("catalog.adoption_declined", "The issuer did not let it be adopted.", ("microcredential",))
ADOPTION_ENDED = Event("catalog.adoption_ended", "An organization offers it no more.", ("microcredential",))
FORKED = Event("catalog.forked", "An organization began its own version of another's.", ("slug", "upstream", "upstream_hash"))
TAKEN_OVER = Event("catalog.taken_over", "Sections of a newer original were brought into a draft, or were seen and left.",
                   ("slug", "upstream", "sections"))  # fmt: skip
