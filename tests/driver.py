"""A driver outside the program: people at work over HTTP, and a ledger of every acknowledgement in a file of its own.

A thing is acknowledged when the answer to it has arrived whole; then it is written down with fsync. What is not acknowledged is sent again
with the same request key, as a browser or a program would. Not here: what is done to the site meanwhile (faults).
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlencode

from cairn.kernel.ids import new_id
from tests.errands import Errand, share

DETAILS = ("1a", "1b")  # of the small pack
PATIENCE = 90  # seconds for one thing to be acknowledged, through all faults
LOST = (OSError, http.client.HTTPException)
SIGN_IN = ("/account/login/", "/account/reauthenticate/")
CLEAR = (503, 507)  # what the site may say where its machine lacks something
JSON = "application/json"


class Ledger:
    """Acknowledgements, one line each, on disk before anybody hears of them."""

    def __init__(self, path: Path) -> None:
        self.lines: list[dict] = []
        self.statuses: Counter = Counter()  # of answers that ask to try again
        self.unclear: list[str] = []  # answers that name a mistake of the site's own
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lock = threading.Lock()

    def note(self, kind: str, *names: str) -> None:
        with self._lock:
            os.write(self._file, json.dumps([kind, *names]).encode() + b"\n")
            os.fsync(self._file)
            self.lines.append({"kind": kind, "row": list(names)})

    def rows(self, kind: str) -> list[list[str]]:
        return [line["row"] for line in self.lines if line["kind"] == kind]


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: str


class Refused(AssertionError):
    """The site said no to something that it must do, or to its repetition."""


@dataclass
class Visitor:
    """Somebody with a session. `port` may be that of a proxy before the site."""

    port: int
    session: str
    ledger: Ledger
    again: int = 0  # how often something was sent once more

    def get(self, path: str) -> Answer:
        return self._insist(lambda: self._ask("GET", path, b"", ""))

    def post(self, path: str, fields: dict[str, str], *, accept: str = "", file: tuple[str, ...] | None = None) -> Answer:
        """`file`: its name and bytes, after the name of its field where that is not "file"."""
        body, kind = _encoded({"csrfmiddlewaretoken": _TOKEN, "key": new_id(), **fields}, file)
        return self._insist(lambda: self._ask("POST", path, body, kind, accept))

    def _ask(self, method: str, path: str, body: bytes, kind: str, accept: str = "") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        known = {"Host": "localhost", "Cookie": f"session={self.session}; csrf={_TOKEN}", "Accept": accept or "text/html"}
        try:
            connection.request(method, path, body, {**known, **({"Content-Type": kind} if kind else {})})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers.get("Location", ""), answer.read().decode())
        finally:
            connection.close()

    def _insist(self, ask) -> Answer:
        """The answer; asked again while none arrives whole or the site says that it cannot just now."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = ask()
                if answer.status < 400 and not answer.location.startswith(SIGN_IN):
                    return answer
                if answer.status < 500:
                    raise Refused(f"{answer.status} {answer.location} {_words(answer.body)[:600]}")
                problem = f"{answer.status} {_words(answer.body)[:300]}"
                self.ledger.statuses[answer.status] += 1
                self.ledger.unclear += [problem] if answer.status not in CLEAR else []
            except LOST as error:
                problem = repr(error)
            assert time.monotonic() < end, f"not acknowledged in {PATIENCE} s: {problem}"
            self.again += 1
            time.sleep(random.uniform(0.02, 0.2))


_TOKEN = token_hex(16)  # a browser's own: the cookie and the field have to agree


