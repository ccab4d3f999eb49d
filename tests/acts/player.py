"""Carries out acts one after the other, each sent twice under one request key, and notes which command each acknowledgement stands for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from cairn.kernel import clock
from cairn.kernel.ids import new_id
from tests.acts.act import Act
from tests.pilots_world import CENTRAL
from tests.typing_world import Form, FormsOn

AS_IT_STANDS = "="
PATIENCE = 90  # seconds until the worker has done what leads to a form
DONE = (302, "/home/")  # where somebody is led who sends again what is done already
DAY = re.compile(r"(week)?day([+-]\d+)")  # a weekday is put off until there is one


def pattern(route: str) -> str:
    return "/" + re.sub(r"<[^>]*>", "[^/]+", route.lstrip("/"))


@dataclass
class Player:
    """`visitors`: sessions by name; `people`: their ids and addresses; `addresses`: by route, of the cast's own things."""

    visitors: Mapping[str, Any]
    people: Mapping[str, Mapping[str, str]]
    addresses: Mapping[str, str]
    note: Callable[[str, str, str], None]  # command, person, request key
    saw: Callable[..., None]  # the table and words of a row
    patience: float = PATIENCE
    kept: dict[str, str] = field(default_factory=dict)

    def play(self, act: Act) -> None:
        who = self.visitors[act.who]
        form = self._form(act)
        key = new_id()
        sent = self._filled(form, act) | {"key": key}
        parts = urlsplit(form.action)
        address = f"{parts.path}?{parts.query}" if parts.query else parts.path
        answers = [who.post(address, sent, **({"file": act.file} if act.file else {})) for _ in range(2)]
        first, again = ((answer.status, urlsplit(answer.location).path) for answer in answers)
        assert again in (first, DONE), f"{act.command}: {first}, then {again}"
        if act.keep:
            self.kept[act.keep] = first[1]
        if act.row:
            self.saw(*act.row)
        elif act.command:
            self.note(act.command, self.people[act.who]["person"], key)

    def _form(self, act: Act) -> Form:
        """As the page shows it, once the worker has done what leads to it."""
        who, end = self.visitors[act.who], time.monotonic() + self.patience
        while True:
            at = self._address(act.at)
            page = who.get(at).body
            if act.via:
                link = re.search(rf'href="({pattern(act.via)})"', page)
                at, page = (link[1], who.get(link[1]).body) if link else (at, "")
            found = [form for form in FormsOn(act.who, at, page).found if form.fields]
            wanted = pattern(act.to) if act.to else re.escape(urlsplit(at).path)
            fits = [form for form in found if re.fullmatch(wanted, unescape(urlsplit(form.action).path)) and _has(form, act)]
            if fits:
                return next((form for form in fits if form.method == "POST"), fits[0])
            there = [(form.action, [each.name for each in form.fields]) for form in found if "/stay/" not in form.action]
            assert time.monotonic() < end, f"{act.command}: no form for {wanted} at {at}; there are {there}"
            time.sleep(0.2)

    def _address(self, at: str) -> str:
        route, _, query = at.partition("?")
        found = self.kept.get(route) or self.addresses[route]
        return f"{found}?{query}" if query else found

    def _filled(self, form: Form, act: Act) -> dict[str, object]:
        asked = [each for each in form.fields if each.kind not in ("file", "submit") or each.name in act.told]
        sent: dict[str, object] = {each.name: each.value.removeprefix("\n") or each.plain for each in asked}
        for name, value in act.told.items():
            if value != AS_IT_STANDS:
                sent[next(each.name for each in form.fields if _is(each.name, name))] = self._told(value)
        return {name: value for name, value in sent.items() if value is not None and name != "key"}

    def _told(self, value: object) -> object:
        if not isinstance(value, str) or not value:
            return value
        if value[0] in "@#":
            return self.people[value[1:]]["address" if value[0] == "@" else "person"]
        if not (found := DAY.fullmatch(value)):
            return value
        day = clock.today(CENTRAL) + timedelta(days=int(found[2]))
        return (day + timedelta(days=7 - day.weekday() if found[1] and day.weekday() > 4 else 0)).isoformat()


def _has(form: Form, act: Act) -> bool:
    """Whether what is told, and what is chosen, may stand in it."""
    names = [each.name for each in form.fields]
    return all(any(_is(name, told) for name in names) for told in act.told) and (act.file is None or act.file[0] in names)


def _is(name: str, told: str) -> bool:
    """A name that ends with a star is that of the first field that begins so."""
    return name == told or (told.endswith("*") and name.startswith(told[:-1]))
