"""What people do around a pilot, over HTTP: places, meetings, time, money, talk, surveys, teams and lists, each acknowledged and noted.

Whatever is sent is sent again at once under the same request key, as by somebody who pressed twice. Not here: the main job (driver), and
the people and things of an errand (faults_world).
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex

from cairn.kernel import clock
from cairn.kernel.ids import new_id

PATIENCE = 90  # seconds until the worker has done what follows from a step
LATER = timedelta(days=150)  # than the 120 days that an errand's pilot gives


@dataclass
class Errand:
    """One pilot with one seat: `first` takes and leaves it, `second` stands in line and goes all the way, `desk` runs it."""

    first: object  # of tests.driver.Visitor
    second: object
    desk: object
    told: dict

    def run(self) -> None:
        self._places()
        run = self._begin()
        self._time(run)
        self._money()
        self._talk()
        self._team(run)
        self._roster()

    def _twice(self, who, path: str, fields: dict | None = None, **more):
        """Sent, and sent again under the same key: the answer is the same, or as good."""
        sent = {"key": new_id(), **(fields or {})}
        answer = who.post(path, sent, **more)
        again = who.post(path, sent, **more)
        assert (again.status, again.location) == (answer.status, answer.location), f"{path}: {answer.location}, then {again.location}"
        return answer

    @property
    def root(self) -> str:
        return f"/pilots/{self.told['pilot']}/"

    def _note(self, kind: str, *names: str) -> None:
        self.desk.ledger.note(kind, *names)

    # --- Places

    def _places(self) -> None:
        """One has the seat and gives it up; the other waits, is offered it and takes it."""
        offering = self.told["offering"]
        for who in (self.first, self.second):
            self._twice(who, f"{self.root}register/")
        place = self._once(self.first, self.root, rf"{self.root}places/(\w{{20}})/leave/")
        self._twice(self.first, f"{self.root}places/{place}/leave/", {"reason": "time"})
        self._note("place", offering, self.told["first"]["person"], "left")
        self.place = self._once(self.second, self.root, rf"{self.root}places/(\w{{20}})/offer/")
        self._twice(self.second, f"{self.root}places/{self.place}/offer/", {"take": "yes"})
        self._note("place", offering, self.told["second"]["person"], "seated")
        self._twice(self.desk, f"{self.root}run/attendance/{self.told['time']}/", {"person": self.told["second"]["person"]})
        self._note("attendance", self.told["meeting"], self.told["second"]["person"])

    def _once(self, who, path: str, pattern: str) -> str:
        """What the page says, once the worker has done what leads to it."""
        end = time.monotonic() + PATIENCE
        while True:
            if found := re.search(pattern, who.get(path).body):
                return found[1]
            assert time.monotonic() < end, f"no {pattern} at {path} after {PATIENCE} s"
            time.sleep(0.2)

    def _begin(self) -> str:
        run = self._twice(self.second, f"{self.root}places/{self.place}/begin/").location.split("/")[2]
        self._note("enrollment", run)
        return run

    def _time(self, run: str) -> None:
        until = _day(LATER)
        self._twice(self.second, f"/portfolio/{run}/time/", {"until": until, "why": "Our school moves."})
        self._twice(self.desk, f"{self.root}run/time/{run}/", {"until": until, "reason": "It is far."})
        self._note("extension", run, "granted", until)

    # --- Money

    def _money(self) -> None:
        place = self._once(self.second, "/account/orders/", r"/account/orders/place/(\w{20})/")
        self._twice(self.second, f"/account/orders/code/{place}/", {"code": self.told["code"]})
        self._note("use", place)
        number = f"PO-{token_hex(6)}"
        order = self._twice(self.second, f"/account/orders/place/{place}/", {"po_number": number}).location.split("/")[3]
        self._note("order", number)
        self._twice(self.desk, f"/account/orders/{order}/paid/", {"reference": f"Check {token_hex(4)}"})
        self._note("payment", order, "paid")
        self._twice(self.desk, f"/account/orders/{order}/refund/", {"cents": "20", "reason": "It was late."})
        self._note("payment", order, "refunded")

    # --- Talk, surveys, teams, lists

    def _talk(self) -> None:
        me, text = self.told["second"]["person"], f"It helps: {token_hex(8)}"
        talk = self._once(self.second, "/communities/", rf'href="(/communities/{self.told["community"]}/)"')
        self._twice(self.second, talk, {"text": text})
        self._note("post", me, text)
        self._twice(self.second, f"/surveys/{self.told['round']}/", {"q1": f"Time: {token_hex(8)}"})
        self._note("response", self.told["round"], me)

    def _team(self, run: str) -> None:
        me, name = self.told["second"]["person"], f"Team {token_hex(6)}"
        self._twice(self.second, f"/portfolio/{run}/team/", {"name": name, "mode": "small group"})
        self._note("team", me, name)
        self._twice(self.second, f"/portfolio/{run}/team/", {"address": self.told["first"]["address"]})
        self._note("asked", name, self.told["first"]["address"])

    def _roster(self) -> None:
        """A list of one more, read and confirmed; the worker takes it in."""
        address = f"{token_hex(6)}@example.org"
        rows = f"Name,E-mail,State\nNew Stone,{address},waiting\n".encode()
        report = self._twice(self.desk, f"{self.root}run/files/roster/", file=("roster.csv", rows)).location
        sha = self._once(self.desk, report, r'name="sha256" value="(\w{64})"')
        self._twice(self.desk, report, {"sha256": sha})
        self._note("listed", self.told["offering"], address)


# What an errand, and sharing a page, carry out.
CARRIED = {
    "programs.register", "programs.give_up_place", "programs.take_offer", "programs.note_attendance", "programs.begin",
    "programs.ask_extension", "programs.extend", "payments.redeem", "payments.place_order", "payments.mark_paid", "payments.refund",
    "communities.share", "programs.send_response", "programs.form_team", "programs.ask_to_team", "programs.read_roster", "imports.confirm",
    "credentials.share_page",
}  # fmt: skip


def share(me) -> None:
    """A page with the first thing of one's own that may be shown."""
    part = re.search(r'name="parts"[^>]*value="([\w-]+)"', me.get("/portfolio/shared/new/").body)[1]
    title, sent = f"For our talk {token_hex(6)}", {"key": new_id()}
    sent |= {"title": title, "parts": part, "team": "Mentors", "until": _day(timedelta(days=30))}
    for _ in range(2):
        me.post("/portfolio/shared/new/", sent)
    me.ledger.note("page", title)


def _day(later: timedelta) -> str:
    return (clock.now() + later).date().isoformat()
