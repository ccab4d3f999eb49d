"""Whatever happens in a community, in whatever order: who is no member of it at that moment never reads a word of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cairn.apps.communities import commands, queries
from cairn.apps.communities.models import Post
from cairn.apps.people import commands as people
from cairn.frame.actor import VISITOR
from cairn.kernel import clock
from cairn.kernel.errors import NotFound, Refused
from tests.world import SYSTEM, World

SECRET = "Zebrafinch"
WHO = st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["join", "leave", "remove", "allow"]), WHO),
        st.tuples(st.sampled_from(["share", "reply", "delete", "hide", "show", "close", "open"]), WHO),
    ),
    min_size=4,
    max_size=14,
)  # fmt: skip


class Played:
    """A group's community with a coordinator, three who come and go, and a model of who is in and what is shown."""

    def __init__(self) -> None:
        world = World()
        organization = world.organization("Tuesday Schools")
        self.lead = world.person("Carla Mendes", coordinator=organization)
        self.people = [world.person(f"Person {n}") for n in range(3)]
        self.group = people.form_group(actor=SYSTEM, organization_id=organization.pk, name="Tuesday", kind="plc")
        self.window = {"title": "Tuesday", "about": "", "opens_at": clock.now() - timedelta(days=9)}
        self.community = commands.found_community(actor=self.lead, slug="tuesday", group_id=self.group.pk, closes_at=None, **self.window)
        self.members: set[int] = set()

    def play(self, act: str, n: int) -> None:
        with suppress(Refused):
            getattr(self, act)(n)

    def join(self, n: int) -> None:
        people.join_group(actor=SYSTEM, group_id=self.group.pk, person_id=self.people[n].person_id, joined_on=date(2024, 1, 1))
        self.members.add(n)

    def leave(self, n: int) -> None:
        people.leave_group(actor=SYSTEM, group_id=self.group.pk, person_id=self.people[n].person_id, left_on=date(2024, 1, 2))
        self.members.discard(n)

    def remove(self, n: int) -> None:
        commands.remove_member(
            actor=self.lead, community_id=self.community.pk, person_id=self.people[n].person_id, reason="Because."
        )  # fmt: skip
        self.members.discard(n)

    def allow(self, n: int) -> None:
        commands.allow_back(actor=self.lead, community_id=self.community.pk, person_id=self.people[n].person_id)
        self.members.add(n)

    def share(self, n: int) -> None:
        commands.share(actor=self.people[n], community_id=self.community.pk, text=f"{SECRET} {n}")

    def _last(self) -> Post:
        post = Post.objects.order_by("-written_at").first()
        if post is None:
            raise NotFound("post")
        return post

    def reply(self, n: int) -> None:
        commands.reply(actor=self.people[n], post_id=self._last().pk, text=f"{SECRET} reply {n}")

    def delete(self, n: int) -> None:
        commands.delete_post(actor=self.people[n], post_id=self._last().pk)

    def hide(self, n: int) -> None:
        commands.hide_post(actor=self.lead, post_id=self._last().pk, reason="Because.")

    def show(self, n: int) -> None:
        commands.show_post(actor=self.lead, post_id=self._last().pk)

    def close(self, n: int) -> None:
        commands.change_community(
            actor=self.lead, community_id=self.community.pk, closes_at=clock.now() - timedelta(days=1), **self.window
        )  # fmt: skip

    def open(self, n: int) -> None:
        commands.change_community(actor=self.lead, community_id=self.community.pk, closes_at=None, **self.window)

    def check(self) -> None:
        for n, person in enumerate(self.people):
            texts = _read(person, self.community.slug)
            if n not in self.members:
                assert texts is None, f"{n} reads"
                assert list(Post.objects.visible_to(person)) == []
                continue
            assert texts is not None
            for post in Post.objects.exclude(text=""):
                is_shown = post.state == "shown" or post.author_id == person.person_id
                assert (post.text in texts) == (is_shown and post.parent_id is None), (n, post.state)
        assert _read(VISITOR, self.community.slug) is None


def _read(actor, slug: str) -> list[str] | None:
    """Every text that the actor reads in the talk; None where there is no such community."""
    try:
        found = queries.view(actor, slug).community
    except NotFound:
        return None
    posts = queries.shown(actor, found, queries.talk(actor, found))
    return [each.text for each in posts if each.text]


class TestVisibility(TestCase):
    @pytest.mark.long
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def test_who_is_no_member_never_reads_a_word(self, steps) -> None:
        played = Played()
        for act, n in steps:
            played.play(act, n)
            played.check()
