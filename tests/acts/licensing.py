"""What educators, councils and officers do: records, plans, claims, proposals, applications and what is signed."""

from __future__ import annotations

from datetime import date

from tests import files_world
from tests.acts.act import Act

_PAPER = ("document", "certificate.pdf", files_world.make_pdf(pages=1))
_LONG = " ".join(["word"] * 45)
_SOURCE = {"source_0_title": "One", "source_0_url": "https://library.example/1"}
_PLAN = {"title": "School year", "goal_1": "Ask better questions."}
_APPLICATION, _OFFICER = "license/applications/<id:application_id>/", "officer/<id:application_id>/"
_OFFICE, _LISTS, _RECOGNITION = "officer/offices/<id:authority_id>/", "officer/lists/<id:authority_id>/", "org/<slug:slug>/recognition/"
_OWN = "proposals/<id:proposal_id>/"
_RULE = "license/claims/award/<id:credential_id>/"

RECORDS = (
    Act("licensure.set_profile", "educator", "license/where/"),
    Act("licensure.add_license", "employer", "license/add/?state=us/mo", told={"valid_from": "2023-07-01", "valid_to": "2027-06-30"}),
    Act("licensure.correct_license", "educator", "license/<id:license_id>/change/", told={"number": "A 1"}),
    Act("licensure.plan_microcredentials", "educator", "license/<id:license_id>/plan/"),
    Act("licensure.verify_entry", "admin", "license/record/waiting/<id:entry_id>/", told={"act": "verify"}),
    Act(
        "licensure.add_entry",
        "educator",
        "license/record/add/<slug:kind>/",
        told={"title": "Summer academy", "asked_id": "#issuer"},
        file=_PAPER,
    ),
    Act(
        "licensure.decline_entry",
        "admin",
        "license/record/waiting/",
        "license/record/waiting/<id:entry_id>/",
        {"reason": "The paper names somebody else.", "act": "decline"},
        via="license/record/waiting/<id:entry_id>/",
    ),
    Act("licensure.withdraw_entry", "educator", "license/record/", "license/record/<id:entry_id>/withdraw/"),
    Act(
        "licensure.begin_plan",
        "educator",
        "license/plans/new/",
        told={**_PLAN, "starts_on": "day+0", "ends_on": "day+200", "supervisor": "@employer"},
        keep="plan",
    ),
    Act("licensure.change_plan", "educator", "license/plans/<id:plan_id>/change/", told={"supervisor": "@employer"}),
    Act("licensure.move_plan", "educator", "license/plans/<id:plan_id>/", "license/plans/<id:plan_id>/move/", {"to": "shared"}),
    Act("licensure.agree_plan", "employer", "license/plans/<id:plan_id>/", "license/plans/<id:plan_id>/move/", {"to": "agreed"}),
)
CLAIMS = (
    Act("licensure.set_recognizer", "admin", _RECOGNITION, f"{_RECOGNITION}settings/", {"votes_needed": "1"}),
    Act(
        "licensure.adopt_schedule",
        "admin",
        _RECOGNITION,
        f"{_RECOGNITION}adopt/",
        {"slug": "us/ks/schedules/points", "effective": "2015-07-01"},
    ),
    Act("licensure.ask_approval", "educator", "license/claims/beforehand/", told={"title": "A book club"}),
    Act("licensure.answer_approval", "council", "claims/", "claims/beforehand/<id:asking_id>/", {"answer": "yes"}),
    Act("licensure.take_back_approval", "educator", "license/claims/", "license/claims/beforehand/<id:asking_id>/"),
    Act(
        "licensure.claim",
        "educator",
        "license/claims/new/",
        told={
            "title": "A course",
            "done_on": "2025-02-01",
            "kind": "hours",
            "hours": "10",
            "take_*": "on",
            "despite": "on",
            "note": "It helped.",
        },
    ),
    Act("licensure.vote_on_claim", "council", "claims/", "claims/<id:claim_id>/vote/", {"vote": "return", "words": "Name the college."}),
    Act(
        "licensure.send_claim",
        "educator",
        "license/claims/",
        "license/claims/<id:claim_id>/",
        {"note": "The state college.", "despite": "on"},
        via="license/claims/<id:claim_id>/",
    ),
    Act(
        "licensure.withdraw_claim",
        "educator",
        "license/claims/",
        "license/claims/<id:claim_id>/withdraw/",
        via="license/claims/<id:claim_id>/",
    ),
    Act("licensure.end_schedule", "admin", f"{_RECOGNITION}<id:schedule_id>/", f"{_RECOGNITION}<id:schedule_id>/end/"),
)
PROPOSALS = (
    Act("licensure.begin_proposal", "educator", "proposals/new/", told={"title": "Reading aloud"}, keep="proposal"),
    Act(
        "licensure.save_proposal",
        "educator",
        "proposal",
        _OWN,
        {"title": "Reading aloud together", "rationale": _LONG, **_SOURCE},
        row=("proposal", "Reading aloud together"),
    ),
    Act("licensure.send_proposal", "educator", "proposal", f"{_OWN}send/"),
    Act("licensure.flag_source", "council", "proposal", f"{_OWN}source/<int:source>/"),
    Act("licensure.vote_on_proposal", "council", "claims/", f"{_OWN}vote/", {"vote": "return", "words": "Say more."}),
    Act("licensure.withdraw_proposal", "educator", "proposal", f"{_OWN}withdraw/"),
)
DETERMINING = (
    Act("licensure.set_authority", "office admin", _OFFICE, told={"signatures": "2", "appeal": "Write to the board."}),
    Act("licensure.ask_change", "officer", f"{_OFFICE}changes/", told={"before": "2010-07-01", "after": "2020-07-01"}),
    Act("licensure.approve_microcredential", "officer", _LISTS, told={"microcredential": "three-steps-skill-2", "approved_from": "day+0"}),
    Act("licensure.end_approval", "officer", _LISTS, f"{_LISTS}<id:approval_id>/end/"),
    Act(
        "licensure.return_application", "officer", _OFFICER, told={"act": "return", "reason": "A transcript is missing.", "until": "day+30"}
    ),
    Act("licensure.answer_officer", "educator", _APPLICATION, told={"words": "Here it is."}),
    Act("licensure.refer_application", "officer", _OFFICER, told={"act": "refer", "to": "The board", "reason": "It is new to us."}),
    Act("licensure.hear_answer", "officer", _OFFICER, f"{_OFFICER}heard/", {"words": "The board agrees."}),
    Act("licensure.determine", "officer", _OFFICER, told={"act": "not met", "reason": "A line is open.", "lines": None}),
    Act("licensure.not_agree", "second officer", _OFFICER, f"{_OFFICER}second/", {"act": "no", "words": "Look again."}),
    Act("licensure.determine", "officer", _OFFICER, told={"act": "not met", "reason": "A line is open still.", "lines": None}),
    Act("licensure.countersign", "second officer", _OFFICER, f"{_OFFICER}second/", {"act": "sign"}),
    Act("licensure.apply_for", "educator", "license/apply/<id:license_id>/", told={"words": "Please look."}, keep="application"),
    Act("licensure.withdraw_application", "educator", "application", f"{_APPLICATION}withdraw/"),
    Act("licensure.end_license", "educator", "license/<id:license_id>/end/", told={"ended_on": date(2026, 1, 1).isoformat()}),
)
ACTS = (*RECORDS, *CLAIMS, *PROPOSALS, *DETERMINING)
