"""Builders for communities: a cohort of an offering with a facilitator, members, prompts and talk, through commands alone."""

from __future__ import annotations

from datetime import timedelta

from cairn.apps.communities import commands as communities
from cairn.apps.communities.models import Community
from cairn.apps.communities.queries import view
from cairn.apps.programs import commands as programs
from cairn.kernel import clock
from cairn.kernel.ids import new_id
from cairn.site.worker import drain
from tests.world import World


class Cohort:
    """Dana and Joel are in a pilot, Imani coaches them, Carla runs it."""

    def __init__(self, world: World, *, days_open=0):
        self.world = world
        self.opened = clock.now() - timedelta(days=days_open)
        self.carla = world.person("Carla Mendes", coordinator=world.issuer)
        self.imani = world.person("Imani Reyes", coach=world.issuer)
        self.dana, self.joel = self.participant("Dana Whitfield"), self.participant("Joel Pruitt")
        self.stranger = world.person("Sam Stranger")
        self.community = self.found()
        communities.name_facilitator(actor=self.carla, community_id=self.community.pk, person_id=self.imani.person_id)

    def participant(self, name):
        return self.world.enrolled(self.world.person(name))[0]

    def found(self, **told) -> Community:
        of = told if {"group_id", "stack_id"} & set(told) else {"offering_id": self.world.offering.pk, **told}
        given = {"slug": f"c-{new_id()[:8].translate(DIGITS)}", "title": "Pilot of Small Steps", "opens_at": self.opened, "closes_at": None}
        return communities.found_community(actor=self.carla, **{**given, **of})

    @property
    def root(self) -> str:
        return f"/communities/{self.community.slug}/"

    def day(self, days: int):
        return (self.opened + timedelta(days=days)).date()

    def prompt(self, title="What do you hope students notice?", *, opens=0, due=7, required=True):
        return communities.schedule_prompt(
            actor=self.imani, community_id=self.community.pk, title=title, text="", opens_on=self.day(opens), due_on=self.day(due),
            is_required=required,
        )  # fmt: skip

    def prompts(self, count=4):
        return [self.prompt(f"Question {n}", opens=0, due=n) for n in range(1, count + 1)]

    def answer(self, who, prompt, text="That they may ask.", **told):
        return communities.answer(actor=who, prompt_id=prompt.pk, text=text, **told)

    def share(self, who, text="A form that worked.", **told):
        return communities.share(actor=who, community_id=self.community.pk, text=text, **told)

    def reply(self, who, post, text="Thank you.", **told):
        return communities.reply(actor=who, post_id=post.pk, text=text, **told)

    def leaves(self, who):
        from cairn.apps.programs.models import Enrollment

        run = Enrollment.objects.get(person_id=who.person_id, offering=self.world.offering)
        programs.withdraw(actor=who, enrollment_id=run.pk)
        drain()

    def seen(self, who):
        return view(who, self.community.slug)


DIGITS = str.maketrans("0123456789", "ghjkmnpqrs")
