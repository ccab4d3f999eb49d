"""The only place where one capability causes work in another: kind of fact -> what follows, by name; and what is asked before."""

from __future__ import annotations

from cairn.apps.assessment import commands as assess
from cairn.apps.assessment import events as assessment
from cairn.apps.assessment import queries as cases
from cairn.apps.catalog import events as catalog
from cairn.apps.catalog import queries as microcredentials
from cairn.apps.comms import events as comms
from cairn.apps.comms import queries as letters
from cairn.apps.comms.commands import queue_calls
from cairn.apps.comms.outward import Tell, call, send
from cairn.apps.communities import commands as community
from cairn.apps.communities import events as communities
from cairn.apps.communities import queries as talk
from cairn.apps.credentials import commands as credential
from cairn.apps.credentials import events as credentials
from cairn.apps.credentials import queries as awards
from cairn.apps.imports import events as imports
from cairn.apps.imports.outward import read_held
from cairn.apps.ledger.commands import run_soon, wake
from cairn.apps.licensure import commands as license
from cairn.apps.licensure import events as licensure
from cairn.apps.licensure import queries as licenses
from cairn.apps.licensure.outward import look_at_change
from cairn.apps.payments import commands as money
from cairn.apps.payments import events as payments
from cairn.apps.payments import queries as sales
from cairn.apps.payments.outward import open_page, return_money
from cairn.apps.people import commands as person
from cairn.apps.people import events as people
from cairn.apps.portfolio import commands as work
from cairn.apps.portfolio import events as portfolio
from cairn.apps.portfolio import queries as submissions
from cairn.apps.portfolio.outward import examine
from cairn.apps.programs import commands as program
from cairn.apps.programs import events as programs
from cairn.apps.programs import queries as enrollments
from cairn.frame.actor import Actor
from cairn.frame.wiring import Handler, Objection
from cairn.kernel.facts import Event, Recorded


def wake_assignments(*, actor: Actor, fact: Recorded) -> None:
    """A role was given, so a case that waits for a reader or a lead may have one now."""
    for consequence in ("assign", "assign-lead"):
        wake(actor=actor.with_key(""), consequence=consequence)


def look_at_everybody(*, actor: Actor, fact: Recorded) -> None:
    """A rule or a list changed, so where anybody's license stands may have: the nightly look comes now."""
    run_soon(actor=actor.with_key(""), name="count-everybody")


def return_claims(*, actor: Actor, fact: Recorded) -> None:
    """Somebody's work ended: what waits for the council there goes back once it has."""
    run_soon(actor=actor.with_key(""), name="return-claims")


def count_votes(*, actor: Actor, fact: Recorded) -> None:
    """A council changed, or how many of it must agree: the votes that are in may settle what they did not."""
    run_soon(actor=actor.with_key(""), name="count-votes")


# Kind of a file of rows -> what takes in its next batch.
IMPORTERS: dict[str, Handler] = {
    "members": money.take_roster,
    "roster": program.take_roster,
    "meetings": program.take_meetings,
    "attendance": program.take_attendance,
    "records": program.take_records,
    "responses": program.take_responses,
}


def take_in(*, actor: Actor, fact: Recorded) -> None:
    IMPORTERS[fact.data["kind"]](actor=actor, fact=fact)