def _encoded(fields: dict[str, str], file: tuple | None) -> tuple[bytes, str]:
    if file is None:
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    line = token_hex(16)
    parts = [f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    *field, name, data = file
    head = f'--{line}\r\nContent-Disposition: form-data; name="{(field or ["file"])[0]}"; filename="{name}"\r\n'
    body = [*parts, head.encode(), b"Content-Type: text/plain\r\n\r\n", data, f"\r\n--{line}--\r\n".encode()]
    return b"".join(body), f"multipart/form-data; boundary={line}"


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<(style|script|svg).*?</\1>|<[^>]*>", " ", page, flags=re.S)).strip()


# --- What people do --------------------------------------------------------------------------------------------------


def begin(me: Visitor, offering: str) -> str:
    """The run that begins."""
    run = me.post(f"/enroll/{offering}/", {}).location.split("/")[2]
    me.ledger.note("enrollment", run)
    return run


def educate(me: Visitor, run: str) -> None:
    """To submitting, each step acknowledged before the next."""
    root = f"/portfolio/{run}/"
    for prompt in ("place", *(f"analysis-{detail}" for detail in DETAILS), "change"):
        version = 0
        for _ in range(2):
            text = f"Here it is: {token_hex(8)}"
            saved = me.post(f"{root}narrative/", {"field": prompt, "value": text, "version": str(version)}, accept=JSON)
            version = json.loads(saved.body)["version"]
        me.ledger.note("writing", run, prompt, text)
    name = f"{token_hex(8)}.txt"
    me.post(f"{root}portfolio/plan/", {}, file=(name, f"The plan of {name}.\n".encode() * 50))
    me.ledger.note("file", run, name)
    (artifact,) = set(re.findall(rf"{root}file/(\w+)/", me.get(f"{root}portfolio/").body))
    me.post(f"{root}file/{artifact}/", {"title": name, "people_shown": "nobody"})
    for detail in DETAILS:
        why = f"It shows {token_hex(8)}"
        me.post(f"{root}analysis/{detail}/cite/", {"artifact": artifact, "explanation": why})
        me.ledger.note("citation", run, detail, why)
    me.post(f"{root}submit/", {})
    me.ledger.note("submission", run, "1", "submitted")


def assess(me: Visitor) -> int:
    """Score and lock every sheet that waits; how many there were."""
    waiting = me.get("/scoring/").body.partition("Locked")[0]
    sheets = sorted(set(re.findall(r'href="/scoring/(\w{20})/"', waiting)))
    for sheet in sheets:
        for detail in DETAILS:
            page = me.get(f"/scoring/{sheet}/{detail}/").body
            seen = dict(re.findall(r'name="(version-\w+)" value="(\w*)"', page))
            why = f"Because of {token_hex(8)}"
            me.post(f"/scoring/{sheet}/{detail}/", {"level": "proficient", "rationale": why, "advice": "One more step.", **seen})
            me.ledger.note("score", sheet, detail, why)
        me.post(f"/scoring/{sheet}/lock/", {})
        me.ledger.note("sheet", sheet, "locked")
    return len(sheets)


def gather(me: Visitor, organization: str) -> None:
    """Form a group: nothing but the request key keeps this from happening twice."""
    name = f"Group {token_hex(8)}"
    me.post(f"/org/{organization}/people/groups/", {"name": name, "kind": "team"})
    me.ledger.note("group", name)


# What the steps above carry out.
CARRIED = {
    "programs.enroll", "portfolio.write", "portfolio.add_artifact", "portfolio.describe_artifact", "portfolio.cite", "portfolio.submit",
    "assessment.record_score", "assessment.lock_sheet", "people.form_group",
}  # fmt: skip

# --- All of them at once ---------------------------------------------------------------------------------------------


@dataclass
class Crew:
    """Educators one after another, readers, an admin, and errands around pilots, each in a thread, until `stop`.

    What anybody began they bring to its end.
    """

    port: int
    people: dict
    ledger: Ledger
    educators: int = 3
    troubles: list[str] = field(default_factory=list)
    again: int = 0
    sessions: dict[str, str] = field(default_factory=dict)  # whose each run is

    def __enter__(self) -> Crew:
        self._stopping = threading.Event()
        self._waiting: queue.SimpleQueue = queue.SimpleQueue()
        for educator in self.people["educators"]:
            self._waiting.put(educator)
        work = [*[self._educate] * self.educators, *map(self._read_as, self.people["readers"]), self._gather, self._errands]
        self._threads = [threading.Thread(target=self._told, args=(each,)) for each in work]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _told(self, work) -> None:
        try:
            work()
        except Exception as error:
            self.troubles.append(f"{type(error).__name__}: {error}")

    def _visitor(self, person: dict) -> Visitor:
        return Visitor(self.port, person["session"], self.ledger)

    def _educate(self) -> None:
        while not (self._stopping.is_set() or self._waiting.empty()):
            me = self._visitor(self._waiting.get_nowait())
            run = begin(me, self.people["offering"])
            self.sessions[run] = me.session
            educate(me, run)
            share(me)
            self.again += me.again

    def _read_as(self, reader: dict):
        def read() -> None:
            me = self._visitor(reader)
            while not self._stopping.is_set():
                if not assess(me):
                    self._stopping.wait(0.3)
            self.again += me.again

        return read

    def _gather(self) -> None:
        me = self._visitor(self.people["admin"])
        while not self._stopping.is_set():
            gather(me, self.people["organization"])
        self.again += me.again

    def _errands(self) -> None:
        for told in self.people["errands"]:
            if self._stopping.is_set():
                return
            who = [self._visitor(person) for person in (told["first"], told["second"], told["desk"])]
            Errand(*who, told).run()
            self.again += sum(each.again for each in who)


# --- What became of it -----------------------------------------------------------------------------------------------

# How many of a row's columns, from the left, say which thing it is: that must be there once.
ONCE = {
    "group": 1, "run": 2, "file": 2, "citation": 3, "submission": 2, "case": 2, "sheet": 1, "score": 2, "decision": 2, "credential": 1,
    "letter": 3, "delivery": 2, "place": 2, "attendance": 2, "extension": 1, "use": 1, "order": 1, "payment": 2, "invoice": 2, "post": 2,
    "response": 2, "team": 2, "asked": 2, "listed": 2, "newcomer": 1, "page": 1,
}  # fmt: skip
PAGES = {"place": "narrative/", "change": "reflection/", "analysis-1a": "analysis/1a/", "analysis-1b": "analysis/1b/"}


@dataclass(frozen=True)
class Verdict:
    """`lost`: acknowledged and not there. `doubled`: there more than once. `unsound`: anything else that does not hold."""

    acknowledged: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    unsound: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.unsound)


