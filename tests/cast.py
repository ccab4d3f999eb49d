"""People in every role and every relation to the things of one educator: who they are is one line each."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

from cairn.apps.assessment import commands as assessment
from cairn.apps.catalog import commands as catalog
from cairn.apps.catalog.models import Microcredential
from cairn.apps.comms import commands as comms
from cairn.apps.comms.models import Call, Letter
from cairn.apps.comms.queries import end_link, feed_token, my_feed, offered_kinds
from cairn.apps.communities import commands as communities
from cairn.apps.communities.outward import with_files
from cairn.apps.credentials.models import Credential
from cairn.apps.ledger import commands as ledger
from cairn.apps.ledger.commands import TRIES
from cairn.apps.people import commands as people
from cairn.apps.people import queries as people_queries
from cairn.apps.people.models import Account
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio import outward
from cairn.apps.portfolio.models import Citation
from cairn.apps.programs import commands as programs
from cairn.kernel import clock
from cairn.site.worker import drain
from tests import files_world
from tests.consortium_world import sharing_things
from tests.imports_world import read_roster
from tests.licensure_world import license_things
from tests.money_world import money_things, priced
from tests.officers_world import officer_things
from tests.packs_world import pack_files
from tests.pilots_world import asked_things, pilot_things
from tests.programs_world import asking_things
from tests.recognizers_world import recognized_things
from tests.sharing_world import shown_things
from tests.teams_world import team_things
from tests.world import SYSTEM, World


class Cast(World):
    """One educator has earned one thing, is being scored in another, and drafts a third. `members` are all who might look."""

    slug = "three-steps"

    def __init__(self) -> None:
        for slug, count, change in (("far-hills", 1, {"title": "Skill far away"}), (self.slug, 4, {})):
            catalog.import_pack(actor=SYSTEM, files=pack_files(slug, count, change=change))
        drain()
        self.elsewhere = World()
        far, first, second, third, fourth = Microcredential.objects.order_by("slug")
        self.elsewhere.microcredential, self.microcredential = far, first
        self.employer = self.organization("Near District")
        self.educator = self.person("Dana Whitfield", works_at=self.employer)
        self.earned(self.educator)
        _, self.scored = self._turn_to(second).submitted(self.educator)
        self.asking = asking_things(self)
        priced(third)
        _, self.draft = self._turn_to(third).enrolled(self.educator)
        self.fill(self.educator, self.draft)
        self.add_file(self.educator, self.draft, "recording", files_world.make_mp4(5), name="lesson.mp4")
        self.upload, self.unwanted = (
            outward.begin(self.educator, self.draft.pk, "plan", name="late.pdf", size=9, digest=f"sha256:{digit * 64}") for digit in "01"
        )
        self._belong(self.issuer)
        self.parked = self._parked()
        self.joined = {**pilot_things(self, self.educator, fourth), **asked_things(self.educator, self.draft)}
        self.shared = sharing_things(self, self.elsewhere)
        self.shown = shown_things(self.educator)
        self.team = team_things(self.educator)
        self.licensed = officer_things(self.educator, self.issuer, first) | license_things(self.educator, self.issuer)
        self.recognized = recognized_things(self.educator, self.issuer)
        self.token_id = self._token()
        self.merging = people.ask_merging(actor=self.educator, address="nobody@example.org")
        self.sheet = self.sheets(self.scored)[0]
        self.comment = assessment.keep_comment(actor=actor_of(self.sheet.assessor_id), text="Say where.")
        self.told_elsewhere = self._told_elsewhere()
        self.talk = self._talk()
        self.asked = self._asked()
        self.money = money_things(self.educator, self.draft, self.issuer)
        self.members = {"visitor": None, "stranger": self.person("Stranger Stone"), **self._own(), **self._at(self.issuer, "")}
        self.members |= {**self._at(self.elsewhere.issuer, "other "), "operator": self.person("Operator Stone", operator=self.employer)}
        self.roster = read_roster(self.members["coordinator"], self.offering, ("Name", "E-mail"), ("Kim Lee", "kim@example.org"))

    def _own(self):
        colleague, other = self.person("Colleague Stone", works_at=self.employer), self.person("Far Stone", works_at=self.elsewhere.issuer)
        programs.enroll(actor=colleague, offering_id=self.offering.pk)
        programs.enroll(actor=other, offering_id=self.elsewhere.offering.pk)
        return {
            "educator": self.educator, "colleague": colleague, "other educator": other, "assessor": actor_of(self.sheet.assessor_id),
            "assessor here": self.person("Third Stone", assessor=self.issuer),
            "employer": self.person("Employer Stone", organization_admin=self.employer),
        }  # fmt: skip

    def _at(self, issuer, other):
        """One in each role at the organization that runs and issues, or at another that does."""
        roles = {"lead": "lead_assessor", "author": "author", "coordinator": "coordinator", "admin": "organization_admin",
                 "officer": "licensing_officer", "council": "council_member"}  # fmt: skip
        found = {"other assessor": self.person("Distant Stone", assessor=issuer)} if other else {}
        return found | {f"{other}{name}": self.person(f"{name} Stone", **{role: issuer}) for name, role in roles.items()}

    def _turn_to(self, microcredential):
        self.microcredential = microcredential
        del self.offering
        return self

    def _belong(self, organization):
        person, day = self.educator.person_id, date(2024, 1, 1)
        self.group = people.form_group(actor=SYSTEM, organization_id=organization.pk, name="Tuesday", kind="plc")
        people.join_group(actor=SYSTEM, group_id=self.group.pk, person_id=person, joined_on=day)
        self.work = people.affiliate(actor=SYSTEM, person_id=person, organization_id=organization.pk, title="", started_on=day)
        drain()
        self.role = self.grant(person, "coach", organization)

    def _talk(self) -> dict[str, str]:
        """A community that the educator is in, with a question and an idea of theirs; and a draft, open to a coach who wrote a note."""
        now, coach = clock.now(), self.person("Coach Stone", coach=self.issuer)
        told = {"slug": "tuesday-talk", "title": "Tuesday talk", "opens_at": now - timedelta(days=9), "closes_at": None}
        self.community = communities.found_community(actor=SYSTEM, group_id=self.group.pk, **told)
        communities.name_facilitator(actor=SYSTEM, community_id=self.community.pk, person_id=coach.person_id)
        prompt = communities.schedule_prompt(
            actor=SYSTEM, community_id=self.community.pk, title="What worked?", text="", opens_on=(now - timedelta(days=2)).date(),
            due_on=(now + timedelta(days=9)).date(),
        )  # fmt: skip
        post = with_files(
            communities.share, attachments=[outward.Given("form.pdf", len(form := files_world.make_pdf(1)), BytesIO(form))],
            actor=self.educator, community_id=self.community.pk, text="A form that worked.", people_shown="nobody",
        )  # fmt: skip
        access = portfolio.open_draft(actor=self.educator, enrollment_id=self.draft.pk, coach_id=coach.person_id)
        answered = self.content(self.draft.version_id).prompts[0].key
        note = portfolio.note(actor=coach, enrollment_id=self.draft.pk, prompt=answered, text="Say how.")
        return {"prompt_id": prompt.pk, "post_id": post.pk, "attached_id": post.files.get().pk, "access_id": access.pk, "note_id": note.pk}

    def _parked(self) -> str:
        """What followed from the role just given, after six errors."""
        for day in range(TRIES):
            with clock.at(clock.now() + timedelta(days=day)):
                leased = ledger.lease_next(actor=SYSTEM)
                ledger.settle(actor=SYSTEM, delivery_id=leased.delivery_id, lease=leased.lease, outcome="failed", reason="It broke.")
        return leased.delivery_id

    def _told_elsewhere(self) -> Call:
        """The call of a webhook that is stopped, so that nothing is called from here."""
        hook = comms.register_webhook(actor=SYSTEM, organization_id=self.issuer.pk, url="https://hooks.example.org/", kinds=offered_kinds())
        call = comms.try_webhook(actor=SYSTEM, webhook_id=hook.pk)
        return comms.note_call(actor=SYSTEM, call_id=call.pk, status=410, reason="It is gone.")

    def _asked(self) -> dict[str, str]:
        """A survey that the educator has answered, and what addresses hold of it."""
        survey = programs.found_survey(actor=SYSTEM, program_id=self.program.pk, title="Before", scales=[], questions=["What is hard?"],
                                       irb_number="IRB 1", consent_text="A study may use it.")  # fmt: skip
        asked = programs.open_round(actor=SYSTEM, round_id=survey.rounds.get(kind="before").pk)
        response = programs.send_response(actor=self.educator, round_id=asked.pk, values={"q1": "Time."})
        return {"survey_id": survey.pk, "round_id": asked.pk, "response_id": response.pk, "question": "q1"}

    def _letters(self) -> dict[str, str]:
        """What addresses hold of the educator's letters and dates."""
        letter = Letter.objects.filter(person_id=self.educator.person_id, kind="programs.enrolled").first()
        feed = my_feed(self.educator) or comms.begin_feed(actor=self.educator)
        call = self.told_elsewhere
        return {"letter_id": letter.pk, "letter_link": end_link(letter).split("/")[2], "feed_token": feed_token(feed),
                "letter_kind": "programs.enrolled", "webhook_id": call.webhook_id, "call_id": call.pk}  # fmt: skip

    def _token(self) -> str:
        secret = people_queries.new_secret(self.educator)
        return people.make_token(
            actor=self.educator, name="Own", scopes=["profile:read"], expires_at=clock.now() + timedelta(days=1), secret=secret,
            shown_second_step=True,
        ).pk  # fmt: skip

    def address(self, route: str) -> str:
        """The route with the educator's own things in it."""
        content = self.content(self.draft.version_id)
        analysis = next(part.key for part in content.parts if part.kind == "analysis")
        owners = {"org": self.issuer, "organizations": self.issuer, "stacks": self.microcredential.stack, "programs": self.program,
                  "communities": self.community, "pilots": self.offering}  # fmt: skip
        slug = owners.get(route.removeprefix("/api/v1/").split("/")[0], self.microcredential).slug
        citation = Citation.objects.filter(submission__enrollment=self.draft).first()
        number = "1" if "<int" in route or "files" in route else "1.0"
        things = {
            "slug": slug, "number": number, "offering_id": self.offering.pk, "enrollment_id": self.draft.pk, "part_key": analysis,
            "key": citation.detail, "citation_id": citation.pk, "artifact_id": citation.artifact_id,
            "upload_id": (self.unwanted if "discard" in route else self.upload).pk, "sheet_id": self.sheet.pk,
            "credential_id": Credential.objects.get().pk, "grant_id": self.role.pk, "affiliation_id": self.work.pk,
            "group_id": self.group.pk, "person_id": self.educator.person_id, "delivery_id": self.parked, "state": "parked",
            "file_id": citation.artifact_id, "detail": citation.detail, "prompt": content.prompts[0].key, "token_id": self.token_id,
            "comment_id": self.comment.pk, "rest": "nothing", "link": people_queries.merging_link(self.merging),
            "kind": "roster", "import_id": self.roster.pk, **self._letters(), **self.talk, **self.asked, **self.shared, **self.money,
            **self.shown, **self.team, **self.joined, **self.licensed, **self.recognized,
            **self.asking,
        }  # fmt: skip
        if route.startswith("pilots/") and "/launch" not in route and "/heard" not in route:
            things["slug"] = self.joined["pilot"]
        if route.startswith("license/record/add/"):
            things["kind"] = "hours"
        if re.match(r"(/api/v1/)?(rules|jurisdictions|schedules)/", route):
            things |= {"country": "us", "code": "mo", "slug": "career-administrator"}
        if "/schedules/" in route:
            things |= {"code": "ks", "slug": "points"}
        if "/team/" in route:
            things["enrollment_id"] = self.team["team_run"]
        return "/" + re.sub(r"[<{](?:\w+:)?(\w+)[>}]", lambda name: things[name[1]], route.lstrip("/"))

    def known(self) -> dict[str, str]:
        """What bodies of the API name."""
        citation = Citation.objects.filter(submission__enrollment=self.draft).first()
        address = Account.objects.get(person__pk=self.members["stranger"].person_id).email
        return {"offering": self.offering.pk, "email": address, "microcredential": self.microcredential.slug, "file": citation.artifact_id,
                "detail": citation.detail, "slug": "new-district",
                "address": f"http://localhost/credentials/{Credential.objects.get().pk}"}  # fmt: skip