CONSEQUENCES: dict[Event, dict[str, Handler]] = {
    people.ROLE_GRANTED: {"wake-assignments": wake_assignments},
    people.ROLE_ENDED: {"release-sheets": assess.release_sheets, "count-votes": count_votes},
    people.AFFILIATION_ENDED: {"return-claims": return_claims},
    people.GROUP_JOINED: {"release-sheets": assess.release_tied_sheets},
    people.GROUP_LEFT: {"close-drafts": work.close_drafts_of_group},
    people.MERGING_ASKED: {"tell": Tell(letters.merging_notice)},
    people.MERGING_AGREED: {"tell": Tell(letters.agreed_notice)},
    people.PERSONS_MERGED: {
        "follow": person.follow_merging,
        "release-sheets": assess.release_tied_sheets,
        "tell": Tell(letters.merged_notice),
    },
    people.TOKEN_MADE: {"tell": Tell(letters.token_notice)},
    people.SECOND_STEP_FORGOTTEN: {"tell": Tell(letters.person_notice)},
    people.SUPPORT_BEGUN: {"tell": Tell(letters.support_notice)},
    catalog.ADOPTION_ASKED: {"tell": Tell(microcredentials.asked_notice, "news")},
    catalog.ADOPTED: {"tell": Tell(microcredentials.answered_notice, "news")},
    catalog.ADOPTION_DECLINED: {"tell": Tell(microcredentials.answered_notice, "news")},
    catalog.PACK_IMPORTED: {"begin-program": program.begin_from_pack},
    programs.ENROLLED: {"tell": Tell(enrollments.enrolled_notice, "deadlines"), "follow-participant": community.follow_participant},
    programs.WITHDRAWN: {"follow-participant": community.follow_participant, "leave-team": program.leave_team_behind},
    programs.JOINING_ASKED: {"tell": Tell(enrollments.joining_asked_notice)},
    programs.JOINING_ACCEPTED: {"tell": Tell(enrollments.joining_notice)},
    programs.JOINING_DECLINED: {"tell": Tell(enrollments.joining_notice)},
    programs.TEAM_ASKED: {"tell": Tell(enrollments.team_asked_notice, "mentions")},
    programs.PLACE_LEFT: {"follow-participant": community.follow_participant},
    programs.SURVEY_OPENED: {"tell": Tell(enrollments.survey_notice, "news")},
    programs.APPLIED: {"tell": Tell(enrollments.place_notice, "news")},
    programs.WAITING: {"tell": Tell(enrollments.place_notice, "news")},
    programs.SEAT_OFFERED: {"tell": Tell(enrollments.place_notice, "deadlines")},
    programs.OFFER_PASSED: {"tell": Tell(enrollments.place_notice, "deadlines")},
    programs.SEATED: {"tell": Tell(enrollments.place_notice, "news"), "follow-participant": community.follow_participant},
    programs.LINE_ENDED: {"tell": Tell(enrollments.place_notice, "news")},
    programs.NOT_CHOSEN: {"tell": Tell(enrollments.place_notice, "news")},
    programs.OFFERED: {"tell": Tell(enrollments.offered_notice, "news")},
    programs.OFFERING_REOPENED: {"tell": Tell(enrollments.offered_notice, "news")},
    programs.RECRUITMENT_EXTENDED: {"tell": Tell(enrollments.offered_notice, "news")},
    programs.TIME_ADDED: {"tell": Tell(enrollments.first_time_notice, "news")},
    programs.TIME_CHOSEN: {"tell": Tell(enrollments.time_notice, "news")},
    programs.TIME_CHANGED: {"tell": Tell(enrollments.changed_time_notice, "news")},
    programs.TIME_CANCELED: {"tell": Tell(enrollments.changed_time_notice, "news")},
    programs.MEETING_REMINDED: {"tell": Tell(enrollments.time_notice, "news")},
    programs.EXTENDED: {"follow-extension": work.follow_extension, "tell": Tell(enrollments.extension_notice, "decisions")},
    programs.EXTENSION_DECLINED: {"tell": Tell(enrollments.extension_notice, "decisions")},
    programs.REMINDED: {"tell": Tell(enrollments.reminder_notice, "deadlines")},
    programs.LAPSED: {"tell": Tell(enrollments.lapsed_notice, "deadlines")},
    portfolio.REOPENED: {"follow-revision": program.follow_revision},
    portfolio.UPLOAD_RECEIVED: {"examine": examine},
    portfolio.UPLOAD_BLOCKED: {"tell": Tell(submissions.blocked_notice, "deadlines")},
    portfolio.SUBMITTED: {
        "open-case": assess.open_case,
        "await-decision": program.await_decision,
        "tell": Tell(submissions.submitted_notice, "deadlines"),
    },
    portfolio.DRAFT_OPENED: {"release-sheets": assess.release_tied_sheets, "tell": Tell(submissions.opened_notice, "mentions")},
    portfolio.NOTED: {"tell": Tell(submissions.noted_notice, "mentions")},
    assessment.OPENED: {"assign": assess.assign},
    assessment.CHECKED: {"assign": assess.assign},
    assessment.RETURNED: {
        "receive-return": work.receive_return,
        "resume": program.resume,
        "tell": Tell(cases.returned_notice, "decisions"),
    },
    assessment.ASSIGNED: {"tell": Tell(cases.assigned_notice, "deadlines")},
    assessment.LATE: {"tell": Tell(cases.late_notice, "decisions")},
    assessment.STEPPED_ASIDE: {"assign": assess.assign, "assign-lead": assess.assign_lead},
    assessment.SCORED: {"owe": money.owe},
    assessment.SPLIT: {"assign-lead": assess.assign_lead},
    assessment.DECIDED: {
        "intend": credential.intend,
        "receive-decision": work.receive_decision,
        "share-scores": assess.share_scores,
        "complete": program.complete,
        "tell": Tell(cases.decided_notice, "decisions"),
    },
    communities.PROMPT_OPENED: {"tell": Tell(talk.prompt_notice, "community")},
    communities.ANSWERED: {"tell": Tell(talk.mention_notice, "mentions")},
    communities.POSTED: {"tell": Tell(talk.mention_notice, "mentions")},
    communities.REPLIED: {"tell": Tell(talk.mention_notice, "mentions")},
    communities.EDITED: {"tell": Tell(talk.mention_notice, "mentions")},
    communities.REPORTED: {"tell": Tell(talk.reported_notice, "mentions")},
    communities.HIDDEN: {"tell": Tell(talk.hidden_notice, "mentions")},
    communities.MEMBER_REMOVED: {"tell": Tell(talk.removed_notice, "mentions")},
    credentials.INTENDED: {"sign": credential.sign_intended},
    credentials.ISSUED: {"count": license.count_credential, "tell": Tell(awards.issued_notice, "decisions")},
    credentials.REVOKED: {
        "publish-status": credential.publish_status,
        "follow-credit": license.follow_award,
        "recount": license.recount,
        "tell": Tell(awards.revoked_notice, "decisions"),
    },
    credentials.REINSTATED: {
        "publish-status": credential.publish_status,
        "follow-credit": license.follow_award,
        "recount": license.recount,
        "tell": Tell(awards.reinstated_notice, "decisions"),
    },
    credentials.RECIPIENT_NAMED: {"tell": Tell(awards.named_notice)},
    credentials.LINK_RENEWED: {"tell": Tell(awards.renewed_notice)},
    licensure.LICENSE_ADDED: {"recount": license.recount},
    licensure.LICENSE_CORRECTED: {"recount": license.recount},
    licensure.ENTRY_VERIFIED: {"recount": license.recount, "tell": Tell(licenses.entry_notice, "decisions")},
    licensure.ENTRY_DECLINED: {"tell": Tell(licenses.entry_notice, "decisions")},
    licensure.ENTRY_WITHDRAWN: {"recount": license.recount},
    licensure.RULES_LOADED: {"look-at-everybody": look_at_everybody},
    licensure.LISTED: {"recount": license.recount, "look-at-everybody": look_at_everybody},
    licensure.UNLISTED: {"recount": license.recount, "look-at-everybody": look_at_everybody},
    licensure.STANDING_CHANGED: {"tell": Tell(licenses.standing_notice, "decisions")},
    licensure.ALERTED: {"tell": Tell(licenses.alert_notice, "deadlines")},
    licensure.PLAN_MOVED: {"tell": Tell(licenses.plan_notice, "mentions")},
    licensure.RECOGNIZER_SET: {"count-votes": count_votes},
    licensure.CLAIMED: {"tell": Tell(licenses.claimed_notice, "deadlines")},
    licensure.GRANTED: {"recount": license.recount, "tell": Tell(licenses.claim_notice, "decisions")},
    licensure.CLAIM_APPROVED: {"tell": Tell(licenses.claim_notice, "decisions")},
    licensure.FEE_WAIVED: {"tell": Tell(licenses.claim_notice, "decisions")},
    licensure.CLAIM_RETURNED: {"tell": Tell(licenses.claim_notice, "decisions")},
    licensure.CLAIM_DECLINED: {"tell": Tell(licenses.claim_notice, "decisions")},
    licensure.CREDIT_STOPPED: {"recount": license.recount},
    licensure.CREDIT_RESUMED: {"recount": license.recount},
    licensure.APPROVAL_ANSWERED: {"tell": Tell(licenses.approval_notice, "decisions")},
    licensure.PROPOSAL_RETURNED: {"tell": Tell(licenses.proposal_notice, "decisions")},
    licensure.PROPOSAL_APPROVED: {"tell": Tell(licenses.proposal_notice, "decisions")},
    licensure.PROPOSAL_DECLINED: {"tell": Tell(licenses.proposal_notice, "decisions")},
    licensure.APPLIED: {"tell": Tell(licenses.officers_notice, "decisions")},
    licensure.ANSWERED: {"tell": Tell(licenses.officers_notice, "decisions")},
    licensure.PROPOSED: {"tell": Tell(licenses.officers_notice, "decisions")},
    licensure.RETURNED: {"tell": Tell(licenses.applicant_notice, "decisions")},
    licensure.REFERRED: {"tell": Tell(licenses.applicant_notice, "decisions")},
    licensure.DETERMINED: {"tell": Tell(licenses.applicant_notice, "decisions")},
    licensure.CHANGE_ASKED: {"look-at-change": look_at_change},
    imports.FILE_HELD: {"read": read_held},
    imports.CONFIRMED: {"take-in": take_in},
    imports.BATCH_TAKEN: {"take-in": take_in},
    imports.TAKEN_UP: {"take-in": take_in},
    payments.CHECKOUT_ASKED: {"open-page": open_page},
    payments.INVOICED: {"tell": Tell(sales.invoiced_notice, "money")},
    payments.PAID: {"tell": Tell(sales.order_notice, "money"), "tell-recognizer": Tell(licenses.fee_paid_notice, "deadlines")},
    payments.OVERDUE: {"tell": Tell(sales.order_notice, "money")},
    payments.REFUNDED: {"return-money": return_money, "tell": Tell(sales.order_notice, "money")},
    comms.POSTED: {"mail": send},
    comms.CALL_QUEUED: {"call": call},
    comms.WEBHOOK_STOPPED: {"tell": Tell(letters.stopped_notice, "news")},
}
# What an organization may have told to an address of its own (docs/howto/webhooks.md): ids alone, no person, no reader.
TOLD_ELSEWHERE = (
    programs.ENROLLED, programs.WITHDRAWN, programs.COMPLETED, portfolio.SUBMITTED, assessment.DECIDED, credentials.ISSUED,
    credentials.REVOKED, credentials.REINSTATED,
)  # fmt: skip
for _event in TOLD_ELSEWHERE:
    CONSEQUENCES.setdefault(_event, {})["webhooks"] = queue_calls
# What capabilities above may hold against something below, asked in its own transaction.
OBJECTIONS: dict[Event, tuple[Objection, ...]] = {
    people.GROUP_JOINED: (talk.object_to_joining, enrollments.object_to_joining_team),
    people.PERSONS_MERGED: (enrollments.object_to_merging, enrollments.object_to_merging_places, cases.object_to_merging),
}