def judge(ledger: Ledger, told: dict) -> Verdict:
    """The ledger against what tests.faults_world tells of the tables."""
    rows = {kind: [tuple(map(str, row)) for row in found] for kind, found in told["rows"].items()}
    there = {(kind, *row) for kind, found in rows.items() for row in found}
    there |= {("submission", run, attempt, "submitted") for run, attempt, state in rows["submission"] if state in ("earned", "not_yet")}
    wanted = [(line["kind"], *line["row"]) for line in ledger.lines]
    wanted += [("case", run, attempt) for run, attempt, _ in ledger.rows("submission")]
    counts = Counter((kind, *row[: ONCE[kind]]) for kind, found in rows.items() if kind in ONCE for row in found)
    return Verdict(
        len(ledger.lines),
        tuple(str(row) for row in wanted if row not in there),
        tuple(f"{row} {n} times" for row, n in counts.items() if n > 1),
        (*told["unsound"], *map(str, told["undone"])),
    )


def unseen(crew: Crew) -> list[str]:
    """What was acknowledged and does not stand on the page where its owner looks for it."""
    admin = Visitor(crew.port, crew.people["admin"]["session"], crew.ledger)
    shown = admin.get(f"/org/{crew.people['organization']}/people/").body
    missing = [name for (name,) in crew.ledger.rows("group") if name not in shown]
    at = [(run, PAGES[prompt], text) for run, prompt, text in crew.ledger.rows("writing")]
    at += [(run, "portfolio/", name.removesuffix(".txt")) for run, name in crew.ledger.rows("file")]
    at += [(run, f"analysis/{detail}/", why) for run, detail, why in crew.ledger.rows("citation")]
    pages: dict[tuple[str, str], str] = {}
    for run, place, words in at:
        if (run, place) not in pages:
            pages[run, place] = Visitor(crew.port, crew.sessions[run], crew.ledger).get(f"/portfolio/{run}/{place}").body
        if words not in pages[run, place]:
            missing.append(f"{run} {place} {words}")
    return missing
